"""Orders that wait although their own facts are complete: what held them was a fact of somebody else.

Every fact about an order ends in ``flow/lifecycle/follow_facts``. A customer's credit, a limit that ran out
or a policy that was changed belongs to no order, so those orders are looked for.
"""

from __future__ import annotations

import frappe

from order_flow.domain.states import ENTRY_STATES, DeliveryStatus, OrderState, PaymentFamily, PaymentStatus
from order_flow.flow.lifecycle.follow_facts import follow_facts
from order_flow.flow.records.order import locked_order
from order_flow.outbox.transaction import in_transaction

ORDERS_AT_ONCE = 500

_WAITING = """
    select name from `tabOrder`
    where workflow_state in %(before_goods)s and name > %(after)s
        and (delivery_status = %(shipped)s
            or (workflow_state = %(confirmed)s and payment_family = %(first)s and payment_status in %(paid)s))
    union
    select name from `tabOrder`
    where workflow_state in %(before_money)s and name > %(after)s
        and payment_family = %(later)s and payment_status in %(paid)s
    union
    select name from `tabOrder`
    where workflow_state in %(in_entry)s and wdt_accepted = 1 and name > %(after)s
    order by name limit %(limit)s
"""


def follow_waiting_orders() -> int:
    """Let every order follow its facts that could take a step by them; each in a transaction of its own.

    Returns:
        How many orders were looked at.
    """
    looked_at, after = 0, ""
    while names := _waiting(after):
        for name in names:
            _follow(name)
        looked_at, after = looked_at + len(names), names[-1]
    return looked_at


def _waiting(after: str) -> list[str]:
    rows = frappe.db.sql(
        _WAITING,
        {
            "before_goods": (OrderState.CONFIRMED.value, OrderState.PAID.value),
            "before_money": (OrderState.SHIPPED.value, OrderState.RECEIVED.value),
            "in_entry": tuple(state.value for state in ENTRY_STATES),
            "confirmed": OrderState.CONFIRMED.value,
            "shipped": DeliveryStatus.SHIPPED.value,
            "first": PaymentFamily.PAY_FIRST.value,
            "later": PaymentFamily.PAY_LATER.value,
            "paid": (PaymentStatus.PAID.value, PaymentStatus.OVERPAID.value),
            "after": after,
            "limit": ORDERS_AT_ONCE,
        },
    )
    return [str(name) for (name,) in rows]


def _follow(name: str) -> None:
    try:
        in_transaction(lambda: follow_facts(locked_order(name)))
    except frappe.ValidationError:
        # One order that cannot be saved, e.g. with a product that is gone, holds up no other.
        frappe.log_error(title=f"Order {name} could not follow its facts")
