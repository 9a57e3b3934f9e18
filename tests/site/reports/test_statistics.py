"""Figures for management: counts, values, times, punctuality (R-357..R-359, R-365)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.domain.states import OrderState, OrderStep
from order_flow.flow.cancelling.requests import CancelReason, request_cancellation
from order_flow.flow.lifecycle.steps import take_step
from order_flow.order_flow.report.order_performance import order_performance
from order_flow.order_flow.report.order_statistics import order_statistics
from tests.site.support.builders import new_order

DAY = "2031-05-07"
PERIOD = {"from_date": "2031-05-01", "to_date": "2031-05-31"}


@pytest.fixture
def orders(site: Any) -> list[Any]:
    """Three orders of one day far away from those of other tests: one confirmed, one called off, one new."""
    made = [new_order() for _number in range(3)]
    take_step(made[0], OrderStep.CONFIRM)
    request_cancellation(made[1].name, CancelReason.CHANGE_OF_MIND)
    for order in made:
        frappe.db.set_value("Order", order.name, "ordered_at", f"{DAY} 08:00:00")
    return made


def statistics(by: str, **wanted: Any) -> list[Any]:
    return order_statistics.execute({**PERIOD, "by": by, **wanted})[1]


def test_orders_of_a_day_are_counted_and_summed(orders: list[Any]) -> None:
    (row,) = statistics("Day")
    assert (row.group_value, row.orders, row.called_off, row.completed) == (DAY, 2, 1, 0)
    assert row.value == pytest.approx(2 * orders[0].total)


@pytest.mark.parametrize("by", order_statistics.GROUPS)
def test_every_grouping_opens_and_its_values_sum_up(orders: list[Any], by: str) -> None:
    rows = statistics(by)
    assert sum(row.value for row in rows) == pytest.approx(2 * orders[0].total)
    assert order_statistics.execute({**PERIOD, "by": by})[3]["data"]["labels"]


def test_a_product_shows_the_value_of_its_lines(orders: list[Any]) -> None:
    line = orders[0].items[0]
    (row,) = statistics("Month", product=line.product)
    assert (row.orders, row.quantity) == (2, 2 * line.quantity)
    assert row.value == pytest.approx(2 * line.gross)


def test_currencies_are_never_added(orders: list[Any]) -> None:
    """An amount of two currencies is none: one line of the chart for each."""
    frappe.db.set_value("Order", orders[0].name, {"currency": "USD", "exchange_rate": 7})
    chart = order_statistics.execute({**PERIOD, "by": "Day"})[3]
    sets = {one["name"]: one["values"] for one in chart["data"]["datasets"]}
    assert sets == {"Amount CNY": [orders[0].total], "Amount USD": [orders[0].total]}


def test_no_data_gives_an_empty_report_and_no_error(site: Any) -> None:
    _columns, rows, _message, chart = order_statistics.execute(
        {"from_date": "2035-01-01", "to_date": "2035-01-02", "by": "Day"}
    )
    assert (rows, chart) == ([], None)
    assert order_performance.execute({"from_date": "2035-01-01", "to_date": "2035-01-02"})[1] == []


def test_times_punctuality_and_changes_of_a_month(orders: list[Any]) -> None:
    first, _called_off, second = orders
    second.reload()
    take_step(second, OrderStep.CONFIRM)
    for order, shipped in ((first, "2031-05-09 10:00:00"), (second, "2031-05-12 10:00:00")):
        frappe.db.set_value(
            "Order",
            order.name,
            {"confirmed_at": f"{DAY} 10:00:00", "shipped_at": shipped, "promised_date": "2031-05-10"},
        )
    (row,) = order_performance.execute(PERIOD)[1]
    assert (row.month, row.orders, row.to_confirm, row.to_ship) == ("2031-05", 2, 2.0, 84.0)
    assert (row.on_time, row.faultless, row.to_pay) == (50, 100, None)
    assert OrderState(frappe.db.get_value("Order", first.name, "workflow_state")) is OrderState.CONFIRMED
