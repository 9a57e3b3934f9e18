"""What is derived from payments and shipments (design 3, K-05)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.orders.progress import (
    delivery_status,
    payment_status,
    settlement_status,
    shipment_values,
    shipped_value,
)
from order_flow.domain.states import DeliveryStatus, PaymentStatus, SettlementStatus

D = Decimal


@pytest.mark.parametrize(
    "total, paid, status",
    [
        ("100", "0", PaymentStatus.UNPAID),
        ("100", "0.01", PaymentStatus.PARTLY_PAID),
        ("100", "99.99", PaymentStatus.PARTLY_PAID),
        ("100", "100", PaymentStatus.PAID),
        ("100", "100.01", PaymentStatus.OVERPAID),
        ("100", "-5", PaymentStatus.UNPAID),
        ("0", "0", PaymentStatus.PAID),
    ],
)
def test_payment_status(total: str, paid: str, status: PaymentStatus) -> None:
    """Compared to the cent; what costs nothing is paid."""
    assert payment_status(D(total), D(paid)) is status


@pytest.mark.parametrize(
    "shipped, status",
    [
        ({}, DeliveryStatus.NOT_SHIPPED),
        ({"a": "0", "b": "0"}, DeliveryStatus.NOT_SHIPPED),
        ({"a": "1"}, DeliveryStatus.PARTLY_SHIPPED),
        ({"a": "2"}, DeliveryStatus.PARTLY_SHIPPED),
        ({"a": "2", "b": "2.9"}, DeliveryStatus.PARTLY_SHIPPED),
        ({"a": "2", "b": "3"}, DeliveryStatus.SHIPPED),
        ({"a": "2", "b": "4"}, DeliveryStatus.SHIPPED),
        ({"gift": "1"}, DeliveryStatus.NOT_SHIPPED),
    ],
)
def test_delivery_status(shipped: dict[str, str], status: DeliveryStatus) -> None:
    """Line by line; the warehouse's own gifts do not count (R-246)."""
    ordered = {"a": D(2), "b": D(3)}
    assert delivery_status(ordered, {line: D(quantity) for line, quantity in shipped.items()}) is status


@given(
    quantities=st.lists(st.integers(1, 50), min_size=1, max_size=8),
    prices=st.lists(st.decimals("0.01", 1000, places=2), min_size=8, max_size=8),
    extras=st.decimals(-10, 100, places=2),
)
def test_value_of_everything_is_the_total(
    quantities: list[int], prices: list[Decimal], extras: Decimal
) -> None:
    """Parts never add up to something else than the order: the last part takes what is left."""
    ordered = {str(index): D(quantity) for index, quantity in enumerate(quantities)}
    gross = {str(index): round_money(D(q) * prices[index]) for index, q in enumerate(quantities)}
    assert shipped_value(ordered, ordered, gross, extras) == sum(gross.values()) + extras
    assert shipped_value(ordered, {}, gross, extras) == ZERO


def test_value_of_a_part() -> None:
    """A third of 100.00 is 33.33; freight counts with the last line only."""
    value = shipped_value({"a": D(3)}, {"a": D(1)}, {"a": D("100.00")}, D(12))
    assert value == D("33.33")


@pytest.mark.parametrize("delivery", list(DeliveryStatus))
@pytest.mark.parametrize("paid", ["99.99", "100.00", "150.00"])
def test_settled_means_all_shipped_and_paid(delivery: DeliveryStatus, paid: str) -> None:
    """R-008, K-05, ADD 3.6: 100 % of what was shipped, and everything shipped."""
    settled = delivery is DeliveryStatus.SHIPPED and D(paid) >= D("100.00")
    expected = SettlementStatus.SETTLED if settled else SettlementStatus.OPEN
    assert settlement_status(D("100.00"), D(paid), delivery) is expected


@given(
    steps=st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 4)), max_size=8),
    extras=st.decimals(min_value=-5, max_value=20, places=2),
)
def test_shipments_are_worth_together_what_was_shipped(steps: list[tuple[str, int]], extras: Decimal) -> None:
    """R-168: parts of an order add up to its shipped value to the cent, however it was cut."""
    ordered = {"a": Decimal(7), "b": Decimal(5)}
    gross = {"a": Decimal("100.01"), "b": Decimal("33.33")}
    leaving, shipped = [], {"a": Decimal(0), "b": Decimal(0)}
    for number, (line, wanted) in enumerate(steps):
        quantity = min(Decimal(wanted), ordered[line] - shipped[line])
        if quantity:
            shipped[line] += quantity
            leaving.append((f"S{number}", date(2026, 11, 1 + number), line, quantity))
    values = shipment_values(leaving, ordered, gross, extras)
    assert len(values) == len(leaving)
    assert sum((value for _day, value in values), Decimal(0)) == (
        shipped_value(ordered, shipped, gross, extras) if leaving else 0
    )
