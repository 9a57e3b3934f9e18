"""What the print formats ask for beside their document (R-015, R-107, R-108, R-113).

Named in ``hooks.jinja``. A print was allowed for its document already; every function takes that document,
or tells nothing that could be read without one.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import frappe
from barcode import Code128
from barcode.writer import SVGWriter
from frappe import _
from frappe.utils import format_datetime, get_fullname

from order_flow.domain.amounts import to_decimal
from order_flow.domain.goods.stock import ReservationState
from order_flow.domain.money.chinese_amount import in_capitals
from order_flow.flow.outside.facts import open_quantities
from order_flow.flow.shipments.instructions import waiting_by_line
from order_flow.order_flow.report.order_status_tracking.order_status_tracking import (
    headings,
    tracking_rows,
)
from order_flow.order_flow.report.orders import plain

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

_CAPITALS_CURRENCY = "CNY"
_CHINESE = "zh"
_SELLER = ("name", "phone", "address", "tax_number", "bank", "logo")


def plain_quantity(quantity: Any) -> str:
    """A quantity without the zeros that the database adds; none is 0."""
    return plain(quantity or 0)


def seller() -> frappe._dict:
    """Give who sells, as Order Flow Settings has it.

    Returns:
        ``name``, ``phone``, ``address``, ``tax_number``, ``bank`` and ``logo``; the same for every document.
    """
    settings = frappe.get_cached_doc("Order Flow Settings")
    return frappe._dict({part: settings.get(f"seller_{part}") or "" for part in _SELLER})


def amount_in_capitals(order: Order) -> str:
    """The order's total as Chinese contracts write it; empty in other languages and currencies."""
    # A reader who may not see prices has a document without them.
    if order.get("total") is None or order.currency != _CAPITALS_CURRENCY:
        return ""
    if not (frappe.local.lang or "").startswith(_CHINESE):
        return ""
    return in_capitals(to_decimal(order.total))


def tracking_of_order(order: Order) -> list[dict[str, Any]]:
    """The rows of Order Status Tracking for one order (R-107)."""
    row = frappe._dict(order.as_dict(), order_id=order.name)
    return tracking_rows([row], headings())


def stages_of_order(order: Order) -> list[dict[str, str]]:
    """Return what happened to an order, one row a step, across all departments (R-015)."""
    events = frappe.get_all(
        "Order Event",
        filters={"order_id": order.name},
        fields=["step", "at", "actor", "state_before", "state_after"],
        order_by="at asc, creation asc",
    )
    return [
        {"label": _(row.step), "at": format_datetime(row.at), "by": get_fullname(row.actor)}
        for row in events
        if row.state_before != row.state_after
    ]


def to_pick(order: Order) -> dict[str, Any]:
    """List what is to be picked: what the house was told to get ready, else all that is open.

    Args:
        order: the Order document.

    Returns:
        Quantities by line id; lines of which nothing is to be picked are missing.
    """
    return waiting_by_line(order.name) or open_quantities(order)


def places_of_order(order: Order) -> dict[str, str]:
    """From which warehouses each line of an order is to be picked, as it is reserved (R-266, R-267)."""
    rows = frappe.get_all(
        "Stock Reservation",
        filters={"order_id": order.name, "reservation_state": ReservationState.ACTIVE.value},
        fields=["order_item", "warehouse", "quantity"],
        order_by="creation, warehouse",
    )
    places: dict[str, list[str]] = {}
    for row in rows:
        places.setdefault(row.order_item, []).append(f"{row.warehouse}: {plain(row.quantity)}")
    return {line: "\n".join(found) for line, found in places.items()}


def parcels_of_shipment(shipment: Shipment) -> list[dict[str, Any]]:
    """Return what is in which parcel; one parcel with everything where nothing was scanned (R-274, R-289).

    Args:
        shipment: the Shipment document.

    Returns:
        ``number``, ``count``, ``weight`` in kg, ``waybill``, ``mark``, ``lines``, and the parcel's ``code``
        with its ``barcode`` as an image (Code 128) for the carton.
    """
    rows = list(shipment.parcels) or [frappe._dict(parcel_number=1, weight=shipment.weight)]
    names = {item.order_item: item for item in shipment.get("items")}
    packed = shipment.packed or [
        frappe._dict(item.as_dict(), parcel_number=rows[0].parcel_number) for item in shipment.get("items")
    ]
    return [
        {
            "number": row.parcel_number,
            "count": len(rows),
            "weight": row.weight,
            "waybill": row.waybill_number or shipment.waybill_number or "",
            "mark": row.mark or "",
            "code": f"{shipment.name}-{row.parcel_number}",
            "barcode": _barcode(f"{shipment.name}-{row.parcel_number}"),
            "lines": [
                {
                    "product": line.product,
                    "product_name": names[line.order_item].product_name,
                    "unit": names[line.order_item].unit,
                    "quantity": line.quantity,
                }
                for line in packed
                if line.parcel_number == row.parcel_number
            ],
        }
        for row in sorted(rows, key=lambda row: row.parcel_number)
    ]


def _barcode(text: str) -> str:
    image = Code128(text, writer=SVGWriter()).render({"write_text": False, "quiet_zone": 2})
    return "data:image/svg+xml;base64," + b64encode(image).decode()


def details_of_lines(shipment: Shipment) -> dict[str, dict[str, Any]]:
    """Specification and model of a shipment's order lines, by line id (R-281)."""
    rows = frappe.get_all(
        "Order Item",
        filters={"parent": shipment.order_id, "parenttype": "Order"},
        fields=["name", "specification", "model"],
    )
    return {row.name: row for row in rows}


def shortages_of_order(order: Order) -> list[dict[str, Any]]:
    """Return what of an order is missing, with what was decided (R-259, R-268)."""
    lines = {line.name: line for line in order.get("items")}
    rows: list[Any] = frappe.get_all(
        "Shortage",
        filters={"order_id": order.name, "missing": (">", 0)},
        fields=["order_item", "product", "missing", "decision", "new_date", "shortage_state"],
        order_by="creation",
    )
    for row in rows:
        line = lines.get(row.order_item)
        row.update(product_name=line.product_name if line else "", unit=line.unit if line else "")
    return rows


def order_of(shipment: Shipment) -> Any:
    """Return where a shipment goes: numbers, person and address of its order, nothing about money."""
    fields = ["order_number", "customer_order_number", "contact_person", "mobile", "province", "city"]
    fields += ["district", "address_line", "postal_code"]
    return frappe.db.get_value("Order", shipment.order_id, fields, as_dict=True)
