"""What WDT shows, applied to our orders: followed where the policies allow, reported where they do not.

Every function runs in the caller's transaction, concerns one order, and changes nothing when told the same
twice (R-351).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import frappe
from frappe.utils import get_datetime, now_datetime

from order_flow.domain.amounts import to_decimal
from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.calling_off import Reach
from order_flow.domain.message import Message
from order_flow.domain.orders.outside_numbers import own_name, told_number
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    ENTRY_STATES,
    RECEIVED_STATES,
    SHIPPED_STATES,
    OrderState,
    OrderStep,
    Role,
)
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.cancelling.requests import cancelled_in_wdt, settle_cancellation
from order_flow.flow.cancelling.rest import cancelled_after_leaving, reach
from order_flow.flow.lifecycle.follow_facts import write_past
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order
from order_flow.flow.stock.reservations import known_outside
from order_flow.flow.tasks.giving import end_task, keep_task
from order_flow.integrations.wdt.port import SalesTrade
from order_flow.integrations.wdt.stages import WarehouseStage
from order_flow.integrations.wdt.state_map import (
    agrees,
    as_ours,
    cancelled_beside,
    is_accepted,
    left_without_rest,
    order_stage,
    site_meaning,
)
from order_flow.outbox.accounts.discrepancies import close_resolved
from order_flow.outbox.language import in_site_language
from order_flow.outbox.registry import AccountType, Action
from order_flow.outbox.sending.enqueue import hasten
from order_flow.outbox.states import DiscrepancyKind
from order_flow.site_time import stored
from order_flow.sync.disagreements import report
from order_flow.sync.wdt.recalls import STATE_ASPECT, follow_recalls
from order_flow.sync.wdt.stages import follow_trades

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

SETTLED_STATES = (*CALLED_OFF_STATES, *RECEIVED_STATES)
"""Orders whose goods WDT decides nothing about any more."""


def apply_trades(order_name: str, trades: Sequence[SalesTrade]) -> None:
    """Store where WDT stands with an order and follow what it decided first (R-017, R-023).

    Args:
        order_name: our order.
        trades: all sales trades with lines of it, as WDT shows them now.
    """
    order = locked_order(order_name)
    number = told_number(order_name, order.wdt_edition or 0)
    trades = [as_ours(trade, number) for trade in trades]
    stage = order_stage(trades)
    if stage is None or _is_overtaken(order, trades):
        return
    _remember(order, trades, stage)
    if order.cancel_requested:
        hasten(order.doctype, order.name, [Action.WDT_CANCELLATION])
    if follow_recalls(order, trades):
        order = locked_order(order_name)
    follow_trades(order, trades)
    _follow_stage(order, trades, stage)
    if site_meaning(stage).step is OrderStep.SHIP:
        _follow_cancelled_rest(locked_order(order_name), trades, number)
    _ask_about_cancelled_part(locked_order(order_name), trades, number)


def _follow_stage(order: Order, trades: Sequence[SalesTrade], stage: WarehouseStage) -> None:
    state = OrderState(order.workflow_state)
    if stage is WarehouseStage.UNKNOWN:
        report(order, DiscrepancyKind.UNKNOWN_STATE, STATE_ASPECT, _unknown_text(order, trades), trades)
    elif agrees(state, stage, trades):
        _close_agreed(order)
    elif stage is WarehouseStage.CANCELLED:
        _follow_cancellation(order, state, trades)
    elif state in ENTRY_STATES:
        _follow(order, trades, lambda: take_step(order, OrderStep.CONFIRM, origin=Origin.WDT, by_system=True))
    elif state in CALLED_OFF_STATES and site_meaning(stage).step is not None:
        text = Message(
            "Order {0} is {1} here, but WDT goes on with it ({2}). Stop it in WDT.",
            order.name,
            Message(state.value),
            Message(stage.value),
        )
        report(order, DiscrepancyKind.CONTRADICTION, STATE_ASPECT, text, trades)


def _newest_change(trades: Sequence[SalesTrade]) -> datetime | None:
    moments = [trade.modified for trade in trades if trade.modified is not None]
    return stored(max(moments)) if moments else None


def _is_overtaken(order: Order, trades: Sequence[SalesTrade]) -> bool:
    """Tell whether a newer answer of WDT was stored already: two readers, or one that was held up.

    WDT's times are whole seconds: answers of one second count as they come, the comparison finds the rest.
    """
    newest = _newest_change(trades)
    return bool(newest and order.wdt_changed_at and newest < get_datetime(order.wdt_changed_at))


def _remember(order: Order, trades: Sequence[SalesTrade], stage: WarehouseStage) -> None:
    """Facts no rule depends on: written past the document, so that nobody's open form goes stale."""
    values = {
        "wdt_trade_number": ", ".join(trade.trade_no for trade in trades)[:140],
        "wdt_trade_status": min(trade.status_code for trade in _alive(trades)),
        "wdt_accepted": int(is_accepted(trades)),
        "wdt_stage": stage.value,
        "wdt_changed_at": _newest_change(trades),
        "wdt_read_at": now_datetime(),
    }
    if not order.wdt_trade_number:
        known_outside(order.name)
    write_past(order, values)


def _alive(trades: Sequence[SalesTrade]) -> Sequence[SalesTrade]:
    return [trade for trade in trades if order_stage([trade]) is not WarehouseStage.CANCELLED] or trades


