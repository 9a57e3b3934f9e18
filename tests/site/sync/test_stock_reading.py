"""WDT's stock read into our figures, over HTTP (R-254, R-255, R-264, R-350)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.domain.states import OrderStep, Role
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order
from order_flow.flow.stock.levels import free_by_product
from order_flow.outbox.reading.positions import Stream, position_of
from order_flow.outbox.registry import AccountType
from order_flow.sync.wdt import stock as wdt_stock
from tests.site.support.builders import PRODUCTS, WDT_ACCOUNT, WDT_CHANNEL
from tests.site.support.sync_lab import Lab

CUP, CAN = PRODUCTS[:2]
STREAM = Stream(AccountType.WDT, WDT_ACCOUNT, wdt_stock.STOCK_STREAM)


@pytest.fixture(autouse=True)
def clean(site: Any, lab: Lab) -> Iterator[None]:
    """Figures, warehouses and questions of these tests are taken out again."""
    yield
    frappe.db.rollback()
    houses = frappe.get_all("Warehouse", {"wdt_account": WDT_ACCOUNT}, pluck="name")
    frappe.db.delete("Stock Level", {"warehouse": ("in", houses or [""])})
    frappe.db.delete("Warehouse", {"wdt_account": WDT_ACCOUNT})
    frappe.db.delete("Sync Discrepancy", {"account": WDT_ACCOUNT})
    frappe.db.delete("Sync Position", {"account": WDT_ACCOUNT})
    frappe.db.delete("ToDo", {"reference_type": "Product"})
    frappe.db.set_value("Product", {"name": ("in", PRODUCTS)}, "safety_stock", 0)
    frappe.db.commit()


def keep(lab: Lab, **stock: str) -> None:
    specs = [{"spec_no": code, "stock_num": quantity} for code, quantity in stock.items()]
    lab.wdt.admin("POST", "wdt/specs", {"specs": specs})


def read() -> int:
    frappe.db.commit()
    return wdt_stock.run(WDT_ACCOUNT)


def figures() -> list[tuple[str, str, float, str]]:
    rows = frappe.get_all(
        "Stock Level",
        filters={"product": ("in", (CUP, CAN))},
        fields=["product", "warehouse", "physical", "source"],
        order_by="product, warehouse",
    )
    frappe.db.rollback()
    return [(row.product, row.warehouse, row.physical, row.source) for row in rows]


def open_questions() -> list[str]:
    found = frappe.get_all(
        "Sync Discrepancy", {"account": WDT_ACCOUNT, "state": "Open"}, pluck="aspect", order_by="aspect"
    )
    frappe.db.rollback()
    return list(found)


def test_figures_and_warehouses_are_entered_and_a_second_run_changes_nothing(lab: Lab) -> None:
    keep(lab, **{CUP: "5", CAN: "0"})
    assert read() > 0
    assert figures() == [
        (CUP, "WH01", 5, "WDT"), (CUP, "WH02", 5, "WDT"), (CAN, "WH01", 0, "WDT"), (CAN, "WH02", 0, "WDT"),
    ]  # fmt: skip
    house = frappe.get_doc("Warehouse", "WH01")
    assert (house.warehouse_name, house.wdt_account) == ("主仓", WDT_ACCOUNT)
    before = figures()
    read()
    assert figures() == before
    keep(lab, **{CUP: "9"})
    read()
    assert figures()[0] == (CUP, "WH01", 9, "WDT")


def test_an_unknown_product_becomes_one_question_and_no_guess(lab: Lab) -> None:
    """R-350."""
    keep(lab, **{CUP: "5", "WHAT-IS-THIS": "3", "AND-THIS": "1"})
    read()
    read()
    assert open_questions() == [wdt_stock.UNKNOWN_PRODUCTS]
    assert not frappe.db.exists("Product", "WHAT-IS-THIS")
    summary = frappe.db.get_value("Sync Discrepancy", {"aspect": wdt_stock.UNKNOWN_PRODUCTS}, "summary")
    assert "AND-THIS" in summary and "WHAT-IS-THIS" in summary


def test_the_position_stays_while_wdt_cannot_be_read(lab: Lab) -> None:
    keep(lab, **{CUP: "5"})
    lab.wdt.arm("down_until", args={"seconds": 3600, "mode": "drop"})
    assert read() == 0
    assert position_of(STREAM) is None
    assert frappe.db.get_value("Sync Position", {"stream": "stock", "account": WDT_ACCOUNT}, "last_error")
    lab.turn(timedelta(hours=2))
    assert read() > 0
    assert position_of(STREAM) is not None


def test_a_bad_record_is_set_aside_and_read_again_when_it_is_mended(lab: Lab) -> None:
    keep(lab, **{CUP: "a lot", CAN: "2"})
    read()
    assert [row[0] for row in figures()] == [CAN, CAN]
    assert open_questions() == [f"stock:{CUP}"]
    keep(lab, **{CUP: "8"})
    assert wdt_stock.read_record_again(WDT_ACCOUNT, {"spec_no": CUP}) == f"{CUP}: 2"
    assert figures()[0] == (CUP, "WH01", 8, "WDT")


def test_low_stock_is_told_once_until_it_recovers(lab: Lab) -> None:
    """R-255."""
    frappe.db.set_value("Product", CUP, "safety_stock", 20)
    keep(lab, **{CUP: "5"})
    for _run in range(2):
        read()
    tasks = frappe.get_all("ToDo", {"reference_name": CUP, "status": "Open"}, pluck="role", order_by="role")
    assert tasks == sorted([Role.PLANNING.value, Role.PURCHASING.value])
    frappe.db.rollback()
    keep(lab, **{CUP: "50"})
    read()
    assert not frappe.get_all("ToDo", {"reference_name": CUP, "status": "Open"})


def test_what_wdt_knows_as_a_trade_is_not_taken_off_its_figure_again(lab: Lab) -> None:
    """R-264: the claim counts until WDT's own figure leaves it out."""
    profile = frappe.db.get_value("Sales Channel", WDT_CHANNEL, "flow_profile")
    frappe.db.set_value("Flow Profile", profile, "reserve_stock", 1)
    frappe.clear_document_cache("Flow Profile", profile)
    try:
        keep(lab, **{CUP: "10"})
        read()
        order = lab.order(items=[{"product": CUP, "quantity": 4, "unit_price": 5}])
        take_step(locked_order(order.name), OrderStep.CONFIRM)
        assert free_by_product([CUP])[CUP] == 16
        lab.tell_wdt()
        lab.wdt.settle()
        lab.read_wdt()
        known = frappe.db.get_value("Stock Reservation", {"order_id": order.name}, "known_outside_since")
        assert known
        keep(lab, **{CUP: "6"})
        read()
        frappe.db.rollback()
        assert free_by_product([CUP])[CUP] == 12
    finally:
        frappe.db.rollback()
        frappe.db.set_value("Flow Profile", profile, "reserve_stock", 0)
        frappe.db.commit()
        frappe.clear_document_cache("Flow Profile", profile)


