"""Gates over prices and terms: what was agreed, and what the company sells for (R-056..R-060, R-390)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from order_flow.domain.amounts import HUNDRED, ZERO, round_money
from order_flow.domain.gates.data import DataFacts, LineData, naming_lines
from order_flow.domain.gates.model import (
    BEFORE_WORK,
    CheckPoint,
    FactGroup,
    GateCode,
    GateRule,
    OpenGate,
    fingerprint,
)
from order_flow.domain.states import PaymentFamily, Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts

_DIFFERS = (
    "These lines differ from what was agreed: {lines}. Correct the order, or the agreement noted on the line."
)
_PRICE = (
    "The price of these lines is neither the agreed one nor the list price: {lines}. Correct it, or agree a "
    "price with the customer and enter it as Customer Price."
)
_POLICY = (
    "The company's sales policy does not allow '{payment_term}' with '{transport_mode}' in '{trade}' trade. "
    "Agree other terms."
)
_DISCOUNT = "The discount of {percent} % is above the {limit} % that need no approval. Have it approved."
_NO_REASON = (
    "The discount of {percent} % is above the {limit} % that need no approval, and no reason is given. "
    "Enter the reason, then have it approved."
)
_PAID = "{paid} is confirmed as received, {total} is due. Finance clears the difference with the customer."

_APPROVERS = (Role.SALES_MANAGER, Role.MARKETING_DIRECTOR, Role.GENERAL_MANAGER)
_PERCENT = Decimal("0.01")


def _differs(line: LineData) -> bool:
    return (
        (line.agreed_quantity > ZERO and line.agreed_quantity != line.quantity)
        or (line.agreed_price > ZERO and line.agreed_price != line.unit_price)
        or (bool(line.agreed_specification) and line.agreed_specification != line.specification)
    )


def agreement_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Specification, quantity and price equal what enquiry and quotation said (R-056, R-059)."""
    wrong = [line for line in facts.data.lines if _differs(line)]
    if not wrong:
        return None
    return OpenGate(
        GateCode.DIFFERS_FROM_AGREEMENT,
        _DIFFERS,
        (Role.ORDER_DESK, Role.SALES),
        {"lines": naming_lines(wrong)},
        subject=fingerprint(*wrong),
    )


def price_is_known(line: LineData, tolerance: Decimal) -> bool:
    """Tell whether a line's price is one that the company sells for.

    Args:
        line: the line; a gift has no price.
        tolerance: percent by which it may differ; 0 means equal (R-057).

    Returns:
        False also where no price is known at all.
    """
    if line.is_gift:
        return True
    return any(abs(line.unit_price - price) * HUNDRED <= price * tolerance for price in line.known_prices)


def price_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """The price equals the agreed or the current selling price (R-057)."""
    wrong = [line for line in facts.data.lines if not price_is_known(line, facts.data.price_tolerance)]
    if not wrong:
        return None
    return OpenGate(
        GateCode.PRICE_NOT_AGREED,
        _PRICE,
        (Role.ORDER_DESK, Role.SALES),
        {"lines": naming_lines(wrong)},
        subject=fingerprint(*((line.product, line.unit_price.normalize()) for line in wrong)),
    )


def policy_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Payment, delivery and trade follow a row of the sales policy; without rows everything does (R-058)."""
    data = facts.data
    allowed = any(
        row.trade in ("", data.trade)
        and row.payment_term in ("", data.payment_term)
        and row.transport_mode in ("", data.transport_mode)
        for row in data.sales_policy
    )
    if allowed or not data.sales_policy:
        return None
    terms = {
        "payment_term": data.payment_term,
        "transport_mode": data.transport_mode or "-",
        "trade": data.trade,
    }
    return OpenGate(
        GateCode.AGAINST_SALES_POLICY,
        _POLICY,
        (Role.ORDER_DESK, Role.SALES),
        terms,
        subject=fingerprint(*terms.values()),
    )


def discount_percent(data: DataFacts) -> Decimal:
    """All discounts of an order in percent of its undiscounted value, to the hundredth; 0 without value."""
    value = sum((line.quantity * line.unit_price for line in data.lines), ZERO)
    given = sum((line.discount for line in data.lines), ZERO) + data.discount
    return (given * HUNDRED / value).quantize(_PERCENT) if value > ZERO else ZERO


def discount_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A special discount is requested with its reason and counts only when it is approved (R-390)."""
    data = facts.data
    percent = discount_percent(data)
    if percent <= data.discount_limit:
        return None
    return OpenGate(
        GateCode.DISCOUNT_NOT_APPROVED,
        _DISCOUNT if data.discount_reason.strip() else _NO_REASON,
        (Role.ORDER_DESK, Role.SALES),
        {"percent": percent, "limit": data.discount_limit.normalize()},
        subject=fingerprint(percent, data.discount_reason.strip()),
    )


def paid_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Of an order that is paid first, what was paid equals what is due: not less, not more (R-060)."""
    if facts.family is PaymentFamily.PAY_LATER or facts.paid == facts.total:
        return None
    return OpenGate(
        GateCode.PAYMENT_DIFFERS,
        _PAID,
        (Role.FINANCE,),
        {"paid": round_money(facts.paid), "total": round_money(facts.total)},
        subject=fingerprint(facts.paid, facts.total),
    )


RULES: tuple[GateRule, ...] = (
    GateRule(
        GateCode.DIFFERS_FROM_AGREEMENT, agreement_gate, FactGroup.DATA, points=BEFORE_WORK, in_content=True
    ),
    GateRule(GateCode.PRICE_NOT_AGREED, price_gate, FactGroup.DATA, _APPROVERS, BEFORE_WORK, in_content=True),
    GateRule(
        GateCode.AGAINST_SALES_POLICY, policy_gate, FactGroup.DATA, _APPROVERS, BEFORE_WORK, in_content=True
    ),
    GateRule(GateCode.DISCOUNT_NOT_APPROVED, discount_gate, FactGroup.DATA, _APPROVERS, BEFORE_WORK),
    GateRule(
        GateCode.PAYMENT_DIFFERS, paid_gate, FactGroup.ORDER, (Role.FINANCE, Role.SALES_MANAGER), BEFORE_WORK
    ),
)
