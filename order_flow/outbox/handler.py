"""What an action of the outbox must be able to do, and the values that pass between it and the relay.

Importable without Frappe. The relay calls, in this order and for rows of one account and one action::

    look_up(row, port)      only for rows whose outcome is unknown; outside any transaction
    prepare(rows)           reads documents; its read transaction ends before the network is touched
    send(work, port)        outside any transaction
    apply(row, done)        in the transaction that marks the row as done
    answers(port)           after an answer that is not the far side's own
    gave_up(row, reason)    in the transaction that marks the row as dead
    done_by_hand(row)       in the transaction in which a person declares the row done over there

Failures are ``IntegrationError``s: raised, they concern every row of the call; as a value in the mapping
that ``send`` returns (or in ``Prepared.answers``) they concern that row alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from order_flow.integrations.errors import IntegrationError
from order_flow.outbox.states import RowState

WorkT = TypeVar("WorkT")
PortT = TypeVar("PortT")


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed row as a handler sees it.

    ``payload`` holds the facts fixed when the row was queued, ``progress`` what earlier attempts left for
    the next one, ``attempts`` counts this attempt too.
    """

    name: int
    account_type: str
    account: str
    action: str
    document_type: str
    document: str
    revision: str
    payload: Mapping[str, Any]
    progress: Mapping[str, Any]
    attempts: int
    polls: int
    claimed_from: RowState
    outcome_unknown: bool
    """Whether an earlier attempt may have reached the far side without a readable answer."""
    lease_token: str


@dataclass(frozen=True, slots=True)
class Done:
    """The far side has it.

    Args:
        reference: the far side's own id of what was made, "" if it gives none.
        digest: the answer in a line, for the operator.
        facts: whatever ``apply`` needs to store; not written to the row.
    """

    reference: str = ""
    digest: str = ""
    facts: Any = None


@dataclass(frozen=True, slots=True)
class Again:
    """Accepted, not finished: come back later. Does not count as a failed attempt.

    Args:
        after: seconds until the next attempt.
        progress: what the next attempt must know (JSON), e.g. the address of a result.
    """

    after: float
    progress: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt that failed and leaves something for the next one.

    Args:
        error: why it failed.
        progress: what the next attempt must know (JSON), e.g. the ids already made.
    """

    error: IntegrationError
    progress: Mapping[str, Any]


Answer = Done | Again | Failed | IntegrationError
"""What became of one row."""


@dataclass(frozen=True, slots=True)
class Found:
    """The far side has what the row would have sent."""

    reference: str = ""
    facts: Any = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """The far side certainly does not have it: it is sent."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """The far side cannot say yet; ask again later.

    Args:
        reason: why, in an operator's words.
    """

    reason: str


LookUp = Found | NotFound | Unsure


@dataclass(frozen=True, slots=True)
class Prepared(Generic[WorkT]):
    """What ``prepare`` read.

    Args:
        work: everything ``send`` needs; None where no row is left to send.
        answers: rows that need no call, by row name: nothing left to tell (Done), or refused by our own
            check (Rejected).
    """

    work: WorkT | None
    answers: Mapping[int, Answer] = field(default_factory=dict)


class ActionHandler(ABC, Generic[WorkT, PortT]):
    """Base of all handlers; one instance serves all rows of its action and keeps no state."""

    batch_size: int = 1
    """Most rows of one ``send``."""
    lease_seconds: int = 300
    """Longest time one ``look_up`` + ``prepare`` + ``send`` may take; then another worker takes over."""
    repeatable: bool = False
    """Whether sending the same thing twice changes nothing over there: then an unknown outcome is simply
    sent again, without ``look_up``."""

    @abstractmethod
    def prepare(self, rows: Sequence[OutboxRow]) -> Prepared[WorkT]:
        """Read what is to be told, as it is now.

        Raises:
            IntegrationError: the rows cannot be sent (for one row of several use ``Prepared.answers``).
        """

    @abstractmethod
    def send(self, work: WorkT, port: PortT) -> Mapping[int, Answer]:
        """Tell the far side.

        Returns:
            An answer for every row that ``prepare`` did not answer, by row name.

        Raises:
            IntegrationError: the call as a whole failed; it counts for every row.
        """

    def look_up(self, row: OutboxRow, port: PortT) -> LookUp:
        """Ask whether the far side already has what the row would send; needed unless ``repeatable``.

        Raises:
            IntegrationError: asking failed; the row stays unknown.
        """
        raise NotImplementedError(
            f"The handler of {row.action} is not repeatable and cannot look a row up; give it a look_up()."
        )

    def answers(self, port: PortT) -> bool:
        """Tell whether the far side itself answers a call that holds nothing of any row.

        Asked after a page of something else (``Blocked``): True means that the content of a row was refused
        on its way; False, the default, that every call would be.
        """
        return False

    def apply(self, row: OutboxRow, done: Done) -> None:
        """Store what follows from success, in the transaction that marks the row as done."""

    def waits(self, row: OutboxRow, again: Again) -> None:
        """Store what follows from an answer that is not the last one, in the transaction that stores it."""

    def done_by_hand(self, row: OutboxRow) -> None:
        """Store what follows when a person declares the row done over there, in that transaction."""

    def gave_up(self, row: OutboxRow, reason: str) -> None:
        """Store on the document that a person must act, in the transaction that marks the row as dead."""
