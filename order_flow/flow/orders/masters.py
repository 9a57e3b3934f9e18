"""Reads what an order refers to: customer and products in one statement, however many lines it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import frappe

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

_USUAL_CURRENCY: Final = "CNY"


@dataclass(frozen=True, slots=True)
class Masters:
    """What the master data says about one order, read within its save.

    Args:
        customer_code: the customer the order names.
        customer: a row with its values; None where there is no such customer.
        product_codes: the products the order names.
        products: rows of those that exist and are enabled, by their exact code; empty without a customer.
    """

    customer_code: str
    customer: Any
    product_codes: frozenset[str]
    products: Mapping[str, Any]


def company_currency() -> str:
    """The currency in which the company keeps its books."""
    return str(frappe.defaults.get_global_default("currency") or _USUAL_CURRENCY)


def product_codes(order: Order) -> frozenset[str]:
    """The products an order names."""
    return frozenset(line.product for line in order.items if line.product)


def read_masters(order: Order) -> Masters:
    """Read customer and products; rights are not asked, an order taker need not read master data (R-013)."""
    codes = product_codes(order)
    rows = frappe.db.sql(
        """select customer.name as customer, customer_name, customer.disabled,
            customer.owner as customer_owner, default_payment_term, deposit_percent, due_rule, due_days,
            sales_rep, trade, region,
            framework_contract, contract_number, invoice_title, tax_number,
            product.name as product, product_name, specification, unit, tax_percent, product_type,
            product_state, discontinued,
            coalesce(nullif(contact.email_id, ''), customer.email) as email
        from `tabCustomer` customer
        left join `tabContact` contact on contact.name = %s
        left join `tabProduct` product on product.name in %s and product.disabled = 0
        where customer.name = %s""",
        (order.contact or "", tuple(sorted(codes)) or ("",), order.customer),
        as_dict=True,
    )
    return Masters(
        customer_code=order.customer or "",
        customer=rows[0] if rows else None,
        product_codes=codes,
        products={row.product: row for row in rows if row.product},
    )


def masters_of(order: Order) -> Masters:
    """The master data of an order, read once in a save unless the order names something else by now."""
    masters: Masters | None = order.flags.masters
    if (
        masters is None
        or masters.customer_code != (order.customer or "")
        or masters.product_codes != product_codes(order)
    ):
        masters = order.flags.masters = read_masters(order)
    return masters


def forget_masters(order: Order) -> None:
    """End the use of what was read: the document may be saved again, much later."""
    order.flags.masters = None


def unknown_links(order: Order) -> list[str]:
    """The links of an order that nobody has looked up: new ones besides customer and channel.

    Args:
        order: the Order document in the middle of a save.

    Returns:
        Field names; a code in another case than stored counts as unknown, the framework corrects it.
    """
    forget_masters(order)
    before = order.get_doc_before_save()
    fields = [df.fieldname for df in order.meta.get_link_fields() if order.get(df.fieldname)]
    if before is not None:
        fields = [field for field in fields if order.get(field) != before.get(field)]
    if not fields:
        return []
    known = _known_links(order)
    return [field for field in fields if order.get(field) != known.get(field)]


def _known_links(order: Order) -> dict[str, str]:
    """Links whose documents are at hand. The channel's own links cannot have been deleted meanwhile."""
    known = {}
    channel = frappe.get_cached_value(
        "Sales Channel", order.channel, ["name", "currency", "wdt_account", "u8_account"], as_dict=True
    )
    if channel:
        known = {**channel, "channel": channel.name}
    customer = masters_of(order).customer
    if customer:
        known["customer"] = customer.customer
    return known
