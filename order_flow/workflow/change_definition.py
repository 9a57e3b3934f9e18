"""The desk workflow of a change notice, derived from its table; nothing is written here by hand."""

from __future__ import annotations

from order_flow.domain.changes.model import (
    CHANGE_TRANSITIONS,
    ROLES_OF_CHANGE_STEP,
    ChangeState,
    ChangeStep,
)
from order_flow.domain.states import Role
from order_flow.workflow.definition import StateRow, TransitionRow, WorkflowPlan

WORKFLOW_NAME = "Change Notice"

_STYLES: dict[ChangeState, str] = {
    ChangeState.DRAFT: "Warning",
    ChangeState.UNDER_REVIEW: "Warning",
    ChangeState.APPROVED: "Primary",
    ChangeState.APPLIED: "Success",
    ChangeState.REJECTED: "Danger",
    ChangeState.WITHDRAWN: "Inverse",
}


def change_plan() -> WorkflowPlan:
    """The life of a change notice. A draft is open to those who may send it, every later state to nobody."""
    return WorkflowPlan(
        name=WORKFLOW_NAME,
        document_type="Change Notice",
        state_field="change_state",
        states=tuple(
            StateRow(state.value, "0", role.value) for state in ChangeState for role in _editors(state)
        ),
        transitions=tuple(
            TransitionRow(
                transition.source.value, transition.step.value, transition.target.value, role.value, ""
            )
            for transition in CHANGE_TRANSITIONS
            for role in ROLES_OF_CHANGE_STEP[transition.step]
        ),
        styles={state.value: style for state, style in _STYLES.items()},
    )


def _editors(state: ChangeState) -> tuple[Role, ...]:
    return ROLES_OF_CHANGE_STEP[ChangeStep.SEND] if state is ChangeState.DRAFT else (Role.INTEGRATION,)
