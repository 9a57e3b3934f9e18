"""Opens, closes and takes back the reviews of an order (R-076..R-092, K-13).

An order has one review at a time. A new round leaves the old checklist as it was answered.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NoReturn

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.customers.notices import NoticeEvent
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode
from order_flow.domain.gates.registry import effect_of
from order_flow.domain.gates.review import ORGANISERS
from order_flow.domain.reviews.model import (
    REVIEW,
    MeetingKind,
    Question,
    Review,
    ReviewEvent,
    ReviewStatus,
    ReviewStep,
    Template,
    meeting_from,
    merge,
    missing_meetings,
)
from order_flow.domain.reviews.sign_offs import Outcome
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    ENTRY_STATES,
    SHIPPED_STATES,
    OrderState,
    OrderStep,
    OrderTransition,
)
from order_flow.flow.clocks.due_times import due_moment
from order_flow.flow.clocks.events import happened
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.notices.sending import review_closed
from order_flow.flow.orders.entry import material_change
from order_flow.flow.profiles import gate_policy, profile_name, profile_of
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.records.steps import DocumentSteps
from order_flow.flow.refusals import StepRefused, refuse_without_role
from order_flow.flow.sign_offs.answers import standing_of
from order_flow.flow.sign_offs.templates import matching

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.review_checklist.review_checklist import ReviewChecklist

CHECKLIST = "Review Checklist"
_RUNNING = frozenset({ReviewStatus.OPEN, ReviewStatus.AGREED})
_NEVER_ANSWERED = (None, ReviewStatus.WITHDRAWN)


def review_status(order: Order) -> ReviewStatus | None:
    """Return where the order's latest review stands; None where it never had one."""
    return ReviewStatus(order.review_status) if order.review_status else None


def may_open_review(order: Order) -> bool:
    """Tell whether a review may be started now: the goods are still here and none is running or agreed."""
    state = OrderState(order.workflow_state)
    gone = state in CALLED_OFF_STATES or state in SHIPPED_STATES
    return not gone and review_status(order) not in _RUNNING


def start_review(name: str) -> Any:
    """Start a review by hand, e.g. before a confirmed order goes to planning (R-076).

    Args:
        name: the order.

    Returns:
        The checklist.

    Raises:
        StepRefused: a review runs or is agreed already, the goods have left, or no template applies.
        frappe.PermissionError: the user's roles may not call the departments together.
    """
    check_opener()
    order = locked_order(name)
    if not may_open_review(order):
        frappe.throw(
            _("Order {0} is {1} and its review {2}; no new review can be started now.").format(
                name, _(order.workflow_state), _(order.review_status or "-")
            ),
            StepRefused,
            title=_("Not Possible Now"),
        )
    checklist = open_review(order)
    if checklist is None:
        frappe.throw(
            _("No review template applies to order {0}; it needs no review.").format(name), StepRefused
        )
    return checklist


def check_opener() -> None:
    """Only these roles call the departments together.

    Raises:
        frappe.PermissionError: naming the roles that may.
    """
    refuse_without_role(ORGANISERS, _("Reviews are organised by: {0}. Ask one of them."))


def open_review(order: Order, reason: str = "", *, technical_class: str = "") -> Any | None:
    """Ask the departments that the matching templates name.

    Args:
        order: the Order document, saved or in the middle of its save.
        reason: why it is asked, where it is not the order's entry.
        technical_class: judge the order as of this class, e.g. after a change of its structure (R-136).

    Returns:
        The new checklist; None where no template applies.
    """
    found = matching(order, technical_class=technical_class)
    if not found:
        return None
    opened_at = now_datetime()
    review = merge([_with_due_times(template, opened_at) for template in found])
    checklist = frappe.get_doc(_checklist_values(order, review, opened_at, reason))
    checklist.flags.answers_open = True
    # Departments are asked by the system; nobody has the right to write checklists by hand.
    checklist.insert(ignore_permissions=True)
    _note_on_order(order, checklist)
    record_event(
        order,
        ReviewEvent.OPENED.value,
        order.workflow_state,
        order.workflow_state,
        _opening_remark(checklist),
    )
    tell_clocks(ClockEvent.REVIEW_OPENED, order, checklist)
    if review.study_days:
        tell_clocks(ClockEvent.DOCUMENTS_HANDED_OVER, order, checklist)
    return checklist


def _opening_remark(checklist: ReviewChecklist) -> str:
    return f"{checklist.name}: {checklist.templates}" + (f" ({checklist.reason})" if checklist.reason else "")


def _with_due_times(template: Template, opened_at: datetime) -> Template:
    return replace(
        template,
        questions=tuple(
            replace(question, due_at=due_moment(opened_at, question.due_after, question.due_unit))
            if question.due_after
            else question
            for question in template.questions
        ),
    )


