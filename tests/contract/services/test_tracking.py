"""The tracking client against its stand-in over HTTP, with faults (R-297, R-300)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import requests

from order_flow.integrations.errors import Misconfigured, RateLimited, Transient
from order_flow.integrations.rate_limit import InProcessRateLimiter
from order_flow.integrations.tracking.client import TrackingClient
from order_flow.integrations.tracking.port import TrackingStatus
from order_flow.integrations.transport import AttemptRecord, Transport
from simulators.tracking.simulator import DEMO_KEY
from tests.contract.services.tracking_fixtures import TrackingDesk


def test_events_come_oldest_first_with_their_time_in_shanghai(
    tracking: TrackingDesk, tracking_client: TrackingClient
) -> None:
    tracking.happens("SF1", "2026-11-26 10:00:00", "in_transit", "到达广州", "广州")
    tracking.happens("SF1", "2026-11-25 18:00:00", "accepted", "已揽收")
    tracking.happens("SF2", "2026-11-26 11:00:00", "delivered", "已签收")
    found = tracking_client.events("sf", "SF1")
    assert [(event.status, event.text, event.place) for event in found] == [
        (TrackingStatus.ACCEPTED, "已揽收", ""),
        (TrackingStatus.IN_TRANSIT, "到达广州", "广州"),
    ]
    assert found[1].at == datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_parcel_that_nobody_knows_yet_has_no_events(tracking_client: TrackingClient) -> None:
    assert list(tracking_client.events("sf", "NEW")) == []


def test_a_word_that_nobody_told_us_about_is_unclear(
    tracking: TrackingDesk, tracking_client: TrackingClient
) -> None:
    """R-300: its text stays."""
    tracking.happens("SF1", "2026-11-26 10:00:00", "teleported", "瞬间移动")
    (event,) = tracking_client.events("sf", "SF1")
    assert (event.status, event.text) == (TrackingStatus.UNCLEAR, "瞬间移动")


@pytest.mark.parametrize(
    ("fault", "parameters", "error"),
    [
        ("drop_before", {}, Transient),
        ("drop_after_commit", {}, Transient),
        ("http_5xx", {}, Transient),
        ("garbage", {}, Transient),
        ("garbage", {"mode": "html"}, Transient),
        ("garbage", {"mode": "truncated"}, Transient),
        ("rate_limit", {}, RateLimited),
    ],
)
def test_a_failed_question_is_asked_again_later(
    tracking: TrackingDesk,
    tracking_client: TrackingClient,
    fault: str,
    parameters: dict[str, object],
    error: type[Exception],
) -> None:
    tracking.arm(fault, **parameters)
    with pytest.raises(error):
        tracking_client.events("sf", "SF1")
    assert list(tracking_client.events("sf", "SF1")) == []


def test_events_in_another_sequence_are_the_same(
    tracking: TrackingDesk, tracking_client: TrackingClient
) -> None:
    for hour in (8, 9, 10):
        tracking.happens("SF1", f"2026-11-26 {hour:02}:00:00", "in_transit", f"站{hour}")
    tracking.arm("reorder")
    assert [event.text for event in tracking_client.events("sf", "SF1")] == ["站8", "站9", "站10"]


def test_a_wrong_key_is_a_matter_for_an_operator_and_no_key_is_logged(
    tracking: TrackingDesk, tracking_client: TrackingClient, tracking_attempts: list[AttemptRecord]
) -> None:
    tracking_client.events("sf", "SF1")
    wrong = TrackingClient(
        tracking.url, "wrong-key", Transport("test", tracking_attempts.append, InProcessRateLimiter(100))
    )
    with pytest.raises(Misconfigured):
        wrong.events("sf", "SF1")
    logged = "".join(
        f"{record.url}{record.request}{record.answer}{record.error}" for record in tracking_attempts
    )
    assert DEMO_KEY not in logged
    assert "wrong-key" not in logged


@pytest.mark.parametrize(
    "query",
    [
        {"carrier": "sf", "key": DEMO_KEY},
        {"carrier": "", "number": "1", "key": DEMO_KEY},
        {"carrier": "sf", "number": "1", "key": DEMO_KEY, "phone": "138"},
    ],
)
def test_the_stand_in_refuses_what_is_not_in_the_contract(
    tracking: TrackingDesk, query: dict[str, str]
) -> None:
    answer = requests.get(f"{tracking.url}/tracks", params=query, timeout=10)
    assert answer.status_code == 400
