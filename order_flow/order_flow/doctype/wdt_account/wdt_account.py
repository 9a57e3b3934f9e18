"""WDT Account: one seller account of 旺店通, with its shop, credentials and limits."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.outbox.accounts.checks import check_base_url, check_codes, resume_when_corrected


class WDTAccount(EntryDocument):
    """Connection data; the secret is a Password field and never leaves the server."""

    def validate(self) -> None:
        """A corrected account runs again by itself."""
        check_base_url(self)
        check_codes(self, ("in_house_statuses", "stockout_statuses"))
        resume_when_corrected(
            self, ("base_url", "seller_account", "appkey", "appsecret", "shop_no", "enabled")
        )
