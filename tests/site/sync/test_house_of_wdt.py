"""Shipments that WDT leads through its house: papers, stages, splits, merges, gifts (R-277, R-293, R-294)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.model.workflow import get_transitions

from dev.bench.statements import recorded_statements
from order_flow.api.orders import ship
from order_flow.domain.goods.shipments import ShipmentState
from order_flow.domain.states import OrderState, Role
from order_flow.flow.records.order import locked_order
from order_flow.integrations.wdt.port import WdtPort
from order_flow.outbox import registry
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending.attempts import CollectedAttempts
from order_flow.outbox.transaction import in_transaction
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.wdt.apply import apply_trades
from order_flow.sync.wdt.stages import follow_trades
from tests.site.support.builders import PRODUCTS, WDT_ACCOUNT, acting_as, pay_in_full, user_of
from tests.site.support.rest_client import Callers
from tests.site.support.sync_lab import Lab
from tests.site.sync.test_sync_flow import act, confirmed_order

S = ShipmentState


def shipments(order: Any) -> list[Any]:
    """The order's shipments that are not voided, oldest first."""
    frappe.db.rollback()
    rows = frappe.get_all(
        "Shipment",
        filters={"order_id": order.name, "shipment_state": ("!=", S.VOIDED.value)},
        fields=["name", "shipment_state", "wdt_trade_number", "led_by", "waybill_number"],
        order_by="creation, name",
    )
    return list(rows)


def states(order: Any) -> list[str]:
    return [row.shipment_state for row in shipments(order)]


def quantities(name: str) -> dict[str, float]:
    rows = frappe.get_all("Shipment Item", {"parent": name}, ["product", "quantity"])
    return {row.product: row.quantity for row in rows}


def paid_order(lab: Lab, **values: Any) -> Any:
    """Confirmed, paid and told to WDT, waiting for its review there."""
    order = confirmed_order(lab, **values)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.wdt.settle()
    return order


def test_print_flags_and_bits_lead_one_shipment_through_the_house(lab: Lab) -> None:
    """wdt-openapi 5: each thing the warehouse does moves the same shipment; posting lets goods leave."""
    order = paid_order(lab)
    lab.read_wdt()
    assert shipments(order) == []
    seen = []
    for verb in ("audit", "print", "pick", "scan", "weigh"):
        lab.warehouse(order.name, verb)
        lab.read_wdt()
        seen += states(order)
    assert seen == [S.WAITING_FOR_PRINT, S.PICKING, S.SCANNING, S.WEIGHING, S.WEIGHING]
    (in_house,) = shipments(order)
    assert lab.reload(order).delivery_status == "Not Shipped"
    lab.warehouse(order.name, "ship", logistics_code="SF", logistics_no="SF-1")
    lab.read_wdt()
    (left,) = shipments(order)
    assert (left.name, left.shipment_state, left.waybill_number) == (in_house.name, "Shipped", "SF-1")
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    assert lab.discrepancies(order) == []


def test_reading_again_changes_nothing(lab: Lab) -> None:
    """R-351."""
    order = paid_order(lab)
    lab.warehouse(order.name, "audit", "print")
    lab.read_wdt()
    (before,) = shipments(order)
    modified = frappe.db.get_value("Shipment", before.name, "modified")
    lab.read_wdt()
    (after,) = shipments(order)
    assert after == before
    assert frappe.db.get_value("Shipment", before.name, "modified") == modified


def test_a_trade_alone_says_less_and_takes_no_stage_back(lab: Lab) -> None:
    """Print flags stand on stockouts only: a trade that is read later does not undo what they told."""
    order = paid_order(lab)
    lab.warehouse(order.name, "audit", "print")
    lab.read_wdt()
    assert states(order) == [S.PICKING]
    trades = registry_port().trades_of(order.name)
    in_transaction(lambda: apply_trades(order.name, trades))
    assert states(order) == [S.PICKING]


def test_split_trades_are_shipments_of_their_own(lab: Lab) -> None:
    """R-294: a part leaves, the rest waits for its papers."""
    order = paid_order(lab)
    split(lab, order, 1)
    first, second = living_trades(lab, order)
    for verb in ("audit", "print", "pick", "scan"):
        lab.wdt.admin("POST", f"wdt/{verb}", {"trade_no": first})
    lab.wdt.admin("POST", "wdt/audit", {"trade_no": second})
    lab.read_wdt()
    found = {row.wdt_trade_number: row.shipment_state for row in shipments(order)}
    assert found == {first: S.WEIGHING, second: S.WAITING_FOR_PRINT}
    lab.wdt.admin("POST", "wdt/weigh", {"trade_no": first})
    lab.wdt.admin("POST", "wdt/ship", {"trade_no": first, "logistics_code": "SF", "logistics_no": "SF-A"})
    lab.read_wdt()
    assert lab.reload(order).delivery_status == "Partly Shipped"
    assert sorted(states(order)) == [S.SHIPPED, S.WAITING_FOR_PRINT]


