"""Reconciliation by reading all three sides over HTTP: what agrees, what was tampered with, what mends it.

Sources: design 5, requirements 2.1-B, R-025, R-034, R-351.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, confirm_receipt, request_cancellation
from order_flow.domain.states import Leads, OrderState, PaymentFamily, Role
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.integrations.u8.keys import document_key
from order_flow.integrations.u8.port import U8DocumentKind
from order_flow.outbox.accounts import discrepancies
from order_flow.outbox.clock import to_column
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind as Kind
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.comparison import Verdict
from tests.contract.u8.u8_fixtures import SALE_ORDER, accepted, changed, with_line
from tests.site.support.builders import (
    PRODUCTS,
    TERM_OF_FAMILY,
    U8_ACCOUNT,
    WDT_ACCOUNT,
    WDT_CHANNEL,
    acting_as,
    pay_in_full,
    user_of,
)
from tests.site.support.sync_lab import Lab


@pytest.fixture
def site_leads_cancellation(lab: Lab) -> Iterator[None]:
    """WDT may not cancel first in the channel of the tests."""
    _set_channel(leads_cancel=Leads.SITE.value)
    yield
    _set_channel(leads_cancel=Leads.EITHER.value)


def _set_channel(**values: str) -> None:
    frappe.db.rollback()
    channel = frappe.get_doc("Sales Channel", WDT_CHANNEL)
    channel.update(values)
    channel.save()
    frappe.db.commit()


def act(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Call something that changes documents and commit, as a request does."""
    result = function(*args, **kwargs)
    frappe.db.commit()
    return result


def read_back(lab: Lab) -> None:
    """Read WDT; its turned clock is ahead of ours, so the position is moved to its time."""
    lab.read_wdt()
    moment = to_column(lab.now() + timedelta(minutes=1))
    frappe.db.sql("update `tabSync Position` set position = %s where account = %s", (moment, WDT_ACCOUNT))
    frappe.db.commit()


def completed(lab: Lab, **overrides: Any) -> Any:
    """An order that went through all three systems."""
    order = lab.order(**overrides)
    act(confirm, order.name)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    read_back(lab)
    act(confirm_receipt, order.name)
    lab.tell_wdt()
    lab.post_u8()
    read_back(lab)
    return order


def compared(order: Any) -> dict[str, Any]:
    """The summary of one order now."""
    frappe.db.rollback()
    return reconcile([order.name])[0]


def kinds(summary: dict[str, Any]) -> set[str]:
    """Kinds of the differences."""
    return {one["kind"] for one in summary["differences"]}


def open_discrepancy(order: Any, kind: Kind) -> int:
    """The one open discrepancy of an order and kind."""
    frappe.db.rollback()
    found = frappe.get_all(
        "Sync Discrepancy", {"document": order.name, "kind": kind.value, "state": "Open"}, pluck="name"
    )
    assert len(found) == 1, found
    return int(found[0])


def repair(order: Any, kind: Kind, name: str) -> str:
    """An operator presses a repair button."""
    number = open_discrepancy(order, kind)
    with acting_as(user_of(Role.INTEGRATION)):
        return str(act(discrepancies.repair, number, name))


def test_completed_orders_agree(lab: Lab) -> None:
    """Site, WDT and U8 agree in state, lines, amounts, shipments and one document (R-025, R-034)."""
    plain = completed(lab)
    charged = completed(lab, freight=12.5, discount=7.77)
    for order in (plain, charged):
        summary = compared(order)
        assert (summary["verdict"], summary["differences"]) == (Verdict.AGREED, [])
        assert lab.discrepancies(order) == []


