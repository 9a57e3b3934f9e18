"""REST methods of reviews, meetings, open points and promised dates; thin, the rules are in ``flow``."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

import frappe
from frappe import _

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.reviews.model import MeetingKind, PointKind
from order_flow.domain.reviews.sign_offs import Answer, Department
from order_flow.flow.cancelling.requests import decline_order as _decline_order
from order_flow.flow.records.choices import choice
from order_flow.flow.records.values import day_of, number_of, time_of
from order_flow.flow.reviews import checklists as reviews
from order_flow.flow.reviews import desk as review_desk
from order_flow.flow.reviews import meetings, open_points, promises
from order_flow.flow.sign_offs import answers as sign_offs


def _day(value: str | None, label: str) -> Any:
    return day_of(value, label) if value else None


def _readable_checklist(name: str) -> Any:
    checklist = frappe.get_doc(reviews.CHECKLIST, name)
    checklist.check_permission("read")
    return reviews.locked_checklist(name)


def _readable_order(name: str) -> Any:
    document = frappe.get_doc("Order", name)
    document.check_permission("read")
    return document


@endpoint(Verb.POST, of="Order")
def start_review(order: str) -> dict[str, Any]:
    """Ask the departments about an order (R-076).

    Args:
        order: the order's name.

    Returns:
        The checklist's name and status.
    """
    _readable_order(order)
    return _standing(reviews.start_review(order))


@endpoint(Verb.POST, of="Review Checklist")
def answer(
    checklist: str,
    department: str,
    answer: str,
    remark: str = "",
    question: str = "",
    attachment: str = "",
    stated_date: str | None = None,
    stated_price: float | str | None = None,
) -> dict[str, Any]:
    """Answer for a department (R-092).

    Args:
        checklist: the Review Checklist's name.
        department: for whom.
        answer: ``Yes`` or ``No``.
        remark: mandatory with No.
        question: one question; all of the department's where it is left out.
        attachment: ``file_url`` of an uploaded file.
        stated_date: the date the department can keep.
        stated_price: in the order's currency.

    Returns:
        The checklist's name, status, and whom it waits for.
    """
    document = _readable_checklist(checklist)
    sign_offs.answer(
        document,
        choice(Department, department, _("Department")),
        choice(Answer, answer, _("Answer")),
        remark,
        question=question,
        attachment=attachment,
        stated_date=_day(stated_date, _("Stated Date")),
        stated_price=number_of(stated_price, _("Stated Price")) if stated_price not in (None, "") else None,
    )
    return _standing(document)


@endpoint(Verb.POST, of="Review Checklist")
def leave_open(
    checklist: str, department: str, question: str, until: str, remark: str, kind: str = PointKind.OTHER.value
) -> dict[str, Any]:
    """Leave a question open until a date; it becomes an Open Point of the order (R-069, R-077).

    Args:
        checklist: the Review Checklist's name.
        department: for whom.
        question: the question.
        until: when it is expected to be settled.
        remark: what is still unclear.
        kind: label, packing print, or other.

    Returns:
        The checklist's name, status, and whom it waits for.
    """
    document = _readable_checklist(checklist)
    open_points.leave_question_open(
        document,
        choice(Department, department, _("Department")),
        question,
        _day(until, _("Expected On")),
        remark,
        choice(PointKind, kind, _("Kind")),
    )
    return _standing(document)


@endpoint(Verb.POST, of="Review Checklist")
def delegate(checklist: str, department: str, to: str, remark: str = "") -> dict[str, Any]:
    """Give a department's answer to a named person.

    Args:
        checklist: the Review Checklist's name.
        department: whose answer.
        to: the user.
        remark: why.

    Returns:
        The checklist's name, status, and whom it waits for.
    """
    document = _readable_checklist(checklist)
    sign_offs.delegate(document, choice(Department, department, _("Department")), to, remark)
    return _standing(document)


@endpoint(Verb.POST, of="Review Checklist")
def record_meeting(
    checklist: str,
    kind: str,
    held_at: str,
    participants: str,
    minutes: str,
    purchase_date: str | None = None,
    production_date: str | None = None,
    delivery_date: str | None = None,
) -> dict[str, Any]:
    """Record a technical briefing or a review meeting (R-080, R-084).

    Args:
        checklist: the Review Checklist's name.
        kind: ``Technical Briefing`` or ``Review Meeting``.
        held_at: date and time in Asia/Shanghai.
        participants: who took part.
        minutes: ``file_url`` of the uploaded minutes.
        purchase_date: when the material is there, as the meeting fixed it.
        production_date: when production ends.
        delivery_date: the final date; it becomes the promised date when the review is agreed.

    Returns:
        The checklist's name, status, and whom it waits for.
    """
    _readable_checklist(checklist)
    meeting = meetings.Meeting(
        choice(MeetingKind, kind, _("Kind")),
        time_of(held_at, _("Held At")),
        participants,
        minutes,
        _day(purchase_date, _("Purchase Date")),
        _day(production_date, _("Production Date")),
        _day(delivery_date, _("Delivery Date")),
    )
    return _standing(meetings.record_meeting(checklist, meeting))


@endpoint(Verb.POST, of="Order")
def promise_date(order: str, day: str) -> dict[str, Any]:
    """Promise a date before the order is confirmed (R-085).

    Args:
        order: the order's name.
        day: the date.

    Returns:
        The order's name and its promised date.
    """
    _readable_order(order)
    promises.promise_date(order, day_of(day, _("Promised Date")))
    return {"order": order, "promised_date": day}


@endpoint(Verb.POST, of="Order")
def set_production_start(order: str, day: str) -> dict[str, Any]:
    """Write down when production of an order starts (R-077).

    Args:
        order: the order's name.
        day: planned first day.

    Returns:
        The order's name and the day.
    """
    _readable_order(order)
    promises.set_production_start(order, day_of(day, _("Production Start")))
    return {"order": order, "production_start": day}


@endpoint(Verb.POST, of="Open Point")
def settle_point(point: str, answer: str) -> dict[str, Any]:
    """Settle an open point.

    Args:
        point: the Open Point's name.
        answer: how it was settled.

    Returns:
        The point's name and status.
    """
    frappe.get_doc(open_points.POINT, point).check_permission("read")
    document = open_points.settle_point(point, answer)
    return {"point": document.name, "status": document.status}


@endpoint(Verb.POST, of="Order")
def decline_order(order: str, reason: str) -> dict[str, Any]:
    """Decline an order before it is confirmed; the general manager's or deputy's decision (R-093, K-27).

    Args:
        order: the order's name.
        reason: why the company does not take it.

    Returns:
        The order's name and state.
    """
    _readable_order(order)
    return {"order": order, "state": _decline_order(order, reason).value}


@endpoint(Verb.GET, of="Review Checklist")
def checklist_form(checklist: str) -> dict[str, Any]:
    """Return what the checklist's form shows beside the document: order facts, my questions, my buttons.

    Args:
        checklist: the Review Checklist's name.

    Returns:
        ``order`` (label and value pairs), ``questions`` (rows the user may answer now), ``departments``
        (for which the user speaks), ``may_record_meeting``.
    """
    document = frappe.get_doc(reviews.CHECKLIST, checklist)
    document.check_permission("read")
    return review_desk.checklist_form(document)


@endpoint(Verb.GET)
def my_departments() -> list[str]:
    """The departments that the current user answers for.

    Returns:
        Their names.
    """
    return review_desk.my_departments()


@endpoint(Verb.GET, Verb.POST)
def waiting_for_me(filters: str | None = None) -> dict[str, Any]:
    """Count the reviews that wait for the current user's departments, for the number card.

    Args:
        filters: what the framework's card sends along; not used.

    Returns:
        The framework's answer of a custom card: value, field type and where a click leads.
    """
    return review_desk.waiting_card()


def _standing(checklist: Any) -> dict[str, Any]:
    return {
        "checklist": checklist.name,
        "status": checklist.status,
        "waiting_for": checklist.waiting_for or "",
    }
