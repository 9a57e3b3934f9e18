"""Lines of an order pasted from a spreadsheet or a message: which column is which, and what cannot be read.

Headings decide where there are any, in the words that people use for them. Without headings the first column
names the product, and the numbers behind it are quantity, price and amount in this sequence; that is a guess,
and said to be one. Nothing else is guessed: what cannot be read comes back with its reason.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import Final

from order_flow.domain.entry_values import clean_key, clean_line
from order_flow.domain.errors import OrderFlowError
from order_flow.domain.message import Message
from order_flow.domain.orders.file_cells import CellRefused, ColumnKind, read_cell

MOST_LINES: Final = 1000
PLACES: Final = 4
"""Decimals of a quantity or price."""


class PasteRefused(OrderFlowError):
    """A text that holds no lines of an order."""

    code = "paste_refused"


class Column(StrEnum):
    """What a column of a pasted table holds."""

    PRODUCT = "product"
    NAME = "product_name"
    QUANTITY = "quantity"
    PRICE = "unit_price"
    AMOUNT = "amount"
    REMARK = "remark"
    OTHER = ""


_WRITTEN: Final[Mapping[Column, str]] = {
    Column.PRODUCT: """产品/产品编码/产品编号/产品代码/编码/编号/代码/货号/商品/商品编码/商品编号/商品货号
        /物料/物料编码/物料编号/物料号/料号/存货编码/存货编号/款号/商家编码/条码/条形码/商品条码/產品
        /產品編碼/產品編號/編碼/編號/代碼/貨號/商品編碼/商品編號/物料編碼/物料編號/料號/條碼
        /條形碼/product/code/item/sku/barcode/article/product code/item code/item no/item no.
        /article number/part number""",
    Column.NAME: """产品名称/商品名称/物料名称/存货名称/品名/名称/货品名称/產品名稱/商品名稱/名稱/name
        /description/product name/item name""",
    Column.QUANTITY: """数量/件数/订购数量/订货数量/采购数量/订单数量/个数/數量/件數/訂購數量/訂貨數量
        /採購數量/qty/quantity/pcs""",
    Column.PRICE: """单价/含税单价/价格/售价/成交价/单价(元)/含税单价(元)/單價/含稅單價/價格/售價/price
        /unit price""",
    Column.AMOUNT: """金额/小计/合计/总价/价税合计/金额(元)/金額/小計/合計/總價/價稅合計
        /amount/total/subtotal""",
    Column.REMARK: """备注/说明/備註/說明/remark/remarks/note/notes""",
}
WORDS: Final = {
    column: tuple(word.strip() for word in written.split("/")) for column, written in _WRITTEN.items()
}
"""Headings as people write them, simplified, traditional and English; compared in small letters."""
_NUMBERS: Final = (Column.QUANTITY, Column.PRICE, Column.AMOUNT)
_COLUMN_OF: Final = {word: column for column, words in WORDS.items() for word in words}
_SIGNS_OF_MONEY: Final = ("RMB", "CNY", "元", "¥")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One row as it was read.

    Args:
        row: its place in what was pasted, from 1.
        product: what names the product; a code, a barcode or a name.
        quantity: None where none was given.
        unit_price: None where none was given: the price of the master data is taken.
        remark: free text.
        faults: why it cannot be taken as it stands.
    """

    row: int
    product: str
    quantity: Decimal | None
    unit_price: Decimal | None
    remark: str = ""
    faults: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted.

    Args:
        lines: every row with something in it.
        columns: what each column was taken for.
        guessed: no heading said so.
    """

    lines: tuple[PastedLine, ...]
    columns: tuple[Column, ...]
    guessed: bool


@dataclass
class _Row:
    """Cells of a row while they are read."""

    cells: Mapping[Column, str]
    faults: list[Message] = field(default_factory=list)

    def number(self, column: Column, name: str) -> Decimal | None:
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            value = read_cell(ColumnKind.NUMBER, _bare(text), PLACES)
        except CellRefused as refusal:
            self.faults.append(Message(refusal.template, column=Message(name), **refusal.params))
            return None
        assert isinstance(value, Decimal)
        return value


def read_pasted(text: str) -> Pasted:
    """Read lines from pasted text.

    Args:
        text: rows of cells between tabs, as spreadsheets copy them; where no tab stands in it, between
            commas or runs of blanks.

    Raises:
        PasteRefused: nothing to read, or more than ``MOST_LINES`` rows.
    """
    table = _table(text)
    if not table:
        raise PasteRefused("Nothing was pasted. Copy the rows with product and quantity, and paste again.")
    columns = _by_headings(table[0][1])
    rows = table[1:] if columns else table
    if len(rows) > MOST_LINES:
        raise PasteRefused(
            "{count} rows were pasted, at most {most} are taken at once. Paste them in parts, or take them "
            "as an order file.",
            {"count": len(rows), "most": MOST_LINES},
        )
    taken = columns or _by_content([cells for _number, cells in rows])
    return Pasted(tuple(_line(number, cells, taken) for number, cells in rows), taken, not columns)


def _table(text: str) -> list[tuple[int, list[str]]]:
    """Filled rows with their places."""
    if "\t" in text:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter="\t"))
    else:
        rows = [line.replace("，", ",").split(",") for line in text.splitlines()]
        rows = [row if len(row) > 1 else row[0].split() for row in rows]
    cleaned = [[clean_line(cell) for cell in row] for row in rows]
    return [(number, row) for number, row in enumerate(cleaned, 1) if any(row)]


def _by_headings(head: Sequence[str]) -> tuple[Column, ...]:
    """Return what the headings say; nothing where the first row is none."""
    found = tuple(_COLUMN_OF.get(_heading(cell), Column.OTHER) for cell in head)
    named = [column for column in found if column is not Column.OTHER]
    is_head = Column.PRODUCT in named or Column.NAME in named or len(named) > 1
    return found if is_head else ()


def _heading(cell: str) -> str:
    return clean_key(cell).casefold().rstrip("*:").replace(" (", "(")


def _by_content(rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """The first column names the product; of the others, those of numbers in the usual sequence."""
    width = max(len(row) for row in rows)
    numbers = iter(_NUMBERS)
    columns = [Column.PRODUCT]
    for place in range(1, width):
        filled = [row[place] for row in rows if len(row) > place and row[place]]
        of_numbers = bool(filled) and all(_is_number(cell) for cell in filled)
        columns.append(next(numbers, Column.OTHER) if of_numbers else Column.OTHER)
    return tuple(columns)


def _is_number(cell: str) -> bool:
    try:
        read_cell(ColumnKind.NUMBER, _bare(cell), PLACES)
    except CellRefused:
        return False
    return True


def _bare(cell: str) -> str:
    bare = clean_key(cell)
    for sign in _SIGNS_OF_MONEY:
        bare = bare.removeprefix(sign).removesuffix(sign).strip()
    return bare


def _line(number: int, cells: Sequence[str], columns: Sequence[Column]) -> PastedLine:
    by_column: dict[Column, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is not Column.OTHER and cell:
            by_column.setdefault(column, cell)
    row = _Row(by_column)
    quantity = row.number(Column.QUANTITY, "Quantity")
    price = row.number(Column.PRICE, "Unit Price")
    if quantity is None and not row.faults:
        row.faults.append(Message("The quantity is missing."))
    elif quantity is not None and quantity <= 0:
        row.faults.append(Message("The quantity {0} is not above zero.", quantity))
    if price is not None and price < 0:
        row.faults.append(Message("The price {0} is below zero.", price))
    product = by_column.get(Column.PRODUCT) or by_column.get(Column.NAME, "")
    if not product:
        row.faults.append(Message("The product is missing."))
    return PastedLine(
        number, clean_key(product), quantity, price, by_column.get(Column.REMARK, ""), tuple(row.faults)
    )
