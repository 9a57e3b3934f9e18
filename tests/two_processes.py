"""A plug-in of pytest: the tests in two processes, each on a part of the host of its own (ADR 0036).

pytest-xdist starts the processes and gathers what they report. Which file runs where is written here and not
left to chance, so that what was green yesterday runs in the same company today.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final

import pytest

from dev.state import PART_VARIABLE, SECOND
from tests import injected

FIRST_WORKER: Final = "gw0"
SECOND_WORKER: Final = "gw1"
WORDS: Final = {FIRST_WORKER: "first process", SECOND_WORKER: "second process"}
OF_THE_SECOND: Final = tuple(
    f"tests/site/{folder}"
    for folder in ("sync", "outbox", "rest", "goods", "gates", "reviews", "changes", "clocks", "explorer")
)
"""Folders and files of the second process; the first has the others. A run says how long each took."""
TOLD: Final = "order_flow"
"""Key under which a process tells how it went."""


def worker_of(path: PurePath) -> str:
    """Name the process that runs a test file.

    Args:
        path: the file, relative to the checkout.
    """
    mine = any(path.is_relative_to(entry) for entry in OF_THE_SECOND)
    return SECOND_WORKER if mine else FIRST_WORKER


class Process:
    """One of the two processes: which tests it takes, what it tells at its end."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.ran: set[str] = set()
        self.began = time.monotonic()

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave to the other process what is the other's."""
        items[:] = [
            item for item in items if worker_of(item.path.relative_to(config.rootpath)) == self.worker
        ]

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Note a test that was run to its end; one that is repeated is one test."""
        self.ran.add(nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the figures, and the faults that struck here."""
        seconds = time.monotonic() - self.began
        told = {"ran": len(self.ran), "seconds": seconds, "faults": dict(injected.struck)}
        session.config.workeroutput[TOLD] = told  # type: ignore[attr-defined]


class Both:
    """The process that started the two: it knows whether both came to their end."""

    def __init__(self) -> None:
        self.session: pytest.Session | None = None
        self.collected = 0
        self.running: set[str] = set()
        self.finished: dict[str, dict[str, Any]] = {}

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Keep the session."""
        self.session = session

    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:
        """End the run when a process found no tests: half of them would count as all."""
        if not ids:
            pytest.exit(f"the {WORDS[node.gateway.id]} has no tests: set PROCESSES=1", returncode=1)
        self.collected += len(ids)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note a test that begins; the share that is done is one of both processes' tests."""
        self.running.add(nodeid)
        if self.session is not None:
            self.session.testscollected = self.collected

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Note a test that ended."""
        self.running.discard(nodeid)

    def pytest_testnodedown(self, node: Any, error: object | None) -> None:
        """Take what a process tells at its end; one that died tells nothing."""
        told = getattr(node, "workeroutput", {}).get(TOLD)
        if error is None and told:
            self.finished[node.gateway.id] = told
            injected.struck.update(told["faults"])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Half a run is no success."""
        if self.finished.keys() != WORDS.keys() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say how long each process took, and where one stood that did not come to its end."""
        for worker, words in WORDS.items():
            told = self.finished.get(worker)
            line = f"{told['ran']} tests in {told['seconds']:.0f} s" if told else "did not come to its end"
            terminalreporter.write_line(f"{words}: {line}", red=told is None)
        for nodeid in sorted(self.running):
            terminalreporter.write_line(f"not finished: {nodeid}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Take the role of this process; a second one works on the host's second part, and so do its children."""
    started: dict[str, Any] | None = getattr(config, "workerinput", None)
    if started is None:
        config.pluginmanager.register(Both())
        return
    if started["workerid"] == SECOND_WORKER:
        os.environ[PART_VARIABLE] = SECOND
    config.pluginmanager.register(Process(started["workerid"]))
