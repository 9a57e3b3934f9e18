"""Credit notes: proposed by one, approved by another, and what they mean for the order's money."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.api.credit_notes import approve, propose, reject
from order_flow.api.orders import confirm, confirm_receipt, record_payment, ship
from order_flow.domain.states import OrderState, PaymentStatus, PaymentTerm, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.refusals import StepRefused
from order_flow.flow.tasks.giving import reason_of
from order_flow.flow.terms.credit import standing_of
from tests.site.money.test_money_at_any_time import open_tasks, order_over, stored
from tests.site.support.builders import WDT_CHANNEL, acting_as, also_in_role, user_of

AFTER_SALES, FINANCE = user_of(Role.AFTER_SALES), user_of(Role.FINANCE)
COD = PaymentTerm.CASH_ON_DELIVERY.value


def delivered(pieces: int = 1, paid: int = 0, **values: Any) -> Any:
    """An order whose goods have arrived, with some money."""
    order = order_over(pieces, **values)
    confirm(order.name)
    if paid:
        record_payment(order.name, paid, "P")
    ship(order.name, "SF", f"W-{order.name}")
    confirm_receipt(order.name)
    return stored(order)


def proposed(order: Any, amount: int | None = None, **values: Any) -> str:
    """A credit note that after-sales proposes."""
    usual = {"reason": "Damage", "remark": "the box was wet", "amount": amount}
    with acting_as(AFTER_SALES):
        return str(propose(order.name, **{**usual, **values})["credit_note"])


def credited(order: Any, amount: int | None = None, **values: Any) -> str:
    """A credit note that finance has approved."""
    note = proposed(order, amount, **values)
    with acting_as(FINANCE):
        approve(note)
    return note


def test_cash_that_is_missing_at_the_door_completes_with_a_credit_note(site: Any) -> None:
    """70 of 100 for a damaged parcel: the note of 30 settles the rest, in either sequence."""
    first_money = delivered(payment_term=COD)
    record_payment(first_money.name, 70, "COD")
    assert stored(first_money).workflow_state == OrderState.RECEIVED
    credited(first_money, 30)
    first_note = delivered(payment_term=COD)
    credited(first_note, 30)
    record_payment(first_note.name, 70, "COD")
    for order in (stored(first_money), stored(first_note)):
        assert (order.workflow_state, order.payment_status) == (OrderState.COMPLETED, PaymentStatus.PAID)
        assert (order.open_amount, order.payment_due_date, order.settlement_status) == (0, None, "Settled")
        assert order.credited_amount == 30


def test_a_refund_on_a_completed_order_makes_no_debtor(site: Any) -> None:
    """The note comes first; what was paid too much by it is finance's task until it is paid back."""
    customer = frappe.get_doc({"doctype": "Customer", "customer_name": "No Debtor"}).insert().name
    order = delivered(paid=100, customer=customer)
    assert order.workflow_state == OrderState.COMPLETED
    with pytest.raises(StepRefused, match="credit note approved first"):
        record_payment(order.name, 30, "BACK", kind="Refund")
    credited(order, 30)
    (task,) = open_tasks(order)
    assert "30.00 CNY" in task
    record_payment(order.name, 30, "BACK", kind="Refund")
    after = stored(order)
    assert (after.payment_status, after.open_amount, after.payment_due_date) == (PaymentStatus.PAID, 0, None)
    assert open_tasks(order) == []
    assert standing_of(order.customer).exposure == 0


def test_lines_say_what_their_pieces_are_worth(site: Any) -> None:
    """Two of three pieces came broken; a part of a piece's price can be agreed."""
    order = delivered(3, payment_term=COD)
    line = order.items[0].name
    note = proposed(order, items=[{"order_item": line, "quantity": 2}])
    assert frappe.db.get_value("Credit Note", note, "amount") == 200
    half = proposed(order, items=[{"order_item": line, "quantity": 1, "amount": 50}], reason="Goodwill")
    assert frappe.db.get_value("Credit Note", half, "amount") == 50


@pytest.mark.parametrize(
    "values, words",
    [
        ({"amount": 301}, "more than the 300"),
        ({"amount": 0}, "above zero"),
        ({"amount": -5}, "above zero"),
        ({"amount": 0.001}, "at most"),
        ({"amount": 10, "reason": "Whim"}, "not known"),
        ({"amount": 10, "remark": " "}, "what happened"),
        ({"items": [{"order_item": "nothing", "quantity": 1}]}, "not of this order"),
        ({"items": [{"order_item": "", "quantity": 4}]}, "3 have left"),
        ({"items": [{"order_item": "", "quantity": 1, "amount": 101}]}, "more than its"),
        ({"items": [{"order_item": "", "quantity": 1}], "amount": 99}, "add up to"),
    ],
)
def test_what_does_not_fit_is_refused(site: Any, values: dict[str, Any], words: str) -> None:
    """Nothing is stored then."""
    order = delivered(3, payment_term=COD)
    for row in values.get("items", ()):
        row["order_item"] = row["order_item"] or order.items[0].name
    before = frappe.db.count("Credit Note")
    frappe.db.savepoint("refused")
    with pytest.raises(frappe.ValidationError, match=words):
        proposed(order, **values)
    frappe.db.rollback(save_point="refused")
    assert frappe.db.count("Credit Note") == before


