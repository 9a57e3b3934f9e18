"""ORDER LOG and Order Status Tracking: exact rows, readers, statements, export (R-102..R-107, R-109)."""

from __future__ import annotations

import csv
import io
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, get_datetime, getdate, now_datetime, nowdate

from dev.bench.statements import recorded_statements
from order_flow.api.orders import ship
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily, PaymentTerm, Role
from order_flow.flow.lifecycle.steps import take_step
from order_flow.order_flow.report.order_log import order_log
from order_flow.order_flow.report.order_status_tracking import order_status_tracking
from tests.site.support.builders import acting_as, new_order, order_in, user_of
from tests.site.support.change_lab import DATE, line_change, written

pytestmark = pytest.mark.usefixtures("site")
LATER = "2031-05-01"


def customer_of_its_own() -> str:
    """A customer without other orders."""
    return str(frappe.get_doc({"doctype": "Customer", "customer_name": "登记测试"}).insert().name)


def log(**filters: Any) -> list[dict[str, Any]]:
    """Rows of the register."""
    return order_log.execute(filters)[1]


def tracking(**filters: Any) -> list[dict[str, Any]]:
    """Rows of the tracking."""
    return order_status_tracking.execute(filters)[1]


def two_lines() -> list[dict[str, Any]]:
    """Six and four pieces for 100 without tax."""
    return [
        {"product": "TEST-A", "quantity": 6, "unit_price": 10, "unit": "只"},
        {"product": "TEST-B", "quantity": 4, "unit_price": 10},
    ]


def test_a_row_of_the_register() -> None:
    """R-102, R-103, R-105: what the procedure asks for, in the reader's words."""
    customer = customer_of_its_own()
    order = new_order(
        customer=customer,
        items=two_lines(),
        customer_order_number="PO-77",
        payment_term=PaymentTerm.ONLINE.value,
        sales_rep=user_of(Role.SALES),
    )
    take_step(frappe.get_doc("Order", order.name), OrderStep.CONFIRM)
    stored = frappe.get_doc("Order", order.name)
    (row,) = log(customer=customer)
    expected = {
        "order_id": order.name,
        "order_number": stored.order_number,
        "customer_order_number": "PO-77",
        "customer": customer,
        "customer_name": "登记测试",
        "contact": "黄经理 13800000000",
        "region": "CN 广东省 珠海市",
        "product_detail": "TEST-A Product TEST-A x 6 只; TEST-B Product TEST-B x 4 PCS",
        "quantity": 10,
        "total": stored.total,
        "currency": "CNY",
        "payment_term": "Online Payment",
        "payment_status": "Unpaid",
        "workflow_state": "Confirmed",
        "confirmed_at": stored.confirmed_at,
        "held": "",
        "open_notices": "",
        "sales_rep": user_of(Role.SALES),
        "entered": "Same Day",
        "entered_days": 0,
        "missing": "",
        "flagged": 0,
    }
    assert {key: row[key] for key in expected} == expected
    assert row["changed_at"] >= get_datetime(order.creation)


@pytest.mark.parametrize(
    ("days", "entered", "flagged"), [(0, "Same Day", 0), (1, "Next Day", 0), (2, "Late", 1)]
)
def test_days_between_order_and_entry_are_measured(days: int, entered: str, flagged: int) -> None:
    """R-102: the same or the next day; later shows as open."""
    customer = customer_of_its_own()
    new_order(customer=customer, ordered_at=add_days(now_datetime(), -days))
    (row,) = log(customer=customer)
    assert (row["entered"], row["entered_days"], row["flagged"]) == (entered, days, flagged)
    assert len(log(customer=customer, only_flagged=1)) == flagged


def test_a_letter_of_credit_needs_its_expiry() -> None:
    """R-104: the columns are mandatory for such orders only, and shown when they are filled."""
    customer = customer_of_its_own()
    order = new_order(customer=customer, payment_term=PaymentTerm.LETTER_OF_CREDIT.value)
    new_order(customer=customer)
    letter, other = log(customer=customer)
    assert (letter["missing"], letter["flagged"]) == ("Letter of Credit, L/C Expiry Date", 1)
    assert other["missing"] == ""
    frappe.db.set_value("Order", order.name, {"letter_of_credit": "LC-1", "lc_expiry_date": LATER})
    letter = log(customer=customer)[0]
    assert (letter["letter_of_credit"], letter["lc_expiry_date"]) == ("LC-1", getdate(LATER))
    assert (letter["missing"], letter["flagged"]) == ("", 0)


def test_open_change_notices_and_holds_are_shown() -> None:
    """R-102, R-129: what is not settled stands in the register."""
    customer = customer_of_its_own()
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER, customer=customer)
    notice = written(order, DATE, line_change(order, "promised_date", LATER))
    frappe.db.set_value("Order", order.name, {"on_hold": 1, "hold_reason": "等待图纸"})
    (row,) = log(customer=customer)
    assert (row["open_notices"], row["held"]) == (notice.name, "等待图纸")


def test_filters_of_the_register() -> None:
    """Period, state and sales representative."""
    customer = customer_of_its_own()
    old = new_order(customer=customer, ordered_at=add_days(now_datetime(), -40))
    mine = new_order(customer=customer, sales_rep=user_of(Role.SALES))
    assert [row["order_id"] for row in log(customer=customer)] == [mine.name]
    found = log(customer=customer, from_date=add_days(nowdate(), -41), to_date=add_days(nowdate(), -39))
    assert [row["order_id"] for row in found] == [old.name]
    assert log(customer=customer, sales_rep=user_of(Role.SALES_MANAGER)) == []
    assert log(customer=customer, workflow_state=OrderState.SHIPPED.value) == []


