"""What is due when: schedules that always make the total, branches, due dates (K-03, R-004, R-155, R-168)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.amounts import HUNDRED, ZERO, round_money
from order_flow.domain.money.terms import (
    DEFAULT_POLICIES,
    DueRule,
    TermPolicy,
    TermsRefused,
    agreed_deposit,
    branch_of,
    check_policy,
    due_on,
    due_schedule,
    open_dues,
    overdue,
    policy_of,
)
from order_flow.domain.states import FAMILY_OF_TERM, PaymentFamily, PaymentTerm

amounts = st.decimals(min_value=0, max_value=Decimal("9999999.99"), places=2)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@st.composite
def policies(draw: st.DrawFn) -> TermPolicy:
    """Any policy whose parts make 100 percent."""
    planning = draw(st.integers(0, 100))
    shipment = draw(st.integers(0, 100 - planning))
    return TermPolicy(Decimal(planning), Decimal(shipment), Decimal(100 - planning - shipment))


@given(total=amounts, policy=policies())
def test_parts_make_the_total_to_the_cent(total: Decimal, policy: TermPolicy) -> None:
    """K-03: whatever the percentages, nothing is lost and nothing invented."""
    schedule = due_schedule(total, policy)
    parts = (schedule.before_planning, schedule.before_shipment, schedule.after_shipment)
    assert schedule.total == total
    assert all(part == round_money(part) and part >= ZERO for part in parts)
    assert ZERO <= schedule.before_planning <= schedule.due_at_shipment <= total


@given(total=amounts, policy=policies(), percent=st.decimals(min_value=0, max_value=100, places=2))
def test_an_agreed_deposit_is_kept_and_the_rest_makes_the_total(
    total: Decimal, policy: TermPolicy, percent: Decimal
) -> None:
    """R-004: the contract's percentage goes before the policy's."""
    deposit = agreed_deposit(total, percent, None)
    schedule = due_schedule(total, policy, deposit)
    assert schedule.total == total
    assert schedule.after_shipment >= ZERO and schedule.before_shipment >= ZERO
    if deposit is not None:
        assert schedule.before_planning == deposit == round_money(total * percent / HUNDRED)


@pytest.mark.parametrize(
    "total, policy, deposit, expected",
    [
        ("100.00", TermPolicy(Decimal(30), Decimal(70), ZERO), None, ("30.00", "70.00", "0")),
        ("0.01", TermPolicy(Decimal(30), Decimal(70), ZERO), None, ("0.00", "0.01", "0")),
        ("100.00", TermPolicy(Decimal(30), ZERO, Decimal(70)), "50.00", ("50.00", "0", "50.00")),
        ("100.00", TermPolicy(HUNDRED, ZERO, ZERO), "20.00", ("20.00", "80.00", "0")),
        ("100.00", TermPolicy(), "100.00", ("100.00", "0", "0.00")),
        ("0.00", TermPolicy(), None, ("0", "0", "0")),
    ],
)
def test_schedules(total: str, policy: TermPolicy, deposit: str | None, expected: tuple[str, ...]) -> None:
    """The usual ones, written out (K-03)."""
    schedule = due_schedule(Decimal(total), policy, Decimal(deposit) if deposit else None)
    parts = (schedule.before_planning, schedule.before_shipment, schedule.after_shipment)
    assert parts == tuple(Decimal(part) for part in expected)


@pytest.mark.parametrize(
    "percent, amount",
    [(Decimal("100.01"), None), (Decimal(-1), None), (None, Decimal("100.01")), (None, Decimal(-5))],
)
def test_impossible_deposits_are_refused(percent: Decimal | None, amount: Decimal | None) -> None:
    """R-004: no deposit beyond the order."""
    with pytest.raises(TermsRefused):
        agreed_deposit(Decimal(100), percent, amount)


def test_an_amount_goes_before_a_percentage() -> None:
    """R-004: a fixed deposit is the more exact word of a contract."""
    assert agreed_deposit(Decimal(100), Decimal(10), Decimal("12.34")) == Decimal("12.34")


@pytest.mark.parametrize("term", list(PaymentTerm))
def test_the_defaults_follow_the_branches_of_the_flow_document(term: PaymentTerm) -> None:
    """K-03, R-013: without a company's own policy nothing changes, and every default is whole."""
    check_policy(term, DEFAULT_POLICIES[term])
    assert branch_of(term, {}) is FAMILY_OF_TERM[term] is DEFAULT_POLICIES[term].family


def test_a_policy_with_money_after_shipment_takes_the_other_branch() -> None:
    """A letter of credit pays against papers: goods leave first."""
    policies = {PaymentTerm.LETTER_OF_CREDIT: TermPolicy()}
    assert branch_of(PaymentTerm.LETTER_OF_CREDIT, policies) is PaymentFamily.PAY_LATER
    assert policy_of(PaymentTerm.LETTER_OF_CREDIT, policies) == TermPolicy()


def test_a_policy_that_is_not_whole_is_refused() -> None:
    """A percent nobody owes, or owes twice, is an entry error."""
    with pytest.raises(TermsRefused, match="90 percent"):
        check_policy(PaymentTerm.CASH, TermPolicy(Decimal(20), Decimal(70), ZERO))


@pytest.mark.parametrize(
    "shipped, rule, count, expected",
    [
        (date(2026, 11, 5), DueRule.AFTER_SHIPMENT, 0, date(2026, 11, 5)),
        (date(2026, 11, 5), DueRule.AFTER_SHIPMENT, 30, date(2026, 12, 5)),
        (date(2026, 11, 5), DueRule.AFTER_MONTH_END, 0, date(2026, 11, 30)),
        (date(2024, 2, 1), DueRule.AFTER_MONTH_END, 30, date(2024, 3, 30)),
        (date(2026, 12, 31), DueRule.AFTER_MONTH_END, 15, date(2027, 1, 15)),
    ],
)
def test_due_dates(shipped: date, rule: DueRule, count: int, expected: date) -> None:
    """R-168: monthly account counts from the end of the month of shipment."""
    assert due_on(shipped, rule, count) == expected


@given(
    shipments=st.lists(st.tuples(days, amounts), max_size=6),
    paid=amounts,
    rule=st.sampled_from(DueRule),
    count=st.integers(0, 120),
    today=days,
)
def test_open_dues_are_what_is_shipped_and_not_paid(
    shipments: list[tuple[date, Decimal]], paid: Decimal, rule: DueRule, count: int, today: date
) -> None:
    """R-168: oldest shipment first, sums to the cent, never more overdue than open."""
    dues = open_dues(shipments, paid, rule, count)
    shipped = sum((value for _day, value in shipments), ZERO)
    assert sum((due.amount for due in dues), ZERO) == max(shipped - paid, ZERO)
    assert [due.due_on for due in dues] == sorted(due.due_on for due in dues)
    late = overdue(dues, today)
    assert ZERO <= late <= max(shipped - paid, ZERO)
    assert overdue(dues, today + timedelta(days=1)) >= late


def test_money_pays_the_oldest_shipment_first() -> None:
    """R-168: 150 of 100 + 200 leaves 150 of the second, due on its own day."""
    dues = open_dues(
        [(date(2026, 11, 20), Decimal(200)), (date(2026, 11, 1), Decimal(100))],
        Decimal(150),
        DueRule.AFTER_SHIPMENT,
        10,
    )
    assert [(due.due_on, due.amount) for due in dues] == [(date(2026, 11, 30), Decimal(150))]
    assert overdue(dues, date(2026, 11, 30)) == ZERO
    assert overdue(dues, date(2026, 12, 1)) == Decimal(150)
