"""Every fact about an order ends here: figures are derived, the steps that facts decide are taken, tasks fit.

Two doors, and no third one. Whoever stores a fact beside the order (money, goods, a credit note, an override)
calls ``follow_facts``. Every save of the order itself, whoever saves it and whatever the way in, ends in
``follow_save``: the controller calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import frappe

from order_flow.domain.gates.model import Origin
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    ORDER,
    OrderState,
    OrderStep,
    PaymentFamily,
)
from order_flow.domain.tasks.of_orders import StopInWdt, TaskFacts, WantedTask, wanted_tasks
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.gates.judging import is_decided
from order_flow.flow.lifecycle.steps import origin_of, take_step
from order_flow.flow.records.order import save_internally
from order_flow.flow.stock.reservations import fit_reservations
from order_flow.flow.tasks.giving import end_given_task, keep_task
from order_flow.flow.terms.figures import FIGURES, derive, figures_of, money_of, read_facts
from order_flow.flow.terms.overdue import follow_overdue
from order_flow.integrations.wdt.codes import CLOSING_STATUSES, TradeStatus

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

_AUTOMATIC_STEPS = (OrderStep.CONFIRM, OrderStep.CONFIRM_PAYMENT, OrderStep.SHIP)
"""Steps that facts alone decide: WDT has accepted the order, the money is confirmed, the goods have left."""

_FLAGS = ("origin", "by_system", "step_remark", "system_fields_open", "ignore_permissions")
"""What an automatic step sets on the document for its own save only."""


def follow_facts(order: Order) -> None:
    """Derive an order from all facts stored about it and let it move on as far as they decide.

    Figures and the first step are saved together; the step's own save takes the next one.

    Args:
        order: the Order document, locked.
    """
    before, wanted_before = figures_of(order), _wanted(order)
    read_facts(order)
    derive(order)
    if OrderState(order.workflow_state) in CALLED_OFF_STATES:
        # The framework saves no cancelled document; money that comes or goes back is all that may change it.
        frappe.db.set_value(order.doctype, order.name, {name: order.get(name) for name in FIGURES})
        _fit_tasks(order, wanted_before, _wanted(order))
        follow_overdue(order)
        return
    if figures_of(order)["shipped"] != before["shipped"]:
        fit_reservations(order)
    if not _take_next_step(order) and figures_of(order) != before:
        save_internally(order)


def follow_save(order: Order) -> None:
    """After every save of an order: its tasks fit, and the next step that facts decide is taken.

    Args:
        order: the Order document, saved.
    """
    if (before := order.get_doc_before_save()) is not None:
        _fit_tasks(order, _wanted(before), _wanted(order))
        follow_overdue(order)
    if not order.flags.recording_facts:
        _take_next_step(order)


def write_past(order: Order, values: Mapping[str, Any]) -> None:
    """Store what an outside system shows past the document, so that nobody's open form goes stale.

    Args:
        order: the Order document, locked; gets the values as well, and its tasks fit them afterwards.
        values: by field name, all of ``guards.WRITTEN_PAST_THE_ORDER``.
    """
    before = _wanted(order)
    frappe.db.set_value(order.doctype, order.name, dict(values), update_modified=False)
    order.update(values)
    _fit_tasks(order, before, _wanted(order))


@contextmanager
def recording_facts(order: Order) -> Iterator[None]:
    """Store several things that belong together before the order moves on because of one of them.

    Args:
        order: the Order document, locked; saved inside as often as wanted. It follows at the end.
    """
    order.flags.recording_facts = True
    try:
        yield
    finally:
        order.flags.recording_facts = False
    _take_next_step(order)


def _take_next_step(order: Order) -> bool:
    """Take the step that stored facts have decided, if there is one; its save takes the one after it."""
    if (found := _next_automatic_step(order)) is None:
        return False
    step, origin = found
    flags = {name: order.flags.get(name) for name in _FLAGS}
    take_step(order, step, origin=origin, by_system=True)
    order.flags.update(flags)
    return True


def _next_automatic_step(order: Order) -> tuple[OrderStep, Origin] | None:
    state = OrderState(order.workflow_state)
    family = PaymentFamily(order.payment_family)
    for step in _AUTOMATIC_STEPS:
        if (transition := ORDER.by_step(step, state, family)) is None:
            continue
        origin = origin_of(order, step)
        if step is OrderStep.CONFIRM and origin is Origin.SITE:
            continue  # people confirm here
        if is_decided(order, transition, origin):
            return step, origin
    return None


def _wanted(order: Order) -> dict[TaskReason, WantedTask]:
    return wanted_tasks(
        TaskFacts(
            order=order.name,
            currency=order.currency,
            money=money_of(order),
            refund_decided=bool(order.refund_decided),
            rest_called_off=bool(order.rest_called_off),
            stop_in_wdt=_stop_in_wdt(order),
        )
    )


def _stop_in_wdt(order: Order) -> StopInWdt:
    """Return what WDT's people have to do about a requested cancellation."""
    trade = order.wdt_trade_status or 0
    if not order.cancel_requested or not TradeStatus.CANCELLED < trade < TradeStatus.SHIPPED:
        return StopInWdt.NOTHING
    if order.wdt_sealed or order.wdt_pushed_status in CLOSING_STATUSES:
        # Its number takes nothing more: also before its review no message would stop the trade.
        return StopInWdt.CANCEL_BY_HAND
    return StopInWdt.INTERCEPT if trade >= TradeStatus.WAITING_FOR_HANDOVER else StopInWdt.NOTHING


def _fit_tasks(order: Order, before: dict[TaskReason, WantedTask], now: dict[TaskReason, WantedTask]) -> None:
    """Give and withdraw tasks where the facts changed; no statement where they did not."""
    for reason, task in now.items():
        if before.get(reason) != task:
            keep_task(task.role, order, reason, task.text)
    for reason in before.keys() - now.keys():
        end_given_task(order, reason)
