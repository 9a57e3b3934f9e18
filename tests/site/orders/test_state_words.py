"""State Alias on the site: one stored state, each audience's words (R-028, K-01)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.defaults.state_aliases import CUSTOMER_WORDS
from order_flow.domain.orders.state_words import Audience
from order_flow.domain.states import OrderState, PaymentFamily
from order_flow.flow.orders.state_words import forget_aliases, state_words
from tests.site.support.builders import OFFLINE_CHANNEL, order_in


def alias(**values: Any) -> Any:
    """A row of the table."""
    row = {"doctype": "State Alias", "audience": "Customer", "language": "zh", "state": "Shipped"}
    return frappe.get_doc(row | values).insert()


@pytest.mark.parametrize("language", ["en", "zh", "zh-TW"])
def test_every_state_has_shipped_words(site: Any, language: str) -> None:
    """R-028: the words of the written sources, in all three languages."""
    forget_aliases()
    for state in OrderState:
        order = frappe._dict(workflow_state=state.value, channel=OFFLINE_CHANNEL)
        assert state_words(order, Audience.CUSTOMER, language) == CUSTOMER_WORDS[state][language]


def test_a_channel_has_its_own_words_at_once(site: Any) -> None:
    """A changed row is seen by the next reader; taken away, the general words stand again."""
    order = order_in(OrderState.SHIPPED, PaymentFamily.PAY_LATER)
    assert state_words(order, Audience.CUSTOMER, "zh") == "已发货"
    own = alias(sales_channel=OFFLINE_CHANNEL, words="商家已发货")
    assert state_words(order, Audience.CUSTOMER, "zh") == "商家已发货"
    own.delete()
    assert state_words(order, Audience.CUSTOMER, "zh") == "已发货"
    assert order.workflow_state == OrderState.SHIPPED


def test_without_words_the_states_name_stands(site: Any) -> None:
    """A partner without words of his own reads the translated name."""
    order = order_in(OrderState.UNCONFIRMED, PaymentFamily.PAY_LATER)
    assert state_words(order, Audience.PARTNER, "zh") == "未确认"


def test_two_answers_for_one_question_are_refused(site: Any) -> None:
    """A second row for the same audience, channel, language and state."""
    with pytest.raises(frappe.ValidationError, match="已发货"):
        alias(words="发走了")


def test_reading_costs_no_statement(site: Any) -> None:
    """Design 8: the table comes from the cache."""
    order = frappe._dict(workflow_state="Paid", channel=OFFLINE_CHANNEL)
    state_words(order, Audience.CUSTOMER, "zh")
    with recorded_statements() as statements:
        state_words(order, Audience.CUSTOMER, "zh")
    assert statements == []
