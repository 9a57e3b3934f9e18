"""Order Status Tracking: each shipment against its plan, up to the signed receipt (R-107, R-109)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, nowdate

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE, ShipmentState
from order_flow.domain.orders.forms import Form
from order_flow.domain.orders.log import (
    Punctuality,
    days_without_receipt,
    deviation_days,
    missing_tracking,
    punctuality,
)
from order_flow.flow.records.forms import form_code
from order_flow.order_flow.report.columns import column
from order_flow.order_flow.report.filters import read_filters
from order_flow.order_flow.report.orders import lines_of, product_detail, total, visible_orders

_FIELDS = (
    "name as order_id",
    "order_number",
    "customer_order_number",
    "customer",
    "customer_name",
    "workflow_state",
    "sales_rep",
    "promised_date",
    "planned_ship_date",
    "transport_mode",
    "received_at",
)
_SUBMITTED = 1
_SHIPMENTS = """
    select shipment.name as shipment, shipment.order_id, shipment.shipment_state, shipment.shipped_at,
        shipment.delivered_at, shipment.carrier, shipment.waybill_number, shipment.creation,
        sum(item.quantity) as quantity
    from `tabShipment` shipment
    left join `tabShipment Item` item on item.parent = shipment.name and item.parenttype = 'Shipment'
    where shipment.order_id in %(orders)s and shipment.shipment_state != %(voided)s
    group by shipment.name
    order by shipment.order_id, shipment.shipped_at, shipment.name
"""


def execute(filters: Any = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str]:
    """Columns, rows and the form's code, in three statements however many orders there are.

    Args:
        filters: those of ``visible_orders``, and ``only_flagged`` for what is late or incomplete only.
    """
    wanted = read_filters(filters)
    orders = visible_orders(wanted, _FIELDS, [["docstatus", "=", _SUBMITTED]])
    rows = tracking_rows(orders, headings())
    if wanted.only_flagged:
        rows = [row for row in rows if row["flagged"]]
    return _columns(), rows, form_code(Form.STATUS_TRACKING)["title"]


def headings() -> dict[str, str]:
    """Translated headings by column."""
    return {row["fieldname"]: row["label"] for row in _columns()}


def tracking_rows(orders: list[Any], labels: dict[str, str]) -> list[dict[str, Any]]:
    """One row a shipment, and one for the goods of an order that still wait; two statements.

    Args:
        orders: their fields, as ``_FIELDS`` names them, that the reader may see.
        labels: translated headings by column, for what is missing.
    """
    names = [order.order_id for order in orders]
    lines, shipments = lines_of(names), _shipments_of(names)
    today = getdate(nowdate())
    rows = []
    for order in orders:
        parcels = shipments[order.order_id]
        common = _of_order(order, lines[order.order_id])
        rows += [_of_shipment(common, order, parcel, today, labels) for parcel in parcels]
        waiting = common["ordered"] - float(_underway(parcels))
        if waiting > 0:
            rows.append(_of_rest(common, waiting, today))
    return rows


def _shipments_of(orders: list[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    if orders:
        values = {"orders": tuple(orders), "voided": ShipmentState.VOIDED.value}
        for row in frappe.db.sql(_SHIPMENTS, values, as_dict=True):
            found[row.order_id].append(row)
    return found


def _underway(parcels: list[Any]) -> Decimal:
    return sum((to_decimal(parcel.quantity or 0) for parcel in parcels), ZERO)


def _of_order(order: Any, lines: list[Any]) -> dict[str, Any]:
    return {
        **order,
        "workflow_state": _(order.workflow_state),
        "planned_on": order.planned_ship_date or order.promised_date,
        "product_detail": product_detail(lines),
        "ordered": float(total(lines, "quantity")),
        "shipped": float(total(lines, "shipped_quantity")),
    }


def _of_shipment(
    common: dict[str, Any], order: Any, parcel: Any, today: Any, labels: dict[str, str]
) -> dict[str, Any]:
    left = ShipmentState(parcel.shipment_state) in LEFT_WAREHOUSE
    shipped_on = getdate(parcel.shipped_at) if left and parcel.shipped_at else None
    received_on = getdate(parcel.delivered_at or order.received_at) if _received(parcel, order) else None
    written = punctuality(parcel.shipped_at, parcel.creation) if shipped_on else None
    missing = missing_tracking(parcel, order.transport_mode or "") if left else ()
    deviation = deviation_days(common["planned_on"], shipped_on, today)
    return common | {
        "shipment": parcel.shipment,
        "shipment_state": _(parcel.shipment_state),
        "shipped_at": parcel.shipped_at if left else None,
        "deviation": deviation,
        "quantity": float(parcel.quantity or 0),
        "carrier": parcel.carrier,
        "waybill_number": parcel.waybill_number,
        "received_at": parcel.delivered_at or order.received_at,
        "receipt_days": days_without_receipt(shipped_on, received_on, today),
        "recorded_at": parcel.creation,
        "recorded": _(written.value) if written else "",
        "missing": ", ".join(labels[name] for name in missing),
        "flagged": int(bool(missing) or written is Punctuality.LATE or (deviation or 0) > 0),
    }


def _received(parcel: Any, order: Any) -> bool:
    return bool(parcel.delivered_at or order.received_at)


def _of_rest(common: dict[str, Any], waiting: float, today: Any) -> dict[str, Any]:
    """Return what no shipment has taken yet."""
    deviation = deviation_days(common["planned_on"], None, today)
    return common | {
        "shipment": None,
        "shipment_state": _("Not Shipped"),
        "deviation": deviation,
        "quantity": waiting,
        "received_at": None,
        "missing": "",
        "flagged": int(bool(deviation)),
    }


def _columns() -> list[dict[str, Any]]:
    return [
        column("order_number", _("Order Number"), "Data", "", 130),
        column("order_id", _("Order"), "Link", "Order", 110),
        column("customer_order_number", _("Customer Order Number"), "Data", "", 140),
        column("customer", _("Customer Code"), "Link", "Customer", 90),
        column("customer_name", _("Customer Name"), "Data", "", 180),
        column("workflow_state", _("State"), "Data", "", 100),
        column("product_detail", _("Product Detail"), "Data", "", 240),
        column("ordered", _("Ordered Quantity"), "Float", "", 90),
        column("shipped", _("Shipped Quantity"), "Float", "", 90),
        column("promised_date", _("Promised Date"), "Date", "", 100),
        column("planned_on", _("Planned Ship Date"), "Date", "", 100),
        column("shipment", _("Shipment"), "Link", "Shipment", 110),
        column("shipment_state", _("Shipment State"), "Data", "", 110),
        column("quantity", _("Quantity"), "Float", "", 90),
        column("shipped_at", _("Shipped At"), "Datetime", "", 150),
        column("deviation", _("Deviation in Days"), "Int", "", 90),
        column("carrier", _("Carrier"), "Data", "", 100),
        column("waybill_number", _("Waybill Number"), "Data", "", 140),
        column("received_at", _("Received At"), "Datetime", "", 150),
        column("receipt_days", _("Days without Receipt"), "Int", "", 100),
        column("recorded_at", _("Recorded At"), "Datetime", "", 150),
        column("recorded", _("Recorded"), "Data", "", 90),
        column("missing", _("Missing Columns"), "Data", "", 150),
        column("sales_rep", _("Sales Representative"), "Link", "User", 150),
    ]