def _unknown_text(order: Order, trades: Sequence[SalesTrade]) -> Message:
    codes = ", ".join(f"{trade.trade_no}: {trade.status_code}" for trade in trades)
    return Message(
        "WDT shows order {0} in a state nobody told us about ({1}). Decide what it means.", order.name, codes
    )


def _cancelled_afterwards(order: Order) -> Message:
    """No step leads back from an order that was received; what is left to do is about its money."""
    state = Message(order.workflow_state)
    if reach(order) is Reach.WHOLE:
        return Message(
            "Order {0} is {1} here, WDT took its goods back and cancelled its trade: nothing of it is out. "
            "Pay the customer's money back, or send the goods with a new order, then resolve this with what "
            "was done.",
            order.name,
            state,
        )
    return Message(
        "Order {0} is {1} here, but WDT shows its trade as cancelled. Find out where the goods are.",
        order.name,
        state,
    )


def _left_at_the_desk(order: Order) -> Message | None:
    """What is said where all goods left at the desk and WDT never shipped them; None where it is not so."""
    if reach(order) is not Reach.NOTHING or not (shipments := cancelled_after_leaving(order)):
        return None
    return Message(
        "Order {0} is {1} here: its goods left at the desk ({2}), and WDT cancelled its trade. The warehouse "
        "books them out of WDT's stock by hand; resolve this when that is done.",
        order.name,
        Message(order.workflow_state),
        ", ".join(shipments),
    )


def _follow_cancellation(order: Order, state: OrderState, trades: Sequence[SalesTrade]) -> None:
    numbers = ", ".join(trade.trade_no for trade in trades)
    answer = in_site_language(Message("WDT shows the order as cancelled (trade {0}).", numbers))
    if order.cancel_requested:
        settle_cancellation(order.name, agreed=True, answer=answer)
        _close_agreed(order)
    elif state in SHIPPED_STATES and (state in RECEIVED_STATES or reach(order) is Reach.NOTHING):
        text = _left_at_the_desk(order) or _cancelled_afterwards(order)
        report(order, DiscrepancyKind.CONTRADICTION, STATE_ASPECT, text, trades)
    else:
        _follow(order, trades, lambda: cancelled_in_wdt(order, answer))


def _ordered(order: Order) -> dict[str, Decimal]:
    """Ordered quantity by the number that a line has over there."""
    edition = order.wdt_edition or 0
    return {told_number(line.name, edition): to_decimal(line.quantity) for line in order.items}


def _ask_about_cancelled_part(order: Order, trades: Sequence[SalesTrade], number: str) -> None:
    """Ask the order desk while WDT has cancelled a part and the rest waits to leave (R-023, R-034).

    Nothing says whether the customer still wants these goods. When the rest leaves first, the order is
    reduced to what is out.
    """
    off: dict[str, Decimal] = {}
    if not order.cancel_requested and OrderState(order.workflow_state) not in SETTLED_STATES:
        off = cancelled_beside(trades, number, _ordered(order))
    if not off:
        end_task(order, TaskReason.PART_CANCELLED_IN_WDT)
        return
    parts = {own_name(oid)[0]: part for oid, part in off.items()}
    goods = [
        f"{line.product} × {parts[line.name].normalize():f}" for line in order.items if line.name in parts
    ]
    text = Message(
        "WDT cancelled a part of order {0} ({1}) and goes on with the rest. Ask the customer: goods that he "
        "does without are taken off with a change notice; goods that he wants are put back in WDT by the "
        "warehouse.",
        order.name,
        ", ".join(goods),
    )
    keep_task(Role.ORDER_DESK, order, TaskReason.PART_CANCELLED_IN_WDT, text)


def _follow_cancelled_rest(order: Order, trades: Sequence[SalesTrade], number: str) -> None:
    """A part has left and WDT cancelled what had not: the order is reduced to what is out (R-023)."""
    if OrderState(order.workflow_state) in SETTLED_STATES:
        return
    ordered = _ordered(order)
    left = {own_name(oid)[0]: part for oid, part in left_without_rest(trades, number, ordered).items()}
    if not left or reach(order, left) is not Reach.REST:
        return
    answer = in_site_language(Message("WDT has shipped a part and cancelled the rest."))
    if order.cancel_requested:
        settle_cancellation(order.name, agreed=True, answer=answer, left=left)
    else:
        _follow(order, trades, lambda: cancelled_in_wdt(order, answer, left))


def _follow(order: Order, trades: Sequence[SalesTrade], act: Callable[[], None]) -> None:
    """Do what WDT did first; where a policy or a gate forbids it, a person decides (K-02)."""
    savepoint = "follow_wdt"
    frappe.db.savepoint(savepoint)
    try:
        act()
    except frappe.ValidationError as refusal:
        frappe.db.rollback(save_point=savepoint)
        frappe.clear_last_message()
        text = Message(
            "WDT went ahead with order {0}, and it cannot be followed here: {1}", order.name, refusal
        )
        report(order, DiscrepancyKind.CONTRADICTION, STATE_ASPECT, text, trades)
    else:
        _close_agreed(order)


def _close_agreed(order: Order) -> None:
    """The sides agree (again): what was reported about this order's state is settled."""
    for kind in (DiscrepancyKind.CONTRADICTION, DiscrepancyKind.UNKNOWN_STATE):
        close_resolved(
            kind, AccountType.WDT, order.wdt_account or "", order.doctype, order.name, STATE_ASPECT
        )
