"""Which review an order needs, what it asks, and whether its meeting may be held (R-076..R-089, K-13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from order_flow.domain.amounts import ZERO
from order_flow.domain.lifecycle import Lifecycle, Transition
from order_flow.domain.reviews.sign_offs import Department

NOT_REVIEWED = frozenset(
    {
        "external_number",
        "customer_order_number",
        "sales_rep",
        "promised_date",
        "expected_arrival",
        "contact_person",
        "mobile",
        "phone",
        "email",
        "customer_address",
        "contact",
        "province",
        "city",
        "district",
        "address_line",
        "postal_code",
        "invoice_title",
        "tax_number",
        "buyer_message",
        "seller_memo",
    }
)
"""Fields of an order that no department judges: a change of them leaves a review valid (K-07)."""


class ReviewStatus(StrEnum):
    """Where a review checklist stands."""

    OPEN = "In Review"
    AGREED = "Agreed"
    REFUSED = "Refused"
    WITHDRAWN = "Withdrawn"
    """The order was returned, called off or changed while the departments looked at it."""


class ReviewStep(StrEnum):
    """What the answers, or the order, do to a review."""

    AGREE = "Agree"
    REFUSE = "Refuse"
    WITHDRAW = "Withdraw"


REVIEW: Final = Lifecycle(
    (
        Transition(ReviewStep.AGREE, ReviewStatus.OPEN, ReviewStatus.AGREED),
        Transition(ReviewStep.REFUSE, ReviewStatus.OPEN, ReviewStatus.REFUSED),
        Transition(ReviewStep.WITHDRAW, ReviewStatus.OPEN, ReviewStatus.WITHDRAWN),
        # What was agreed holds no longer when the order's content changes.
        Transition(ReviewStep.WITHDRAW, ReviewStatus.AGREED, ReviewStatus.WITHDRAWN),
    )
)
"""The lifecycle of a review. Nobody takes its steps by hand: they follow from answers and from the order."""


class ReviewEvent(StrEnum):
    """What the order's timeline says about its reviews."""

    OPENED = "Review Opened"
    AGREED = "Review Agreed"
    REFUSED = "Review Refused"
    WITHDRAWN = "Review Withdrawn"
    MEETING = "Meeting Recorded"
    PROMISED = "Promised Date Set"
    PROMISE_TAKEN_BACK = "Promised Date Taken Back"
    PRODUCTION_START = "Production Start Set"
    POINT_SETTLED = "Open Point Settled"


class MeetingKind(StrEnum):
    """What large and non-regular orders are talked over in (R-080, R-084)."""

    BRIEFING = "Technical Briefing"
    REVIEW = "Review Meeting"


class PointKind(StrEnum):
    """What may be settled after the release to planning (R-069, R-077)."""

    LABEL = "Label"
    PACKING_PRINT = "Packing Print"
    OTHER = "Other"


class PointStatus(StrEnum):
    """Whether a point still waits for the customer."""

    OPEN = "Open"
    SETTLED = "Settled"


class DueUnit(StrEnum):
    """How a department's time to answer is counted."""

    HOURS = "Hours"
    WORKING_HOURS = "Working Hours"
    WORKING_DAYS = "Working Days"


@dataclass(frozen=True, slots=True)
class OrderTraits:
    """What the rules look at."""

    profile: str
    amount: Decimal
    """The order's total in CNY."""
    first_order: bool = False
    """No other order of the customer was ever confirmed."""
    technical_class: str = ""
    product_state: str = ""
    payment_term: str = ""
    payment_family: str = ""
    """Money before the goods, or after them."""
    relationship: str = ""
    """New or existing customer."""
    shortened_cycle: bool = False
    project_order: bool = False


