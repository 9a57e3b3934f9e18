"""The words an audience reads for a state (R-028, K-01)."""

from __future__ import annotations

import pytest

from order_flow.domain.orders.state_words import Audience, StateAlias, words_for
from order_flow.domain.states import OrderState

ALIASES = (
    StateAlias(Audience.CUSTOMER, "", "zh", OrderState.SHIPPED, "已发货"),
    StateAlias(Audience.CUSTOMER, "", "en", OrderState.SHIPPED, "Shipped"),
    StateAlias(Audience.CUSTOMER, "Tmall", "zh", OrderState.SHIPPED, "卖家已发货"),
    StateAlias(Audience.PARTNER, "", "zh", OrderState.SHIPPED, "已出库"),
)


@pytest.mark.parametrize(
    "audience, channel, language, words",
    [
        (Audience.CUSTOMER, "Website", "zh", "已发货"),
        (Audience.CUSTOMER, "Tmall", "zh", "卖家已发货"),
        (Audience.CUSTOMER, "Tmall", "en", "Shipped"),
        (Audience.PARTNER, "Tmall", "zh", "已出库"),
        (Audience.PARTNER, "Tmall", "en", None),
    ],
)
def test_the_channels_own_words_come_first(
    audience: Audience, channel: str, language: str, words: str | None
) -> None:
    """R-028: by audience, channel and language; no guess from another language."""
    assert words_for(ALIASES, audience, channel, language, OrderState.SHIPPED) == words
    assert words_for(reversed(ALIASES), audience, channel, language, OrderState.SHIPPED) == words


def test_a_state_without_words() -> None:
    """The caller shows the state's own name then."""
    assert words_for(ALIASES, Audience.CUSTOMER, "Website", "zh", OrderState.PAID) is None
