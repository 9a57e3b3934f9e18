"""The words in which an audience reads a state; one internal state is stored (R-028, K-01)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from order_flow.domain.states import OrderState


class Audience(StrEnum):
    """Who reads the words. Our own people read the states' names themselves."""

    CUSTOMER = "Customer"
    PARTNER = "Partner"


@dataclass(frozen=True, slots=True)
class StateAlias:
    """One row of a company's table.

    Args:
        audience: who reads it.
        channel: the Sales Channel it holds for, empty for all without a row of their own.
        language: the reader's language, e.g. ``zh-TW``.
        state: the stored state.
        words: what is read.
    """

    audience: Audience
    channel: str
    language: str
    state: OrderState
    words: str


def words_for(
    aliases: Iterable[StateAlias], audience: Audience, channel: str, language: str, state: OrderState
) -> str | None:
    """Find the words for a state, those of the channel before those for all channels.

    Args:
        aliases: the company's table.
        audience: who reads.
        channel: the order's Sales Channel.
        language: the reader's language.
        state: the stored state.

    Returns:
        The words, or None where the table has none and the state's own name stands.
    """
    fitting = {
        alias.channel: alias.words
        for alias in aliases
        if alias.audience is audience
        and alias.language == language
        and alias.state is state
        and alias.channel in (channel, "")
    }
    return fitting.get(channel, fitting.get(""))