@dataclass(frozen=True, slots=True)
class Conditions:
    """When a template applies: every condition that is set must hold; what is empty does not matter."""

    profile: str = ""
    amount_above: Decimal = ZERO
    """In CNY; zero for none. The order's amount must be larger (R-080: larger than 500,000)."""
    amount_up_to: Decimal = ZERO
    """In CNY, inclusive; zero for none (R-081)."""
    first_order: bool = False
    technical_class: str = ""
    product_state: str = ""
    payment_term: str = ""
    payment_family: str = ""
    relationship: str = ""
    shortened_cycle: bool = False
    project_order: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a template."""

    department: Department
    text: str
    required: bool = True
    level: int = 1
    may_defer: bool = False
    attachment_required: bool = False
    due_after: int = 0
    """Time to answer in ``due_unit``; zero for none."""
    due_unit: DueUnit = DueUnit.WORKING_DAYS
    due_at: datetime | None = None
    """The moment that follows from it once the review is opened."""
    source: str = ""
    """The template it comes from."""


@dataclass(frozen=True, slots=True)
class Template:
    """One review template."""

    name: str
    conditions: Conditions = Conditions()
    questions: tuple[Question, ...] = ()
    meetings: frozenset[MeetingKind] = frozenset()
    study_days: int = 0
    """Days between handing over the documents and the meeting (R-084)."""
    forbids_own_order: bool = False
    locks_promised_date: bool = False
    """Nobody promises a date before the review is closed (R-085)."""


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that one order is asked, over all its templates."""

    templates: tuple[str, ...]
    questions: tuple[Question, ...]
    meetings: frozenset[MeetingKind]
    study_days: int
    forbids_own_order: bool
    locks_promised_date: bool


def picks(conditions: Conditions, traits: OrderTraits) -> bool:
    """Tell whether a template applies to an order.

    Args:
        conditions: the template's rules.
        traits: the order.

    Returns:
        True where every condition that is set holds. A template without conditions applies to all.
    """
    words = (
        (conditions.profile, traits.profile),
        (conditions.technical_class, traits.technical_class),
        (conditions.product_state, traits.product_state),
        (conditions.payment_term, traits.payment_term),
        (conditions.payment_family, traits.payment_family),
        (conditions.relationship, traits.relationship),
    )
    flags = (
        (conditions.first_order, traits.first_order),
        (conditions.shortened_cycle, traits.shortened_cycle),
        (conditions.project_order, traits.project_order),
    )
    return (
        all(not wanted or wanted == found for wanted, found in words)
        and all(found or not wanted for wanted, found in flags)
        and (not conditions.amount_above or traits.amount > conditions.amount_above)
        and (not conditions.amount_up_to or traits.amount <= conditions.amount_up_to)
    )


def _same_question(first: Question, second: Question) -> Question:
    """One question that two templates ask: the stricter of both."""
    due = [question.due_at for question in (first, second) if question.due_at]
    return replace(
        first,
        required=first.required or second.required,
        level=min(first.level, second.level),
        may_defer=first.may_defer and second.may_defer,
        attachment_required=first.attachment_required or second.attachment_required,
        due_at=min(due, default=None),
    )


def merge(templates: Sequence[Template]) -> Review:
    """Put several templates into one review; a department is asked the same question once (K-13).

    Args:
        templates: the templates that apply, at least one.

    Returns:
        The review; of two equal questions the stricter one stays, of two study times the longer one.
    """
    asked: dict[tuple[Department, str], Question] = {}
    for template in templates:
        for question in template.questions:
            key = (question.department, question.text)
            asked[key] = _same_question(asked[key], question) if key in asked else question
    return Review(
        templates=tuple(template.name for template in templates),
        questions=tuple(sorted(asked.values(), key=lambda question: question.level)),
        meetings=frozenset().union(*(template.meetings for template in templates)),
        study_days=max((template.study_days for template in templates), default=0),
        forbids_own_order=any(template.forbids_own_order for template in templates),
        locks_promised_date=any(template.locks_promised_date for template in templates),
    )


def meeting_from(handed_over: datetime, study_days: int) -> date:
    """The first day on which the meeting may be held: the departments study the papers before (R-084).

    Args:
        handed_over: when the review was opened.
        study_days: calendar days; the text says 3天.

    Returns:
        A day in the site's time.
    """
    return handed_over.date() + timedelta(days=study_days)


def missing_meetings(required: Iterable[MeetingKind], held: Iterable[MeetingKind]) -> tuple[MeetingKind, ...]:
    """The meetings that are still to be held, in the order of ``MeetingKind``."""
    open_ones = frozenset(required) - frozenset(held)
    return tuple(kind for kind in MeetingKind if kind in open_ones)


def settle_by(expected_on: date, production_start: date | None, lead_days: int) -> date:
    """By when an open point must be settled: as expected, and days before production at the latest (R-077).

    Args:
        expected_on: what the release to planning names (R-069).
        production_start: planned start of production; None while nobody planned it.
        lead_days: days before it (ten in ADD 6.3).

    Returns:
        The earlier of both days.
    """
    if production_start is None:
        return expected_on
    return min(expected_on, production_start - timedelta(days=lead_days))