def test_a_shipment_against_its_plan() -> None:
    """R-107, R-109: partial quantities, deviation, in time or late, receipt; what waits has its own row."""
    customer = customer_of_its_own()
    planned = add_days(nowdate(), -3)
    order = new_order(customer=customer, items=two_lines(), payment_term=PaymentTerm.CASH_ON_DELIVERY.value)
    take_step(frappe.get_doc("Order", order.name), OrderStep.CONFIRM)
    frappe.db.set_value("Order", order.name, "planned_ship_date", planned)
    sent = ship(order.name, carrier="SF", items=[{"order_item": order.items[0].name, "quantity": 5}])
    left_at = get_datetime(f"{add_days(nowdate(), -2)} 12:00:00")
    frappe.db.set_value("Shipment", sent["shipment"], "shipped_at", left_at)
    shipped, waiting = tracking(customer=customer)
    expected = {
        "order_id": order.name,
        "shipment": sent["shipment"],
        "shipment_state": "Shipped",
        "planned_on": getdate(planned),
        "shipped_at": left_at,
        "deviation": 1,
        "quantity": 5,
        "ordered": 10,
        "shipped": 5,
        "carrier": "SF",
        "receipt_days": 2,
        "received_at": None,
        "recorded": "Late",
        "missing": "Waybill Number",
        "flagged": 1,
    }
    assert {key: shipped[key] for key in expected} == expected
    assert (waiting["shipment"], waiting["quantity"], waiting["deviation"]) == (None, 5, 3)


def test_a_received_shipment_in_time_is_not_flagged() -> None:
    """R-107: nothing is late or missing."""
    customer = customer_of_its_own()
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER, customer=customer)
    frappe.db.set_value("Order", order.name, "planned_ship_date", nowdate())
    sent = ship(order.name, carrier="SF", waybill_number="SF-1")
    frappe.db.set_value("Shipment", sent["shipment"], "delivered_at", now_datetime())
    (row,) = tracking(customer=customer)
    assert (row["deviation"], row["recorded"], row["missing"], row["flagged"]) == (0, "Same Day", "", 0)
    assert row["receipt_days"] is None
    assert tracking(customer=customer, only_flagged=1) == []


def test_a_field_rep_sees_only_his_own_orders() -> None:
    """R-388: the reports ask with the conditions of the list of orders."""
    customer = customer_of_its_own()
    mine = order_in(
        OrderState.CONFIRMED, PaymentFamily.PAY_LATER, customer=customer, sales_rep=user_of(Role.FIELD_REP)
    )
    order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER, customer=customer)
    with acting_as(user_of(Role.FIELD_REP)):
        assert [row["order_id"] for row in log(customer=customer)] == [mine.name]
        assert [row["order_id"] for row in tracking(customer=customer)] == [mine.name]
    assert len(log(customer=customer)) == len(tracking(customer=customer)) == 2


@pytest.mark.parametrize(("report", "limit"), [(order_log, 4), (order_status_tracking, 3)])
def test_statements_do_not_grow_with_orders(report: Any, limit: int) -> None:
    """Design 8: a fixed number of statements, none without an index."""
    customer = customer_of_its_own()
    counts = []
    for _round in range(3):
        order_in(OrderState.SHIPPED, PaymentFamily.PAY_LATER, customer=customer)
        with recorded_statements() as statements:
            report.execute({"customer": customer})
        counts.append(len(statements))
    assert counts[1] == counts[2] == limit, "\n".join(statements)


def test_the_period_is_found_by_an_index() -> None:
    """Design 8: at a million orders too. The framework names an index differently in a new table."""
    (index,) = {
        row.Key_name
        for row in frappe.db.sql(
            "show index from tabOrder where Column_name = 'ordered_at' and Seq_in_index = 1", as_dict=True
        )
    }
    plan = frappe.db.sql(
        f"explain select name from tabOrder force index (`{index}`) "
        "where ordered_at >= %s and ordered_at < %s",
        (nowdate(), add_days(nowdate(), 1)),
        as_dict=True,
    )
    assert plan[0].key == index


@pytest.mark.parametrize("report", ["Order Log", "Order Status Tracking"])
def test_reports_run_and_export_over_rest(callers: Any, report: str) -> None:
    """R-103, R-388: shared with those concerned, exported by the order desk, closed to a field rep."""
    desk = callers.of(Role.ORDER_DESK)
    answer = desk.get("method/frappe.desk.query_report.run", report_name=report, filters="{}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["message"]["columns"][0]["label"] == "Order Number"
    exported = desk.get(
        "method/frappe.desk.query_report.export_query",
        report_name=report,
        file_format_type="CSV",
        filters="{}",
        visible_idx="[]",
    )
    assert exported.status_code == 200, exported.text
    heading = next(csv.reader(io.StringIO(exported.content.decode("utf-8-sig"))))
    assert "Order Number" in heading
    refused = callers.of(Role.FIELD_REP).get(
        "method/frappe.desk.query_report.run", report_name=report, filters="{}"
    )
    assert refused.status_code == 403
