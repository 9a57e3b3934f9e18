"""One message that the outside must hear; written by ``order_flow.outbox.sending.enqueue``, moved by the
relay."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from order_flow.api.endpoint import Verb, endpoint
from order_flow.flow.records.choices import choice
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending import interventions

IDENTITY = ("account_type", "account", "document_type", "document", "action", "revision")
"""A message is told once. The document stands before the action, so that the same index also answers which
row of a document comes first."""


class SyncOutbox(Document):
    """Read-only for people, except through the two functions below (R-352)."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.DynamicLink
        account_type: DF.Link
        action: DF.Data
        answer_digest: DF.SmallText | None
        attempts: DF.Int
        blocked_by: DF.Link | None
        document: DF.DynamicLink
        document_type: DF.Link
        done_at: DF.Datetime | None
        done_outside_by: DF.Link | None
        done_outside_reason: DF.SmallText | None
        first_attempt_at: DF.Datetime | None
        last_error: DF.SmallText | None
        last_error_kind: DF.Literal[
            "",
            "Transient",
            "Rate Limited",
            "Rejected",
            "Misconfigured",
            "Outcome Unknown",
            "Defect",
            "Worker Lost",
        ]
        lease_token: DF.Data | None
        lease_until: DF.Datetime | None
        name: DF.Int | None
        next_attempt_at: DF.Datetime | None
        outcome_unknown: DF.Check
        payload: DF.JSON | None
        polls: DF.Int
        progress: DF.JSON | None
        remote_reference: DF.Data | None
        revision: DF.Data
        state: DF.Literal["Pending", "Leased", "Waiting", "Unknown", "Done", "Dead", "Superseded"]
    # end: auto-generated types

    def onload(self) -> None:
        """Tell the form which earlier row of the document holds this one back."""
        self.set_onload("blocker", interventions.blocker_of(int(self.name or 0)))


def on_doctype_update() -> None:
    """Create the indexes: identity, what is due per account, and the rows of one document."""
    frappe.db.add_unique("Sync Outbox", list(IDENTITY), constraint_name="sync_outbox_identity")
    frappe.db.add_index(
        "Sync Outbox", ["account_type", "account", "state", "next_attempt_at"], "sync_outbox_due"
    )
    frappe.db.add_index("Sync Outbox", ["document_type", "document", "name"], "sync_outbox_document")


@endpoint(Verb.POST, of="Sync Outbox")
def send_again(names: list[int] | str) -> list[dict[str, object]]:
    """Release rows for sending now. See ``interventions.send_again``."""
    return interventions.send_again(_row_names(names))


@endpoint(Verb.POST, of="Sync Outbox")
def done_outside(names: list[int] | str, reason: str) -> list[dict[str, object]]:
    """Declare rows done by hand over there. See ``interventions.done_outside``."""
    return interventions.done_outside(_row_names(names), reason)


@endpoint(Verb.POST, of="Sync Outbox")
def resume(account_type: str, account: str) -> None:
    """Let a paused or resting account call again. See ``interventions.resume``."""
    interventions.resume(choice(AccountType, account_type, _("Account Type")).value, account)


def _row_names(names: list[int] | str) -> list[int]:
    return [int(name) for name in names or []]
