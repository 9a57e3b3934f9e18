"""Lists of a ledger's documents, read over as many minutes as an account's calls take.

A month of a busy ledger has more pages than comparing may ask for in one minute. What was read is kept with
the place, and the next run that begins with the same order goes on there: two readings at once, say of the
job and of a person, do not begin each other's anew. It is kept in the cache: where it is lost, the list is
only read again. A document that cannot be read is set aside; only the order whose key it carries cannot be
judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import frappe

from order_flow.domain.states import OrderState
from order_flow.integrations.errors import NoCallLeft
from order_flow.integrations.u8.keys import identity_of
from order_flow.integrations.u8.port import (
    FIRST_PLACE,
    DateRange,
    ListPlace,
    RemoteDocument,
    U8DocumentKind,
    U8Port,
    UnreadableDocument,
)
from order_flow.outbox.accounts.discrepancies import close_resolved
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import aspect_of, set_aside
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind, DiscrepancyState
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.sync.compare.u8 import keys_of
from order_flow.sync.comparison import SiteOrder
from order_flow.sync.missing_here import note_missing

DOCUMENTS_STREAM = "documents"
KEPT_SECONDS = 3600
_KINDS = tuple(U8DocumentKind)


@dataclass
class LedgerLists:
    """What the lists of all kinds show of some orders.

    Args:
        window: document dates.
        wanted: keys of the orders.
        settled: keys of those that were completed and posted before the reading began: only of them it can be
            said that a document is missing.
        kind: how many kinds are read whole.
        place: where the next kind goes on.
        documents: what was found, by kind and document number.
        unreadable: keys that stand on documents that cannot be read, with the reason.
        resumed: the reading began in an earlier run.
        overtaken: an order changed since the reading began, so that it has to be read anew.
    """

    window: DateRange
    wanted: frozenset[str]
    settled: frozenset[str]
    kind: int = 0
    place: ListPlace = FIRST_PLACE
    documents: dict[U8DocumentKind, dict[str, RemoteDocument]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    resumed: bool = False
    overtaken: bool = False

    def covers(self, window: DateRange) -> bool:
        """Tell whether the lists show all dates of a window."""
        return self.window.first <= window.first and window.last <= self.window.last

    def by_key(self) -> Mapping[str, list[RemoteDocument]]:
        """The documents found, by our key."""
        found: dict[str, list[RemoteDocument]] = defaultdict(list)
        for documents in self.documents.values():
            for document in documents.values():
                found[document.key].append(document)
        return found

    def can_judge(self, order: SiteOrder) -> bool:
        """Tell whether nothing of the order can have been posted behind the reading's back."""
        keys = _keys([order])
        return not self.resumed or keys <= (self.settled if _is_settled(order) else self.wanted)


def read_lists(account: str, port: U8Port, window: DateRange, orders: Sequence[SiteOrder]) -> LedgerLists:
    """Read the lists of all kinds, or go on where the minute before ended.

    Args:
        account: the U8 Account.
        port: its port.
        window: document dates.
        orders: what is looked for.

    Raises:
        IntegrationError: U8 could not be read.
        NoCallLeft: the minute's calls are used up; what was read is kept for the next call.
    """
    cache, key = frappe.cache, _cache_key(account, orders[0])
    kept: LedgerLists | None = cache.get_value(key, expires=True)
    cache.delete_value(key)
    if kept is None or not kept.covers(window):
        kept = LedgerLists(window, _keys(orders), _keys(one for one in orders if _is_settled(one)))
    else:
        kept.resumed = True
    try:
        while kept.kind < len(_KINDS):
            _read_kind(Stream(AccountType.U8, account, DOCUMENTS_STREAM), port, kept)
    except NoCallLeft:
        keep_lists(account, kept, orders)
        raise
    return kept


def keep_lists(account: str, lists: LedgerLists, unread: Sequence[SiteOrder]) -> None:
    """Keep what was read for the next run about the orders that this one had no call left for.

    Args:
        account: the U8 Account.
        lists: what was read; nothing is kept of lists that an order has overtaken.
        unread: the orders that the next run begins with, in their sequence.
    """
    if unread and not lists.overtaken:
        frappe.cache.set_value(_cache_key(account, unread[0]), lists, expires_in_sec=KEPT_SECONDS)


def _cache_key(account: str, first: SiteOrder) -> str:
    return f"order_flow:ledger_lists:{account}:{first.facts.order_id}"


def _read_kind(stream: Stream, port: U8Port, kept: LedgerLists) -> None:
    kind = _KINDS[kept.kind]
    for page in port.document_pages(kind, kept.window, kept.place):
        found = kept.documents.setdefault(kind, {})
        if page.begins:
            found.clear()
        readable = [one for one in page.documents if isinstance(one, RemoteDocument)]
        aside = [one for one in page.documents if isinstance(one, UnreadableDocument)]
        found |= {one.number: one for one in readable if one.key in kept.wanted}
        kept.unreadable |= {one.key: one.reason for one in aside if one.key in kept.wanted}
        strangers = (one.key for one in readable if one.key not in kept.wanted)
        note_missing(AccountType.U8, stream.account, map(identity_of, strangers))
        _set_aside(stream, aside)
        _close_readable(stream, kind, {one.number for one in readable})
        if page.following is not None:
            kept.place = page.following
    kept.kind, kept.place = kept.kind + 1, FIRST_PLACE


def _set_aside(stream: Stream, documents: Iterable[UnreadableDocument]) -> None:
    for one in documents:
        payload = {"kind": one.kind.value, "number": one.number, "record": one.payload}
        in_transaction(
            partial(set_aside, stream, _record_id(one.kind, one.number or one.key), payload, one.reason)
        )


def _close_readable(stream: Stream, kind: U8DocumentKind, numbers: Collection[str]) -> None:
    """Close what was set aside and can be read now: it was put right over there."""
    aspects = {aspect_of(stream.name, _record_id(kind, number)) for number in numbers}
    open_ones = frappe.get_all(
        "Sync Discrepancy",
        filters={
            "kind": DiscrepancyKind.UNREADABLE_RECORD.value,
            "state": DiscrepancyState.OPEN.value,
            "account_type": stream.account_type,
            "account": stream.account,
            "aspect": ("like", f"{stream.name}:%"),
        },
        pluck="aspect",
        limit_page_length=0,
    )
    end_reading()
    for aspect in set(open_ones) & aspects:
        in_transaction(
            partial(
                close_resolved,
                DiscrepancyKind.UNREADABLE_RECORD,
                stream.account_type,
                stream.account,
                "",
                "",
                aspect,
            )
        )


def _record_id(kind: U8DocumentKind, number: str) -> str:
    return f"{kind.value} {number}"


def _keys(orders: Iterable[SiteOrder]) -> frozenset[str]:
    return frozenset(key for order in orders for _kind, key in keys_of(order.facts))


def _is_settled(order: SiteOrder) -> bool:
    return order.facts.state is OrderState.COMPLETED and not order.queued.get(AccountType.U8)
