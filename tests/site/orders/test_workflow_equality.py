"""The desk's Workflow in the database and the lifecycle table say the same, in both directions (issue 2)."""

from __future__ import annotations

from typing import Any

from order_flow.domain.states import (
    DOCSTATUS,
    ROLES_OF_STEP,
    TRANSITIONS,
    DeliveryStatus,
    OrderState,
    OrderStep,
    PaymentFamily,
)
from order_flow.workflow.definition import WORKFLOW_NAME
from order_flow.workflow.installer import install_workflows

FAMILIES = tuple(PaymentFamily)

Moves = set[tuple[str, str, str, str, str]]
"""Family, state, action, next state, role."""


def desk_moves(site: Any, workflow: Any) -> Moves:
    """What the Workflow offers an order of each family whose goods are here; conditions as the desk reads."""
    moves = set()
    for row in workflow.transitions:
        for family in FAMILIES:
            order = {"payment_family": family.value, "delivery_status": DeliveryStatus.NOT_SHIPPED.value}
            if not row.condition or site.safe_eval(row.condition, None, {"doc": site._dict(order)}):
                moves.add((family.value, row.state, row.action, row.next_state, row.allowed))
    return moves


def table_moves() -> Moves:
    """What the domain's table offers."""
    return {
        (family.value, move.source.value, move.step.value, move.target.value, role.value)
        for move in TRANSITIONS
        for role in ROLES_OF_STEP[move.step]
        for family in FAMILIES
        if move.branch in (None, family)
    }


def test_states_and_document_status_are_equal(site: Any) -> None:
    """Every state of the Enum is in the Workflow with its document status, and no other (K-01)."""
    workflow = site.get_doc("Workflow", WORKFLOW_NAME)
    assert {(row.state, int(row.doc_status)) for row in workflow.states} == {
        (state.value, DOCSTATUS[state]) for state in OrderState
    }
    assert workflow.states[0].state == OrderState.UNCONFIRMED
    assert (workflow.document_type, workflow.workflow_state_field, workflow.is_active) == (
        "Order",
        "workflow_state",
        1,
    )


def test_transitions_roles_and_conditions_are_equal(site: Any) -> None:
    """What the desk offers, by family and role, is what the table has, neither more nor less (R-026)."""
    workflow = site.get_doc("Workflow", WORKFLOW_NAME)
    assert desk_moves(site, workflow) == table_moves()
    assert len(workflow.transitions) == sum(len(ROLES_OF_STEP[move.step]) for move in TRANSITIONS)


def test_the_select_field_and_the_masters_are_equal(site: Any) -> None:
    """The field's options, the states and the actions the desk knows are the Enums' (K-01)."""
    options = site.get_meta("Order").get_field("workflow_state").options.split("\n")
    assert options == [state.value for state in OrderState]
    for state in OrderState:
        assert site.db.exists("Workflow State", state.value)
    for step in OrderStep:
        assert site.db.exists("Workflow Action Master", step.value)


def test_a_changed_workflow_is_corrected_and_a_right_one_left_alone(site: Any) -> None:
    """Installing again writes only where the desk's workflow has drifted from the table."""
    before = site.db.get_value("Workflow", WORKFLOW_NAME, "modified")
    install_workflows()
    assert site.db.get_value("Workflow", WORKFLOW_NAME, "modified") == before

    workflow = site.get_doc("Workflow", WORKFLOW_NAME)
    workflow.transitions[0].condition = "1 == 0"
    workflow.remove(workflow.transitions[-1])
    workflow.save()
    assert desk_moves(site, site.get_doc("Workflow", WORKFLOW_NAME)) != table_moves()
    install_workflows()
    assert desk_moves(site, site.get_doc("Workflow", WORKFLOW_NAME)) == table_moves()
