"""What field reps and drivers look up on the phone, by the framework's lists and rights (R-377 to R-379)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_flow.domain.goods.shipments import LEFT_WAREHOUSE, ShipmentState
from order_flow.frappe_versions import largest

MOST_FOUND = 20
MOST_LISTED = 50
RECEIVER_FIELDS = ("contact_person", "mobile", "province", "city", "district", "address_line")
_AGREED = ("agreed_for", "calls_unanswered")
_ON_ITS_WAY = [state.value for state in LEFT_WAREHOUSE - {ShipmentState.DELIVERED}]


def customers(text: str) -> list[dict[str, Any]]:
    """Customers in the caller's care whose name or code holds a text, with where their last order went.

    Args:
        text: what was typed; empty gives the latest ones.

    Returns:
        ``name``, ``customer_name``, ``payment_term`` and the fields of the receiver, at most 20, in three
        statements.
    """
    like = f"%{text.strip()}%"
    rows = frappe.get_list(
        "Customer",
        filters={"disabled": 0},
        or_filters=[["customer_name", "like", like], ["name", "like", like]],
        fields=["name", "customer_name", "default_payment_term as payment_term"],
        order_by="modified desc",
        limit_page_length=MOST_FOUND,
    )
    if not rows:
        return []
    latest = frappe.get_list(
        "Order",
        filters={"customer": ("in", [row.name for row in rows])},
        fields=[largest("name", "name")],
        group_by="customer",
        limit_page_length=MOST_FOUND,
    )
    receivers = {
        row.customer: {field: row[field] or "" for field in RECEIVER_FIELDS}
        for row in frappe.get_list(
            "Order",
            filters={"name": ("in", [row.name for row in latest] or [""])},
            fields=["customer", *RECEIVER_FIELDS],
            limit_page_length=MOST_FOUND,
        )
    }
    return [{**row, **receivers.get(row.name, dict.fromkeys(RECEIVER_FIELDS, ""))} for row in rows]


def products(text: str) -> list[dict[str, Any]]:
    """Products by code, name or barcode, at most 20.

    Args:
        text: what was typed or scanned.

    Returns:
        ``name``, ``product_name``, ``specification``, ``unit``, ``list_price``.
    """
    like = f"%{text.strip()}%"
    rows: list[dict[str, Any]] = frappe.get_list(
        "Product",
        filters={"disabled": 0},
        or_filters=[["name", "like", like], ["product_name", "like", like], ["barcode", "=", text.strip()]],
        fields=["name", "product_name", "specification", "unit", "list_price"],
        order_by="name",
        limit_page_length=MOST_FOUND,
    )
    return rows


def orders(text: str) -> list[dict[str, Any]]:
    """The caller's latest orders with their state in words (R-377).

    Args:
        text: part of a number or of the customer's name; empty gives all.

    Returns:
        ``name``, ``number``, ``customer_name``, ``state``, ``total``, ``currency``, ``promised_date``.
    """
    like = f"%{text.strip()}%"
    fields = ["name", "order_number", "customer_name", "workflow_state", "total", "currency", "promised_date"]
    rows = frappe.get_list(
        "Order",
        or_filters=[["name", "like", like], ["order_number", "like", like], ["customer_name", "like", like]],
        fields=fields,
        order_by="modified desc",
        limit_page_length=MOST_LISTED,
    )
    return [
        {
            "name": row.name,
            "number": row.order_number or row.name,
            "customer_name": row.customer_name,
            "state": _(row.workflow_state),
            "total": row.total,
            "currency": row.currency,
            "promised_date": str(row.promised_date or ""),
        }
        for row in rows
    ]


def shipments() -> list[dict[str, Any]]:
    """Return what is on its way and the caller may deliver: where to, to whom, which goods (R-302, R-379).

    Returns:
        ``name``, ``order``, ``customer_name``, ``place``, ``receiver``, ``mobile``, ``agreed``,
        ``agreed_for``, ``calls_unanswered`` and ``lines`` (``order_item``, ``product``, ``quantity``,
        ``unit``), those that must arrive first in front; in four
        statements.
    """
    rows = _on_their_way("set", MOST_LISTED)
    if len(rows) < MOST_LISTED:
        # The database puts what has no day in front, and the limit would cut off what has one.
        rows += _on_their_way("not set", MOST_LISTED - len(rows))
    if not rows:
        return []
    lines: dict[str, list[dict[str, Any]]] = {}
    # The shipments were asked for with the caller's rights; these are their rows and their orders' receivers.
    for line in frappe.get_all(
        "Shipment Item",
        filters={"parent": ("in", [row.name for row in rows]), "parenttype": "Shipment"},
        fields=["parent", "order_item", "product", "product_name", "quantity", "unit"],
        order_by="parent, idx",
        limit_page_length=0,
    ):
        lines.setdefault(line.parent, []).append(line)
    receivers = {
        row.name: row
        for row in frappe.get_all(
            "Order",
            filters={"name": ("in", list({row.order_id for row in rows}))},
            fields=["name", *RECEIVER_FIELDS],
            limit_page_length=0,
        )
    }
    return [_shown(row, receivers[row.order_id], lines.get(row.name, [])) for row in rows]


def _on_their_way(arrival: str, most: int) -> list[Any]:
    """Shipments whose day of arrival is set, or those where it is not."""
    return list(
        frappe.get_list(
            "Shipment",
            filters={"shipment_state": ("in", _ON_ITS_WAY), "arrive_by": ("is", arrival)},
            fields=[
                "name",
                "order_id",
                "customer_name",
                "delivery_place",
                "arrive_by",
                "planned_on_call",
                *_AGREED,
            ],
            order_by="arrive_by, shipped_at",
            limit_page_length=most,
        )
    )


def _shown(row: Any, receiver: Any, lines: list[dict[str, Any]]) -> dict[str, Any]:
    address = (receiver.province, receiver.city, receiver.district, receiver.address_line)
    return {
        "name": row.name,
        "order": row.order_id,
        "customer_name": row.customer_name,
        "place": row.delivery_place or " ".join(filter(None, address)),
        "receiver": receiver.contact_person or "",
        "mobile": receiver.mobile or "",
        "arrive_by": str(row.arrive_by or ""),
        "agreed": row.planned_on_call or "",
        "agreed_for": str(row.agreed_for or ""),
        "calls_unanswered": row.calls_unanswered or 0,
        "lines": [
            {
                "order_item": line["order_item"],
                "product": line["product_name"] or line["product"],
                "quantity": line["quantity"],
                "unit": line["unit"] or "",
            }
            for line in lines
        ],
    }
