"""Points that stay open over the release to planning: by when, who settles them, who hears of late ones."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime, today

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.message import Message
from order_flow.domain.reviews.model import PointKind, PointStatus, ReviewEvent, settle_by
from order_flow.domain.reviews.sign_offs import Department
from order_flow.domain.states import CALLED_OFF_STATES, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.clocks.events import happened
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.order import record_event
from order_flow.flow.refusals import StepRefused, refuse_without_role
from order_flow.flow.sign_offs.answers import defer
from order_flow.flow.tasks.giving import end_task, keep_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.open_point.open_point import OpenPoint
    from order_flow.order_flow.doctype.review_checklist.review_checklist import ReviewChecklist

POINT = "Open Point"
KEEPER_ROLES = (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER)
"""Who asks the customer, and so opens and settles points (R-069)."""
_WRITTEN_BY_SYSTEM = ("status", "settle_by", "answer", "settled_by", "settled_at", "alerted_on")


def lead_days() -> int:
    """Days before the start of production by which every point is settled (ten in ADD 6.3)."""
    return cint(frappe.get_cached_doc("Order Flow Settings").open_point_lead_days)


def next_point_name(order: str) -> str:
    """The name of an order's next point; points are never deleted, so their number only grows.

    Args:
        order: the order's name; its row is locked, so that two points never get one name.
    """
    frappe.db.sql("select name from `tabOrder` where name = %s for update", order)
    return f"{order}-P{frappe.db.count(POINT, {'order_id': order}) + 1}"


def check_point(point: OpenPoint) -> None:
    """Check an open point before it is saved, and derive by when it must be settled (R-077).

    Args:
        point: the Open Point document.

    Raises:
        StepRefused: the date is past or too late for production, or a field of the system was written.
    """
    _guard(point)
    before = point.get_doc_before_save()
    start = frappe.db.get_value("Order", point.order_id, "production_start")
    expected = getdate(point.expected_on)
    latest = settle_by(expected, start, lead_days())
    moved = before is None or getdate(before.expected_on) != expected
    if moved and not point.flags.settling:
        if expected < getdate():
            frappe.throw(_("The date by which a point will be settled cannot be past."), StepRefused)
        if latest < expected:
            frappe.throw(
                _(
                    "Production starts on {0}: the point must be settled by {1}, {2} days before. Agree an "
                    "earlier date, or ask planning to move the start."
                ).format(start, latest, lead_days()),
                StepRefused,
            )
    point.settle_by = latest


def _guard(point: OpenPoint) -> None:
    if point.flags.settling:
        return
    before = point.get_doc_before_save()
    if before is None:
        touched = [name for name in _WRITTEN_BY_SYSTEM[2:] if point.get(name)]
        point.status = PointStatus.OPEN.value
    else:
        touched = [name for name in _WRITTEN_BY_SYSTEM if point.has_value_changed(name)]
        if PointStatus(before.status) is PointStatus.SETTLED:
            touched += [
                name for name in ("expected_on", "description", "kind") if point.has_value_changed(name)
            ]
    if touched:
        frappe.throw(
            _("These fields are written by the system only: {0}. Leave them out.").format(
                ", ".join(_(point.meta.get_label(name)) for name in touched)
            ),
            StepRefused,
        )


def leave_question_open(
    checklist: ReviewChecklist,
    department: Department,
    question: str,
    until: date,
    remark: str,
    kind: PointKind,
) -> None:
    """Leave a question of a review open until a date; it becomes a point of the order (R-069, R-077, K-14).

    Args:
        checklist: the Review Checklist, locked.
        department: for whom the current user speaks.
        question: the question.
        until: when it is expected to be settled.
        remark: what is still unclear.
        kind: label, packing print, or other.

    Raises:
        StepRefused: the question must be answered now, or the date is too late for production.
        frappe.PermissionError: the user does not speak for the department.
    """
    defer(checklist, department, question, until, remark)
    frappe.get_doc(
        {
            "doctype": POINT,
            "order_id": checklist.order_id,
            "kind": kind.value,
            "expected_on": until,
            "description": remark,
        }
    ).insert(ignore_permissions=True)  # the department's right was checked with its answer


def tell_open_points(order: str) -> None:
    """Start the clock of an order's open points, or let it follow a moved start of production (R-077)."""
    if frappe.db.exists(POINT, {"order_id": order, "status": PointStatus.OPEN.value}):
        profile = profile_name(frappe.get_doc("Order", order))
        happened(ClockEvent.OPEN_POINTS_RELEASED, order, profile=profile)


