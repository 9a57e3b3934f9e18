"""Tells WDT of an order: created, confirmed, paid, completed (requirements 2.1-A, wdt-openapi 2.1).

A message is about one fact and tells the order as it is when it is sent. Two facts that happened between two
runs of the relay would so be told twice with the same words: what was told last is not told again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import frappe

from order_flow.domain.message import Message
from order_flow.domain.orders.outside_numbers import as_told
from order_flow.domain.states import CALLED_OFF_STATES
from order_flow.flow.outside.announce import TOLD_ANYWAY
from order_flow.flow.outside.loading import LoadedOrder, load_order_facts
from order_flow.integrations.errors import IntegrationError, OutcomeUnknown, Rejected
from order_flow.integrations.wdt.codes import CLOSING_STATUSES, RawTradeStatus, TradeStatus
from order_flow.integrations.wdt.mapping import raw_trade
from order_flow.integrations.wdt.port import RawTrade, WdtPort
from order_flow.integrations.wdt.pushing import UNCLEAR_ANSWER
from order_flow.integrations.wdt.raw_status import next_raw_status
from order_flow.integrations.wdt.records import trade_payload
from order_flow.outbox.handler import ActionHandler, Again, Answer, Done, Failed, OutboxRow, Prepared
from order_flow.site_time import site_now
from order_flow.sync.ports import wdt_settings

SHIPMENT_RECHECK_SECONDS = 60.0
"""How long completion waits before it looks again whether WDT's shipment was read back."""


LOOK_UP = "look_up"
"""Raw status of a push whose answer left the order open; kept in the row's progress."""
TRADE_STATUS_AFTER: Mapping[RawTradeStatus, TradeStatus] = {
    RawTradeStatus.UNPAID: TradeStatus.WAITING_FOR_PAYMENT,
    RawTradeStatus.DEPOSIT_PAID: TradeStatus.WAITING_FOR_BALANCE,
    RawTradeStatus.READY: TradeStatus.DELAYED_REVIEW,
    RawTradeStatus.COMPLETED: TradeStatus.SIGNED,
}
"""The earliest status of a sales trade that shows that a raw status arrived (wdt-openapi 2.1, 2.2)."""


@dataclass(frozen=True, slots=True)
class Push:
    """One order to push."""

    row: OutboxRow
    trade: RawTrade
    wanted: RawTradeStatus


@dataclass(frozen=True, slots=True)
class Told:
    """What WDT took: the raw status, and the digest of everything that was told with it."""

    status: RawTradeStatus
    digest: str


@dataclass(frozen=True, slots=True)
class PushWork:
    """What ``send`` works on."""

    pushes: tuple[Push, ...] = field(default_factory=tuple)


class WdtTradePush(ActionHandler[PushWork, WdtPort]):
    """Pushes raw orders in batches. A push is an upsert by tid, so repeating one is harmless."""

    batch_size = 50
    repeatable = True

    def prepare(self, rows: Sequence[OutboxRow]) -> Prepared[PushWork]:
        """Read the orders as they are now and build what is pushed."""
        account = frappe.get_cached_doc("WDT Account", rows[0].account)
        settings = wdt_settings(account)
        loaded = load_order_facts([row.document for row in rows])
        now = site_now()
        pushes: list[Push] = []
        answers: dict[int, Answer] = {}
        for row in rows:
            order = loaded[row.document]
            wanted = RawTradeStatus(row.payload["status"])
            answer = _without_call(row, order, wanted)
            if answer is not None:
                answers[row.name] = answer
                continue
            told = as_told(order.facts, order.wdt_edition)
            try:
                last = _last_pushed(row, order.wdt_pushed_status)
                status = next_raw_status(last, wanted)
                if status is None:
                    answers[row.name] = Done(digest=Message("WDT knows this already."))
                    continue
                trade = raw_trade(told, status, settings.trade, now, last)
            except Rejected as error:
                answers[row.name] = error
                continue
            if _was_told_last(row, trade, order):
                answers[row.name] = Done(digest=Message("WDT was told exactly this last."))
            else:
                pushes.append(Push(row, trade, wanted))
        return Prepared(PushWork(tuple(pushes)) if pushes else None, answers)

    def send(self, work: PushWork, port: WdtPort) -> Mapping[int, Answer]:
        """Push the batch; every tid has its own answer."""
        answers = {push.row.name: _accepted(push) for push in work.pushes if _arrived(push, port)}
        waiting = [push for push in work.pushes if push.row.name not in answers]
        if not waiting:
            return answers
        result = port.push_trades([push.trade for push in waiting])
        for push in waiting:
            tid = push.trade.tid
            if tid in result.accepted:
                answers[push.row.name] = _accepted(push)
            elif tid in result.rejected:
                reason = Message("WDT refused order {0}: {1}", tid, result.rejected[tid])
                answers[push.row.name] = Rejected(reason)
            else:
                answers[push.row.name] = _failure(result.failed.get(tid), push)
        return answers

    def answers(self, port: WdtPort) -> bool:
        """Tell whether WDT itself answers a push without orders."""
        return port.answers()

    def apply(self, row: OutboxRow, done: Done) -> None:
        """Remember what WDT took last, unless a new edition was started while this one was sent."""
        if isinstance(done.facts, Told):
            frappe.db.sql(
                "update `tabOrder` set wdt_pushed_status = %s, wdt_told_digest = %s"
                " where name = %s and wdt_edition = %s",
                (int(done.facts.status), done.facts.digest, row.document, row.payload["edition"]),
            )

    def done_by_hand(self, row: OutboxRow) -> None:
        """A person entered it in WDT: what follows must not tell it again."""
        # What exactly stands over there, only that person knows: the next message is sent in any case.
        values = {"wdt_pushed_status": row.payload["status"], "wdt_told_digest": None}
        frappe.db.set_value("Order", row.document, values, update_modified=False)


