"""Carrier: who carries goods, what it offers, how it is rated (R-285 to R-288)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument


class Carrier(EntryDocument):
    """Master data; the choice among carriers is in ``domain.carriers``."""
