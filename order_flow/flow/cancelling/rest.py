"""Cuts what has not left off an order whose other goods are out; what was ordered stays kept as a version.

Sources: R-023, R-141, R-146 to R-151, requirements 2.1-D. Goods that are out are never shown as cancelled:
their debt stays, the courier's money is still taken, and the order reaches its end by its normal facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.calling_off import Reach, kept, reach_of, share, what_left
from order_flow.domain.goods.shortages import UNSETTLED, ShortageState
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.changes.projection import copied
from order_flow.flow.changes.versions import content_of, keep_version
from order_flow.flow.deliveries.following import follow_change
from order_flow.flow.lifecycle.follow_facts import recording_facts
from order_flow.flow.orders.entry import check_lines, compute_amounts
from order_flow.flow.outside import announce
from order_flow.flow.outside.facts import (
    parcels_of,
    parcels_only_here,
    quantities,
    shipped_quantities,
)
from order_flow.flow.records.order import record_event, save_internally
from order_flow.flow.shortages.decisions import end_shortages
from order_flow.flow.tasks.giving import end_task, keep_task
from order_flow.flow.terms.figures import derive_from_content

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

REST_EVENT = "Rest Called Off"
_NOTHING: Mapping[str, Decimal] = {}


def reach(order: Order, left_outside: Mapping[str, Decimal] = _NOTHING) -> Reach:
    """Return how much of an order can still be called off.

    Args:
        order: the Order document, locked.
        left_outside: quantity by line id that has left as WDT shows it, perhaps not read back yet.
    """
    return reach_of(quantities(order), what_left(shipped_quantities(order), left_outside))


def call_off_rest(
    order: Order, *, origin: Origin, answer: str, left_outside: Mapping[str, Decimal] = _NOTHING
) -> None:
    """Reduce an order to what has left, in the caller's transaction.

    The order's own discount is shared by value; freight and fees stay, since a parcel is on its way.

    Args:
        order: the Order document, locked; some of its goods have left, some not.
        origin: who called the rest off.
        answer: what WDT says, or why nobody had to be asked.
        left_outside: see ``reach``.
    """
    with recording_facts(order):
        before, before_content = copied(order), content_of(order)
        _cut(order, kept(quantities(order), what_left(shipped_quantities(order), left_outside)))
        derive_from_content(order, before)
        order.update({"cancel_requested": 0, "cancel_answer": answer, "rest_called_off": 1})
        order.flags.origin = origin
        # The framework refuses changed content of a submitted document; a change notice and this may (K-07).
        order.flags.ignore_validate_update_after_submit = True
        save_internally(order)
        follow_change(order)
        keep_version(order, before_content, "")
        _end_shortages(order, before)
        record_event(order, REST_EVENT, order.workflow_state, order.workflow_state, _words(order, before))
        _tell_warehouse(order, before, left_outside)
        end_task(order, TaskReason.CANCELLATION_REFUSED)


def _cut(order: Order, staying: Mapping[str, Decimal]) -> None:
    worth_before = _gross(order)
    for line in list(order.items):
        quantity = to_decimal(line.quantity)
        part = staying.get(line.name, ZERO)
        if not part:
            order.remove(line)
        elif part < quantity:
            line.discount = float(share(to_decimal(line.discount), part, quantity))
            line.quantity = float(part)
    for number, line in enumerate(order.items, 1):
        line.idx = number
    check_lines(order)
    discount, deposit = to_decimal(order.discount), to_decimal(order.deposit_amount)
    # Amounts without both first: either may be more than what is left of the order.
    order.update({"discount": 0, "deposit_amount": 0, "total": 0})
    compute_amounts(order)
    order.discount = float(share(discount, _gross(order), worth_before))
    order.total = 0
    compute_amounts(order)
    if deposit:
        order.deposit_amount = float(min(deposit, to_decimal(order.total)))
        compute_amounts(order)


def _gross(order: Order) -> Decimal:
    return sum((to_decimal(line.gross) for line in order.items), ZERO)


def _off(order: Order, before: Order) -> list[tuple[Any, Decimal]]:
    """Lines of the order as it was, with the quantity that was called off."""
    staying = quantities(order)
    parts = [(line, to_decimal(line.quantity) - staying.get(line.name, ZERO)) for line in before.items]
    return [(line, part) for line, part in parts if part > ZERO]


def _goods(order: Order, before: Order) -> str:
    return ", ".join(f"{line.product} × {part.normalize():f}" for line, part in _off(order, before))


def _words(order: Order, before: Order) -> str:
    reason = ": ".join(filter(None, (_(order.cancel_reason or ""), order.cancel_remark)))
    return ". ".join(filter(None, (reason, _goods(order, before), order.cancel_answer)))


def _end_shortages(order: Order, before: Order) -> None:
    """Goods that nobody waits for any more are not short."""
    lines = tuple(line.name for line, _part in _off(order, before))
    states = tuple(state.value for state in (*UNSETTLED, ShortageState.AGREED))
    filters = {"order_item": ("in", lines), "shortage_state": ("in", states)}
    names = frappe.get_all("Shortage", filters, pluck="name")
    if names:
        end_shortages(dict.fromkeys(names, order.name))


def _tell_warehouse(order: Order, before: Order, left_outside: Mapping[str, Decimal]) -> None:
    """WDT never changes quantities it took, so what is left is told as a new edition, or not at all."""
    if not order.wdt_account:
        return
    if not announce.is_known_there(order):
        announce.told_again(order, f"rest called off {order.modified}")
        return
    only_here = parcels_only_here(order.name)
    if not only_here:
        announce.seal(order)
    elif len(only_here) == _shipments(order.name) and not any(left_outside.values()):
        # WDT stopped all of it; the goods that left here are shipped there under their own number.
        announce.told_in_new_edition(order, before, f"rest called off {order.modified}")
    else:
        announce.seal(order)
        for name in only_here:
            shipment = frappe.get_doc("Shipment", name)
            # No trade is left over there that it could be shipped with.
            end_task(shipment, TaskReason.SHIP_IN_WDT)
            text = Message(
                "Shipment {0} left at the desk, and the rest of order {1} was called off in WDT. Book "
                "its goods out of WDT's stock by hand.",
                name,
                order.name,
            )
            keep_task(Role.WAREHOUSE, shipment, TaskReason.BOOK_OUT_BY_HAND, text)


def cancelled_after_leaving(order: Order) -> list[str]:
    """WDT cancelled the trade of goods that left at the desk: nobody can ship them over there any more.

    Args:
        order: the Order document; all of its trades are cancelled.

    Returns:
        The shipments whose goods the warehouse is asked to book out by hand, once for each.
    """
    names = parcels_only_here(order.name)
    for name in names:
        shipment = frappe.get_doc("Shipment", name)
        end_task(shipment, TaskReason.SHIP_IN_WDT)
        text = Message(
            "Shipment {0} of order {1} left at the desk, and WDT cancelled its trade, so it cannot be "
            "shipped there any more. Book its goods out of WDT's stock by hand, then close this task.",
            name,
            order.name,
        )
        key = f"{TaskReason.BOOK_OUT_BY_HAND}-{name}-cancelled"
        keep_task(Role.WAREHOUSE, shipment, TaskReason.BOOK_OUT_BY_HAND, text, key=key)
    return names


def _shipments(order: str) -> int:
    return int(frappe.db.count("Shipment", parcels_of(order)))
