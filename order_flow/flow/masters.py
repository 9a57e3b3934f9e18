"""Reads the customer and the products of an order: two statements, however many lines it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import frappe


@dataclass(frozen=True, slots=True)
class Masters:
    """What the master data says about one order, read within its save.

    Args:
        customer_code: the customer the order names.
        customer: its row; None where there is none.
        product_codes: the products the order names.
        products: the rows of those that exist and are enabled, by their exact code.
    """

    customer_code: str
    customer: Any
    product_codes: frozenset[str]
    products: Mapping[str, Any]


def product_codes(order: Any) -> frozenset[str]:
    """The products an order names."""
    return frozenset(line.product for line in order.items if line.product)


def read_masters(order: Any) -> Masters:
    """Read customer and products; rights are not asked, an order taker need not read master data (R-013)."""
    codes = product_codes(order)
    customers = frappe.db.sql(
        """select name, customer_name, disabled, default_payment_term, sales_rep, trade, invoice_title, tax_number
        from `tabCustomer` where name = %s""",
        (order.customer,),
        as_dict=True,
    )
    products = (
        frappe.db.sql(
            """select name, product_name, specification, unit, tax_percent
            from `tabProduct` where name in %s and disabled = 0""",
            (tuple(sorted(codes)),),
            as_dict=True,
        )
        if codes
        else ()
    )
    return Masters(
        customer_code=order.customer or "",
        customer=customers[0] if customers else None,
        product_codes=codes,
        products={row.name: row for row in products},
    )


def masters_of(order: Any) -> Masters:
    """The master data of an order, read once in a save and again where the order names something else by now."""
    masters: Masters | None = order.flags.masters
    if (
        masters is None
        or masters.customer_code != (order.customer or "")
        or masters.product_codes != product_codes(order)
    ):
        masters = order.flags.masters = read_masters(order)
    return masters
