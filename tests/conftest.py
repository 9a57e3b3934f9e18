"""What all tests share: the host of this checkout, and the count of injected faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from dev.state import HostState, load
from tests import injected

# How long an example takes says something of the machine's load, nothing of the rule.
settings.register_profile("order_flow", deadline=None)
settings.load_profile("order_flow")


@pytest.fixture(scope="session")
def host() -> HostState:
    """The host that `make test` or `make up` built in this checkout."""
    return load()


@pytest.fixture(scope="session", autouse=True)
def faults_are_counted() -> Iterator[None]:
    """Whatever fault strikes in a stand-in of this run is counted."""
    with injected.counted_in_simulators():
        yield


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say at the end of the run how many faults were injected."""
    if line := injected.summary():
        terminalreporter.write_line(line)
