"""Something on which the site, WDT and U8 do not agree, and what a person decided about it."""

from __future__ import annotations

import frappe
from frappe.model.document import Document

from order_flow.api.endpoint import Verb, endpoint
from order_flow.outbox.accounts import discrepancies


class SyncDiscrepancy(Document):
    """Raised by ``order_flow.outbox.accounts.discrepancies``; closed by a person or by the next
    comparison."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.DynamicLink | None
        account_type: DF.Link | None
        aspect: DF.Data | None
        document: DF.DynamicLink | None
        document_type: DF.Link | None
        first_seen: DF.Datetime | None
        kind: DF.Literal[
            "Missing in WDT",
            "Missing in U8",
            "Missing on Site",
            "Duplicate in U8",
            "State Differs",
            "Lines Differ",
            "Amount Differs",
            "Shipment Differs",
            "Contradiction",
            "Unknown State",
            "Unreadable Record",
            "Account Paused",
            "Needs Manual Step",
        ]
        last_seen: DF.Datetime | None
        name: DF.Int | None
        open_key: DF.Data | None
        payload: DF.Code | None
        resolution: DF.SmallText | None
        resolved_at: DF.Datetime | None
        resolved_by: DF.Link | None
        site_value: DF.Code | None
        state: DF.Literal["Open", "Resolved", "Dismissed"]
        summary: DF.SmallText | None
        times_seen: DF.Int
        u8_value: DF.Code | None
        wdt_value: DF.Code | None
    # end: auto-generated types

    def onload(self) -> None:
        """Tell the form which repairs this kind of discrepancy offers."""
        self.set_onload("repairs", discrepancies.repairs_of(self.kind))


def on_doctype_update() -> None:
    """Create the indexes for the open list and for the discrepancies of one document."""
    frappe.db.add_index("Sync Discrepancy", ["state", "kind", "last_seen"], "sync_discrepancy_open")
    frappe.db.add_index("Sync Discrepancy", ["document_type", "document"], "sync_discrepancy_document")


@endpoint(Verb.POST)
def resolve(name: int, resolution: str) -> None:
    """Close a discrepancy as settled. See ``discrepancies.resolve``."""
    discrepancies.resolve(name, resolution)


@endpoint(Verb.POST)
def dismiss(name: int, resolution: str) -> None:
    """Close a discrepancy as none. See ``discrepancies.dismiss``."""
    discrepancies.dismiss(name, resolution)


@endpoint(Verb.POST)
def repair(name: int, repair: str) -> str:
    """Carry out one of the offered repairs. See ``discrepancies.repair``."""
    return discrepancies.repair(name, repair)
