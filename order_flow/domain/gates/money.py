"""Gates over what is paid, secured and owed."""

from __future__ import annotations

from dataclasses import dataclass

from order_flow.domain.gates.model import GateRule


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """What the gates of this module look at. Money in the order's currency."""


RULES: tuple[GateRule, ...] = ()
