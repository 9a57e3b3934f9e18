"""Product: what can be ordered. Brand and category are kept here, since WDT's goods lack them (R-348)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument


class Product(EntryDocument):
    """An article with its own fields; a synchronisation never blanks them (R-348, R-349)."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        barcode: DF.Data | None
        brand: DF.Link | None
        carton_seconds: DF.Int
        cartons_per_layer: DF.Int
        category: DF.Link | None
        cost_price: DF.Currency
        currency: DF.Link
        disabled: DF.Check
        discontinued: DF.Check
        drawing_number: DF.Data | None
        layer_seconds: DF.Int
        list_price: DF.Currency
        minimum_order_quantity: DF.Float
        piece_seconds: DF.Int
        pieces_per_carton: DF.Int
        product_code: DF.Data
        product_name: DF.Data
        product_state: DF.Literal["Existing", "To Be Developed"]
        product_type: DF.Link | None
        quotation_accepted: DF.Check
        quotation_accepted_on: DF.Date | None
        quotation_number: DF.Data | None
        quotation_valid_until: DF.Date | None
        remark: DF.SmallText | None
        response_days: DF.Int
        safety_stock: DF.Float
        search_seconds: DF.Int
        specification: DF.Data | None
        tax_percent: DF.Percent
        u8_inventory_code: DF.Data | None
        unit: DF.Data
        weight: DF.Float
    # end: auto-generated types

    def validate(self) -> None:
        """Codes travel to WDT and U8, where surrounding blanks would make another article of it."""
        self.product_code = (self.product_code or "").strip()
        if self.quotation_accepted and not self.quotation_accepted_on:
            frappe.throw(_("Enter the day on which the customer accepted the quotation."))
