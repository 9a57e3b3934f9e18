"""Tracking Account: a service that tells where parcels are (R-297)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.outbox.accounts.checks import check_base_url, resume_when_corrected


class TrackingAccount(EntryDocument):
    """Connection data; the key is a Password field and never leaves the server."""

    def validate(self) -> None:
        """A corrected account runs again by itself."""
        check_base_url(self)
        resume_when_corrected(self, ("base_url", "api_key", "enabled"))
