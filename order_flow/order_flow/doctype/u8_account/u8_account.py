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

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account_name: DF.Data
        app_key: DF.Data
        app_secret: DF.Password
        base_url: DF.Data
        business_type: DF.Data
        calls_per_minute: DF.Int
        customer_class_code: DF.Data | None
        department_code: DF.Data
        ds_sequence: DF.Data | None
        enabled: DF.Check
        fees_item_code: DF.Data | None
        freight_item_code: DF.Data | None
        from_account: DF.Data
        key_field: DF.Data | None
        key_mode: DF.Literal["biz_id (Our Own Key)", "tradeid (From the Platform)"]
        nothing_found_codes: DF.Data | None
        pause_reason: DF.SmallText | None
        paused: DF.Check
        person_code: DF.Data | None
        posting_profile: DF.Literal["Sales Order", "Receivable + Receipt"]
        price_decimals: DF.Int
        receipt_subject_code: DF.Data | None
        receivable_subject_code: DF.Data | None
        resting_until: DF.Datetime | None
        revenue_subject_code: DF.Data | None
        row_field: DF.Literal["rowno (Present Documents)", "irowno (Older Documents)"]
        sale_type_code: DF.Data
        search_is_reliable: DF.Check
        settle_seconds: DF.Int
        settlement_style_code: DF.Data | None
        synchronous: DF.Check
        tax_subject_code: DF.Data | None
        tell_dispatch_date: DF.Check
        timeout_seconds: DF.Int
        to_account: DF.Data
        token_codes: DF.Data | None
        verify_documents: DF.Check
        without_proxy: DF.Check
    # end: auto-generated types

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
