"""Gates over the review of an order by the departments (R-076, R-077, R-080, R-092)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from order_flow.domain.gates.model import BEFORE_WORK, CheckPoint, FactGroup, GateCode, GateRule, OpenGate
from order_flow.domain.reviews.model import MeetingKind, ReviewStatus
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Department
from order_flow.domain.states import ROLES_OF_STEP, OrderState, OrderStep, Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What the gates of this module look at."""

    demanded_by: tuple[str, ...] = ()
    """Review templates that apply to the order."""
    status: ReviewStatus | None = None
    """Of the latest review; None where there never was one."""
    checklist: str = ""
    missing: tuple[Department, ...] = ()
    """Departments whose required answers are still open."""
    only_own: tuple[Department, ...] = ()
    """Those of them in which everybody had a hand in the order, and must not answer about it."""
    meetings: tuple[MeetingKind, ...] = ()
    """Briefings and meetings that are still to be held."""
    refusal: str = ""
    """What a department refused, in its words."""
    late_points: tuple[str, ...] = ()
    """Label and packing points that should be settled by now."""


_NOT_STARTED = (
    "The departments have not reviewed the order ({templates}). Send it to review, or start the review of a "
    "confirmed order."
)
_WAITING = "Review {checklist} waits for the answers of: {departments}. They answer on the checklist."
_ONLY_OWN = (
    "Review {checklist} waits for the answers of: {departments}. Of {own} everybody had a hand in the order "
    "and must not answer about it: they delegate the answer to somebody else on the checklist."
)
_REFUSED = (
    "The departments refused the order in review {checklist}: {reason}. Adjust it with the customer and have "
    "it reviewed anew, or have it declined."
)
_NOT_HELD = "{meetings}: not held or not recorded yet. Record date, participants and minutes on the review."
_LATE_POINTS = (
    "These points should be settled by now and put the start of production at risk: {points}. Settle them "
    "with the customer."
)

ORGANISERS = (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER, Role.PLANNING)
"""Who calls the departments together: sales, or production control (R-084, R-088)."""


def _is_asked_anew(facts: ReviewFacts) -> bool:
    never_answered = facts.status is None or facts.status is ReviewStatus.WITHDRAWN
    return never_answered and bool(facts.demanded_by)


def _askers(facts: GateFacts) -> tuple[Role, ...]:
    """Name who has the order reviewed: a step before the confirmation, a button afterwards (R-076)."""
    sent = facts.state is OrderState.UNCONFIRMED
    return ROLES_OF_STEP[OrderStep.SEND_TO_REVIEW] if sent else ORGANISERS


def outstanding_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A review that a template demands is agreed before the order goes on (R-076, R-092)."""
    review = facts.review
    if _is_asked_anew(review):
        return OpenGate(
            GateCode.REVIEW_OUTSTANDING,
            _NOT_STARTED,
            _askers(facts),
            {"templates": review.demanded_by},
            subject=", ".join(review.demanded_by),
        )
    if review.status is not ReviewStatus.OPEN or not review.missing:
        return None
    freed_by = dict.fromkeys(role for asked in review.missing for role in ROLES_OF_DEPARTMENT[asked])
    return OpenGate(
        GateCode.REVIEW_OUTSTANDING,
        _ONLY_OWN if review.only_own else _WAITING,
        tuple(freed_by),
        {
            "checklist": review.checklist,
            "departments": tuple(department.value for department in review.missing),
            "own": tuple(department.value for department in review.only_own),
        },
        subject=review.checklist,
    )


def refused_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Stop an order that a department refused, as long as it is as it was (R-078, R-092)."""
    review = facts.review
    if review.status is not ReviewStatus.REFUSED:
        return None
    return OpenGate(
        GateCode.REVIEW_REFUSED,
        _REFUSED,
        (*_askers(facts), Role.GENERAL_MANAGER),
        {"checklist": review.checklist, "reason": review.refusal or "-"},
        subject=review.checklist,
    )


def meeting_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Above 500,000 CNY, and for non-regular styles, the meetings are held first (R-080, R-084)."""
    review = facts.review
    if not review.meetings:
        return None
    return OpenGate(
        GateCode.MEETING_NOT_HELD,
        _NOT_HELD,
        ORGANISERS,
        {"meetings": tuple(kind.value for kind in review.meetings)},
        subject=", ".join(kind.value for kind in review.meetings),
    )


def points_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Label and packing points are settled ten days before production starts (R-069, R-077)."""
    review = facts.review
    if not review.late_points:
        return None
    return OpenGate(
        GateCode.OPEN_POINTS_LATE,
        _LATE_POINTS,
        (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER),
        {"points": "; ".join(review.late_points)},
        subject="; ".join(review.late_points),
    )


_BY_MANAGEMENT = (Role.SALES_MANAGER, Role.GENERAL_MANAGER)

RULES: tuple[GateRule, ...] = (
    GateRule(GateCode.REVIEW_OUTSTANDING, outstanding_gate, FactGroup.REVIEW, _BY_MANAGEMENT, BEFORE_WORK),
    GateRule(GateCode.REVIEW_REFUSED, refused_gate, FactGroup.REVIEW, (Role.GENERAL_MANAGER,), BEFORE_WORK),
    GateRule(GateCode.MEETING_NOT_HELD, meeting_gate, FactGroup.REVIEW, (Role.GENERAL_MANAGER,), BEFORE_WORK),
    GateRule(
        GateCode.OPEN_POINTS_LATE,
        points_gate,
        FactGroup.REVIEW,
        _BY_MANAGEMENT,
        frozenset({CheckPoint.PLANNING, CheckPoint.SHIP}),
    ),
)
"""Gates over the order's review."""
