"""Reads what is stored about an order beside it: money, credit notes, goods that left; one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import getdate

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE
from order_flow.domain.money.credit_notes import CreditNoteState
from order_flow.domain.money.payments import PaymentKind, PaymentRecord, signed

_PAID, _CREDITED, _SHIPPED = "paid", "credited", "shipped"


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What is stored about an order.

    Args:
        movements: day and signed amount of confirmed money.
        credited: what approved credit notes take off.
        shipped: quantities that have left the warehouse, by line id.
    """

    movements: Sequence[tuple[date, Decimal]]
    credited: Decimal
    shipped: dict[str, Decimal]


def stored_facts(order: str) -> StoredFacts:
    """Read the facts of an order with a lock.

    The lock on the order's row is not enough: a transaction that waited for it still reads the facts as they
    were when it began, and would lose what was stored meanwhile. Each part of the statement asks for its own
    lock. From the order's shipments to their lines by their index, however small the table is: a scan of all
    lines would lock those of other orders.

    Args:
        order: the order's name.
    """
    rows = frappe.db.sql(
        """(select %(is_paid)s, kind, received_on, amount from `tabOrder Payment`
            where order_id = %(order)s and status = %(confirmed)s lock in share mode)
        union all
        (select %(is_credited)s, null, null, amount from `tabCredit Note`
            where order_id = %(order)s and note_state = %(approved)s lock in share mode)
        union all
        (select %(is_shipped)s, item.order_item, null, sum(item.quantity) from `tabShipment` shipment
            straight_join `tabShipment Item` item force index (parent) on item.parent = shipment.name
            where shipment.order_id = %(order)s and shipment.shipment_state in %(left)s
                and shipment.delivery_case is null
            group by item.order_item lock in share mode)""",
        fact_values(order),
    )
    paid = [(kind, day, amount) for fact, kind, day, amount in rows if fact == _PAID]
    return StoredFacts(
        movements=[
            (getdate(day), signed(PaymentKind(kind), to_decimal(amount))) for kind, day, amount in paid
        ],
        credited=sum((to_decimal(amount) for fact, _key, _day, amount in rows if fact == _CREDITED), ZERO),
        shipped={line: to_decimal(quantity) for fact, line, _day, quantity in rows if fact == _SHIPPED},
    )


def fact_values(order: str) -> dict[str, object]:
    """Return the values of the statement that reads an order's facts."""
    return {
        "order": order,
        "is_paid": _PAID,
        "is_credited": _CREDITED,
        "is_shipped": _SHIPPED,
        "confirmed": PaymentRecord.CONFIRMED.value,
        "approved": CreditNoteState.APPROVED.value,
        "left": tuple(state.value for state in LEFT_WAREHOUSE),
    }
