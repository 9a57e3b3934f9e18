"""Dispatch Schedule: what leaves when, where to, and whether the receiver knows (R-284, R-302, R-375)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, getdate, nowdate

from order_flow.domain.customers.notices import NoticeEvent, notice_key
from order_flow.domain.goods.shipments import WAREHOUSE_STAGES, ShipmentState
from order_flow.order_flow.report.columns import column
from order_flow.order_flow.report.filters import read_filters

DAYS_AHEAD = 14
_SHOWN = [state.value for state in (*WAREHOUSE_STAGES, ShipmentState.SHIPPED, ShipmentState.IN_TRANSIT)]
_FIELDS = [
    "name",
    "order_id",
    "customer_name",
    "shipment_state",
    "planned_ship_date",
    "arrive_by",
    "delivery_place",
    "carrier",
    "waybill_number",
    "agreed_for",
    "agreed_with",
    "calls_unanswered",
]


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Columns and rows, in two statements.

    Args:
        filters: ``until`` (a day; two weeks from now where it is missing) and ``carrier``, both optional.

    Returns:
        Columns and rows; only shipments that the caller may see, those that leave first in front. What has no
        day, as WDT's shipments, stands at the end: it leaves when WDT says so.
    """
    wanted = read_filters(filters)
    until = getdate(wanted.until or add_days(nowdate(), DAYS_AHEAD))
    conditions = [["shipment_state", "in", _SHOWN]]
    if wanted.carrier:
        conditions.append(["carrier", "=", wanted.carrier])
    rows = frappe.get_list(
        "Shipment",
        filters=conditions,
        or_filters=[["planned_ship_date", "<=", until], ["planned_ship_date", "is", "not set"]],
        fields=_FIELDS,
        order_by="planned_ship_date, arrive_by, name",
        limit_page_length=0,
    )
    # The database puts what has no day in front.
    rows.sort(key=lambda row: row.planned_ship_date is None)
    keys = {row.name: notice_key(row.order_id, NoticeEvent.DISPATCH_PLANNED, row.name) for row in rows}
    told = _told(keys.values())
    for row in rows:
        row.told = told.get(keys[row.name], "")
        row.shipment_state = _(row.shipment_state)
    return _columns(), rows


def _told(keys: Any) -> dict[str, str]:
    """By what the customer was told of each dispatch; nothing where his procedure sends no notices."""
    names = tuple(keys)
    if not names:
        return {}
    sent = frappe.db.sql(
        """select name, communication_medium as medium from `tabCommunication` where name in %(names)s
        union all select name, if(status = 'Open', 'call', 'Phone') from `tabToDo` where name in %(names)s""",
        {"names": names},
    )
    words = {"call": _("to be called"), "Email": _("E-mail"), "SMS": _("Short Message"), "Phone": _("Phone")}
    return {name: str(words.get(medium, medium)) for name, medium in sent}


def _columns() -> list[dict[str, Any]]:
    return [
        column("planned_ship_date", _("Leaves on"), "Date", "", 100),
        column("arrive_by", _("Arrives By"), "Datetime", "", 150),
        column("name", _("Shipment"), "Link", "Shipment", 120),
        column("order_id", _("Order"), "Link", "Order", 110),
        column("customer_name", _("Customer Name"), "Data", "", 180),
        column("delivery_place", _("Place of Delivery"), "Data", "", 220),
        column("shipment_state", _("State"), "Data", "", 110),
        column("carrier", _("Carrier"), "Data", "", 120),
        column("waybill_number", _("Waybill Number"), "Data", "", 130),
        column("told", _("Customer Told"), "Data", "", 110),
        column("agreed_for", _("Agreed for"), "Datetime", "", 150),
        column("agreed_with", _("Agreed With"), "Data", "", 110),
        column("calls_unanswered", _("Calls Without Answer"), "Int", "", 90),
    ]
