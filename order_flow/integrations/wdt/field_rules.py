"""Lengths and contents of pushed fields as data, and the check against them (wdt-openapi 2.1).

What the warehouse works with is refused when it does not fit, never cut; free text is cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from order_flow.domain.money import ZERO
from order_flow.integrations.errors import Rejected
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
PHONES = ("receiver_mobile", "receiver_telno")
TRADE_AMOUNTS = ("post_amount", "cod_amount", "ext_cod_fee", "paid")
LINE_AMOUNTS = ("num", "price", "discount", "share_discount")
"""Amounts that may not be negative; the others may."""
SIGNED_TRADE_AMOUNTS = ("other_amount",)
SIGNED_LINE_AMOUNTS = ("adjust_amount",)


def checked_trade(trade: RawTrade) -> RawTrade:
    """Clean an order's texts and check its fields; its lines are checked on their own.

    Raises:
        Rejected: a field is empty, too long, masked or out of range, or there is no line.
    """
    place = f"Order {trade.tid}"
    texts: dict[str, Any] = {
        name: _text(getattr(trade, name), name, rule, place) for name, rule in TRADE_TEXTS.items()
    }
    for name in PHONES:
        if MASKING_CHARACTER in texts[name]:
            raise Rejected(
                f"{place}: {name} is masked with '{MASKING_CHARACTER}', nobody can call it. "
                "Fill in the full number and send it again."
            )
    _check_amounts(trade, TRADE_AMOUNTS, SIGNED_TRADE_AMOUNTS, place)
    if not trade.lines:
        raise Rejected(f"{place} has no line; WDT would never make a sales trade of it. Add a line.")
    return replace(trade, **texts)


def checked_line(line: RawTradeLine) -> RawTradeLine:
    """Clean a line's texts and check its fields.

    Raises:
        Rejected: a field is empty, too long or out of range.
    """
    place = f"Line {line.oid}"
    texts: dict[str, Any] = {
        name: _text(getattr(line, name), name, rule, place) for name, rule in LINE_TEXTS.items()
    }
    _check_amounts(line, LINE_AMOUNTS, SIGNED_LINE_AMOUNTS, place)
    if line.num <= ZERO:
        raise Rejected(f"{place}: the quantity must be more than zero, not {line.num}. Correct the line.")
    return replace(line, **texts)


def _text(value: str, name: str, rule: TextRule, place: str) -> str:
    cleaned = plain_text(value)
    if rule.required and not cleaned:
        raise Rejected(f"{place}: {name} is empty. Fill it in and send it again.")
    if len(cleaned) <= rule.length:
        return cleaned
    if rule.overlong is Overlong.CUT:
        return cleaned[: rule.length]
    raise Rejected(
        f"{place}: {name} has {len(cleaned)} characters, WDT takes {rule.length}. "
        "Shorten it and send it again."
    )


def _check_amounts(
    source: RawTrade | RawTradeLine, unsigned: tuple[str, ...], signed: tuple[str, ...], place: str
) -> None:
    for name in unsigned + signed:
        value: Decimal = getattr(source, name)
        exponent = value.normalize().as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -4 or abs(value) > LARGEST:
            raise Rejected(f"{place}: {name} {value} needs more digits than WDT's decimal(19,4). Correct it.")
        if name in unsigned and value < ZERO:
            raise Rejected(f"{place}: {name} is negative ({value}). Correct the order's amounts.")
