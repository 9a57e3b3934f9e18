"""Reads WDT's streams back: changed trades, shipped stockouts, and the pool of shipment notices.

Records are read first, outside any transaction, then stored one order at a time; a position moves only
after everything before it is stored (design 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import frappe

from order_flow.domain.outside_numbers import own_name
from order_flow.integrations.errors import IntegrationError
from order_flow.integrations.wdt.codes import StockoutStatus, SyncStatus
from order_flow.integrations.wdt.port import (
    Acknowledgement,
    SalesTrade,
    ShipmentNotice,
    Stockout,
    UnreadableRecord,
    WdtPort,
)
from order_flow.integrations.wdt.refusals import NOT_WAITING_ANY_MORE
from order_flow.integrations.window import Window
from order_flow.outbox import registry
from order_flow.outbox.accounts import state_of
from order_flow.outbox.attempts import CollectedAttempts
from order_flow.outbox.clock import database_now
from order_flow.outbox.positions import (
    ReadPlan,
    Stream,
    advance,
    note_failure,
    set_aside,
    windows,
    work_through,
)
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.sync.house import follow_stockout
from order_flow.sync.warehouse import apply_stockout, apply_trades

TRADES_STREAM = "trades"
STOCKOUTS_STREAM = "stockouts"
HOUSE_STREAM = "stockouts in the house"
NOTICES_STREAM = "shipment notices"
FIRST_LOOK_BACK = timedelta(days=1)
TRADES_WINDOW = timedelta(minutes=60)
STOCKOUTS_WINDOW = timedelta(days=30)
NOTICES_PER_CALL = 100
NOTICE_ROUNDS = 50
READER_USER = "Administrator"
"""Readers run for the scheduler and for a button; what WDT shows must not depend on who pressed it."""


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """What one order's records are stored from."""

    order: str
    trades: tuple[SalesTrade, ...] = ()
    stockouts: tuple[Stockout, ...] = ()


def run(account: str) -> dict[str, int]:
    """Job: read everything of one account once.

    Args:
        account: name of the WDT Account.

    Returns:
        How many records each stream had; empty where the account may not be called.
    """
    # A job of the scheduler: what WDT says is followed for nobody in particular.
    frappe.set_user(READER_USER)
    if state_of(AccountType.WDT, account).obstacle(database_now()):
        return {}
    attempts = CollectedAttempts(AccountType.WDT, account)
    try:
        port: WdtPort = registry.open_port(AccountType.WDT, account, attempts)
        return {
            TRADES_STREAM: guarded(account, TRADES_STREAM, lambda: read_trades(account, port)),
            NOTICES_STREAM: guarded(account, NOTICES_STREAM, lambda: read_notices(account, port)),
            HOUSE_STREAM: guarded(account, HOUSE_STREAM, lambda: read_house(account, port)),
            STOCKOUTS_STREAM: guarded(account, STOCKOUTS_STREAM, lambda: read_stockouts(account, port)),
        }
    finally:
        attempts.store()


def guarded(
    account: str, stream: str, read: Callable[[], int], account_type: AccountType = AccountType.WDT
) -> int:
    """A stream that fails is noted with its reason and read again next time; the others go on."""
    try:
        return read()
    except IntegrationError as error:
        message = error.message
        in_transaction(lambda: note_failure(Stream(account_type, account, stream), message))
        return 0


def read_trades(account: str, port: WdtPort) -> int:
    """Follow the trades that changed since the last run.

    Args:
        account: the WDT Account.
        port: its port.

    Returns:
        How many orders were concerned.

    Raises:
        IntegrationError: WDT could not be read; the position stays.
    """
    return _read_windows(
        Stream(AccountType.WDT, account, TRADES_STREAM),
        read_plan(account, TRADES_WINDOW),
        port.trades_changed,
        lambda found: _orders_of_trades(account, port, found),
    )


def read_stockouts(account: str, port: WdtPort) -> int:
    """Store the shipments made since the last run; arguments, result and errors as ``read_trades``."""
    return _read_windows(
        Stream(AccountType.WDT, account, STOCKOUTS_STREAM),
        read_plan(account, STOCKOUTS_WINDOW),
        port.stockouts_shipped,
        lambda found: _orders_of_stockouts(account, found),
    )


def read_house(account: str, port: WdtPort) -> int:
    """Follow the papers and stages of goods still in the house; all else as ``read_trades`` (R-277)."""
    return _read_windows(
        Stream(AccountType.WDT, account, HOUSE_STREAM),
        read_plan(account, STOCKOUTS_WINDOW),
        port.stockouts_in_house,
        lambda found: _orders_of(account, found),
    )


def read_plan(account: str, longest: timedelta, first_look_back: timedelta = FIRST_LOOK_BACK) -> ReadPlan:
    """How a stream of an account is read.

    Args:
        account: the WDT Account; its overlap and lag hold for all streams.
        longest: the longest window that WDT answers for.
        first_look_back: how far the first run looks back.
    """
    values = frappe.get_cached_doc("WDT Account", account)
    return ReadPlan(
        longest=longest,
        overlap=timedelta(minutes=values.window_overlap_minutes or 0),
        lag=timedelta(minutes=values.lag_minutes or 0),
        first_look_back=first_look_back,
    )


def _read_windows(
    stream: Stream,
    plan: ReadPlan,
    fetch: Callable[[Window], Iterable[Any]],
    group: Callable[[list[Any]], list[OrderRecord]],
) -> int:
    now: datetime = database_now()
    count = 0
    for window in windows(stream, plan, now):
        end_reading()
        readable = readable_of(stream, fetch(window))
        records = group(readable)
        end_reading()
        work_through(stream, records, _store, lambda record: record.order, _payload)
        in_transaction(partial(advance, stream, window.end, len(records)))
        count += len(records)
    return count