@pytest.mark.parametrize("joined", [False, True])
def test_merged_trades_are_taken_apart_and_gifts_are_nobodys(lab: Lab, joined: bool) -> None:
    """wdt-openapi 2.2, 6: one parcel with lines of two orders and a gift; each order sees its own lines.

    Equal goods may be shown as one line that names both orders and both of their lines.
    """
    lab.wdt.set(joined_lines=joined)
    orders = [paid_order(lab), paid_order(lab)]
    merge(lab, *orders)
    lab.warehouse(orders[0].name, "gift", spec_no=PRODUCTS[0], num=3)
    lab.warehouse(orders[0].name, "audit", "print")
    lab.read_wdt()
    for order in orders:
        (row,) = shipments(order)
        assert row.shipment_state == S.PICKING
        assert quantities(row.name) == {item.product: item.quantity for item in order.items}
    lab.warehouse(orders[0].name, "pick", "scan", "weigh", "ship", logistics_code="SF", logistics_no="SF-M")
    lab.read_wdt()
    for order in orders:
        (row,) = shipments(order)
        assert (row.shipment_state, row.waybill_number) == (S.SHIPPED, "SF-M")
        assert quantities(row.name) == {item.product: item.quantity for item in order.items}
        assert lab.reload(order).workflow_state == OrderState.SHIPPED
        frappe.db.commit()
        assert reconcile([order.name])[0]["differences"] == []
        assert lab.discrepancies(order) == []


def test_what_a_merge_swallowed_is_voided(lab: Lab) -> None:
    """A trade that is no more prepares nothing; the merged one does."""
    orders = [paid_order(lab), paid_order(lab)]
    lab.warehouse(orders[1].name, "audit")
    lab.read_wdt()
    assert states(orders[1]) == [S.WAITING_FOR_PRINT]
    lab.warehouse(orders[1].name, "reject")
    merge(lab, *orders)
    lab.warehouse(orders[0].name, "audit")
    lab.read_wdt()
    (row,) = shipments(orders[1])
    assert row.wdt_trade_number == shipments(orders[0])[0].wdt_trade_number
    assert frappe.db.count("Shipment", {"order_id": orders[1].name}) == 2


def test_goods_that_go_back_to_review_are_not_prepared(lab: Lab) -> None:
    """驳回: the shipment is voided; the next review starts a new one with a new stockout."""
    order = paid_order(lab)
    lab.warehouse(order.name, "audit", "print")
    lab.read_wdt()
    lab.warehouse(order.name, "reject")
    lab.read_wdt()
    assert shipments(order) == []
    lab.warehouse(order.name, "audit")
    lab.read_wdt()
    assert states(order) == [S.WAITING_FOR_PRINT]


def test_a_cancelled_order_prepares_nothing(lab: Lab) -> None:
    """R-023: cancelled in the warehouse after its papers were printed."""
    order = paid_order(lab)
    lab.warehouse(order.name, "audit", "print")
    lab.read_wdt()
    lab.warehouse(order.name, "reject", "cancel")
    lab.read_wdt()
    assert shipments(order) == []


def test_what_really_left_counts(lab: Lab) -> None:
    """The warehouse ships a part only: the shipment says what left, the rest is another one."""
    order = paid_order(lab)
    lab.warehouse(order.name, "audit", "print", "pick", "scan", "weigh")
    lab.read_wdt()
    (in_house,) = shipments(order)
    part = [{"oid": order.items[0].name, "num": 1}]
    lab.warehouse(order.name, "ship", lines=part, logistics_code="SF", logistics_no="SF-P")
    lab.read_wdt()
    left = next(row for row in shipments(order) if row.shipment_state == S.SHIPPED)
    assert left.name == in_house.name
    assert quantities(left.name) == {order.items[0].product: 1}
    assert lab.reload(order).delivery_status == "Partly Shipped"


def test_people_who_ship_first_are_followed(lab: Lab) -> None:
    """R-293, two-way: shipped here while WDT was still weighing; WDT's own stages of these goods end."""
    order = paid_order(lab)
    lab.warehouse(order.name, "audit", "print", "pick", "scan")
    lab.read_wdt()
    assert states(order) == [S.WEIGHING]
    act(ship, order.name)
    lab.warehouse(order.name, "weigh", "ship", logistics_code="SF", logistics_no="SF-2")
    lab.read_wdt()
    (row,) = shipments(order)
    assert (row.led_by, row.shipment_state) == ("Site", S.SHIPPED)
    assert frappe.db.get_value("Shipment", row.name, "confirmed_by_wdt") == 1
    assert lab.reload(order).delivery_status == "Shipped"
    assert lab.discrepancies(order) == []


