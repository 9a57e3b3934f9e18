"""All states x all steps x both families, for every way in; nothing but the table happens (R-026)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest
from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs
from frappe.desk.form import save as desk_form

from order_flow.domain.states import (
    CALLED_OFF_STATES,
    DOCSTATUS,
    ORDER,
    DeliveryStatus,
    OrderState,
    OrderStep,
    PaymentFamily,
)
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from tests.site.support import ways_in
from tests.site.support.builders import PRODUCTS, new_order, order_in, order_values
from tests.site.support.committed_orders import remove_orders, stored_rows
from tests.site.support.ways_in import (
    COLLECTING_WAYS,
    STATE_ONLY_WAYS,
    STATE_WAYS,
    STEP_WAYS,
    StateWay,
    StepWay,
    importer_of,
    run_job,
)

REFUSALS = (frappe.ValidationError, frappe.PermissionError, frappe.LinkValidationError)
_OTHER_BRANCH = {
    (OrderState.RECEIVED, PaymentFamily.PAY_FIRST),
    (OrderState.PAID, PaymentFamily.PAY_LATER),
}
"""States that no step of the family leads to; such an order is made by hand for the matrix."""

Orders = dict[tuple[OrderState, PaymentFamily], str]


@pytest.fixture(scope="module")
def orders(test_site: str) -> Iterator[Orders]:
    """One committed order in every state of every family, whose gates are clear."""
    frappe.set_user("Administrator")
    names: Orders = {}
    try:
        for family in PaymentFamily:
            for state in OrderState:
                names[state, family] = order_with_clear_gates(state, family)
        frappe.db.commit()
        yield names
    finally:
        remove_orders(names.values())


def order_with_clear_gates(state: OrderState, family: PaymentFamily) -> str:
    """The money is there and the goods have left, so that the table alone decides."""
    reached = OrderState.CONFIRMED if (state, family) in _OTHER_BRANCH else state
    order = order_in(reached, family, items=[{"product": PRODUCTS[0], "quantity": 3, "unit_price": 10}])
    facts = {"paid_amount": order.total, "delivery_status": DeliveryStatus.SHIPPED.value}
    frappe.db.set_value("Order", order.name, facts | {"workflow_state": state.value})
    waiting = {"reference_name": order.name, "status": "Open"}
    moved = {"name": f"{order.name} {state.value}", "workflow_state": state.value}
    frappe.db.set_value("Workflow Action", waiting, moved)
    return str(order.name)


@pytest.fixture
def uncommitted(site: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ways that commit or roll back by themselves leave both to the test, which wants to see every trace."""
    monkeypatch.setattr(frappe.db, "commit", lambda: None)
    with monkeypatch.context() as patch:
        patch.setattr(frappe.db, "rollback", lambda **_kwargs: None)
        yield site


def _refused(way: Any, order: str, wanted: OrderState | OrderStep) -> None:
    if way in COLLECTING_WAYS:
        way(order, wanted)
        return
    with pytest.raises(REFUSALS):
        way(order, wanted)


def _names(values: Any) -> str:
    return getattr(values, "__name__", None) or str(values)


def _assert_step_taken(order: str, before: dict[str, Any], source: OrderState, target: OrderState) -> None:
    """The wanted step, and after it only those that the facts of this paid and shipped order decide."""
    known = [row[0] for row in before["Order Event"]] or [""]
    first, *others = frappe.get_all(
        "Order Event",
        filters={"order_id": order, "name": ("not in", known)},
        fields=["step", "state_before", "state_after", "actor"],
        order_by="creation",
    )
    assert (first.state_before, first.state_after, first.actor) == (source, target, "Administrator")
    assert {event.step for event in others} <= {OrderStep.CONFIRM_PAYMENT, OrderStep.SHIP}
    reached = OrderState((others or [first])[-1].state_after)
    stored = frappe.db.get_value("Order", order, ["workflow_state", "docstatus"])
    assert stored == (reached.value, DOCSTATUS[reached])


