"""An order's whole life in step with WDT and U8, over HTTP against the simulators (requirements 2.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from order_flow.api.orders import (
    confirm,
    confirm_receipt,
    hold,
    record_payment,
    release_hold,
    request_cancellation,
    ship,
)
from order_flow.domain.states import Leads, OrderState, PaymentFamily, ReleasePolicy
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.integrations.wdt.client import WdtClient
from order_flow.outbox.reading.positions import Stream, read_record_again, set_aside
from order_flow.outbox.registry import AccountType, open_port
from order_flow.outbox.sending.interventions import done_outside
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.wdt.apply import apply_trades
from order_flow.sync.wdt.read import NOTICES_STREAM
from tests.site.support.builders import (
    PRODUCTS,
    TERM_OF_FAMILY,
    U8_ACCOUNT,
    WDT_ACCOUNT,
    WDT_CHANNEL,
    order_values,
    pay_in_full,
)
from tests.site.support.gate_orders import ONLY_EVIDENCE, prove
from tests.site.support.sync_lab import Lab

REASON = CancelReason.CHANGE_OF_MIND.value


@pytest.fixture(autouse=True)
def channel_policies(lab: Lab) -> Any:
    """Every test starts with the shipped policies of the channel."""
    defaults = {
        "leads_confirm": Leads.EITHER.value,
        "leads_ship": Leads.EITHER.value,
        "leads_cancel": Leads.EITHER.value,
        "release_policy": ReleasePolicy.CONFIRMED.value,
        "flow_profile": "Web Shop",
    }
    set_channel(**defaults)
    yield
    set_channel(**defaults)


def set_channel(**values: str) -> None:
    """Change the channel's policies for one test."""
    frappe.db.rollback()
    channel = frappe.get_doc("Sales Channel", WDT_CHANNEL)
    channel.update(values)
    channel.save()
    frappe.db.commit()


def pushed_status(lab: Lab, tid: str) -> int:
    """The raw status WDT has of an order."""
    return int(lab.wdt.inside(tid)["raw"]["pushed"]["trade_status"])


