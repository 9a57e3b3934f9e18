"""What a clerk reads of a message that did not arrive: in his language, with what happens next (R-027)."""

from __future__ import annotations

import frappe
import pytest

from order_flow.domain.states import OrderState, PaymentFamily
from order_flow.flow.desk.outbox_words import outcome_words
from order_flow.flow.desk.why import why
from order_flow.outbox.states import ErrorKind, RowState
from tests.site.support.builders import WDT_CHANNEL, order_in

THEIRS = "该货品编号不存在"


@pytest.mark.usefixtures("site")
def test_a_refused_message_says_what_to_do_before_their_words() -> None:
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER, channel=WDT_CHANNEL)
    frappe.db.set_value(
        "Sync Outbox",
        {"document": order.name},
        {"state": RowState.DEAD, "last_error_kind": ErrorKind.REJECTED, "last_error": THEIRS},
    )
    frappe.local.lang = "zh"
    (text,) = [reason.text for reason in why(order).reasons if reason.code == "outbox_dead"]
    assert "对方拒绝了这条消息，请更正其指出的内容后重新发送。 该货品编号不存在" in text


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("kind", ErrorKind)
def test_every_outcome_has_words_of_its_own(kind: ErrorKind) -> None:
    frappe.local.lang = "zh"
    said = {outcome_words(each, None) for each in ErrorKind}
    assert len(said) == len(ErrorKind)
    assert not any(letter.isascii() and letter.isalpha() for letter in outcome_words(kind, ""))


@pytest.mark.usefixtures("site")
def test_a_message_that_was_not_tried_yet_waits_for_its_turn() -> None:
    assert outcome_words(None, None) == "waiting for its turn"