@pytest.mark.parametrize("family", list(PaymentFamily), ids=str)
@pytest.mark.parametrize("source", list(OrderState), ids=str)
@pytest.mark.parametrize("way", (*STATE_WAYS, *STEP_WAYS), ids=_names)
def test_every_step_from_every_state(
    uncommitted: Any, orders: Orders, way: StateWay | StepWay, source: OrderState, family: PaymentFamily
) -> None:
    """Exactly the table's steps happen; all others are refused and leave no trace (R-026)."""
    order = orders[source, family]
    before = stored_rows(order)
    legal = _legal_states(way, source, family) if way in STATE_WAYS else _legal_steps(source, family)
    everything = OrderState if way in STATE_WAYS else OrderStep
    for wanted in everything:
        if wanted not in legal and wanted is not source:
            _refused(way, order, wanted)
    assert stored_rows(order) == before
    for wanted, target in legal.items():
        frappe.db.savepoint("attempt")
        if target in CALLED_OFF_STATES:
            # The one step that nothing may have left for.
            frappe.db.set_value("Order", order, "delivery_status", DeliveryStatus.NOT_SHIPPED.value)
            before = stored_rows(order)
        way(order, wanted)  # type: ignore[arg-type]
        _assert_step_taken(order, before, source, target)
        uncommitted.db.sql("rollback to savepoint attempt")


def _legal_states(way: Any, source: OrderState, family: PaymentFamily) -> dict[Any, OrderState]:
    return {
        target: target
        for target in OrderState
        if ORDER.between(source, target, family)
        and not (way in STATE_ONLY_WAYS and DOCSTATUS[source] != DOCSTATUS[target])
    }


def _legal_steps(source: OrderState, family: PaymentFamily) -> dict[Any, OrderState]:
    found = {step: ORDER.by_step(step, source, family) for step in OrderStep}
    return {step: transition.target for step, transition in found.items() if transition}


def _submit(order: str) -> object:
    return frappe.get_doc("Order", order).submit()


def _cancel(order: str) -> object:
    return frappe.get_doc("Order", order).cancel()


DIRECT_WAYS: dict[str, Callable[[str], object]] = {
    "doc.submit": _submit,
    "doc.cancel": _cancel,
    "client.submit": lambda order: frappe.call(
        "frappe.client.submit", frappe.get_doc("Order", order).as_json()
    ),
    "client.cancel": lambda order: frappe.call("frappe.client.cancel", "Order", order),
    "form.cancel": lambda order: desk_form.cancel("Order", order),
    "doc.delete": lambda order: frappe.get_doc("Order", order).delete(),
    "client.delete": lambda order: frappe.call("frappe.client.delete", "Order", order),
    "client.rename": lambda order: frappe.call("frappe.client.rename_doc", "Order", order, "SO-OTHER"),
    "import.submit": lambda order: run_job(_submit, order=order),
}
"""Framework verbs that know nothing of steps: none of them may move or remove an order."""
SUBMITTING_WAYS = frozenset(way for name, way in DIRECT_WAYS.items() if name.endswith("submit"))


@pytest.mark.parametrize("family", list(PaymentFamily), ids=str)
@pytest.mark.parametrize("source", list(OrderState), ids=str)
@pytest.mark.parametrize("way", DIRECT_WAYS.values(), ids=list(DIRECT_WAYS))
def test_framework_verbs_move_nothing(
    uncommitted: Any, orders: Orders, way: Callable[[str], object], source: OrderState, family: PaymentFamily
) -> None:
    """Submitting, cancelling, deleting and renaming past the steps is refused (R-026, R-149)."""
    order = orders[source, family]
    # Every save lets a paid and shipped order follow its facts; a held one stays where it is.
    frappe.db.set_value("Order", order, "on_hold", 1)
    before = stored_rows(order)
    if way in SUBMITTING_WAYS and DOCSTATUS[source] == 1:
        # Submitting what is submitted is the framework's plain save: only the time of saving moves.
        state = frappe.db.get_value("Order", order, ["workflow_state", "docstatus"])
        way(order)
        assert frappe.db.get_value("Order", order, ["workflow_state", "docstatus"]) == state
        after = stored_rows(order)
        assert all(after[doctype] == before[doctype] for doctype in after.keys() - {"Order", "Order Item"})
        return
    with pytest.raises(REFUSALS):
        way(order)
    assert stored_rows(order) == before


