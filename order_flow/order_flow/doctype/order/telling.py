"""Who hears of an order that was entered or saved: its trail, clocks, departments, teams and WDT.

All in the transaction of the save; what leaves the site goes through the outbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from order_flow.domain.states import OrderStep
from order_flow.flow.cancelling.follow_up import follow_calling_off
from order_flow.flow.clocks.events import order_received, step_happened, tell_of_deposit
from order_flow.flow.deliveries.following import follow_step
from order_flow.flow.lifecycle.inbox import open_inbox, refresh_inbox
from order_flow.flow.notices.sending import step_taken
from order_flow.flow.orders.entry import content_changed
from order_flow.flow.orders.routing import route_to_team
from order_flow.flow.outside import announce
from order_flow.flow.records.order import record_event
from order_flow.flow.reviews.checklists import follow_order

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

CREATE_EVENT = "Create"
EDIT_EVENT = "Edit"


def tell_entry(order: Order) -> None:
    """Write down a new order, start its clocks and tell who waits for it.

    Args:
        order: the Order document that was just inserted.
    """
    record_event(order, CREATE_EVENT, None, order.workflow_state)
    order_received(order)
    open_inbox(order)
    route_to_team(order)
    announce.created(order)


def tell_save(order: Order) -> None:
    """Write down a step or an edit, wake who is next and tell the outside systems.

    Args:
        order: the Order document at the end of its save, with the transition that was checked.
    """
    if order.flags.in_insert:
        return
    tell_of_deposit(order)
    transition: Any = order.flags.transition
    if transition is None:
        _tell_edit(order)
        return
    record_event(order, transition.step.value, transition.source.value, transition.target.value)
    step_happened(order, transition.step)
    refresh_inbox(order, transition.source)
    follow_order(order, transition)
    follow_step(order, transition)
    follow_calling_off(order, transition)
    step_taken(order, transition)
    if transition.step is not OrderStep.CANCEL:
        announce.reached(order, transition.target)


def _tell_edit(order: Order) -> None:
    if order.docstatus == 0 and not order.flags.system_fields_open and content_changed(order):
        record_event(order, EDIT_EVENT, order.workflow_state, order.workflow_state)
        announce.edited(order, order.get_doc_before_save())
        follow_order(order, None)
        route_to_team(order)
