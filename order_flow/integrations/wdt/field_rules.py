"""Lengths and contents of pushed fields as data, and the check against them (wdt-openapi 2.1).

What the warehouse works with is refused when it does not fit, never cut; free text is cut. ``trade_problems``
names everything at once, for the person who enters the order; ``checked_trade`` refuses to send.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message, joined
from order_flow.integrations.errors import Rejected
from order_flow.integrations.field_problem import FieldProblem
from order_flow.integrations.wdt.port import RawTrade, RawTradeLine
from order_flow.integrations.wdt.signing import plain_text

LARGEST = Decimal("999999999999999.9999")
"""decimal(19,4): fifteen digits before the point."""
MASKING_CHARACTER = "*"


class Overlong(Enum):
    """What happens to a text that is too long."""

    REFUSED = auto()
    CUT = auto()


@dataclass(frozen=True, slots=True)
class TextRule:
    """One text field: its length in characters, what becomes of a longer text, whether it may be empty."""

    length: int
    overlong: Overlong = Overlong.REFUSED
    required: bool = False


TRADE_TEXTS: dict[str, TextRule] = {
    "tid": TextRule(40, required=True),
    "buyer_nick": TextRule(100, required=True),
    "receiver_name": TextRule(40, required=True),
    "receiver_province": TextRule(40, required=True),
    "receiver_city": TextRule(40, required=True),
    "receiver_district": TextRule(40, required=True),
    "receiver_address": TextRule(256, required=True),
    "receiver_mobile": TextRule(40, required=True),
    "receiver_telno": TextRule(40),
    "receiver_zip": TextRule(20),
    "buyer_message": TextRule(1024, Overlong.CUT),
    "seller_memo": TextRule(1024, Overlong.CUT),
}
LINE_TEXTS: dict[str, TextRule] = {
    "oid": TextRule(40, required=True),
    "goods_id": TextRule(40, required=True),
    "spec_id": TextRule(40),
    "goods_no": TextRule(40),
    "spec_no": TextRule(40, required=True),
    "goods_name": TextRule(255, Overlong.CUT, required=True),
    "spec_name": TextRule(100, Overlong.CUT),
    "remark": TextRule(255, Overlong.CUT),
}
LABELS: dict[str, tuple[str, Message]] = {
    "tid": ("name", Message("Order Number")),
    "buyer_nick": ("customer", Message("Customer")),
    "receiver_name": ("contact_person", Message("Contact Person")),
    "receiver_province": ("province", Message("Province")),
    "receiver_city": ("city", Message("City")),
    "receiver_district": ("district", Message("District")),
    "receiver_address": ("address_line", Message("Address")),
    "receiver_mobile": ("mobile", Message("Mobile")),
    "receiver_telno": ("phone", Message("Phone")),
    "receiver_zip": ("postal_code", Message("Postal Code")),
    "post_amount": ("freight", Message("Freight")),
    "cod_amount": ("total", Message("Total")),
    "other_amount": ("other_fees", Message("Other Fees")),
    "paid": ("total", Message("Paid")),
    "oid": ("name", Message("Line")),
    "goods_id": ("product", Message("Product")),
    "spec_id": ("product", Message("Product")),
    "goods_no": ("product", Message("Product")),
    "spec_no": ("product", Message("Product")),
    "goods_name": ("product_name", Message("Product Name")),
    "num": ("quantity", Message("Quantity")),
    "price": ("unit_price", Message("Unit Price")),
    "adjust_amount": ("gross", Message("Amount with Tax")),
    "discount": ("discount", Message("Discount")),
    "share_discount": ("discount", Message("Discount")),
}
"""The order form's field and its label for each pushed field; what is not here is told by its own name."""
PHONES = ("receiver_mobile", "receiver_telno")
TRADE_AMOUNTS = ("post_amount", "cod_amount", "ext_cod_fee", "paid")
LINE_AMOUNTS = ("num", "price", "discount", "share_discount")
"""Amounts that may not be negative; the others may."""
SIGNED_TRADE_AMOUNTS = ("other_amount",)
SIGNED_LINE_AMOUNTS = ("adjust_amount",)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field stands: the order, or one line of it."""

    name: Message
    line: str = ""


def checked_trade(trade: RawTrade) -> RawTrade:
    """Clean an order's texts and check its fields and its lines.

    Raises:
        Rejected: a field is empty, too long, masked or out of range, or there is no line.
    """
    refuse(trade_problems(trade))
    return cleaned(trade)


def refuse(problems: tuple[FieldProblem, ...]) -> None:
    """Raise what is wrong with an order, everything in one message.

    Raises:
        Rejected: there is a problem.
    """
    if problems:
        raise Rejected(joined(list(dict.fromkeys(problem.text for problem in problems))))


def cleaned(trade: RawTrade) -> RawTrade:
    """The order with its texts as WDT can take them: trimmed, without emoji, free text cut."""
    return replace(
        trade,
        **_cleaned_texts(trade, TRADE_TEXTS),
        lines=tuple(replace(line, **_cleaned_texts(line, LINE_TEXTS)) for line in trade.lines),
    )


def trade_problems(trade: RawTrade) -> tuple[FieldProblem, ...]:
    """Everything about an order that WDT would refuse, or that the warehouse could not work with."""
    return (*_head_problems(trade), *(problem for line in trade.lines for problem in _line_problems(line)))


def _head_problems(trade: RawTrade) -> Iterator[FieldProblem]:
    place = _Place(Message("Order {0}", trade.tid))
    for name, rule in TRADE_TEXTS.items():
        problem = _text_problem(getattr(trade, name), name, rule, place)
        if problem:
            yield problem
        elif name in PHONES and MASKING_CHARACTER in getattr(trade, name):
            yield _problem(
                name,
                place,
                Message(
                    "{0}: {1} is masked with '{2}', so nobody can call it. Enter the full number.",
                    place.name,
                    _label(name),
                    MASKING_CHARACTER,
                ),
            )
    yield from _amount_problems(trade, TRADE_AMOUNTS, SIGNED_TRADE_AMOUNTS, place)
    if not trade.lines:
        yield FieldProblem(
            "items", Message("{0} has no line; WDT makes no sales trade of it. Add a line.", place.name)
        )


def _line_problems(line: RawTradeLine) -> Iterator[FieldProblem]:
    place = _Place(Message("Line {0}", line.goods_name or line.oid), line.oid)
    for name, rule in LINE_TEXTS.items():
        problem = _text_problem(getattr(line, name), name, rule, place)
        if problem:
            yield problem
    yield from _amount_problems(line, LINE_AMOUNTS, SIGNED_LINE_AMOUNTS, place)
    if line.num == ZERO:
        yield _problem(
            "num",
            place,
            Message("{0}: the quantity must be more than zero. Correct the line.", place.name),
        )


def _cleaned_texts(source: RawTrade | RawTradeLine, rules: dict[str, TextRule]) -> dict[str, Any]:
    return {name: plain_text(getattr(source, name))[: rule.length] for name, rule in rules.items()}


def _text_problem(value: str, name: str, rule: TextRule, place: _Place) -> FieldProblem | None:
    text = plain_text(value)
    if rule.required and not text:
        reason = (
            Message(
                "{0}: {1} holds nothing that WDT can store (emoji and the like). Enter it in letters.",
                place.name,
                _label(name),
            )
            if value.strip()
            else Message("{0}: {1} is empty. Enter it.", place.name, _label(name))
        )
        return _problem(name, place, reason)
    if len(text) <= rule.length or rule.overlong is Overlong.CUT:
        return None
    return _problem(
        name,
        place,
        Message(
            "{0}: {1} has {2} characters, WDT takes {3}. Shorten it.",
            place.name,
            _label(name),
            len(text),
            rule.length,
        ),
    )


def _amount_problems(
    source: RawTrade | RawTradeLine, unsigned: tuple[str, ...], signed: tuple[str, ...], place: _Place
) -> Iterator[FieldProblem]:
    for name in unsigned + signed:
        value: Decimal = getattr(source, name)
        exponent = value.normalize().as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -4 or abs(value) > LARGEST:
            yield _problem(
                name,
                place,
                Message(
                    "{0}: {1} {2} needs more digits than WDT takes: 15 before and 4 behind the point. "
                    "Correct it.",
                    place.name,
                    _label(name),
                    value,
                ),
            )
        elif name in unsigned and value < ZERO:
            yield _problem(
                name,
                place,
                Message("{0}: {1} is negative ({2}). Correct it.", place.name, _label(name), value),
            )


def _label(name: str) -> str:
    return LABELS[name][1] if name in LABELS else name


def _problem(name: str, place: _Place, text: Message) -> FieldProblem:
    return FieldProblem(LABELS[name][0] if name in LABELS else name, text, place.line)