def settle_point(name: str, answer: str) -> Any:
    """Settle an open point.

    Args:
        name: the Open Point.
        answer: how it was settled; mandatory.

    Returns:
        The point.

    Raises:
        StepRefused: no answer, or it is settled already.
        frappe.PermissionError: the user's roles do not settle points.
    """
    refuse_without_role(KEEPER_ROLES, _("Open points are settled by: {0}."))
    point = frappe.get_doc(POINT, name, for_update=True)
    if PointStatus(point.status) is PointStatus.SETTLED:
        frappe.throw(_("{0} is settled already.").format(name), StepRefused)
    if not answer.strip():
        frappe.throw(_("Say how the point was settled."), StepRefused)
    point.flags.settling = True
    point.status = PointStatus.SETTLED.value
    point.answer = answer.strip()
    point.settled_by = frappe.session.user
    point.settled_at = now_datetime()
    point.save(ignore_permissions=True)  # the role was checked above
    end_task(point, TaskReason.POINT_LATE)
    order = frappe.get_doc("Order", point.order_id)
    remark = f"{_(point.kind)}: {point.answer}"
    record_event(order, ReviewEvent.POINT_SETTLED.value, order.workflow_state, order.workflow_state, remark)
    still_open = frappe.db.exists(POINT, {"order_id": order.name, "status": PointStatus.OPEN.value})
    if not still_open:
        happened(ClockEvent.OPEN_POINTS_SETTLED, order.name, profile=profile_name(order))
    return point


def production_moved(order: str, start: date | None) -> None:
    """Production starts at another time: the latest day of every open point moves with it, in one statement.

    Args:
        order: the order's name.
        start: planned first day of production.
    """
    frappe.db.sql(
        """update `tabOpen Point` set settle_by = least(
            expected_on, coalesce(%(start)s - interval %(days)s day, expected_on))
        where order_id = %(order)s and status = %(open)s""",
        {"start": start, "days": lead_days(), "order": order, "open": PointStatus.OPEN.value},
    )
    tell_open_points(order)


def alert_late_points() -> int:
    """Give the order desk a task for every point that is late, once a point (R-077).

    Returns:
        How many points were late and not told yet.
    """
    rows = frappe.db.sql(
        """select point.name, 'Open Point' as doctype, point.order_id, point.kind, point.description,
            point.settle_by
        from `tabOpen Point` point join `tabOrder` o on o.name = point.order_id
        where point.status = %s and point.settle_by < %s and point.alerted_on is null
            and o.workflow_state not in %s
        order by point.settle_by limit 500""",
        (PointStatus.OPEN.value, today(), [state.value for state in CALLED_OFF_STATES]),
        as_dict=True,
    )
    for row in rows:
        text = Message(
            "Order {0}: '{1}' ({2}) had to be settled by {3}. The start of production is at risk; "
            "settle it with the customer or tell planning.",
            row.order_id,
            row.description,
            Message(row.kind),
            row.settle_by,
        )
        keep_task(Role.ORDER_DESK, row, TaskReason.POINT_LATE, text)
    if rows:
        frappe.db.sql(
            "update `tabOpen Point` set alerted_on = %s where name in %s",
            (today(), tuple(row.name for row in rows)),
        )
    return len(rows)
