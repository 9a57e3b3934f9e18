"""Reconciliation: compares orders with WDT and U8 by reading all three, and keeps what differs.

Source: design 5, R-034, R-351. Differences become Sync Discrepancy rows with the truths side by side; those
that agree again are closed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import frappe
from frappe import _

from order_flow.domain.message import Message, in_words
from order_flow.integrations.rate_limit import CallUse
from order_flow.outbox.accounts.discrepancies import Finding, close_resolved, raise_discrepancy, readable
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind, DiscrepancyState
from order_flow.outbox.transaction import end_reading, in_transaction, require_clean
from order_flow.sync.compare.sides import load_site_orders, read_u8, read_wdt
from order_flow.sync.compare.u8 import compare_with_u8
from order_flow.sync.compare.wdt import compare_with_wdt
from order_flow.sync.comparison import Comparison, Difference, SiteOrder, Stop, Unread
from order_flow.sync.u8.codes import in_ledger_codes

BATCH = 100
BOTH_SIDES = frozenset({AccountType.WDT, AccountType.U8})
_CHANGED = Message("The order changed here while it was compared.")

_COMPARED_KINDS = frozenset(
    {
        DiscrepancyKind.MISSING_IN_WDT,
        DiscrepancyKind.MISSING_IN_U8,
        DiscrepancyKind.DUPLICATE_IN_U8,
        DiscrepancyKind.STATE_DIFFERS,
        DiscrepancyKind.LINES_DIFFER,
        DiscrepancyKind.AMOUNT_DIFFERS,
        DiscrepancyKind.UNKNOWN_STATE,
        DiscrepancyKind.UNREADABLE_RECORD,
    }
)
"""Closed as soon as the comparison no longer finds that one."""
_SHARED_KINDS = frozenset({DiscrepancyKind.CONTRADICTION, DiscrepancyKind.SHIPMENT_DIFFERS})
"""Reading back raises these too, under names of its own; closed when that side agrees in everything."""


def reconcile(
    names: Sequence[str], sides: Collection[AccountType] = BOTH_SIDES, use: CallUse = CallUse.ASKING
) -> list[dict[str, Any]]:
    """Compare orders with what the outside systems show, store what differs, close what agrees again.

    Args:
        names: orders; worked on in batches.
        sides: which systems to ask.
        use: whose share of the accounts' calls is used; without one, that of a person who waits.

    Returns:
        One summary per order, in the given order: ``{"order", "verdict", "differences", "unread", "read",
        "stopped"}`` with ``verdict`` one of ``comparison.Verdict``, each difference as ``{"kind", "aspect",
        "account", "summary", "delay", "site", "wdt", "u8"}``, in ``read`` the account types that were read,
        and in ``stopped`` why an account type was not asked about the order at all.

    Raises:
        OrderMissing: an order does not exist.
        OutsideTransactionRequired: the caller's transaction holds changes, which would be lost.
    """
    require_clean()
    wanted = list(dict.fromkeys(names))
    comparisons = [found for batch in _batches(wanted) for found in _reconcile_batch(batch, sides, use)]
    return [summary_of(comparison) for comparison in comparisons]


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), BATCH):
        yield names[start : start + BATCH]


def _reconcile_batch(names: Sequence[str], sides: Collection[AccountType], use: CallUse) -> list[Comparison]:
    end_reading()
    orders = load_site_orders(names)
    comparisons = compare_all([orders[name] for name in names], sides, use)
    end_reading()
    comparisons = _without_races(comparisons, orders)
    in_transaction(lambda: _store(comparisons, orders, sides))
    return comparisons


def compare_all(
    orders: Sequence[SiteOrder], sides: Collection[AccountType], use: CallUse
) -> list[Comparison]:
    """Read the outside systems and compare, storing nothing.

    Args:
        orders: our side.
        sides: which systems to ask.
        use: whose share of the accounts' calls is used.

    Returns:
        One comparison per order, in the given order.
    """
    in_u8 = _as_in_ledger(orders)
    wdt = _read_sides(orders, AccountType.WDT, sides, use)
    u8 = _read_sides(in_u8, AccountType.U8, sides, use)
    return [
        _compare(here, there, wdt.get(here.facts.order_id), u8.get(here.facts.order_id))
        for here, there in zip(orders, in_u8, strict=True)
    ]


def _as_in_ledger(orders: Sequence[SiteOrder]) -> list[SiteOrder]:
    facts = in_ledger_codes([order.facts for order in orders])
    end_reading()
    return [replace(order, facts=known) for order, known in zip(orders, facts, strict=True)]


_READERS: Mapping[AccountType, tuple[Callable[[SiteOrder], str], Callable[..., Mapping[str, Any]]]] = {
    AccountType.WDT: (lambda order: order.wdt_account, read_wdt),
    AccountType.U8: (lambda order: order.u8_account, read_u8),
}


def _read_sides(
    orders: Sequence[SiteOrder], side: AccountType, sides: Collection[AccountType], use: CallUse
) -> dict[str, Any]:
    if side not in sides:
        return {}
    account_of, read = _READERS[side]
    by_account: dict[str, list[SiteOrder]] = defaultdict(list)
    for order in orders:
        if account_of(order):
            by_account[account_of(order)].append(order)
    found: dict[str, Any] = {}
    for account, known in by_account.items():
        found |= read(account, known, use)
    return found


def _compare(order: SiteOrder, in_u8: SiteOrder, wdt: Any, u8: Any) -> Comparison:
    differences: list[Difference] = []
    unread: dict[AccountType, str] = {}
    stopped: dict[AccountType, Stop] = {}
    read: set[AccountType] = set()
    for side, here, view, compare in (
        (AccountType.WDT, order, wdt, compare_with_wdt),
        (AccountType.U8, in_u8, u8, compare_with_u8),
    ):
        if isinstance(view, Unread):
            unread[side] = view.reason
            if view.stop is not None:
                stopped[side] = view.stop
        elif view is not None:
            read.add(side)
            differences += compare(here, view)
    return Comparison(order.facts.order_id, tuple(differences), unread, frozenset(read), stopped)


def _without_races(comparisons: Sequence[Comparison], orders: Mapping[str, SiteOrder]) -> list[Comparison]:
    """An order that changed here while it was compared proves nothing; the next run compares it again."""
    suspects = [comparison.order for comparison in comparisons if comparison.real()]
    if not suspects:
        return list(comparisons)
    rows = frappe.get_all("Order", {"name": ("in", suspects)}, ["name", "modified"], limit_page_length=0)
    now: dict[str, datetime] = {row.name: row.modified for row in rows}
    return [
        _delayed(one)
        if one.real() and now[one.order] != orders[one.order].changed_at.replace(tzinfo=None)
        else one
        for one in comparisons
    ]


def _delayed(comparison: Comparison) -> Comparison:
    late = tuple(replace(one, delay=one.delay or _CHANGED) for one in comparison.differences)
    return replace(comparison, differences=late)


def _store(
    comparisons: Sequence[Comparison], orders: Mapping[str, SiteOrder], sides: Collection[AccountType]
) -> None:
    for comparison in comparisons:
        for difference in comparison.real():
            raise_discrepancy(_finding(comparison.order, difference))
    _close_settled(comparisons, orders, sides)


def _finding(order: str, difference: Difference) -> Finding:
    return Finding(
        kind=difference.kind,
        account_type=difference.account_type,
        account=difference.account,
        document_type="Order",
        document=order,
        aspect=difference.aspect,
        summary=difference.summary,
        site_value=difference.site,
        wdt_value=difference.wdt,
        u8_value=difference.u8,
    )


def _close_settled(
    comparisons: Sequence[Comparison], orders: Mapping[str, SiteOrder], sides: Collection[AccountType]
) -> None:
    found = {comparison.order: comparison for comparison in comparisons}
    for row in _open_rows(found):
        kind, side = DiscrepancyKind(row.kind), AccountType(row.account_type)
        comparison = found[row.document]
        if side not in sides or side in comparison.unread or _still_open(kind, row.aspect, side, comparison):
            continue
        close_resolved(kind, side, row.account, "Order", row.document, row.aspect)


def _still_open(kind: DiscrepancyKind, aspect: str, side: AccountType, comparison: Comparison) -> bool:
    there = [one for one in comparison.differences if one.account_type is side]
    if kind in _SHARED_KINDS:
        return bool(there)
    return any(one.kind is kind and one.aspect == aspect for one in there)


def _open_rows(orders: Collection[str]) -> list[Any]:
    kinds = [kind.value for kind in _COMPARED_KINDS | _SHARED_KINDS]
    rows: list[Any] = frappe.get_all(
        "Sync Discrepancy",
        filters={
            "state": DiscrepancyState.OPEN.value,
            "document_type": "Order",
            "document": ("in", list(orders)),
            "kind": ("in", kinds),
        },
        fields=["kind", "account_type", "account", "document", "aspect"],
        limit_page_length=0,
    )
    return rows


def summary_of(comparison: Comparison) -> dict[str, Any]:
    """A comparison as plain values in the reader's language, for the desk and for callers over REST."""
    return {
        "order": comparison.order,
        "verdict": comparison.verdict.value,
        "unread": {side.value: in_words(reason, _) for side, reason in comparison.unread.items()},
        "read": sorted(side.value for side in comparison.read),
        "stopped": {side.value: stop.value for side, stop in comparison.stopped.items()},
        "differences": [
            {
                "kind": one.kind.value,
                "aspect": one.aspect,
                "account": one.account,
                "summary": in_words(one.summary, _),
                "delay": in_words(one.delay, _),
                "site": readable(one.site),
                "wdt": readable(one.wdt),
                "u8": readable(one.u8),
            }
            for one in comparison.differences
        ],
    }
