"""Which comes first for the orders of a file, payment or confirmation: `SEQUENCE=shop make demo`."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Final

from dev.demo.scenarios import PAID_AT_CHECKOUT, PAID_THEN_SHIPPED, Act
from dev.errors import HostError

VARIABLE: Final = "SEQUENCE"


class OrderSequence(StrEnum):
    """What comes first."""

    OFFICE = "office"
    """The back office confirms, then the customer pays."""
    SHOP = "shop"
    """The customer pays at checkout, then the back office confirms."""


STORY_OF: Final[dict[OrderSequence, tuple[Act, ...]]] = {
    OrderSequence.OFFICE: PAID_THEN_SHIPPED,
    OrderSequence.SHOP: PAID_AT_CHECKOUT,
}


def chosen_sequence() -> OrderSequence:
    """The sequence that the environment names; the office's where it names none.

    Raises:
        HostError: it names another one.
    """
    text = os.environ.get(VARIABLE) or OrderSequence.OFFICE
    try:
        return OrderSequence(text)
    except ValueError as error:
        known = " or ".join(OrderSequence)
        raise HostError(
            f"{VARIABLE}={text} is no sequence.", f"There is {known}.", f"E.g. {VARIABLE}=shop."
        ) from error
