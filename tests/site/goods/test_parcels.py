"""Parcels of the desk: known waybills, thirds, part shipments and their stock (R-061, R-246, R-294)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, ship
from order_flow.domain.states import OrderState, PaymentFamily
from order_flow.flow.refusals import DuplicateDiffers, StepRefused
from tests.site.support.builders import TERM_OF_FAMILY, new_order


def confirmed(quantity: float = 3) -> Any:
    """A confirmed order of one line, paid on delivery."""
    order = new_order(
        payment_term=TERM_OF_FAMILY[PaymentFamily.PAY_LATER].value,
        items=[{"product": "TEST-A", "quantity": quantity, "unit_price": 100}],
    )
    confirm(order.name)
    return order


def parcel(order: Any, quantity: float | None, waybill: str, carrier: str = "SF") -> str:
    """One parcel; None names no goods."""
    items = None if quantity is None else [{"order_item": order.items[0].name, "quantity": quantity}]
    return str(ship(order.name, carrier=carrier, waybill_number=waybill, items=items)["shipment"])


def left(order: Any) -> float:
    """What has left of the order's line."""
    return float(frappe.get_doc("Order", order.name).items[0].shipped_quantity)


def test_the_same_parcel_told_twice_is_one(site: Any) -> None:
    """A quiet no-op: nothing ships, nothing is refused."""
    order = confirmed()
    first = parcel(order, 2, "W-1")
    assert parcel(order, 2, "W-1") == first
    assert parcel(order, None, "W-1") == first
    assert left(order) == 2


@pytest.mark.parametrize(("quantity", "carrier"), [(1, "SF"), (3, "SF"), (2, "ZTO")])
def test_a_known_waybill_with_another_content_is_refused(site: Any, quantity: float, carrier: str) -> None:
    """Nothing would leave although the caller thinks so: a clear answer instead."""
    order = confirmed()
    parcel(order, 2, "W-1")
    with pytest.raises(DuplicateDiffers, match="W-1"):
        parcel(order, quantity, "W-1", carrier)
    assert left(order) == 2


def test_a_voided_parcel_s_waybill_ships_anew(site: Any) -> None:
    """The number stands on the same carton, which now really leaves."""
    order = confirmed()
    first = frappe.get_doc("Shipment", parcel(order, 2, "W-1"))
    first.shipment_state = "Voided"
    first.save()
    assert left(order) == 0
    assert parcel(order, 2, "W-1") != first.name
    assert left(order) == 2


def test_each_parcel_is_told_with_what_follows(site: Any, monkeypatch: Any) -> None:
    """R-246: the customer hears of the part that left and of the rest, each time once."""
    told: list[str] = []
    monkeypatch.setattr(
        "order_flow.flow.notices.sending._notify",
        lambda event, order, reference, text_in: told.append(
            f"{event.value} {reference} {text_in('en').subject} {text_in('en').body}"
        ),
    )
    order = confirmed()
    told.clear()
    first, last = parcel(order, 2, "W-1"), parcel(order, 1, "W-2")
    assert [text.split()[2] for text in told] == [first, last]
    assert "A part of your order" in told[0] and "Still to come" in told[0] and "× 1" in told[0]
    assert "Still to come" not in told[1] and "Your order" in told[1] and "W-2" in told[1]


def test_three_thirds_are_one(site: Any) -> None:
    """A part has four decimals at most; whoever names no goods takes the last of the line."""
    order = confirmed(1)
    with pytest.raises(StepRefused, match="4 decimals"):
        parcel(order, 1 / 3, "W-0")
    for number in range(2):
        parcel(order, 0.3333, f"W-{number}")
    parcel(order, None, "W-2")
    stored = frappe.get_doc("Order", order.name)
    assert (stored.workflow_state, stored.shipped_amount) == (OrderState.SHIPPED, stored.total)
    assert left(order) == 1
