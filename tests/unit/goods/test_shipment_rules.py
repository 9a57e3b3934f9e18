"""What may be shipped, and how a shipment moves (R-246, R-277, design 4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from order_flow.domain.errors import ShipmentRefused
from order_flow.domain.goods.shipments import (
    LEFT_WAREHOUSE,
    SHIPMENT_AS_READ,
    ShipmentState,
    check_quantities,
)

ORDERED = {"a": Decimal(5), "b": Decimal("2.5")}


@pytest.mark.parametrize(
    "shipped, leaving",
    [
        ({}, {"a": "5", "b": "2.5"}),
        ({}, {"a": "0.001"}),
        ({"a": "3"}, {"a": "2"}),
        ({"a": "5"}, {"a": "0", "b": "1"}),
    ],
)
def test_what_is_open_may_leave(shipped: dict[str, str], leaving: dict[str, str]) -> None:
    """Partial shipment is arithmetic on the order's lines."""
    check_quantities(
        ORDERED, {k: Decimal(v) for k, v in shipped.items()}, {k: Decimal(v) for k, v in leaving.items()}
    )


@pytest.mark.parametrize(
    "shipped, leaving, words",
    [
        ({}, {}, "Nothing"),
        ({}, {"a": "0"}, "Nothing"),
        ({}, {"a": "5.001"}, "only 5 of 5 is open"),
        ({"a": "3"}, {"a": "3"}, "only 2 of 5 is open"),
        ({"a": "5"}, {"a": "1"}, "only 0 of 5 is open"),
        ({}, {"c": "1"}, "no line c"),
        ({}, {"a": "1", "c": "0"}, "no line c"),
        ({}, {"a": "1", "b": "-1"}, "below zero"),
    ],
)
def test_what_does_not_fit_is_refused(shipped: dict[str, str], leaving: dict[str, str], words: str) -> None:
    """R-246: too much, nothing, less than nothing, or another order's line; the refusal names the line."""
    with pytest.raises(ShipmentRefused, match=words):
        check_quantities(
            ORDERED, {k: Decimal(v) for k, v in shipped.items()}, {k: Decimal(v) for k, v in leaving.items()}
        )


def test_a_shipment_never_goes_back() -> None:
    """R-277: stages may be skipped, since WDT is read in intervals; none is repeated."""
    order = list(ShipmentState)
    forward = {
        ShipmentState.IN_TRANSIT: {ShipmentState.EXCEPTION},
        ShipmentState.EXCEPTION: {ShipmentState.IN_TRANSIT},
    }
    for state in ShipmentState:
        targets = SHIPMENT_AS_READ.targets_from(state)
        assert state not in targets
        for target in targets - {ShipmentState.VOIDED, ShipmentState.EXCEPTION}:
            if state is ShipmentState.EXCEPTION:
                assert target in {ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED}
            else:
                assert order.index(target) > order.index(state)
    assert forward[ShipmentState.IN_TRANSIT] <= SHIPMENT_AS_READ.targets_from(ShipmentState.IN_TRANSIT)


def test_the_end_of_a_shipment() -> None:
    """Delivered and voided shipments stay as they are."""
    ends = {state for state in ShipmentState if not SHIPMENT_AS_READ.steps_from(state)}
    assert ends == {ShipmentState.DELIVERED, ShipmentState.VOIDED}


def test_only_goods_outside_count() -> None:
    """Quantities count from the moment the goods have left, whatever happens to the parcel then."""
    assert {
        ShipmentState.SHIPPED,
        ShipmentState.IN_TRANSIT,
        ShipmentState.DELIVERED,
        ShipmentState.EXCEPTION,
    } == LEFT_WAREHOUSE
