"""The desk workflow of an order, derived from the lifecycle table; nothing is written here by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from order_flow.domain.states import (
    DOCSTATUS,
    ROLES_OF_STEP,
    TRANSITIONS,
    DeliveryStatus,
    OrderState,
    OrderStep,
    OrderTransition,
    Role,
)

WORKFLOW_NAME = "Order Lifecycle"
DOCUMENT_TYPE = "Order"
STATE_FIELD = "workflow_state"

STYLE_OF_STATE: dict[OrderState, str] = {
    OrderState.UNCONFIRMED: "Warning",
    OrderState.UNDER_REVIEW: "Warning",
    OrderState.CONFIRMED: "Primary",
    OrderState.PAID: "Primary",
    OrderState.SHIPPED: "Info",
    OrderState.RECEIVED: "Info",
    OrderState.COMPLETED: "Success",
    OrderState.VOIDED: "Danger",
    OrderState.CANCELLED: "Danger",
}

EDITORS_OF_STATE: dict[OrderState, tuple[Role, ...]] = {
    OrderState.UNCONFIRMED: (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER, Role.FIELD_REP)
}
"""Whose form stays open for typing; every other state is closed to typing for all but the integration."""


@dataclass(frozen=True, slots=True)
class StateRow:
    """One row of the Workflow's states."""

    state: str
    doc_status: str
    allow_edit: str


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """One row of the Workflow's transitions."""

    state: str
    action: str
    next_state: str
    allowed: str
    condition: str


def state_rows() -> tuple[StateRow, ...]:
    """One row per state and editor, in the order of the Enum: the first is where every order starts."""
    return tuple(
        StateRow(state.value, str(DOCSTATUS[state]), role.value)
        for state in OrderState
        for role in EDITORS_OF_STATE.get(state, (Role.INTEGRATION,))
    )


def transition_rows() -> tuple[TransitionRow, ...]:
    """One row per transition and role, with the payment family, or goods that came back, as condition."""
    return tuple(
        TransitionRow(
            transition.source.value,
            transition.step.value,
            transition.target.value,
            role.value,
            _condition(transition),
        )
        for transition in TRANSITIONS
        for role in ROLES_OF_STEP[transition.step]
    )


def _condition(transition: OrderTransition) -> str:
    if (transition.step, transition.source) == (OrderStep.CANCEL, OrderState.SHIPPED):
        return f'doc.delivery_status == "{DeliveryStatus.NOT_SHIPPED.value}"'
    return family_condition(transition.branch)


def family_condition(family: StrEnum | None) -> str:
    """The desk's condition for a branch, empty for both."""
    return f'doc.payment_family == "{family.value}"' if family else ""


@dataclass(frozen=True, slots=True)
class WorkflowPlan:
    """One Workflow as the domain's tables want it."""

    name: str
    document_type: str
    state_field: str
    states: tuple[StateRow, ...]
    transitions: tuple[TransitionRow, ...]
    styles: Mapping[str, str]
    """The colour of each state."""
    self_approval: bool = True
    """Whether who made the document may take its steps."""

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions the desk must know."""
        return tuple(dict.fromkeys(row.action for row in self.transitions))


def order_plan() -> WorkflowPlan:
    """The lifecycle of an order."""
    return WorkflowPlan(
        name=WORKFLOW_NAME,
        document_type=DOCUMENT_TYPE,
        state_field=STATE_FIELD,
        states=state_rows(),
        transitions=transition_rows(),
        styles={state.value: style for state, style in STYLE_OF_STATE.items()},
    )
