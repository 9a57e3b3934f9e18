"""Brand: maintained here, since WDT's interface may lack it (R-348, R-349)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument


class Brand(EntryDocument):
    """A name that products carry; its spelling is the one that files and WDT use."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        brand_name: DF.Data
        disabled: DF.Check
        remark: DF.SmallText | None
    # end: auto-generated types

    def autoname(self) -> None:
        """Surrounding blanks would make another one of it."""
        self.brand_name = (self.brand_name or "").strip()
