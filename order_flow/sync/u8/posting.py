"""Posts a completed order to the ledger, one row per document, each exactly once (R-025, R-345)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import frappe
from frappe.utils import now_datetime

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message
from order_flow.flow.outside.loading import load_order_facts
from order_flow.integrations.errors import Rejected
from order_flow.integrations.u8.keys import document_key
from order_flow.integrations.u8.mapping import customer_card, posting_documents
from order_flow.integrations.u8.port import CustomerCard, U8Document, U8DocumentKind, U8Port
from order_flow.integrations.u8.posting import Done as PostingDone
from order_flow.integrations.u8.posting import Outcome, Posting, Stopped, in_doubt
from order_flow.integrations.u8.settings import Behaviour
from order_flow.outbox.handler import ActionHandler, Again, Answer, Done, Failed, OutboxRow, Prepared
from order_flow.outbox.language import in_site_language
from order_flow.outbox.registry import AccountType, Action
from order_flow.outbox.states import RowState
from order_flow.site_time import site_now
from order_flow.sync.ports import u8_settings
from order_flow.sync.u8.codes import in_ledger_codes

POSTED = "Posted"
BY_HAND = Message("(by hand)")
NOTHING_TO_POST = Message("(nothing to post)")


@dataclass(frozen=True, slots=True)
class PostingWork:
    """One document to post."""

    row: OutboxRow
    document: U8Document
    customer: CustomerCard
    behaviour: Behaviour


class U8Posting(ActionHandler[PostingWork, U8Port]):
    """One money fact a row. Doubts are settled by ``Posting`` itself, which looks up before it repeats."""

    repeatable = True

    def prepare(self, rows: Sequence[OutboxRow]) -> Prepared[PostingWork]:
        """Build the document from the completed order."""
        row = rows[0]
        facts = in_ledger_codes([load_order_facts([row.document])[row.document].facts])[0]
        settings = u8_settings(frappe.get_cached_doc("U8 Account", row.account))
        kind = U8DocumentKind(row.payload["kind"])
        key = document_key(kind, row.payload["payment"] or row.document)
        documents = {document.key: document for document in posting_documents(facts, settings)}
        if key not in documents and kind is U8DocumentKind.RECEIVABLE and facts.total == ZERO:
            # Gifts: the customer owes nothing, and U8 takes no receivable of nothing.
            nothing = Done(reference=in_site_language(NOTHING_TO_POST), digest=f"{key}: 0")
            return Prepared(None, {row.name: nothing})
        if key not in documents:
            raise Rejected(
                Message(
                    "Order {0} has no {1} {2} under profile {3}. Was the posting profile or the payment "
                    "changed? Post it by hand and mark the row as done outside.",
                    row.document,
                    kind.value,
                    key,
                    Message(settings.profile.value),
                )
            )
        return Prepared(PostingWork(row, documents[key], customer_card(facts), settings.behaviour))

    def send(self, work: PostingWork, port: U8Port) -> Mapping[int, Answer]:
        """Take the next step of the posting."""
        now = site_now()
        row = work.row
        progress = in_doubt(row.progress, now) if row.outcome_unknown else row.progress
        outcome = Posting(port, work.behaviour).step(work.document, work.customer, progress, now)
        return {row.name: _answer(outcome, work.document)}

    def answers(self, port: U8Port) -> bool:
        """Tell whether the platform itself answers a question."""
        return port.answers()

    def apply(self, row: OutboxRow, done: Done) -> None:
        """Show on the order what stands in the ledger; Posted once every document does."""
        _note_document(row, done.reference)

    def done_by_hand(self, row: OutboxRow) -> None:
        """A person posted it in U8: the same as if we had, with no number of our own knowledge."""
        _note_document(row, in_site_language(BY_HAND))


def _note_document(row: OutboxRow, number: str) -> None:
    stored = frappe.db.get_value("Order", row.document, "u8_documents", for_update=True) or ""
    lines = [line for line in stored.splitlines() if line]
    line = f"{row.payload['kind']} {number}"
    if line not in lines:
        lines.append(line)
    values: dict[str, object] = {"u8_documents": "\n".join(lines)}
    if not _others_open(row):
        values |= {"u8_status": POSTED, "u8_posted_at": now_datetime()}
    frappe.db.set_value("Order", row.document, values, update_modified=False)


def _answer(outcome: Outcome, document: U8Document) -> Answer:
    if isinstance(outcome, PostingDone):
        return Done(reference=outcome.number, digest=f"{document.key}: {document.amount}")
    if isinstance(outcome, Stopped):
        return Failed(outcome.error, outcome.progress)
    return Again(outcome.retry_after, outcome.progress)


def _others_open(row: OutboxRow) -> bool:
    return bool(
        frappe.db.sql(
            """select name from `tabSync Outbox` where document_type = %s and document = %s
            and account_type = %s and action = %s and name != %s and state not in %s limit 1""",
            (
                row.document_type,
                row.document,
                AccountType.U8.value,
                Action.U8_POSTING.value,
                row.name,
                (RowState.DONE.value, RowState.SUPERSEDED.value),
            ),
        )
    )