def test_every_stage_on_the_way_agrees(lab: Lab) -> None:
    """Nothing on the ordinary way, cash on delivery included, looks like a difference."""
    order = lab.order(payment_term=TERM_OF_FAMILY[PaymentFamily.PAY_LATER].value)
    assert compared(order)["verdict"] == Verdict.PENDING
    lab.tell_wdt()
    lab.wdt.settle()
    read_back(lab)
    assert compared(order)["verdict"] == Verdict.AGREED
    act(confirm, order.name)
    lab.tell_wdt()
    read_back(lab)
    assert compared(order)["verdict"] == Verdict.AGREED
    lab.ship_in_wdt(order.name)
    read_back(lab)
    assert compared(order)["verdict"] == Verdict.AGREED
    act(confirm_receipt, order.name)
    act(pay_in_full, order)
    assert compared(order)["verdict"] == Verdict.PENDING
    lab.tell_wdt()
    lab.post_u8()
    read_back(lab)
    assert compared(order)["differences"] == []


def test_cancelled_orders_agree(lab: Lab) -> None:
    """Cancelled before WDT's review on both sides, and nothing in the ledger (R-023)."""
    order = lab.order()
    lab.tell_wdt()
    lab.wdt.settle()
    act(request_cancellation, order.name, CancelReason.CHANGE_OF_MIND.value)
    lab.tell_wdt()
    read_back(lab)
    assert lab.reload(order).workflow_state == OrderState.VOIDED
    assert compared(order)["differences"] == []


def test_second_document_in_the_ledger_is_found(lab: Lab) -> None:
    """The same money booked twice shows although our own records say Posted once (R-025)."""
    order = completed(lab)
    key = document_key(U8DocumentKind.SALE_ORDER, order.name)
    twin = with_line(changed(SALE_ORDER, custcode=order.customer, define1=key), inventorycode=PRODUCTS[0])
    accepted(lab.u8.add("saleorder", twin))
    summary = compared(order)
    assert (summary["verdict"], kinds(summary)) == (Verdict.DIFFERS, {Kind.DUPLICATE_IN_U8})
    compared(order)
    number = open_discrepancy(order, Kind.DUPLICATE_IN_U8)
    assert frappe.db.get_value("Sync Discrepancy", number, "times_seen") == 2


def test_shipment_recalled_in_wdt_is_found_and_closed_when_it_ships_again(lab: Lab) -> None:
    """The comparison sees by itself what no read has told yet; once the goods leave again, the rows close."""
    order = lab.order()
    act(confirm, order.name)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    read_back(lab)
    lab.warehouse(order.name, "recall")
    assert kinds(compared(order)) == {Kind.STATE_DIFFERS, Kind.SHIPMENT_DIFFERS}
    assert set(lab.discrepancies(order)) == {Kind.STATE_DIFFERS, Kind.SHIPMENT_DIFFERS}
    lab.warehouse(order.name, "ship", logistics_code="SF", logistics_no=f"SF-{order.name}")
    read_back(lab)
    assert compared(order)["differences"] == []
    assert lab.discrepancies(order) == []


def test_lost_ledger_document_is_posted_again(lab: Lab) -> None:
    """The ledger lost its documents: the repair posts the missing one anew, under the same key."""
    order = completed(lab)
    lab.u8.admin("POST", "reset")
    articles = [{"code": code, "name": code, "sort_code": "01"} for code in PRODUCTS]
    lab.u8.admin("POST", "u8/archives", {"resource": "inventory", "records": articles})
    assert kinds(compared(order)) == {Kind.MISSING_IN_U8}
    assert order.name in repair(order, Kind.MISSING_IN_U8, "post_again")
    assert compared(order)["verdict"] == Verdict.PENDING
    assert lab.discrepancies(order) == [Kind.MISSING_IN_U8]
    lab.post_u8()
    assert compared(order)["verdict"] == Verdict.AGREED
    assert lab.discrepancies(order) == []


