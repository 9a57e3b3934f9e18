"""Stock given to orders in a batch on a real site: who gets what, why, and who may (R-257, R-258)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.domain.goods.allocation import DEFAULT_KEYS, AllocationKey
from order_flow.domain.goods.stock import StockSource
from order_flow.domain.states import OrderStep, Role
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shortages.allocation import run
from order_flow.flow.stock.levels import Level, free_by_product, set_levels
from tests.site.goods.test_stock import HOUSES, PRODUCT, PROFILE, ensure_stock_masters
from tests.site.support.builders import PRODUCTS, new_order
from tests.site.support.rest_client import Callers


@pytest.fixture(autouse=True)
def masters(site: Any) -> Iterator[None]:
    """Warehouses and a procedure that reserves."""
    ensure_stock_masters()
    yield
    frappe.db.rollback()


def stock(quantity: int, product: str = PRODUCT) -> None:
    set_levels([Level(product, HOUSES[0], Decimal(quantity), Decimal(quantity))], StockSource.HAND)


def waiting(quantity: int, confirmed_at: str, **overrides: Any) -> Any:
    """A confirmed order that claimed nothing, because there was nothing then."""
    items = overrides.pop("items", [{"product": PRODUCT, "quantity": quantity, "unit_price": 10}])
    order = new_order(channel=PROFILE, items=items, **overrides)
    take_step(order, OrderStep.CONFIRM)
    frappe.db.set_value("Order", order.name, "confirmed_at", confirmed_at)
    return order


def lines_of(document: Any) -> list[tuple[str, float, float]]:
    return [
        (row.order_id, row.allocated, row.short)
        for row in frappe.get_all(
            "Allocation Run Line",
            {"parent": document.name},
            ["order_id", "allocated", "short"],
            order_by="idx",
        )
    ]


def test_first_confirmed_first_served_and_the_run_explains_it(site: Any) -> None:
    second, first = waiting(4, "2026-11-02 09:00:00"), waiting(4, "2026-11-01 09:00:00")
    stock(6)
    document = run(DEFAULT_KEYS, orders=[first.name, second.name])
    assert lines_of(document) == [(first.name, 4, 0), (second.name, 2, 2)]
    assert (document.orders, document.lines_allocated, document.lines_short) == (2, 1, 1)
    reasons = frappe.get_all("Allocation Run Line", {"parent": document.name}, pluck="reason", order_by="idx")
    assert reasons == ["Everything is allocated.", "Only a part was left."]
    assert free_by_product([PRODUCT])[PRODUCT] == 0


def test_a_second_run_gives_only_what_is_still_missing(site: Any) -> None:
    order = waiting(4, "2026-11-01 09:00:00")
    stock(3)
    run(DEFAULT_KEYS, orders=[order.name])
    stock(9)
    assert lines_of(run(DEFAULT_KEYS, orders=[order.name])) == [(order.name, 1, 0)]
    with pytest.raises(StepRefused, match="nothing to allocate"):
        run(DEFAULT_KEYS, orders=[order.name])
    held = frappe.get_all("Stock Reservation", {"order_id": order.name}, pluck="quantity")
    assert sum(held) == 4


def test_the_strategy_decides(site: Any) -> None:
    early, late = (
        waiting(4, "2026-11-01 09:00:00", promised_date="2030-12-09"),
        waiting(4, "2026-11-02 09:00:00", promised_date="2030-12-01"),
    )
    stock(4)
    document = run([AllocationKey.PROMISED_DATE], orders=[early.name, late.name])
    assert lines_of(document) == [(late.name, 4, 0), (early.name, 0, 4)]


def test_an_order_on_hold_gets_nothing(site: Any) -> None:
    order = waiting(4, "2026-11-01 09:00:00")
    frappe.db.set_value("Order", order.name, "on_hold", 1)
    stock(9)
    with pytest.raises(StepRefused, match="nothing to allocate"):
        run(DEFAULT_KEYS, orders=[order.name])


def test_statements_do_not_grow_with_orders_and_lines(site: Any) -> None:
    def count(orders: int, lines: int) -> int:
        items = [{"product": PRODUCTS[n % 5], "quantity": 1, "unit_price": 10} for n in range(lines)]
        names = [waiting(1, "2026-11-01 09:00:00", items=items).name for _number in range(orders)]
        for product in PRODUCTS:
            stock(5000, product)
        with recorded_statements() as statements:
            run(DEFAULT_KEYS, orders=names)
        frappe.db.delete("Stock Level", {"product": ("in", PRODUCTS)})
        return len(statements)

    count(1, 1)
    assert count(1, 2) == count(4, 30)


def test_who_may_not(site: Any, callers: Callers) -> None:
    path = "method/order_flow.api.stock.allocate"
    for role in (Role.SALES, Role.FIELD_REP, Role.FINANCE, Role.AUDITOR):
        assert callers.of(role).post(path).status_code == 403, role
    assert callers.of(Role.WAREHOUSE).post(path, keys=["By Whim"]).status_code == 417
    assert callers.of(Role.WAREHOUSE).get(path).status_code == 403
