"""Money that finance confirmed in a month, for sales (R-169)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, get_first_day, get_last_day, getdate, nowdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.money.payments import WITHOUT_BANK, PaymentKind, PaymentRecord, signed
from order_flow.flow.worth import known_worth
from order_flow.order_flow.report.columns import column
from order_flow.order_flow.report.filters import read_filters

_QUERY = """
    select payment.name as payment, payment.received_on, payment.kind, payment.amount, payment.currency,
        payment.method, payment.reference, payment.order_id, orders.order_number, orders.customer,
        orders.customer_name, orders.sales_rep, orders.exchange_rate
    from `tabOrder Payment` payment
    join `tabOrder` orders on orders.name = payment.order_id
    where payment.received_on >= %(start)s and payment.received_on < %(end)s
        and payment.status = %(confirmed)s and payment.kind not in %(without_bank)s
        and (%(customer)s = '' or orders.customer = %(customer)s)
        and (%(sales_rep)s = '' or orders.sales_rep = %(sales_rep)s)
    order by payment.received_on, payment.name
"""


def execute(filters: Any = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Columns and rows, one statement.

    Args:
        filters: ``month`` (any day of it; this month where it is missing), ``customer``, ``sales_rep``.
    """
    wanted = read_filters(filters)
    day = getdate(wanted.month or nowdate())
    rows = frappe.db.sql(
        _QUERY,
        {
            "start": get_first_day(day),
            "end": add_days(get_last_day(day), 1),
            "confirmed": PaymentRecord.CONFIRMED.value,
            "without_bank": tuple(kind.value for kind in WITHOUT_BANK),
            "customer": wanted.customer or "",
            "sales_rep": wanted.sales_rep or "",
        },
        as_dict=True,
    )
    return _columns(), [_row(row) for row in rows]


def _row(row: Any) -> dict[str, Any]:
    amount = signed(PaymentKind(row.kind), to_decimal(row.amount))
    worth = known_worth(row, amount)
    return {**row, "kind": _(row.kind), "amount": float(amount), "worth": worth}


def _columns() -> list[dict[str, Any]]:
    return [
        column("received_on", _("Received On"), "Datetime", "", 150),
        column("customer", _("Customer"), "Link", "Customer", 90),
        column("customer_name", _("Customer Name"), "Data", "", 180),
        column("order_id", _("Order"), "Link", "Order", 120),
        column("order_number", _("Order Number"), "Data", "", 130),
        column("sales_rep", _("Sales Representative"), "Link", "User", 140),
        column("kind", _("Kind"), "Data", "", 100),
        {**column("amount", _("Amount"), "Currency", "currency", 120), "disable_total": 1},
        column("currency", _("Currency"), "Data", "", 80),
        column("worth", _("In the Company's Currency"), "Currency", "", 150),
        column("method", _("Method"), "Data", "", 110),
        column("reference", _("Reference"), "Data", "", 140),
        column("payment", _("Order Payment"), "Link", "Order Payment", 120),
    ]
