"""Changes of confirmed orders in step with WDT, over HTTP against the simulator (wdt-openapi 2.1, 2.8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, confirm_receipt
from order_flow.domain.changes.outside import OutsidePath
from order_flow.domain.states import DeliveryStatus, OrderState, PaymentFamily
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.desk.why import why
from order_flow.flow.outside import announce
from order_flow.outbox.registry import AccountType
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.comparison import Verdict
from tests.site.support.builders import PRODUCTS, TERM_OF_FAMILY, WDT_ACCOUNT, pay_in_full
from tests.site.support.change_lab import (
    ADDRESS,
    QUANTITY,
    added_line,
    applied,
    line_change,
    order_change,
    removed_line,
)
from tests.site.support.open_tasks import task_texts
from tests.site.support.sync_lab import Lab

LATER = TERM_OF_FAMILY[PaymentFamily.PAY_LATER].value


def confirmed_order(lab: Lab, **overrides: Any) -> Any:
    """Confirmed here, and waiting for WDT's own reviewers over there."""
    order = lab.order(**overrides)
    confirm(order.name)
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    lab.read_wdt()
    return lab.reload(order)


def change(order: Any, kind: str, *changes: dict[str, Any]) -> Any:
    """An applied notice, committed."""
    notice = applied(order, kind, *changes)
    frappe.db.commit()
    return notice


def told_lines(lab: Lab, tid: str) -> dict[str, float]:
    """Living quantity by article, as WDT shows it."""
    living = [trade for trade in lab.wdt.trades(tid) if int(trade["trade_status"]) != 5]
    return {line["spec_no"]: float(line["actual_num"]) for trade in living for line in trade["goods_list"]}


def tasks(order: Any) -> list[str]:
    return list(
        frappe.get_all("ToDo", {"reference_name": order.name, "role": "Warehouse"}, pluck="description")
    )


def test_lines_before_wdts_review_become_a_new_edition(lab: Lab) -> None:
    """The old number is closed over there, the new one carries the change and ships (wdt-openapi 2.1)."""
    order = confirmed_order(lab, payment_term=LATER)
    notice = change(order, QUANTITY, line_change(order, "quantity", 7))
    assert notice.outside_path == OutsidePath.NEW_EDITION
    lab.tell_wdt()
    lab.wdt.settle()
    assert {int(trade["trade_status"]) for trade in lab.wdt.trades(order.name)} == {5}
    assert told_lines(lab, f"{order.name}-1")[PRODUCTS[0]] == 7
    lab.ship_in_wdt(order.name, edition=1)
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.items[0].shipped_quantity) == (OrderState.SHIPPED, 7)
    assert lab.open_rows() == [] and lab.discrepancies(order) == []


def test_a_paid_order_keeps_its_money_in_the_new_edition(lab: Lab) -> None:
    """The withdrawn number is closed as refunded (80), the new one starts at 30 with what was paid."""
    order = confirmed_order(lab)
    pay_in_full(order)
    frappe.db.commit()
    lab.tell_wdt()
    notice = change(lab.reload(order), "Line Cancelled", removed_line(order))
    assert notice.outside_path == OutsidePath.NEW_EDITION
    lab.tell_wdt()
    lab.wdt.settle()
    assert int(lab.wdt.inside(order.name)["raw"]["pushed"]["trade_status"]) == 80
    pushed = lab.wdt.inside(f"{order.name}-1")["raw"]["pushed"]
    stored = lab.reload(order)
    assert int(pushed["trade_status"]) == 30
    assert float(pushed["paid"]) == pytest.approx(stored.total)
    assert PRODUCTS[0] not in told_lines(lab, f"{order.name}-1")


