"""The three hands of a higher limit, and the desk workflow written from their table (R-164)."""

from __future__ import annotations

from typing import Any

import pytest

from order_flow.domain.money.credit_raise import (
    CREDIT_RAISE,
    RaiseRefused,
    RaiseState,
    check_decision,
    no_such_step,
)
from order_flow.domain.states import Role
from order_flow.workflow.credit_raise_definition import raise_plan

STATE = RaiseState
WAY = [
    (STATE.REQUESTED, STATE.SALES_APPROVED, Role.SALES_MANAGER),
    (STATE.SALES_APPROVED, STATE.DIRECTOR_APPROVED, Role.MARKETING_DIRECTOR),
    (STATE.DIRECTOR_APPROVED, STATE.GRANTED, Role.FINANCE),
]

OTHERS: dict[str, Any] = {"user": "me", "requesters": ["asker"], "deciders_before": ["decider", None]}


def decide(source: RaiseState, target: RaiseState, roles: frozenset[str], **people: Any) -> None:
    """What a save does: the table, then the person."""
    transition = CREDIT_RAISE.between(source, target)
    if transition is None:
        raise no_such_step(source, target)
    check_decision(transition, roles, **people)


@pytest.mark.parametrize("source", list(RaiseState))
@pytest.mark.parametrize("target", list(RaiseState))
@pytest.mark.parametrize("role", list(Role))
def test_only_the_table_leads_on(source: RaiseState, target: RaiseState, role: Role) -> None:
    """R-164: every state, every target, every role: nothing passes but the three steps and their refusals."""
    allowed = {(row.source, row.target, role) for row in CREDIT_RAISE.rows for role in row.roles}
    turn = {source: decider for source, _target, decider in WAY}
    expected = set(WAY) | {(state, STATE.REFUSED, decider) for state, decider in turn.items()}
    assert allowed == expected

    def attempt() -> None:
        decide(source, target, frozenset({role.value}), **OTHERS, refusal="no")

    if (source, target, role) in expected:
        attempt()
    else:
        with pytest.raises(RaiseRefused):
            attempt()


@pytest.mark.parametrize("source, target, role", WAY)
def test_the_requester_decides_nothing(source: RaiseState, target: RaiseState, role: Role) -> None:
    """R-164: not even with the right role."""
    with pytest.raises(RaiseRefused, match="yourself"):
        decide(source, target, frozenset({role.value}), **{**OTHERS, "user": "asker"}, refusal="")


@pytest.mark.parametrize("source, target, role", WAY)
def test_one_person_decides_once(source: RaiseState, target: RaiseState, role: Role) -> None:
    """R-164: who holds all three roles is one pair of eyes."""
    three = frozenset(role.value for _source, _target, role in WAY)
    with pytest.raises(RaiseRefused, match="already"):
        decide(source, target, three, **{**OTHERS, "user": "decider"}, refusal="no")


@pytest.mark.parametrize("source, target, role", WAY)
def test_a_refusal_has_a_reason(source: RaiseState, target: RaiseState, role: Role) -> None:
    """R-164."""
    with pytest.raises(RaiseRefused, match="why"):
        decide(source, STATE.REFUSED, frozenset({role.value}), **OTHERS, refusal=" ")


def test_finished_requests_wait_for_nobody() -> None:
    """Granted and refused are the end."""
    assert {state for state in RaiseState if not CREDIT_RAISE.roles_at(state)} == {
        STATE.GRANTED,
        STATE.REFUSED,
    }


def test_the_desk_workflow_is_the_table() -> None:
    """One truth: what the desk offers is what the controller allows, and nobody approves his own."""
    workflow = raise_plan()
    assert not workflow.self_approval
    assert {(row.state, row.next_state, row.allowed) for row in workflow.transitions} == {
        (row.source.value, row.target.value, role.value) for row in CREDIT_RAISE.rows for role in row.roles
    }
    assert set(workflow.actions) == {row.step.value for row in CREDIT_RAISE.rows}
    assert [row.state for row in workflow.states] == [state.value for state in RaiseState]
