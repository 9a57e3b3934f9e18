"""Drains WDT's pool of shipment notices: store first, acknowledge afterwards (wdt-openapi 2.4, 2.5).

Notices say that something left, their stockouts say what. Those of many notices are asked for by the time
they left, a hundred a call, and each call's shipments are stored and acknowledged before the next call. So a
run that has no call left has answered for everything it stored.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from order_flow.domain.message import Message
from order_flow.integrations.errors import UnreadableAnswer
from order_flow.integrations.wdt.codes import SyncStatus
from order_flow.integrations.wdt.port import Acknowledgement, ShipmentNotice, UnreadableRecord, WdtPort
from order_flow.integrations.wdt.refusals import NOT_WAITING_ANY_MORE
from order_flow.integrations.window import Window
from order_flow.outbox.clock import database_now
from order_flow.outbox.language import in_site_language
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import advance, note_failure, set_aside
from order_flow.outbox.registry import AccountType
from order_flow.outbox.transaction import end_reading, in_transaction
from order_flow.sync.wdt.orders import (
    OrderRecord,
    our_orders,
    readable_of,
    shipped_of,
    store_orders,
    store_shipped,
)

NOTICES_STREAM = "shipment notices"
NOTICES_PER_CALL = 100
NOTICE_ROUNDS = 50
TOGETHER = timedelta(minutes=30)
"""Notices whose goods left within this time of each other are asked about in one window."""
MOST_QUESTIONS = 10
"""Notices of one answer that are asked about by their order, each with a call of its own."""
MARGIN = timedelta(seconds=1)
"""WDT's times are whole seconds."""
_SET_ASIDE = Message("Set aside at the shop, a person looks at it.")


