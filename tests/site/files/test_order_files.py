"""Orders by file on a real site: checked as a whole, taken by the rules, given back with reasons (R-037)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

import frappe
import openpyxl
import pytest
from frappe.utils.file_manager import save_file

from order_flow.domain.states import Role
from order_flow.flow.files import taking as order_file_taking
from order_flow.flow.files.orders import template_rows
from order_flow.flow.files.tables import read_table, write_table
from order_flow.flow.files.taking import FileState, check_file, start_taking, take
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import OFFLINE_CHANNEL, acting_as, user_of
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, message_of

HEAD = ["订单号", "Customer", "Product", "Quantity", "Unit Price", "Payment Term", "Contact Person", "Mobile",
        "Province", "City", "District", "Address"]  # fmt: skip
HOME = ["货到付款", "黄经理", "13800000000", "广东省", "珠海市", "香洲区", "情侣中路1号"]


def rows_of(number: str, product: str = "TEST-A", quantity: Any = 2, price: Any = 5) -> list[Any]:
    return [number, "Test Customer", product, quantity, price, *HOME]


@pytest.fixture
def files(site: Any) -> Iterator[Any]:
    """Makes order files; whatever they stored is taken out again."""
    made: list[Any] = []

    def make(*rows: list[Any], name: str = "orders.xlsx") -> Any:
        head = [frappe._("External Number", "en") if cell == "订单号" else cell for cell in HEAD]
        file = save_file(name, write_table([head, *rows], like=name), None, None, is_private=1)
        document = frappe.get_doc(
            {"doctype": "Order File", "channel": OFFLINE_CHANNEL, "file": file.file_url}
        ).insert()
        frappe.db.commit()
        made.append(document)
        return document

    yield make
    frappe.set_user("Administrator")
    frappe.db.rollback()
    remove_orders(
        frappe.get_all(
            "Order",
            filters={"channel": OFFLINE_CHANNEL, "external_number": ("like", "FILE-%")},
            pluck="name",
        )
    )
    for document in made:
        frappe.delete_doc("Order File", document.name, force=True)
    frappe.db.commit()


def given_back(document: Any) -> list[list[Any]]:
    return read_table(document.result_file)


def numbers_taken() -> list[str]:
    return frappe.get_all(
        "Order",
        filters={"channel": OFFLINE_CHANNEL, "external_number": ("like", "FILE-%")},
        order_by="external_number",
        pluck="external_number",
    )


def test_good_orders_are_taken_and_bad_rows_come_back_with_their_reason(files: Any) -> None:
    document = files(
        rows_of("FILE-1"),
        ["FILE-1", None, "TEST-B", 1, 7],
        rows_of("FILE-2", product="NO-SUCH"),
        rows_of("FILE-3", quantity="many"),
        rows_of("FILE-4", price=None),
        rows_of("FILE-5"),
    )
    check_file(document)
    assert (document.good_orders, document.good_rows, document.bad_rows) == (2, 3, 3)
    assert numbers_taken() == []
    back = given_back(document)
    assert [row[0] for row in back] == ["External Number", "FILE-2", "FILE-3", "FILE-4"]
    assert "NO-SUCH" in back[1][-1]
    assert "not a number" in back[2][-1]
    assert "no price" in back[3][-1]

    document.db_set("state", FileState.TAKING.value)
    take(document.name)
    document.reload()
    assert numbers_taken() == ["FILE-1", "FILE-5"]
    assert (document.state, document.orders_taken, document.orders_refused) == (FileState.TAKEN, 2, 0)
    order = frappe.get_doc("Order", {"channel": OFFLINE_CHANNEL, "external_number": "FILE-1"})
    assert order.payment_term == "Cash on Delivery"
    assert [(line.product, line.quantity) for line in order.items] == [("TEST-A", 2), ("TEST-B", 1)]


def test_a_row_says_everything_that_is_wrong_with_it(files: Any) -> None:
    """Not the first fault only, and a price below zero is not called missing."""
    document = files(
        rows_of("FILE-A", product="NOT-THERE", quantity="x", price=-5),
        rows_of("FILE-A", quantity=1),
        rows_of("FILE-B", price=None),
    )
    check_file(document)
    reasons = {row[0]: row[-1] for row in reversed(given_back(document)[1:])}
    assert "is not a number" in reasons["FILE-A"]
    assert "'NOT-THERE' does not exist" in reasons["FILE-A"]
    assert "the price is below zero" in reasons["FILE-A"]
    assert "has no price" in reasons["FILE-B"]
    assert "Another row" in given_back(document)[2][-1]


def test_a_gift_without_a_price_is_good_and_is_taken(files: Any) -> None:
    """P22: what the check calls good is taken."""
    HEAD.append("is_gift")
    try:
        document = files([*rows_of("FILE-G"), "0"], [*rows_of("FILE-G", price=None), "1"], name="gift.xlsx")
    finally:
        HEAD.pop()
    check_file(document)
    assert (document.good_orders, document.bad_rows) == (1, 0)
    start_taking(document)
    take(document.name)
    frappe.db.rollback()
    assert numbers_taken() == ["FILE-G"]


def test_taking_twice_makes_no_order_twice(files: Any) -> None:
    document = files(rows_of("FILE-1"))
    check_file(document)
    take(document.name)
    take(document.name)
    assert numbers_taken() == ["FILE-1"]


def test_a_refusal_of_the_rules_gives_the_order_back(files: Any) -> None:
    """The number belongs to another content already: nothing is changed, the row says so (R-046)."""
    first, second = files(rows_of("FILE-1")), files(rows_of("FILE-1", quantity=3), rows_of("FILE-2"))
    check_file(first)
    take(first.name)
    check_file(second)
    take(second.name)
    second.reload()
    assert (second.orders_taken, second.orders_refused) == (1, 1)
    assert "FILE-1 already belongs to order" in given_back(second)[1][-1]


def test_csv_of_a_chinese_spreadsheet_is_read_and_nothing_becomes_a_formula(files: Any) -> None:
    document = files(rows_of("FILE-1", product="=1+1"), name="orders.csv")
    check_file(document)
    content = frappe.get_doc("File", {"file_url": document.result_file}).get_content()
    text = content if isinstance(content, str) else content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    assert rows[1][2] == "'=1+1"
    sheet = openpyxl.load_workbook(BytesIO(write_table([["=1+1"]], like="x.xlsx"))).active
    assert sheet["A1"].data_type == "s"


def test_gb18030_is_understood(site: Any) -> None:
    file = save_file("gb.csv", "订单号,数量\r\n甲,1\r\n".encode("gb18030"), None, None, is_private=1)
    assert read_table(file.file_url) == [["订单号", "数量"], ["甲", "1"]]


@pytest.mark.parametrize("between", [";", "\t"])
def test_cells_between_semicolons_or_tabs_are_understood(site: Any, between: str) -> None:
    """A spreadsheet of another region; a comma inside a text is none of its own."""
    content = f"订单号{between}地址\r\n甲{between}一路1号, 二楼\r\n".encode()
    file = save_file("other.csv", content, None, None, is_private=1)
    assert read_table(file.file_url) == [["订单号", "地址"], ["甲", "一路1号, 二楼"]]


def test_a_date_that_cannot_be_meant_is_said_by_the_check(
    files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "HEAD", [*HEAD, "Ordered At"])
    document = files([*rows_of("FILE-1"), "1900-01-01 00:00:00"], rows_of("FILE-2"))
    check_file(document)
    document.reload()
    assert (document.good_orders, document.bad_rows) == (1, 1)
    assert "before the year 2000" in given_back(document)[1][-1]


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("orders.pdf", b"%PDF-1.4", "neither .xlsx nor .csv"),
        ("orders.xlsx", b"no zip", "cannot be opened"),
        ("orders.csv", b"a,b\r\n1,2\r\n", "has no column"),
    ],
)
def test_what_is_no_table_of_orders_is_refused(site: Any, name: str, content: bytes, text: str) -> None:
    file = save_file(name, content, None, None, is_private=1)
    document = frappe.get_doc(
        {"doctype": "Order File", "channel": OFFLINE_CHANNEL, "file": file.file_url}
    ).insert()
    with pytest.raises(StepRefused, match=text):
        check_file(document)
    assert frappe.db.get_value("Order File", document.name, "state") == FileState.NEW


def test_an_unchecked_or_empty_file_is_not_taken(files: Any) -> None:
    document = files(rows_of("FILE-1", quantity="x"))
    with pytest.raises(StepRefused, match="Check the file first"):
        start_taking(document)
    check_file(document)
    with pytest.raises(StepRefused, match="no order that can be taken"):
        start_taking(document)


def test_a_file_being_taken_is_left_alone(files: Any) -> None:
    document = files(rows_of("FILE-1"))
    check_file(document)
    document.db_set("state", FileState.TAKING.value)
    for act in (check_file, start_taking):
        with pytest.raises(StepRefused, match="being taken right now"):
            act(document)


def test_the_check_costs_the_same_for_few_and_for_many_rows(
    files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def statements(count: int) -> int:
        document = files(*[rows_of(f"FILE-{number}") for number in range(count)])
        counted: list[str] = []
        real = frappe.db.sql
        with monkeypatch.context() as patch:
            patch.setattr(frappe.db, "sql", lambda *a, **k: (counted.append(str(a[0])), real(*a, **k))[1])
            order_file_taking.check_file(document)
        return len(counted)

    statements(1)
    assert statements(3) == statements(300)


def test_a_field_rep_takes_orders_of_own_customers_only(files: Any) -> None:
    with acting_as(user_of(Role.FIELD_REP)):
        document = files(rows_of("FILE-1"))
        check_file(document)
        assert document.good_orders == 0
        assert "not in your care" in given_back(document)[1][-1]


def test_the_head_of_the_template_is_understood(site: Any) -> None:
    for language in ("en", "zh", "zh-TW"):
        frappe.local.lang = language
        (head,) = template_rows()
        file = save_file(f"{language}.xlsx", write_table([head], like=".xlsx"), None, None, is_private=1)
        document = frappe.get_doc(
            {"doctype": "Order File", "channel": OFFLINE_CHANNEL, "file": file.file_url}
        ).insert()
        frappe.local.lang = "en"
        with pytest.raises(StepRefused, match="no rows under"):
            check_file(document)


def test_who_may_not(files: Any, callers: Callers) -> None:
    document = files(rows_of("FILE-1"))
    for role in (Role.WAREHOUSE, Role.FIELD_REP, Role.AUDITOR):
        for method in ("check_order_file", "take_orders"):
            answer = callers.of(role).post(f"method/order_flow.api.files.{method}", order_file=document.name)
            assert answer.status_code == 403, (role, method, message_of(answer))
    assert (
        callers.of(Role.WAREHOUSE).post("method/order_flow.api.files.order_file_template").status_code == 403
    )
    assert callers.of(Role.ORDER_DESK).get("method/order_flow.api.files.check_order_file").status_code == 403
    assert numbers_taken() == []
