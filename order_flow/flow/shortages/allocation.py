"""Gives the stock to the orders that want it: one order, or all that are confirmed at once (R-257, R-258).

Orders are locked first, then the stock figures, each in one order for everybody, as a confirmation does: the
two never claim the same piece, and never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.goods.allocation import (
    Allocation,
    AllocationKey,
    AllocationReason,
    LineClaim,
    OrderClaim,
    allocate,
)
from order_flow.domain.goods.stock import ReservationState
from order_flow.domain.orders.classes import Urgency
from order_flow.domain.orders.work_queue import QUEUED_STATES
from order_flow.flow.records.rows import insert_rows
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shortages.decisions import note_shortages
from order_flow.flow.stock.levels import locked_places
from order_flow.flow.stock.reservations import store_claims

RUN = "Allocation Run"
MOST_ORDERS = 5000
"""Of one run; the oldest confirmed ones come first, the rest waits for the next."""

_ORDERS = """
    select o.name, o.confirmed_at, o.promised_date, o.urgency, o.urgent_approved_at, o.province, o.city,
        o.total * o.exchange_rate as value, o.customer, o.wdt_trade_number,
        o.wdt_read_at, p.reservation_days
    from `tabOrder` o join `tabSales Channel` c on c.name = o.channel
    join `tabFlow Profile` p on p.name = c.flow_profile and p.reserve_stock = 1
    where o.workflow_state in %(states)s and o.on_hold = 0 and o.cancel_requested = 0 {which}
    order by o.confirmed_at, o.name limit {most}"""
_LINES = """
    select i.parent, i.name, i.product,
        i.quantity - coalesce(i.shipped_quantity, 0) - coalesce(held.quantity, 0)
    from `tabOrder Item` i left join (
        select order_item, sum(quantity) as quantity from `tabStock Reservation`
        where order_id in %(orders)s and reservation_state = %(active)s group by order_item
    ) held on held.order_item = i.name
    where i.parenttype = 'Order' and i.parent in %(orders)s order by i.parent, i.idx"""
_RATINGS = """
    select customer, substring_index(group_concat(overall order by year desc, quarter desc), ',', 1)
    from `tabCustomer Evaluation` where customer in %(customers)s and overall != '' group by customer"""


def run(
    keys: Sequence[AllocationKey],
    *,
    orders: Sequence[str] = (),
    whole_orders: bool = False,
    nearest_first: bool = False,
) -> Any:
    """Allocate once and keep the explanation.

    Args:
        keys: the strategy.
        orders: only these; all that are confirmed and not shipped where none is named.
        whole_orders: an order that cannot get everything gets nothing.
        nearest_first: warehouses near the receiver first.

    Returns:
        The Allocation Run document.

    Raises:
        StepRefused: no order waits for goods.
    """
    rows = _lock_orders(orders)
    claims = _claims(rows)
    if not claims:
        frappe.throw(
            _("No confirmed order waits for goods that are kept in stock. There is nothing to allocate."),
            StepRefused,
        )
    places = locked_places(line.product for claim in claims for line in claim.lines)
    answers = allocate(claims, places, keys, whole_orders=whole_orders, nearest_first=nearest_first)
    by_name = {row.name: row for row in rows}
    store_claims([(by_name[answer.order], answer) for answer in answers])
    return _keep(answers, keys, whole_orders=whole_orders, nearest_first=nearest_first)


def _lock_orders(orders: Sequence[str]) -> list[Any]:
    values = {"states": tuple(state.value for state in QUEUED_STATES), "orders": tuple(orders)}
    which = "and o.name in %(orders)s" if orders else ""
    found = frappe.db.sql(_ORDERS.format(which=which, most=MOST_ORDERS), values, as_dict=True)
    names = tuple(sorted(row.name for row in found))
    if not names:
        return []
    # One order of locks for everybody, and the state as it is now: it may have moved since the look above.
    still = set(
        frappe.db.sql_list(
            "select name from `tabOrder` where name in %(names)s and workflow_state in %(states)s"
            " order by name for update",
            {"names": names, **values},
        )
    )
    return [row for row in found if row.name in still]


def _claims(rows: Sequence[Any]) -> list[OrderClaim]:
    if not rows:
        return []
    values = {
        "orders": tuple(row.name for row in rows),
        "active": ReservationState.ACTIVE.value,
        "customers": tuple({row.customer for row in rows}),
    }
    ratings = dict(frappe.db.sql(_RATINGS, values))
    lines: dict[str, list[LineClaim]] = {}
    for order, line, product, quantity in frappe.db.sql(f"{_LINES} lock in share mode", values):
        if to_decimal(quantity) > ZERO:
            lines.setdefault(order, []).append(LineClaim(line, product, to_decimal(quantity)))
    return [
        OrderClaim(
            order=row.name,
            confirmed_at=row.confirmed_at or now_datetime(),
            lines=tuple(lines[row.name]),
            promised_on=row.promised_date,
            urgent=row.urgency == Urgency.URGENT and bool(row.urgent_approved_at),
            rating=ratings.get(row.customer) or "",
            value=to_decimal(row.value),
            province=row.province or "",
            city=row.city or "",
        )
        for row in rows
        if row.name in lines
    ]


def _keep(answers: Sequence[Allocation], keys: Sequence[AllocationKey], **policy: bool) -> Any:
    judged = [answer for answer in answers if answer.reason is not AllocationReason.NOT_KEPT]
    document = frappe.get_doc(
        {
            "doctype": RUN,
            "run_at": now_datetime(),
            "run_by": frappe.session.user,
            # Stored in English as every list of choices; the list and the form show it in the reader's words.
            "strategy": ", ".join(key.value for key in keys),
            "orders": len({answer.order for answer in answers}),
            "lines_allocated": sum(1 for answer in judged if answer.short == ZERO),
            "lines_short": sum(1 for answer in judged if answer.short > ZERO),
            **{name: int(value) for name, value in policy.items()},
        }
    ).insert(ignore_permissions=True)  # whoever may run it was checked by the caller
    _keep_lines(document, answers)
    note_shortages(document.name, answers)
    return document


def _keep_lines(document: Any, answers: Sequence[Allocation]) -> None:
    now, user = now_datetime(), frappe.session.user
    columns = ["name", "creation", "modified", "owner", "modified_by", "parent", "parenttype", "parentfield"]
    columns += ["idx", "order_id", "order_item", "product", "wanted", "allocated", "short", "warehouses"]
    columns += ["reason"]
    insert_rows(
        "Allocation Run Line",
        columns,
        [
            (
                frappe.generate_hash(length=10), now, now, user, user, document.name, RUN, "lines", number,
                answer.order, answer.line, answer.product, float(answer.wanted),
                float(answer.wanted - answer.short), float(answer.short), _warehouses(answer.taken),
                _(answer.reason.value),
            )
            for number, answer in enumerate(answers, 1)
        ],
    )  # fmt: skip


def _warehouses(taken: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{warehouse}: {quantity.normalize():f}" for warehouse, quantity in taken.items())