def test_order_that_wdt_lost_is_pushed_again(lab: Lab) -> None:
    """No trade after the setting's time: missing; pushed again it comes back and the row closes."""
    order = lab.order()
    act(confirm, order.name)
    lab.tell_wdt()
    lab.wdt.admin("POST", "reset")
    lab.wdt.admin("POST", "wdt/specs", {"specs": [{"spec_no": code} for code in PRODUCTS]})
    frappe.db.set_value("Order", order.name, "creation", "2025-01-01 00:00:00", update_modified=False)
    frappe.db.commit()
    assert kinds(compared(order)) == {Kind.MISSING_IN_WDT}
    repair(order, Kind.MISSING_IN_WDT, "push_again")
    assert compared(order)["verdict"] == Verdict.PENDING
    lab.tell_wdt()
    lab.wdt.settle()
    read_back(lab)
    assert compared(order)["verdict"] == Verdict.AGREED
    assert lab.discrepancies(order) == []


def test_order_that_was_only_not_read_is_read_again(lab: Lab) -> None:
    """WDT shipped; the readers missed it; the repair reads the one order and follows."""
    order = lab.order()
    act(confirm, order.name)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.wdt.settle()
    read_back(lab)
    lab.ship_in_wdt(order.name)
    moment = to_column(lab.now() + timedelta(minutes=1))
    frappe.db.sql("update `tabSync Position` set position = %s where account = %s", (moment, WDT_ACCOUNT))
    frappe.db.commit()
    assert Kind.STATE_DIFFERS in kinds(compared(order))
    assert Verdict.AGREED in repair(order, Kind.STATE_DIFFERS, "read_again")
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    assert lab.discrepancies(order) == []


def test_cancellation_of_theirs_is_accepted_by_a_person(lab: Lab, site_leads_cancellation: None) -> None:
    """The channel does not let WDT cancel first; a person accepts it after all (K-02, R-351)."""
    order = lab.order()
    act(confirm, order.name)
    lab.tell_wdt()
    lab.wdt.settle()
    lab.wdt.verb("cancel", tid=order.name)
    read_back(lab)
    assert lab.reload(order).workflow_state == OrderState.CONFIRMED
    assert kinds(compared(order)) == {Kind.STATE_DIFFERS}
    repair(order, Kind.STATE_DIFFERS, "accept_wdt")
    lab.tell_wdt()
    assert lab.reload(order).workflow_state == OrderState.CANCELLED
    assert compared(order)["verdict"] == Verdict.AGREED
    assert lab.discrepancies(order) == []


def test_who_may_repair(lab: Lab) -> None:
    """Only operators; accepting a step needs the step's own role as well (R-388)."""
    order = completed(lab)
    lab.u8.admin("POST", "reset")
    compared(order)
    number = open_discrepancy(order, Kind.MISSING_IN_U8)
    for role in (Role.AUDITOR, Role.FINANCE, Role.SALES):
        with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
            discrepancies.repair(number, "make_task")
    task = repair(order, Kind.MISSING_IN_U8, "make_task")
    assert repair(order, Kind.MISSING_IN_U8, "make_task") != task
    tasks = frappe.get_all(
        "ToDo", {"reference_type": "Sync Discrepancy", "reference_name": str(number)}, ["role", "status"]
    )
    assert [(one.role, one.status) for one in tasks] == [(Role.FINANCE.value, "Open")]
    with pytest.raises(frappe.ValidationError):
        discrepancies.repair(number, "push_again")
    discrepancies.resolve(number, "posted by hand")
    about = {"reference_type": "Sync Discrepancy", "reference_name": str(number)}
    assert frappe.get_all("ToDo", about, pluck="status") == ["Closed"]


def test_side_that_cannot_be_read(lab: Lab) -> None:
    """An unread side says nothing: the verdict names it, and no discrepancy closes because of it."""
    order = completed(lab)
    lab.u8.admin("POST", "reset")
    compared(order)
    frappe.db.set_value("U8 Account", U8_ACCOUNT, {"paused": 1, "pause_reason": "The secret is wrong."})
    frappe.db.commit()
    summary = compared(order)
    assert summary["verdict"] == Verdict.UNREAD
    assert "The secret is wrong." in summary["unread"][AccountType.U8]
    assert lab.discrepancies(order) == [Kind.MISSING_IN_U8]
