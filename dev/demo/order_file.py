"""Real orders from a file, with the columns of the data set 'Online Retail' (UCI, D. Chen, CC BY 4.0)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from dev.demo.setting import Article, Buyer
from dev.errors import HostError

COLUMNS: Final = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country",
)  # fmt: skip
MAPPING: Final = (
    "an invoice is an order; its lines stay in their order, equal articles stay separate lines",
    "a credit note (InvoiceNo C...) or a line of quantity 0 or less is a return, not an order: left out",
    "a price of 0 is a gift; a negative price (bad debt and the like) is left out",
    "prices are taken 1:1 as CNY with 13 % tax inside: U8's public interface books sale orders in local "
    "currency only",
    "goods go to the exporter's forwarding warehouse in Ningbo: WDT delivers to Chinese regions; the "
    "country stands in the memo",
    "an invoice without CustomerID belongs to a walk-in customer of its own",
)
"""How a row becomes part of an order; printed, because each line is a decision."""
_NOT_IN_A_CODE: Final = re.compile(r"[^A-Z0-9]+")
_FORWARDER: Final = ("出口中转仓", "13900000000", "浙江省", "宁波市", "北仑区", "港区大道1号")


@dataclass(frozen=True, slots=True)
class Invoice:
    """One order of the file."""

    number: str
    buyer: Buyer
    country: str
    lines: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class OrderFile:
    """Everything a run needs of a file, and how many rows were left out."""

    invoices: tuple[Invoice, ...]
    articles: tuple[Article, ...]
    left_out: int


def read_orders(path: Path) -> OrderFile:
    """Read a file.

    Args:
        path: CSV in UTF-8 with the columns of ``COLUMNS``.

    Returns:
        Its orders in their order of appearance, and the articles in them.

    Raises:
        HostError: there is no such file, a column is missing or a number cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise HostError(
                    f"{path} is no order file.",
                    f"It lacks the columns {', '.join(missing)}.",
                    f"Give a CSV file with the columns {', '.join(COLUMNS)}.",
                )
            return _sorted_out(list(enumerate(reader, start=2)), path)
    except OSError as error:
        raise HostError(
            f"The order file {path} cannot be read.", str(error), "Correct ORDERS=, a path from here."
        ) from error


def article_code(stock_code: str) -> str:
    """A code that site, WDT and U8 can all hold: capitals and digits, anything else as a dash."""
    return _NOT_IN_A_CODE.sub("-", stock_code.strip().upper()).strip("-")


def _sorted_out(rows: Sequence[tuple[int, Mapping[str, str]]], path: Path) -> OrderFile:
    by_invoice: dict[str, list[Mapping[str, str]]] = {}
    articles: dict[str, Article] = {}
    left_out = 0
    for line_number, row in rows:
        quantity, price = (
            _number(row, "Quantity", line_number, path),
            _number(row, "UnitPrice", line_number, path),
        )
        number = row["InvoiceNo"].strip()
        if not number.isdigit() or quantity <= 0 or price < 0:
            left_out += 1
            continue
        by_invoice.setdefault(number, []).append(row)
        code = article_code(row["StockCode"])
        if code not in articles:
            articles[code] = Article(code, row["Description"].strip() or code, price)
    invoices = tuple(_invoice(number, lines) for number, lines in by_invoice.items())
    return OrderFile(invoices, tuple(articles.values()), left_out)


def _number(row: Mapping[str, str], column: str, line_number: int, path: Path) -> Decimal:
    try:
        return Decimal(row[column])
    except (InvalidOperation, TypeError) as error:
        raise HostError(
            f"{path}, line {line_number}: {column} is {row[column]!r}.",
            "It is not a number.",
            "Correct the line.",
        ) from error


def _invoice(number: str, rows: Iterable[Mapping[str, str]]) -> Invoice:
    rows = list(rows)
    customer = rows[0]["CustomerID"].strip()
    name = f"Online Retail {customer}" if customer else f"Online Retail walk-in {number}"
    buyer = Buyer(name, "Company" if customer else "Individual", *_FORWARDER)
    return Invoice(number, buyer, rows[0]["Country"].strip(), tuple(_line(row) for row in rows))


def _line(row: Mapping[str, str]) -> dict[str, Any]:
    price = Decimal(row["UnitPrice"])
    line: dict[str, Any] = {
        "product": article_code(row["StockCode"]),
        "quantity": str(Decimal(row["Quantity"])),
        "unit_price": str(price),
    }
    return line | ({"is_gift": 1} if price == 0 else {})
