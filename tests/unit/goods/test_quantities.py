"""A line is done when nothing that counts is left of it (R-246, R-294)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.errors import ShipmentRefused
from order_flow.domain.goods.quantities import SMALLEST, fitted, still_open
from order_flow.domain.goods.shipments import check_quantities
from order_flow.domain.orders.progress import delivery_status, shipped_value
from order_flow.domain.states import DeliveryStatus

ONE = {"a": Decimal(1)}


@given(st.integers(1, 40), st.integers(1, 100_000).map(lambda number: Decimal(number) / 100))
def test_equal_parts_complete_a_line(parts: int, wanted: Decimal) -> None:
    """As stored with nine decimals: three times a third, seven times a seventh."""
    part = (wanted / parts).quantize(Decimal("0.000000001"))
    if part < SMALLEST:
        return
    shipped = Decimal(0)
    for _parcel in range(parts):
        check_quantities({"a": wanted}, {"a": shipped}, {"a": part})
        shipped += fitted(part, still_open(wanted, shipped))
    assert shipped == wanted


def test_a_remainder_below_the_precision_is_nothing() -> None:
    """Old orders with such a remainder are shipped, and worth their whole line."""
    shipped = {"a": Decimal("0.999999999")}
    assert delivery_status(ONE, shipped) is DeliveryStatus.SHIPPED
    assert shipped_value(ONE, shipped, {"a": Decimal("10.00")}, Decimal(0)) == Decimal("10.00")


@pytest.mark.parametrize("quantity", ["0", "0.00000001", "1.0001"])
def test_neither_dust_nor_too_much_leaves(quantity: str) -> None:
    """Below the precision is nothing, one step above what is open is too much."""
    with pytest.raises(ShipmentRefused):
        check_quantities(ONE, {}, {"a": Decimal(quantity)})
