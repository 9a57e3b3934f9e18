"""Customer Link: that an order is shown to whoever holds an address, until when (R-298)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument


class CustomerLink(EntryDocument):
    """Written by ``flow.customer_links`` only; of the address itself a fingerprint is kept."""