def test_added_and_removed_lines_agree_with_wdt(lab: Lab) -> None:
    """What the reconciliation reads from WDT is what the changed order says."""
    order = confirmed_order(lab, payment_term=LATER)
    change(order, "Line Added", added_line(product=PRODUCTS[4], quantity=3, unit_price=11))
    change(lab.reload(order), "Line Cancelled", removed_line(order, 1))
    lab.tell_wdt()
    lab.wdt.settle()
    lab.read_wdt()
    # The first change was never told by itself, so there is nothing of it to withdraw.
    assert lab.reload(order).wdt_edition == 1
    assert {one["verdict"] for one in reconcile([order.name], [AccountType.WDT])} == {Verdict.AGREED}
    assert lab.discrepancies(order) == []


def test_an_address_before_the_review_keeps_the_number(lab: Lab) -> None:
    """WDT takes a new receiver under the same number (wdt-openapi 2.8)."""
    order = confirmed_order(lab)
    notice = change(order, ADDRESS, order_change("address_line", "新港路2号"))
    assert notice.outside_path == OutsidePath.TOLD
    lab.tell_wdt()
    lab.wdt.settle()
    assert lab.wdt.trade(order.name)["receiver_address"] == "新港路2号"
    assert lab.reload(order).wdt_edition == 0
    assert tasks(order) == []


def test_what_wdt_does_not_know_is_not_told(lab: Lab) -> None:
    order = confirmed_order(lab)
    before = len(lab.rows(order))
    notice = change(order, "Invoice Data", order_change("invoice_title", "珠海样例有限公司"))
    assert notice.outside_path == OutsidePath.NOT_CONCERNED
    assert len(lab.rows(order)) == before


def test_a_review_that_was_not_read_yet_asks_the_warehouse_too(lab: Lab) -> None:
    """The change is told as if nothing was reviewed; the old version's parcel is the warehouse's to stop."""
    order = confirmed_order(lab, payment_term=LATER)
    lab.warehouse(order.name, "audit")
    notice = change(order, QUANTITY, line_change(order, "quantity", 7))
    assert notice.outside_path == OutsidePath.NEW_EDITION
    for _message in range(2):
        lab.send_once(AccountType.WDT, WDT_ACCOUNT)
        lab.wdt.settle()
        lab.turn(timedelta(seconds=5))
    (asked,) = task_texts(order, TaskReason.STOP_PARCEL)
    assert f"its old version {order.name}" in asked
    waits = next(one for one in why(lab.reload(order)).reasons if one.code == "old_version_waits")
    assert waits.freed_by == ("Warehouse",)
    lab.warehouse(order.name, "confirm_interception")
    lab.tell_wdt()
    lab.wdt.settle()
    assert told_lines(lab, f"{order.name}-1")[PRODUCTS[0]] == 7
    assert task_texts(order, TaskReason.STOP_PARCEL) == []


def test_lines_after_wdts_review_ask_the_warehouse_first(lab: Lab) -> None:
    """The parcel is stopped by people; only then the new version is told, so nothing leaves twice."""
    order = confirmed_order(lab, payment_term=LATER)
    lab.warehouse(order.name, "audit")
    lab.read_wdt()
    notice = change(lab.reload(order), QUANTITY, line_change(order, "quantity", 7))
    assert notice.outside_path == OutsidePath.WAREHOUSE_ASKED
    assert len(tasks(order)) == 1
    while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
        pass
    lab.wdt.settle()
    assert lab.wdt.trades(f"{order.name}-1") == []
    lab.warehouse(order.name, "confirm_interception")
    lab.tell_wdt()
    lab.wdt.settle()
    assert told_lines(lab, f"{order.name}-1")[PRODUCTS[0]] == 7


def test_the_old_version_leaves_all_the_same(lab: Lab) -> None:
    """The warehouse refused to stop it: the new version is never told, the old shipment counts."""
    order = confirmed_order(lab, payment_term=LATER)
    lab.warehouse(order.name, "audit")
    lab.read_wdt()
    change(lab.reload(order), QUANTITY, line_change(order, "quantity", 7))
    while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
        pass
    lab.wdt.settle()
    steps = ("refuse_interception", "print", "pick", "scan", "weigh", "ship")
    lab.warehouse(order.name, *steps, logistics_code="SF", logistics_no="SF9")
    lab.tell_wdt()
    lab.wdt.settle()
    assert lab.wdt.trades(f"{order.name}-1") == []
    assert lab.discrepancies(order) == ["Shipment Differs"]
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.wdt_edition, stored.items[0].shipped_quantity) == (0, 1)
    assert stored.delivery_status == DeliveryStatus.PARTLY_SHIPPED