@dataclass
class Pool:
    """One run over the pool.

    Args:
        stream: the stream of notices.
        port: the account's port.
        stored: stockouts that this job stored already, by ``stockout_id``.
    """

    stream: Stream
    port: WdtPort
    stored: Collection[str] = ()
    seen: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    """Stockouts that were set aside, by ``stockout_id``."""
    answered_for: set[str] = field(default_factory=set)
    """Notices that were given up to make room, by ``rec_id``."""
    refused: dict[str, str] = field(default_factory=dict)
    acknowledged: int = 0

    def drain(self) -> int:
        """Answer notices until none is left that was not seen.

        A notice that keeps coming back although it was acknowledged ends the run instead of spinning.

        Returns:
            How many notices' shipments are stored.

        Raises:
            IntegrationError: WDT could not be read or told, or there is no call left.
        """
        for _round in range(NOTICE_ROUNDS):
            end_reading()
            came = self.port.waiting_shipments(NOTICES_PER_CALL)
            fresh = [
                notice
                for notice in readable_of(self.stream, came)
                if notice.rec_id not in self.seen and notice.sync_status is SyncStatus.WAITING
            ]
            self.seen |= {notice.rec_id for notice in fresh}
            if fresh:
                self._answer(fresh)
            elif not self._make_room(came):
                break
            if len(came) < NOTICES_PER_CALL:
                break
        in_transaction(self._end)
        return self.acknowledged

    def _answer(self, notices: Sequence[ShipmentNotice]) -> None:
        ours = our_orders(self.stream.account, (notice.tid for notice in notices))
        end_reading()
        unknown = [notice for notice in notices if notice.tid not in ours]
        self._acknowledge(
            [Acknowledgement(n.rec_id, Message("Order {0} is not known here.", n.tid)) for n in unknown]
        )
        waiting = self._settle([one for one in notices if one.tid in ours], self.stored)
        for together in _by_time(waiting):
            waiting = self._read_window(together, waiting)
        unseen = [notice for notice in waiting if notice.stockout_id not in self.failed]
        # By chance, so that those whose stockout never shows do not take the questions of the others.
        for notice in random.sample(unseen, min(len(unseen), MOST_QUESTIONS)):
            self._read_order(notice, ours[notice.tid])

    def _settle(self, notices: Sequence[ShipmentNotice], stored: Collection[str]) -> list[ShipmentNotice]:
        """Acknowledge the notices whose stockouts are stored; returns the others."""
        done = [notice for notice in notices if notice.stockout_id and notice.stockout_id in stored]
        self._acknowledge([Acknowledgement(notice.rec_id) for notice in done])
        return [notice for notice in notices if notice not in done]

    def _read_window(
        self, together: Sequence[ShipmentNotice], waiting: list[ShipmentNotice]
    ) -> list[ShipmentNotice]:
        """Store what left in the window of some notices; returns what is still to be answered."""
        moments = [notice.shipped_at for notice in together if notice.shipped_at is not None]
        for page in self.port.stockouts_shipped(Window(min(moments) - MARGIN, max(moments) + MARGIN)).pages():
            end_reading()
            outcome = store_shipped(self.stream, page.records)
            self.failed |= outcome.set_aside
            waiting = self._settle(waiting, outcome.stored)
            if not any(notice in waiting for notice in together):
                break
        return waiting

    def _read_order(self, notice: ShipmentNotice, order: str) -> None:
        """Ask for the stockouts of one order; one that is not readable yet comes back at the next run."""
        try:
            shipped = shipped_of(self.port.stockouts_of(notice.tid))
        except UnreadableAnswer as error:
            payload = {"order": order, "record": error.record}
            in_transaction(partial(set_aside, self.stream, notice.rec_id, payload, error.message))
            return
        if shipped and store_orders(self.stream, [OrderRecord(order, stockouts=shipped)]):
            self._acknowledge([Acknowledgement(notice.rec_id)])

    def _make_room(self, came: Sequence[ShipmentNotice | UnreadableRecord]) -> bool:
        """Answer for what cannot be stored where it fills the whole answer, so that the others come.

        Returns:
            Whether something was answered, so that another look is worth a call.
        """
        if len(came) < NOTICES_PER_CALL:
            return False
        keys = [one.key if isinstance(one, UnreadableRecord) else one.rec_id for one in came]
        stuck = [key for key in keys if key and key not in self.answered_for]
        self._acknowledge([Acknowledgement(key, _SET_ASIDE) for key in stuck])
        self.answered_for |= set(stuck)
        return bool(stuck)

    def _acknowledge(self, answers: Sequence[Acknowledgement]) -> None:
        if not answers:
            return
        told = [replace(answer, error=in_site_language(answer.error)) for answer in answers]
        end_reading()
        self.refused |= self.port.acknowledge(told)
        self.acknowledged += sum(1 for answer in answers if not answer.error)

    def _end(self) -> None:
        """Code 0 does not mean that every acknowledgement was taken: say which were not (2.5)."""
        advance(self.stream, database_now(), self.acknowledged)
        not_taken = {name: why for name, why in self.refused.items() if NOT_WAITING_ANY_MORE not in why}
        if not_taken:
            first, why = next(iter(not_taken.items()))
            note_failure(
                self.stream,
                Message(
                    "WDT did not take {0} acknowledgement(s), e.g. of notice {1}: {2} The shipments are "
                    "stored; the notices come back at the next run.",
                    len(not_taken),
                    first,
                    why,
                ),
            )


def read_notices(account: str, port: WdtPort, stored: Collection[str] = ()) -> int:
    """Drain the pool of shipment notices.

    Args:
        account: the WDT Account.
        port: its port.
        stored: stockouts that were stored already, by ``stockout_id``; their notices need no question.

    Returns:
        How many notices' shipments are stored.

    Raises:
        IntegrationError: WDT could not be read or told, or there is no call left; what was stored before is
            acknowledged.
    """
    return Pool(Stream(AccountType.WDT, account, NOTICES_STREAM), port, stored).drain()


def _by_time(notices: Sequence[ShipmentNotice]) -> Iterator[list[ShipmentNotice]]:
    """Groups of at least two notices whose goods left about the same time; a single one is asked by order."""
    timed = [(notice.shipped_at, notice) for notice in notices if notice.shipped_at is not None]
    group: list[ShipmentNotice] = []
    last: datetime | None = None
    for moment, notice in sorted(timed, key=lambda pair: pair[0]):
        if last is not None and moment - last > TOGETHER:
            if len(group) > 1:
                yield group
            group = []
        group.append(notice)
        last = moment
    if len(group) > 1:
        yield group
