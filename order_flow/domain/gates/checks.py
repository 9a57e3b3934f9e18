"""The words of a check on demand: what a rule says, and what all of them say together (R-075)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Result(StrEnum):
    """What a rule says."""

    PASS = "Pass"
    WARN = "Warn"
    BLOCK = "Block"
    OVERRIDDEN = "Overridden"


class CheckOutcome(StrEnum):
    """What the check says about the order as a whole."""

    PASSED = "Passed"
    WARNINGS = "Warnings"
    BLOCKED = "Blocked"


def outcome_of(results: Iterable[Result]) -> CheckOutcome:
    """The worst of some results decides; what was overridden is nobody's trouble any more."""
    found = set(results)
    if Result.BLOCK in found:
        return CheckOutcome.BLOCKED
    return CheckOutcome.WARNINGS if Result.WARN in found else CheckOutcome.PASSED
