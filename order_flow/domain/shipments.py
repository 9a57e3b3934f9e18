"""The life of a shipment, which follows the warehouse (design 4, R-277), and what may be shipped."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from order_flow.domain.errors import ShipmentRefused
from order_flow.domain.money import ZERO


class ShipmentState(StrEnum):
    """Where a shipment stands in the warehouse or on its way."""

    WAITING_FOR_PRINT = "Waiting for Print"
    PICKING = "Picking"
    SCANNING = "Scanning"
    WEIGHING = "Weighing"
    SHIPPED = "Shipped"
    IN_TRANSIT = "In Transit"
    DELIVERED = "Delivered"
    EXCEPTION = "Exception"
    VOIDED = "Voided"


LEFT_WAREHOUSE = frozenset(
    {ShipmentState.SHIPPED, ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED, ShipmentState.EXCEPTION}
)
"""States in which the goods have left; only these count as shipped quantities."""

_WAREHOUSE = (
    ShipmentState.WAITING_FOR_PRINT,
    ShipmentState.PICKING,
    ShipmentState.SCANNING,
    ShipmentState.WEIGHING,
)

SHIPMENT_TRANSITIONS: dict[ShipmentState, frozenset[ShipmentState]] = {
    **{
        state: frozenset({*_WAREHOUSE[index + 1 :], ShipmentState.SHIPPED, ShipmentState.VOIDED})
        for index, state in enumerate(_WAREHOUSE)
    },
    ShipmentState.SHIPPED: frozenset(
        {ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED, ShipmentState.EXCEPTION, ShipmentState.VOIDED}
    ),
    ShipmentState.IN_TRANSIT: frozenset({ShipmentState.DELIVERED, ShipmentState.EXCEPTION}),
    ShipmentState.EXCEPTION: frozenset({ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED}),
    ShipmentState.DELIVERED: frozenset(),
    ShipmentState.VOIDED: frozenset(),
}
"""Which state may follow which. A stage may be skipped, since WDT is read in intervals; none goes back.
Voided after Shipped is the warehouse taking a shipment back (撤销发货)."""

_UNKNOWN_LINE = "The order has no line {line}. Ship the order's own lines; reload the order and try again."
_TOO_MUCH = (
    "Line {line}: {quantity} would be shipped, but only {open} of {ordered} is open. Correct the quantity."
)
_NEGATIVE = "Line {line}: {quantity} is below zero. Void a shipment to take goods back."
_NOTHING = "Nothing would be shipped: every quantity is zero. Enter the quantities that leave the warehouse."


def _shown(quantity: Decimal) -> str:
    """Without the zeros that the database adds."""
    return format(quantity.normalize(), "f")


def check_quantities(
    ordered: Mapping[str, Decimal], shipped: Mapping[str, Decimal], leaving: Mapping[str, Decimal]
) -> None:
    """Refuse a shipment that does not fit what is still open of the order.

    Args:
        ordered: ordered quantity by line id.
        shipped: quantity that other shipments have taken, by line id.
        leaving: quantity of this shipment by line id.

    Raises:
        ShipmentRefused: an unknown line, more than is open, less than zero, or nothing at all.
    """
    if not any(quantity > ZERO for quantity in leaving.values()):
        raise ShipmentRefused(_NOTHING)
    for line, quantity in leaving.items():
        if line not in ordered:
            raise ShipmentRefused(_UNKNOWN_LINE, {"line": line})
        if quantity < ZERO:
            raise ShipmentRefused(_NEGATIVE, {"line": line, "quantity": _shown(quantity)})
        still_open = ordered[line] - shipped.get(line, ZERO)
        if quantity > still_open:
            raise ShipmentRefused(
                _TOO_MUCH,
                {
                    "line": line,
                    "quantity": _shown(quantity),
                    "open": _shown(still_open),
                    "ordered": _shown(ordered[line]),
                },
            )
