"""What must come out, from the facts alone: requirements 2.1 (design 3) and the channel's policies. Pure.

It knows no sequence: every value is a sum, a maximum or a membership of facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from order_flow.domain.states import FAMILY_OF_TERM, Leads, OrderState, PaymentFamily, PaymentTerm

ZERO = Decimal(0)
_S = OrderState


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened, whatever came first.

    Args:
        total: what the order is to bring in: the value of what is ordered less approved credit notes.
        paid: confirmed money less refunds and what went to the balance.
        ever_paid: the most that was confirmed at any time; differs from ``paid`` only after refunds.
        ordered, shipped: quantities by line; shipped is what left and did not come back, on either side.
        grew: whether a change made the order dearer after its confirmation.
        went_back: whether a parcel that had left was taken back.
        confirmed_here, confirmed_there: by the desk; by WDT's review.
        sent_back: whether WDT sent what it had reviewed back to review; read before, it had confirmed.
        shipped_there: whether a parcel was first said to be out by WDT.
        received: whether the receipt was confirmed.
        called_off: whether it was called off, nothing of it ever left, and certainly nothing will.
        called_off_around: the same, but a parcel had left: what is out stays an order, the rest is off.
        call_off_waits: it was asked for, and WDT has goods that may still leave: no step of ours follows.
    """

    total: Decimal
    paid: Decimal = ZERO
    ever_paid: Decimal = ZERO
    ordered: Mapping[str, Decimal] = field(default_factory=dict)
    shipped: Mapping[str, Decimal] = field(default_factory=dict)
    grew: bool = False
    went_back: bool = False
    confirmed_here: bool = False
    confirmed_there: bool = False
    sent_back: bool = False
    shipped_there: bool = False
    received: bool = False
    called_off: bool = False
    called_off_around: bool = False
    call_off_waits: bool = False


@dataclass(frozen=True, slots=True)
class Policies:
    """What the channel says."""

    term: str
    confirm: str = Leads.EITHER.value
    ship: str = Leads.EITHER.value
    receipt_completes_only: bool = False


def expected_states(facts: Facts, policies: Policies) -> frozenset[OrderState]:
    """Where the order must stand when everything is told and read and nothing is held.

    Several states only where money or goods went back after they had counted: requirements 2.1 has no step
    back, so the order stays where it was or never got there, by who was first.
    """
    confirmed = facts.confirmed_here or (facts.confirmed_there and policies.confirm != Leads.SITE)
    if facts.sent_back and not confirmed and policies.confirm != Leads.SITE:
        # Nothing leads back from a confirmation: whether it was read in time is a matter of sequence.
        return _expected(facts, policies, confirmed=False) | _expected(facts, policies, confirmed=True)
    return _expected(facts, policies, confirmed=confirmed)


def _expected(facts: Facts, policies: Policies, *, confirmed: bool) -> frozenset[OrderState]:
    off = frozenset({_S.CANCELLED if confirmed else _S.VOIDED})
    if facts.called_off:
        return off
    if facts.called_off_around and facts.went_back:
        # Whether the parcel was back when it was called off is a matter of sequence.
        return off | _alive(facts, policies, confirmed=confirmed)
    return _alive(facts, policies, confirmed=confirmed)


def _alive(facts: Facts, policies: Policies, *, confirmed: bool) -> frozenset[OrderState]:
    if not confirmed:
        # A review goes back and forth until the order is confirmed; whose turn it is, is no fact.
        return frozenset({_S.UNDER_REVIEW, _S.UNCONFIRMED})
    if FAMILY_OF_TERM[PaymentTerm(policies.term)] is PaymentFamily.PAY_FIRST:
        return _pay_first(facts, policies)
    return _pay_later(facts, policies)


def _out(facts: Facts, policies: Policies) -> bool:
    followed = not (facts.shipped_there and policies.ship == Leads.SITE)
    whole = all(facts.shipped.get(line, ZERO) >= quantity for line, quantity in facts.ordered.items())
    return whole and followed


def _pay_first(facts: Facts, policies: Policies) -> frozenset[OrderState]:
    paid, out = facts.paid >= facts.total, _out(facts, policies)
    if facts.received:
        return frozenset({_S.COMPLETED})
    states = {_S.CONFIRMED if not paid else _S.SHIPPED if out else _S.PAID}
    if facts.call_off_waits:
        states.add(_S.CONFIRMED)
    if facts.ever_paid >= facts.total or facts.grew:
        states |= {_S.PAID} if not paid else set()
        states |= {_S.SHIPPED} if out or facts.went_back else set()
    return frozenset(states)


def _pay_later(facts: Facts, policies: Policies) -> frozenset[OrderState]:
    paid, out = facts.paid >= facts.total, _out(facts, policies)
    if not out and not facts.went_back and not facts.received:
        return frozenset({_S.CONFIRMED})
    open_end = _S.RECEIVED if facts.received else _S.SHIPPED
    done = paid and (facts.received or not policies.receipt_completes_only)
    states = {_S.COMPLETED if done else open_end}
    if facts.went_back:
        states |= {_S.CONFIRMED, open_end}
    if facts.ever_paid >= facts.total and not policies.receipt_completes_only:
        states |= {_S.COMPLETED} if not paid else set()
    return frozenset(states)
