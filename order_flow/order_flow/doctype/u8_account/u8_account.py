"""U8 Account: one ledger of 用友 U8, with its credentials and archive codes."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.flow.accounts import check_base_url, resume_when_corrected
from order_flow.outbox.states import RowState


class U8Account(Document):
    """Connection data; the secret is a Password field and never leaves the server."""

    def validate(self) -> None:
        """A corrected account runs again by itself; the profile stays once money was posted by it."""
        check_base_url(self)
        self._keep_profile()
        resume_when_corrected(
            self,
            ("base_url", "from_account", "to_account", "app_key", "app_secret", "ds_sequence", "enabled"),
        )

    def _keep_profile(self) -> None:
        """The same money must never be posted by two profiles (u8-openapi 4)."""
        if self.is_new() or not self.has_value_changed("posting_profile"):
            return
        open_rows = frappe.db.exists(
            "Sync Outbox",
            {
                "account_type": self.doctype,
                "account": self.name,
                "state": ("not in", (RowState.DONE, RowState.SUPERSEDED)),
            },
        )
        if open_rows:
            frappe.throw(
                _(
                    "Postings of this account are still under way, so its profile cannot "
                    "change now. Wait until the outbox of the account is empty."
                )
            )
