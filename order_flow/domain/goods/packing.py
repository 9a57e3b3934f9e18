"""Scanning goods into parcels and weighing them: wrong goods and wrong quantities do not get in.

R-269, R-274, R-275 and R-277. Quantities are in the product's unit, weights in kilograms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from order_flow.domain.amounts import ZERO
from order_flow.domain.errors import ShipmentRefused

_WRONG: Final = "{code} does not belong to this shipment. Put it back and take what is on the list: {wanted}."
_NOTHING_WANTED: Final = "Everything of this shipment is packed already; {code} is one too many. Put it back."
_TOO_MANY: Final = "{product}: {quantity} would be packed, but {open} of {wanted} is missing. Count again."
_NO_QUANTITY: Final = "A quantity of {quantity} cannot be packed. Enter how many were scanned."
_NO_PARCEL: Final = "There is no parcel {parcel}. Parcels are counted from 1."
_MISSING: Final = "Not everything is packed yet: {lines}. Scan the rest, or take it out of the shipment."
_NOT_WEIGHED: Final = "Parcel {parcels} has not been weighed. Weigh it; then the goods can leave."


@dataclass(frozen=True, slots=True)
class PackLine:
    """A line of a shipment on the packing table.

    Args:
        line: the order line's id.
        product: its code.
        barcode: on the goods; empty where there is none.
        wanted: quantity of the shipment.
        packed: quantity that was scanned into parcels.
    """

    line: str
    product: str
    barcode: str
    wanted: Decimal
    packed: Decimal = ZERO

    @property
    def missing(self) -> Decimal:
        """Return what is still to be packed."""
        return self.wanted - self.packed


def scanned(
    lines: Sequence[PackLine], code: str, quantity: Decimal, parcel: int
) -> tuple[tuple[str, Decimal], ...]:
    """Return what a scan adds, or why it does not.

    Args:
        lines: the shipment's lines.
        code: as read from the goods: their barcode or the product's code.
        quantity: how many.
        parcel: number of the parcel, from 1.

    Returns:
        Line and quantity; several where one article stands on several lines.

    Raises:
        ShipmentRefused: goods that are not wanted, more than is missing, or no quantity.
    """
    if parcel < 1:
        raise ShipmentRefused(_NO_PARCEL, {"parcel": parcel})
    if quantity <= ZERO:
        raise ShipmentRefused(_NO_QUANTITY, {"quantity": f"{quantity.normalize():f}"})
    wanted = code.strip().casefold()
    matching = [line for line in lines if wanted in _codes(line)]
    if not matching:
        open_ones = [line.product for line in lines if line.missing > ZERO]
        if not open_ones:
            raise ShipmentRefused(_NOTHING_WANTED, {"code": code})
        raise ShipmentRefused(_WRONG, {"code": code, "wanted": ", ".join(dict.fromkeys(open_ones))})
    missing = sum((line.missing for line in matching), ZERO)
    if quantity > missing:
        values = {
            "product": matching[0].product,
            "quantity": f"{quantity.normalize():f}",
            "open": f"{missing.normalize():f}",
            "wanted": f"{sum((line.wanted for line in matching), ZERO).normalize():f}",
        }
        raise ShipmentRefused(_TOO_MANY, values)
    added: list[tuple[str, Decimal]] = []
    for line in matching:
        part = min(line.missing, quantity)
        if part > ZERO:
            added.append((line.line, part))
            quantity -= part
    return tuple(added)


def _codes(line: PackLine) -> frozenset[str]:
    return frozenset(code.strip().casefold() for code in (line.product, line.barcode) if code)


def check_packed(lines: Iterable[PackLine]) -> None:
    """Refuse a shipment whose parcels do not hold exactly what it says (R-275).

    Raises:
        ShipmentRefused: naming what is missing.
    """
    missing = [line for line in lines if line.missing != ZERO]
    if missing:
        words = ", ".join(
            f"{line.product} {line.packed.normalize():f}/{line.wanted.normalize():f}" for line in missing
        )
        raise ShipmentRefused(_MISSING, {"lines": words})


def check_weighed(weights: Mapping[int, Decimal], computed: Decimal | None) -> None:
    """Refuse parcels without a weight, unless nobody knows what the goods weigh (R-277).

    Args:
        weights: by parcel number.
        computed: as ``computed_weight`` gives it.

    Raises:
        ShipmentRefused: naming the parcels.
    """
    unweighed = [number for number, weight in sorted(weights.items()) if weight <= ZERO]
    if computed is not None and unweighed:
        raise ShipmentRefused(_NOT_WEIGHED, {"parcels": ", ".join(map(str, unweighed))})


def computed_weight(lines: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return what the goods must weigh by their own weights.

    Args:
        lines: quantity and weight of one piece.

    Returns:
        None where the weight of any of them is not known: then there is nothing to compare with.
    """
    total = ZERO
    for quantity, piece in lines:
        if piece <= ZERO:
            return None
        total += quantity * piece
    return total


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far the scales may be off: a share of the goods' weight, but at least the packing's own weight.

    Args:
        percent: of the computed weight.
        kilograms: what packing may weigh in any case.
    """

    percent: Decimal
    kilograms: Decimal

    def covers(self, weighed: Decimal, computed: Decimal | None) -> bool:
        """Tell whether a weight is near enough to the computed one; always where there is none."""
        if computed is None:
            return True
        allowed = max(computed * self.percent / 100, self.kilograms)
        return abs(weighed - computed) <= allowed
