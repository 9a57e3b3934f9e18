"""Reads what the gates of the review look at: one statement, every part of it by an index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import frappe
from frappe.utils import today

from order_flow.domain.gates.review import ReviewFacts
from order_flow.domain.reviews.model import MeetingKind, PointStatus, ReviewStatus, missing_meetings
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Answer, Department
from order_flow.flow.orders.hands import hands_on_order
from order_flow.flow.sign_offs.templates import matching
from order_flow.flow.tasks.people import people_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order

_SQL = """select customer.relationship, checklist.outcome,
        checklist.forbids_own_order, checklist.briefing_required as briefing,
        checklist.meeting_required as meeting,
        not exists(select 1 from `tabOrder` other where other.customer = customer.name
            and other.name != %(order)s and other.docstatus = 1) as first_order,
        (select group_concat(distinct answer.department) from `tabDepartment Answer` answer
            where answer.parent = %(checklist)s and answer.parenttype = 'Review Checklist'
            and answer.required = 1 and answer.answer = %(open_answer)s
            and answer.deferred_until is null) as missing,
        (select group_concat(distinct held.kind) from `tabReview Meeting` held
            where held.parent = %(checklist)s) as held,
        (select group_concat(concat(point.description, ' (', point.settle_by, ')') separator '; ')
            from `tabOpen Point` point where point.order_id = %(order)s
            and point.status = %(open_point)s and point.settle_by < %(today)s) as late_points
    from `tabCustomer` customer
    left join `tabReview Checklist` checklist on checklist.name = %(checklist)s
    where customer.name = %(customer)s"""


def review_facts(order: Order, profile: FlowProfile | None) -> ReviewFacts:
    """Return where the review of an order stands, and whether one is demanded.

    Args:
        order: the Order document.
        profile: its Flow Profile; the templates name it themselves.

    Returns:
        The facts.
    """
    row = frappe.db.sql(
        _SQL,
        {
            "order": order.name or "",
            "customer": order.customer,
            "checklist": order.review_checklist or "",
            "open_answer": Answer.OPEN.value,
            "open_point": PointStatus.OPEN.value,
            "today": today(),
        },
        as_dict=True,
    )[0]
    status = ReviewStatus(order.review_status) if order.review_status else None
    is_open = status is ReviewStatus.OPEN
    demanding = matching(order, history=lambda: (bool(row.first_order), row.relationship or ""))
    if is_open:
        required = {
            kind for kind, asked in zip(MeetingKind, (row.briefing, row.meeting), strict=True) if asked
        }
    elif status in (None, ReviewStatus.WITHDRAWN):
        required = {kind for template in demanding for kind in template.meetings}
    else:
        required = set()
    held = (row.held or "").split(",") if is_open and row.held else []
    waiting = set((row.missing or "").split(",")) if is_open else set()
    missing = tuple(department for department in Department if department.value in waiting)
    return ReviewFacts(
        demanded_by=tuple(template.name for template in demanding),
        status=status,
        checklist=order.review_checklist or "",
        missing=missing,
        only_own=_only_own(order, missing) if row.forbids_own_order else (),
        meetings=missing_meetings(required, map(MeetingKind, held)),
        refusal=row.outcome or "",
        late_points=tuple((row.late_points or "").split("; ")) if row.late_points else (),
    )


def _only_own(order: Order, missing: Iterable[Department]) -> tuple[Department, ...]:
    """Departments that have people, all of whom had a hand in the order (R-092)."""
    roles = {department: ROLES_OF_DEPARTMENT[department] for department in missing}
    holders = people_of(role.value for roles_of_one in roles.values() for role in roles_of_one)
    barred = hands_on_order(order.name)
    speakers = {
        department: {person.user for role in roles_of_one for person in holders.get(role.value, ())}
        for department, roles_of_one in roles.items()
    }
    return tuple(department for department, users in speakers.items() if users and users <= barred)
