"""Derives an order's figures from the facts stored about it: money, credit notes, shipments (design 3, K-05).

``read_facts`` asks the database what is stored, ``derive`` computes everything that follows; nothing is saved
here. ``flow/lifecycle/follow_facts`` calls both wherever a fact was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.money.delivery_clock import reached_on
from order_flow.domain.orders.money import OrderMoney
from order_flow.domain.orders.progress import delivery_status, shipped_value
from order_flow.domain.states import DeliveryStatus, OrderState, PaymentFamily
from order_flow.flow.terms.facts import stored_facts
from order_flow.flow.terms.plan import derive_due_date, derive_times, extras, line_key
from order_flow.flow.worth import company_worth

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

FIGURES = (
    "paid_amount",
    "payment_status",
    "delivery_status",
    "shipped_amount",
    "credited_amount",
    "refund_decided",
    "settlement_status",
    "deposit_received_on",
    "open_amount",
    "delivery_start",
    "response_days",
    "payment_due_date",
)
"""What facts change on an order."""


def money_of(order: Order) -> OrderMoney:
    """The money of an Order document, or of a row with its fields."""
    return OrderMoney(
        state=OrderState(order.workflow_state),
        family=PaymentFamily(order.payment_family),
        total=to_decimal(order.total),
        shipped=to_decimal(order.shipped_amount),
        paid=to_decimal(order.paid_amount),
        credited=to_decimal(order.credited_amount),
    )


def figures_of(order: Order) -> Mapping[str, Any]:
    """The derived figures as they stand on the document, to see whether facts changed them."""
    figures = {name: order.get(name) for name in FIGURES}
    return {**figures, "shipped": [line.shipped_quantity for line in order.items]}


def read_facts(order: Order) -> None:
    """Read what was paid, credited and shipped into the order's fields; ``derive`` follows.

    Args:
        order: the Order document, locked.
    """
    stored = stored_facts(order.name)
    order.paid_amount = float(sum((amount for _day, amount in stored.movements), ZERO))
    order.credited_amount = float(stored.credited)
    deposit = to_decimal(order.deposit_due)
    order.deposit_received_on = reached_on(stored.movements, deposit) if deposit > ZERO else None
    shipped = stored.shipped
    for line in order.items:
        line.shipped_quantity = float(shipped.get(line.name, ZERO))


def derive(order: Order) -> None:
    """Derive every figure from what is known on the document.

    Args:
        order: the Order document. Shipments are read only where something is open for goods that left.
    """
    ordered = {line_key(line): to_decimal(line.quantity) for line in order.items}
    gross = {line_key(line): to_decimal(line.gross) for line in order.items}
    shipped = {line_key(line): to_decimal(line.shipped_quantity) for line in order.items}
    delivery = delivery_status(ordered, shipped)
    order.delivery_status = delivery.value
    order.shipped_amount = float(shipped_value(ordered, shipped, gross, extras(order)))
    money = money_of(order)
    order.payment_status = money.payment_status.value
    order.settlement_status = money.settlement(delivery).value
    if money.surplus == ZERO:
        order.refund_decided = 0
    derive_open(order)
    derive_due_date(order)


def derive_from_content(order: Order, before: Order | None) -> None:
    """Derive the figures of an order whose content changed under its money or goods.

    Args:
        order: the Order document with its computed total.
        before: the order as it was; None for a new one. Facts are read only where the deposit that money may
            have reached is another one now.
    """
    if before is not None and order.paid_amount and order.deposit_due != before.deposit_due:
        read_facts(order)
    derive(order)


def derive_open(order: Order) -> None:
    """Derive what the order takes of the credit and from when its delivery time counts; no statement.

    Args:
        order: the Order document in its new state, with fresh sums.
    """
    owed = money_of(order).owed
    order.open_amount = float(company_worth(order, owed))
    derive_times(order)


def has_shipped(order: Order) -> bool:
    """Tell whether any goods have left."""
    return DeliveryStatus(order.delivery_status) is not DeliveryStatus.NOT_SHIPPED
