"""Links for customers: fingerprints, their time, the sentence that says nothing internal (R-298, R-380)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest

from order_flow.domain.customers.links import fingerprint_of, is_open, waits_for
from order_flow.domain.states import OrderState, PaymentFamily, Role

NOW = datetime(2026, 11, 26, 12)
HOUR = timedelta(hours=1)


def test_a_fingerprint_is_one_way_and_the_same_each_time() -> None:
    assert fingerprint_of("abc") == fingerprint_of("abc") != fingerprint_of("abd")
    assert "abc" not in fingerprint_of("abc")


@pytest.mark.parametrize(
    ("expires_at", "revoked", "opens"),
    [(NOW + HOUR, False, True), (NOW, False, False), (NOW - HOUR, False, False), (NOW + HOUR, True, False)],
)
def test_a_link_opens_until_its_end_or_until_it_is_revoked(
    expires_at: datetime, revoked: bool, opens: bool
) -> None:
    assert is_open(expires_at=expires_at, revoked=revoked, now=NOW) is opens


@pytest.mark.parametrize("state", list(OrderState))
def test_every_state_has_one_sentence_without_our_roles(state: OrderState) -> None:
    for family, paid, held, asked in product(PaymentFamily, (False, True), (False, True), (False, True)):
        sentence = waits_for(state, family, paid=paid, on_hold=held, cancel_requested=asked)
        assert sentence.endswith(".")
        assert not any(role.value in sentence for role in Role)


def test_the_most_important_thing_is_said() -> None:
    confirmed, first = OrderState.CONFIRMED, PaymentFamily.PAY_FIRST
    assert "payment" in waits_for(confirmed, first, paid=False, on_hold=False, cancel_requested=False)
    assert "preparing" in waits_for(confirmed, first, paid=True, on_hold=False, cancel_requested=False)
    assert "question" in waits_for(confirmed, first, paid=False, on_hold=True, cancel_requested=False)
    assert "called off" in waits_for(
        OrderState.CANCELLED, first, paid=False, on_hold=True, cancel_requested=True
    )
