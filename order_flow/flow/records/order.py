"""Lock an order, write it by the app's own hand, and keep its history (R-044)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.gates.model import Origin
from order_flow.flow.records.rows import insert_rows
from order_flow.outbox.language import in_site_language

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def record_event(order: Order, step: str, before: str | None, after: str, remark: str = "") -> None:
    """Write who did what and when, in one statement (R-031, R-146).

    Args:
        order: the order.
        step: the step's or event's name.
        before: state before, None for a new order.
        after: state after.
        remark: reason in the words of the actor; a ``Message`` is stored in the site's language.
    """
    now, gate_remark = now_datetime(), taken_gate_remark(order)
    words = in_site_language(remark or order.flags.step_remark or "")
    user = frappe.session.user
    values = {
        "name": frappe.generate_hash(length=10),
        "creation": now,
        "modified": now,
        "owner": user,
        "modified_by": user,
        "order_id": order.name,
        "step": step,
        "state_before": before,
        "state_after": after,
        "actor": user,
        "at": now,
        "origin": Origin(order.flags.origin or Origin.SITE).value,
        "remark": " ".join(filter(None, (words, gate_remark))) or None,
    }
    insert_rows("Order Event", list(values), [tuple(values.values())])


def locked_order(name: str) -> Any:
    """The order with its row locked until the transaction ends, so that facts about it come one by one."""
    return frappe.get_doc("Order", name, for_update=True)


def save_internally(order: Order) -> None:
    """Save what the system itself derived or decided; like every save it ends in
    ``flow/lifecycle/follow_facts``.

    The permission was checked on the document or method that led here (payment, shipment, request), and
    the lifecycle check runs in the save as for everybody.
    """
    order.flags.system_fields_open = True
    order.flags.ignore_permissions = True  # see above: checked at the entry point that led here
    order.save()


def taken_gate_remark(order: Order) -> str:
    """Return what the gates had to say about the step just taken, once."""
    remark: str = order.flags.pop("gate_remark", "") or ""
    return remark
