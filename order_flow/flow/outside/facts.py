"""Reads order documents into the plain facts that rules, mappings and the reconciliation work on."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.goods.quantities import still_open
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE
from order_flow.domain.money.payments import WITHOUT_BANK, PaymentKind, PaymentRecord, signed
from order_flow.domain.orders.facts import LineFacts, OrderFacts, PaymentFacts, Receiver
from order_flow.domain.states import OrderState, PaymentFamily, PaymentStatus, PaymentTerm
from order_flow.site_time import aware

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def quantities(order: Order) -> dict[str, Decimal]:
    """Ordered quantity by line id."""
    return {line.name: to_decimal(line.quantity) for line in order.items}


def shipped_quantities(order: Order) -> dict[str, Decimal]:
    """Shipped quantity by line id, as stored on the lines."""
    return {line.name: to_decimal(line.shipped_quantity) for line in order.items}


def open_quantities(order: Order) -> dict[str, Decimal]:
    """Return what is still to be shipped, by line id; lines that are done are left out."""
    shipped = shipped_quantities(order)
    remaining = {line: still_open(quantity, shipped[line]) for line, quantity in quantities(order).items()}
    return {line: quantity for line, quantity in remaining.items() if quantity > ZERO}


def confirmed_payments(orders: Iterable[str]) -> dict[str, list[PaymentFacts]]:
    """Confirmed payments of several orders in one query; a refund counts negative.

    Args:
        orders: order names.

    Returns:
        Payments by order, oldest first; orders without any are missing.
    """
    rows = frappe.get_all(
        "Order Payment",
        filters={"order_id": ("in", list(orders)), "status": PaymentRecord.CONFIRMED.value},
        fields=["name", "order_id", "kind", "amount", "received_on", "method", "reference"],
        order_by="received_on, name",
        limit_page_length=0,
    )
    payments: dict[str, list[PaymentFacts]] = {}
    for row in rows:
        kind = PaymentKind(row.kind)
        received_on = aware(row.received_on)
        assert received_on is not None, "received_on is mandatory"
        payments.setdefault(row.order_id, []).append(
            PaymentFacts(
                payment_id=row.name,
                amount=signed(kind, to_decimal(row.amount)),
                received_on=received_on,
                method=row.method or "",
                reference=row.reference or "",
                by_bank=kind not in WITHOUT_BANK,
            )
        )
    return payments


def _line_facts(line: Any) -> LineFacts:
    return LineFacts(
        line_id=line.name,
        product_code=line.product,
        product_name=line.product_name or line.product,
        specification=line.specification or "",
        unit=line.unit or "",
        quantity=to_decimal(line.quantity),
        unit_price=to_decimal(line.unit_price),
        discount=to_decimal(line.discount),
        tax_percent=to_decimal(line.tax_percent),
        amount=to_decimal(line.amount),
        tax=to_decimal(line.tax),
        gross=to_decimal(line.gross),
        is_gift=bool(line.is_gift),
    )


def order_facts(order: Order, payments: Iterable[PaymentFacts] | None = None) -> OrderFacts:
    """Everything an outside system may need of one order.

    Args:
        order: the Order document with its lines.
        payments: its confirmed payments where the caller has read them already.

    Returns:
        The facts.
    """
    if payments is None:
        payments = confirmed_payments([order.name]).get(order.name, [])
    ordered_at = aware(order.ordered_at)
    assert ordered_at is not None, "ordered_at is mandatory"
    return OrderFacts(
        order_id=order.name,
        external_number=order.external_number or "",
        customer_order_number=order.customer_order_number or order.name,
        channel=order.channel,
        state=OrderState(order.workflow_state),
        payment_term=PaymentTerm(order.payment_term),
        family=PaymentFamily(order.payment_family),
        payment_status=PaymentStatus(order.payment_status),
        currency=order.currency,
        exchange_rate=to_decimal(order.exchange_rate),
        ordered_at=ordered_at,
        completed_at=aware(order.completed_at),
        customer_code=order.customer,
        customer_name=order.customer_name or "",
        receiver=Receiver(
            name=order.contact_person,
            province=order.province,
            city=order.city,
            district=order.district or "",
            address=order.address_line,
            mobile=order.mobile,
            phone=order.phone or "",
            postal_code=order.postal_code or "",
        ),
        lines=tuple(_line_facts(line) for line in order.items),
        freight=to_decimal(order.freight),
        other_fees=to_decimal(order.other_fees),
        discount=to_decimal(order.discount),
        total=to_decimal(order.total),
        payments=tuple(payments),
        tax_included=bool(order.tax_included),
        buyer_message=order.buyer_message or "",
        seller_memo=order.seller_memo or "",
    )


def parcels_of(order: str) -> dict[str, Any]:
    """Filters of what has left of an order; replacements are none of its ordered goods."""
    left = ("in", [state.value for state in LEFT_WAREHOUSE])
    return {"order_id": order, "shipment_state": left, "delivery_case": ("is", "not set")}


def parcels_only_here(order: str) -> list[str]:
    """Shipments of the desk that have left and that WDT has not shown yet."""
    names: list[str] = frappe.get_all(
        "Shipment", filters={**parcels_of(order), "confirmed_by_wdt": 0}, pluck="name", order_by="creation"
    )
    return names