def test_statements_do_not_grow_with_the_figures(lab: Lab) -> None:
    def count(codes: tuple[str, ...]) -> int:
        keep(lab, **dict.fromkeys(codes, "5"))
        frappe.db.commit()
        with recorded_statements() as statements:
            wdt_stock.run(WDT_ACCOUNT)
        return len(statements)

    count(PRODUCTS)
    few = count((CUP,))
    assert count(PRODUCTS) == few


SECOND_ACCOUNT = "Second WDT"


@pytest.fixture
def second_account(lab: Lab) -> Iterator[str]:
    """Another company's account over there; it numbers its warehouses as the first one does."""
    first = frappe.get_doc("WDT Account", WDT_ACCOUNT)
    second = frappe.copy_doc(first)
    second.update({"account_name": SECOND_ACCOUNT, "appsecret": first.get_password("appsecret")})
    second.insert()
    frappe.db.commit()
    yield second.name
    frappe.db.rollback()
    houses = frappe.get_all("Warehouse", {"wdt_account": second.name}, pluck="name")
    frappe.db.delete("Stock Level", {"warehouse": ("in", houses or [""])})
    for doctype in ("Warehouse", "Sync Position", "Sync Discrepancy", "Sync Attempt", "Sync Outbox"):
        frappe.db.delete(doctype, {"account" if doctype != "Warehouse" else "wdt_account": second.name})
    frappe.db.delete("WDT Account", {"name": second.name})
    frappe.db.commit()


def test_two_accounts_may_both_have_a_wh01(lab: Lab, second_account: str) -> None:
    keep(lab, **{CUP: "5"})
    read()
    keep(lab, **{CUP: "7"})
    frappe.db.commit()
    wdt_stock.run(second_account)
    assert {row[1:3] for row in figures() if row[0] == CUP} == {
        ("WH01", 5), ("WH02", 5), (f"WH01 ({second_account})", 7), (f"WH02 ({second_account})", 7),
    }  # fmt: skip
    assert not frappe.get_all("Sync Discrepancy", {"account": second_account, "state": "Open"})


def test_a_number_of_an_account_stands_on_one_warehouse(lab: Lab) -> None:
    keep(lab, **{CUP: "5"})
    read()
    twin = {"warehouse_code": "TWIN", "warehouse_name": "Twin", "wdt_account": WDT_ACCOUNT}
    with pytest.raises(frappe.ValidationError, match="WH01"):
        frappe.get_doc({"doctype": "Warehouse", **twin, "wdt_warehouse_no": "WH01"}).insert()
    frappe.db.rollback()
