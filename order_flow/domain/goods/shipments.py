"""The life of a shipment, which follows the warehouse (design 4, R-277), and what may be shipped."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

from order_flow.domain.amounts import ZERO
from order_flow.domain.errors import ShipmentRefused
from order_flow.domain.goods.quantities import SMALLEST, fitted, still_open
from order_flow.domain.lifecycle import Lifecycle, Transition
from order_flow.domain.states import Role


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


class ShipmentStep(StrEnum):
    """What people do with a shipment that is led here, stage by stage (R-267 to R-290)."""

    PRINT = "Print Papers"
    PICK = "Finish Picking"
    SCAN = "Finish Scanning"
    DISPATCH = "Dispatch"
    HAND_OVER = "Hand Over to Carrier"
    DELIVER = "Report Delivery"
    REPORT_EXCEPTION = "Report Exception"
    RESUME = "Back on Its Way"
    VOID = "Void Shipment"


ShipmentTransition = Transition[ShipmentStep, ShipmentState]

_S, _D = ShipmentState, ShipmentStep

STEPS_BY_HAND: Final = (
    ShipmentTransition(_D.PRINT, _S.WAITING_FOR_PRINT, _S.PICKING),
    ShipmentTransition(_D.PICK, _S.PICKING, _S.SCANNING),
    ShipmentTransition(_D.SCAN, _S.SCANNING, _S.WEIGHING),
    ShipmentTransition(_D.DISPATCH, _S.WEIGHING, _S.SHIPPED),
    ShipmentTransition(_D.HAND_OVER, _S.SHIPPED, _S.IN_TRANSIT),
    ShipmentTransition(_D.DELIVER, _S.SHIPPED, _S.DELIVERED),
    ShipmentTransition(_D.DELIVER, _S.IN_TRANSIT, _S.DELIVERED),
    ShipmentTransition(_D.DELIVER, _S.EXCEPTION, _S.DELIVERED),
    ShipmentTransition(_D.REPORT_EXCEPTION, _S.SHIPPED, _S.EXCEPTION),
    ShipmentTransition(_D.REPORT_EXCEPTION, _S.IN_TRANSIT, _S.EXCEPTION),
    ShipmentTransition(_D.RESUME, _S.EXCEPTION, _S.IN_TRANSIT),
    *(ShipmentTransition(_D.VOID, state, _S.VOIDED) for state in (*_WAREHOUSE, _S.SHIPPED)),
)
"""By hand no stage is skipped (R-277); where a company has no stages, its goods leave in one step."""

ROLES_OF_SHIPMENT_STEP: Final[dict[ShipmentStep, tuple[Role, ...]]] = {
    _D.PRINT: (Role.WAREHOUSE,),
    _D.PICK: (Role.WAREHOUSE,),
    _D.SCAN: (Role.WAREHOUSE,),
    _D.DISPATCH: (Role.WAREHOUSE, Role.LOGISTICS),
    _D.HAND_OVER: (Role.WAREHOUSE, Role.LOGISTICS),
    _D.DELIVER: (Role.LOGISTICS, Role.ORDER_DESK, Role.INTEGRATION),
    _D.REPORT_EXCEPTION: (Role.LOGISTICS, Role.ORDER_DESK, Role.INTEGRATION),
    _D.RESUME: (Role.LOGISTICS, Role.ORDER_DESK, Role.INTEGRATION),
    _D.VOID: (Role.WAREHOUSE, Role.LOGISTICS, Role.ORDER_DESK, Role.INTEGRATION),
}
"""Who may take a step; an outside warehouse's integration reports what happened on the way."""

SHIPMENT_BY_HAND: Final = Lifecycle(STEPS_BY_HAND, ROLES_OF_SHIPMENT_STEP)
"""The lifecycle of a shipment that people lead."""


class ReadStep(StrEnum):
    """What happened to a shipment that somebody else leads, as far as reading tells."""

    FOLLOW = "Follow"


_FOLLOWING: Final[Mapping[ShipmentState, tuple[ShipmentState, ...]]] = {
    **{state: (*_WAREHOUSE[index + 1 :], _S.SHIPPED, _S.VOIDED) for index, state in enumerate(_WAREHOUSE)},
    _S.SHIPPED: (_S.IN_TRANSIT, _S.DELIVERED, _S.EXCEPTION, _S.VOIDED),
    _S.IN_TRANSIT: (_S.DELIVERED, _S.EXCEPTION),
    _S.EXCEPTION: (_S.IN_TRANSIT, _S.DELIVERED),
}

SHIPMENT_AS_READ: Final = Lifecycle(
    tuple(
        Transition(ReadStep.FOLLOW, source, target)
        for source, targets in _FOLLOWING.items()
        for target in targets
    )
)
"""The lifecycle of a shipment that is read. A stage may be skipped, since WDT is read in intervals; none goes
back. Voided after Shipped is the warehouse taking a shipment back (撤销发货)."""

WAREHOUSE_STAGES: Final = frozenset(_WAREHOUSE)
"""The goods are still in the house."""


def is_ahead_of(state: ShipmentState, other: ShipmentState) -> bool:
    """Tell whether one stage in the house comes after another.

    Args:
        state: a stage in the house.
        other: a stage in the house.
    """
    return _WAREHOUSE.index(state) > _WAREHOUSE.index(other)


_UNKNOWN_LINE = "The order has no line {line}. Ship the order's own lines; reload the order and try again."
_TOO_MUCH = (
    "Line {line}: {quantity} would be shipped, but only {open} of {ordered} is open. Correct the quantity."
)
_PREPARED = (
    "Line {line}: {quantity} would be shipped, but shipment {shipment} is getting these goods ready and only "
    "{open} is left beside it. Dispatch that shipment, or void it first."
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
    if not any(abs(quantity) >= SMALLEST for quantity in leaving.values()):
        raise ShipmentRefused(_NOTHING)
    for line, quantity in leaving.items():
        if line not in ordered:
            raise ShipmentRefused(_UNKNOWN_LINE, {"line": line})
        if quantity < ZERO:
            raise ShipmentRefused(_NEGATIVE, {"line": line, "quantity": _shown(quantity)})
        rest = still_open(ordered[line], shipped.get(line, ZERO))
        if fitted(quantity, rest) > rest:
            raise ShipmentRefused(
                _TOO_MUCH,
                {
                    "line": line,
                    "quantity": _shown(quantity),
                    "open": _shown(rest),
                    "ordered": _shown(ordered[line]),
                },
            )


def check_not_prepared(
    open_lines: Mapping[str, Decimal],
    prepared: Mapping[str, Mapping[str, Decimal]],
    leaving: Mapping[str, Decimal],
) -> None:
    """Refuse to ship past the warehouse what it gets ready, and perhaps found to be broken.

    Args:
        open_lines: what has not left, by line id.
        prepared: quantity by line id of every shipment that is in the house.
        leaving: quantity of the new shipment by line id.

    Raises:
        ShipmentRefused: naming the first shipment that has the goods.
    """
    for line, quantity in leaving.items():
        holders = {name: lines[line] for name, lines in prepared.items() if lines.get(line)}
        free = max(open_lines.get(line, ZERO) - sum(holders.values(), ZERO), ZERO)
        if holders and still_open(quantity, free):
            raise ShipmentRefused(
                _PREPARED,
                {
                    "line": line,
                    "quantity": _shown(quantity),
                    "open": _shown(free),
                    "shipment": min(holders),
                },
            )