@pytest.mark.parametrize("action", ["submit", "cancel"])
def test_bulk_submit_and_cancel_fail(uncommitted: Any, orders: Orders, action: str) -> None:
    """The list's bulk submit and cancel report every order as failed (R-026)."""
    before = {order: stored_rows(order) for order in orders.values()}
    failed = submit_cancel_or_update_docs("Order", json.dumps(list(orders.values())), action)
    assert sorted(failed) == sorted(orders.values())
    assert {order: stored_rows(order) for order in orders.values()} == before


@pytest.mark.parametrize("docstatus", [0, 1, 2])
@pytest.mark.parametrize("state", list(OrderState), ids=str)
def test_no_order_starts_in_a_later_state(site: Any, state: OrderState, docstatus: int) -> None:
    """Insert, also by import, starts unconfirmed and as a draft (R-016)."""
    if (state, docstatus) == (OrderState.UNCONFIRMED, 0):
        assert new_order(workflow_state=state.value).workflow_state == state
        return
    count = frappe.db.count("Order")
    with pytest.raises(REFUSALS):
        new_order(workflow_state=state.value, docstatus=docstatus)
    assert frappe.db.count("Order") == count


def test_import_cannot_submit(site: Any) -> None:
    """Data Import with 'submit after import' is refused at the submission (R-026)."""
    importer = importer_of("Order", submit_after_import=1)
    with pytest.raises(StepRefused):
        importer.insert_record(frappe._dict(order_values()))


def test_refusal_names_the_states_that_allow_the_step(site: Any, orders: Orders) -> None:
    """R-026: the refusal says which states allow the action."""
    with pytest.raises(StepRefused) as refusal:
        take_step(
            frappe.get_doc("Order", orders[OrderState.UNCONFIRMED, PaymentFamily.PAY_LATER]),
            OrderStep.CONFIRM_PAYMENT,
        )
    assert "Shipped, Received" in str(refusal.value)
    with pytest.raises(StepRefused) as refusal:
        ways_in.save(orders[OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST], OrderState.SHIPPED)
    assert "Send to Review, Confirm, Cancel" in str(refusal.value)


@pytest.mark.parametrize(
    "source, family, step",
    [
        (OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, OrderStep.CONFIRM_PAYMENT),
        (OrderState.PAID, PaymentFamily.PAY_FIRST, OrderStep.SHIP),
        (OrderState.CONFIRMED, PaymentFamily.PAY_LATER, OrderStep.SHIP),
        (OrderState.SHIPPED, PaymentFamily.PAY_LATER, OrderStep.CONFIRM_PAYMENT),
        (OrderState.RECEIVED, PaymentFamily.PAY_LATER, OrderStep.CONFIRM_PAYMENT),
    ],
)
def test_steps_wait_for_their_facts(
    uncommitted: Any, source: OrderState, family: PaymentFamily, step: OrderStep
) -> None:
    """Nobody can claim money or goods: without the facts the step is refused, whatever the way in (K-03)."""
    order = order_in(source, family).name
    before = stored_rows(order)
    transition = ORDER.by_step(step, source, family)
    assert transition
    for state_way in STATE_WAYS:
        _refused(state_way, order, transition.target)
    for step_way in STEP_WAYS:
        _refused(step_way, order, step)
    assert stored_rows(order) == before
