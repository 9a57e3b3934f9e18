"""How far one posting has come: what must survive between two attempts (u8-openapi 1.5, 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """The saved state of one posting.

    Args:
        customer_url: where the result of creating the customer can be asked for.
        transaction: the reserved tradeid, stored before it is used.
        url: where the result of the add can be asked for.
        ping_after: seconds between two questions for a result.
        polls: how often the result was asked for in vain.
        number: U8's number, once it is known.
        doubt_since: ISO time since when it is unclear whether the document exists; empty without a doubt.
    """

    customer_url: str = ""
    transaction: str = ""
    url: str = ""
    ping_after: float = 0.0
    polls: int = 0
    number: str = ""
    doubt_since: str = ""

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Progress:
        """Read saved progress; names that a newer or older release wrote are passed over."""
        known = {entry.name for entry in fields(cls)}
        return cls(**{name: value for name, value in saved.items() if name in known})

    def to_json(self) -> dict[str, Any]:
        """Return what must be saved: everything that is not at its start value."""
        return {name: value for name, value in asdict(self).items() if value}

    def polled(self) -> Progress:
        """After a question for a result that is not there yet."""
        return replace(self, polls=self.polls + 1)

    def doubted_since(self, now: datetime) -> Progress:
        """With the beginning of the doubt, which an earlier doubt keeps."""
        return self if self.doubt_since else replace(self, doubt_since=now.isoformat())

    def seconds_of_doubt(self, now: datetime) -> float:
        """Return how long the doubt lasts."""
        if not self.doubt_since:
            return 0.0
        return (now - datetime.fromisoformat(self.doubt_since)).total_seconds()

    def unsent(self) -> Progress:
        """As before the add: only the reserved transaction stays, as the same key must be used again."""
        return Progress(transaction=self.transaction)
