"""Which review an order needs, what it asks, and when its meeting may be held (R-076..R-089, K-13)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.defaults.shipped_reviews import ADD, APPAREL, OMM, PMC, SHIPPED
from order_flow.domain.reviews.model import (
    Conditions,
    MeetingKind,
    OrderTraits,
    Question,
    Template,
    meeting_from,
    merge,
    missing_meetings,
    picks,
    settle_by,
)
from order_flow.domain.reviews.sign_offs import Department

PLAIN = OrderTraits(profile="Web Shop", amount=Decimal(100))
ORDER_ABOVE = "Order Above 500,000"


def picked(traits: OrderTraits) -> set[str]:
    """Names of the shipped templates that apply."""
    return {
        shipped.template.name
        for shipped in SHIPPED
        if shipped.enabled and picks(shipped.template.conditions, traits)
    }


@pytest.mark.parametrize(
    ("traits", "names"),
    [
        (PLAIN, set()),
        (replace(PLAIN, first_order=True, technical_class="Non-regular"), set()),
        (replace(PLAIN, profile=ADD, first_order=True), {"ADD New Customer"}),
        (replace(PLAIN, profile=ADD), set()),
        (replace(PLAIN, profile=OMM, technical_class="Regular"), {"OMM Regular Order"}),
        (replace(PLAIN, profile=OMM, technical_class="Non-regular"), {"OMM Non-regular Order"}),
        (replace(PLAIN, profile=PMC), {"PMC Five Departments"}),
        (replace(PLAIN, profile=APPAREL, technical_class="Regular"), {"Apparel Cost Budget Sheet"}),
        (
            replace(PLAIN, profile=APPAREL, technical_class="Non-regular", shortened_cycle=True),
            {"Apparel Cost Budget Sheet", "Apparel Non-regular Style", "Apparel Shortened Cycle"},
        ),
        (replace(PLAIN, amount=Decimal(500_000)), set()),
        (replace(PLAIN, amount=Decimal("500000.01")), {ORDER_ABOVE}),
        (replace(PLAIN, profile=OMM, amount=Decimal(600_000)), {ORDER_ABOVE, "Amount Band Two"}),
        (replace(PLAIN, project_order=True), {"Project Order"}),
    ],
)
def test_which_shipped_templates_an_order_gets(traits: OrderTraits, names: set[str]) -> None:
    """R-076, R-078, R-079, R-080 (larger than 500,000), R-081, R-083, R-084, R-086, R-087, R-088, R-089."""
    assert picked(traits) == names


@pytest.mark.parametrize(
    ("amount", "inside"),
    [("100000", False), ("100000.01", True), ("500000", True), ("500000.01", False)],
)
def test_an_amount_band_is_above_and_up_to(amount: str, inside: bool) -> None:
    """R-081: no amount falls between two bands or into both."""
    band = Conditions(amount_above=Decimal(100_000), amount_up_to=Decimal(500_000))
    assert picks(band, replace(PLAIN, amount=Decimal(amount))) is inside


@pytest.mark.parametrize(
    ("condition", "value", "other"),
    [
        ("profile", "PMC", "Apparel"),
        ("technical_class", "Regular", "Non-regular"),
        ("product_state", "To Be Developed", "Existing"),
        ("payment_term", "Letter of Credit", "Cash"),
        ("relationship", "New", "Existing"),
        ("first_order", True, False),
        ("shortened_cycle", True, False),
        ("project_order", True, False),
    ],
)
def test_every_condition_that_is_set_must_hold(condition: str, value: object, other: object) -> None:
    rule = replace(Conditions(), **{condition: value})
    assert picks(rule, replace(PLAIN, **{condition: value}))
    assert not picks(rule, replace(PLAIN, **{condition: other}))
    assert picks(Conditions(), replace(PLAIN, **{condition: value}))


def test_a_department_is_asked_once_by_several_templates() -> None:
    """K-13: several matching templates merge; of two equal questions the stricter stays."""
    early, late = datetime(2026, 11, 26, 9), datetime(2026, 11, 27, 9)
    first = Template(
        "A",
        questions=(
            Question(Department.PRODUCTION, "date?", required=False, may_defer=True, due_at=late, source="A"),
            Question(Department.QUALITY, "quality?"),
        ),
        study_days=1,
    )
    second = Template(
        "B",
        questions=(
            Question(Department.PRODUCTION, "date?", attachment_required=True, due_at=early, source="B"),
        ),
        meetings=frozenset({MeetingKind.REVIEW}),
        study_days=3,
        forbids_own_order=True,
    )
    review = merge([first, second])
    assert review.templates == ("A", "B")
    assert review.questions == (
        Question(
            Department.PRODUCTION, "date?", required=True, attachment_required=True, due_at=early, source="A"
        ),
        Question(Department.QUALITY, "quality?"),
    )
    assert (review.study_days, review.meetings, review.forbids_own_order) == (3, {MeetingKind.REVIEW}, True)


questions = st.lists(
    st.builds(
        Question,
        department=st.sampled_from([Department.SALES, Department.QUALITY]),
        text=st.sampled_from(["date?", "price?"]),
        required=st.booleans(),
        level=st.integers(1, 3),
    ),
    max_size=4,
).map(tuple)
templates = st.lists(
    st.builds(Template, name=st.sampled_from("ABC"), questions=questions), min_size=1, max_size=4
)


@given(templates)
def test_merging_asks_everything_and_nothing_twice(found: list[Template]) -> None:
    asked = [(question.department, question.text) for question in merge(found).questions]
    assert len(asked) == len(set(asked))
    assert set(asked) == {(q.department, q.text) for template in found for q in template.questions}


@given(templates)
def test_merging_loosens_nothing(found: list[Template]) -> None:
    required = {(q.department, q.text) for template in found for q in template.questions if q.required}
    assert required == {(q.department, q.text) for q in merge(found).questions if q.required}


def test_the_meeting_comes_three_days_after_the_documents() -> None:
    """R-084: 提前3天, 3天后召集."""
    assert meeting_from(datetime(2026, 11, 25, 16, 30), 3) == date(2026, 11, 28)


def test_which_meetings_are_missing() -> None:
    """R-080: briefing and meeting."""
    both = list(MeetingKind)
    assert missing_meetings(both, []) == tuple(MeetingKind)
    assert missing_meetings(both, [MeetingKind.REVIEW]) == (MeetingKind.BRIEFING,)
    assert missing_meetings([MeetingKind.REVIEW], both) == ()


@pytest.mark.parametrize(
    ("expected", "start", "latest"),
    [
        (date(2026, 12, 1), None, date(2026, 12, 1)),
        (date(2026, 12, 1), date(2026, 12, 31), date(2026, 12, 1)),
        (date(2026, 12, 1), date(2026, 12, 11), date(2026, 12, 1)),
        (date(2026, 12, 1), date(2026, 12, 10), date(2026, 11, 30)),
    ],
)
def test_open_points_are_settled_ten_days_before_production(
    expected: date, start: date | None, latest: date
) -> None:
    """R-077: 正式生产开始前十日."""
    assert settle_by(expected, start, 10) == latest


def test_every_shipped_template_asks_somebody() -> None:
    names = [shipped.template.name for shipped in SHIPPED]
    assert len(set(names)) == len(names)
    assert all(shipped.template.questions for shipped in SHIPPED)
    assert all(re.search(r"R-\d{3}", shipped.purpose) for shipped in SHIPPED)


def test_the_form_codes_of_the_review_checklist() -> None:
    """K-11: section 9 of the procedure, with the other code found by search."""
    (add,) = [shipped for shipped in SHIPPED if shipped.template.name == "ADD New Customer"]
    assert (add.form_code, add.form_code_alias) == ("ADD-PCD-SD-003.F3E", "ADD-PCD-SD-003.F4E")
