"""Gates over the review of an order: open, closed, overridden, by whom not (R-076..R-092, K-14)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode, Origin
from order_flow.domain.gates.registry import RULES, policy_verdict
from order_flow.domain.gates.review import RULES as REVIEW_RULES
from order_flow.domain.gates.review import ReviewFacts
from order_flow.domain.reviews.model import MeetingKind, ReviewStatus
from order_flow.domain.reviews.sign_offs import Department
from order_flow.domain.states import DeliveryStatus, OrderState, PaymentFamily, Role

PLAIN = GateFacts(
    state=OrderState.UNCONFIRMED,
    family=PaymentFamily.PAY_FIRST,
    origin=Origin.SITE,
    total=Decimal(100),
    paid=Decimal(0),
    delivery=DeliveryStatus.NOT_SHIPPED,
)
ALL_STOP = {rule.code: dict.fromkeys(CheckPoint, Effect.STOP) for rule in REVIEW_RULES}
OUTSTANDING, REFUSED = GateCode.REVIEW_OUTSTANDING, GateCode.REVIEW_REFUSED
MEETING, LATE = GateCode.MEETING_NOT_HELD, GateCode.OPEN_POINTS_LATE
IN_REVIEW = ReviewFacts(status=ReviewStatus.OPEN, checklist="SO1-R1")


def stops(review: ReviewFacts, point: CheckPoint) -> tuple[GateCode, ...]:
    """What stops an order whose policy stops at everything."""
    verdict = policy_verdict(replace(PLAIN, review=review), point, ALL_STOP)
    return tuple(gate.code for gate in verdict.stops)


@pytest.mark.parametrize(
    ("review", "at_confirm", "at_ship"),
    [
        (ReviewFacts(), (), ()),
        (ReviewFacts(demanded_by=("A",)), (OUTSTANDING,), ()),
        (ReviewFacts(demanded_by=("A",), status=ReviewStatus.WITHDRAWN), (OUTSTANDING,), ()),
        (ReviewFacts(demanded_by=("A",), status=ReviewStatus.AGREED), (), ()),
        (ReviewFacts(status=ReviewStatus.WITHDRAWN), (), ()),
        (replace(IN_REVIEW, missing=(Department.QUALITY,)), (OUTSTANDING,), ()),
        (IN_REVIEW, (), ()),
        (ReviewFacts(status=ReviewStatus.REFUSED, refusal="no"), (REFUSED,), ()),
        (replace(IN_REVIEW, meetings=(MeetingKind.BRIEFING,)), (MEETING,), ()),
        (
            ReviewFacts(demanded_by=("A",), meetings=tuple(MeetingKind)),
            (OUTSTANDING, MEETING),
            (),
        ),
        (ReviewFacts(late_points=("logo",)), (), (LATE,)),
    ],
)
def test_what_stops_an_order(
    review: ReviewFacts, at_confirm: tuple[GateCode, ...], at_ship: tuple[GateCode, ...]
) -> None:
    """R-076, R-080, R-092 before the work; R-077 before the goods leave."""
    assert stops(review, CheckPoint.CONFIRM) == at_confirm
    assert stops(review, CheckPoint.SHIP) == at_ship


def test_the_sentence_names_the_departments_and_who_answers() -> None:
    review = replace(IN_REVIEW, missing=(Department.QUALITY, Department.PURCHASING))
    (gate,) = policy_verdict(replace(PLAIN, review=review), CheckPoint.CONFIRM, ALL_STOP).stops
    assert gate.params["departments"] == ("Quality", "Purchasing")
    assert set(gate.freed_by) == {Role.QUALITY, Role.PURCHASING}


@pytest.mark.parametrize(
    ("state", "planning"), [(OrderState.UNCONFIRMED, False), (OrderState.CONFIRMED, True)]
)
@pytest.mark.parametrize(
    "review", [ReviewFacts(demanded_by=("A",)), ReviewFacts(status=ReviewStatus.REFUSED, refusal="no")]
)
def test_who_is_named_can_have_the_order_reviewed(
    review: ReviewFacts, state: OrderState, planning: bool
) -> None:
    """An unconfirmed order is sent to review by its own step, which is not Planning's."""
    verdict = policy_verdict(replace(PLAIN, review=review, state=state), CheckPoint.PLANNING, ALL_STOP)
    assert (Role.PLANNING in verdict.stops[0].freed_by) is planning


@pytest.mark.parametrize("point", [CheckPoint.CONFIRM, CheckPoint.PLANNING])
def test_an_override_counts_for_the_review_it_was_given_for(point: CheckPoint) -> None:
    """K-14: a new round is no old permission."""
    review = replace(IN_REVIEW, missing=(Department.QUALITY,))
    facts = replace(PLAIN, review=review, overrides=frozenset({(OUTSTANDING, "SO1-R1")}))
    verdict = policy_verdict(facts, point, ALL_STOP)
    assert (verdict.stops, [gate.code for gate in verdict.overridden]) == ((), [OUTSTANDING])
    anew = replace(facts, review=replace(review, checklist="SO1-R2"))
    assert policy_verdict(anew, point, ALL_STOP).stops


@pytest.mark.parametrize("rule", REVIEW_RULES, ids=lambda rule: rule.code)
def test_only_management_lets_an_unreviewed_order_pass(rule: object) -> None:
    """K-14, R-093: departments and the order desk do not."""
    assert rule is RULES[rule.code]  # type: ignore[attr-defined]
    assert set(rule.overridden_by) <= {Role.SALES_MANAGER, Role.GENERAL_MANAGER}  # type: ignore[attr-defined]
    assert Role.GENERAL_MANAGER in rule.overridden_by  # type: ignore[attr-defined]


reviews = st.builds(
    ReviewFacts,
    demanded_by=st.sampled_from([(), ("A",)]),
    status=st.sampled_from([None, *ReviewStatus]),
    missing=st.sampled_from([(), (Department.QUALITY,)]),
    meetings=st.sampled_from([(), (MeetingKind.REVIEW,)]),
)


@given(reviews)
def test_a_demanded_review_never_lets_an_order_through_before_it_agreed(review: ReviewFacts) -> None:
    """A gate that is open never lets a step through, whatever the order of events."""
    demanded = replace(review, demanded_by=("A",))
    still_asked = demanded.missing or demanded.meetings
    if demanded.status is ReviewStatus.OPEN and not still_asked:
        return  # the checklist closes with its last answer; this state is never stored
    passes = not stops(demanded, CheckPoint.CONFIRM)
    assert passes == (demanded.status is ReviewStatus.AGREED and not demanded.meetings)
