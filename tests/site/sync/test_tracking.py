"""Parcels followed over HTTP: events, states, cases, and what a failing service does not (R-297..R-308)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from order_flow.api.orders import ship
from order_flow.api.sync import read_tracking_now
from order_flow.domain.customers.links import LinkPurpose
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.deliveries.cases import note_late_arrivals
from order_flow.flow.notices.links import issue, resolve, view
from order_flow.integrations.errors import UnreadableAnswer
from order_flow.outbox import registry
from order_flow.outbox.accounts.discrepancies import repair
from order_flow.outbox.registry import AccountType
from order_flow.sync.services import tracking as reader
from simulators.tracking.simulator import DEMO_KEY
from tests.contract.services.tracking_fixtures import TrackingDesk
from tests.site.support.builders import acting_as, order_in, user_of
from tests.site.support.committed_orders import remove_orders

ACCOUNT = "Test Tracking"
CARRIER = "Test Carrier"
NUMBER = "SF-TEST-1"


@pytest.fixture
def account(site: Any, tracking: TrackingDesk) -> Iterator[str]:
    """An account and a carrier that is followed by it; taken away again."""
    frappe.get_doc(
        {
            "doctype": "Tracking Account",
            "account_name": ACCOUNT,
            "base_url": tracking.url,
            "api_key": DEMO_KEY,
            "read_every_minutes": 0,
            "calls_per_minute": 10_000,
        }
    ).insert()
    frappe.get_doc(
        {
            "doctype": "Carrier",
            "carrier_name": CARRIER,
            "transport_mode": "Express",
            "tracking_account": ACCOUNT,
            "tracking_code": "sf",
        }
    ).insert()
    frappe.db.commit()
    yield ACCOUNT
    frappe.set_user("Administrator")
    frappe.db.rollback()
    frappe.delete_doc("Carrier", CARRIER, force=True)
    for doctype in ("Sync Attempt", "Sync Position", "Sync Discrepancy"):
        frappe.db.delete(doctype, {"account": ACCOUNT})
    frappe.delete_doc("Tracking Account", ACCOUNT, force=True)
    frappe.db.commit()


@pytest.fixture
def parcel(account: str) -> Iterator[tuple[str, str]]:
    """An order on its way, committed: its name and its shipment's."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    shipment = ship(order.name, carrier=CARRIER, waybill_number=NUMBER)["shipment"]
    frappe.db.commit()
    yield order.name, shipment
    frappe.db.rollback()
    for case in frappe.get_all("Delivery Case", filters={"order_id": order.name}, pluck="name"):
        frappe.db.delete("ToDo", {"reference_name": case})
    frappe.db.delete("Delivery Case", {"order_id": order.name})
    frappe.db.delete("Customer Link", {"order_id": order.name})
    remove_orders([order.name])
    frappe.db.commit()


def stored(shipment: str) -> Any:
    frappe.db.rollback()
    return frappe.get_doc("Shipment", shipment)


def test_a_parcel_is_followed_to_its_delivery(tracking: TrackingDesk, parcel: tuple[str, str]) -> None:
    """R-297, R-298, R-304: the carrier's word moves the shipment; the customer confirms the receipt."""
    order, shipment = parcel
    tracking.happens(NUMBER, "2026-11-26 08:00:00", "accepted", "已揽收", "珠海")
    assert reader.run(ACCOUNT) == 1
    assert (stored(shipment).shipment_state, len(stored(shipment).events)) == ("Shipped", 1)
    tracking.happens(NUMBER, "2026-11-26 12:00:00", "in_transit", "到达广州", "广州")
    reader.run(ACCOUNT)
    assert stored(shipment).shipment_state == "In Transit"
    tracking.happens(NUMBER, "2026-11-26 18:00:00", "delivered", "已签收")
    reader.run(ACCOUNT)
    document = stored(shipment)
    assert (document.shipment_state, str(document.delivered_at)) == ("Delivered", "2026-11-26 18:00:00")
    assert frappe.db.get_value("Order", order, "workflow_state") == "Shipped"


def test_reading_again_stores_nothing_twice(tracking: TrackingDesk, parcel: tuple[str, str]) -> None:
    _order, shipment = parcel
    tracking.happens(NUMBER, "2026-11-26 08:00:00", "in_transit", "到达广州")
    for _round in range(3):
        reader.run(ACCOUNT)
    assert len(stored(shipment).events) == 1


