"""The tables of steps of all documents keep the same rules, and are asked in one way (ADR 0043)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from order_flow.domain.changes.model import CHANGE, ChangeState
from order_flow.domain.goods.delivery import DELIVERY_CASE, CaseState
from order_flow.domain.goods.shipments import SHIPMENT_AS_READ, SHIPMENT_BY_HAND, ShipmentState
from order_flow.domain.lifecycle import Lifecycle, Transition
from order_flow.domain.money.credit_notes import APPROVER_ROLES, CREDIT_NOTE, CreditNoteState
from order_flow.domain.money.credit_raise import CREDIT_RAISE, RaiseState, RaiseStep
from order_flow.domain.reviews.model import REVIEW, ReviewStatus, ReviewStep
from order_flow.domain.states import ORDER, OrderState, OrderStep, PaymentFamily, Role

TABLES: dict[str, tuple[Lifecycle[Any, Any], type[StrEnum], StrEnum]] = {
    "order": (ORDER, OrderState, OrderState.UNCONFIRMED),
    "change notice": (CHANGE, ChangeState, ChangeState.DRAFT),
    "shipment by hand": (SHIPMENT_BY_HAND, ShipmentState, ShipmentState.WAITING_FOR_PRINT),
    "shipment as read": (SHIPMENT_AS_READ, ShipmentState, ShipmentState.WAITING_FOR_PRINT),
    "review": (REVIEW, ReviewStatus, ReviewStatus.OPEN),
    "credit raise": (CREDIT_RAISE, RaiseState, RaiseState.REQUESTED),
    "credit note": (CREDIT_NOTE, CreditNoteState, CreditNoteState.PROPOSED),
    "delivery case": (DELIVERY_CASE, CaseState, CaseState.OPEN),
}
"""Each table with its states and where a document begins."""


@pytest.mark.parametrize("name", list(TABLES))
def test_every_state_can_be_reached(name: str) -> None:
    table, states, start = TABLES[name]
    reached, waiting = {start}, [start]
    while waiting:
        new = {row.target for row in table.rows if row.source is waiting[-1]} - reached
        waiting.pop()
        reached |= new
        waiting.extend(new)
    assert reached == set(states)


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"shipment as read"}))
def test_a_step_has_one_target_a_state_and_branch(name: str) -> None:
    """What is read has no name of its own for each stage; everywhere else a step says where it leads."""
    table, _states, _start = TABLES[name]
    keys = [(row.step, row.source, row.branch) for row in table.rows]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", list(TABLES))
def test_two_states_are_joined_by_one_step(name: str) -> None:
    """A state that is written names its step without doubt."""
    table, _states, _start = TABLES[name]
    pairs = [(row.source, row.target, row.branch) for row in table.rows]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("name", list(TABLES))
def test_searches_agree(name: str) -> None:
    table, states, _start = TABLES[name]
    for branch in (None, *PaymentFamily):
        rows = table.rows_of(branch)
        for state in states:
            assert table.steps_from(state, branch) == tuple(row.step for row in rows if row.source is state)
            assert table.targets_from(state, branch) == {row.target for row in rows if row.source is state}
        for row in rows:
            assert table.between(row.source, row.target, branch) is row
            assert row.source in table.sources_of(row.step, branch)


def test_a_role_of_the_row_stands_before_that_of_the_step() -> None:
    """R-164: who refuses a higher limit depends on whose turn it is."""
    refusals = [row for row in CREDIT_RAISE.rows if row.step is RaiseStep.REFUSE]
    assert [CREDIT_RAISE.takers(row) for row in refusals] == [
        (Role.SALES_MANAGER,),
        (Role.MARKETING_DIRECTOR,),
        (Role.FINANCE,),
    ]
    assert CREDIT_NOTE.roles_at(CreditNoteState.PROPOSED) == APPROVER_ROLES
    assert REVIEW.roles_at(ReviewStatus.OPEN) == ()


def test_a_branch_hides_the_rows_of_the_other() -> None:
    """K-03: Paid exists on one branch only."""
    pay = (OrderStep.CONFIRM_PAYMENT, OrderState.CONFIRMED)
    assert ORDER.by_step(*pay, PaymentFamily.PAY_FIRST) is not None
    assert ORDER.by_step(*pay, PaymentFamily.PAY_LATER) is None


def test_an_agreed_review_can_still_be_withdrawn() -> None:
    """K-07: what was agreed was agreed about another content."""
    assert REVIEW.steps_from(ReviewStatus.AGREED) == (ReviewStep.WITHDRAW,)
    assert isinstance(REVIEW.rows[0], Transition)
