"""Customer Link: that an order is shown to whoever holds an address, until when (R-298)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument


class CustomerLink(EntryDocument):
    """Written by ``flow.customer_links`` only; of the address itself a fingerprint is kept."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        expires_at: DF.Datetime | None
        last_used_at: DF.Datetime | None
        order_id: DF.Link
        purpose: DF.Literal["Tracking", "Receipt", "Shortage Answer"]
        revoked: DF.Check
        token_hash: DF.Data | None
    # end: auto-generated types
