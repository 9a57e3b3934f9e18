"""A running stand-in of the messaging service and a client of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from order_flow.integrations.messaging.client import MessagingClient
from order_flow.integrations.rate_limit import InProcessRateLimiter
from order_flow.integrations.transport import AttemptRecord, Timeouts, Transport
from simulators.core import RunningServer, Store
from simulators.messaging import MessagingSimulator
from simulators.messaging.simulator import DEMO_KEY


@pytest.fixture(scope="session")
def messaging_server() -> Iterator[RunningServer]:
    """One stand-in for the whole run."""
    store = Store(":memory:")
    with RunningServer(MessagingSimulator(store)) as server:
        yield server
    store.close()


@pytest.fixture
def messaging(messaging_server: RunningServer) -> RunningServer:
    """A stand-in that has sent nothing yet, without faults."""
    messaging_server.simulator.reset()
    return messaging_server


@pytest.fixture
def message_attempts() -> list[AttemptRecord]:
    """Records of the calls."""
    return []


@pytest.fixture
def messaging_client(messaging: RunningServer, message_attempts: list[AttemptRecord]) -> MessagingClient:
    """The app's client with the demo key."""
    return client_with(messaging, DEMO_KEY, message_attempts)


def client_with(server: RunningServer, key: str, attempts: list[AttemptRecord]) -> MessagingClient:
    """The app's client with a key."""
    limits = Timeouts(connect=2, read=2)
    return MessagingClient(
        server.url, key, Transport("test", attempts.append, InProcessRateLimiter(10_000), limits)
    )


def sent(server: RunningServer) -> list[dict[str, str]]:
    """What the service has sent: ``medium``, ``recipient`` and ``text``."""
    state = requests.get(f"{server.url}/_admin/state", timeout=10).json()
    return list(state["messages"])


def arm(server: RunningServer, kind: str, **arguments: object) -> None:
    """The next message meets a fault."""
    rule = {"kind": kind, "endpoint": "messages", "times": 1, "args": arguments}
    assert requests.post(f"{server.url}/_admin/faults", json=rule, timeout=10).ok
