"""Records briefings and review meetings: date, participants, minutes, dates they fixed (R-080, R-084)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.reviews.model import MeetingKind, ReviewEvent
from order_flow.flow.records.attachments import bind_paper
from order_flow.flow.records.order import record_event
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.checklists import check_opener, locked_checklist, save_checklist, tell_clocks

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.review_checklist.review_checklist import ReviewChecklist


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as it is told."""

    kind: MeetingKind
    held_at: datetime
    participants: str
    minutes: str
    """The ``file_url`` of the uploaded minutes."""
    purchase_date: date | None = None
    production_date: date | None = None
    delivery_date: date | None = None


def record_meeting(name: str, meeting: Meeting) -> Any:
    """Record a briefing or a review meeting on a running review.

    Args:
        name: the Review Checklist.
        meeting: what was held; the dates are those it fixed.

    Returns:
        The checklist.

    Raises:
        StepRefused: participants or minutes are missing, the time is still to come or within the time that
            the departments have for the documents, or the review is closed.
        frappe.PermissionError: the user's roles do not organise reviews.
    """
    check_opener()
    checklist = locked_checklist(name)
    if closed := checklist.answers_closed():
        frappe.throw(closed, StepRefused, title=_("Not Possible Now"))
    _check_meeting(checklist, meeting)
    bind_paper(checklist, meeting.minutes)
    checklist.append(
        "meetings",
        {
            "kind": meeting.kind.value,
            "held_at": meeting.held_at,
            "participants": meeting.participants.strip(),
            "minutes": meeting.minutes,
            "recorded_by": frappe.session.user,
            "recorded_at": now_datetime(),
        },
    )
    for field in ("purchase_date", "production_date", "delivery_date"):
        checklist.set(field, getattr(meeting, field) or checklist.get(field))
    save_checklist(checklist)
    order = frappe.get_doc("Order", checklist.order_id)
    remark = f"{checklist.name} {_(meeting.kind.value)}: {meeting.participants.strip()}"
    record_event(order, ReviewEvent.MEETING.value, order.workflow_state, order.workflow_state, remark)
    if meeting.delivery_date:
        tell_clocks(ClockEvent.CYCLES_FIXED, order, checklist)
    return checklist


def _check_meeting(checklist: ReviewChecklist, meeting: Meeting) -> None:
    if not meeting.participants.strip() or not meeting.minutes:
        frappe.throw(_("Name the participants and upload the minutes of the meeting."), StepRefused)
    if meeting.held_at > now_datetime():
        frappe.throw(_("The meeting is still to come. Record it after it was held."), StepRefused)
    too_early = (
        meeting.kind is MeetingKind.REVIEW
        and checklist.meeting_from
        and meeting.held_at.date() < getdate(checklist.meeting_from)
    )
    if too_early:
        frappe.throw(
            _("The departments study the documents until {0}; the meeting cannot be held before.").format(
                checklist.meeting_from
            ),
            StepRefused,
        )
