"""U8 Account: one ledger of 用友 U8, with its credentials and archive codes."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.outbox.accounts.checks import check_base_url, check_codes, resume_when_corrected
from order_flow.outbox.states import RowState

_KEY_FIELDS = tuple(f"define{number}" for number in (1, 2, 3, 8, 9, 10, 11, 12, 13, 14))
"""define4 and 6 hold dates, define5, 7, 15 and 16 numbers."""


_FIXED_WHILE_POSTING = ("posting_profile", "key_mode", "key_field")


class U8Account(EntryDocument):
    """Connection data; the secret is a Password field and never leaves the server."""

    key_field: str

    def validate(self) -> None:
        """A corrected account runs again by itself; the profile stays once money was posted by it."""
        check_base_url(self)
        check_codes(self, ("token_codes", "nothing_found_codes"))
        self._check_key_field()
        self._keep_profile()
        resume_when_corrected(
            self,
            ("base_url", "from_account", "to_account", "app_key", "app_secret", "ds_sequence", "enabled"),
        )

    def _check_key_field(self) -> None:
        """Only the user-defined fields of texts can carry the key (u8-openapi 2)."""
        self.key_field = (self.key_field or "").strip().lower()
        if self.key_field and self.key_field not in _KEY_FIELDS:
            frappe.throw(
                _("'{0}' cannot carry the key. Choose one of: {1}.").format(
                    self.key_field, ", ".join(_KEY_FIELDS)
                )
            )

    def _keep_profile(self) -> None:
        """The same money must never be posted by two profiles, nor searched for under another key (4)."""
        if self.is_new() or not any(self.has_value_changed(fieldname) for fieldname in _FIXED_WHILE_POSTING):
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
                    "Postings of this account are still under way, so its profile and the field and kind of "
                    "its key cannot change now. Wait until the outbox of the account is empty."
                )
            )
