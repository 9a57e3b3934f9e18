"""What a department head sees of reviews: the order's facts, his own questions, and how many wait for him."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint

from order_flow.domain.gates.review import ORGANISERS
from order_flow.domain.reviews.model import ReviewStatus
from order_flow.domain.reviews.sign_offs import Answer, Department, departments_of, level_reached, may_answer
from order_flow.flow.access.sight import sees_money
from order_flow.flow.reviews.checklists import CHECKLIST
from order_flow.flow.sign_offs.answers import sign_offs_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.review_checklist.review_checklist import ReviewChecklist

_ADMINISTRATOR = "Administrator"
_ORDER_FACTS = (
    "channel",
    "trade",
    "product_type",
    "product_state",
    "technical_class",
    "payment_term",
    "total",
    "currency",
    "requested_delivery_at",
    "promised_date",
    "production_start",
    "transport_mode",
    "packing",
    "labelling",
    "shortened_cycle",
    "project_order",
    "seller_memo",
)
_LINE_FACTS = ("product", "product_name", "specification", "quantity", "unit", "unit_price", "gross")
_LINE_PRICES = frozenset({"unit_price", "gross"})


def my_departments() -> list[str]:
    """The departments that the current user answers for; none for the administrator's account."""
    if frappe.session.user == _ADMINISTRATOR:
        return []
    return [department.value for department in departments_of(frappe.get_roles())]


def review_standing(order: Order) -> dict[str, Any] | None:
    """Return where an order's latest review stands, for the order's form.

    Args:
        order: the Order document.

    Returns:
        ``checklist``, ``status``, ``waiting_for`` (departments and meetings); None where it had no review.
    """
    if not order.review_checklist:
        return None
    waiting = frappe.db.get_value(CHECKLIST, order.review_checklist, "waiting_for") or ""
    return {
        "checklist": order.review_checklist,
        "status": order.review_status,
        "waiting_for": [word for word in waiting.split(", ") if word],
    }


def checklist_form(checklist: ReviewChecklist) -> dict[str, Any]:
    """Return what the checklist's form shows beside the document itself.

    Args:
        checklist: the Review Checklist document, readable by the user.

    Returns:
        ``order`` and ``lines`` (facts with their labels), ``questions`` (names of the rows that the user may
        answer now), ``delegable`` (departments the user may delegate for), ``may_record_meeting``.
    """
    order = frappe.get_doc("Order", checklist.order_id)
    order.apply_fieldlevel_read_permissions()
    line_facts = [name for name in _LINE_FACTS if name not in _LINE_PRICES or sees_money()]
    running = not checklist.answers_closed()
    return {
        "order": [
            {"label": _(order.meta.get_label(name)), "value": _shown(order, name)}
            for name in _ORDER_FACTS
            if order.get(name)
        ],
        "lines": [{name: line.get_formatted(name) for name in line_facts} for line in order.items],
        "line_labels": {name: _(order.items[0].meta.get_label(name)) for name in line_facts},
        "questions": _my_questions(checklist) if running else [],
        "delegable": my_departments() if running else [],
        "may_record_meeting": running
        and not {role.value for role in ORGANISERS}.isdisjoint(frappe.get_roles()),
    }


def _shown(order: Order, name: str) -> str:
    """A value in the reader's words; lists of choices are stored in English."""
    fieldtype = order.meta.get_field(name).fieldtype
    if fieldtype == "Check":
        return str(_("Yes"))
    return str(_(order.get(name)) if fieldtype == "Select" else order.get_formatted(name))


def _my_questions(checklist: ReviewChecklist) -> list[str]:
    user = frappe.session.user
    if user == _ADMINISTRATOR:
        return []
    roles = frozenset(frappe.get_roles())
    reached = level_reached(sign_offs_of(checklist))
    barred = checklist.barred_people()
    return [
        row.name
        for row in checklist.answers
        if (cint(row.level) or 1) <= reached
        and may_answer(
            Department(row.department),
            user,
            roles,
            delegates=frozenset({row.delegated_to} if row.delegated_to else ()),
            barred=barred,
        )
        is None
    ]


def waiting_filters() -> list[list[Any]]:
    """The list filter 'waiting for my department': running reviews with an open question of ours."""
    return [
        [CHECKLIST, "status", "=", ReviewStatus.OPEN.value],
        ["Department Answer", "answer", "=", Answer.OPEN.value],
        ["Department Answer", "department", "in", my_departments() or [""]],
    ]


def waiting_card() -> dict[str, Any]:
    """The number card of it, as the framework's custom cards answer."""
    rows = frappe.get_list(
        CHECKLIST, filters=waiting_filters(), pluck="name", distinct=True, limit_page_length=0
    )
    return {
        "value": len(rows),
        "fieldtype": "Int",
        "route": ["List", CHECKLIST],
        "route_options": {"status": ReviewStatus.OPEN.value, "waiting_for_me": 1},
    }
