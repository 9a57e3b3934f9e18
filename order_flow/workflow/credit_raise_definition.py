"""The desk workflow of a credit raise request, derived from its table; nothing is written here by hand."""

from __future__ import annotations

from order_flow.domain.money.credit_raise import CREDIT_RAISE, RaiseState
from order_flow.domain.states import Role
from order_flow.workflow.definition import StateRow, TransitionRow, WorkflowPlan

WORKFLOW_NAME = "Credit Raise"

_STYLES: dict[RaiseState, str] = {
    RaiseState.REQUESTED: "Warning",
    RaiseState.SALES_APPROVED: "Primary",
    RaiseState.DIRECTOR_APPROVED: "Primary",
    RaiseState.GRANTED: "Success",
    RaiseState.REFUSED: "Danger",
}
_EVERYBODY = "All"


def raise_plan() -> WorkflowPlan:
    """The three hands of a request (R-164); nobody approves his own."""
    return WorkflowPlan(
        name=WORKFLOW_NAME,
        document_type="Credit Raise Request",
        state_field="workflow_state",
        states=tuple(StateRow(state.value, "0", _editor(state)) for state in RaiseState),
        transitions=tuple(
            TransitionRow(row.source.value, row.step.value, row.target.value, role.value, "")
            for row in CREDIT_RAISE.rows
            for role in CREDIT_RAISE.takers(row)
        ),
        styles={state.value: style for state, style in _STYLES.items()},
        self_approval=False,
    )


def _editor(state: RaiseState) -> str:
    """A request's form is open for whose turn it is, so that he can say why he refuses."""
    return (
        _EVERYBODY
        if state is RaiseState.REQUESTED
        else (*CREDIT_RAISE.roles_at(state), Role.INTEGRATION)[0].value
    )
