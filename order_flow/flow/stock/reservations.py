"""Stock set aside for confirmed orders: claimed once, given back when it is not wanted any more (R-264).

One function fits an order's reservations to what its lines still want; whatever changes an order calls it.
Rows of stock figures are locked in one order for everybody, so that two orders never claim the same piece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import add_days, now_datetime

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.goods.allocation import Allocation, LineClaim, OrderClaim, allocate
from order_flow.domain.goods.quantities import still_open
from order_flow.domain.goods.stock import ReservationState, reduced, used_up
from order_flow.domain.states import OrderState
from order_flow.flow.profiles import profile_of
from order_flow.flow.records.rows import insert_rows
from order_flow.flow.stock.levels import locked_places

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

Piles = dict[tuple[str, str], Decimal]
"""Quantity by product and warehouse."""

RESERVING_STATES = frozenset({OrderState.CONFIRMED, OrderState.PAID, OrderState.SHIPPED, OrderState.RECEIVED})
"""Where an order holds what has not left yet; an unconfirmed one has no claim."""


def fit_reservations(order: Order) -> list[Allocation]:
    """Fit an order's reservations to what its lines still want; nothing where the company does not reserve.

    Args:
        order: the Order document, locked or in the middle of its save.

    Returns:
        What the lines got that wanted something more.
    """
    profile = profile_of(order)
    if not profile.reserve_stock:
        return []
    wanted = _wanted(order)
    held = frappe.db.sql(
        """select name, order_item, quantity from `tabStock Reservation`
        where order_id = %s and reservation_state = %s order by creation, name for update""",
        (order.name, ReservationState.ACTIVE.value),
    )
    changes, missing = reduced([(name, line, to_decimal(quantity)) for name, line, quantity in held], wanted)
    _change(changes, _end_of(order))
    if not missing:
        return []
    products = {line.name: line.product for line in order.items}
    lines = tuple(LineClaim(line, products[line], quantity) for line, quantity in missing.items())
    claim = OrderClaim(order.name, order.confirmed_at or now_datetime(), lines)
    places = locked_places(line.product for line in lines)
    keys = ("name", "wdt_trade_number", "wdt_read_at")
    holder = frappe._dict({key: order.get(key) for key in keys}, reservation_days=profile.reservation_days)
    answers = list(allocate([claim], places))
    store_claims([(holder, answer) for answer in answers])
    return answers


def use_reservations(order: str, leaving: Mapping[str, Decimal]) -> Piles:
    """Take goods that leave off what the order holds: a piece that is gone is not kept for it as well.

    Args:
        order: the order's name.
        leaving: quantity by line id.

    Returns:
        Where the pieces stood that were held.
    """
    rows = frappe.db.sql(
        """select name, order_item, quantity, product, warehouse from `tabStock Reservation`
        where order_id = %s and reservation_state = %s order by creation, name for update""",
        (order, ReservationState.ACTIVE.value),
    )
    held = {name: (line, to_decimal(quantity)) for name, line, quantity, *_place in rows}
    taken = used_up([(name, *claim) for name, claim in held.items()], leaving)
    _change({name: held[name][1] - part for name, part in taken.items()}, ReservationState.ISSUED)
    piles: Piles = {}
    for name, _line, _quantity, product, warehouse in rows:
        if name in taken:
            piles[product, warehouse] = piles.get((product, warehouse), ZERO) + taken[name]
    return piles


def _wanted(order: Order) -> dict[str, Decimal]:
    if OrderState(order.workflow_state) not in RESERVING_STATES:
        return {}
    open_lines = {
        line.name: still_open(to_decimal(line.quantity), to_decimal(line.shipped_quantity))
        for line in order.items
    }
    return {line: quantity for line, quantity in open_lines.items() if quantity > ZERO}


def _end_of(order: Order) -> ReservationState:
    """Why a reservation ends: its goods have left, or nobody wants them any more."""
    called_off = OrderState(order.workflow_state) not in RESERVING_STATES
    return ReservationState.RELEASED if called_off else ReservationState.ISSUED


def _change(changes: Mapping[str, Decimal], end: ReservationState) -> None:
    if not changes:
        return
    cases = " ".join(["when %s then %s"] * len(changes))
    pairs = [value for name, quantity in changes.items() for value in (name, float(quantity))]
    # A reservation that ends keeps its quantity: it tells what was held.
    ended = tuple(name for name, quantity in changes.items() if quantity == ZERO) or ("",)
    frappe.db.sql(
        f"""update `tabStock Reservation` set
            reservation_state = if(name in %s, %s, reservation_state),
            quantity = if(name in %s, quantity, case name {cases} else quantity end),
            modified = %s
        where name in %s""",
        (ended, end.value, ended, *pairs, now_datetime(), tuple(changes)),
    )


def store_claims(claims: Sequence[tuple[Any, Allocation]]) -> None:
    """Write claims of one or of many orders, many in one statement.

    Args:
        claims: an order (with ``name``, ``wdt_trade_number``, ``wdt_read_at`` and ``reservation_days``) and
            what one of its lines got; a line that got nothing makes no claim.
    """
    now, user = now_datetime(), frappe.session.user
    columns = ["name", "creation", "modified", "owner", "modified_by", "order_id", "order_item", "product"]
    columns += ["warehouse", "quantity", "reservation_state", "expires_at", "known_outside_since"]
    insert_rows(
        "Stock Reservation",
        columns,
        [
            (
                frappe.generate_hash(length=10), now, now, user, user, order.name, answer.line,
                answer.product, warehouse, float(quantity), ReservationState.ACTIVE.value,
                add_days(now, order.reservation_days) if order.reservation_days else None,
                order.wdt_read_at if order.wdt_trade_number else None,
            )
            for order, answer in claims
            for warehouse, quantity in answer.taken.items()
        ],
    )  # fmt: skip


def known_outside(order: str) -> None:
    """WDT shows the order as a trade for the first time: from now on its figures leave our claim out."""
    frappe.db.sql(
        """update `tabStock Reservation` set known_outside_since = %s
        where order_id = %s and known_outside_since is null and reservation_state = %s""",
        (now_datetime(), order, ReservationState.ACTIVE.value),
    )


def expire_reservations() -> None:
    """Job: end the reservations whose time has passed, all at once; the order's claim is gone then."""
    frappe.db.sql(
        """update `tabStock Reservation` set reservation_state = %s, modified = %s
        where reservation_state = %s and expires_at < %s""",
        (
            ReservationState.EXPIRED.value,
            now_datetime(),
            ReservationState.ACTIVE.value,
            now_datetime(),
        ),
    )
