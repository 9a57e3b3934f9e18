"""From a completed order to the U8 documents that post it, by the ledger's profile (u8-openapi 3, 4).

Pure: the same facts and settings always give the same documents, so a repetition sends exactly what was sent
before. All numbers go out as text, as the official examples do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from order_flow.domain.message import Message
from order_flow.domain.orders.facts import OrderFacts
from order_flow.integrations.errors import Misconfigured, Rejected
from order_flow.integrations.u8.billing import BilledLine, billed_lines, price_rule
from order_flow.integrations.u8.currency import currency_name, exchange_rate
from order_flow.integrations.u8.keys import document_key
from order_flow.integrations.u8.money_documents import receipts, receivable
from order_flow.integrations.u8.numbers import amount_text, price_text, quantity_text
from order_flow.integrations.u8.port import CustomerCard, U8Document, U8DocumentKind
from order_flow.integrations.u8.rounding import PriceRule
from order_flow.integrations.u8.settings import CHINA, PostingProfile, U8Settings
from order_flow.integrations.u8.text import checked_code, clean_text

CUSTOMER_CODE_LIMIT = 20
_MEMO_LIMIT = 255
_NAME_LIMIT = 98
_ABBREVIATION_LIMIT = 60
_CONTACT_LIMIT = 50
_PHONE_LIMIT = 30
_ADDRESS_LIMIT = 255
_FLAG: Mapping[bool, str] = MappingProxyType({False: "0", True: "1"})


def posting_documents(facts: OrderFacts, settings: U8Settings) -> tuple[U8Document, ...]:
    """Everything that must stand in U8 once an order is completed (R-019, R-021, R-025, R-345).

    Args:
        facts: the completed order with its confirmed payments.
        settings: the ledger, its profile and codes.

    Returns:
        The documents in the order in which they are to be sent; none for an order that moved no money under
        the profile 'Receivable + Receipt'.

    Raises:
        Rejected: the order cannot be posted as it is; the message names what to correct.
        Misconfigured: the ledger lacks a setting that this order needs.
    """
    return _DOCUMENTS_OF_PROFILE[settings.profile](facts, settings)


def customer_card(facts: OrderFacts) -> CustomerCard:
    """The order's customer as U8 needs it, for a ledger that does not know it yet (u8-openapi 3.1).

    Raises:
        Rejected: the customer's code or name cannot be used in U8.
    """
    name = clean_text(facts.customer_name, _NAME_LIMIT)
    if not name:
        raise Rejected(Message("Customer {0} has no name. Enter one.", facts.customer_code))
    receiver = facts.receiver
    parts = (receiver.province, receiver.city, receiver.district, receiver.address)
    return CustomerCard(
        code=checked_code(facts.customer_code, Message("customer code"), CUSTOMER_CODE_LIMIT),
        name=name,
        abbreviation=clean_text(name, _ABBREVIATION_LIMIT),
        address=clean_text(" ".join(parts), _ADDRESS_LIMIT),
        contact=clean_text(receiver.name, _CONTACT_LIMIT),
        phone=clean_text(receiver.phone, _PHONE_LIMIT),
        mobile=clean_text(receiver.mobile, _PHONE_LIMIT),
    )


def posting_date(facts: OrderFacts) -> date:
    """The date of all documents of an order: the day it was completed, in China.

    Raises:
        Rejected: the order is not completed.
    """
    if facts.completed_at is None:
        raise Rejected(
            Message("Order {0} is not completed. Only completed orders are posted to U8.", facts.order_id)
        )
    return facts.completed_at.astimezone(CHINA).date()


def _sales_order_profile(facts: OrderFacts, settings: U8Settings) -> tuple[U8Document, ...]:
    return (sale_order(facts, settings),)


def _receivable_profile(facts: OrderFacts, settings: U8Settings) -> tuple[U8Document, ...]:
    on_date = posting_date(facts)
    customer = checked_code(facts.customer_code, Message("customer code"), CUSTOMER_CODE_LIMIT)
    return (
        *receivable(facts, settings, customer, on_date),
        *receipts(facts, settings, customer, on_date),
    )


_DOCUMENTS_OF_PROFILE: Mapping[PostingProfile, Callable[[OrderFacts, U8Settings], tuple[U8Document, ...]]] = (
    MappingProxyType(
        {
            PostingProfile.SALES_ORDER: _sales_order_profile,
            PostingProfile.RECEIVABLE_AND_RECEIPT: _receivable_profile,
        }
    )
)


def sale_order(facts: OrderFacts, settings: U8Settings) -> U8Document:
    """Build the sale order of a completed order (u8-openapi 2.1, 3.3).

    The lines carry taxed price, amounts and local amounts as U8 itself computes them; freight and fees are
    service lines and the order's discount is inside the prices, so the sum is the order's total.

    Raises:
        Rejected, Misconfigured: as ``posting_documents``.
    """
    codes = settings.codes
    on_date = posting_date(facts)
    customer = checked_code(facts.customer_code, Message("customer code"), CUSTOMER_CODE_LIMIT)
    key = document_key(U8DocumentKind.SALE_ORDER, facts.order_id)
    lines = billed_lines(facts, settings)
    head: dict[str, Any] = {
        "date": on_date.isoformat(),
        "businesstype": _needed(settings, codes.business_type, Message("Business Type")),
        "typecode": _needed(settings, codes.sale_type, Message("Sale Type Code")),
        "custcode": customer,
        "cusname": clean_text(facts.customer_name, _NAME_LIMIT),
        "deptcode": _needed(settings, codes.department, Message("Department Code")),
        "taxrate": quantity_text(lines[0].tax_percent),
        "memo": clean_text(" ".join((key, facts.order_id, facts.external_number)), _MEMO_LIMIT),
    }
    if codes.person:
        head["personcode"] = checked_code(codes.person, Message("sales person code"), CUSTOMER_CODE_LIMIT)
    if settings.behaviour.key_field:
        head[settings.behaviour.key_field] = key
    head.update(currency_fields(facts, settings))
    rate = exchange_rate(facts, settings)
    rule = price_rule(settings)
    if settings.behaviour.dispatch_date:
        head["dpredatebt"] = on_date.isoformat()
    row_field = settings.behaviour.row_field
    head["entry"] = [
        {row_field: str(number), **_sale_line(line, rate, rule)} for number, line in enumerate(lines, start=1)
    ]
    return U8Document(U8DocumentKind.SALE_ORDER, key, on_date, customer, facts.total, head)


def _sale_line(line: BilledLine, exchange_rate: Decimal, rule: PriceRule) -> dict[str, str]:
    amounts = line.amounts
    local_gross = rule.money(amounts.gross * exchange_rate)
    local_net = rule.money(amounts.net * exchange_rate)
    return {
        "inventorycode": line.item_code,
        "quantity": quantity_text(amounts.quantity),
        "taxrate": quantity_text(line.tax_percent),
        "unitprice": price_text(amounts.untaxed_price),
        "taxunitprice": price_text(amounts.taxed_price),
        "money": amount_text(amounts.net),
        "tax": amount_text(amounts.tax),
        "sum": amount_text(amounts.gross),
        "natunitprice": price_text(rule.price(local_net / amounts.quantity)),
        "natmoney": amount_text(local_net),
        "nattax": amount_text(local_gross - local_net),
        "natsum": amount_text(local_gross),
        "bgift": _FLAG[line.is_free],
    }


def currency_fields(facts: OrderFacts, settings: U8Settings) -> dict[str, str]:
    """Head fields that carry currency and rate of a foreign sale order.

    Raises:
        Misconfigured: the order is foreign and the ledger has no names for the two fields.
        Rejected: the order has no rate.
    """
    amounts = settings.amounts
    if facts.currency == amounts.ledger_currency:
        return {}
    if not (amounts.sale_order_currency_field and amounts.sale_order_rate_field):
        raise Misconfigured(
            Message(
                "Order {0} is in {1}. U8's interface names no currency field of a sale order. Enter the two "
                "field names on U8 account {2}, or use the profile '{3}'.",
                facts.order_id,
                facts.currency,
                settings.account,
                Message(PostingProfile.RECEIVABLE_AND_RECEIPT.value),
            )
        )
    return {
        amounts.sale_order_currency_field: currency_name(facts.currency, settings),
        amounts.sale_order_rate_field: quantity_text(exchange_rate(facts, settings)),
    }


def _needed(settings: U8Settings, code: str, name: Message) -> str:
    if not code:
        raise Misconfigured(
            Message("U8 account {0} has no {1}. Enter it on the account.", settings.account, name)
        )
    return code
