"""When the site as a whole is unwell: the limits, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

LONGEST_SILENCE: Final = timedelta(minutes=10)
"""A scheduler that started no job for this long is taken as stopped."""
LONGEST_WAIT: Final = timedelta(minutes=10)
"""A message that is due for longer is not sent by anybody."""


class SiteFault(StrEnum):
    """What makes the site unwell."""

    SCHEDULER = "scheduler"
    CACHE = "cache"
    WORKERS = "workers"
    OUTBOX = "outbox"
    ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """What is measured; None is unknown, and unknown is no fault by itself.

    Args:
        scheduler_silence: since the scheduler started a job; None where it never has.
        cache_answers: whether Redis does.
        workers: how many there are.
        longest_wait: of a message that is due and whose account may be called.
        paused_accounts: names of those that are switched on and paused.
    """

    scheduler_silence: timedelta | None
    cache_answers: bool
    workers: int | None
    longest_wait: timedelta
    paused_accounts: Sequence[str]


def faults_of(figures: SiteFigures) -> tuple[SiteFault, ...]:
    """Name what is wrong; nothing where the site is well.

    Args:
        figures: as measured.
    """
    silence = figures.scheduler_silence
    found = {
        SiteFault.SCHEDULER: silence is None or silence > LONGEST_SILENCE,
        SiteFault.CACHE: not figures.cache_answers,
        SiteFault.WORKERS: figures.workers == 0,
        SiteFault.OUTBOX: figures.longest_wait > LONGEST_WAIT,
        SiteFault.ACCOUNTS: bool(figures.paused_accounts),
    }
    return tuple(fault for fault, present in found.items() if present)
