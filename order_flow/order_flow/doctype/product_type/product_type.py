"""Product Type: kinds of goods, with their letter in order numbers; WDT has none (R-098, R-349)."""

from __future__ import annotations

import string

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument


class ProductType(EntryDocument):
    """A kind of product."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        number_letter: DF.Data | None
        product_type: DF.Data
        remark: DF.SmallText | None
    # end: auto-generated types

    def validate(self) -> None:
        """One capital letter, which no other type has, or none."""
        self.number_letter = (self.number_letter or "").strip().upper() or None
        if not self.number_letter:
            return
        if self.number_letter not in string.ascii_uppercase:
            frappe.throw(
                _("'{0}' cannot stand in an order number. Enter one letter from A to Z.").format(
                    self.number_letter
                )
            )
        other = frappe.db.get_value(
            self.doctype, {"number_letter": self.number_letter, "name": ("!=", self.name)}
        )
        if other:
            frappe.throw(
                _("The letter {0} belongs to product type {1} already. Choose another letter.").format(
                    self.number_letter, other
                )
            )
