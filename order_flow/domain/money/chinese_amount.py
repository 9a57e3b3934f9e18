"""An amount of money in the capitals of Chinese contracts, which cannot be altered by a stroke of the pen."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_GROUP_SIZE = 10_000
_LIMIT = Decimal(10) ** 16


def in_capitals(amount: Decimal) -> str:
    """For example 壹万零伍拾元叁角整 for 10050.30.

    Args:
        amount: CNY to the cent, below 10^16; below zero it begins with 负.

    Raises:
        ValueError: the amount has parts of a cent or is too large.
    """
    cents = abs(amount) * 100
    if cents != cents.to_integral_value() or abs(amount) >= _LIMIT:
        raise ValueError(f"no amount of money to the cent: {amount}")
    yuan, rest = divmod(int(cents), 100)
    jiao, fen = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    words += f"{_DIGITS[fen]}分" if fen else "整"
    if not yuan and not rest:
        words = "零元整"
    return ("负" if amount < 0 else "") + words


def _whole(number: int) -> str:
    words, position, gap = "", 0, False
    while number:
        number, group = divmod(number, _GROUP_SIZE)
        if group:
            filler = "零" if gap and words else ""
            words = f"{_group(group)}{_GROUPS[position]}{filler}{words}"
        elif words and not words.startswith("零"):
            words = f"零{words}"
        gap = 0 < group < _GROUP_SIZE // 10
        position += 1
    return words


def _group(group: int) -> str:
    words, zero = "", False
    for position in reversed(range(len(_PLACES))):
        digit = group // 10**position % 10
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + _PLACES[position]
            zero = False
        else:
            zero = True
    return words
