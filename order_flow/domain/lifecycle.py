"""The table of steps in the life of a document, read in one way whatever the document.

Order, change notice, shipment, review, credit raise, credit note and delivery case have one table each,
beside their rules. Which step a save takes, what is possible from a state and whose turn it is: asked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from order_flow.domain.roles import Role

D = TypeVar("D", bound=StrEnum)
S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)  # no slots: Python 3.11 cannot call an alias such as Transition[Step, State] then
class Transition(Generic[D, S]):
    """One allowed step."""

    step: D
    source: S
    target: S
    branch: StrEnum | None = None
    """The branch of the table it belongs to, such as the payment family of an order; None for all."""
    roles: tuple[Role, ...] = ()
    """Who takes it where that depends on the state; empty: whoever the step itself belongs to."""


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[D, S]):
    """Every step that exists; whatever is not here is refused (R-026)."""

    rows: tuple[Transition[D, S], ...]
    roles: Mapping[D, tuple[Role, ...]] = field(default_factory=dict)
    """Who takes each step; a step that only facts take has none."""

    def rows_of(self, branch: StrEnum | None = None) -> tuple[Transition[D, S], ...]:
        """The rows that are valid on a branch."""
        return tuple(row for row in self.rows if row.branch in (None, branch))

    def by_step(self, step: D, source: S, branch: StrEnum | None = None) -> Transition[D, S] | None:
        """Find the transition a step takes from a state, None where the table has none."""
        found = (row for row in self.rows_of(branch) if row.step is step and row.source is source)
        return next(found, None)

    def between(self, source: S, target: S, branch: StrEnum | None = None) -> Transition[D, S] | None:
        """Find the transition that leads from one state to another, None where the table has none."""
        found = (row for row in self.rows_of(branch) if row.source is source and row.target is target)
        return next(found, None)

    def steps_from(self, source: S, branch: StrEnum | None = None) -> tuple[D, ...]:
        """The steps that the table offers from a state."""
        return tuple(row.step for row in self.rows_of(branch) if row.source is source)

    def targets_from(self, source: S, branch: StrEnum | None = None) -> frozenset[S]:
        """The states that one step reaches from a state."""
        return frozenset(row.target for row in self.rows_of(branch) if row.source is source)

    def sources_of(self, step: D, branch: StrEnum | None = None) -> tuple[S, ...]:
        """The states from which a step is allowed, for the message of a refusal (R-026)."""
        return tuple(row.source for row in self.rows_of(branch) if row.step is step)

    def takers(self, transition: Transition[D, S]) -> tuple[Role, ...]:
        """Return who takes a transition (R-388)."""
        return transition.roles or self.roles.get(transition.step, ())

    def roles_at(self, source: S, branch: StrEnum | None = None) -> tuple[Role, ...]:
        """Return whose turn it is in a state, each role once, in the sequence of the table."""
        rows = (row for row in self.rows_of(branch) if row.source is source)
        return tuple(dict.fromkeys(role for row in rows for role in self.takers(row)))