def test_goods_that_have_not_left_are_not_credited(site: Any) -> None:
    """A change notice takes them off."""
    order = order_over(1, payment_term=COD)
    confirm(order.name)
    with pytest.raises(StepRefused, match="change notice"):
        proposed(order, 10)


def test_two_notes_never_credit_more_than_is_kept(site: Any) -> None:
    """Each fits when it is proposed; the second does not when it is approved."""
    order = delivered(payment_term=COD)
    first, second = proposed(order, 60), proposed(order, 60)
    with acting_as(FINANCE):
        approve(first)
        with pytest.raises(StepRefused, match=r"more than the 40\.00"):
            approve(second)
        reject(second, "the first one is enough")
        assert approve(first)["note_state"] == "Approved"
        with pytest.raises(StepRefused, match="already"):
            approve(second)
    assert stored(order).credited_amount == 60


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.SALES_MANAGER, Role.AFTER_SALES)]
)
def test_who_may_not_propose(site: Any, role: Role) -> None:
    """Those who speak with customers propose."""
    order = delivered(payment_term=COD)
    with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
        propose(order.name, "Damage", "wet", 10)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE])
def test_who_may_not_decide(site: Any, role: Role) -> None:
    """Finance decides about money."""
    note = proposed(delivered(payment_term=COD), 10)
    for decide in (approve, reject):
        with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
            decide(note, "because")


def test_nobody_decides_about_an_own_proposal(site: Any) -> None:
    """Four eyes, whatever roles one person has."""
    order = delivered(payment_term=COD)
    with also_in_role(FINANCE, Role.AFTER_SALES), acting_as(FINANCE):
        note = propose(order.name, "Damage", "wet", 10)["credit_note"]
        with pytest.raises(StepRefused, match="somebody else"):
            approve(note)


@pytest.mark.parametrize(
    "values", [{"amount": 99}, {"note_state": "Approved"}, {"decided_by": FINANCE}, {"remark": "other words"}]
)
def test_a_note_stays_as_it_was_proposed(site: Any, values: dict[str, Any]) -> None:
    """The way around the methods is closed, also for an administrator."""
    note = frappe.get_doc("Credit Note", proposed(delivered(payment_term=COD), 10))
    note.update(values)
    with pytest.raises(StepRefused, match="stays as it was proposed"):
        note.save()
    with pytest.raises(StepRefused, match="kept"):
        frappe.delete_doc("Credit Note", note.name)


def test_a_new_note_is_always_a_proposal(site: Any) -> None:
    """What a client sends along is not what was decided."""
    order = delivered(payment_term=COD)
    values = {"order_id": order.name, "reason": "Damage", "remark": "wet", "amount": 10}
    with acting_as(AFTER_SALES):
        note = frappe.get_doc(
            {"doctype": "Credit Note", **values, "note_state": "Approved", "decided_by": FINANCE}
        ).insert()
    assert (note.note_state, note.decided_by, note.proposed_by) == ("Proposed", None, AFTER_SALES)
    assert stored(order).credited_amount == 0


def test_finance_hears_of_a_proposal_and_of_the_red_document(site: Any) -> None:
    """The task ends with the decision; where there is a ledger the red document is booked by hand."""
    order = delivered(channel=WDT_CHANNEL, payment_term=COD)
    note = proposed(order, 10)
    (waiting,) = frappe.get_all("ToDo", {"reference_name": note, "status": "Open"}, ["role", "name"])
    assert (waiting.role, reason_of(waiting.name)) == (Role.FINANCE, TaskReason.CREDIT_NOTE_PROPOSED)
    with acting_as(FINANCE):
        approve(note)
    (booking,) = frappe.get_all("ToDo", {"reference_name": note, "status": "Open"}, pluck="name")
    assert reason_of(booking) == TaskReason.RED_DOCUMENT


def test_the_order_tells_of_a_decision_in_the_sites_language(chinese: None) -> None:
    """A Chinese site keeps no English words of ours in an order's trail (C6)."""
    order = delivered(payment_term=COD)
    note = credited(order, 30)
    told = frappe.get_all("Order Event", {"order_id": order.name, "step": "Credit Note"}, pluck="remark")
    assert told == [f"{note} · 已批准 · 30.00 CNY · 货物损坏"]
