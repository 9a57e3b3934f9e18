"""What the explorer has been through: pairs of facts in both sequences, policies, and how acts ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from tests.site.explorer.deeds import DEEDS
from tests.site.explorer.schedules import CHOICES
from tests.site.explorer.session import Played
from tests.site.explorer.world import Result

Pair = tuple[str, str]


@dataclass
class Coverage:
    """Counts over many schedules; goes to and from JSON for a run that is resumed.

    Args:
        tried: pairs of acts of one story, in their sequence, whatever became of them.
        happened: the same, both done.
        results: how often each act ended how, as ``act: result``.
        policies: schedules by policy, as ``name=value``.
    """

    tried: Counter[Pair] = field(default_factory=Counter)
    happened: Counter[Pair] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    policies: Counter[str] = field(default_factory=Counter)

    def add(self, played: Played) -> None:
        """Count one story."""
        acts = [(one.act, one.result) for one in played.story]
        self.tried.update({(a, b) for n, (a, _) in enumerate(acts) for b, _ in acts[n + 1 :]})
        done = [act for act, result in acts if result is Result.DONE]
        self.happened.update({(a, b) for n, a in enumerate(done) for b in done[n + 1 :]})
        self.results.update(f"{act}: {result.value}" for act, result in acts)
        setting = played.schedule.setting
        self.policies.update(f"{name}={getattr(setting, name)}" for name in CHOICES)

    def missing(self) -> list[Pair]:
        """Pairs that no story had yet."""
        return [pair for pair in product(DEEDS, DEEDS) if pair not in self.tried]

    def share(self, pairs: Iterable[Pair]) -> float:
        """How much of all pairs that is, 0 to 1."""
        return len(set(pairs) & set(product(DEEDS, DEEDS))) / len(DEEDS) ** 2

    def table(self) -> str:
        """For people."""
        rows = [f"pairs of acts in both sequences: {self.share(self.tried):.1%} tried, "
                f"{self.share(self.happened):.1%} with both done"]  # fmt: skip
        rows.append(f"{'act':20} {'done':>7} {'refused':>8} {'impossible':>11}")
        for act in DEEDS:
            counts = [self.results[f"{act}: {result.value}"] for result in Result]
            rows.append(f"{act:20} {counts[0]:7} {counts[1]:8} {counts[2]:11}")
        for name, values in CHOICES.items():
            shown = ", ".join(f"{value} {self.policies[f'{name}={value}']}" for value in values)
            rows.append(f"{name}: {shown}")
        return "\n".join(rows)

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return {
            "tried": [[*pair, count] for pair, count in self.tried.items()],
            "happened": [[*pair, count] for pair, count in self.happened.items()],
            "results": dict(self.results),
            "policies": dict(self.policies),
        }

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Coverage:
        """From a file."""
        return cls(
            Counter({(a, b): count for a, b, count in kept["tried"]}),
            Counter({(a, b): count for a, b, count in kept["happened"]}),
            Counter(kept["results"]),
            Counter(kept["policies"]),
        )
