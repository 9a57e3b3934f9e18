"""What an order charges, line by line, so that the lines add up to the order's total to the cent (R-044).

Freight and other fees become service lines, the order's discount is spread over the lines by their worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from order_flow.domain.amounts import ZERO, share_out
from order_flow.domain.message import Message
from order_flow.domain.orders.facts import OrderFacts
from order_flow.integrations.errors import Misconfigured, Rejected
from order_flow.integrations.u8.rounding import PriceRule, SaleLineAmounts, lines_for_gross
from order_flow.integrations.u8.settings import U8Settings
from order_flow.integrations.u8.text import checked_code

PRODUCT_CODE_LIMIT = 60
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """One charge: an article or a service with its final amount, tax included, in the order's currency."""

    item_code: str
    quantity: Decimal
    gross: Decimal
    tax_percent: Decimal


@dataclass(frozen=True, slots=True)
class BilledLine:
    """One line of a U8 document: the charge and the amounts that U8 will compute for it."""

    item_code: str
    tax_percent: Decimal
    amounts: SaleLineAmounts

    @property
    def is_free(self) -> bool:
        """Tell whether U8 must take it as a gift: a sale line without an amount is refused otherwise."""
        return self.amounts.gross == ZERO


def price_rule(settings: U8Settings) -> PriceRule:
    """The ledger's decimals and rounding (u8-openapi 2.1)."""
    return PriceRule(settings.amounts.price_decimals, settings.amounts.rounding)


def billed_lines(facts: OrderFacts, settings: U8Settings) -> tuple[BilledLine, ...]:
    """Turn an order into lines that U8 recomputes to exactly the order's total.

    Args:
        facts: the completed order.
        settings: the ledger: service items, decimals, rounding.

    Returns:
        At least one line; a charge whose price cannot be written exactly comes as two.

    Raises:
        Rejected: the order cannot be billed as it is, e.g. its lines do not add up to its total.
        Misconfigured: freight or fees are charged and the ledger has no item for them.
    """
    charges = _less_discount(facts, _goods(facts), _services(facts, settings))
    if not charges:
        raise Rejected(Message("Order {0} has no line to bill; nothing was sent to U8.", facts.order_id))
    total = sum((charge.gross for charge in charges), ZERO)
    if total != facts.total:
        raise Rejected(
            Message(
                "Order {0}: lines, freight and fees less discount come to {1}, the order says {2}. "
                "Recompute the order.",
                facts.order_id,
                total,
                facts.total,
            )
        )
    rule = price_rule(settings)
    return tuple(
        BilledLine(charge.item_code, charge.tax_percent, amounts)
        for charge in charges
        for amounts in lines_for_gross(charge.quantity, charge.gross, charge.tax_percent, rule)
    )


def _goods(facts: OrderFacts) -> list[ChargedLine]:
    charges = []
    for line in facts.lines:
        if line.cancelled or line.quantity == ZERO == line.gross:
            continue
        if line.quantity <= ZERO or line.gross < ZERO:
            raise Rejected(
                Message(
                    "Order {0}, line {1}: quantity {2} and amount {3} cannot be billed. A return is posted "
                    "in U8 as a document of its own.",
                    facts.order_id,
                    line.product_code,
                    line.quantity,
                    line.gross,
                )
            )
        code = checked_code(line.product_code, Message("product code"), PRODUCT_CODE_LIMIT)
        charges.append(ChargedLine(code, line.quantity, line.gross, line.tax_percent))
    return charges


def _services(facts: OrderFacts, settings: U8Settings) -> list[ChargedLine]:
    charges = []
    for amount, code, name in (
        (facts.freight, settings.codes.freight_item, Message("freight")),
        (facts.other_fees, settings.codes.fee_item, Message("other fees")),
    ):
        if amount == ZERO:
            continue
        if amount < ZERO:
            raise Rejected(
                Message(
                    "Order {0}: {1} of {2} cannot be billed. Enter a reduction as a discount.",
                    facts.order_id,
                    name,
                    amount,
                )
            )
        if not code:
            raise Misconfigured(
                Message(
                    "Order {0} charges {1} for {2}, but U8 account {3} has no item code for it. Enter one.",
                    facts.order_id,
                    amount,
                    name,
                    settings.account,
                )
            )
        charges.append(
            ChargedLine(
                checked_code(code, Message("item code for {0}", name), PRODUCT_CODE_LIMIT),
                _ONE,
                amount,
                settings.amounts.service_tax_percent,
            )
        )
    return charges


def _less_discount(
    facts: OrderFacts, goods: list[ChargedLine], services: list[ChargedLine]
) -> list[ChargedLine]:
    """Spread the order's discount over the goods, over all charges where the goods cannot carry it."""
    if facts.discount < ZERO:
        raise Rejected(
            Message(
                "Order {0} has a discount of {1}. Enter a surcharge as other fees instead.",
                facts.order_id,
                facts.discount,
            )
        )
    worth = sum((charge.gross for charge in goods), ZERO)
    if facts.discount <= worth:
        return [*_shared(facts, goods), *services]
    if facts.discount <= worth + sum((charge.gross for charge in services), ZERO):
        return _shared(facts, [*goods, *services])
    raise Rejected(
        Message(
            "Order {0} has a discount of {1}, more than everything it charges. Correct the discount.",
            facts.order_id,
            facts.discount,
        )
    )


def _shared(facts: OrderFacts, charges: Sequence[ChargedLine]) -> list[ChargedLine]:
    if facts.discount == ZERO:
        return list(charges)
    shares = share_out(facts.discount, [charge.gross for charge in charges])
    reduced = [
        replace(charge, gross=charge.gross - share) for charge, share in zip(charges, shares, strict=True)
    ]
    return _without_overdraft(reduced)


def _without_overdraft(charges: list[ChargedLine]) -> list[ChargedLine]:
    """Move what rounding took too much from the last line to lines that still have an amount."""
    missing = sum((-charge.gross for charge in charges if charge.gross < ZERO), ZERO)
    settled = []
    for charge in charges:
        taken = min(missing, max(charge.gross, ZERO))
        missing -= taken
        settled.append(replace(charge, gross=max(charge.gross, ZERO) - taken))
    return settled
