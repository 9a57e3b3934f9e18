"""What all tests share: the host of this checkout."""

from __future__ import annotations

import pytest

from dev.state import HostState, load


@pytest.fixture(scope="session")
def host() -> HostState:
    """The host that `make test` or `make up` built in this checkout."""
    return load()
