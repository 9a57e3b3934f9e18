"""Open money by its due date, to the cent: what to ask customers for (R-168, R-169, R-170)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, getdate, nowdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE
from order_flow.domain.money.terms import open_dues
from order_flow.domain.orders.progress import shipment_values
from order_flow.flow.terms.plan import due_terms, extras
from order_flow.flow.worth import known_worth
from order_flow.order_flow.report.columns import column
from order_flow.order_flow.report.filters import read_filters

_ORDERS = """
    select name, order_number, customer, customer_name, sales_rep, payment_term, payment_family, due_rule,
        due_days, currency, exchange_rate, paid_amount, credited_amount, freight, other_fees, discount
    from `tabOrder`
    where payment_due_date <= %(until)s and open_amount > 0
        and (%(customer)s = '' or customer = %(customer)s)
        and (%(sales_rep)s = '' or sales_rep = %(sales_rep)s)
    order by payment_due_date, name
"""
_LINES = """
    select line.parent as order_id, line.name as line, line.quantity as ordered, line.gross,
        shipment.name as shipment, date(shipment.shipped_at) as day, item.quantity
    from `tabOrder Item` line
    left join (
        `tabShipment Item` item join `tabShipment` shipment
            on shipment.name = item.parent and shipment.shipment_state in %(left)s
    ) on item.order_item = line.name
    where line.parent in %(orders)s
    order by shipment.shipped_at, shipment.name
"""
_DAYS_AHEAD = 30


def execute(filters: Any = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Columns and rows, two statements.

    Args:
        filters: ``until`` (a day, 30 days from now where it is missing), ``customer``, ``sales_rep``,
            ``only_overdue``.
    """
    wanted = read_filters(filters)
    until = getdate(wanted.until or add_days(nowdate(), _DAYS_AHEAD))
    orders = frappe.db.sql(
        _ORDERS,
        {"until": until, "customer": wanted.customer or "", "sales_rep": wanted.sales_rep or ""},
        as_dict=True,
    )
    lines = _lines_of([order.name for order in orders])
    today = getdate(nowdate())
    rows = [
        row for order in orders for row in _rows(order, lines[order.name], today) if row["due_on"] <= until
    ]
    if wanted.only_overdue:
        rows = [row for row in rows if row["late_days"] > 0]
    return _columns(), sorted(rows, key=lambda row: (row["due_on"], row["order"]))


def _lines_of(orders: list[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    if orders:
        states = tuple(state.value for state in LEFT_WAREHOUSE)
        for row in frappe.db.sql(_LINES, {"orders": tuple(orders), "left": states}, as_dict=True):
            found[row.order_id].append(row)
    return found


def _rows(order: Any, lines: list[Any], today: Any) -> Iterable[dict[str, Any]]:
    shipments = shipment_values(
        ((row.shipment, row.day, row.line, to_decimal(row.quantity)) for row in lines if row.shipment),
        {row.line: to_decimal(row.ordered) for row in lines},
        {row.line: to_decimal(row.gross) for row in lines},
        extras(order),
    )
    covered = to_decimal(order.paid_amount) + to_decimal(order.credited_amount)
    for due in open_dues(shipments, covered, *due_terms(order)):
        yield {
            "order": order.name,
            "order_number": order.order_number,
            "customer": order.customer,
            "customer_name": order.customer_name,
            "sales_rep": order.sales_rep,
            "payment_term": _(order.payment_term),
            "due_on": due.due_on,
            "late_days": max((today - due.due_on).days, 0),
            "amount": float(due.amount),
            "currency": order.currency,
            "worth": known_worth(order, due.amount),
        }


def _columns() -> list[dict[str, Any]]:
    return [
        column("due_on", _("Due On"), "Date", "", 100),
        column("late_days", _("Days Late"), "Int", "", 90),
        column("order", _("Order"), "Link", "Order", 120),
        column("order_number", _("Order Number"), "Data", "", 130),
        column("customer", _("Customer"), "Link", "Customer", 90),
        column("customer_name", _("Customer Name"), "Data", "", 180),
        column("sales_rep", _("Sales Representative"), "Link", "User", 140),
        column("payment_term", _("Payment Term"), "Data", "", 120),
        {**column("amount", _("Amount"), "Currency", "currency", 120), "disable_total": 1},
        column("currency", _("Currency"), "Data", "", 80),
        column("worth", _("In the Company's Currency"), "Currency", "", 150),
    ]
