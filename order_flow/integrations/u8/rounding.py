"""Amounts of a sale line exactly as U8 recomputes them from quantity and taxed price (u8-openapi 2.1).

U8 takes the taxed price of a line and computes everything else itself, so a document only keeps our totals
if its prices lead U8 to them. Where no price with the ledger's decimals can do that, the line is split.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from order_flow.domain.amounts import CENT, HUNDRED, ZERO
from order_flow.integrations.u8.settings import Rounding

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class PriceRule:
    """How one ledger rounds: ``price_decimals`` of unit prices and the mode for exact halves."""

    price_decimals: int = 4
    rounding: Rounding = Rounding.HALF_UP

    @property
    def price_step(self) -> Decimal:
        """The smallest difference between two unit prices."""
        return _ONE.scaleb(-self.price_decimals)

    def money(self, value: Decimal) -> Decimal:
        """``value`` as an amount with two decimals."""
        return value.quantize(CENT, rounding=self.rounding.value)

    def price(self, value: Decimal) -> Decimal:
        """``value`` as a unit price of this ledger."""
        return value.quantize(self.price_step, rounding=self.rounding.value)


@dataclass(frozen=True, slots=True)
class SaleLineAmounts:
    """One line as U8 shows it, in the document's currency; ``gross == net + tax`` always holds."""

    quantity: Decimal
    taxed_price: Decimal
    untaxed_price: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


def amounts_from_taxed_price(
    quantity: Decimal, taxed_price: Decimal, tax_percent: Decimal, rule: PriceRule
) -> SaleLineAmounts:
    """Compute a line the way U8 does for tax-inclusive entry (u8-openapi 2.1).

    Args:
        quantity: quantity in the line's unit, not zero.
        taxed_price: unit price with tax, in the document's currency.
        tax_percent: rate in percent, e.g. ``Decimal(13)``.
        rule: decimals and rounding of the ledger.

    Returns:
        ``gross = round(qty * price)``, ``net = round(gross / (1 + rate))``, ``tax = gross - net``,
        ``untaxed_price = round(net / qty)``.
    """
    gross = rule.money(quantity * taxed_price)
    net = rule.money(gross * HUNDRED / (HUNDRED + tax_percent))
    return SaleLineAmounts(
        quantity=quantity,
        taxed_price=taxed_price,
        untaxed_price=rule.price(net / quantity),
        net=net,
        tax=gross - net,
        gross=gross,
    )


def lines_for_gross(
    quantity: Decimal, gross: Decimal, tax_percent: Decimal, rule: PriceRule
) -> tuple[SaleLineAmounts, ...]:
    """Find one or two lines whose quantities and gross amounts add up to a sold line exactly.

    Args:
        quantity: sold quantity, above zero.
        gross: what the customer pays for it, in cents, not negative.
        tax_percent: rate in percent.
        rule: decimals and rounding of the ledger.

    Returns:
        One line where a price with the ledger's decimals gives ``gross``; otherwise two lines whose prices
        differ by the smallest step or, where halves prevent that, one unit takes what is left.

    Raises:
        ValueError: the quantity is not above zero or the amount is negative or finer than cents.
    """
    if quantity <= ZERO or gross < ZERO or gross != rule.money(gross):
        raise ValueError(
            f"a line needs a quantity above zero and an amount in cents, not {quantity} for {gross}"
        )
    for parts in (
        ((quantity, rule.price(gross / quantity)),),
        _neighbouring_prices(quantity, gross, rule),
        _last_unit(quantity, gross, rule),
    ):
        lines = tuple(amounts_from_taxed_price(qty, price, tax_percent, rule) for qty, price in parts)
        if lines and sum((line.gross for line in lines), ZERO) == gross:
            return lines
    raise ValueError(f"no prices of {rule.price_decimals} decimals give {gross} for a quantity of {quantity}")


def _floor_price(quantity: Decimal, gross: Decimal, rule: PriceRule) -> Decimal:
    return (gross / quantity).quantize(rule.price_step, rounding=ROUND_FLOOR)


def _neighbouring_prices(
    quantity: Decimal, gross: Decimal, rule: PriceRule
) -> tuple[tuple[Decimal, Decimal], ...]:
    """Most units at the price below, as many as needed at the next price above."""
    low = _floor_price(quantity, gross, rule)
    dearer = (gross - quantity * low) / rule.price_step
    if dearer != dearer.to_integral_value() or not ZERO < dearer < quantity:
        return ()
    return ((quantity - dearer, low), (dearer, low + rule.price_step))


def _last_unit(quantity: Decimal, gross: Decimal, rule: PriceRule) -> tuple[tuple[Decimal, Decimal], ...]:
    """All but one unit at the price below; a single unit can carry any amount in cents."""
    if quantity <= _ONE:
        return ()
    low = _floor_price(quantity, gross, rule)
    return ((quantity - _ONE, low), (_ONE, gross - rule.money((quantity - _ONE) * low)))
