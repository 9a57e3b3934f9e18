"""WDT's goods and carriers read into our masters, over HTTP (R-348, R-349, R-350)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.domain.states import Role
from order_flow.outbox.reading.positions import Stream, position_of
from order_flow.outbox.registry import AccountType
from order_flow.sync.wdt import goods as wdt_goods
from order_flow.sync.wdt import products as wdt_products
from order_flow.sync.wdt.carriers import NAMESAKES, NEW_CARRIERS
from order_flow.sync.wdt.goods import DELETED_GOODS, UNKNOWN_GOODS
from tests.site.support.builders import PRODUCTS, WDT_ACCOUNT
from tests.site.support.rest_client import Callers
from tests.site.support.sync_lab import Lab

CUP, CAN = PRODUCTS[:2]
NEW = "GOODS-NEW"
STREAM = Stream(AccountType.WDT, WDT_ACCOUNT, wdt_goods.GOODS_STREAM)
OURS = {"brand": None, "category": None, "specification": None, "barcode": None, "disabled": 0}


@pytest.fixture(autouse=True)
def clean(site: Any, lab: Lab) -> Iterator[None]:
    """Masters, questions and settings of these tests are taken out again."""
    units = {code: frappe.db.get_value("Product", code, "unit") for code in PRODUCTS}
    _forget(units)
    yield
    frappe.db.rollback()
    _forget(units)


def _forget(units: dict[str, Any]) -> None:
    frappe.db.set_value("WDT Account", WDT_ACCOUNT, "enter_new_products", 0)
    for code, unit in units.items():
        frappe.db.set_value("Product", code, {**OURS, "unit": unit})
    frappe.db.delete("Product", {"name": ("like", "GOODS-%")})
    for doctype in ("Brand", "Product Category", "Carrier"):
        frappe.db.delete(doctype)
    frappe.db.delete("Sync Discrepancy", {"account": WDT_ACCOUNT})
    frappe.db.delete("Sync Position", {"account": WDT_ACCOUNT})
    frappe.db.delete("Stock Level", {"product": ("in", (*PRODUCTS, NEW))})
    frappe.db.delete("Warehouse", {"wdt_account": WDT_ACCOUNT})
    frappe.db.commit()
    frappe.clear_document_cache("WDT Account", WDT_ACCOUNT)


def keep(lab: Lab, *specs: dict[str, Any]) -> None:
    lab.wdt.admin("POST", "wdt/specs", {"specs": list(specs)})


def read() -> int:
    frappe.db.commit()
    return wdt_goods.run(WDT_ACCOUNT)


def product(code: str) -> Any:
    frappe.db.rollback()
    return frappe.get_doc("Product", code)


def open_questions() -> dict[str, str]:
    frappe.db.rollback()
    rows = frappe.get_all(
        "Sync Discrepancy", {"account": WDT_ACCOUNT, "state": "Open"}, ["aspect", "summary"]
    )
    return {row.aspect: row.summary for row in rows}


def test_what_is_missing_here_comes_from_wdt_and_brands_are_entered(lab: Lab) -> None:
    """R-348, R-349: brand and category by their names over there, once, whatever the case."""
    keep(
        lab,
        {"spec_no": CUP, "goods_no": "G1", "brand_name": "Acme", "class_name": "杯子", "barcode": "690001"},
        {"spec_no": CAN, "goods_no": "G2", "brand_name": "ACME", "class_name": "罐子", "spec_name": "500 ml"},
    )
    assert read() > 0
    cup, can = product(CUP), product(CAN)
    (brand,) = frappe.get_all("Brand", pluck="name")
    assert brand.casefold() == "acme"
    assert (cup.brand, cup.category, cup.barcode) == (brand, "杯子", "690001")
    assert (can.brand, can.category, can.specification) == (brand, "罐子", "500 ml")
    assert sorted(frappe.get_all("Product Category", pluck="name")) == sorted(["杯子", "罐子"])
    assert position_of(STREAM) is not None


def test_own_values_win_and_nothing_is_blanked(lab: Lab) -> None:
    """R-348: neither another value nor an empty one over there changes what somebody entered here."""
    frappe.get_doc({"doctype": "Brand", "brand_name": "Ours"}).insert()
    frappe.db.set_value("Product", CUP, {"brand": "Ours", "barcode": "111"})
    frappe.db.set_value("Product", CAN, {"brand": "Ours"})
    keep(lab, {"spec_no": CUP, "brand_name": "Theirs", "barcode": "222"}, {"spec_no": CAN})
    read()
    cup = product(CUP)
    assert (cup.brand, cup.barcode) == ("Ours", "111")
    assert product(CAN).brand == "Ours"


def test_a_second_run_changes_nothing(lab: Lab) -> None:
    """R-351: neither documents nor questions multiply."""
    keep(lab, {"spec_no": CUP, "brand_name": "Acme"}, {"spec_no": NEW})
    read()
    before = (product(CUP).modified, len(open_questions()))
    read()
    assert (product(CUP).modified, len(open_questions())) == before


def test_unknown_products_are_one_question_or_are_entered_as_the_account_says(lab: Lab) -> None:
    """R-350: no guess; the setting of the account decides."""
    keep(lab, {"spec_no": NEW, "goods_name": "新杯", "brand_name": "Acme", "unit_name": "个"})
    read()
    assert not frappe.db.exists("Product", NEW)
    assert NEW in open_questions()[UNKNOWN_GOODS]
    assert frappe.get_all("Brand", pluck="name") == [], "a brand of nothing that is sold here is not entered"
    frappe.db.set_value("WDT Account", WDT_ACCOUNT, "enter_new_products", 1)
    frappe.clear_document_cache("WDT Account", WDT_ACCOUNT)
    keep(lab, {"spec_no": NEW, "goods_name": "新杯", "brand_name": "Acme", "unit_name": "个"})
    read()
    entered = product(NEW)
    assert (entered.product_name, entered.brand, entered.unit) == ("新杯", "Acme", "个")


def test_what_wdt_deleted_is_asked_about_and_stays(lab: Lab) -> None:
    """Disabling a product is a person's decision: open orders may have it."""
    keep(lab, {"spec_no": CUP, "deleted": 1, "brand_name": "Acme"})
    read()
    assert CUP in open_questions()[DELETED_GOODS]
    assert (product(CUP).disabled, product(CUP).brand) == (0, None)


