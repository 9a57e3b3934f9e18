"""What can be done about goods that are short, and who acts on it (R-259, R-260, K-20)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from order_flow.domain.states import Role


class ShortageState(StrEnum):
    """Where a shortage stands."""

    OPEN = "Open"
    ASKED = "Customer Asked"
    AGREED = "Agreed"
    REFUSED = "Refused"
    """Another decision is needed."""
    OVER = "Over"
    """The goods came, or nobody wants them any more."""


class Decision(StrEnum):
    """One list of all options of the written sources (K-20)."""

    WAIT = "Wait for a Later Delivery"
    TRANSFER = "Transfer From Another Place"
    PURCHASE = "Purchase"
    PRODUCE = "Produce"
    SUBSTITUTE = "Substitute Item"
    PARTIAL = "Partial Shipment"
    CANCEL = "Cancel Line and Refund"


UNSETTLED: Final = frozenset({ShortageState.OPEN, ShortageState.ASKED, ShortageState.REFUSED})
NEEDS_DATE: Final = frozenset({Decision.WAIT, Decision.TRANSFER, Decision.PURCHASE, Decision.PRODUCE})
"""The customer is told a day with these."""

OFFERS: Final[Mapping[Decision, str]] = {
    Decision.WAIT: "We deliver it later.",
    Decision.TRANSFER: "We fetch it from another place.",
    Decision.PURCHASE: "We order it for you.",
    Decision.PRODUCE: "We make it for you.",
    Decision.SUBSTITUTE: "We offer another item instead.",
    Decision.PARTIAL: "We send the rest now and this later.",
    Decision.CANCEL: "We take it out of the order and pay it back.",
}
"""The options in the customer's words."""

TASKS: Final[Mapping[Decision, tuple[Role, str]]] = {
    Decision.WAIT: (
        Role.ORDER_DESK,
        "The customer of order {order} waits for {missing} of {product} until {day}. Write a change notice "
        "for the new date.",
    ),
    Decision.TRANSFER: (
        Role.WAREHOUSE,
        "Order {order} lacks {missing} of {product}. Transfer it from another place until {day}.",
    ),
    Decision.PURCHASE: (
        Role.PURCHASING,
        "Order {order} lacks {missing} of {product}. Buy it so that it is here on {day}.",
    ),
    Decision.PRODUCE: (
        Role.PLANNING,
        "Order {order} lacks {missing} of {product}. Have it made so that it is here on {day}.",
    ),
    Decision.SUBSTITUTE: (
        Role.ORDER_DESK,
        "The customer of order {order} takes another item instead of {missing} of {product}. Write a change "
        "notice for the lines.",
    ),
    Decision.PARTIAL: (
        Role.LOGISTICS,
        "The customer of order {order} agrees to a part shipment: {missing} of {product} follow later.",
    ),
    Decision.CANCEL: (
        Role.ORDER_DESK,
        "The customer of order {order} does without {missing} of {product}. Write a change notice that takes "
        "it out; finance pays back what is too much then.",
    ),
}
"""What is done once the customer has agreed. A confirmed order changes on paper only (R-126): what concerns
its lines or dates becomes a change notice, never a silent edit."""