def readable_of(stream: Stream, records: Iterable[Any]) -> list[Any]:
    """The records that could be read; the others are set aside, each with its reason."""
    readable = []
    for record in records:
        if isinstance(record, UnreadableRecord):
            in_transaction(partial(set_aside, stream, record.key, record.payload, record.reason))
        else:
            readable.append(record)
    return readable


def _store(record: OrderRecord) -> None:
    if record.trades:
        apply_trades(record.order, record.trades)
    for stockout in record.stockouts:
        if stockout.status_code >= StockoutStatus.SHIPPED:
            apply_stockout(record.order, stockout)
        else:
            follow_stockout(record.order, stockout)


def _payload(record: OrderRecord) -> dict[str, Any]:
    return asdict(record)


def _our_orders(account: str, tids: Iterable[str]) -> dict[str, str]:
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


def _orders_of_trades(account: str, port: WdtPort, trades: Sequence[SalesTrade]) -> list[OrderRecord]:
    """Group changed trades by order. An order that became several trades is read whole."""
    by_order: dict[str, list[SalesTrade]] = {}
    for trade in trades:
        for tid in dict.fromkeys([line.src_tid for line in trade.lines if line.src_oid]):
            by_order.setdefault(tid, []).append(trade)
    ours = _our_orders(account, by_order)
    line_counts = _line_counts(ours.values())
    end_reading()
    records = []
    for tid, order in sorted(ours.items()):
        found = by_order[tid]
        lines = {line.src_oid for trade in found for line in trade.lines_of(tid)}
        whole = len(found) == 1 and len(lines) >= line_counts.get(order, 0)
        records.append(OrderRecord(order, trades=tuple(found) if whole else port.trades_of(tid)))
    return records


def _line_counts(orders: Iterable[str]) -> dict[str, int]:
    names = tuple(orders)
    if not names:
        return {}
    rows = frappe.db.sql(
        "select parent, count(*) from `tabOrder Item` where parent in %s and parenttype "
        "= 'Order' group by parent",
        (names,),
    )
    return {parent: int(count) for parent, count in rows}


def _orders_of_stockouts(account: str, stockouts: Sequence[Stockout]) -> list[OrderRecord]:
    return _orders_of(
        account, [stockout for stockout in stockouts if stockout.status_code >= StockoutStatus.SHIPPED]
    )


def _orders_of(account: str, stockouts: Sequence[Stockout]) -> list[OrderRecord]:
    by_order: dict[str, list[Stockout]] = {}
    for stockout in stockouts:
        for tid in dict.fromkeys([line.src_tid for line in stockout.lines if line.src_oid]):
            by_order.setdefault(tid, []).append(stockout)
    ours = _our_orders(account, by_order)
    return [OrderRecord(order, stockouts=tuple(by_order[tid])) for tid, order in sorted(ours.items())]


def read_notices(account: str, port: WdtPort) -> int:
    """Drain the pool of shipment notices: store first, acknowledge afterwards (wdt-openapi 2.4, 2.5).

    A notice that keeps coming back although it was acknowledged ends the run instead of spinning.

    Args:
        account: the WDT Account.
        port: its port.

    Returns:
        How many notices were stored.

    Raises:
        IntegrationError: WDT could not be read or told.
    """
    stream = Stream(AccountType.WDT, account, NOTICES_STREAM)
    seen: set[str] = set()
    refused: dict[str, str] = {}
    stored = 0
    for _round in range(NOTICE_ROUNDS):
        found = readable_of(stream, port.waiting_shipments(NOTICES_PER_CALL))
        fresh = [
            notice
            for notice in found
            if notice.rec_id not in seen and notice.sync_status is SyncStatus.WAITING
        ]
        if not fresh:
            break
        seen |= {notice.rec_id for notice in fresh}
        answers = _store_notices(stream, account, port, fresh)
        refused |= port.acknowledge(answers)
        stored += sum(1 for answer in answers if not answer.error)
    in_transaction(lambda: _end_notices(stream, stored, refused))
    return stored


def _end_notices(stream: Stream, stored: int, refused: Mapping[str, str]) -> None:
    """Code 0 does not mean that every acknowledgement was taken: say which were not (wdt-openapi 2.5)."""
    advance(stream, database_now(), stored)
    open_ones = {name: why for name, why in refused.items() if NOT_WAITING_ANY_MORE not in why}
    if open_ones:
        first, why = next(iter(open_ones.items()))
        note_failure(
            stream,
            f"WDT did not take {len(open_ones)} acknowledgement(s), e.g. of notice {first}: {why} The "
            "shipments are stored; the notices come back at the next run.",
        )


def _store_notices(
    stream: Stream, account: str, port: WdtPort, notices: Sequence[ShipmentNotice]
) -> list[Acknowledgement]:
    ours = _our_orders(account, (notice.tid for notice in notices))
    end_reading()
    shipped = {tid: _shipped(port.stockouts_of(tid)) for tid in sorted(ours)}
    answers = []
    for notice in notices:
        if notice.tid not in ours:
            answers.append(Acknowledgement(notice.rec_id, f"order {notice.tid} is not known here"))
            continue
        record = OrderRecord(ours[notice.tid], stockouts=shipped[notice.tid])
        if not record.stockouts:
            # The stockout is not readable yet: without an answer the notice comes back at the next run.
            continue
        tally = work_through(stream, [record], _store, lambda kept: kept.order, _payload)
        if tally.stored:
            answers.append(Acknowledgement(notice.rec_id))
    return answers


def _shipped(stockouts: Iterable[Stockout]) -> tuple[Stockout, ...]:
    return tuple(stockout for stockout in stockouts if stockout.status_code >= StockoutStatus.SHIPPED)
