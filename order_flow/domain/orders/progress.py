"""What is derived from payments, shipments and settlement; never set by hand (design 3, K-05)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.goods.quantities import still_open
from order_flow.domain.states import DeliveryStatus, PaymentStatus, SettlementStatus


def payment_status(total: Decimal, paid: Decimal) -> PaymentStatus:
    """Compare the confirmed money with the order's total.

    Args:
        total: the order's computed total.
        paid: confirmed payments less refunds, in the same currency.

    Returns:
        The payment status. An order that costs nothing counts as paid.
    """
    if paid > total:
        return PaymentStatus.OVERPAID
    if paid == total:
        return PaymentStatus.PAID
    return PaymentStatus.PARTLY_PAID if paid > ZERO else PaymentStatus.UNPAID


def delivery_status(ordered: Mapping[str, Decimal], shipped: Mapping[str, Decimal]) -> DeliveryStatus:
    """Compare shipped with ordered quantities, line by line.

    Args:
        ordered: ordered quantity by line id.
        shipped: shipped quantity by line id; lines that are not ordered (gifts) do not count.

    Returns:
        The delivery status.
    """
    if all(still_open(quantity, shipped.get(line, ZERO)) <= ZERO for line, quantity in ordered.items()):
        return DeliveryStatus.SHIPPED
    if any(shipped.get(line, ZERO) > ZERO for line in ordered):
        return DeliveryStatus.PARTLY_SHIPPED
    return DeliveryStatus.NOT_SHIPPED


def shipped_value(
    ordered: Mapping[str, Decimal],
    shipped: Mapping[str, Decimal],
    gross: Mapping[str, Decimal],
    extras: Decimal,
) -> Decimal:
    """Value of what has been shipped, in the order's currency.

    Freight, fees and the order's discount belong to the order as a whole and count in full with the
    last line shipped, so that the value of a completely shipped order is its total.

    Args:
        ordered: ordered quantity by line id.
        shipped: shipped quantity by line id.
        gross: amount with tax by line id.
        extras: freight plus fees less the order's discount.

    Returns:
        The value, rounded to cents.
    """
    value = ZERO
    for line, quantity in ordered.items():
        done = min(shipped.get(line, ZERO), quantity)
        whole = not still_open(quantity, done)
        value += gross[line] if whole else round_money(gross[line] * done / quantity)
    if delivery_status(ordered, shipped) is DeliveryStatus.SHIPPED:
        value += extras
    return value


def shipment_values(
    leaving: Iterable[tuple[str, date, str, Decimal]],
    ordered: Mapping[str, Decimal],
    gross: Mapping[str, Decimal],
    extras: Decimal,
) -> tuple[tuple[date, Decimal], ...]:
    """Return what each shipment of an order is worth; the values add up to ``shipped_value`` of them all.

    Args:
        leaving: shipment, its day, line id and quantity, in the order in which goods left.
        ordered: ordered quantity by line id.
        gross: amount with tax by line id.
        extras: freight plus fees less the order's discount; it counts with the shipment that completes.

    Returns:
        Day and value by shipment.
    """
    values: dict[str, tuple[date, Decimal]] = {}
    shipped: dict[str, Decimal] = {}
    before = ZERO
    for shipment, day, line, quantity in leaving:
        shipped[line] = shipped.get(line, ZERO) + quantity
        after = shipped_value(ordered, shipped, gross, extras)
        values[shipment] = (day, values.get(shipment, (day, ZERO))[1] + after - before)
        before = after
    return tuple(values.values())


def settlement_status(shipped_worth: Decimal, paid: Decimal, delivery: DeliveryStatus) -> SettlementStatus:
    """Settled means that everything ordered is shipped and its value is paid to 100 % (K-05, ADD 3.6)."""
    if delivery is DeliveryStatus.SHIPPED and paid >= shipped_worth:
        return SettlementStatus.SETTLED
    return SettlementStatus.OPEN
