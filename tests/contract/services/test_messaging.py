"""The messaging client against its stand-in over HTTP, with faults (R-370)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from order_flow.integrations.errors import Misconfigured, OutcomeUnknown, RateLimited, Rejected, Transient
from order_flow.integrations.messaging.client import MessagingClient
from order_flow.integrations.messaging.port import Medium, ShortMessage
from order_flow.integrations.rate_limit import InProcessRateLimiter
from order_flow.integrations.transport import AttemptRecord, Timeouts, Transport
from simulators.core import RunningServer
from simulators.messaging.simulator import DEMO_KEY
from tests.contract.services.messaging_fixtures import arm, client_with, sent

MESSAGE = ShortMessage("notice-1", Medium.SMS, "13800000000", "您的订单已发货")


def test_a_message_is_taken_once_for_each_reference(
    messaging: RunningServer, messaging_client: MessagingClient
) -> None:
    first = messaging_client.send(MESSAGE)
    assert messaging_client.send(MESSAGE) == first
    assert (
        messaging_client.send(replace(MESSAGE, reference="notice-2", medium=Medium.WECOM, to="wang")) != first
    )
    assert [row["medium"] for row in sent(messaging)] == ["sms", "wecom"]


@pytest.mark.parametrize(
    ("fault", "arguments"),
    [
        ("drop_after_commit", {}),
        ("http_5xx", {"when": "after"}),
        ("garbage", {}),
        ("garbage", {"mode": "html"}),
    ],
)
def test_a_lost_answer_makes_no_second_message(
    messaging: RunningServer, messaging_client: MessagingClient, fault: str, arguments: dict[str, object]
) -> None:
    """The service had it, we never heard: the same reference again is the same message."""
    arm(messaging, fault, **arguments)
    with pytest.raises(OutcomeUnknown):
        messaging_client.send(MESSAGE)
    messaging_client.send(MESSAGE)
    assert len(sent(messaging)) == 1


def test_a_refused_call_changes_nothing(messaging: RunningServer, messaging_client: MessagingClient) -> None:
    arm(messaging, "rate_limit")
    with pytest.raises(RateLimited):
        messaging_client.send(MESSAGE)
    assert sent(messaging) == []


@pytest.mark.parametrize(
    "message",
    [
        replace(MESSAGE, to="0756-8888888"),
        replace(MESSAGE, text="长" * 501),
    ],
)
def test_what_no_phone_could_receive_is_refused_for_good(
    messaging: RunningServer, messaging_client: MessagingClient, message: ShortMessage
) -> None:
    with pytest.raises(Rejected):
        messaging_client.send(message)
    assert sent(messaging) == []


def test_a_reference_is_not_used_for_another_message(
    messaging: RunningServer, messaging_client: MessagingClient
) -> None:
    messaging_client.send(MESSAGE)
    with pytest.raises(Rejected):
        messaging_client.send(replace(MESSAGE, text="另一条"))
    assert len(sent(messaging)) == 1


def test_a_wrong_key_is_for_an_operator_and_nothing_private_is_logged(
    messaging: RunningServer, messaging_client: MessagingClient, message_attempts: list[AttemptRecord]
) -> None:
    messaging_client.send(MESSAGE)
    with pytest.raises(Misconfigured):
        client_with(messaging, "wrong-key", message_attempts).send(MESSAGE)
    logged = "".join(
        f"{record.url}{record.request}{record.answer}{record.error}" for record in message_attempts
    )
    for private in (DEMO_KEY, "wrong-key", MESSAGE.to, MESSAGE.text):
        assert private not in logged


def test_nobody_there_is_asked_again_later(message_attempts: list[AttemptRecord]) -> None:
    limits = Timeouts(connect=1, read=1)
    transport = Transport("test", message_attempts.append, InProcessRateLimiter(100), limits)
    with pytest.raises(Transient):
        MessagingClient("http://127.0.0.1:1", DEMO_KEY, transport).send(MESSAGE)