def _without_call(row: OutboxRow, order: LoadedOrder, wanted: RawTradeStatus) -> Answer | None:
    if order.facts.state in CALLED_OFF_STATES:
        return Done(digest=Message("The order was called off; its cancellation tells WDT."))
    if row.payload["edition"] != order.wdt_edition:
        return Done(digest=Message("The order's lines were changed; a later message tells the new edition."))
    if order.wdt_sealed:
        # Quantities never change over there: a push with what is left of the order would be refused (2.1).
        return Done(
            digest=Message("A part of the order was taken out over there; its number takes nothing more.")
        )
    if order.wdt_pushed_status in CLOSING_STATUSES:
        # Nothing may follow a closing status over there, although the goods have left (wdt-openapi 2.1);
        # that they have is known here only when the trade is read, which may be later than this.
        return Done(
            digest=Message("A cancellation that WDT refused was its last word; it cannot be told more.")
        )
    if wanted is RawTradeStatus.COMPLETED and order.wdt_trade_status < TradeStatus.SHIPPED:
        # Pushed earlier, WDT would never hand out the shipment any more (wdt-openapi 2.8, 6).
        return Again(SHIPMENT_RECHECK_SECONDS)
    return None


def _was_told_last(row: OutboxRow, trade: RawTrade, order: LoadedOrder) -> bool:
    """Tell whether this is word for word what WDT took last.

    Only at a row's first attempt: an earlier one may have arrived with other words and without an answer.
    """
    first = row.attempts == 1 and not row.progress and not row.outcome_unknown
    return first and TOLD_ANYWAY not in row.payload and order.wdt_told_digest == _digest(trade)


def _digest(trade: RawTrade) -> str:
    return hashlib.sha256(json.dumps(trade_payload(trade), sort_keys=True).encode()).hexdigest()


def _last_pushed(row: OutboxRow, stored: int) -> RawTradeStatus | None:
    """Return what WDT took last: by an earlier part of this row, or as stored on the order."""
    status = int(row.progress.get("pushed", stored))
    return RawTradeStatus(status) if status else None


def _accepted(push: Push) -> Answer:
    pushed = push.trade.trade_status
    if pushed is not push.wanted:
        return Again(0.0, {"pushed": int(pushed)})
    return Done(
        reference=push.trade.tid,
        digest=Message("Stored with status {0}.", int(pushed)),
        facts=Told(pushed, _digest(push.trade)),
    )


def _failure(error: IntegrationError | None, push: Push) -> Answer:
    tid = push.trade.tid
    if error is None:
        error = OutcomeUnknown(
            Message("WDT's answer does not mention order {0}; it is looked up before it is sent again.", tid),
            code=UNCLEAR_ANSWER,
        )
    if error.code != UNCLEAR_ANSWER:
        return error
    return Failed(error, {**push.row.progress, LOOK_UP: int(push.trade.trade_status)})


def _arrived(push: Push, port: WdtPort) -> bool:
    """Look an order up that WDT's last answer left open; every other one is simply pushed again.

    After a lost answer the same push is repeated, which changes nothing over there (wdt-openapi 2.1); an
    answer that leaves an order open would only be given once more.
    """
    status = push.trade.trade_status
    if push.row.progress.get(LOOK_UP) != int(status):
        return False
    reached = TRADE_STATUS_AFTER[status]
    return any(trade.status_code >= reached for trade in port.trades_of(push.trade.tid))
