"""ORDER LOG: the register of all orders, whether they were entered in time and completely (R-102..R-105).

Annex B of the procedure, which drew its columns, was not handed down. These are the columns that ADD 6.7,
6.12 and 6.13, the order register of the operations department (R-105) and the order form name.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_flow.domain.changes.model import OPEN_CHANGE_STATES
from order_flow.domain.orders.forms import Form
from order_flow.domain.orders.log import (
    LogSubject,
    Punctuality,
    days_until_written,
    missing_columns,
    punctuality,
)
from order_flow.domain.states import PaymentTerm
from order_flow.flow.access.sight import sees_money
from order_flow.flow.profiles import profile_of
from order_flow.flow.records.forms import form_code
from order_flow.order_flow.report.columns import column
from order_flow.order_flow.report.filters import read_filters
from order_flow.order_flow.report.orders import lines_of, product_detail, total, visible_orders

_FIELDS = (
    "name as order_id",
    "order_number",
    "customer_order_number",
    "external_number",
    "channel",
    "customer",
    "customer_name",
    "contact_person",
    "mobile",
    "phone",
    "ordered_at",
    "creation",
    "trade",
    "region",
    "province",
    "city",
    "product_type",
    "total",
    "currency",
    "payment_term",
    "payment_status",
    "deposit_received_on",
    "letter_of_credit",
    "lc_expiry_date",
    "requested_delivery_at",
    "promised_date",
    "planned_ship_date",
    "confirmed_at",
    "planning_released_at",
    "shipped_at",
    "received_at",
    "completed_at",
    "workflow_state",
    "delivery_status",
    "on_hold",
    "hold_reason",
    "cancel_requested",
    "sales_rep",
)
_MONEY_COLUMNS = frozenset({"total"})
_LAST_CHANGES = """
    select order_id, max(at) as changed_at from `tabOrder Event`
    where order_id in %(orders)s and ifnull(state_before, '') != state_after
    group by order_id
"""
_OPEN_NOTICES = """
    select order_id, group_concat(name order by name separator ', ') as notices from `tabChange Notice`
    where order_id in %(orders)s and change_state in %(open)s
    group by order_id
"""


def execute(filters: Any = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """Columns, rows and the form's code, in four statements however many orders there are.

    Args:
        filters: those of ``visible_orders``, and ``only_flagged`` for late or incomplete entries only.
    """
    wanted = read_filters(filters)
    columns = [row for row in _columns() if row["fieldname"] not in _MONEY_COLUMNS or sees_money()]
    labels = {row["fieldname"]: row["label"] for row in columns}
    orders = visible_orders(wanted, _FIELDS)
    names = [order.order_id for order in orders]
    lines = lines_of(names)
    changes = _by_order(_LAST_CHANGES, "changed_at", orders=names)
    notices = _by_order(
        _OPEN_NOTICES, "notices", orders=names, open=[state.value for state in OPEN_CHANGE_STATES]
    )
    rows = [
        _row(order, lines[order.order_id], labels)
        | {
            "changed_at": changes.get(order.order_id),
            "open_notices": notices.get(order.order_id, ""),
        }
        for order in orders
    ]
    if wanted.only_flagged:
        rows = [row for row in rows if row["flagged"]]
    return columns, rows, form_code(Form.ORDER_LOG)["title"]


def _by_order(query: str, value: str, **values: list[str]) -> dict[str, Any]:
    """One value by order; these rows hang on orders that the reader may see."""
    if not values["orders"]:
        return {}
    places = {key: tuple(names) for key, names in values.items()}
    return {row.order_id: row[value] for row in frappe.db.sql(query, places, as_dict=True)}


def _row(order: Any, lines: list[Any], labels: dict[str, str]) -> dict[str, Any]:
    row = {
        **order,
        "contact": " ".join(part for part in (order.contact_person, order.mobile or order.phone) if part),
        "region": " ".join(part for part in (_(order.region or ""), order.province, order.city) if part),
        "product_detail": product_detail(lines),
        "quantity": float(total(lines, "quantity")),
    }
    missing = [name for name in missing_columns(row, _subject(order)) if name in labels]
    entered = punctuality(order.ordered_at, order.creation)
    return row | {
        "missing": ", ".join(labels[name] for name in missing),
        "entered": _(entered.value),
        "entered_days": days_until_written(order.ordered_at, order.creation),
        "flagged": int(bool(missing) or entered is Punctuality.LATE),
        "trade": _(order.trade),
        "payment_term": _(order.payment_term),
        "payment_status": _(order.payment_status),
        "workflow_state": _(order.workflow_state),
        "delivery_status": _(order.delivery_status),
        "held": (order.hold_reason or _("On Hold")) if order.on_hold else "",
    }


def _subject(order: Any) -> LogSubject:
    return LogSubject(
        planned=bool(order.confirmed_at and profile_of(order).planning_release),
        letter_of_credit=order.payment_term == PaymentTerm.LETTER_OF_CREDIT,
    )


def _columns() -> list[dict[str, Any]]:
    return [
        column("order_number", _("Order Number"), "Data", "", 130),
        column("order_id", _("Order"), "Link", "Order", 110),
        column("customer_order_number", _("Customer Order Number"), "Data", "", 140),
        column("customer", _("Customer Code"), "Link", "Customer", 90),
        column("customer_name", _("Customer Name"), "Data", "", 180),
        column("contact", _("Contact"), "Data", "", 150),
        column("ordered_at", _("Ordered At"), "Datetime", "", 150),
        column("creation", _("Entered At"), "Datetime", "", 150),
        column("entered", _("Entered"), "Data", "", 90),
        column("entered_days", _("Days until Entered"), "Int", "", 90),
        column("missing", _("Missing Columns"), "Data", "", 180),
        column("trade", _("Trade"), "Data", "", 80),
        column("region", _("Region"), "Data", "", 120),
        column("product_type", _("Product Type"), "Data", "", 110),
        column("product_detail", _("Product Detail"), "Data", "", 260),
        column("quantity", _("Quantity"), "Float", "", 90),
        column("total", _("Amount"), "Currency", "currency", 120),
        column("currency", _("Currency"), "Data", "", 70),
        column("payment_term", _("Payment Term"), "Data", "", 120),
        column("payment_status", _("Payment Status"), "Data", "", 110),
        column("deposit_received_on", _("Deposit Received On"), "Date", "", 110),
        column("letter_of_credit", _("Letter of Credit"), "Data", "", 120),
        column("lc_expiry_date", _("L/C Expiry Date"), "Date", "", 110),
        column("requested_delivery_at", _("Requested Delivery At"), "Datetime", "", 150),
        column("promised_date", _("Promised Date"), "Date", "", 100),
        column("planned_ship_date", _("Planned Ship Date"), "Date", "", 100),
        column("confirmed_at", _("Confirmed At"), "Datetime", "", 150),
        column("planning_released_at", _("Released to Planning At"), "Datetime", "", 150),
        column("shipped_at", _("Shipped At"), "Datetime", "", 150),
        column("received_at", _("Received At"), "Datetime", "", 150),
        column("completed_at", _("Completed At"), "Datetime", "", 150),
        column("workflow_state", _("State"), "Data", "", 100),
        column("delivery_status", _("Delivery Status"), "Data", "", 110),
        column("held", _("Hold"), "Data", "", 120),
        column("cancel_requested", _("Cancel Requested"), "Check", "", 90),
        column("changed_at", _("State Changed At"), "Datetime", "", 150),
        column("open_notices", _("Open Change Notices"), "Data", "", 130),
        column("sales_rep", _("Sales Representative"), "Link", "User", 150),
    ]