def _checklist_values(order: Order, review: Review, opened_at: datetime, reason: str) -> dict[str, Any]:
    forms = frappe.get_all(
        "Review Template",
        filters={"name": ("in", review.templates)},
        fields=["form_code", "form_code_alias"],
        order_by="name",
    )
    return {
        "doctype": CHECKLIST,
        "order_id": order.name,
        "customer_name": order.customer_name,
        "round": (order.review_round or 0) + 1,
        "status": ReviewStatus.OPEN.value,
        "opened_at": opened_at,
        "opened_by": frappe.session.user,
        "reason": reason,
        "templates": ", ".join(review.templates),
        "form_code": _joined(form.form_code for form in forms),
        "form_code_alias": _joined(form.form_code_alias for form in forms),
        "briefing_required": int(MeetingKind.BRIEFING in review.meetings),
        "meeting_required": int(MeetingKind.REVIEW in review.meetings),
        "meeting_from": meeting_from(opened_at, review.study_days) if review.study_days else None,
        "forbids_own_order": int(review.forbids_own_order),
        "locks_promised_date": int(review.locks_promised_date),
        "answers": [_answer_row(question) for question in review.questions],
    }


def _joined(words: Any) -> str:
    return ", ".join(dict.fromkeys(word for word in words if word))


def _answer_row(question: Question) -> dict[str, Any]:
    return {
        "department": question.department.value,
        "question": question.text,
        "required": int(question.required),
        "level": question.level,
        "may_defer": int(question.may_defer),
        "attachment_required": int(question.attachment_required),
        "due_at": question.due_at,
        "source": question.source,
    }


def _note_on_order(order: Order, checklist: ReviewChecklist) -> None:
    """The order carries its review's standing, so that lists and gates need no second look."""
    values = {
        "review_status": checklist.status,
        "review_checklist": checklist.name,
        "review_round": checklist.round,
    }
    order.update(values)
    # Written past the document, which may be in the middle of its own save; only the system calls this.
    frappe.db.set_value("Order", order.name, values, update_modified=False)


def tell_clocks(event: ClockEvent, order: Order, checklist: ReviewChecklist) -> None:
    """Tell the clocks what happened to a review."""
    happened(event, order.name, profile=profile_name(order), reference=(CHECKLIST, checklist.name))


def meetings_missing(checklist: ReviewChecklist) -> tuple[MeetingKind, ...]:
    """The meetings that a checklist still asks for (R-080, R-084)."""
    required = [
        kind
        for kind, needed in (
            (MeetingKind.BRIEFING, checklist.briefing_required),
            (MeetingKind.REVIEW, checklist.meeting_required),
        )
        if needed
    ]
    return missing_meetings(required, [MeetingKind(meeting.kind) for meeting in checklist.meetings])


def closed_sentence(checklist: ReviewChecklist, status: ReviewStatus) -> str:
    """Say that a review of such a status takes no answers any more."""
    words: str = _("Review {0} is {1}; answers are taken while it is open only.")
    return words.format(checklist.name, _(status.value))


def _refuse_state(checklist: ReviewChecklist, source: ReviewStatus, _target: ReviewStatus) -> NoReturn:
    frappe.throw(closed_sentence(checklist, source), StepRefused)


def _refuse_step(checklist: ReviewChecklist, _step: ReviewStep, source: ReviewStatus) -> NoReturn:
    _refuse_state(checklist, source, source)


REVIEW_STEPS: Final = DocumentSteps(
    table=REVIEW, field="status", refuse_state=_refuse_state, refuse_step=_refuse_step
)


def judge(checklist: ReviewChecklist) -> None:
    """Derive a running checklist's standing from its answers and meetings, before it is saved.

    Agreed only when every required answer is Yes and every meeting is recorded; refused with the first
    required No.

    Args:
        checklist: the Review Checklist document; one that is closed stays as it is.
    """
    status = ReviewStatus(checklist.status or ReviewStatus.OPEN)
    if status is not ReviewStatus.OPEN:
        return
    found = standing_of(checklist)
    missing = meetings_missing(checklist)
    checklist.waiting_for = ", ".join(part.value for part in (*found.missing, *missing))
    if found.outcome is Outcome.REFUSED:
        REVIEW_STEPS.take(checklist, ReviewStep.REFUSE, status)
        checklist.outcome = "\n".join(
            f"{_(row.department.value)}: {_(row.question)} {row.remark}" for row in found.refusals
        )
    elif found.outcome is Outcome.AGREED and not missing:
        REVIEW_STEPS.take(checklist, ReviewStep.AGREE, status)
    else:
        return
    checklist.closed_at = now_datetime()