def test_nothing_leaves_twice_after_an_old_version_left(lab: Lab) -> None:
    """What left was not read yet when the order changes again: no new edition is told beside it."""
    order = confirmed_order(lab, payment_term=LATER)
    lab.ship_in_wdt(order.name)
    change(order, QUANTITY, line_change(order, "quantity", 7))
    lab.tell_wdt()
    notice = change(lab.reload(order), QUANTITY, line_change(order, "quantity", 8))
    assert notice.outside_path == OutsidePath.BY_HAND
    lab.tell_wdt()
    lab.wdt.settle()
    assert (lab.reload(order).wdt_edition, lab.wdt.trades(f"{order.name}-1")) == (0, [])


def test_an_address_after_the_review_is_marked_over_there_and_a_task_here(lab: Lab) -> None:
    """WDT flags the parcel (block_reason 4); people act on it."""
    order = confirmed_order(lab)
    lab.warehouse(order.name, "audit")
    lab.read_wdt()
    notice = change(lab.reload(order), ADDRESS, order_change("address_line", "新港路2号"))
    assert notice.outside_path == OutsidePath.WAREHOUSE_ASKED
    lab.tell_wdt()
    lab.wdt.settle()
    assert int(lab.wdt.stockout(order.name)["block_reason"]) & 4
    assert len(tasks(order)) == 1


def test_a_partly_shipped_order_is_changed_over_there_by_hand(lab: Lab) -> None:
    """No message can say it: a task with from and to, and nothing is withdrawn."""
    order = confirmed_order(lab, payment_term=LATER)
    frappe.db.set_value("Order", order.name, "delivery_status", DeliveryStatus.PARTLY_SHIPPED.value)
    rows = len(lab.rows(order))
    frappe.db.set_value("Order", order.name, "delivery_status", DeliveryStatus.PARTLY_SHIPPED.value)
    frappe.db.commit()
    notice = change(lab.reload(order), QUANTITY, line_change(order, "quantity", 7, line=2))
    assert notice.outside_path == OutsidePath.BY_HAND
    assert len(lab.rows(order)) == rows
    assert "→ 7" in tasks(order)[0]
    announce.money_changed(lab.reload(order), "LATER")
    frappe.db.commit()
    assert len(lab.rows(order)) == rows + 1
    lab.tell_wdt()
    assert lab.open_rows() == [], "a later message dies of quantities that never change over there"
    assert lab.reload(order).wdt_sealed == 1


def test_a_change_before_wdt_heard_of_the_order(lab: Lab) -> None:
    """Nothing is withdrawn that was never told."""
    order = lab.order()
    confirm(order.name)
    frappe.db.commit()
    notice = change(lab.reload(order), QUANTITY, line_change(order, "quantity", 7))
    assert notice.outside_path == OutsidePath.TOLD
    lab.tell_wdt()
    lab.wdt.settle()
    assert lab.reload(order).wdt_edition == 0
    assert told_lines(lab, order.name)[PRODUCTS[0]] == 7


def test_the_ledger_gets_the_changed_order(lab: Lab) -> None:
    """U8 hears of the order when it is completed, as it was changed."""
    order = confirmed_order(lab)
    change(order, QUANTITY, line_change(order, "quantity", 7))
    order = lab.reload(order)
    pay_in_full(order)
    frappe.db.commit()
    lab.tell_wdt()
    lab.ship_in_wdt(order.name, edition=1)
    lab.read_wdt()
    confirm_receipt(order.name)
    frappe.db.commit()
    lab.tell_wdt()
    lab.post_u8()
    documents = [found for found in lab.u8.documents("saleorder") if order.name in str(found)]
    assert len(documents) == 1
    assert lab.reload(order).u8_status == "Posted"
