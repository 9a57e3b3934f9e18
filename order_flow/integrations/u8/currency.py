"""Currency of an order as a ledger sees it (u8-openapi 2.1, 3.6)."""

from __future__ import annotations

from decimal import Decimal

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message
from order_flow.domain.orders.facts import OrderFacts
from order_flow.integrations.errors import Rejected
from order_flow.integrations.u8.settings import U8Settings


def exchange_rate(facts: OrderFacts, settings: U8Settings) -> Decimal:
    """Units of the ledger's currency for one unit of the order's; 1 in the ledger's own currency.

    Raises:
        Rejected: a foreign order without a rate.
    """
    if facts.currency == settings.amounts.ledger_currency:
        return Decimal(1)
    if facts.exchange_rate <= ZERO:
        raise Rejected(
            Message(
                "Order {0} is in {1} and has no exchange rate to {2}. Enter the rate.",
                facts.order_id,
                facts.currency,
                settings.amounts.ledger_currency,
            )
        )
    return facts.exchange_rate


def currency_name(code: str, settings: U8Settings) -> str:
    """A currency by the name it has in the ledger; the code itself where no name is entered."""
    amounts = settings.amounts
    if code == amounts.ledger_currency:
        return amounts.ledger_currency_name
    return amounts.currency_names.get(code, code)
