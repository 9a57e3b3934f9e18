"""Departments' answers: what they say together and who may give them (R-081, R-088, R-092, K-13)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.reviews.sign_offs import (
    ROLES_OF_DEPARTMENT,
    Answer,
    Denial,
    Department,
    Outcome,
    SignOff,
    departments_of,
    level_reached,
    may_answer,
    standing,
)
from order_flow.domain.states import Role

PMC = (
    Department.PLANNING,
    Department.TECHNOLOGY,
    Department.QUALITY,
    Department.PURCHASING,
    Department.PRODUCTION,
)

sign_offs = st.builds(
    SignOff,
    department=st.sampled_from(Department),
    question=st.sampled_from(["date", "price", "quality"]),
    required=st.booleans(),
    answer=st.sampled_from(Answer),
    level=st.integers(1, 3),
    deferred=st.booleans(),
)


@pytest.mark.parametrize(
    ("answers", "outcome", "missing"),
    [
        ((), Outcome.AGREED, ()),
        ((Answer.YES,) * 5, Outcome.AGREED, ()),
        ((Answer.YES,) * 4 + (Answer.OPEN,), Outcome.OPEN, (Department.PRODUCTION,)),
        ((Answer.OPEN,) * 5, Outcome.OPEN, PMC),
        ((Answer.YES,) * 4 + (Answer.NO,), Outcome.REFUSED, ()),
        ((Answer.NO,) + (Answer.OPEN,) * 4, Outcome.REFUSED, PMC[1:]),
    ],
)
def test_five_departments_sign(
    answers: tuple[Answer, ...], outcome: Outcome, missing: tuple[Department, ...]
) -> None:
    """All five sign; one No refuses (R-088, R-092)."""
    rows = [SignOff(department, answer=given) for department, given in zip(PMC, answers, strict=False)]
    found = standing(rows)
    assert found.outcome is outcome
    assert set(found.missing) == set(missing)


def test_optional_answers_decide_nothing() -> None:
    rows = [
        SignOff(Department.FINANCE, required=False, answer=Answer.NO),
        SignOff(Department.QUALITY, answer=Answer.YES),
    ]
    assert standing(rows).outcome is Outcome.AGREED


def test_what_stays_open_until_a_date_does_not_stop() -> None:
    """Labels may be settled after the release (R-077)."""
    rows = [
        SignOff(Department.SALES, "label", deferred=True),
        SignOff(Department.TECHNOLOGY, answer=Answer.YES),
    ]
    assert standing(rows).outcome is Outcome.AGREED


@given(st.lists(sign_offs, max_size=8), st.randoms())
def test_the_order_of_answers_does_not_matter(rows: list[SignOff], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standing(shuffled) == standing(rows)
    assert level_reached(shuffled) == level_reached(rows)


@given(st.lists(sign_offs, max_size=8))
def test_agreed_means_that_every_required_answer_is_there(rows: list[SignOff]) -> None:
    found = standing(rows)
    required = [row for row in rows if row.required]
    if found.outcome is Outcome.AGREED:
        assert all(
            row.answer is Answer.YES or (row.answer is Answer.OPEN and row.deferred) for row in required
        )
    assert (found.outcome is Outcome.REFUSED) == any(row.answer is Answer.NO for row in required)


@given(st.lists(sign_offs, min_size=1, max_size=8))
def test_nobody_is_asked_above_an_open_level(rows: list[SignOff]) -> None:
    """Large orders go through their levels one after the other (R-081)."""
    reached = level_reached(rows)
    waiting = [row for row in rows if row.required and row.answer is Answer.OPEN and not row.deferred]
    assert all(row.level >= reached for row in waiting)


@pytest.mark.parametrize("department", list(Department))
@pytest.mark.parametrize("role", list(Role))
def test_only_the_departments_roles_answer_for_it(department: Department, role: Role) -> None:
    denial = may_answer(department, "somebody", frozenset({role.value}))
    assert (denial is None) == (role in ROLES_OF_DEPARTMENT[department])


def test_a_delegate_answers_unless_it_is_his_own_order() -> None:
    nobody: frozenset[str] = frozenset()
    ask = (Department.QUALITY, "li", nobody)
    assert may_answer(*ask) is Denial.OTHER_DEPARTMENT
    assert may_answer(*ask, delegates=frozenset({"li"})) is None
    assert may_answer(*ask, delegates=frozenset({"li"}), barred=frozenset({"li"})) is Denial.OWN_ORDER


def test_nobody_answers_for_his_own_order_even_with_the_role() -> None:
    roles = frozenset({Role.SALES_MANAGER.value})
    assert may_answer(Department.SALES, "wang", roles, barred=frozenset({"wang"})) is Denial.OWN_ORDER


def test_every_department_has_somebody_who_answers() -> None:
    assert set(ROLES_OF_DEPARTMENT) == set(Department)
    assert all(ROLES_OF_DEPARTMENT.values())


def test_departments_of_a_person() -> None:
    assert departments_of([Role.PLANNING.value]) == (Department.PLANNING, Department.MATERIAL_CONTROL)
    assert departments_of(["System Manager"]) == ()
