"""Who hears of what by which way, and that a notice has one name (R-064, R-112, R-166)."""

from __future__ import annotations

import pytest

from order_flow.defaults.flow_profiles import PROFILES, WEB_SHOP
from order_flow.domain.customers.notices import (
    EVENT_OF_STEP,
    KEY_PREFIX,
    PROBLEMS,
    NoticeChannel,
    NoticeEvent,
    Obstacle,
    concerns_customer,
    event_of_key,
    keys_about,
    notice_key,
    obstacle,
    problems_for_customer,
    superseded_by,
)
from order_flow.domain.gates.model import GateCode
from order_flow.domain.money.payments import PaymentKind
from order_flow.domain.states import OrderStep

_ADDRESS = "buyer@example.com"


@pytest.mark.parametrize(
    ("channel", "address", "can_mail", "expected"),
    [
        (NoticeChannel.E_MAIL, _ADDRESS, True, None),
        (NoticeChannel.E_MAIL, _ADDRESS, False, Obstacle.NO_MAIL_ACCOUNT),
        (NoticeChannel.E_MAIL, "", True, Obstacle.NO_ADDRESS),
        (NoticeChannel.E_MAIL, "", False, Obstacle.NO_ADDRESS),
        (NoticeChannel.PHONE, _ADDRESS, True, Obstacle.WANTS_CALL),
    ],
)
def test_the_way_of_a_notice(
    channel: NoticeChannel, address: str, can_mail: bool, expected: Obstacle | None
) -> None:
    """R-112: the customer's channel, and a person where it cannot carry the notice."""
    assert obstacle(channel, address, can_send=can_mail) is expected


def test_steps_that_customers_hear_of() -> None:
    """R-064: confirmed or returned; of goods they hear with each parcel (R-246)."""
    assert {step: event for step in OrderStep if (event := EVENT_OF_STEP.get(step))} == {
        OrderStep.CONFIRM: NoticeEvent.CONFIRMED,
        OrderStep.RETURN_TO_ENTRY: NoticeEvent.RETURNED,
    }


def test_only_the_customers_own_payments_are_told() -> None:
    """R-166: neither refunds nor movements that no bank statement shows."""
    told = {kind for kind in PaymentKind if concerns_customer(kind)}
    assert told == {
        PaymentKind.PAYMENT,
        PaymentKind.DEPOSIT,
        PaymentKind.BALANCE,
        PaymentKind.PREPAYMENT,
        PaymentKind.CASH_ON_DELIVERY,
    }


def test_a_notice_has_one_name() -> None:
    """The same event gives the same name; order, event and reference each make another."""
    key = notice_key("ORD-1", NoticeEvent.PAYMENT_CONFIRMED, "PAY-1")
    assert key == notice_key("ORD-1", NoticeEvent.PAYMENT_CONFIRMED, "PAY-1")
    others = {
        notice_key("ORD-2", NoticeEvent.PAYMENT_CONFIRMED, "PAY-1"),
        notice_key("ORD-1", NoticeEvent.PAYMENT_REJECTED, "PAY-1"),
        notice_key("ORD-1", NoticeEvent.PAYMENT_CONFIRMED, "PAY-2"),
    }
    assert key not in others and len(others) == 3


def test_the_web_shop_sends_none_until_it_is_switched_on() -> None:
    """V1.0 stays as it was; the written procedures tell their customers."""
    told = {name for name, parts in PROFILES.items() if parts.get("customer_notices")}
    assert told == set(PROFILES) - {WEB_SHOP}


def test_a_customer_hears_of_his_own_problems_only() -> None:
    """R-064: each once, in a fixed order, whatever order the gates were asked in."""
    price, deposit = GateCode.PRICE_NOT_AGREED, GateCode.DEPOSIT_MISSING
    failed = [GateCode.CREDIT_OVER_LIMIT, deposit, price, deposit]
    assert problems_for_customer(failed) == (PROBLEMS[price], PROBLEMS[deposit])
    assert problems_for_customer([GateCode.REVIEW_REFUSED, GateCode.ON_HOLD]) == ()


def test_a_name_tells_its_event() -> None:
    for event in NoticeEvent:
        assert event_of_key(notice_key("SO1", event, "1")) is event
        again = notice_key("SO1", event, "1", "2026-12-01 08:00:00")
        assert event_of_key(again) is event
        assert again.startswith(keys_about("SO1", event, "1"))
    assert event_of_key(f"{KEY_PREFIX}0a1b2c") is None


def test_every_call_ends() -> None:
    """By a newer notice; all before the order's end, and what may come after it ends with its own paper."""
    at_the_end = superseded_by(NoticeEvent.COMPLETED)
    assert set(NoticeEvent) - at_the_end == {
        NoticeEvent.COMPLETED,
        NoticeEvent.CANCELLED,
        NoticeEvent.DELIVERY_PROBLEM,
    }
    assert superseded_by(NoticeEvent.CANCELLED) == at_the_end
    assert NoticeEvent.EXCEPTION in superseded_by(NoticeEvent.CONFIRMED)
