"""A table of orders: what is taken as an order, and what each bad row is told (R-037, R-040..R-043)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.orders.csv_encoding import decoded
from order_flow.domain.orders.file import (
    COLUMNS,
    MOST_ROWS,
    Checked,
    OrderFileRefused,
    RowFault,
    check_file,
    columns_of,
    refuse_rows,
)
from order_flow.domain.orders.file_cells import Merged

NAMES = {column.field: column.field for column in COLUMNS} | {"订单号": "external_number", "数量": "quantity"}
HEAD = ["external_number", "customer", "product", "quantity", "unit_price", "ordered_at", "is_gift"]


def check(*rows: list[Any]) -> Checked:
    return check_file(rows, columns_of(HEAD, NAMES))


def only_fault(checked: Checked, row: int) -> RowFault:
    (fault,) = checked.faults[row]
    return fault


def test_rows_of_one_number_are_one_order() -> None:
    checked = check(
        ["A1", "001", "P1", 2, 3.5], ["A1", None, "P2", "1,000", "￥2"], ["A2", "002", 1001.0, 1, 1]
    )
    first, second = checked.orders
    assert not checked.faults
    assert (first.number, first.rows, first.body) == ("A1", (2, 3), {"customer": "001"})
    assert [line["quantity"] for line in first.lines] == [Decimal(2), Decimal(1000)]
    assert [line["unit_price"] for line in first.lines] == [Decimal("3.5"), Decimal(2)]
    assert second.lines[0]["product"] == "1001"


def test_columns_are_found_by_any_name_with_or_without_star() -> None:
    found = columns_of(["订单号*", " Customer ", None, "product", "数量", "my own column"], NAMES)
    assert [(place, column.field) for place, column in found.items()] == [
        (0, "external_number"),
        (1, "customer"),
        (3, "product"),
        (4, "quantity"),
    ]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (["external_number", "customer"], ("product", "quantity")),
        ([], ("external_number", "customer", "product", "quantity")),
    ],
)
def test_a_file_without_its_columns_is_refused(head: list[str], words: tuple[str, ...]) -> None:
    with pytest.raises(OrderFileRefused) as refused:
        columns_of(head, NAMES)
    assert refused.value.params["columns"] == words


def test_a_column_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(OrderFileRefused, match="twice"):
        columns_of([*HEAD, "数量"], NAMES)


@pytest.mark.parametrize("rows", [[], [[None, "", " "]]])
def test_a_file_without_rows_is_refused(rows: list[list[Any]]) -> None:
    with pytest.raises(OrderFileRefused, match="no rows"):
        check(*rows)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(OrderFileRefused, match="at most"):
        check(*[["A", "001", "P", 1, 1]] * (MOST_ROWS + 1))


@pytest.mark.parametrize(
    ("row", "text", "column"),
    [
        (["", "001", "P", 1, 1], "missing", "external_number"),
        (["A", "", "P", 1, 1], "missing", "customer"),
        (["A", "001", "", 1, 1], "missing", "product"),
        (["A", "001", "P", "", 1], "missing", "quantity"),
        (["A", "001", "P", "two", 1], "not a number", "quantity"),
        (["A", "001", "P", "NaN", 1], "not a number", "quantity"),
        (["A", "001", "P", 1, 1, "next week"], "not a date", "ordered_at"),
        (["A", "001", "P", 1, 1, None, "maybe"], "neither yes nor no", "is_gift"),
    ],
)
def test_a_bad_cell_is_named_with_its_row(row: list[Any], text: str, column: str) -> None:
    checked = check(["B", "001", "P", 1, 1], row)
    fault = only_fault(checked, 3)
    assert text in fault.template
    assert fault.params["column"] == column
    # A row without a number may belong to the order above, which is then not taken either.
    assert [order.number for order in checked.orders] == ([] if column == "external_number" else ["B"])


def test_an_order_with_one_bad_row_is_not_taken_at_all() -> None:
    checked = check(["A", "001", "P", 1, 1], ["A", "001", "P", "x", 1])
    assert checked.orders == ()
    assert "whole or not at all" in only_fault(checked, 2).template


def test_rows_of_an_order_must_not_contradict_each_other() -> None:
    checked = check(["A", "001", "P", 1, 1], ["A", "002", "P", 1, 1])
    assert only_fault(checked, 3).params == {"column": "customer", "first": 2, "said": "001", "value": "002"}


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2026, 3, 4),
        date(2026, 3, 4),
        "2026-03-04",
        "2026/3/4",
        "2026年3月4日",
        "20260304",
        "2026-03-04T00:00",
    ],
)
def test_days_are_read_as_people_write_them(cell: Any) -> None:
    (order,) = check(["A", "001", "P", 1, 1, cell]).orders
    assert order.body["ordered_at"] == datetime(2026, 3, 4)


@pytest.mark.parametrize(("cell", "gift"), [("是", True), (1, True), ("否", False), (False, False)])
def test_yes_and_no_in_both_languages(cell: Any, gift: bool) -> None:
    (order,) = check(["A", "001", "P", 1, 1, None, cell]).orders
    assert order.lines[0]["is_gift"] is gift


def test_orders_that_the_stored_data_refuse_give_all_their_rows_back() -> None:
    checked = check(["A", "001", "P", 1, 1], ["A", "", "Q", 1, 1], ["B", "001", "P", 1, 1])
    rest = refuse_rows(checked, {3: [RowFault("no such product")]})
    assert [order.number for order in rest.orders] == ["B"]
    assert "Another row" in only_fault(rest, 2).template
    assert only_fault(rest, 3).template == "no such product"


def test_a_row_at_fault_carries_what_the_stored_data_refuse_as_well() -> None:
    checked = check(["A", "001", "P", "x", 1], ["A", "", "Q", 1, 1])
    (order,) = checked.faulty
    assert (order.rows, dict(order.lines[1])["product"]) == ((2, 3), "Q")
    rest = refuse_rows(checked, {2: [RowFault("no such product")], 3: [RowFault("too cheap")]})
    assert [len(rest.faults[row]) for row in (2, 3)] == [2, 1]
    assert rest.orders == ()


_cells = st.one_of(st.none(), st.text(max_size=5), st.integers(), st.floats(), st.booleans(), st.dates())


@given(st.lists(st.lists(_cells, max_size=9), min_size=1, max_size=12))
def test_every_filled_row_is_either_in_an_order_or_at_fault(rows: list[list[Any]]) -> None:
    try:
        checked = check(*rows)
    except OrderFileRefused:
        assert not any(str(cell).strip() for row in rows for cell in row if cell is not None)
        return
    taken = [row for order in checked.orders for row in order.rows]
    assert len(taken) == len(set(taken))
    assert not set(taken) & set(checked.faults)
    filled = {
        number for number, row in enumerate(rows, 2) if any(c is not None and str(c).strip() for c in row)
    }
    assert filled == {*taken, *checked.faults}


HEAD_MORE = [*HEAD, "tax_percent", "mobile", "requested_date"]


def check_more(**cells: Any) -> Checked:
    known = {"external_number": "A", "customer": "001", "product": "P", "quantity": 1, "unit_price": 1}
    row = [{**known, **cells}.get(name) for name in HEAD_MORE]
    return check_file([row], columns_of(HEAD_MORE, NAMES))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"external_number": 2.8123456789012346e18}, "has shortened"),
        ({"external_number": 2812345678901234567}, "has shortened"),
        ({"external_number": "2.8E+18"}, "has shortened"),
        ({"mobile": "1.38E+10"}, "has shortened"),
        ({"external_number": datetime(2026, 1, 2)}, "turned this into the date"),
        ({"quantity": "1,5"}, "not a number"),
        ({"quantity": "1_000"}, "not a number"),
        ({"quantity": "1e2"}, "not a number"),
        ({"quantity": "13%"}, "not a number"),
        ({"quantity": True}, "not a number"),
        ({"quantity": 0.33333}, "more than {places} decimals"),
        ({"ordered_at": "202611"}, "not a date"),
        ({"requested_date": "2026111"}, "not a date"),
        ({"requested_date": 45000}, "not a date"),
        ({"ordered_at": "2026-11-22T10:00:00Z"}, "not a date"),
        ({"quantity": Merged(2)}, "merged with the one above"),
    ],
)
def test_what_a_spreadsheet_has_lost_is_not_guessed(cells: dict[str, Any], words: str) -> None:
    assert words in only_fault(check_more(**cells), 2).template


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"quantity": "1,234.5"}, "quantity", Decimal("1234.5")),
        ({"quantity": "１２"}, "quantity", Decimal(12)),
        ({"unit_price": 0.1 + 0.2}, "unit_price", Decimal("0.3")),
        ({"tax_percent": "13%"}, "tax_percent", Decimal(13)),
        ({"requested_date": 20261122}, "requested_date", date(2026, 11, 22)),
        ({"product": " Ｐ－1\u200b"}, "product", "P-1"),
        ({"product": 1001.0}, "product", "1001"),
    ],
)
def test_cells_are_read_as_they_show(cells: dict[str, Any], field: str, value: Any) -> None:
    (order,) = check_more(**cells).orders
    assert order.lines[0][field] == value


def test_a_merged_number_holds_for_all_its_rows() -> None:
    (order,) = check(["A", "001", "P1", 1, 1], [Merged("A"), Merged("001"), "P2", 1, 1]).orders
    assert (order.rows, [line["product"] for line in order.lines]) == ((2, 3), ["P1", "P2"])


def test_a_row_without_number_stops_the_order_above_it() -> None:
    """Half of it would be taken, and the corrected row would then be another content."""
    checked = check(["A", "001", "P1", 1, 1], [None, None, "P2", 1, 1], ["B", "001", "P", 1, 1])
    assert [order.number for order in checked.orders] == ["B"]
    assert only_fault(checked, 2).params == {"row": 3}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
@pytest.mark.parametrize(
    "text", ["訂單號碼,數量\n香港中環皇后大道,1\n", "external_number,address_line\nA,台北市信義區市府路\n"]
)
def test_a_csv_says_the_same_in_every_encoding(encoding: str, text: str) -> None:
    if encoding == "gb18030":
        text = text.translate(str.maketrans("訂單號碼數環後區義臺", "订单号码数环后区义台"))
    assert decoded(text.encode(encoding)) == text


def test_bytes_that_are_no_text_are_refused() -> None:
    assert decoded(bytes(range(128, 256)) * 4) is None