def act(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Call an API method and commit, as a request does."""
    result = function(*args, **kwargs)
    frappe.db.commit()
    return result


def confirmed_order(lab: Lab, **overrides: Any) -> Any:
    order = lab.order(**overrides)
    act(confirm, order.name)
    lab.tell_wdt()
    lab.wdt.settle()
    return order


def sale_orders(lab: Lab, order: Any) -> list[Any]:
    return [document for document in lab.u8.documents("saleorder") if order.name in str(document)]


def test_pay_first_from_entry_to_ledger(lab: Lab) -> None:
    """10 → 30 → shipped in WDT → Shipped → Completed → 70, and one sale order in U8 (R-016..R-021, R-025)."""
    order = lab.order(freight=8)
    lab.tell_wdt()
    assert pushed_status(lab, order.name) == 10
    act(confirm, order.name)
    act(pay_in_full, order)
    lab.tell_wdt()
    assert pushed_status(lab, order.name) == 30
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    stored = lab.reload(order)
    assert stored.workflow_state == OrderState.SHIPPED
    assert frappe.db.get_value("Shipment", {"order_id": order.name}, "waybill_number") == f"SF-{order.name}"
    act(confirm_receipt, order.name)
    lab.tell_wdt()
    lab.post_u8()
    assert pushed_status(lab, order.name) == 70
    assert len(sale_orders(lab, order)) == 1
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.u8_status) == (OrderState.COMPLETED, "Posted")
    assert lab.open_rows() == []
    assert lab.discrepancies(order) == []


def test_pay_later_posts_at_payment(lab: Lab) -> None:
    """COD: nothing in U8 at receipt, one document at payment (R-019, R-022, R-025)."""
    order = confirmed_order(lab, payment_term=TERM_OF_FAMILY[PaymentFamily.PAY_LATER].value)
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    act(confirm_receipt, order.name)
    lab.post_u8()
    assert sale_orders(lab, order) == []
    act(pay_in_full, order)
    lab.post_u8()
    assert len(sale_orders(lab, order)) == 1


def test_receivable_and_receipts(lab: Lab) -> None:
    """Profile 'Receivable + Receipt': one receivable, one receipt a payment (u8-openapi 4)."""
    frappe.db.set_value("U8 Account", U8_ACCOUNT, "posting_profile", "Receivable + Receipt")
    frappe.db.commit()
    frappe.clear_document_cache("U8 Account", U8_ACCOUNT)
    order = confirmed_order(lab)
    act(record_payment, order.name, 100, "FIRST")
    act(record_payment, order.name, str(Decimal(str(order.total)) - 100), "SECOND")
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    act(confirm_receipt, order.name)
    lab.post_u8()
    receivables = [found for found in lab.u8.documents("oughtreceive") if order.name in str(found)]
    receipts = [found for found in lab.u8.documents("accept") if order.name in str(found)]
    assert (len(receivables), len(receipts)) == (1, 2)
    assert lab.reload(order).u8_status == "Posted"


def test_gifts_post_no_receivable(lab: Lab) -> None:
    """An order that costs nothing: nothing to post is done, not given up."""
    frappe.db.set_value("U8 Account", U8_ACCOUNT, "posting_profile", "Receivable + Receipt")
    frappe.db.commit()
    frappe.clear_document_cache("U8 Account", U8_ACCOUNT)
    order = lab.order(items=[{"product": "TEST-A", "quantity": 1, "unit_price": 0, "is_gift": 1}])
    assert act(confirm, order.name)["state"] == OrderState.PAID
    act(ship, order.name, carrier="SF", waybill_number="GIFT")
    act(confirm_receipt, order.name)
    lab.post_u8()
    stored = lab.reload(order)
    assert (stored.u8_status, stored.u8_documents) == ("Posted", "oughtreceive (nothing to post)")


def test_wdt_confirms_first(lab: Lab) -> None:
    """WDT's own review goes first and the site order follows (R-017, K-02)."""
    order = lab.order()
    lab.tell_wdt()
    lab.wdt.settle()
    _paid_and_reviewed_in_wdt(lab, order)
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.CONFIRMED
    again = act(confirm, order.name)
    assert again["state"] == OrderState.CONFIRMED


def _paid_and_reviewed_in_wdt(lab: Lab, order: Any) -> None:
    """WDT's staff release an unpaid trade by hand and review it."""
    lab.warehouse(order.name, "release", "audit")


def test_site_leads_confirmation(lab: Lab) -> None:
    """Where the site leads, WDT's earlier review becomes a case for a person, not a state (K-02)."""
    set_channel(leads_confirm=Leads.SITE.value)
    order = lab.order()
    lab.tell_wdt()
    lab.wdt.settle()
    _paid_and_reviewed_in_wdt(lab, order)
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.UNCONFIRMED
    assert lab.discrepancies(order) == ["Contradiction"]
    act(confirm, order.name)
    lab.read_wdt()
    assert lab.discrepancies(order) == []


def test_wdt_going_past_an_open_gate_is_a_case_for_a_person(lab: Lab) -> None:
    """Policy gates do not bend for WDT: it stays and follows once its gates are clear (K-02, K-15)."""
    set_channel(flow_profile=ONLY_EVIDENCE)
    order = lab.order()
    lab.tell_wdt()
    lab.wdt.settle()
    _paid_and_reviewed_in_wdt(lab, order)
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.UNCONFIRMED
    assert lab.discrepancies(order) == ["Contradiction"]
    prove(order.name)
    frappe.db.commit()
    lab.read_wdt()
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.CONFIRMED
    assert lab.discrepancies(order) == []


def test_release_policy_paid(lab: Lab) -> None:
    """With release at payment WDT learns of the confirmation only with the money (design 3)."""
    set_channel(release_policy=ReleasePolicy.PAID.value)
    order = confirmed_order(lab)
    assert pushed_status(lab, order.name) == 10
    act(record_payment, order.name, 100, "DEPOSIT")
    lab.tell_wdt()
    assert pushed_status(lab, order.name) == 20
    act(record_payment, order.name, str(Decimal(str(order.total)) - 100), "BALANCE")
    lab.tell_wdt()
    assert pushed_status(lab, order.name) == 30


def test_the_same_amount_reached_twice_is_told_twice(lab: Lab) -> None:
    """Paid, paid back, paid again: WDT shows what is paid now, not what was paid once (R-018)."""
    order = confirmed_order(lab)
    for amount, kind, reference in ((100, "Payment", "A"), (40, "Refund", "B"), (40, "Payment", "C")):
        act(record_payment, order.name, amount, reference, kind=kind)
        lab.tell_wdt()
    lab.wdt.settle()
    assert Decimal(lab.wdt.trade(order.name)["paid"]) == 100


def test_wdt_ships_an_unpaid_order(lab: Lab) -> None:
    """Goods left before the money: recorded, reported, and followed as soon as the money is there."""
    order = confirmed_order(lab)
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.delivery_status) == (OrderState.CONFIRMED, "Shipped")
    assert lab.discrepancies(order) == ["Contradiction"]
    assert act(pay_in_full, order)["state"] == OrderState.SHIPPED