def test_trouble_on_the_way_opens_one_case(tracking: TrackingDesk, parcel: tuple[str, str]) -> None:
    """R-297, R-308."""
    order, shipment = parcel
    for hour in (8, 9):
        tracking.happens(NUMBER, f"2026-11-26 {hour:02}:00:00", "exception", "包裹破损", "广州")
        reader.run(ACCOUNT)
    assert stored(shipment).shipment_state == "Exception"
    cases = frappe.get_all(
        "Delivery Case", filters={"order_id": order}, fields=["kind", "description", "shipment"]
    )
    assert cases == [{"kind": "Tracking Error", "description": "包裹破损 广州", "shipment": shipment}]
    tracking.happens(NUMBER, "2026-11-26 10:00:00", "in_transit", "重新发出")
    reader.run(ACCOUNT)
    assert stored(shipment).shipment_state == "In Transit"


def test_the_customer_sees_source_and_time_and_what_is_unclear(
    tracking: TrackingDesk, parcel: tuple[str, str]
) -> None:
    """R-298, R-300."""
    order, shipment = parcel
    tracking.happens(NUMBER, "2026-11-26 08:00:00", "teleported", "瞬间移动", "月球")
    reader.run(ACCOUNT)
    row = stored(shipment).events[0]
    assert (row.source, row.place) == ("Carrier", "月球")
    assert "not known here" in row.remark
    shown = view(resolve(issue(order, LinkPurpose.TRACKING).partition("?t=")[2]), "zh")
    assert shown["parcels"][0]["events"][0]["event"] == "瞬间移动"


@pytest.mark.parametrize("fault", ["drop_after_commit", "http_5xx", "garbage"])
def test_a_failing_service_changes_nothing_and_is_asked_again(
    tracking: TrackingDesk, parcel: tuple[str, str], fault: str
) -> None:
    _order, shipment = parcel
    tracking.happens(NUMBER, "2026-11-26 08:00:00", "in_transit", "到达广州")
    tracking.arm(fault)
    assert reader.run(ACCOUNT) == 0
    assert not stored(shipment).events
    assert frappe.db.get_value("Sync Position", {"account": ACCOUNT}, "last_error")
    assert reader.run(ACCOUNT) == 1
    assert len(stored(shipment).events) == 1


def test_one_parcel_that_cannot_be_read_keeps_no_other_from_its_turn(
    parcel: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is set aside with the answer, and its turn has passed; the button asks again."""

    class Service:
        """Answers with an event nobody can read, until it is mended."""

        mended = False

        def events(self, _carrier: str, number: str) -> list[Any]:
            if not self.mended:
                raise UnreadableAnswer("an event cannot be read", key=number, record=[{"time": "?"}])
            return []

    service = Service()
    factories = {AccountType.TRACKING: lambda _account, _sink, _use: service}
    monkeypatch.setattr(registry, "_factories", factories)
    _order, shipment = parcel
    assert reader.run(ACCOUNT) == 1
    assert stored(shipment).tracking_read_at
    (name,) = frappe.get_all("Sync Discrepancy", {"account": ACCOUNT, "state": "Open"}, pluck="name")
    frappe.db.rollback()
    service.mended = True
    assert repair(name, "read_again") == NUMBER
    assert frappe.db.get_value("Sync Discrepancy", name, "state") == "Resolved"


def test_goods_that_should_have_arrived_open_a_case_once(site: Any) -> None:
    """R-296, R-308."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    shipment = ship(order.name)["shipment"]
    frappe.db.set_value("Shipment", shipment, "arrive_by", add_to_date(now_datetime(), hours=-1))
    note_late_arrivals()
    note_late_arrivals()
    cases = frappe.get_all("Delivery Case", filters={"shipment": shipment}, pluck="kind")
    assert cases == ["Delay"]


@pytest.mark.parametrize("role", [Role.LOGISTICS, Role.ORDER_DESK, Role.FIELD_REP])
def test_who_may_not_start_the_reading(account: str, role: Role) -> None:
    with acting_as(user_of(role)), pytest.raises(frappe.PermissionError):
        read_tracking_now(account)
