"""Receivable and receipts of an order: the sub-ledger way of posting (u8-openapi 3.6, 3.7, 4 option B).

The heads of these documents count in the ledger's currency: the published receivable adds a foreign line at
its local worth to the head's amount, and a receipt's ``amount`` is documented as local.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message
from order_flow.domain.orders.facts import OrderFacts, PaymentFacts
from order_flow.integrations.errors import Rejected
from order_flow.integrations.u8.billing import billed_lines, price_rule
from order_flow.integrations.u8.currency import currency_name, exchange_rate
from order_flow.integrations.u8.keys import document_key
from order_flow.integrations.u8.numbers import amount_text, quantity_text
from order_flow.integrations.u8.port import U8Document, U8DocumentKind
from order_flow.integrations.u8.settings import CHINA, RefundPosting, U8Settings
from order_flow.integrations.u8.text import clean_text

RECEIPT_VOUCHER = "48"
PAYMENT_VOUCHER = "49"
_BLUE = "1"
_CREDIT_LINE = "0"
_FOR_RECEIVABLE = "0"
_NO_QUANTITY = "0"
_DIGEST_LIMIT = 120


def receivable(
    facts: OrderFacts, settings: U8Settings, customer: str, on_date: date
) -> tuple[U8Document, ...]:
    """Return what the customer owes for the order, as one blue receivable.

    Args:
        facts: the completed order.
        settings: the ledger.
        customer: checked U8 customer code.
        on_date: document date.

    Returns:
        One document, with net and tax on lines of their own where the ledger has a tax account; none for an
        order that costs nothing.
    """
    if facts.total == ZERO:
        return ()
    key = document_key(U8DocumentKind.RECEIVABLE, facts.order_id)
    digest = clean_text(" ".join((key, facts.order_id, facts.external_number)), _DIGEST_LIMIT)
    lines = [
        {
            "cust_vendor_code": customer,
            **_amount_fields(amount, facts, settings),
            "bdebitcredit": _CREDIT_LINE,
            "digest": digest,
            **_filled({"subjectcode": subject, "deptcode": settings.codes.department}),
        }
        for amount, subject in _booked_amounts(facts, settings)
    ]
    local = sum((Decimal(line["natamount"]) for line in lines), ZERO)
    head: dict[str, Any] = {
        "date": on_date.isoformat(),
        "bdebitcredit": _BLUE,
        "cust_vendor_code": customer,
        "amount": amount_text(local),
        "natamount": amount_text(local),
        "digest": digest,
        **_filled({"deptcode": settings.codes.department, "personcode": settings.codes.person}),
        **_filled({settings.behaviour.key_field: key}),
        "entry": lines,
    }
    return (U8Document(U8DocumentKind.RECEIVABLE, key, on_date, customer, local, head),)


def _amount_fields(amount: Decimal, facts: OrderFacts, settings: U8Settings) -> dict[str, str]:
    rate = exchange_rate(facts, settings)
    return {
        "amount": amount_text(amount),
        "natamount": amount_text(price_rule(settings).money(amount * rate)),
        "currency_name": currency_name(facts.currency, settings),
        "currency_rate": quantity_text(rate),
    }


def _booked_amounts(facts: OrderFacts, settings: U8Settings) -> Iterable[tuple[Decimal, str]]:
    """Amounts of the receivable's lines with their GL accounts; they add up to the order's total."""
    amounts = [line.amounts for line in billed_lines(facts, settings)]
    codes = settings.codes
    if not codes.tax_subject:
        return ((facts.total, codes.revenue_subject),)
    net = sum((line.net for line in amounts), ZERO)
    parts = ((net, codes.revenue_subject), (facts.total - net, codes.tax_subject))
    return tuple(part for part in parts if part[0] != ZERO)


def receipts(facts: OrderFacts, settings: U8Settings, customer: str, on_date: date) -> tuple[U8Document, ...]:
    """Every confirmed payment as a document of its own, money paid back as a payment voucher.

    Args:
        facts: the completed order.
        settings: the ledger.
        customer: checked U8 customer code.
        on_date: the day the order was completed; money that came later is dated on its own day, because
            the earlier month may be closed. The day the money came also stands in the digest.

    Raises:
        Rejected: there is a refund and the ledger wants refunds by hand.
    """
    return tuple(
        _receipt(facts, payment, settings, customer, on_date)
        for payment in facts.receipts
        if payment.amount != ZERO
    )


def _receipt(
    facts: OrderFacts, payment: PaymentFacts, settings: U8Settings, customer: str, on_date: date
) -> U8Document:
    codes = settings.codes
    key = document_key(U8DocumentKind.RECEIPT, payment.payment_id)
    local = price_rule(settings).money(payment.amount * exchange_rate(facts, settings))
    style = codes.settlement_styles.get(payment.method, codes.settlement_style)
    received = payment.received_on.astimezone(CHINA).date()
    booked = max(on_date, received)
    digest = clean_text(
        " ".join((key, facts.order_id, received.isoformat(), payment.method, payment.reference)),
        _DIGEST_LIMIT,
    )
    shared = {
        "customercode": customer,
        "amount": amount_text(abs(local)),
        "originalamount": amount_text(abs(payment.amount)),
        "digest": digest,
        **_filled({"departmentcode": codes.department, "personcode": codes.person}),
    }
    line = {
        **shared,
        "type": _FOR_RECEIVABLE,
        "iamt_s": _NO_QUANTITY,
        **_filled({"itemcode": codes.receivable_subject}),
    }
    head: dict[str, Any] = {
        **shared,
        "vouchdate": booked.isoformat(),
        "vouchtype": _voucher_type(facts, payment, settings),
        **_filled({"balancecode": style, "balanceitemcode": codes.cash_subject}),
        **_filled({settings.behaviour.key_field: key}),
        "entry": [line],
    }
    return U8Document(U8DocumentKind.RECEIPT, key, booked, customer, local, head)


def _voucher_type(facts: OrderFacts, payment: PaymentFacts, settings: U8Settings) -> str:
    if payment.amount > ZERO:
        return RECEIPT_VOUCHER
    if settings.refunds is RefundPosting.BY_HAND:
        raise Rejected(
            Message(
                "Order {0} has a refund of {1} and U8 account {2} takes refunds by hand. Post it in U8 and "
                "mark it as done outside.",
                facts.order_id,
                abs(payment.amount),
                settings.account,
            )
        )
    return PAYMENT_VOUCHER


def _filled(fields: Mapping[str, str]) -> Mapping[str, str]:
    """The fields that have a name and a value: U8 takes an empty code as a wrong one."""
    return MappingProxyType({name: value for name, value in fields.items() if name and value})