def test_desk_ships_first(lab: Lab) -> None:
    """The desk ships, a person ships in WDT, the read-back confirms: one shipment, task closed (R-020)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    shipped = act(ship, order.name, carrier="SF", waybill_number="SF-DESK")
    assert shipped["state"] == OrderState.SHIPPED
    task = {"reference_type": "Shipment", "reference_name": shipped["shipment"]}
    assert frappe.db.get_value("ToDo", task, "status") == "Open"
    lab.ship_in_wdt(order.name, logistics_no="SF-DESK")
    lab.read_wdt()
    frappe.db.rollback()
    assert frappe.db.count("Shipment", {"order_id": order.name}) == 1
    assert frappe.db.get_value("Shipment", shipped["shipment"], "confirmed_by_wdt") == 1
    assert frappe.db.get_value("ToDo", task, "status") == "Closed"


def test_completion_waits_for_the_shipment(lab: Lab) -> None:
    """70 is not pushed before the shipment was read back, or it is never handed out (wdt-openapi 2.8)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    act(ship, order.name, carrier="SF", waybill_number="SF-DESK")
    act(confirm_receipt, order.name)
    while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
        pass
    assert pushed_status(lab, order.name) == 30
    lab.ship_in_wdt(order.name, logistics_no="SF-DESK")
    lab.read_wdt()
    lab.tell_wdt()
    assert pushed_status(lab, order.name) == 70


def test_partial_shipments_are_arithmetic(lab: Lab) -> None:
    """WDT splits a trade: two shipments, the order is shipped with the second (R-246, wdt-openapi 2.4)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    first_line = frappe.get_doc("Order", order.name).items[0].name
    trade = lab.wdt.trade(order.name)
    lab.wdt.admin(
        "POST", "wdt/split", {"trade_no": trade["trade_no"], "lines": [{"oid": first_line, "num": 1}]}
    )
    numbers = [found["trade_no"] for found in lab.wdt.trades(order.name) if int(found["trade_status"]) != 5]
    assert len(numbers) == 2
    for step, number in enumerate(numbers, 1):
        for verb in ("audit", "print", "pick", "scan", "weigh", "ship"):
            extra = {"logistics_code": "SF", "logistics_no": f"P{step}"} if verb == "ship" else {}
            lab.wdt.admin("POST", f"wdt/{verb}", {"trade_no": number, **extra})
        lab.read_wdt()
        stored = lab.reload(order)
        expected = "Partly Shipped" if step == 1 else "Shipped"
        assert stored.delivery_status == expected
    assert stored.workflow_state == OrderState.SHIPPED
    assert frappe.db.count("Shipment", {"order_id": order.name}) == 2


def test_a_shipment_that_wdt_takes_back_counts_as_not_shipped(lab: Lab) -> None:
    """撤销发货: the goods are in the house again, a person hears of it; shipping anew settles it (R-026)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    trade = lab.wdt.trade(order.name)["trade_no"]
    shipped_at = frappe.db.get_value("Shipment", {"order_id": order.name}, "shipped_at")
    while now_datetime().replace(microsecond=0) <= shipped_at:
        frappe.db.sql("select 1")  # WDT's times are whole seconds; a recall is told by a later one
    lab.wdt.admin("POST", "wdt/recall", {"trade_no": trade})
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.delivery_status) == ("Shipped", "Not Shipped")
    states = frappe.get_all("Shipment", filters={"order_id": order.name}, pluck="shipment_state")
    assert sorted(states) == ["Voided", "Weighing"], "taken back, and in the house again"
    assert lab.discrepancies(order) == ["Contradiction"]
    lab.read_wdt()
    assert frappe.db.count("Shipment", {"order_id": order.name}) == 2
    lab.warehouse(order.name, "ship", logistics_code="SF", logistics_no="SF-AGAIN")
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.delivery_status) == ("Shipped", "Shipped")
    living = {"order_id": order.name, "shipment_state": "Shipped"}
    assert frappe.get_all("Shipment", filters=living, pluck="waybill_number") == ["SF-AGAIN"]
    assert lab.discrepancies(order) == []


