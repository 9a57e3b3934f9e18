"""A running stand-in of the tracking service and a client of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from order_flow.integrations.rate_limit import InProcessRateLimiter
from order_flow.integrations.tracking.client import TrackingClient
from order_flow.integrations.transport import AttemptRecord, Timeouts, Transport
from simulators.core import RunningServer, Store
from simulators.tracking import TrackingSimulator
from simulators.tracking.simulator import DEMO_KEY


@pytest.fixture(scope="session")
def tracking_server() -> Iterator[RunningServer]:
    """One stand-in for the whole run; use ``tracking``, which starts every test afresh."""
    store = Store(":memory:")
    with RunningServer(TrackingSimulator(store)) as server:
        yield server
    store.close()


class TrackingDesk:
    """What happens to parcels over there, and the faults of the service."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.url = server.url

    def happens(self, number: str, time: str, status: str, text: str, place: str = "") -> None:
        """Something happens to a parcel of carrier ``sf``."""
        event = {"carrier": "sf", "number": number, "time": time, "status": status, "text": text}
        self._post("tracking/event", {**event, "place": place})

    def arm(self, kind: str, **parameters: object) -> None:
        """The next question meets a fault."""
        self._post("faults", {"kind": kind, "endpoint": "tracks", "times": 1, "args": parameters})

    def _post(self, path: str, body: object) -> None:
        answer = requests.post(f"{self.url}/_admin/{path}", json=body, timeout=10)
        assert answer.ok, answer.text


@pytest.fixture
def tracking(tracking_server: RunningServer) -> TrackingDesk:
    """A stand-in on a free loopback port, without parcels and faults."""
    tracking_server.simulator.reset()
    return TrackingDesk(tracking_server)


@pytest.fixture
def tracking_attempts() -> list[AttemptRecord]:
    """Records of the calls."""
    return []


@pytest.fixture
def tracking_client(tracking: TrackingDesk, tracking_attempts: list[AttemptRecord]) -> TrackingClient:
    """The app's client with the demo key."""
    transport = Transport(
        "test", tracking_attempts.append, InProcessRateLimiter(10_000), Timeouts(connect=2, read=2)
    )
    return TrackingClient(tracking.url, DEMO_KEY, transport)
