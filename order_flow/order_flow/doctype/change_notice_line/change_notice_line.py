"""Change Notice Line: one thing that a notice changes, as from and to."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class ChangeNoticeLine(EntryRow, Document):
    """A row of a change notice."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        action: DF.Literal["Change", "Add Line", "Remove Line"]
        customer_product_code: DF.Data | None
        discount: DF.Float
        field_label: DF.Data | None
        fieldname: DF.Data | None
        is_gift: DF.Check
        item_label: DF.Data | None
        label_requirement: DF.Data | None
        model: DF.Data | None
        new_value: DF.SmallText | None
        old_value: DF.SmallText | None
        order_item: DF.Data | None
        packing: DF.Data | None
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        product: DF.Link | None
        promised_date: DF.Date | None
        quantity: DF.Float
        remark: DF.SmallText | None
        requested_date: DF.Date | None
        specification: DF.Data | None
        tax_percent: DF.Percent
        unit_price: DF.Float
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)
