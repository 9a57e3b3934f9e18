"""Links that show one order to whoever holds them, and what is read there (R-298, R-303, R-380)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from order_flow.domain.states import CALLED_OFF_STATES, OrderState, PaymentFamily

TOKEN_BYTES: Final = 32


class LinkPurpose(StrEnum):
    """What the holder of a link may do."""

    TRACKING = "Tracking"
    """Look, and say what is wrong with goods that came (R-303, K-22)."""
    RECEIPT = "Receipt"
    """The same, and confirm that the goods came."""
    SHORTAGE = "Shortage Answer"
    """Look, and answer what is offered for goods that are short (K-20)."""


def fingerprint_of(token: str) -> str:
    """Return what is stored of a link: enough to know it again, not enough to make one."""
    return sha256(token.encode()).hexdigest()


def is_open(*, expires_at: datetime, revoked: bool, now: datetime) -> bool:
    """Tell whether a link still opens its page."""
    return not revoked and now < expires_at


_WAITS: Final[dict[OrderState, str]] = {
    OrderState.UNCONFIRMED: "We are checking your order.",
    OrderState.UNDER_REVIEW: "We are checking your order.",
    OrderState.CONFIRMED: "We are preparing your goods.",
    OrderState.PAID: "We are preparing your goods.",
    OrderState.SHIPPED: "Your goods are on their way.",
    OrderState.RECEIVED: "Your goods have arrived; the invoice is still open.",
    OrderState.COMPLETED: "Your order is finished. Thank you.",
    OrderState.VOIDED: "This order was called off.",
    OrderState.CANCELLED: "This order was called off.",
}
_WAITS_FOR_MONEY: Final = "We are waiting for your payment."
_CLARIFYING: Final = "A question is open; we will contact you."
_CALLING_OFF: Final = "Your wish to call the order off is being checked."


def waits_for(
    state: OrderState, family: PaymentFamily, *, paid: bool, on_hold: bool, cancel_requested: bool
) -> str:
    """One sentence for the customer: what happens next. It names neither roles nor reasons of the company.

    Args:
        state: where the order stands.
        family: whether money comes before the goods.
        paid: whether it is paid in full.
        on_hold: whether somebody stopped it.
        cancel_requested: whether it is to be called off.

    Returns:
        An English text to be translated.
    """
    if state in CALLED_OFF_STATES or state is OrderState.COMPLETED:
        return _WAITS[state]
    if cancel_requested:
        return _CALLING_OFF
    if on_hold:
        return _CLARIFYING
    if state is OrderState.CONFIRMED and family is PaymentFamily.PAY_FIRST and not paid:
        return _WAITS_FOR_MONEY
    return _WAITS[state]
