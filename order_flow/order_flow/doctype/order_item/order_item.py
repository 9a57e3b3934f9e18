"""Order Item: one line of an order. Its key is what shipments and outside systems refer to."""

from __future__ import annotations

from frappe.model.document import Document

from order_flow.flow.records.child_rows import RowInsertedWithOthers
from order_flow.flow.records.entry_document import EntryRow
from order_flow.flow.records.guards import refuse_alone


class OrderItem(RowInsertedWithOthers, EntryRow, Document):
    """A line; products of all lines are checked in one query by the order (``flow/orders/entry``)."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        agreed_price: DF.Currency
        agreed_quantity: DF.Float
        agreed_specification: DF.Data | None
        amount: DF.Currency
        currency: DF.Link | None
        customer_product_code: DF.Data | None
        discount: DF.Currency
        gross: DF.Currency
        in_work_quantity: DF.Float
        invoiced_quantity: DF.Float
        is_gift: DF.Check
        label_requirement: DF.Data | None
        model: DF.Data | None
        packed_quantity: DF.Float
        packing: DF.Data | None
        parent: DF.Data
        parentfield: DF.Data
        parenttype: DF.Data
        product: DF.Link
        product_name: DF.Data | None
        promised_date: DF.Date | None
        purchased_quantity: DF.Float
        quantity: DF.Float
        remark: DF.SmallText | None
        requested_date: DF.Date | None
        shipped_quantity: DF.Float
        specification: DF.Data | None
        tax: DF.Currency
        tax_percent: DF.Percent
        unit: DF.Data | None
        unit_price: DF.Currency
    # end: auto-generated types

    def validate(self) -> None:
        """Called only where somebody saves the row by itself."""
        refuse_alone(self)

    def before_update_after_submit(self) -> None:
        """The same for a line of a confirmed order, whose ``validate`` the framework does not call."""
        refuse_alone(self)

    def on_trash(self) -> None:
        """Called only where somebody deletes the row by itself."""
        refuse_alone(self)

    def get_invalid_links(self, is_submittable: bool = False) -> tuple[list[object], list[object]]:
        """Leave the check of the links to the order, which asks once for all lines."""
        return [], []
