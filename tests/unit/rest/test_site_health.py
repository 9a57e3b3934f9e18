"""When a site is unwell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from order_flow.domain.site_health import SiteFault, SiteFigures, faults_of

WELL: Final = SiteFigures(
    scheduler_silence=timedelta(minutes=10),
    cache_answers=True,
    workers=1,
    longest_wait=timedelta(minutes=10),
    paused_accounts=(),
)


def test_a_site_at_every_limit_is_well() -> None:
    assert faults_of(WELL) == ()


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"scheduler_silence": timedelta(minutes=10, seconds=1)}, SiteFault.SCHEDULER),
        ({"scheduler_silence": None}, SiteFault.SCHEDULER),
        ({"cache_answers": False}, SiteFault.CACHE),
        ({"workers": 0}, SiteFault.WORKERS),
        ({"longest_wait": timedelta(minutes=10, seconds=1)}, SiteFault.OUTBOX),
        ({"paused_accounts": ("WDT-1",)}, SiteFault.ACCOUNTS),
    ],
)
def test_each_figure_can_make_it_unwell(changed: dict[str, Any], fault: SiteFault) -> None:
    assert faults_of(replace(WELL, **changed)) == (fault,)


def test_workers_that_cannot_be_counted_are_no_fault() -> None:
    assert faults_of(replace(WELL, workers=None)) == ()
