"""How long news takes: from a fact outside until it stands on the order, from one here until it is told."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from math import ceil
from typing import Any

import frappe

from dev.day.setting import FarSides
from order_flow.domain.orders.outside_numbers import own_name
from order_flow.domain.states import SHIPPED_STATES
from order_flow.integrations.u8.keys import document_key
from order_flow.integrations.u8.port import U8DocumentKind
from order_flow.integrations.wdt.codes import TradeStatus
from order_flow.integrations.wdt.fields import time_text
from order_flow.integrations.wdt.stages import WarehouseStage
from order_flow.outbox.registry import Action
from order_flow.outbox.states import RowState
from order_flow.outbox.transaction import end_reading

_NOT_REVIEWED = (None, "", WarehouseStage.BEFORE_REVIEW.value, WarehouseStage.WAITING_FOR_REVIEW.value)
_LOOK_BACK = timedelta(minutes=2)
"""Longer than between two looks, which are a minute apart."""
_SHIPPED = frozenset(state.value for state in SHIPPED_STATES)


class Fact(StrEnum):
    """What happens outside and is to stand on the order here."""

    REVIEWED = "reviewed in WDT"
    SHIPPED = "shipped in WDT"
    POSTED = "posted in U8"


@dataclass(frozen=True)
class Spread:
    """Waits in short.

    Args:
        number: how many.
        middle: half took no longer.
        most: 95 of 100 took no longer.
        longest: none took longer.
    """

    number: int
    middle: timedelta
    most: timedelta
    longest: timedelta

    def text(self) -> str:
        """As part of a line, in minutes."""
        spans = zip(("p50", "p95", "max"), (self.middle, self.most, self.longest), strict=True)
        shown = "  ".join(f"{name} {span.total_seconds() / 60:5.1f}" for name, span in spans)
        return f"{shown} min  ({self.number} facts)"


def spread_of(spans: Iterable[timedelta]) -> Spread:
    """Waits in short, by nearest rank; all zero where there are none."""
    ordered = sorted(spans)
    if not ordered:
        return Spread(0, timedelta(0), timedelta(0), timedelta(0))
    ranks = [ordered[ceil(len(ordered) * part) - 1] for part in (0.5, 0.95, 1.0)]
    return Spread(len(ordered), *ranks)


@dataclass(frozen=True)
class _News:
    fact: Fact
    order: str
    number: str = ""


class Listener:
    """Notes when a fact begins to stand outside, and when it stands on the order here.

    Args:
        sides: the stand-ins, looked into directly; no call of an account is used.
    """

    def __init__(self, sides: FarSides) -> None:
        self._sides = sides
        self._known: set[_News] = set()
        self._waiting: dict[_News, datetime] = {}
        self._orders: dict[str, str] = {}
        self._last_document = 0
        self._last_message = 0
        self.spans: dict[Fact, list[timedelta]] = defaultdict(list)

    @property
    def waiting(self) -> int:
        """How many facts are not known here yet."""
        return len(self._waiting)

    def happened(self, now: datetime) -> None:
        """Let the far sides' own people work up to now, and note what is new over there."""
        self._sides.wdt.advance()
        for news in [*self._in_wdt(now), *self._in_u8()]:
            if news not in self._known:
                self._known.add(news)
                self._waiting[news] = now

    def look(self, now: datetime) -> None:
        """Note what stands on the orders by now."""
        self.happened(now)
        if not self._waiting:
            return
        rows = frappe.get_all(
            "Order",
            filters={"name": ("in", sorted({news.order for news in self._waiting}))},
            fields=["name", "wdt_stage", "workflow_state", "u8_documents"],
            limit_page_length=0,
        )
        end_reading()
        orders = {row.name: row for row in rows}
        for news in [news for news in self._waiting if _stands(news, orders[news.order])]:
            self.spans[news.fact].append(now - self._waiting.pop(news))

    def spread(self, now: datetime) -> dict[Fact, Spread]:
        """The waits by kind of fact; what is not known yet counts as long as it has waited so far."""
        spans = {fact: list(self.spans[fact]) for fact in Fact}
        for news, since in self._waiting.items():
            spans[news.fact].append(now - since)
        return {fact: spread_of(found) for fact, found in spans.items()}

    def _in_wdt(self, now: datetime) -> list[_News]:
        rows = self._sides.wdt.store.rows(
            "SELECT s.tid, t.status FROM trade t JOIN trade_source s ON s.trade_id = t.trade_id "
            "WHERE t.status >= ? AND t.modified >= ?",
            int(TradeStatus.REVIEWED),
            time_text(now - _LOOK_BACK),
        )
        found = []
        for row in rows:
            order = own_name(row["tid"])[0]
            found.append(_News(Fact.REVIEWED, order))
            if row["status"] >= TradeStatus.SHIPPED:
                found.append(_News(Fact.SHIPPED, order))
        return found

    def _in_u8(self) -> list[_News]:
        rows = self._sides.u8.store.rows(
            "SELECT id, code, key FROM u8_document WHERE id > ? ORDER BY id", self._last_document
        )
        if not rows:
            return []
        self._last_document = rows[-1]["id"]
        self._learn_keys()
        return [_News(Fact.POSTED, self._orders[row["key"]], row["code"]) for row in rows]

    def _learn_keys(self) -> None:
        """Which order a document belongs to is told by the messages that have it posted."""
        messages = frappe.get_all(
            "Sync Outbox",
            filters={"action": Action.U8_POSTING.value, "name": (">", self._last_message)},
            fields=["name", "document", "payload"],
            order_by="name",
            limit_page_length=0,
        )
        end_reading()
        for row in messages:
            payload = json.loads(row.payload)
            key = document_key(U8DocumentKind(payload["kind"]), payload["payment"] or row.document)
            self._orders[key] = row.document
            self._last_message = int(row.name)


def _stands(news: _News, order: Any) -> bool:
    if news.fact is Fact.REVIEWED:
        return order.wdt_stage not in _NOT_REVIEWED
    if news.fact is Fact.SHIPPED:
        return order.workflow_state in _SHIPPED
    return any(line.endswith(f" {news.number}") for line in (order.u8_documents or "").splitlines())


def until_told(rows: Sequence[Any]) -> list[timedelta]:
    """From each message's beginning until it, or the later one that replaced it, was taken outside.

    Args:
        rows: messages with ``name``, ``document``, ``action``, ``state``, ``creation`` and ``done_at``.
    """

    def place(row: Any) -> tuple[str, str, int]:
        return row.document, row.action, -int(row.name)

    found = []
    for _document, group in groupby(sorted(rows, key=place), key=lambda row: place(row)[:2]):
        told_at: datetime | None = None
        for row in group:
            if row.state == RowState.DONE.value and row.done_at:
                told_at = row.done_at
            if told_at is not None:
                found.append(told_at - row.creation)
    return found
