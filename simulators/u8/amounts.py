"""Amounts of a sale line, as U8 computes them for itself (u8-openapi 2.1).

Where a line carries a taxed price, that price rules and everything else follows from it. Halves are rounded
up because no source states the mode (u8-openapi 7.12).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from simulators.u8.contract import AMOUNT_DECIMALS

_HUNDRED: Final = Decimal(100)
_ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class LineAmounts:
    """Prices and amounts of one line in the document currency.

    Args:
        unit_price: untaxed price, ledger price decimals.
        taxed_price: taxed price, ledger price decimals.
        net: untaxed amount, 2 decimals.
        tax: gross minus net, 2 decimals.
        gross: taxed amount, 2 decimals.
    """

    unit_price: Decimal
    taxed_price: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


def rounded(value: Decimal, decimals: int) -> Decimal:
    """``value`` with ``decimals`` places, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def from_taxed_price(quantity: Decimal, price: Decimal, rate: Decimal, decimals: int) -> LineAmounts:
    """Amounts of a line entered with its taxed price; ``rate`` in percent (u8-openapi 2.1)."""
    gross = rounded(quantity * price, AMOUNT_DECIMALS)
    return _from_gross(quantity, gross, price, rate, decimals)


def from_gross(quantity: Decimal, gross: Decimal, rate: Decimal, decimals: int) -> LineAmounts:
    """Amounts of a line entered with its taxed amount only; ``rate`` in percent."""
    return _from_gross(quantity, gross, rounded(gross / quantity, decimals), rate, decimals)


def from_untaxed_price(quantity: Decimal, price: Decimal, rate: Decimal, decimals: int) -> LineAmounts:
    """Amounts of a line entered with its untaxed price; ``rate`` in percent."""
    net = rounded(quantity * price, AMOUNT_DECIMALS)
    return _from_net(quantity, net, price, rate, decimals)


def from_net(quantity: Decimal, net: Decimal, rate: Decimal, decimals: int) -> LineAmounts:
    """Amounts of a line entered with its untaxed amount only; ``rate`` in percent."""
    return _from_net(quantity, net, rounded(net / quantity, decimals), rate, decimals)


def free_of_charge() -> LineAmounts:
    """Amounts of a gift line."""
    return LineAmounts(_ZERO, _ZERO, _ZERO, _ZERO, _ZERO)


def _from_gross(
    quantity: Decimal, gross: Decimal, taxed_price: Decimal, rate: Decimal, decimals: int
) -> LineAmounts:
    net = rounded(gross * _HUNDRED / (_HUNDRED + rate), AMOUNT_DECIMALS)
    return LineAmounts(rounded(net / quantity, decimals), taxed_price, net, gross - net, gross)


def _from_net(
    quantity: Decimal, net: Decimal, unit_price: Decimal, rate: Decimal, decimals: int
) -> LineAmounts:
    tax = rounded(net * rate / _HUNDRED, AMOUNT_DECIMALS)
    gross = net + tax
    return LineAmounts(unit_price, rounded(gross / quantity, decimals), net, tax, gross)
