"""An order's facts turned into the raw order WDT is pushed (wdt-openapi 2.1). Pure.

Amounts: the line's own amount is what our order says, to the cent; what ``num * price`` lacks to it (tax on
top of a price without tax, rounding, a price of more than four decimals) goes into ``adjust_amount``, so
that WDT's equation gives exactly our total: sum of (num*price + adjust - discount - share) + freight + fees.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from order_flow.domain.amounts import ZERO, round_money, share_out
from order_flow.domain.message import Message
from order_flow.domain.orders.facts import LineFacts, OrderFacts, PaymentFacts
from order_flow.domain.regions import district_of
from order_flow.domain.states import PaymentStatus
from order_flow.integrations.errors import Rejected
from order_flow.integrations.field_problem import FieldProblem
from order_flow.integrations.wdt.codes import (
    CLOSING_STATUSES,
    DeliveryTerm,
    PayStatus,
    RawRefundStatus,
    RawTradeStatus,
)
from order_flow.integrations.wdt.field_rules import checked_trade, trade_problems
from order_flow.integrations.wdt.port import RawTrade, RawTradeLine
from order_flow.integrations.wdt.settings import CodAmount, NumberField, TradeRules

FOUR_DECIMALS = Decimal("0.0001")

PAY_STATUS: dict[PaymentStatus, PayStatus] = {
    PaymentStatus.UNPAID: PayStatus.UNPAID,
    PaymentStatus.PARTLY_PAID: PayStatus.PARTLY_PAID,
    PaymentStatus.PAID: PayStatus.PAID,
    PaymentStatus.OVERPAID: PayStatus.PAID,
}

OWN_NUMBER_MARK = "单号:"
"""Stands before the shop's and the customer's number in the remark that people in the warehouse read."""


def raw_trade(
    facts: OrderFacts,
    status: RawTradeStatus,
    rules: TradeRules,
    now: datetime,
    last_pushed: RawTradeStatus | None = None,
) -> RawTrade:
    """Build what is pushed for one order.

    Args:
        facts: the order.
        status: raw status to push, see ``raw_status.next_raw_status``.
        rules: the account's currency, delivery terms and readings of the contract.
        now: the time in China; no order or payment may lie after it.
        last_pushed: status WDT took last; None where it never heard of the order. Only what it knows can
            be cancelled over there: a first push leaves cancelled lines out, a later one closes them.

    Returns:
        The raw order; its amounts satisfy the equation of wdt-openapi 2.1 and its fields their lengths.

    Raises:
        Rejected: a field or the amounts cannot be sent; the message names it and what to correct.
    """
    trade = _drafted(facts, status, rules, now, last_pushed)
    return checked_trade(_equation_checked(trade, in_currency(facts, rules.currency)))


def order_problems(facts: OrderFacts, rules: TradeRules | None = None) -> tuple[FieldProblem, ...]:
    """Everything that WDT would refuse about an order, to be said while it is entered.

    Args:
        facts: the order as it was entered; it need not be complete.
        rules: the account's reading of the contract; None takes the defaults.

    Returns:
        The problems with the fields of the Order form; empty where the order can be told.
    """
    rules = rules or TradeRules()
    try:
        trade = _drafted(facts, RawTradeStatus.UNPAID, rules, facts.ordered_at, None)
        problems = trade_problems(trade)
        if not problems:
            _equation_checked(trade, in_currency(facts, rules.currency))
    except Rejected as refusal:
        return (FieldProblem("total", Message("{0}", refusal.message)),)
    return problems


def _drafted(
    facts: OrderFacts,
    status: RawTradeStatus,
    rules: TradeRules,
    now: datetime,
    last_pushed: RawTradeStatus | None,
) -> RawTrade:
    """The raw order before its fields and its equation are checked."""
    facts = in_currency(facts, rules.currency)
    term = rules.delivery_terms[facts.payment_term]
    pay_status = PAY_STATUS[facts.payment_status]
    # What was paid too much is not this order's money over there; the ledger keeps it.
    paid = min(facts.paid, facts.total)
    receiver = facts.receiver
    trade = RawTrade(
        tid=facts.order_id,
        trade_status=status,
        pay_status=pay_status,
        delivery_term=term,
        trade_time=min(facts.ordered_at, now),
        pay_time=_pay_time(facts, pay_status, now),
        # The code is the customer's own and stable: the name would make a second customer when it changes.
        buyer_nick=facts.customer_code,
        receiver_name=receiver.name,
        receiver_province=receiver.province,
        receiver_city=receiver.city,
        receiver_district=district_of(receiver.city, receiver.district),
        receiver_address=receiver.address,
        receiver_mobile=receiver.mobile or receiver.phone,
        receiver_telno=receiver.phone,
        receiver_zip=receiver.postal_code,
        buyer_message=facts.buyer_message,
        seller_memo=facts.seller_memo,
        post_amount=facts.freight,
        cod_amount=_cod_amount(facts, paid, rules) if term is DeliveryTerm.CASH_ON_DELIVERY else ZERO,
        ext_cod_fee=ZERO,
        other_amount=facts.other_fees,
        paid=paid,
        lines=_lines(facts, status, rules, last_pushed),
        logistics_type=rules.logistics_type,
    )
    return _with_numbers(trade, facts, rules.number_field)


def _cod_amount(facts: OrderFacts, paid: Decimal, rules: TradeRules) -> Decimal:
    rest = facts.total - paid
    if rules.cod_amount is CodAmount.WITHOUT_FEES:
        return max(rest - facts.other_fees, ZERO)
    return rest


def _with_numbers(trade: RawTrade, facts: OrderFacts, where: NumberField) -> RawTrade:
    """Put the shop's and the customer's own numbers in front of a text that the warehouse can search."""
    if where is NumberField.NONE:
        return trade
    told = getattr(trade, where.value)
    numbers = dict.fromkeys((facts.external_number, facts.customer_order_number))
    missing = [number for number in numbers if number and number != facts.order_id and number not in told]
    if not missing:
        return trade
    changed: dict[str, Any] = {where.value: f"{OWN_NUMBER_MARK}{' '.join(missing)} {told}".strip()}
    return replace(trade, **changed)


def line_amount(line: RawTradeLine) -> Decimal:
    """Return what WDT takes a line to be worth (wdt-openapi 2.1), with four decimals."""
    return _four(line.num * line.price) + line.adjust_amount - line.discount - line.share_discount


def receivable(trade: RawTrade) -> Decimal:
    """Return what WDT takes an order to be worth (wdt-openapi 2.1)."""
    return sum((line_amount(line) for line in trade.lines), ZERO) + trade.post_amount + trade.other_amount


def in_currency(facts: OrderFacts, currency: str) -> OrderFacts:
    """Convert an order at its own rate; the order itself where the currency is the same.

    The total is converted once and the lines are fitted to it: the last line that is worth something takes
    the rounding remainder, so the converted order adds up exactly.

    Args:
        facts: the order.
        currency: wanted currency, e.g. ``CNY``; the order's rate leads to it.

    Raises:
        Rejected: the rate is not positive, or no line can take the remainder.
    """
    if facts.currency == currency:
        return facts
    rate = facts.exchange_rate
    if rate <= ZERO:
        raise Rejected(
            Message(
                "Order {0} is in {1} and has no exchange rate to {2}. Enter the rate.",
                facts.order_id,
                facts.currency,
                currency,
            )
        )
    total, freight, other, discount = (
        round_money(amount * rate)
        for amount in (facts.total, facts.freight, facts.other_fees, facts.discount)
    )
    gross = _fitted(facts, rate, total - freight - other + discount)
    return replace(
        facts,
        currency=currency,
        exchange_rate=Decimal(1),
        lines=tuple(
            _converted_line(line, amount, facts) for line, amount in zip(facts.lines, gross, strict=True)
        ),
        freight=freight,
        other_fees=other,
        discount=discount,
        total=total,
        payments=_converted_payments(facts.payments, rate),
    )


def _converted_line(line: LineFacts, gross: Decimal, facts: OrderFacts) -> LineFacts:
    rate = facts.exchange_rate
    tax = round_money(line.tax * rate)
    return replace(
        line,
        unit_price=_four(line.unit_price * rate),
        discount=round_money(line.discount * rate),
        amount=gross if facts.tax_included else gross - tax,
        tax=tax,
        gross=gross,
    )


def _fitted(facts: OrderFacts, rate: Decimal, goods_total: Decimal) -> tuple[Decimal, ...]:
    gross = [round_money(line.gross * rate) for line in facts.lines]
    worth = [index for index, line in enumerate(facts.lines) if not line.cancelled and line.gross > ZERO]
    rest = goods_total - sum((gross[i] for i, line in enumerate(facts.lines) if not line.cancelled), ZERO)
    if rest and not worth:
        raise Rejected(
            Message(
                "Order {0} cannot be converted: {1} are left and no line is worth anything. Check the "
                "order's amounts.",
                facts.order_id,
                rest,
            )
        )
    if worth:
        gross[worth[-1]] += rest
    return tuple(gross)


def _converted_payments(payments: tuple[PaymentFacts, ...], rate: Decimal) -> tuple[PaymentFacts, ...]:
    if not payments:
        return ()
    total = round_money(sum((payment.amount for payment in payments), ZERO) * rate)
    amounts = [round_money(payment.amount * rate) for payment in payments]
    amounts[-1] += total - sum(amounts, ZERO)
    return tuple(replace(payment, amount=amount) for payment, amount in zip(payments, amounts, strict=True))


def _pay_time(facts: OrderFacts, pay_status: PayStatus, now: datetime) -> datetime | None:
    if pay_status is PayStatus.UNPAID or facts.paid_at is None:
        return None
    return min(facts.paid_at, now)


def _lines(
    facts: OrderFacts, status: RawTradeStatus, rules: TradeRules, last_pushed: RawTradeStatus | None
) -> tuple[RawTradeLine, ...]:
    told = [line for line in facts.lines if last_pushed is not None or not line.cancelled]
    weights = [ZERO if line.cancelled else line.gross for line in told]
    try:
        shares = share_out(facts.discount, weights)
    except ValueError as cause:
        raise Rejected(
            Message(
                "Order {0} has a discount of {1} and no line worth anything. Take the discount away or "
                "correct the lines.",
                facts.order_id,
                facts.discount,
            )
        ) from cause
    return tuple(_line(line, share, status, rules) for line, share in zip(told, shares, strict=True))


def _line(line: LineFacts, share: Decimal, status: RawTradeStatus, rules: TradeRules) -> RawTradeLine:
    price = _four(line.unit_price)
    list_amount = _four(line.quantity * price)
    # A cancelled line stays in the order with its number and price, which may not change, worth nothing.
    discount, worth = (ZERO, ZERO) if line.cancelled else (max(line.discount, ZERO), line.gross)
    told_status = _line_status(line, status)
    taken_back = line.cancelled and told_status is RawTradeStatus.REFUNDED
    return RawTradeLine(
        oid=line.line_id,
        goods_id=line.product_code,
        spec_id=line.product_code,
        goods_no=line.product_code,
        spec_no=line.product_code,
        goods_name=line.product_name,
        spec_name=line.specification,
        num=line.quantity,
        price=price,
        adjust_amount=worth + discount - list_amount,
        discount=discount,
        share_discount=share,
        status=told_status,
        refund_status=rules.cancelled_line_refund if taken_back else RawRefundStatus.NONE,
    )


def _line_status(line: LineFacts, status: RawTradeStatus) -> RawTradeStatus:
    if not line.cancelled or status in CLOSING_STATUSES:
        return status
    return RawTradeStatus.REFUNDED if status >= RawTradeStatus.READY else RawTradeStatus.CLOSED


def _equation_checked(trade: RawTrade, facts: OrderFacts) -> RawTrade:
    found = receivable(trade)
    if found != facts.total:
        raise Rejected(
            Message(
                "Order {0} does not add up: lines, freight {1} and fees {2} give {3}, the order says {4}. "
                "Correct the order's amounts.",
                facts.order_id,
                trade.post_amount,
                trade.other_amount,
                found,
                facts.total,
            )
        )
    return trade


def _four(value: Decimal) -> Decimal:
    return value.quantize(FOUR_DECIMALS, rounding=ROUND_HALF_UP)
