"""Which events a customer hears of, by which channel, and that each is told once (R-064, R-112, R-166)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256
from typing import Final

from order_flow.domain.gates.model import GateCode
from order_flow.domain.money.payments import OUTGOING, WITHOUT_BANK, PaymentKind
from order_flow.domain.states import OrderState, OrderStep

KEY_PREFIX: Final = "customer-notice-"


class NoticeEvent(StrEnum):
    """What a customer is told."""

    CONFIRMED = "Order Confirmed"
    RETURNED = "Order Returned"
    EXCEPTION = "Order Exception"
    REVIEW_AGREED = "Review Agreed"
    REVIEW_REFUSED = "Review Refused"
    PAYMENT_CONFIRMED = "Payment Confirmed"
    PAYMENT_REJECTED = "Payment Rejected"
    DISPATCH_PLANNED = "Dispatch Planned"
    SHIPPED = "Order Shipped"
    SHORTAGE = "Goods Short"
    DELAYED = "Delivery Delayed"
    DELIVERY_PROBLEM = "Delivery Problem"
    CANCELLED = "Order Cancelled"
    RECEIVED = "Order Received by Customer"
    COMPLETED = "Order Completed"
    REST_DUE = "Rest Due"
    NOT_URGENT = "Urgency Declined"


class NoticeChannel(StrEnum):
    """How a customer wants to hear of his orders; another way of sending is another member."""

    E_MAIL = "E-mail"
    SMS = "SMS"
    WECOM = "WeCom"
    PHONE = "Phone"
    NONE = "None"


class Obstacle(StrEnum):
    """Why a person has to tell the customer."""

    WANTS_CALL = "The customer wants to be called."
    NO_ADDRESS = "No e-mail address is known; enter it on the customer."
    NO_NUMBER = "No number or WeCom ID is known; enter it on the customer."
    NO_SERVICE = "No messaging account sends this kind of message."
    NO_MAIL_ACCOUNT = "This site has no account for outgoing e-mail."
    NOT_ACCEPTED = "The address takes no e-mail from this site."
    NOT_DELIVERED = "The e-mail could not be delivered; correct the address."


EVENT_OF_STATE: Final[dict[OrderState, NoticeEvent]] = {
    OrderState.VOIDED: NoticeEvent.CANCELLED,
    OrderState.CANCELLED: NoticeEvent.CANCELLED,
    OrderState.RECEIVED: NoticeEvent.RECEIVED,
    OrderState.COMPLETED: NoticeEvent.COMPLETED,
}
"""States that an order's customer hears of, whichever step led there (R-370)."""


def event_of(step: OrderStep, target: OrderState) -> NoticeEvent | None:
    """Return what the customer hears of a step; None where it is no matter of his.

    Args:
        step: what was done.
        target: where the order stands now.
    """
    return EVENT_OF_STATE.get(target) or EVENT_OF_STEP.get(step)


EVENT_OF_STEP: Final[dict[OrderStep, NoticeEvent]] = {
    OrderStep.CONFIRM: NoticeEvent.CONFIRMED,
    OrderStep.RETURN_TO_ENTRY: NoticeEvent.RETURNED,
}
"""Steps of an order that its customer hears of (R-064); of goods he hears with each parcel (R-246, R-291)."""


PROBLEMS: Final[dict[GateCode, str]] = {
    GateCode.CUSTOMER_DATA_INCOMPLETE: "Your contact or delivery data are incomplete.",
    GateCode.CONTRACT_NUMBER_MISSING: "The number of the contract is missing.",
    GateCode.DIFFERS_FROM_AGREEMENT: "The order differs from what was offered to you.",
    GateCode.PRICE_NOT_AGREED: "A price differs from the one agreed with you.",
    GateCode.PAYMENT_DIFFERS: "The amount paid differs from the amount of the order.",
    GateCode.BELOW_MINIMUM_QUANTITY: "A quantity is below the agreed minimum.",
    GateCode.DATE_TOO_EARLY: "The wanted date is earlier than the agreed delivery time allows.",
    GateCode.NEW_PRODUCT_NOT_ACCEPTED: "A new product still needs your acceptance of our quotation.",
    GateCode.STOCK_NOT_AVAILABLE: "Some of the goods are not in stock at the moment.",
    GateCode.CONFIRMATION_NOT_PROVEN: "Your written confirmation is missing.",
    GateCode.DEPOSIT_MISSING: "The agreed deposit has not arrived yet.",
    GateCode.PREPAYMENT_MISSING: "The agreed prepayment has not arrived yet.",
    GateCode.LETTER_OF_CREDIT_MISSING: "The letter of credit has not arrived yet.",
}
"""What a customer is told of a failed check, in words for him. Other gates are matters of the company, as
are its reviews and the credit it grants: of those he hears nothing (R-064)."""


def problems_for_customer(failed: Iterable[GateCode]) -> tuple[str, ...]:
    """The problems of a failed check that concern the customer, in one fixed order, each once."""
    found = set(failed)
    return tuple(text for gate, text in PROBLEMS.items() if gate in found)


