"""The whole build: which steps there are, and which builds on which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dev import assets, build_tools, js_tools, sites
from dev.host import app, database
from dev.host.steps import Runner, Step
from dev.state import HostState

# Each step with the steps whose change makes it run again.
STEPS: Final[Sequence[tuple[Step, Sequence[str]]]] = (
    (build_tools.PACKAGES, ()),
    (build_tools.TOOLS, ()),
    (build_tools.SOURCE, ()),
    (build_tools.BENCH, ("tools", "frappe-source")),
    (build_tools.ENV, ("bench",)),
    (database.DATABASE, ()),
    (sites.DEMO_SITE_STEP, ("bench", "database")),
    (sites.TEST_SITE_STEP, ("demo-site",)),
    (app.LINK, ("env",)),
    (assets.PACKAGES, ("bench",)),
    (assets.BUILD, ("asset-packages",)),
    (app.INSTALL, ("app", "test-site")),
)

CHECK_STEPS: Final[Sequence[tuple[Step, Sequence[str]]]] = (*STEPS, (js_tools.TOOLS, ()))
"""The same with what only checks need."""

TWO_SITES_STEPS: Final[Sequence[tuple[Step, Sequence[str]]]] = ((sites.SECOND_SITE_STEP, ("app-on-sites",)),)
"""What tests in two processes need besides."""


def build(state: HostState, steps: Sequence[tuple[Step, Sequence[str]]] = STEPS) -> None:
    """Bring every step up to date.

    Args:
        state: the host.
        steps: which ones, each with those it builds on.

    Raises:
        StepFailed: a step did not finish.
    """
    Runner(state).run_all(steps)
