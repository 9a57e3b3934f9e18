"""How many faults the tests really injected: counted where they strike, told at the end of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from simulators.core.faults import FaultEngine

struck: Counter[str] = Counter()
"""By kind of fault, how often it struck in this run."""


def count(kind: str, times: int = 1) -> None:
    """Note a fault that the caller has just injected, e.g. a killed worker."""
    struck[kind] += times


@contextmanager
def counted_in_simulators() -> Iterator[None]:
    """Count every rule that fires in a stand-in of this process; an armed one that never fires does not."""
    original = FaultEngine.take

    def take(self: FaultEngine, *arguments: Any) -> Any:
        rules = original(self, *arguments)
        struck.update(rule.kind.value for rule in rules)
        return rules

    FaultEngine.take = take  # type: ignore[method-assign]
    try:
        yield
    finally:
        FaultEngine.take = original  # type: ignore[method-assign]


def summary() -> str:
    """One line: the figure and its parts; empty where no fault was injected."""
    if not struck:
        return ""
    parts = ", ".join(f"{kind} {times}" for kind, times in sorted(struck.items()))
    return f"faults injected: {struck.total()} ({parts})"
