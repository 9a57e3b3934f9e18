"""Makes a failing story as short as it can be, and tells it so that a person can read it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from tests.site.explorer.deeds import DEEDS
from tests.site.explorer.schedules import Schedule, Setting
from tests.site.explorer.session import Played

MOST_TRIES = 40
MOST_SECONDS = 60.0
"""A story is told in time rather than perfectly short."""

Play = Callable[[Schedule], Played]


def shortest(failed: Played, play: Play) -> Played:
    """Leave out acts and policies as long as one of the same checks still fails.

    Args:
        failed: a schedule with its faults.
        play: plays another one.

    Returns:
        The shortest found; the same where nothing can be left out.
    """
    tries, began = 0, time.monotonic()
    again = True
    while again:
        again = False
        for shorter in _shorter(failed.schedule):
            tries += 1
            if tries > MOST_TRIES or time.monotonic() - began > MOST_SECONDS:
                return failed
            played = play(shorter)
            if played.kinds & failed.kinds:
                failed, again = played, True
                break
    return failed


def _shorter(schedule: Schedule) -> Iterator[Schedule]:
    acts = schedule.acts
    if len(acts) > 5:
        yield replace(schedule, acts=acts[: len(acts) // 2])
        yield replace(schedule, acts=acts[len(acts) // 2 :])
    for place in range(len(acts)):
        yield replace(schedule, acts=acts[:place] + acts[place + 1 :])
    usual = Setting()
    for name in (field.name for field in fields(Setting)):
        if getattr(schedule.setting, name) != getattr(usual, name):
            yield replace(schedule, setting=replace(schedule.setting, **{name: getattr(usual, name)}))


def told(played: Played) -> str:
    """The story of a played schedule, with its faults and the line that plays it again."""
    lines = [f"Order {played.order}, {played.schedule.setting.profile}, {played.schedule.setting.term}:"]
    for number, happened in enumerate(played.story, 1):
        answer = "" if happened.result == "done" else f"  -> {happened.result}: {happened.text}"
        lines.append(f"  {number:2}. {DEEDS[happened.act].words}{answer}")
    lines += [f"  FAULT {fault}" for fault in played.faults]
    lines.append("Paste this line into tests/site/explorer/schedules.txt:")
    lines.append(f"{played.schedule}")
    return "\n".join(lines)
