"""Form Code: the code that the company's papers carry, editable, found by either code (R-108, K-11)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument


class FormCode(EntryDocument):
    """One form's label; rights and required fields are the definition's."""
