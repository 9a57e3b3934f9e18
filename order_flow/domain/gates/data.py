"""Gates over the order's data."""

from __future__ import annotations

from dataclasses import dataclass

from order_flow.domain.gates.model import GateRule


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What the gates of this module look at."""


RULES: tuple[GateRule, ...] = ()
