"""Stock Level: what a warehouse has of a product, with the moment the figure is of (R-254)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, now_datetime

from order_flow.domain.goods.stock import StockSource
from order_flow.flow.refusals import StepRefused
from order_flow.flow.stock.safety import tell_of_low_stock


class StockLevel(Document):
    """One figure; readers write many at once, see ``flow.stock_levels``."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        available: DF.Float
        physical: DF.Float
        product: DF.Link
        read_at: DF.Datetime | None
        source: DF.Literal["Hand", "WDT"]
        warehouse: DF.Link
    # end: auto-generated types

    def validate(self) -> None:
        """A figure by hand or by import: not negative, and of now; WDT's own are read, not typed."""
        if self.source == StockSource.WDT:
            frappe.throw(
                _("The stock of {0} in {1} is read from WDT. Correct it there.").format(
                    self.product, self.warehouse
                ),
                StepRefused,
            )
        for field in ("physical", "available"):
            if flt(self.get(field)) < 0:
                frappe.throw(
                    _("{0}: a stock is not below zero. Count again and enter what is there.").format(
                        _(self.meta.get_label(field))
                    ),
                    StepRefused,
                )
        if flt(self.available) > flt(self.physical):
            frappe.throw(
                _("Product {0}: more is available ({1}) than there is ({2}). Correct the quantities.").format(
                    self.product, self.available, self.physical
                ),
                StepRefused,
            )
        self.source = StockSource.HAND.value
        self.read_at = now_datetime()

    def on_update(self) -> None:
        """A count by hand tells of stock that ran low, as a reading does (R-255)."""
        tell_of_low_stock([self.product])


def on_doctype_update() -> None:
    """One figure for each product in each warehouse."""
    frappe.db.add_unique("Stock Level", ["product", "warehouse"], constraint_name="product_warehouse")
