"""What the explorer has been through: pairs of facts in both sequences, policies, and how acts ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any, Final

from tests.site.explorer.deeds import DEEDS
from tests.site.explorer.schedules import CHOICES, Schedule
from tests.site.explorer.session import Played
from tests.site.explorer.steering import Pair, pairs_of
from tests.site.explorer.world import Result

UNDONE_WORTH: Final = 0.5
"""Of a pair that was tried and never both done, beside 1 of one that nobody tried; less after every try."""


@dataclass
class Coverage:
    """Counts over many schedules; goes to and from JSON for a run that is resumed.

    Args:
        tried: pairs of acts of one story, in their sequence, whatever became of them.
        happened: the same, both done.
        results: how often each act ended how, as ``act: result``.
        policies: schedules by policy, as ``name=value``.
        ways: the shortest story, as its line, that ended with the act and had only acts that were done.
    """

    tried: Counter[Pair] = field(default_factory=Counter)
    happened: Counter[Pair] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    policies: Counter[str] = field(default_factory=Counter)
    ways: dict[str, str] = field(default_factory=dict)

    def add(self, played: Played) -> None:
        """Count one story."""
        done = [one.act for one in played.story if one.result is Result.DONE]
        self.tried.update(pairs_of([one.act for one in played.story]))
        self.happened.update(pairs_of(done))
        self.results.update(f"{one.act}: {one.result.value}" for one in played.story)
        setting = played.schedule.setting
        self.policies.update(f"{name}={getattr(setting, name)}" for name in CHOICES)
        for place, act in enumerate(done):
            way = str(Schedule(setting, tuple(done[: place + 1])))
            if act not in self.ways or len(way) < len(self.ways[act]):
                self.ways[act] = way

    def worth(self, pair: Pair) -> float:
        """What it is worth that a story has this pair."""
        if pair not in self.tried:
            return 1.0
        return 0.0 if pair in self.happened else UNDONE_WORTH / (1 + self.tried[pair])

    def never_done(self) -> list[Pair]:
        """Pairs of which no story did both."""
        return [pair for pair in product(DEEDS, DEEDS) if pair not in self.happened]

    def way_to_one(self, random: Random) -> Schedule | None:
        """A story that may do both of a pair of which no story did so yet.

        Returns:
            The way to the first act and then the way to the second; None where there is nothing to find.
        """
        pairs = [pair for pair in self.never_done() if set(pair) <= set(self.ways)]
        if not pairs:
            return None
        first, second = min(pairs, key=lambda pair: (self.tried[pair], random.random()))
        ways = [Schedule.read(self.ways[act]) for act in (first, second)]
        known = ways[0].acts if random.random() < 0.5 else ()
        rest = [act for act in ways[1].acts[:-1] if act not in known]
        return Schedule(random.choice(ways).setting, (*ways[0].acts, *rest, second))

    def share(self, pairs: Iterable[Pair]) -> float:
        """How much of all pairs that is, 0 to 1."""
        return len(set(pairs) & set(product(DEEDS, DEEDS))) / len(DEEDS) ** 2

    def shares(self) -> str:
        """How many pairs were tried, and how many both done, in words."""
        return f"{self.share(self.tried):.1%} tried, {self.share(self.happened):.1%} with both done"

    def table(self) -> str:
        """For people."""
        rows = [f"pairs of acts in both sequences: {self.shares()}"]
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
            "ways": self.ways,
        }

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Coverage:
        """From a file."""
        return cls(
            Counter({(a, b): count for a, b, count in kept["tried"]}),
            Counter({(a, b): count for a, b, count in kept["happened"]}),
            Counter(kept["results"]),
            Counter(kept["policies"]),
            dict(kept["ways"]),
        )
