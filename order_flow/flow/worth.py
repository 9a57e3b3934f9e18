"""What an amount of an order is worth in the company's currency."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from order_flow.domain.amounts import to_decimal
from order_flow.domain.money.credit import RateUnknown, in_company_currency
from order_flow.flow.refusals import refuse_rule

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def company_worth(order: Order, amount: Decimal) -> Decimal:
    """An amount of an order in the company's currency.

    Args:
        order: the Order document or row; its currency and exchange rate are read.
        amount: in the order's currency.

    Returns:
        The amount to the cent; 0 is 0 in every currency.

    Raises:
        StepRefused: the order has no exchange rate, so nobody knows.
    """
    try:
        return in_company_currency(amount, to_decimal(order.exchange_rate))
    except RateUnknown as error:
        refuse_rule(error)


def known_worth(order: Order, amount: Decimal) -> Decimal | None:
    """The same for lists and reports; None where nobody knows."""
    try:
        return in_company_currency(amount, to_decimal(order.exchange_rate))
    except RateUnknown:
        return None
