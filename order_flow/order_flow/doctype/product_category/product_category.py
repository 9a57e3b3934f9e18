"""Product Category: maintained here, since WDT's interface may lack it (R-348, R-349)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument


class ProductCategory(EntryDocument):
    """A name that products carry; its spelling is the one that files and WDT use."""

    category_name: str

    def autoname(self) -> None:
        """Surrounding blanks would make another one of it."""
        self.category_name = (self.category_name or "").strip()
