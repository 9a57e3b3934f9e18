"""The lifecycle table against V1.0, written down a second time (requirements 2.1, R-016..R-026)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.lifecycle import open_gates
from order_flow.domain.gates.model import GateCode, Origin
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    DOCSTATUS,
    FAMILY_OF_TERM,
    FINAL_STATES,
    ORDER,
    ROLES_OF_STEP,
    SHIPPED_STATES,
    TRANSITIONS,
    DeliveryStatus,
    OrderState,
    OrderStep,
    PaymentFamily,
    PaymentTerm,
    Role,
    family_of,
)

PAY_FIRST = """
Unconfirmed:  Send to Review > Under Review, Confirm > Confirmed, Cancel > Voided
Under Review: Return to Entry > Unconfirmed, Confirm > Confirmed, Cancel > Voided
Confirmed:    Confirm Payment > Paid, Cancel > Cancelled
Paid:         Ship > Shipped, Cancel > Cancelled
Shipped:      Confirm Receipt > Completed, Cancel > Cancelled
"""
PAY_LATER = """
Unconfirmed:  Send to Review > Under Review, Confirm > Confirmed, Cancel > Voided
Under Review: Return to Entry > Unconfirmed, Confirm > Confirmed, Cancel > Voided
Confirmed:    Ship > Shipped, Cancel > Cancelled
Paid:         Cancel > Cancelled
Shipped:      Confirm Receipt > Received, Confirm Payment > Completed, Cancel > Cancelled
Received:     Confirm Payment > Completed
"""
"""No step leads to Paid on this branch; the table lets such an order at least be cancelled. A shipped order
is cancelled only where the warehouse took everything back: a gate asks for that (ADR 0032)."""

Table = dict[tuple[str, str], str]


def parsed(text: str) -> Table:
    """State and step to the state reached."""
    table: Table = {}
    for row in text.strip().splitlines():
        state, steps = row.split(":")
        for step in steps.split(","):
            name, target = step.split(">")
            table[state.strip(), name.strip()] = target.strip()
    return table


@pytest.mark.parametrize(
    "family, text", [(PaymentFamily.PAY_FIRST, PAY_FIRST), (PaymentFamily.PAY_LATER, PAY_LATER)]
)
def test_every_state_and_step_as_the_document_says(family: PaymentFamily, text: str) -> None:
    """9 states x 7 steps a family: exactly these succeed (R-016..R-023, R-026, K-03, K-04)."""
    expected = parsed(text)
    for state in OrderState:
        for step in OrderStep:
            transition = ORDER.by_step(step, state, family)
            reached = transition.target.value if transition else None
            assert reached == expected.get((state.value, step.value)), (state, step)


@pytest.mark.parametrize("family", list(PaymentFamily))
def test_searches_agree_with_each_other(family: PaymentFamily) -> None:
    """Asking by step, by target, by state or for the allowing states gives one answer (R-026)."""
    for state in OrderState:
        steps = {step for step in OrderStep if ORDER.by_step(step, state, family)}
        assert set(ORDER.steps_from(state, family)) == steps
        for step in OrderStep:
            assert (state in ORDER.sources_of(step, family)) == (step in steps)
        for target in OrderState:
            found = ORDER.between(state, target, family)
            by_step = [s for s in steps if ORDER.by_step(s, state, family).target is target]  # type: ignore[union-attr]
            assert ([found.step] if found else []) == by_step


def test_one_step_has_one_target() -> None:
    """A state that is written names its step without doubt: no two steps join the same two states."""
    for family in PaymentFamily:
        ways = [(t.source, t.target) for t in TRANSITIONS if t.branch in (None, family)]
        assert len(ways) == len(set(ways))


def test_final_states_have_no_way_out() -> None:
    """Completed, Voided and Cancelled are the end (R-025, R-033)."""
    assert not [t for t in TRANSITIONS if t.source in FINAL_STATES]
    assert {OrderState.COMPLETED} == FINAL_STATES - CALLED_OFF_STATES


def test_nothing_that_arrived_is_cancelled() -> None:
    """Cancelling ends with shipment (R-023); of shipped orders only those are left that came back whole."""
    cancelled = {move.source for move in TRANSITIONS if move.step is OrderStep.CANCEL}
    assert cancelled & SHIPPED_STATES == {OrderState.SHIPPED}
    out = GateFacts(
        state=OrderState.SHIPPED,
        family=PaymentFamily.PAY_FIRST,
        origin=Origin.WDT,
        total=Decimal(1),
        paid=Decimal(0),
        delivery=DeliveryStatus.PARTLY_SHIPPED,
    )
    assert GateCode.GOODS_OUT in {gate.code for gate in open_gates(out, OrderStep.CANCEL)}
    back = replace(out, delivery=DeliveryStatus.NOT_SHIPPED)
    assert open_gates(back, OrderStep.CANCEL) == ()
    waits = {gate.code for gate in open_gates(back, OrderStep.CONFIRM_RECEIPT)}
    assert waits == {GateCode.GOODS_NOT_SHIPPED}


def test_document_status_never_goes_back() -> None:
    """Steps go draft, submitted, cancelled; Voided stays a draft that was never confirmed (design 3)."""
    assert set(DOCSTATUS) == set(OrderState)
    for transition in TRANSITIONS:
        before, after = DOCSTATUS[transition.source], DOCSTATUS[transition.target]
        assert (before, after) in {(0, 0), (0, 1), (1, 1), (1, 2)}, transition


def test_every_payment_term_has_its_branch() -> None:
    """All kinds of R-013; cash on delivery and credit are paid later (R-018, R-019)."""
    later = {PaymentTerm.CASH_ON_DELIVERY, PaymentTerm.INSTALMENTS, PaymentTerm.MONTHLY_ACCOUNT}
    assert {term for term in PaymentTerm if family_of(term) is PaymentFamily.PAY_LATER} == later
    assert set(FAMILY_OF_TERM) == set(PaymentTerm)


def test_duties_are_separate() -> None:
    """Only finance confirms money, finance takes no other step, auditors none at all (R-388)."""
    assert set(ROLES_OF_STEP) == set(OrderStep)
    assert ROLES_OF_STEP[OrderStep.CONFIRM_PAYMENT] == (Role.FINANCE,)
    for step, roles in ROLES_OF_STEP.items():
        assert Role.AUDITOR not in roles
        assert step is OrderStep.CONFIRM_PAYMENT or Role.FINANCE not in roles
    assert Role.WAREHOUSE not in ROLES_OF_STEP[OrderStep.CONFIRM]


def test_every_state_can_be_reached_and_left() -> None:
    """No dead ends but the final states, no islands (requirements 2.1)."""
    reached = {OrderState.UNCONFIRMED} | {t.target for t in TRANSITIONS}
    assert reached == set(OrderState)
    assert {t.source for t in TRANSITIONS} == set(OrderState) - FINAL_STATES
