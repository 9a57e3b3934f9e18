"""Form Code: the code that the company's papers carry, editable, found by either code (R-108, K-11)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument


class FormCode(EntryDocument):
    """One form's label; rights and required fields are the definition's."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        alias: DF.Data | None
        code: DF.Data
        copies: DF.SmallText | None
        form: DF.Data
    # end: auto-generated types