def test_reading_twice_changes_nothing(lab: Lab) -> None:
    """The second message about the same fact is a quiet no-op (R-351)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    before = (lab.reload(order).modified, frappe.db.count("Order Event", {"order_id": order.name}))
    lab.read_wdt()
    assert (lab.reload(order).modified, frappe.db.count("Order Event", {"order_id": order.name})) == before
    assert frappe.db.count("Shipment", {"order_id": order.name}) == 1
    assert lab.wdt.sync_rows() == []


def test_cancel_before_wdt_heard_of_it(lab: Lab) -> None:
    """Never told: cancelled at once, and WDT never hears of it (R-023)."""
    order = lab.order()
    assert act(request_cancellation, order.name, REASON)["state"] == OrderState.VOIDED
    lab.tell_wdt()
    assert lab.wdt.trades(order.name) == []
    assert lab.rows(order) == [("wdt_trade_push", "created", "Superseded")]


def test_cancel_before_review(lab: Lab) -> None:
    """WDT has not reviewed: asked, agreed, cancelled on both sides (R-147, requirements 2.1-D)."""
    order = confirmed_order(lab)
    waiting = act(request_cancellation, order.name, REASON)
    assert (waiting["state"], waiting["cancel_requested"]) == (OrderState.CONFIRMED, True)
    lab.tell_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.docstatus) == (OrderState.CANCELLED, 2)
    assert {int(trade["trade_status"]) for trade in lab.wdt.trades(order.name)} == {5}


def test_cancel_unconfirmed_is_voided(lab: Lab) -> None:
    """An order that was never confirmed ends as Voided, once WDT agrees."""
    order = lab.order()
    lab.tell_wdt()
    lab.wdt.settle()
    act(request_cancellation, order.name, REASON)
    lab.tell_wdt()
    assert lab.reload(order).workflow_state == OrderState.VOIDED


def test_cancel_after_review_waits_for_the_warehouse(lab: Lab) -> None:
    """Reviewed: only a request to stop the parcel; never shown as cancelled before WDT agrees (R-147)."""
    order = confirmed_order(lab)
    lab.warehouse(order.name, "audit")
    act(request_cancellation, order.name, REASON)
    while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
        pass
    lab.wdt.settle()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.cancel_requested) == (OrderState.CONFIRMED, 1)
    lab.warehouse(order.name, "confirm_interception")
    lab.tell_wdt()
    assert lab.reload(order).workflow_state == OrderState.CANCELLED


def test_cancel_refused_by_the_warehouse(lab: Lab) -> None:
    """The parcel left all the same: the request ends with the reason, the order goes on (R-147)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.warehouse(order.name, "audit")
    act(request_cancellation, order.name, REASON)
    while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
        pass
    lab.wdt.settle()
    lab.warehouse(
        order.name,
        "refuse_interception",
        "print",
        "pick",
        "scan",
        "weigh",
        "ship",
        logistics_code="SF",
        logistics_no="SF9",
    )
    lab.tell_wdt()
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.cancel_requested) == (OrderState.SHIPPED, 0)
    assert "return" in stored.cancel_answer


def test_wdt_cancels_first(lab: Lab) -> None:
    """WDT cancels and the site order follows (R-023)."""
    order = confirmed_order(lab)
    lab.warehouse(order.name, "cancel")
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.CANCELLED


