"""Weaves wanted acts into drawn stories, so that every pair of acts is met in both sequences soon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Final

from tests.site.explorer.deeds import DEEDS

Pair = tuple[str, str]
Worth = Callable[[Pair], float]
"""What it is worth that a story has two acts in this sequence; 0 where nobody waits for it."""

MOST_WOVEN: Final = 8
"""So many acts are woven into a story: in a longer one most are refused."""


def pairs_of(acts: Sequence[str]) -> set[Pair]:
    """Every two acts of a story in their sequence."""
    return {(first, second) for place, first in enumerate(acts) for second in acts[place + 1 :]}


def weave(random: Random, acts: Iterable[str], worth: Worth, tail: Sequence[str] = ()) -> list[str]:
    """Insert acts where their pairs with the others are worth most, the best one first.

    Args:
        random: decides between equals.
        acts: a story that lives by itself; its acts keep their sequence.
        worth: of a pair.
        tail: acts that follow every story.

    Returns:
        The story with up to ``MOST_WOVEN`` acts more.
    """
    story = list(acts)
    for _act in range(MOST_WOVEN):
        had = pairs_of([*story, *tail])
        wanted = {pair: worth(pair) for one in {*story, *tail} for pair in _with(one) if pair not in had}
        gain, _chance, place, act = max(
            (gain, random.random(), place, act)
            for act in DEEDS
            for place, gain in enumerate(_gains(story, tail, act, wanted))
        )
        if not gain:
            break
        story.insert(place, act)
    return story


def _with(one: str) -> set[Pair]:
    return {(one, act) for act in DEEDS} | {(act, one) for act in DEEDS}


def _gains(story: Sequence[str], tail: Sequence[str], act: str, wanted: dict[Pair, float]) -> list[float]:
    """What the act is worth at each place of the story, the end included."""
    before = _running([(one, act) for one in story], wanted)
    after = _running([(act, one) for one in reversed([*story, *tail])], wanted)
    return [before[place] + after[len(story) + len(tail) - place] for place in range(len(story) + 1)]


def _running(pairs: Sequence[Pair], wanted: dict[Pair, float]) -> list[float]:
    """Worth of the first n pairs for every n; a pair counts once."""
    sums, seen = [0.0], set[Pair]()
    for pair in pairs:
        sums.append(sums[-1] + (0.0 if pair in seen else wanted.get(pair, 0.0)))
        seen.add(pair)
    return sums
