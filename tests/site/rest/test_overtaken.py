"""A request that lost a race starts over, more patiently each time (R-046, R-386)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.api import overtaken
from order_flow.api.overtaken import MOST_TRIES, TRIES_OF_A_DUPLICATE, ChangedMeanwhile, again_if_overtaken


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been waited, in seconds; nobody waits."""
    waited: list[float] = []
    monkeypatch.setattr(overtaken.time, "sleep", waited.append)
    return waited


def losing(times: int, error: type[Exception]) -> Any:
    """A request that loses so many times before it succeeds."""
    tries = []

    def act() -> int:
        tries.append(1)
        if len(tries) <= times:
            raise error
        return len(tries)

    return again_if_overtaken(act)


def test_a_request_that_lost_several_races_succeeds(site: Any, pauses: list[float]) -> None:
    """Six orders paid at once at a slow shop lost three races in a row."""
    assert losing(5, frappe.QueryDeadlockError)() == 6
    assert len(pauses) == 5 and max(pauses) <= overtaken.LONGEST_PAUSE


def test_whoever_always_loses_is_told_to_try_again(site: Any, pauses: list[float]) -> None:
    with pytest.raises(ChangedMeanwhile):
        losing(MOST_TRIES, frappe.QueryDeadlockError)()


def test_a_duplicate_is_refused_without_waiting(site: Any, pauses: list[float]) -> None:
    """The record of another request is seen by the next try; one that stays is the caller's own."""
    assert losing(TRIES_OF_A_DUPLICATE, frappe.UniqueValidationError)() == TRIES_OF_A_DUPLICATE + 1
    with pytest.raises(frappe.UniqueValidationError):
        losing(MOST_TRIES, frappe.UniqueValidationError)()
    assert pauses == []