def test_edit_before_confirmation_starts_a_new_edition(lab: Lab) -> None:
    """WDT keeps quantity and price for ever, so a new number is told (wdt-openapi 6)."""
    order = lab.order()
    lab.tell_wdt()
    lab.wdt.settle()
    edited = lab.reload(order)
    edited.items[0].quantity = 7
    edited.save()
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    stored = lab.reload(order)
    assert stored.wdt_edition == 1
    assert {int(trade["trade_status"]) for trade in lab.wdt.trades(order.name)} == {5}
    act(confirm, order.name)
    act(pay_in_full, stored)
    lab.tell_wdt()
    lab.wdt.settle()
    lab.ship_in_wdt(order.name, edition=1)
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    assert frappe.get_all(
        "Shipment Item", filters={"order_item": stored.items[0].name}, pluck="quantity"
    ) == [7.0]


def test_edit_of_the_address_keeps_the_number(lab: Lab) -> None:
    """WDT takes new terms under the same number."""
    order = lab.order()
    lab.tell_wdt()
    edited = lab.reload(order)
    edited.address_line = "新港路2号"
    edited.save()
    frappe.db.commit()
    lab.tell_wdt()
    assert lab.reload(order).wdt_edition == 0
    assert lab.wdt.inside(order.name)["raw"]["pushed"]["receiver_address"] == "新港路2号"


def test_hold_stops_the_order_not_the_facts(lab: Lab) -> None:
    """WDT ships a held order: recorded and reported; the release lets it follow (design 3)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    act(hold, order.name, "customer asked to wait")
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.PAID
    assert lab.discrepancies(order) == ["Contradiction"]
    assert act(release_hold, order.name)["state"] == OrderState.SHIPPED


def test_timeout_after_commit_posts_once(lab: Lab) -> None:
    """U8 booked it, the answer was lost: looked up, never doubled (R-025)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    act(confirm_receipt, order.name)
    lab.u8.arm("drop_after_commit", endpoint="api/saleorder/add", times=1)
    lab.post_u8()
    assert len(sale_orders(lab, order)) == 1
    assert lab.reload(order).u8_status == "Posted"


@pytest.mark.parametrize(
    "kind", ["drop_before", "drop_after_commit", "garbage", "http_5xx", "duplicate", "rate_limit"]
)
def test_faults_on_push_lose_nothing(lab: Lab, kind: str) -> None:
    """Whatever happens to one push, WDT has the order once in the end (R-352)."""
    lab.wdt.arm(kind, endpoint="trade_push", times=1)
    order = lab.order()
    lab.tell_wdt()
    lab.wdt.settle()
    assert len(lab.wdt.trades(order.name)) == 1
    assert lab.open_rows() == []


def test_far_side_down_for_an_hour(lab: Lab) -> None:
    """An hour without WDT: everything waits visibly and goes out in order afterwards (design 5)."""
    lab.wdt.arm("drop_before", endpoint="*", times=1000)
    order = lab.order()
    act(confirm, order.name)
    for _quarter in range(4):
        while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
            pass
        lab.turn(timedelta(minutes=15))
    waiting = [row for row in lab.open_rows() if row.document == order.name]
    assert len(waiting) == 2
    assert waiting[0].last_error
    lab.wdt.admin("DELETE", "faults")
    lab.tell_wdt()
    assert pushed_status(lab, order.name) == 30
    assert lab.open_rows() == []


