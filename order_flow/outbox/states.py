"""The words of the outbox, named once: row states, kinds of error, kinds of discrepancy.

Importable without Frappe. The Select options of the DocTypes are compared with these Enums by a test.
Source: design 5, R-352.
"""

from __future__ import annotations

from enum import StrEnum


class RowState(StrEnum):
    """Where an outbox row stands (design 5)."""

    PENDING = "Pending"
    """Written, not tried since it was written or released."""
    LEASED = "Leased"
    """A worker holds it until the lease ends."""
    WAITING = "Waiting"
    """Tried without effect; tried again at its time."""
    UNKNOWN = "Unknown"
    """May have arrived; is looked up before anything else."""
    DONE = "Done"
    """The far side has it."""
    DEAD = "Dead"
    """Given up; a person must act. Blocks the later rows of its document."""
    SUPERSEDED = "Superseded"
    """Never sent, and no longer true."""


CLAIMABLE_STATES = (RowState.PENDING, RowState.WAITING, RowState.UNKNOWN, RowState.LEASED)
"""States a worker may take a row from when it is due (a lease is due when it has run out)."""

UNFINISHED_STATES = (*CLAIMABLE_STATES, RowState.DEAD)
"""States in which a row holds back the later rows of its document."""

RELEASABLE_STATES = (RowState.DEAD, RowState.WAITING, RowState.UNKNOWN)
"""States from which a person may send a row again or declare it done outside."""


class ErrorKind(StrEnum):
    """Why an attempt failed, by what follows from it (model-codebases 1.5)."""

    TRANSIENT = "Transient"
    RATE_LIMITED = "Rate Limited"
    REJECTED = "Rejected"
    MISCONFIGURED = "Misconfigured"
    OUTCOME_UNKNOWN = "Outcome Unknown"
    DEFECT = "Defect"
    """A mistake in this app, not over there."""
    WORKER_LOST = "Worker Lost"
    """The worker that held the row ended without a word."""


class AttemptResult(StrEnum):
    """Result of one outside call in the attempt log; a failure is named by its ErrorKind."""

    OK = "OK"


class Direction(StrEnum):
    """Which way a call carried business facts."""

    OUTBOUND = "Outbound"
    INBOUND = "Inbound"


class DiscrepancyKind(StrEnum):
    """What does not agree between the site, WDT and U8 (design 5, R-351)."""

    MISSING_IN_WDT = "Missing in WDT"
    MISSING_IN_U8 = "Missing in U8"
    MISSING_ON_SITE = "Missing on Site"
    DUPLICATE_IN_U8 = "Duplicate in U8"
    STATE_DIFFERS = "State Differs"
    LINES_DIFFER = "Lines Differ"
    AMOUNT_DIFFERS = "Amount Differs"
    SHIPMENT_DIFFERS = "Shipment Differs"
    CONTRADICTION = "Contradiction"
    UNKNOWN_STATE = "Unknown State"
    UNREADABLE_RECORD = "Unreadable Record"
    ACCOUNT_PAUSED = "Account Paused"
    NEEDS_MANUAL_STEP = "Needs Manual Step"


class DiscrepancyState(StrEnum):
    """Whether somebody still has to look at a discrepancy."""

    OPEN = "Open"
    RESOLVED = "Resolved"
    DISMISSED = "Dismissed"
