"""Who hears of what by which way, and that a notice has one name (R-064, R-112, R-166)."""

from __future__ import annotations

import pytest

from order_flow.defaults.flow_profiles import PROFILES, WEB_SHOP
from order_flow.domain.customer_notices import (
    EVENT_OF_STEP,
    PROBLEMS,
    NoticeChannel,
    NoticeEvent,
    Obstacle,
    concerns_customer,
    notice_key,
    obstacle,
    problems_for_customer,
)
from order_flow.domain.gates.model import GateCode
from order_flow.domain.payments import PaymentKind
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
