"""Who may tell of deeds, and that every shipped limit can end (R-224..R-253)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from order_flow.domain.clocks.manual_events import EVENTS_BY_HAND, deed_of, may_tell
from order_flow.domain.clocks.model import (
    NOT_RAISED_YET,
    Basis,
    ClockEvent,
    ClockKind,
    ClockRule,
    PauseReason,
    Restart,
    Unit,
)
from order_flow.domain.states import Role

SHIPPED: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "order_flow" / "defaults" / "clock_rules.json").read_text(encoding="utf-8")
)
BY_CODE = {rule["code"]: rule for rule in SHIPPED}

LIMITS: dict[str, list[tuple[float, str]]] = {
    "R-224": [(24, "Hours"), (12, "Hours"), (2, "Hours")],
    "R-225": [(2, "Working Days")],
    "R-226": [(4, "Working Hours"), (4, "Working Hours")],
    "R-227": [(4, "Working Hours")],
    "R-228": [(4, "Working Hours")],
    "R-229": [(3, "Working Days")],
    "R-230": [(30, "Working Minutes")],
    "R-231": [(30, "Working Minutes")],
    "R-232": [(24, "Hours"), (4, "Working Hours")],
    "R-233": [(24, "Hours")],
    "R-234": [(1, "Working Days")],
    "R-235": [(2, "Calendar Days")],
    "R-236": [(1, "Calendar Days")],
    "R-237": [(3, "Calendar Days"), (1, "Calendar Days")],
    "R-238": [(5, "Working Days")],
    "R-239": [(30, "Working Minutes")],
    "R-240": [(0, "Calendar Days")],
    "R-241": [(2, "Calendar Days")],
    "R-242": [(20, "Working Minutes")],
    "R-243": [(30, "Working Minutes")],
    "R-244": [(1, "Calendar Days")],
    "R-245": [(0, "Working Days")],
    "R-246": [(0, "Working Days")],
    "R-247": [(60, "Working Minutes")],
    "R-248": [(2, "Working Hours")],
    "R-249": [(2, "Calendar Days"), (0, "Calendar Days")],
    "R-250": [(10, "Working Days")],
    "R-251": [(1, "Months")],
    "R-252": [(3, "Months")],
    "R-157": [(7, "Calendar Days")],
    "R-077": [(10, "Calendar Days")],
    "R-084": [(3, "Calendar Days")],
    "R-102": [(1, "Working Days")],
    "R-194": [(1, "Calendar Days")],
    "R-382": [(36, "Months")],
}
"""Requirements 2.6, row by row."""

PROPOSED = {"R-147", "R-405"}
"""Limits that no document puts a figure to."""

FACTS = {
    ClockEvent.ORDER_RECEIVED,
    ClockEvent.ORDER_CONFIRMED,
    ClockEvent.ORDER_SHIPPED,
    ClockEvent.ORDER_CANCELLED,
    ClockEvent.RECEIPT_SIGNED,
    ClockEvent.CANCELLATION_REQUESTED,
    ClockEvent.CANCELLATION_ANSWERED,
    ClockEvent.PROMISED_DATE_SET,
    ClockEvent.SHIP_DATE_SET,
    ClockEvent.MONTH_ENDED,
    ClockEvent.QUARTER_ENDED,
    ClockEvent.RELEASED_TO_PLANNING,
    ClockEvent.REVIEW_FINISHED,
    ClockEvent.REVIEW_AGREED,
    ClockEvent.LETTER_OF_CREDIT_KNOWN,
    ClockEvent.OPEN_POINTS_RELEASED,
    ClockEvent.OPEN_POINTS_SETTLED,
    ClockEvent.ORDER_CHECKED,
    ClockEvent.DRAWINGS_CONFIRMED,
    ClockEvent.FEASIBILITY_CHECKED,
    ClockEvent.DOCUMENTS_HANDED_OVER,
    ClockEvent.CYCLES_FIXED,
}
"""Events that the app tells itself."""


def requirement(code: str) -> str:
    """The row that a rule's code begins with."""
    return "-".join(code.split("-")[:2])


def test_every_limit_of_the_documents_is_shipped() -> None:
    """Requirements 2.6 against the shipped table, figure by figure."""
    shipped: dict[str, list[tuple[float, str]]] = {}
    for rule in SHIPPED:
        shipped.setdefault(requirement(rule["code"]), []).append((rule["amount"], rule["unit"]))
    assert set(shipped) == set(LIMITS) | PROPOSED
    assert {row: shipped[row] for row in LIMITS} == LIMITS


def as_rule(row: dict[str, Any]) -> ClockRule:
    """A shipped row as the engine knows it; fails on a word that the engine does not know."""
    return ClockRule(
        code=row["code"],
        start=ClockEvent(row["start_event"]),
        stops=frozenset(ClockEvent(event) for event in row["stop_events"]),
        amount=row["amount"],
        unit=Unit(row["unit"]),
        owner=row["owner_role"],
        kind=ClockKind(row.get("kind", "Deadline")),
        basis=Basis(row.get("basis", "After the Start")),
        restart=Restart(row.get("restart", "Once")),
        pauses=frozenset(PauseReason(reason) for reason in row.get("pauses", ())),
    )


@pytest.mark.parametrize("code", list(BY_CODE))
def test_every_shipped_limit_can_begin_and_end(code: str) -> None:
    """A clock that nobody could ever stop would be late for ever."""
    rule = as_rule(BY_CODE[code])
    tellable = FACTS | set(EVENTS_BY_HAND)
    is_on = BY_CODE[code].get("enabled", 1)
    assert bool(is_on) == (rule.start in tellable) == (rule.start not in NOT_RAISED_YET)
    assert rule.kind is ClockKind.PERIOD or rule.stops & tellable
    assert BY_CODE[code]["profiles"] and requirement(code) in BY_CODE[code]["source"]


@pytest.mark.parametrize("code", [code for code in BY_CODE if BY_CODE[code].get("kind") != "Period"])
def test_every_shipped_deadline_tells_the_owner_first_then_a_superior(code: str) -> None:
    """R-253."""
    ladder = BY_CODE[code]["ladder"]
    assert ladder == sorted(ladder, key=lambda rung: rung[0])
    assert len({role for _percent, role in ladder}) > 1


def test_the_web_shop_has_no_limits() -> None:
    """V1.0 names none; a web order costs no statement for clocks."""
    assert not any("Web Shop" in rule["profiles"] for rule in SHIPPED)


def test_only_the_roles_of_the_table_may_tell() -> None:
    assert may_tell(ClockEvent.QUALITY_FINDING, ["Quality"])
    assert not may_tell(ClockEvent.QUALITY_FINDING, ["Sales", "System Manager"])
    assert not may_tell(ClockEvent.ORDER_CONFIRMED, [role.value for role in Role])


def test_the_deed_that_ends_a_clock_by_hand() -> None:
    finding = as_rule(BY_CODE["R-242"])
    assert deed_of(finding, ["Quality"]) is ClockEvent.FINDING_HANDLED
    assert deed_of(finding, ["Sales"]) is None
    assert deed_of(as_rule(BY_CODE["R-224-N"]), [role.value for role in Role]) is None
