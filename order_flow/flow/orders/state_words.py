"""Says an order's state in the words of an audience (R-028, K-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from order_flow.domain.orders.state_words import Audience, StateAlias, words_for
from order_flow.domain.states import OrderState

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

_CACHE_KEY = "order_flow_state_aliases"


def state_words(order: Order, audience: Audience, language: str) -> str:
    """The state of an order as an audience reads it; no statement once the table is in the cache.

    Args:
        order: the Order document.
        audience: who reads.
        language: the reader's language, e.g. ``zh``.

    Returns:
        The words of the company's table, or the translated name of the state.
    """
    return words_of_state(OrderState(order.workflow_state), audience, order.channel, language)


def words_of_state(state: OrderState, audience: Audience, channel: str, language: str) -> str:
    """Any state as an audience reads it, e.g. one that an order has left behind.

    Args:
        state: the state.
        audience: who reads.
        channel: the order's Sales Channel.
        language: the reader's language.
    """
    return words_for(_aliases(), audience, channel, language, state) or str(_(state.value, lang=language))


def forget_aliases() -> None:
    """The table changed: read it anew."""
    frappe.cache().delete_value(_CACHE_KEY)


def _aliases() -> list[StateAlias]:
    rows = frappe.cache().get_value(_CACHE_KEY, _read_rows)
    return [
        StateAlias(Audience(audience), channel or "", language, OrderState(state), words)
        for audience, channel, language, state, words in rows
    ]


def _read_rows() -> list[list[str]]:
    rows = frappe.get_all(
        "State Alias", fields=["audience", "sales_channel", "language", "state", "words"], as_list=True
    )
    return [list(row) for row in rows]
