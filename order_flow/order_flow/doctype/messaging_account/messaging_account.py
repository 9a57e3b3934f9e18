"""Messaging Account: a service that carries short messages to customers (R-370)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.outbox.accounts.checks import check_base_url, resume_when_corrected


class MessagingAccount(EntryDocument):
    """Connection data; the key is a Password field and never leaves the server."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account_name: DF.Data
        api_key: DF.Password
        base_url: DF.Data
        calls_per_minute: DF.Int
        enabled: DF.Check
        pause_reason: DF.SmallText | None
        paused: DF.Check
        resting_until: DF.Datetime | None
        sends_sms: DF.Check
        sends_wecom: DF.Check
        timeout_seconds: DF.Int
    # end: auto-generated types

    def validate(self) -> None:
        """A corrected account runs again by itself."""
        check_base_url(self)
        resume_when_corrected(self, ("base_url", "api_key", "enabled"))