def test_an_answer_that_was_overtaken_changes_nothing(lab: Lab) -> None:
    """Two readers, or an answer held up: the older one, stored last, is ignored (R-351, wdt-openapi 1.5)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    port = open_port(AccountType.WDT, WDT_ACCOUNT, lambda _record: None)
    # WDT's times are whole seconds, and all of this may happen within one.
    earlier = timedelta(seconds=1)
    older = [replace(trade, modified=trade.modified - earlier) for trade in port.trades_of(order.name)]
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    before = lab.reload(order)
    apply_trades(order.name, older)
    frappe.db.commit()
    after = lab.reload(order)
    assert (after.wdt_trade_status, after.wdt_stage) == (before.wdt_trade_status, before.wdt_stage)
    assert after.wdt_trade_status == 95
    assert lab.discrepancies(order) == []


def test_a_refused_acknowledgement_is_shown(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 0 with errors: the stream says what WDT did not take; a mere repeat is quiet (wdt-openapi 2.5)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    for answer, shown in (("非待同步状态,不可更新", False), ("店铺未授权", True)):
        with monkeypatch.context() as refusing:
            refusing.setattr(
                WdtClient,
                "acknowledge",
                lambda _client, items, text=answer: {item.rec_id: text for item in items},
            )
            lab.read_wdt()
        frappe.db.rollback()
        stream = {"account": WDT_ACCOUNT, "stream": NOTICES_STREAM}
        assert (answer in (frappe.db.get_value("Sync Position", stream, "last_error") or "")) is shown
    assert lab.reload(order).workflow_state == OrderState.SHIPPED


def test_unknown_state_is_a_question(lab: Lab) -> None:
    """A state nobody told us about is flagged, never guessed (R-034, R-350)."""
    order = confirmed_order(lab)
    known = next(iter(open_port(AccountType.WDT, WDT_ACCOUNT, lambda _record: None).trades_of(order.name)))
    apply_trades(order.name, [replace(known, status_code=77, status=None)])
    frappe.db.commit()
    assert lab.discrepancies(order) == ["Unknown State"]


def test_591_lines(lab: Lab) -> None:
    """The longest real order of the sample data goes through whole."""
    lines = [dict(line) for line in order_values()["items"]] * 119
    order = confirmed_order(lab, items=lines[:591])
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    act(confirm_receipt, order.name)
    lab.post_u8()
    assert lab.reload(order).u8_status == "Posted"


def test_codes_of_the_ledger(lab: Lab) -> None:
    """Customer and product may have codes of their own in U8, reading back knows them (u8-openapi 3)."""
    order = confirmed_order(lab)
    frappe.db.set_value("Customer", order.customer, "u8_customer_code", "U8-C1")
    frappe.db.set_value("Product", PRODUCTS[0], "u8_inventory_code", "FREIGHT")
    frappe.db.commit()
    try:
        act(pay_in_full, order)
        lab.tell_wdt()
        lab.ship_in_wdt(order.name)
        lab.read_wdt()
        act(confirm_receipt, order.name)
        lab.tell_wdt()
        lab.post_u8()
        document = sale_orders(lab, order)[0]
        assert "U8-C1" in str(document)
        lab.read_wdt()
        frappe.db.rollback()
        assert [found["verdict"] for found in reconcile([order.name])] == ["agreed"]
    finally:
        frappe.db.rollback()
        frappe.db.set_value("Customer", order.customer, "u8_customer_code", None)
        frappe.db.set_value("Product", PRODUCTS[0], "u8_inventory_code", None)
        frappe.db.commit()


def test_posted_by_hand_counts_as_posted(lab: Lab) -> None:
    """A person posts a refused document in U8 and says so: the order shows it (R-347, R-352)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    act(confirm_receipt, order.name)
    lab.u8.arm("rate_limit", endpoint="*", times=500)
    lab.send_once(AccountType.U8, U8_ACCOUNT)
    row = frappe.get_all("Sync Outbox", {"document": order.name, "account": U8_ACCOUNT}, pluck="name")
    act(done_outside, row, "entered in U8 by hand as 0815")
    stored = lab.reload(order)
    assert stored.u8_status == "Posted"
    assert "by hand" in stored.u8_documents


def test_a_record_set_aside_is_read_again(lab: Lab) -> None:
    """The button of a record that could not be stored reads its order anew (design 5)."""
    order = confirmed_order(lab)
    act(pay_in_full, order)
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    stream = Stream(AccountType.WDT, WDT_ACCOUNT, "stockouts")
    name = set_aside(stream, "S1", {"src_tids": order.name}, "could not be read")
    frappe.db.commit()
    read_record_again(frappe.get_doc("Sync Discrepancy", name))
    frappe.db.commit()
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    assert frappe.db.get_value("Sync Discrepancy", name, "state") == "Resolved"
