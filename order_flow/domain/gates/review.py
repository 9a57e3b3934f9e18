"""Gates over the review of an order by the departments."""

from __future__ import annotations

from dataclasses import dataclass

from order_flow.domain.gates.model import GateRule


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """What the gates of this module look at."""

    open: bool = False
    """A review is demanded and not finished yet."""


RULES: tuple[GateRule, ...] = ()