def obstacle(channel: NoticeChannel, address: str, *, can_send: bool) -> Obstacle | None:
    """Why nothing can carry a notice by itself.

    Args:
        channel: what the customer chose; not ``NONE``.
        address: e-mail address, number or id of that channel; empty where none is known.
        can_send: whether the site has an account for the channel.

    Returns:
        The first obstacle; None where the notice is sent (R-112, R-370).
    """
    if channel is NoticeChannel.PHONE:
        return Obstacle.WANTS_CALL
    by_mail = channel is NoticeChannel.E_MAIL
    if not address:
        return Obstacle.NO_ADDRESS if by_mail else Obstacle.NO_NUMBER
    if can_send:
        return None
    return Obstacle.NO_MAIL_ACCOUNT if by_mail else Obstacle.NO_SERVICE


def concerns_customer(kind: PaymentKind) -> bool:
    """Tell whether a movement is a payment the customer made and waits to hear of (R-166)."""
    return kind not in OUTGOING | WITHOUT_BANK


def notice_key(order: str, event: NoticeEvent, reference: str, moment: str = "") -> str:
    """The name of a notice: the same event has the same name, so that the database holds it once.

    Args:
        order: the order's name.
        event: what happened.
        reference: tells one such event of the order from the next, e.g. the payment's name.
        moment: where the customer may be told several times about the same paper: which time.
    """
    about = keys_about(order, event, reference)
    return f"{about}-{sha256(moment.encode()).hexdigest()[:8]}" if moment else about


def keys_about(order: str, event: NoticeEvent, reference: str) -> str:
    """Return how the names of all notices of an event about one paper begin; see ``notice_key``."""
    digest = sha256("|".join((order, event.value, reference)).encode()).hexdigest()
    return f"{KEY_PREFIX}{_SLUGS[event]}-{digest[:24]}"


def event_of_key(key: str) -> NoticeEvent | None:
    """The event in a notice's name; None where the name says none."""
    rest = key.removeprefix(KEY_PREFIX)
    return next((event for event, slug in _SLUGS.items() if rest.startswith(f"{slug}-")), None)


_SLUGS: Final = {event: event.name.lower().replace("_", "") for event in NoticeEvent}

_BEFORE_CONFIRMATION = frozenset(
    {NoticeEvent.EXCEPTION, NoticeEvent.RETURNED, NoticeEvent.REVIEW_AGREED, NoticeEvent.REVIEW_REFUSED}
)
_BEFORE_GOODS_LEAVE = _BEFORE_CONFIRMATION | {NoticeEvent.CONFIRMED, NoticeEvent.NOT_URGENT}
_BEFORE_RECEIPT = _BEFORE_GOODS_LEAVE | {
    NoticeEvent.DISPATCH_PLANNED,
    NoticeEvent.SHIPPED,
    NoticeEvent.SHORTAGE,
    NoticeEvent.DELAYED,
    NoticeEvent.REST_DUE,
}
_BEFORE_COMPLETION = _BEFORE_RECEIPT | {
    NoticeEvent.RECEIVED,
    NoticeEvent.PAYMENT_CONFIRMED,
    NoticeEvent.PAYMENT_REJECTED,
}
_ENDS: Final[dict[NoticeEvent, frozenset[NoticeEvent]]] = {
    NoticeEvent.EXCEPTION: frozenset({NoticeEvent.EXCEPTION}),
    NoticeEvent.RETURNED: frozenset(
        {NoticeEvent.EXCEPTION, NoticeEvent.RETURNED, NoticeEvent.REVIEW_AGREED, NoticeEvent.CONFIRMED}
    ),
    NoticeEvent.REVIEW_AGREED: frozenset(
        {NoticeEvent.REVIEW_AGREED, NoticeEvent.REVIEW_REFUSED, NoticeEvent.RETURNED}
    ),
    NoticeEvent.REVIEW_REFUSED: frozenset({NoticeEvent.REVIEW_AGREED, NoticeEvent.REVIEW_REFUSED}),
    NoticeEvent.CONFIRMED: _BEFORE_CONFIRMATION,
    NoticeEvent.SHIPPED: _BEFORE_GOODS_LEAVE,
    NoticeEvent.RECEIVED: _BEFORE_RECEIPT,
    NoticeEvent.COMPLETED: _BEFORE_COMPLETION,
    NoticeEvent.CANCELLED: _BEFORE_COMPLETION,
    NoticeEvent.REST_DUE: frozenset({NoticeEvent.REST_DUE}),
}
"""What a customer need not be told any more when he is told this: it is over, or the newer says it too.

Other calls end with their own paper: a shortage's with its answer, a case's with its end, a rest's with the
money."""

COMES_BACK: Final = frozenset({NoticeEvent.EXCEPTION, NoticeEvent.REST_DUE})
"""Events that may be over and be true again in the same words."""


def superseded_by(event: NoticeEvent) -> frozenset[NoticeEvent]:
    """The events of which nobody needs to tell the customer after this one."""
    return _ENDS.get(event, frozenset())
