"""What customers owe, may owe, and are late with, in the company's currency (R-165, R-163)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.flow.terms.credit import credit_of
from order_flow.order_flow.report.columns import column
from order_flow.order_flow.report.filters import read_filters

_QUERY = """
    select customer.name as customer, customer.customer_name, customer.sales_rep, customer.account_kind,
        customer.credit_limit, customer.credit_valid_until, customer.temporary_limit,
        customer.temporary_limit_until, customer.credit_assessment,
        owed.orders, owed.exposure, owed.overdue, owed.overdue_since
    from (
        select customer, count(*) as orders, sum(open_amount) as exposure,
            sum(if(payment_due_date < %(today)s, open_amount, 0)) as overdue,
            min(if(payment_due_date < %(today)s, payment_due_date, null)) as overdue_since
        from `tabOrder` where open_amount > 0 {one_customer}
        group by customer
    ) owed
    join `tabCustomer` customer on customer.name = owed.customer
    where (%(sales_rep)s = '' or customer.sales_rep = %(sales_rep)s)
    order by owed.overdue desc, owed.exposure desc, customer.name
"""


def execute(filters: Any = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Columns and rows, one statement.

    Args:
        filters: ``customer``, ``sales_rep``, ``only_overdue``, ``only_over_limit``; all may be missing.
    """
    wanted = read_filters(filters)
    today = nowdate()
    rows = frappe.db.sql(
        _QUERY.format(one_customer="and customer = %(customer)s" if wanted.customer else ""),
        {"today": today, "customer": wanted.customer, "sales_rep": wanted.sales_rep or ""},
        as_dict=True,
    )
    shown = [_row(row, today) for row in rows]
    if wanted.only_overdue:
        shown = [row for row in shown if row["overdue"]]
    if wanted.only_over_limit:
        shown = [row for row in shown if row["free"] < 0]
    return _columns(), shown


def _row(row: Any, today: str) -> dict[str, Any]:
    limit = credit_of(row).limit_on(getdate(today)) or ZERO
    return {
        **row,
        "limit": float(limit),
        "credit_assessment": _(row.credit_assessment),
        "free": float(limit - to_decimal(row.exposure)),
        "late_days": (getdate(today) - row.overdue_since).days if row.overdue_since else 0,
    }


def _columns() -> list[dict[str, Any]]:
    return [
        column("customer", _("Customer"), "Link", "Customer", 90),
        column("customer_name", _("Customer Name"), "Data", "", 180),
        column("sales_rep", _("Sales Representative"), "Link", "User", 140),
        column("orders", _("Open Orders"), "Int", "", 90),
        column("exposure", _("Exposure"), "Currency", "", 120),
        column("limit", _("Limit Today"), "Currency", "", 120),
        column("free", _("Free Credit"), "Currency", "", 120),
        column("credit_valid_until", _("Credit Valid Until"), "Date", "", 110),
        column("temporary_limit_until", _("Temporary Limit Until"), "Date", "", 110),
        column("overdue", _("On Overdue Orders"), "Currency", "", 130),
        column("overdue_since", _("Overdue Since"), "Date", "", 110),
        column("late_days", _("Days Late"), "Int", "", 90),
        column("credit_assessment", _("Credit Assessment"), "Data", "", 120),
    ]
