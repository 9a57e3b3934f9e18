"""What is due when: a payment term's policy, an order's schedule, and the due dates of shipped goods.

Three points carry money (K-03): before planning (deposit, R-004), before shipment (R-155) and after it.
A policy says which percentage falls on which; what an order's own contract says about its deposit comes
first. Parts are rounded to cents as ``share_out`` does it, so they always add up to the order's total.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from order_flow.domain.amounts import HUNDRED, ZERO, round_money, share_out
from order_flow.domain.errors import OrderFlowError
from order_flow.domain.states import PaymentFamily, PaymentTerm, family_of


class DueRule(StrEnum):
    """From when the days of a due date are counted."""

    AFTER_SHIPMENT = "Days after Shipment"
    AFTER_MONTH_END = "Days after Month End"


class TermsRefused(OrderFlowError):
    """A deposit or a policy that cannot be."""

    code = "terms_refused"


_NOT_WHOLE = (
    "The parts of payment term '{term}' add up to {sum} percent. Correct them so that they make 100 percent."
)
_DEPOSIT_TOO_HIGH = "A deposit of {deposit} does not fit an order of {total}. Correct the deposit."
_PERCENT_OUTSIDE = "A deposit of {percent} percent cannot be. Enter a percentage from 0 to 100."


@dataclass(frozen=True, slots=True)
class TermPolicy:
    """How a company deals with one payment term; percentages of the order's total."""

    before_planning: Decimal = ZERO
    before_shipment: Decimal = ZERO
    after_shipment: Decimal = HUNDRED
    credit_check: bool = False
    """The customer's credit is asked, because goods leave before their money is in (R-163)."""
    due_rule: DueRule = DueRule.AFTER_SHIPMENT
    due_days: int = 0

    @property
    def family(self) -> PaymentFamily:
        """Pay first where nothing may be open when the goods leave."""
        return PaymentFamily.PAY_LATER if self.after_shipment > ZERO else PaymentFamily.PAY_FIRST


_PAID_BEFORE_SHIPMENT = TermPolicy(before_shipment=HUNDRED, after_shipment=ZERO)
_PROPOSED_DEPOSIT = Decimal(30)
_COURIER_REMITS_WITHIN = 15
_ACCOUNT_DAYS = 30

DEFAULT_POLICIES: Mapping[PaymentTerm, TermPolicy] = MappingProxyType(
    {
        PaymentTerm.ONLINE: _PAID_BEFORE_SHIPMENT,
        PaymentTerm.POSTAL_REMITTANCE: _PAID_BEFORE_SHIPMENT,
        PaymentTerm.BANK_TRANSFER: _PAID_BEFORE_SHIPMENT,
        PaymentTerm.CASH: _PAID_BEFORE_SHIPMENT,
        PaymentTerm.CARD: _PAID_BEFORE_SHIPMENT,
        PaymentTerm.PREPAYMENT: _PAID_BEFORE_SHIPMENT,
        PaymentTerm.LETTER_OF_CREDIT: _PAID_BEFORE_SHIPMENT,
        PaymentTerm.DEPOSIT_AND_BALANCE: TermPolicy(_PROPOSED_DEPOSIT, HUNDRED - _PROPOSED_DEPOSIT, ZERO),
        PaymentTerm.CASH_ON_DELIVERY: TermPolicy(due_days=_COURIER_REMITS_WITHIN),
        PaymentTerm.INSTALMENTS: TermPolicy(credit_check=True, due_days=_ACCOUNT_DAYS),
        PaymentTerm.MONTHLY_ACCOUNT: TermPolicy(
            credit_check=True, due_rule=DueRule.AFTER_MONTH_END, due_days=_ACCOUNT_DAYS
        ),
    }
)
"""What holds where a company's profile says nothing; the seeds name no percentage and no days (K-03)."""


def policy_of(term: PaymentTerm, policies: Mapping[PaymentTerm, TermPolicy]) -> TermPolicy:
    """A company's policy for a payment term, or the default one.

    Args:
        term: how the customer pays.
        policies: what the company's profile says.
    """
    return policies.get(term) or DEFAULT_POLICIES[term]


