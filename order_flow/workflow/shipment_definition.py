"""The desk workflow of a shipment, derived from its table; nothing is written here by hand (R-277)."""

from __future__ import annotations

from order_flow.domain.goods.shipments import (
    ROLES_OF_SHIPMENT_STEP,
    STEPS_BY_HAND,
    WAREHOUSE_STAGES,
    ShipmentState,
)
from order_flow.domain.states import Role
from order_flow.workflow.definition import StateRow, TransitionRow, WorkflowPlan

WORKFLOW_NAME = "Shipment Stages"

LED_HERE = 'doc.led_by == "Site"'
"""Goods that WDT's warehouse leads follow its stages; nobody leads them here besides."""

_STYLES: dict[ShipmentState, str] = {
    ShipmentState.WAITING_FOR_PRINT: "Warning",
    ShipmentState.PICKING: "Warning",
    ShipmentState.SCANNING: "Primary",
    ShipmentState.WEIGHING: "Primary",
    ShipmentState.SHIPPED: "Info",
    ShipmentState.IN_TRANSIT: "Info",
    ShipmentState.DELIVERED: "Success",
    ShipmentState.EXCEPTION: "Danger",
    ShipmentState.VOIDED: "Inverse",
}
_IN_THE_HOUSE = (Role.WAREHOUSE, Role.LOGISTICS, Role.ORDER_DESK)
_ON_ITS_WAY = (Role.LOGISTICS, Role.ORDER_DESK)


def shipment_plan() -> WorkflowPlan:
    """The life of a shipment that people lead. Finished ones are open to nobody but the integration."""
    return WorkflowPlan(
        name=WORKFLOW_NAME,
        document_type="Shipment",
        state_field="shipment_state",
        states=tuple(
            StateRow(state.value, "0", role.value) for state in ShipmentState for role in _editors(state)
        ),
        transitions=tuple(
            TransitionRow(
                transition.source.value,
                transition.step.value,
                transition.target.value,
                role.value,
                LED_HERE if transition.source in WAREHOUSE_STAGES else "",
            )
            for transition in STEPS_BY_HAND
            for role in ROLES_OF_SHIPMENT_STEP[transition.step]
        ),
        styles={state.value: style for state, style in _STYLES.items()},
    )


def _editors(state: ShipmentState) -> tuple[Role, ...]:
    if state in WAREHOUSE_STAGES:
        return _IN_THE_HOUSE
    if state in (ShipmentState.DELIVERED, ShipmentState.VOIDED):
        return (Role.INTEGRATION,)
    return _ON_ITS_WAY
