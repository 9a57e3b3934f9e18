"""Which tasks an order's facts ask for: one pure function, so that a task ends when its reason does.

``flow/lifecycle/follow_facts`` compares the answer before and after every save: what is wanted anew becomes
a task, what is not wanted any more is withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.message import Message
from order_flow.domain.orders.money import OrderMoney
from order_flow.domain.states import CALLED_OFF_STATES, OrderState, Role
from order_flow.domain.tasks.reasons import TaskReason


class StopInWdt(Enum):
    """What people have to do in WDT before an order is called off."""

    NOTHING = auto()
    """No cancellation is requested, nothing is left over there, or WDT stops it by itself."""
    INTERCEPT = auto()
    """WDT was asked when it had handed the goods to its warehouse already."""
    CANCEL_BY_HAND = auto()
    """A trade is left that no message can stop: its number is closed or sealed over there."""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What tasks about an order depend on."""

    order: str
    currency: str
    money: OrderMoney
    refund_decided: bool = False
    """Finance has decided to pay the surplus back."""
    rest_called_off: bool = False
    """Only what had left is still ordered: what was paid for the rest goes back."""
    stop_in_wdt: StopInWdt = StopInWdt.NOTHING
    """What WDT's people have to do about a requested cancellation."""


@dataclass(frozen=True, slots=True)
class WantedTask:
    """A task that the facts ask for; equal tasks say the same."""

    role: Role
    text: Message


_SURPLUS = (
    "Order {order} is overpaid by {amount} {currency}. Pay it back, keep it as the customer's balance, or "
    "transfer it to another order."
)
_PAY_BACK = "{amount} {currency} were paid too much for order {order}. Pay them back and record the refund."
_CALLED_OFF = (
    "Order {order} is cancelled and {amount} {currency} was received for it. Pay it back and record the "
    "refund."
)
_REST_CALLED_OFF = (
    "The rest of order {order} was called off, and {amount} {currency} were received for it. Pay that back "
    "and record the refund."
)
_MISSING = (
    "Order {order} was paid, and now {amount} {currency} are missing, because it was changed or money went "
    "back. It does not ship before they are received."
)


_CANCEL_IN_WDT = (
    "The cancellation of order {order} was requested, but WDT has reviewed it already and goes on with it. "
    "Stop it in WDT, or ship it there; the answer is read by itself."
)
_CANCEL_BY_HAND = (
    "Order {order} was called off, and no message can tell WDT of it any more: nobody waits for the goods of "
    "its trade. Cancel the trade in WDT, or ship it there if the goods are to leave all the same; the answer "
    "is read by itself."
)
_STOP: Mapping[StopInWdt, str] = {
    StopInWdt.INTERCEPT: _CANCEL_IN_WDT,
    StopInWdt.CANCEL_BY_HAND: _CANCEL_BY_HAND,
}


def wanted_tasks(facts: TaskFacts) -> dict[TaskReason, WantedTask]:
    """The tasks that an order's facts ask for now, by reason.

    Args:
        facts: the order's.

    Returns:
        Too much and too little money never stand side by side.
    """
    wanted = _money_tasks(facts)
    if (text := _STOP.get(facts.stop_in_wdt)) is not None:
        task = WantedTask(Role.WAREHOUSE, Message(text, order=facts.order))
        wanted[TaskReason.CANCEL_IN_WDT] = task
    return wanted


def _money_tasks(facts: TaskFacts) -> dict[TaskReason, WantedTask]:
    money = facts.money
    if money.surplus > ZERO:
        if money.state in CALLED_OFF_STATES:
            return {TaskReason.REFUND_DUE: _task(facts, _CALLED_OFF, money.surplus)}
        if facts.rest_called_off:
            return {TaskReason.REFUND_DUE: _task(facts, _REST_CALLED_OFF, money.surplus)}
        if facts.refund_decided:
            return {TaskReason.REFUND_DUE: _task(facts, _PAY_BACK, money.surplus)}
        return {TaskReason.SURPLUS: _task(facts, _SURPLUS, money.surplus)}
    if money.state is OrderState.PAID and money.missing > ZERO:
        return {TaskReason.MONEY_MISSING: _task(facts, _MISSING, money.missing)}
    return {}


def _task(facts: TaskFacts, template: str, amount: Decimal) -> WantedTask:
    text = Message(template, order=facts.order, amount=round_money(amount), currency=facts.currency)
    return WantedTask(Role.FINANCE, text)
