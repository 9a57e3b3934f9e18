"""Takes times of two kinds of work in turns, so that a busy machine slows both alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


def timed(work: Callable[[], T], into: list[float]) -> T:
    """Run `work` once and add its milliseconds to `into`; returns what it returned."""
    started = time.perf_counter()
    result = work()
    into.append((time.perf_counter() - started) * 1000)
    return result


@dataclass
class Comparison:
    """Times of our work and of the framework's, taken in turns, in blocks of equal length.

    Args:
        ours: milliseconds of our work, one list a block.
        theirs: milliseconds of the framework's, one list a block.
    """

    ours: list[list[float]] = field(default_factory=list)
    theirs: list[list[float]] = field(default_factory=list)

    def start_block(self) -> None:
        """Begin a block; the medians of the blocks show how far a figure can be trusted."""
        # The garbage of the block before must not be paid for by whoever comes next.
        gc.collect()
        self.ours.append([])
        self.theirs.append([])

    @property
    def our_ms(self) -> float:
        """Median of our times in milliseconds."""
        return median_of(self.ours)

    @property
    def their_ms(self) -> float:
        """Median of the framework's times in milliseconds."""
        return median_of(self.theirs)

    @property
    def ratio(self) -> float:
        """Our median by theirs."""
        return self.our_ms / self.their_ms

    @property
    def ratios(self) -> list[float]:
        """The ratio of each block, in the order they were taken."""
        return [
            statistics.median(ours) / statistics.median(theirs)
            for ours, theirs in zip(self.ours, self.theirs, strict=True)
        ]


def median_of(blocks: Sequence[Sequence[float]]) -> float:
    """Median over all blocks together."""
    return statistics.median([value for block in blocks for value in block])
