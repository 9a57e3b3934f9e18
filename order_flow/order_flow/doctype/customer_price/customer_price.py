"""Customer Price: what a customer pays for a product by agreement (R-057, R-067)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from order_flow.flow.records.entry_document import EntryDocument


class CustomerPrice(EntryDocument):
    """One agreed price, with the minimum quantity and response time of the contract."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        currency: DF.Link
        customer: DF.Link
        minimum_order_quantity: DF.Float
        price: DF.Currency
        product: DF.Link
        quotation_number: DF.Data | None
        response_days: DF.Int
        valid_from: DF.Date
        valid_until: DF.Date | None
    # end: auto-generated types

    def validate(self) -> None:
        """A price above zero, for days that follow each other."""
        if not self.price:
            frappe.throw(_("Enter the price that was agreed; it must be above zero."))
        if self.valid_until and getdate(self.valid_until) < getdate(self.valid_from):
            frappe.throw(_("The price ends before it begins. Correct the days."))


def on_doctype_update() -> None:
    """One price for one customer, product, currency and first day; what a check looks up is one index."""
    frappe.db.add_unique(
        "Customer Price",
        ["customer", "product", "currency", "valid_from"],
        constraint_name="unique_customer_price",
    )