def close_review(checklist: ReviewChecklist) -> None:
    """Let the order know that its review has ended: it goes on, or back to entry with the reason (R-092).

    Args:
        checklist: the Review Checklist document, just saved as agreed or refused.
    """
    order = locked_order(checklist.order_id)
    if order.review_checklist != checklist.name:
        return
    status = ReviewStatus(checklist.status)
    order.review_status = status.value
    agreed = status is ReviewStatus.AGREED
    event = ReviewEvent.AGREED if agreed else ReviewEvent.REFUSED
    # Once it is confirmed, a promised date changes by a change notice only (K-28).
    if agreed and checklist.delivery_date and OrderState(order.workflow_state) in ENTRY_STATES:
        order.promised_date = checklist.delivery_date
    reason = f"{checklist.name} {checklist.outcome or ''}".strip()
    if not agreed and OrderState(order.workflow_state) is OrderState.UNDER_REVIEW:
        record_event(order, event.value, order.workflow_state, order.workflow_state, reason)
        take_step(order, OrderStep.RETURN_TO_ENTRY, by_system=True, remark=reason)
    else:
        save_internally(order)
        record_event(order, event.value, order.workflow_state, order.workflow_state, reason)
        # An order that goes back to entry is told of by that step.
        told = NoticeEvent.REVIEW_AGREED if agreed else NoticeEvent.REVIEW_REFUSED
        review_closed(order, checklist, told)
    tell_clocks(ClockEvent.REVIEW_FINISHED, order, checklist)
    if agreed:
        tell_clocks(ClockEvent.REVIEW_AGREED, order, checklist)


def follow_order(order: Order, transition: OrderTransition | None) -> None:
    """Follow a saved order with its review: asked, taken back, or nothing.

    Args:
        order: the Order document at the end of a save.
        transition: the step it took; None for an edit.
    """
    status = review_status(order)
    if transition is None:
        if status in _RUNNING and material_change(order):
            withdraw_review(order, _("The order's content was changed."))
        return
    step = transition.step
    sent = step is OrderStep.SEND_TO_REVIEW and status not in _RUNNING
    confirmed = step is OrderStep.CONFIRM and status in _NEVER_ANSWERED and _planning_demands(order)
    if sent or confirmed:
        asked = open_review(order)
        if sent and asked is None:
            frappe.msgprint(
                _(
                    "No review template applies to order {0}, so no department is asked. Confirm it, or "
                    "return it to entry."
                ).format(order.name),
                indicator="orange",
            )
    elif step in (OrderStep.RETURN_TO_ENTRY, OrderStep.CANCEL) and status is ReviewStatus.OPEN:
        withdraw_review(order, _(step.value))


def _planning_demands(order: Order) -> bool:
    """Whether the procedure asks for the review after the confirmation, before planning (R-076, R-088)."""
    policy = gate_policy(profile_of(order))
    return effect_of(policy, GateCode.REVIEW_OUTSTANDING, CheckPoint.PLANNING) is not Effect.OFF


def withdraw_review(order: Order, reason: str) -> None:
    """Take a review back; its checklist stays readable as it is.

    Args:
        order: the Order document.
        reason: shown on the checklist and in the order's timeline.
    """
    checklist = frappe.get_doc(CHECKLIST, order.review_checklist, for_update=True)
    REVIEW_STEPS.take(checklist, ReviewStep.WITHDRAW, ReviewStatus(checklist.status))
    checklist.closed_at = now_datetime()
    checklist.outcome = reason
    checklist.waiting_for = None
    save_checklist(checklist)
    _note_on_order(order, checklist)
    record_event(
        order,
        ReviewEvent.WITHDRAWN.value,
        order.workflow_state,
        order.workflow_state,
        f"{checklist.name} {reason}",
    )
    tell_clocks(ClockEvent.REVIEW_FINISHED, order, checklist)


def save_checklist(checklist: ReviewChecklist) -> None:
    """Save what the system or a checked method wrote on a checklist."""
    checklist.flags.answers_open = True
    # Rights were checked by the method that led here; the role matrix lets nobody write a checklist.
    checklist.save(ignore_permissions=True)
    checklist.flags.answers_open = False


def locked_checklist(name: str) -> Any:
    """A checklist with its order locked first, so that answers and the order's steps come one by one.

    Args:
        name: the Review Checklist.

    Returns:
        The document, its row locked until the transaction ends.

    Raises:
        frappe.DoesNotExistError: there is no such checklist.
    """
    order = frappe.db.get_value(CHECKLIST, name, "order_id")
    if order:
        locked_order(order)
    return frappe.get_doc(CHECKLIST, name, for_update=True)
