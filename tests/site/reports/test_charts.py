"""Charts: in the reader's language, and only what the reader may see (R-357)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import format_date, getdate

from dev.bench.statements import recorded_statements
from order_flow.defaults.shipped_reviews import ADD
from order_flow.domain.reviews.sign_offs import Answer, Department
from order_flow.domain.states import Role
from order_flow.order_flow.dashboard_chart_source.orders_by_day.orders_by_day import MOST_DAYS
from order_flow.order_flow.dashboard_chart_source.orders_by_day.orders_by_day import get as by_day
from order_flow.order_flow.dashboard_chart_source.report_columns.report_columns import (
    get as report_columns,
)
from order_flow.order_flow.dashboard_chart_source.translated_groups.translated_groups import get
from order_flow.security import closed_doors
from tests.site.support.builders import acting_as, new_order, user_of
from tests.site.support.review_cases import (
    answer_for,
    departments,
    only_gates_of_the_review,
    under_review_at_planning,
)

CHART = "Open Orders by Station"


@pytest.mark.usefixtures("site")
def test_stations_are_in_the_readers_language() -> None:
    new_order()
    before = frappe.local.lang
    frappe.local.lang = "zh"
    try:
        shown = get(CHART)
    finally:
        frappe.local.lang = before
    assert shown is not None
    assert "未确认" in shown["labels"]
    assert "Unconfirmed" not in shown["labels"]


@pytest.mark.usefixtures("site")
def test_a_field_rep_counts_only_his_orders() -> None:
    new_order()
    with acting_as(user_of(Role.FIELD_REP)):
        counted = get(CHART)
    assert counted is None or sum(counted["datasets"][0]["values"]) == 0


@pytest.mark.usefixtures("site")
def test_who_may_not_read_orders_gets_no_chart() -> None:
    with acting_as("Guest"), pytest.raises(frappe.PermissionError):
        get(CHART)


LONG_AGO = date(2019, 3, 1)
"""A month that no other test enters orders in."""
MONTH = {"from_date": str(LONG_AGO), "to_date": str(LONG_AGO + timedelta(days=9))}


@pytest.fixture
def orders_of_one_day(site: Any) -> None:
    """Two orders of the month's third day, one of them in dollars at 7.00."""
    for currency, rate in (("CNY", 1), ("USD", 7)):
        order = new_order(currency=currency, exchange_rate=rate)
        frappe.db.set_value(
            "Order", order.name, {"ordered_at": f"{LONG_AGO + timedelta(days=2)} 23:59:59", "total": 100}
        )


def _of_the_third_day(shown: dict[str, Any]) -> float:
    return float(shown["datasets"][0]["values"][2])


@pytest.mark.usefixtures("orders_of_one_day")
def test_orders_are_counted_by_day_and_a_day_without_one_is_a_zero() -> None:
    shown = by_day("Orders by Day", MONTH)
    assert shown["labels"][0] == format_date(LONG_AGO)
    assert shown["datasets"][0]["values"] == [0, 0, 2, 0, 0, 0, 0, 0, 0, 0]


@pytest.mark.usefixtures("orders_of_one_day")
def test_values_are_added_in_the_companys_currency() -> None:
    assert _of_the_third_day(by_day("Order Value by Day", MONTH)) == 100 + 7 * 100


@pytest.mark.usefixtures("orders_of_one_day")
def test_a_field_rep_sees_the_days_of_his_own_orders() -> None:
    with acting_as(user_of(Role.FIELD_REP)):
        assert _of_the_third_day(by_day("Orders by Day", MONTH)) == 0


@pytest.mark.usefixtures("orders_of_one_day")
def test_a_picker_sees_how_many_orders_came_in_but_not_what_they_are_worth() -> None:
    with acting_as(user_of(Role.WAREHOUSE)):
        assert _of_the_third_day(by_day("Orders by Day", MONTH)) == 2
        with pytest.raises(frappe.PermissionError):
            by_day("Order Value by Day", MONTH)


@pytest.mark.usefixtures("site")
def test_without_dates_a_chart_by_day_ends_today() -> None:
    shown = by_day("Orders by Day")
    assert shown["labels"][-1] == format_date(getdate())
    assert 29 <= len(shown["labels"]) <= 32


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("days", [-1, MOST_DAYS])
def test_a_period_that_no_chart_shows_is_refused(days: int) -> None:
    wanted = {"from_date": str(LONG_AGO), "to_date": str(LONG_AGO + timedelta(days=days))}
    with pytest.raises(frappe.ValidationError, match="Choose other dates"):
        by_day("Orders by Day", wanted)


@pytest.mark.usefixtures("site")
def test_a_chart_by_day_reads_an_index_and_no_order() -> None:
    with recorded_statements() as statements:
        by_day("Order Value by Day", MONTH)
    asked = next(text for text in statements if "date(ordered_at)" in text)
    values = {"first": LONG_AGO, "end": LONG_AGO + timedelta(days=31)}
    values["called_off"] = ("Cancelled", "Voided")
    (plan,) = frappe.db.sql(f"explain {asked}", values, as_dict=True)
    assert "Using index" in plan.Extra, plan


@pytest.mark.usefixtures("site")
def test_share_shipped_on_time_leaves_out_months_without_a_promise() -> None:
    months = {
        # Month of entry, promised, shipped.
        date(2019, 3, 4): (date(2019, 3, 20), "2019-03-20 23:00:00"),
        date(2019, 3, 5): (date(2019, 3, 20), "2019-03-21 08:00:00"),
        date(2019, 4, 6): (None, "2019-04-21 08:00:00"),
    }
    for entered, (promised, shipped) in months.items():
        values = {"ordered_at": str(entered), "confirmed_at": str(entered), "shipped_at": shipped}
        frappe.db.set_value("Order", new_order().name, {**values, "promised_date": promised})
    shown = report_columns("Shipped on Time by Month", {"from_date": "2019-03-01", "to_date": "2019-04-30"})
    assert shown is not None
    assert shown["labels"] == ["2019-03"]
    assert shown["datasets"] == [{"name": "Shipped on Time", "values": [50.0]}]


@pytest.mark.usefixtures("site")
def test_refusals_are_counted_by_department_in_the_readers_language() -> None:
    with only_gates_of_the_review():
        _order, checklist = under_review_at_planning(ADD)
        department = departments(checklist)[0]
        answer_for(checklist.name, department, Answer.NO, "The drawing is missing")
        frappe.local.lang = "zh"
        _counts_refusals_of(department)


def _counts_refusals_of(department: Department) -> None:
    shown = report_columns("Refused Reviews by Department")
    assert shown is not None
    (refused,) = shown["datasets"]
    assert refused["name"] == "不通过"
    assert refused["values"][shown["labels"].index(frappe._(department.value, lang="zh"))] >= 1


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("role", [Role.FIELD_REP, Role.WAREHOUSE])
def test_a_chart_of_a_report_is_for_its_readers_only(role: Role) -> None:
    with acting_as(user_of(role)), pytest.raises((frappe.PermissionError, frappe.ValidationError)):
        report_columns("Shipped on Time by Month")


def test_charts_that_the_desk_asks_elsewhere_are_refused_clearly(site: Any) -> None:
    """The framework's method for charts of one DocType fails on charts that have a source of their own."""
    names = frappe.get_all("Dashboard Chart", {"module": "Order Flow", "chart_type": "Custom"}, pluck="name")
    assert names
    for name in names:
        with pytest.raises(frappe.ValidationError, match="drawn by its own source"):
            closed_doors.chart(chart_name=name)
