"""Rules of a sale order beyond its field table (u8-openapi 2.1, 3.3)."""

from decimal import Decimal
from typing import Final

from simulators.u8 import amounts
from simulators.u8.amounts import LineAmounts
from simulators.u8.contract import STALE_TAX_RATE
from simulators.u8.records import Record, decimal_of
from simulators.u8.refusal import eai

_GIFT: Final = "1"
_CHECKED_AMOUNTS: Final = ("money", "natmoney", "tax", "nattax", "sum", "natsum")


def complete_lines(key: str, head: Record, lines: list[Record], price_decimals: int) -> list[Record]:
    """Lines with prices, tax and amounts as U8 keeps them; the taxed price wins over the untaxed one.

    Args:
        key: document key for refusals.
        head: checked head; its rate serves lines without one, and 16 when it has none either.
        lines: checked lines.
        price_decimals: ledger setting.

    Raises:
        Refusal: 20005, naming the line and the field.
    """
    _check_row_numbers(key, lines)
    completed = []
    for line in lines:
        rate = decimal_of(line, "taxrate", head.get("taxrate", STALE_TAX_RATE))
        computed = _as_record(_computed(key, line, rate, price_decimals))
        completed.append({**line, "taxrate": format(rate, "f"), **computed})
    return completed


def check_sent_amounts(key: str, sent: list[Record], completed: list[Record]) -> None:
    """Compare the amounts a caller sent with those that follow from its prices.

    Raises:
        Refusal: 20005, naming the line, the amount and what it should be.
    """
    for line, computed in zip(sent, completed, strict=True):
        _compare(key, line, computed)


def totals(lines: list[Record]) -> Record:
    """Untaxed and taxed amount of the whole order, as list rows carry them."""
    return {
        name: format(sum((decimal_of(line, name) for line in lines), Decimal(0)), "f")
        for name in ("money", "sum")
    }


def _check_row_numbers(key: str, lines: list[Record]) -> None:
    seen: set[int] = set()
    for line in lines:
        number = int(line["rowno"])
        if number == 0 or number in seen:
            raise eai(key, f"行号为零或重复,(rowno):{number}")
        seen.add(number)


def _computed(key: str, line: Record, rate: Decimal, decimals: int) -> LineAmounts:
    quantity = decimal_of(line, "quantity")
    if quantity <= 0:
        raise eai(key, f"第{line['rowno']}行数量必须大于零,(quantity)")
    for name in ("taxunitprice", "unitprice", "sum", "money"):
        if decimal_of(line, name) < 0:
            raise eai(key, f"第{line['rowno']}行金额不能为负,({name})")
    if decimal_of(line, "taxunitprice"):
        return amounts.from_taxed_price(quantity, decimal_of(line, "taxunitprice"), rate, decimals)
    if decimal_of(line, "unitprice"):
        return amounts.from_untaxed_price(quantity, decimal_of(line, "unitprice"), rate, decimals)
    if decimal_of(line, "sum"):
        return amounts.from_gross(quantity, decimal_of(line, "sum"), rate, decimals)
    if decimal_of(line, "money"):
        return amounts.from_net(quantity, decimal_of(line, "money"), rate, decimals)
    if line["bgift"] == _GIFT:
        return amounts.free_of_charge()
    raise eai(key, f"第{line['rowno']}行单价和金额不能同时为空,(taxunitprice)")


def _as_record(computed: LineAmounts) -> Record:
    values = {
        "unitprice": computed.unit_price,
        "natunitprice": computed.unit_price,
        "taxunitprice": computed.taxed_price,
        "money": computed.net,
        "natmoney": computed.net,
        "tax": computed.tax,
        "nattax": computed.tax,
        "sum": computed.gross,
        "natsum": computed.gross,
    }
    return {name: format(value, "f") for name, value in values.items()}


def _compare(key: str, line: Record, computed: Record) -> None:
    for name in _CHECKED_AMOUNTS:
        if name in line and decimal_of(line, name) != decimal_of(computed, name):
            raise eai(
                key,
                f"第{line['rowno']}行金额与单价、数量、税率不符,({name}):传入{line[name]},应为{computed[name]}",
            )
