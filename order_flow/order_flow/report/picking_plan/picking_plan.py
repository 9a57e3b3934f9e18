"""Picking Plan: which order is picked when, and how much work each day holds (R-271, R-272, R-273)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, getdate, now_datetime

from order_flow.domain.amounts import to_decimal
from order_flow.domain.goods.picking import (
    Packing,
    PickJob,
    PickLine,
    UnitKind,
    order_seconds,
    plan,
    workload,
)
from order_flow.domain.states import OrderState, PaymentFamily
from order_flow.order_flow.report.filters import read_filters

END_OF_DAY: Final = time(17, 0)
"""When goods of a day without a time of day must be ready."""
MOST_ORDERS: Final = 1000
_SQL: Final = """
    select o.name, o.customer_name, o.planned_ship_date, o.promised_date, o.requested_delivery_at,
        i.product, i.quantity - coalesce(i.shipped_quantity, 0) as quantity,
        p.pieces_per_carton, p.cartons_per_layer, p.search_seconds, p.piece_seconds, p.carton_seconds,
        p.layer_seconds
    from (
        select * from `tabOrder` where on_hold = 0 and cancel_requested = 0 and (
            workflow_state = %(paid)s or (workflow_state = %(confirmed)s and payment_family = %(later)s))
        order by confirmed_at, name limit %(most)s
    ) o
    join `tabOrder Item` i on i.parent = o.name and i.parenttype = 'Order'
    join `tabProduct` p on p.name = i.product
    where i.quantity > coalesce(i.shipped_quantity, 0)
    order by o.name, i.idx"""


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Columns, rows and the workload of each day.

    Args:
        filters: ``start`` (when picking begins; now where it is missing) and ``pickers`` (how many people;
            the settings say it where it is missing).

    Returns:
        One row an order that may leave, in the picking sequence, and a chart of the work by day in minutes.
    """
    wanted = read_filters(filters)
    settings = frappe.get_cached_doc("Order Flow Settings")
    orders = _orders()
    paperwork = cint(settings.paperwork_seconds)
    jobs = [
        PickJob(name, _due(rows[0]), timedelta(seconds=order_seconds(map(_line, rows), paperwork)))
        for name, rows in orders.items()
    ]
    start = wanted.start or now_datetime()
    planned = plan(jobs, start, cint(wanted.pickers) or cint(settings.pickers) or 1)
    rows = [
        {
            "place": entry.place,
            "order": entry.job.order,
            "customer_name": orders[entry.job.order][0].customer_name,
            "lines": len(orders[entry.job.order]),
            "due": entry.job.due,
            "minutes": round(entry.job.duration.total_seconds() / 60, 1),
            "starts": entry.starts,
            "ends": entry.ends,
            "is_late": entry.is_late,
            "standing": _("Too Late") if entry.is_late else _("In Time"),
        }
        for entry in planned
    ]
    return _columns(), rows, None, _chart(workload(planned))


def _orders() -> dict[str, list[Any]]:
    values = {
        "paid": OrderState.PAID.value,
        "confirmed": OrderState.CONFIRMED.value,
        "later": PaymentFamily.PAY_LATER.value,
        "most": MOST_ORDERS,
    }
    found: dict[str, list[Any]] = {}
    for row in frappe.db.sql(_SQL, values, as_dict=True):
        found.setdefault(row.name, []).append(row)
    return found


def _line(row: Any) -> PickLine:
    times = (
        (UnitKind.LAYER, row.layer_seconds),
        (UnitKind.CARTON, row.carton_seconds),
        (UnitKind.PIECE, row.piece_seconds),
    )
    packing = Packing(
        pieces_per_carton=cint(row.pieces_per_carton),
        cartons_per_layer=cint(row.cartons_per_layer),
        seconds=tuple((kind, cint(seconds)) for kind, seconds in times),
        search_seconds=cint(row.search_seconds),
    )
    return PickLine(row.product, to_decimal(row.quantity), packing)


def _due(row: Any) -> datetime | None:
    """When the goods must be ready: the planned day of dispatch, else the promised, else the wanted one."""
    day = row.planned_ship_date or row.promised_date
    if day:
        return datetime.combine(getdate(day), END_OF_DAY)
    return get_datetime(row.requested_delivery_at) if row.requested_delivery_at else None


def _chart(load: dict[str, timedelta]) -> dict[str, Any] | None:
    if not load:
        return None
    minutes = [round(duration.total_seconds() / 60, 1) for duration in load.values()]
    return {
        "type": "bar",
        "data": {
            "labels": [day or _("None given") for day in load],
            "datasets": [{"name": _("Minutes of Work"), "values": minutes}],
        },
    }


def _columns() -> list[dict[str, Any]]:
    moment = {"fieldtype": "Datetime", "width": 150}
    return [
        {"fieldname": "place", "label": _("Sequence"), "fieldtype": "Int", "width": 80},
        {"fieldname": "order", "label": _("Order"), "fieldtype": "Link", "options": "Order", "width": 130},
        {"fieldname": "customer_name", "label": _("Customer Name"), "fieldtype": "Data", "width": 180},
        {"fieldname": "lines", "label": _("Lines"), "fieldtype": "Int", "width": 70},
        {"fieldname": "due", "label": _("Must Leave"), **moment},
        {"fieldname": "minutes", "label": _("Standard Time (min)"), "fieldtype": "Float", "width": 120},
        {"fieldname": "starts", "label": _("Starts"), **moment},
        {"fieldname": "ends", "label": _("Ready"), **moment},
        {"fieldname": "standing", "label": _("Standing"), "fieldtype": "Data", "width": 100},
    ]