def branch_of(term: PaymentTerm, policies: Mapping[PaymentTerm, TermPolicy]) -> PaymentFamily:
    """The branch of V1.0 an order takes: the company's policy decides where it has one (R-013, K-03).

    A letter of credit, or a deposit whose balance is paid against papers, leaves money open at shipment
    and so follows the branch of the money after the goods.
    """
    policy = policies.get(term)
    return policy.family if policy else family_of(term)


def check_policy(term: PaymentTerm, policy: TermPolicy) -> None:
    """Refuse a policy that does not make a whole.

    Raises:
        TermsRefused: the percentages do not add up to 100.
    """
    parts = policy.before_planning + policy.before_shipment + policy.after_shipment
    if parts != HUNDRED:
        raise TermsRefused(_NOT_WHOLE, {"term": term.value, "sum": parts})


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """What an order owes by when, in its currency; the three parts are its total."""

    before_planning: Decimal
    before_shipment: Decimal
    after_shipment: Decimal

    @property
    def total(self) -> Decimal:
        """All parts together."""
        return self.before_planning + self.before_shipment + self.after_shipment

    @property
    def due_at_shipment(self) -> Decimal:
        """Return what must be in before goods leave: deposit and the part before shipment."""
        return self.before_planning + self.before_shipment


def agreed_deposit(total: Decimal, percent: Decimal | None, amount: Decimal | None) -> Decimal | None:
    """The deposit a contract names, as an amount (R-004).

    Args:
        total: the order's total.
        percent: percentage of it; None or zero where the contract names none.
        amount: fixed amount, which goes before a percentage; None or zero where it names none.

    Returns:
        The amount, None where the contract says nothing and the policy decides.

    Raises:
        TermsRefused: more than the order's total, or a percentage outside 0 to 100.
    """
    if amount:
        if amount < ZERO or amount > total:
            shown = {"deposit": round_money(amount), "total": round_money(total)}
            raise TermsRefused(_DEPOSIT_TOO_HIGH, shown)
        return round_money(amount)
    if not percent:
        return None
    if not ZERO < percent <= HUNDRED:
        raise TermsRefused(_PERCENT_OUTSIDE, {"percent": percent})
    return round_money(total * percent / HUNDRED)


def due_schedule(total: Decimal, policy: TermPolicy, deposit: Decimal | None = None) -> DueSchedule:
    """Spread an order's total over the points at which it is due.

    Args:
        total: the order's total, rounded to cents, not negative.
        policy: the payment term's policy.
        deposit: what the contract wants before planning; None leaves it to the policy.

    Returns:
        The schedule. What a contract's deposit leaves is due as the rest of the policy is; where the policy
        wants everything before planning, the rest is due before shipment.
    """
    if deposit is None:
        return DueSchedule(
            *share_out(total, (policy.before_planning, policy.before_shipment, policy.after_shipment))
        )
    rest = (policy.before_shipment, policy.after_shipment)
    weights = rest if any(rest) else (HUNDRED, ZERO)
    return DueSchedule(deposit, *share_out(total - deposit, weights))


def due_on(shipped: date, rule: DueRule, days: int) -> date:
    """The day on which the money for goods that left on a day is due.

    Args:
        shipped: when they left.
        rule: from when the days count; month end is the last day of the month of shipment.
        days: calendar days, not negative.
    """
    start = shipped
    if rule is DueRule.AFTER_MONTH_END:
        start = shipped.replace(day=monthrange(shipped.year, shipped.month)[1])
    return start + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Due:
    """Money that is open for goods that left."""

    due_on: date
    amount: Decimal


def open_dues(
    shipments: Sequence[tuple[date, Decimal]], paid: Decimal, rule: DueRule, days: int
) -> tuple[Due, ...]:
    """Return what is open for shipped goods: money pays the oldest shipment first.

    Args:
        shipments: day and value of what left.
        paid: confirmed money of the order.
        rule: from when the days count.
        days: calendar days.

    Returns:
        The open parts, the one due first in front; together they are what was shipped and is not paid.
    """
    dues = []
    for shipped, value in sorted(shipments):
        covered = min(max(paid, ZERO), value)
        paid -= covered
        if value > covered:
            dues.append(Due(due_on(shipped, rule, days), value - covered))
    return tuple(dues)


def overdue(dues: Sequence[Due], today: date) -> Decimal:
    """The part of open dues whose day has passed."""
    return sum((due.amount for due in dues if due.due_on < today), ZERO)
