"""Pasted rows become lines of an order with what the products say; nothing is stored by reading (R-040)."""

from __future__ import annotations

from uuid import uuid4

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.api.desk import read_pasted_lines
from order_flow.domain.states import Role
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import PRODUCTS, acting_as, user_of

pytestmark = pytest.mark.usefixtures("site")
CODE = next(iter(PRODUCTS))


def product(**values: object) -> str:
    code = f"PASTE-{uuid4().hex[:6].upper()}"
    frappe.get_doc(
        {"doctype": "Product", "product_code": code, "unit": "个", "product_name": code} | values
    ).insert()
    return code


def test_the_product_fills_what_was_not_pasted() -> None:
    code = product(product_name="粘贴杯", list_price=19.9, tax_percent=13, specification="500ml")
    with acting_as(user_of(Role.ORDER_DESK)):
        answer = read_pasted_lines(f"编码\t数量\n{code.lower()}\t3\n")
    [line] = answer["lines"]
    assert (line["product"], line["product_name"], line["quantity"]) == (code, "粘贴杯", 3)
    assert (line["unit_price"], line["tax_percent"], line["specification"]) == (19.9, 13, "500ml")
    assert answer["faults"] == []


def test_a_pasted_price_is_kept_also_zero() -> None:
    code = product(list_price=19.9)
    lines = read_pasted_lines(f"编码\t数量\t单价\n{code}\t1\t0\n{code}\t1\t7.25\n")["lines"]
    assert [line["unit_price"] for line in lines] == [0, 7.25]


@pytest.mark.parametrize("field", ["barcode", "product_name"])
def test_a_barcode_or_a_name_is_the_product(field: str) -> None:
    word = uuid4().hex[:12]
    code = product(**{field: word})
    [line] = read_pasted_lines(f"{word}\t2")["lines"]
    assert line["product"] == code


def test_what_is_not_understood_names_its_row() -> None:
    name = uuid4().hex[:10]
    twins = [product(product_name=name), product(product_name=name)]
    sold_out = product(disabled=1)
    answer = read_pasted_lines(f"编码\t数量\n{CODE}\t1\nNO-SUCH\t1\n{name}\t1\n{sold_out}\t1\n")
    assert [line["product"] for line in answer["lines"]] == [CODE]
    assert [fault["row"] for fault in answer["faults"]] == [3, 4, 5]
    reasons = [fault["why"][0] for fault in answer["faults"]]
    assert "NO-SUCH" in reasons[0]
    assert all(twin in reasons[1] for twin in twins)


def test_a_name_that_a_product_no_longer_sold_had_too_is_certain() -> None:
    name = uuid4().hex[:10]
    product(product_name=name, disabled=1)
    sold = product(product_name=name)
    assert [line["product"] for line in read_pasted_lines(f"{name}\t1")["lines"]] == [sold]


def test_a_thousand_lines_take_the_statements_of_one() -> None:
    counts = []
    for many in (1, 500):
        with recorded_statements() as statements:
            assert len(read_pasted_lines(f"{CODE}\t1\n" * many)["lines"]) == many
        counts.append(len(statements))
    assert counts[0] >= counts[1]


def test_nothing_pasted_is_refused_in_words() -> None:
    with pytest.raises(StepRefused):
        read_pasted_lines(" \n ")


def test_who_enters_no_orders_reads_no_products_by_pasting() -> None:
    with acting_as(user_of(Role.QUALITY)), pytest.raises(frappe.PermissionError):
        read_pasted_lines(f"{CODE}\t1")
