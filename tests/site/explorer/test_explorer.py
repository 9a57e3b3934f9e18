"""Facts in any sequence end where the facts say, and nobody is stuck on the way (issue 10, section 1)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.site.explorer.coverage import Coverage
from tests.site.explorer.over_http import Wire
from tests.site.explorer.schedules import Schedule, draw
from tests.site.explorer.session import Session, open_session
from tests.site.explorer.shrink import shortest, told
from tests.site.explorer.steering import Pair, pairs_of
from tests.site.support.rest_client import Callers

KEPT = Path(__file__).with_name("schedules.txt")
STORIES = int(os.environ.get("EXPLORER_STORIES", "40"))
"""How many stories the share of `make test` draws, about a minute of a free core; the kept ones are played
whole."""
SEED = os.environ.get("EXPLORER_SEED", "1")
"""Fixed, so that a change is held against the same stories every time; `make soak` has fresh ones."""


def kept_schedules() -> list[str]:
    """The lines of stories that failed once."""
    lines = KEPT.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def session(test_site: str, callers: Callers) -> Iterator[Session]:
    """Simulators and a turned clock, for this module only."""
    with open_session(Wire(callers)) as opened:
        yield opened


@pytest.mark.parametrize("line", kept_schedules())
def test_a_story_that_failed_once_ends_well(session: Session, site: Any, line: str) -> None:
    """One line a story; a new one is pasted into schedules.txt."""
    played = session.play(Schedule.read(line))
    assert not played.faults, f"\n{told(played)}"


def test_drawn_stories_end_where_their_facts_say(
    session: Session, site: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bounded share of what `make soak` plays; which stories, depends on the seed alone."""
    coverage, drawn = Coverage(), set[Pair]()
    for number in range(STORIES):
        # Steered by what was drawn alone: what the product makes of a story must not choose the next one.
        schedule = draw(Random(f"{SEED}-{number}"), lambda pair: pair not in drawn)
        drawn.update(pairs_of(schedule.acts))
        played = session.play(schedule)
        coverage.add(played)
        if played.faults:
            pytest.fail(f"seed {SEED}, story {number}:\n{told(shortest(played, session.play))}")
    with capsys.disabled():
        print(f"\nexplorer: seed {SEED}, {STORIES} stories, pairs of acts: {coverage.shares()}")