def test_bad_goods_are_set_aside_and_the_others_come(lab: Lab) -> None:
    """One record that cannot be read holds nothing up, and a repair reads it anew."""
    keep(lab, {"spec_no": CUP, "barcode": ["690"]}, {"spec_no": CAN, "brand_name": "Acme"})
    read()
    assert product(CAN).brand == "Acme"
    frappe.db.rollback()
    (aside,) = frappe.get_all(
        "Sync Discrepancy", {"account": WDT_ACCOUNT, "aspect": ("like", "goods%")}, ["summary"]
    )
    assert "set aside" in aside.summary
    keep(lab, {"spec_no": CUP, "barcode": "690"})
    stored = wdt_goods.read_record_again(WDT_ACCOUNT, {"spec_list": [{"spec_no": CUP}]})
    assert CUP in stored
    assert product(CUP).barcode == "690"


def test_couriers_are_entered_without_terms_and_switched_off(lab: Lab) -> None:
    """A carrier without prices would be the cheapest: people give it terms before shipments may choose it."""
    frappe.get_doc({"doctype": "Carrier", "carrier_name": "圆通速递"}).insert()
    frappe.get_doc({"doctype": "Carrier", "carrier_name": "中通快递", "carrier_code": "OWN-ZTO"}).insert()
    read()
    frappe.db.rollback()
    rows = {row.carrier_code: (row.name, row.disabled) for row in frappe.get_all("Carrier", fields=["*"])}
    assert rows == {"SF": ("顺丰速运", 1), "YTO": ("圆通速递", 0), "OWN-ZTO": ("中通快递", 0)}
    questions = open_questions()
    assert "顺丰速运 (SF)" in questions[NEW_CARRIERS]
    assert "中通快递 (ZTO)" in questions[NAMESAKES]


def test_products_are_read_by_name_whatever_changed_when(lab: Lab) -> None:
    """R-254: what has not moved for 30 days is in no window."""
    keep(lab, {"spec_no": CUP, "brand_name": "Acme", "stock_num": "7"})
    frappe.db.commit()
    found = wdt_products.run(WDT_ACCOUNT, [CUP])
    assert found == {"goods": 1, "stock": 2}
    assert product(CUP).brand == "Acme"
    assert frappe.db.get_value("Stock Level", {"product": CUP, "warehouse": "WH01"}, "physical") == 7


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.WAREHOUSE, 200), (Role.ORDER_DESK, 200), (Role.SALES, 403), (Role.FIELD_REP, 403), (None, 403)],
)
def test_who_may_have_products_read(role: Role | None, status: int, callers: Callers) -> None:
    """The desk and the house may, by POST; a customer's clerk and a guest may not."""
    path = "method/order_flow.api.sync.read_products"
    assert callers.of(role).post(path, products=[CUP]).status_code == status
    assert callers.of(role).get(path, products=f'["{CUP}"]').status_code == 403


@pytest.mark.parametrize("products", [[], ["NOBODY-KNOWS"], [f"P{number}" for number in range(51)]])
def test_bad_lists_are_refused(products: list[str], callers: Callers) -> None:
    """None, unknown, or too many."""
    answer = callers.of(Role.ORDER_DESK).post("method/order_flow.api.sync.read_products", products=products)
    assert answer.status_code == 417
