"""Sentences with values: one full stop at the end, whatever the value ends with."""

from __future__ import annotations

from decimal import Decimal

import pytest

from order_flow.domain.message import Message, one_stop
from order_flow.domain.money.credit_notes import CreditedLine, CreditRefused, credit_amount
from order_flow.domain.money.payments import PaymentRefused, surplus


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("短少：未收到：MUG: 2。。请处理。", "短少：未收到：MUG: 2。请处理。"),
        ("Damage: broken.. Settle it.", "Damage: broken. Settle it."),
        ("Why? broken!. Settle it.", "Why? broken! Settle it."),
        ("Bank, cash ...", "Bank, cash ..."),
        ("2.50 and 3.00.", "2.50 and 3.00."),
    ],
)
def test_a_sentence_ends_once(text: str, read: str) -> None:
    assert one_stop(text) == read


def test_a_message_ends_once_in_both_languages() -> None:
    message = Message("{0}: {1}. Settle it.", "Damage", "All wet.")
    assert message == "Damage: All wet. Settle it."
    assert message.in_words(lambda _text: "{0}：{1}。请处理。") == "Damage：All wet.请处理。"


def test_money_in_a_refusal_is_shown_to_the_cent() -> None:
    with pytest.raises(PaymentRefused) as refused:
        surplus(Decimal("100.0"), Decimal("1"))
    assert {name: str(value) for name, value in refused.value.params.items()} == {
        "paid": "1.00",
        "total": "100.00",
    }
    with pytest.raises(CreditRefused) as differs:
        credit_amount(Decimal("1.0"), [CreditedLine("L", Decimal(1), Decimal("2.0"))])
    assert str(differs.value.params["amount"]) == "1.00"
