"""The codes under which customers and products are known in U8, where they differ from ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import frappe

from order_flow.domain.orders.facts import OrderFacts


def in_ledger_codes(orders: Sequence[OrderFacts]) -> list[OrderFacts]:
    """Orders with U8's codes instead of ours: two statements, however many orders.

    The codes are read when something is posted, so that a code corrected on the customer or product helps
    what waits already.

    Args:
        orders: the orders as they are here.

    Returns:
        The same orders in the same order; an order without codes of its own in U8 is unchanged.
    """
    customers = _codes("Customer", "u8_customer_code", {order.customer_code for order in orders})
    products = _codes(
        "Product", "u8_inventory_code", {line.product_code for order in orders for line in order.lines}
    )
    return [
        replace(
            order,
            customer_code=customers.get(order.customer_code, order.customer_code),
            lines=tuple(
                replace(line, product_code=products.get(line.product_code, line.product_code))
                for line in order.lines
            ),
        )
        for order in orders
    ]


def _codes(doctype: str, fieldname: str, names: set[str]) -> dict[str, str]:
    if not names:
        return {}
    rows = frappe.get_all(
        doctype,
        filters={"name": ("in", sorted(names)), fieldname: ("is", "set")},
        fields=["name", fieldname],
        as_list=True,
        limit_page_length=0,
    )
    return dict(rows)
