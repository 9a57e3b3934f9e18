"""What WDT's records say of our orders, grouped by order and stored one order at a time (R-351)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import frappe

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.orders.outside_numbers import own_name
from order_flow.integrations.wdt.codes import StockoutStatus
from order_flow.integrations.wdt.port import SalesTrade, Stockout, UnreadableRecord
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import set_aside, work_through
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.sync.missing_here import note_missing
from order_flow.sync.wdt.apply import apply_trades
from order_flow.sync.wdt.stages import follow_stockout
from order_flow.sync.wdt.stockouts import apply_stockout


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """What one order's records are stored from."""

    order: str
    trades: tuple[SalesTrade, ...] = ()
    stockouts: tuple[Stockout, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the shipped stockouts of one answer, by ``stockout_id``."""

    stored: frozenset[str]
    """Also those that have no line of an order of ours."""
    set_aside: frozenset[str]


def readable_of(stream: Stream, records: Iterable[Any]) -> list[Any]:
    """The records that could be read; the others are set aside, each with its reason."""
    readable = []
    for record in records:
        if isinstance(record, UnreadableRecord):
            in_transaction(partial(set_aside, stream, record.key, record.payload, record.reason))
        else:
            readable.append(record)
    return readable


def store_orders(stream: Stream, records: Sequence[OrderRecord]) -> int:
    """Store what was read of orders, each in a transaction of its own; a bad one is set aside.

    Returns:
        How many were stored.
    """
    return work_through(stream, records, _store, lambda record: record.order, asdict).stored


def _store(record: OrderRecord) -> None:
    if record.trades:
        apply_trades(record.order, record.trades)
    for stockout in record.stockouts:
        if stockout.status_code >= StockoutStatus.SHIPPED:
            apply_stockout(record.order, stockout)
        else:
            follow_stockout(record.order, stockout)


def our_orders(account: str, tids: Iterable[str]) -> dict[str, str]:
    """Our orders behind the far side's numbers, in one query.

    Numbers of withdrawn editions are not among them: what becomes of those is followed by the withdrawal.

    Returns:
        Order name by number.
    """
    wanted = {tid: own_name(tid) for tid in tids if tid}
    if not wanted:
        return {}
    editions = dict(
        frappe.get_all(
            "Order",
            filters={"name": ("in", sorted({name for name, _ in wanted.values()})), "wdt_account": account},
            fields=["name", "wdt_edition"],
            as_list=True,
            limit_page_length=0,
        )
    )
    return {tid: name for tid, (name, edition) in wanted.items() if editions.get(name, -1) == edition}


def orders_of_trades(account: str, trades: Sequence[SalesTrade]) -> tuple[list[OrderRecord], list[str]]:
    """Group changed trades by order.

    Returns:
        The orders of which every line came in one trade, and the numbers of those that must be read whole.
    """
    by_order: dict[str, list[SalesTrade]] = {}
    for trade in trades:
        for tid in dict.fromkeys([line.src_tid for line in trade.lines if line.src_oid]):
            by_order.setdefault(tid, []).append(trade)
    ours = our_orders(account, by_order)
    ordered = _ordered_quantities(ours.values())
    end_reading()
    note_missing(AccountType.WDT, account, {own_name(tid)[0] for tid in by_order.keys() - ours.keys()})
    complete, parts = [], []
    for tid, order in sorted(ours.items()):
        found = by_order[tid]
        # By quantities: one line may have become several trades, and one of them is not the order.
        shown = sum((line.quantity for trade in found for line in trade.lines_of(tid)), ZERO)
        if len(found) == 1 and shown >= ordered.get(order, ZERO):
            complete.append(OrderRecord(order, trades=tuple(found)))
        else:
            parts.append(tid)
    return complete, parts


def _ordered_quantities(orders: Iterable[str]) -> dict[str, Decimal]:
    names = tuple(orders)
    if not names:
        return {}
    rows = frappe.db.sql(
        "select parent, sum(quantity) from `tabOrder Item` where parent in %s and parenttype "
        "= 'Order' group by parent",
        (names,),
    )
    return {parent: to_decimal(quantity) for parent, quantity in rows}


def shipped_of(stockouts: Iterable[Stockout]) -> tuple[Stockout, ...]:
    """Those whose goods have left."""
    return tuple(stockout for stockout in stockouts if stockout.status_code >= StockoutStatus.SHIPPED)


def orders_of_stockouts(account: str, stockouts: Sequence[Stockout]) -> list[OrderRecord]:
    by_order: dict[str, list[Stockout]] = {}
    for stockout in stockouts:
        for tid in dict.fromkeys([line.src_tid for line in stockout.lines if line.src_oid]):
            by_order.setdefault(tid, []).append(stockout)
    ours = our_orders(account, by_order)
    end_reading()
    return [OrderRecord(order, stockouts=tuple(by_order[tid])) for tid, order in sorted(ours.items())]


def store_shipped(stream: Stream, page: Sequence[Stockout | UnreadableRecord]) -> Outcome:
    """Store one page of shipped stockouts; what cannot be read or stored is set aside."""
    shipped = shipped_of(readable_of(stream, page))
    failed = {
        stockout.stockout_id
        for record in orders_of_stockouts(stream.account, shipped)
        if not store_orders(stream, [record])
        for stockout in record.stockouts
    }
    return Outcome(frozenset(one.stockout_id for one in shipped) - failed, frozenset(failed))