def test_where_people_lead_here_wdt_leads_nothing(lab: Lab) -> None:
    """A company that leads goods through the house on this site has one shipment of them, not two."""
    frappe.db.set_value("Flow Profile", "Web Shop", "warehouse_stages", 1)
    frappe.clear_document_cache("Flow Profile", "Web Shop")
    frappe.db.commit()
    try:
        order = paid_order(lab)
        lab.warehouse(order.name, "audit", "print")
        lab.read_wdt()
        assert shipments(order) == []
    finally:
        frappe.db.rollback()
        frappe.db.set_value("Flow Profile", "Web Shop", "warehouse_stages", 0)
        frappe.clear_document_cache("Flow Profile", "Web Shop")
        frappe.db.commit()


def test_nobody_leads_here_what_wdt_leads(lab: Lab, callers: Callers) -> None:
    """Neither a step nor a scan, a weight, an inspection, a changed line or a void; not by anybody."""
    order = paid_order(lab)
    lab.warehouse(order.name, "audit", "print", "pick")
    lab.read_wdt()
    (row,) = shipments(order)
    api = "method/order_flow.api.shipments."
    for role in (Role.WAREHOUSE, Role.LOGISTICS, Role.ORDER_DESK, Role.INTEGRATION):
        caller = callers.of(role)
        refused = {
            "step": caller.post(f"{api}take_step", shipment=row.name, step="Finish Scanning"),
            "void": caller.post(f"{api}take_step", shipment=row.name, step="Void Shipment"),
            "scan": caller.post(f"{api}scan", shipment=row.name, code=PRODUCTS[0], quantity=1),
            "unpack": caller.post(f"{api}unpack", shipment=row.name),
            "weigh": caller.post(f"{api}weigh", shipment=row.name, weights={"1": 2}),
            "inspect": caller.post(f"{api}inspect", shipment=row.name, result="Passed", remark=""),
            "state": caller.put(f"resource/Shipment/{row.name}", shipment_state="Shipped"),
            "lines": caller.put(f"resource/Shipment/{row.name}", items=[]),
        }
        passed = {way: answer.status_code for way, answer in refused.items() if answer.status_code < 400}
        assert passed == {}, role
    assert states(order) == [S.SCANNING]
    lab.warehouse(order.name, "scan")
    lab.read_wdt()
    assert states(order) == [S.WEIGHING], "what WDT says still goes through"


def test_the_form_offers_no_steps_of_wdts_shipments(lab: Lab) -> None:
    """The desk's workflow buttons are those of goods that are led here."""
    order = paid_order(lab)
    lab.warehouse(order.name, "audit")
    lab.read_wdt()
    (row,) = shipments(order)
    with acting_as(user_of(Role.WAREHOUSE)):
        assert get_transitions(frappe.get_doc("Shipment", row.name)) == []


def test_a_trade_without_news_costs_the_reading_of_its_shipment(lab: Lab) -> None:
    """One statement finds what is in the house, five read a shipment with its tables; nothing is written."""
    order = paid_order(lab)
    lab.warehouse(order.name, "audit", "print")
    lab.read_wdt()
    trades = registry_port().trades_of(order.name)
    frappe.db.rollback()
    with recorded_statements() as statements:
        document = locked_order(order.name)
        before = len(statements)
        follow_trades(document, trades)
    assert len(statements) - before == 6
    assert all(statement.lower().startswith("select") for statement in statements)
    frappe.db.rollback()


def registry_port() -> WdtPort:
    port: WdtPort = registry.open_port(
        AccountType.WDT, WDT_ACCOUNT, CollectedAttempts(AccountType.WDT, WDT_ACCOUNT)
    )
    return port


def living_trades(lab: Lab, order: Any) -> list[str]:
    return [found["trade_no"] for found in lab.wdt.trades(order.name) if int(found["trade_status"]) != 5]


def split(lab: Lab, order: Any, pieces: int) -> None:
    lines = [{"oid": order.items[0].name, "num": pieces}]
    lab.wdt.admin("POST", "wdt/split", {"trade_no": living_trades(lab, order)[0], "lines": lines})


def merge(lab: Lab, first: Any, second: Any) -> None:
    mine, other = (living_trades(lab, order)[0] for order in (first, second))
    lab.wdt.admin("POST", "wdt/merge", {"trade_no": mine, "other": other})
