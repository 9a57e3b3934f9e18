"""Asks WDT to stop an order and reads its answer until it is clear (R-147, requirements 2.1-D).

There is no cancel call: the raw order is pushed as closed (90) or refunded (80), and what became of its
trades is read back. Before WDT's own review that cancels them; afterwards it only asks the warehouse to stop
the parcel, and the order counts as stopped only when its trade shows it (wdt-openapi 2.8).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import frappe

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message
from order_flow.domain.orders.facts import OrderFacts
from order_flow.domain.orders.facts_json import facts_from_json
from order_flow.domain.orders.outside_numbers import as_told, own_name, told_number
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.cancelling.requests import settle_cancellation
from order_flow.flow.lifecycle.follow_facts import write_past
from order_flow.flow.outside.loading import load_order_facts
from order_flow.flow.records.order import locked_order
from order_flow.flow.tasks.giving import end_task, keep_task
from order_flow.integrations.errors import Rejected
from order_flow.integrations.wdt.codes import RawTradeStatus, TradeStatus
from order_flow.integrations.wdt.mapping import raw_trade
from order_flow.integrations.wdt.port import RawTrade, SalesTrade, WdtPort
from order_flow.integrations.wdt.raw_status import next_raw_status
from order_flow.integrations.wdt.state_map import quantities_in
from order_flow.outbox.accounts.discrepancies import Finding, raise_discrepancy
from order_flow.outbox.clock import database_now
from order_flow.outbox.handler import ActionHandler, Again, Answer, Done, OutboxRow, Prepared
from order_flow.outbox.language import in_site_language
from order_flow.outbox.registry import Action
from order_flow.outbox.sending.enqueue import supersede
from order_flow.outbox.states import DiscrepancyKind
from order_flow.sync.ports import wdt_settings
from order_flow.sync.wdt.unfit_shipments import read_order_again

FIRST_LOOK_SECONDS = 2.0
LATER_LOOK_SECONDS = 30.0
LONGEST_LOOK_SECONDS = 3600.0
LOOKS_GROW_BY = 0.25
"""The next look comes after a quarter of what was waited so far: the warehouse may take days, and its news
are read by the readers too, which hasten the look."""
_PASSED_OVER = "passed_over"
_IN_THE_HOUSE = "in_the_house"
SUBMIT_SECONDS = 120.0
"""Raw orders become trades in the background; this long after the request a missing trade counts as none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """WDT's answer in an operator's words.

    Args:
        agreed: whether what has not left certainly will not.
        answer: what WDT shows.
        pushed: the closing status that WDT took.
        left: what has left over there, by the line's number in WDT; everything where it did not agree.
    """

    agreed: bool
    answer: str
    pushed: int
    left: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StopWork:
    """One order to stop as WDT was told of it, and the closing push if it was not made yet."""

    row: OutboxRow
    told: OrderFacts
    trade: RawTrade | None
    now: datetime


class StopHandler(ActionHandler[StopWork, WdtPort]):
    """Pushes a closing status once and asks until the answer is clear; repeating both is harmless."""

    repeatable = True

    @abstractmethod
    def told(self, row: OutboxRow) -> tuple[OrderFacts, RawTradeStatus | None] | None:
        """The order as WDT was told of it and the status it took last; None where nothing is to stop."""

    def prepare(self, rows: Sequence[OutboxRow]) -> Prepared[StopWork]:
        """Build the closing push, unless an earlier attempt made it."""
        row = rows[0]
        told = self.told(row)
        if told is None:
            return Prepared(None, {row.name: Done(digest=Message("The request was settled meanwhile."))})
        facts, last = told
        now = database_now()
        trade = None
        if "since" not in row.progress:
            wanted = RawTradeStatus.REFUNDED if facts.paid > ZERO else RawTradeStatus.CLOSED
            status = next_raw_status(last, wanted)
            if status is not None:
                settings = wdt_settings(frappe.get_cached_doc("WDT Account", row.account))
                trade = raw_trade(facts, status, settings.trade, now, last)
        return Prepared(StopWork(row, facts, trade, now))

    def answers(self, port: WdtPort) -> bool:
        """Tell whether WDT itself answers a push without orders."""
        return port.answers()

    def send(self, work: StopWork, port: WdtPort) -> Mapping[int, Answer]:
        """Push the closing status once, then ask what became of the trades."""
        row, tid = work.row, work.told.order_id
        pushed = int(row.progress.get("pushed", 0))
        if work.trade is not None:
            result = port.push_trades([work.trade])
            if tid in result.rejected:
                return {
                    row.name: Rejected(Message("WDT refused to stop {0}: {1}", tid, result.rejected[tid]))
                }
            if error := result.failed.get(tid):
                return {row.name: error}
            pushed = int(work.trade.trade_status)
        since = str(row.progress.get("since") or work.now.isoformat())
        waited = (work.now - datetime.fromisoformat(since)).total_seconds()
        trades = port.trades_of(tid)
        outcome = judge(work.told, trades, waited)
        if outcome is None:
            wait = FIRST_LOOK_SECONDS if work.trade is not None else next_look(waited)
            progress = {
                "pushed": pushed,
                "since": since,
                _PASSED_OVER: is_passed_over(trades, tid, waited),
                _IN_THE_HOUSE: any(_is_in_the_house(trade, tid) for trade in trades),
            }
            return {row.name: Again(wait, progress)}
        verdict = Verdict(outcome.agreed, outcome.answer, pushed, outcome.left)
        return {row.name: Done(reference=tid, digest=outcome.answer, facts=verdict)}

    def gave_up(self, row: OutboxRow, reason: str) -> None:
        """Nobody knows whether the goods will leave: a person must look."""
        _need_person(
            row,
            Message(
                "Stopping {0} could not be settled with WDT: {1} Ask the warehouse whether the goods can "
                "still leave, then send the row again.",
                row.document,
                reason,
            ),
        )


def is_passed_over(trades: Sequence[SalesTrade], tid: str, seconds_waited: float) -> bool:
    """Tell whether goods wait for WDT's review although its push has had the time to take them out.

    So it is where the warehouse let the parcel go on and sent the trade back to review afterwards: the push
    has had its answer, and nothing stops the trade any more.

    Args:
        trades: all sales trades with lines of the order.
        tid: its number over there.
        seconds_waited: how long ago the closing status was pushed.
    """
    before_review = [
        trade
        for trade in trades
        if TradeStatus.CANCELLED < trade.status_code < TradeStatus.WAITING_FOR_HANDOVER
    ]
    return seconds_waited >= SUBMIT_SECONDS and bool(quantities_in(before_review, tid))


def _is_in_the_house(trade: SalesTrade, tid: str) -> bool:
    in_house = TradeStatus.WAITING_FOR_HANDOVER <= trade.status_code < TradeStatus.SHIPPED
    return in_house and bool(trade.lines_of(tid))


def next_look(waited: float) -> float:
    """Seconds until WDT is asked again, by the seconds that its answer was waited for."""
    return min(max(waited * LOOKS_GROW_BY, LATER_LOOK_SECONDS), LONGEST_LOOK_SECONDS)


class WdtCancellation(StopHandler):
    """A cancellation that was requested here (R-147)."""

    def told(self, row: OutboxRow) -> tuple[OrderFacts, RawTradeStatus | None] | None:
        """The order in its current edition."""
        order = load_order_facts([row.document])[row.document]
        if not order.cancel_requested:
            return None
        last = RawTradeStatus(order.wdt_pushed_status) if order.wdt_pushed_status else None
        if order.wdt_sealed:
            # The quantities over there are not the order's: a push would be refused; people stop it there.
            last = RawTradeStatus.CLOSED
        return as_told(order.facts, order.wdt_edition), last

    def waits(self, row: OutboxRow, again: Again) -> None:
        """WDT took the push and goes on all the same: from now on its people have to cancel the trade."""
        order = locked_order(row.document)
        pushed = again.progress["pushed"]
        if pushed and again.progress[_PASSED_OVER] and order.wdt_pushed_status != pushed:
            write_past(order, {"wdt_pushed_status": pushed})

    def apply(self, row: OutboxRow, done: Done) -> None:
        """Cancel the order, or close the request with WDT's reason."""
        if not isinstance(done.facts, Verdict):
            return
        verdict = done.facts
        if verdict.pushed:
            # First: what is left of the order may be told anew, under a number that knows no status yet.
            frappe.db.set_value(
                "Order", row.document, "wdt_pushed_status", verdict.pushed, update_modified=False
            )
        left = {own_name(line)[0]: quantity for line, quantity in verdict.left.items()}
        answer = in_site_language(verdict.answer)
        settle_cancellation(row.document, agreed=verdict.agreed, answer=answer, left=left)


class WdtWithdrawal(StopHandler):
    """An edition of an order whose lines were changed here (``domain/orders/outside_numbers``)."""

    def told(self, row: OutboxRow) -> tuple[OrderFacts, RawTradeStatus | None] | None:
        """The order as it was in that edition, with the status WDT took last, if it took it at all."""
        facts = facts_from_json(row.payload["facts"])
        return as_told(facts, row.payload["edition"]), RawTradeStatus(
            row.payload.get("pushed", RawTradeStatus.UNPAID)
        )

    def waits(self, row: OutboxRow, again: Again) -> None:
        """WDT reviewed the old edition before it heard of the change: only its warehouse can stop it."""
        if again.progress[_IN_THE_HOUSE]:
            text = Message(
                "Order {0} was changed, and WDT's warehouse has its old version {1} in hand. Stop that "
                "parcel in WDT (reject the stock-out); the new version follows by itself as soon as the old "
                "one is cancelled there.",
                row.document,
                told_number(row.document, row.payload["edition"]),
            )
            keep_task(Role.WAREHOUSE, locked_order(row.document), TaskReason.STOP_PARCEL, text)

    def apply(self, row: OutboxRow, done: Done) -> None:
        """Nothing follows from agreement; goods of the old edition that leave are a case for a person.

        The new edition waits behind this message. It is not told any more, or the goods would leave twice,
        and the old edition counts again, so that its shipment is recorded when it is read.
        """
        end_task(locked_order(row.document), TaskReason.STOP_PARCEL)
        verdict = done.facts
        if not isinstance(verdict, Verdict) or (verdict.agreed and not verdict.left):
            return
        supersede(row.document_type, row.document, [Action.WDT_TRADE_PUSH])
        if not frappe.db.get_value("Order", row.document, "wdt_pushed_status"):
            values = {"wdt_edition": row.payload["edition"], "wdt_pushed_status": verdict.pushed}
            frappe.db.set_value("Order", row.document, values, update_modified=False)
        number = told_number(row.document, row.payload["edition"])
        _need_person(
            row,
            Message(
                "Order {0} was changed here, but WDT ships its old version {1}: {2} The new version was not "
                "told. What left is read by itself; agree with the customer on the rest.",
                row.document,
                number,
                verdict.answer,
            ),
            DiscrepancyKind.SHIPMENT_DIFFERS,
        )
        read_order_again(row.document, row.account)


def _need_person(
    row: OutboxRow, summary: str, kind: DiscrepancyKind = DiscrepancyKind.NEEDS_MANUAL_STEP
) -> None:
    raise_discrepancy(
        Finding(
            kind=kind,
            account_type=row.account_type,
            account=row.account,
            document_type=row.document_type,
            document=row.document,
            aspect=row.action,
            summary=summary,
        )
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the trades of an order show after it was to be stopped; see ``Verdict``."""

    agreed: bool
    answer: str
    left: Mapping[str, Decimal] = field(default_factory=dict)


def judge(told: OrderFacts, trades: Sequence[SalesTrade], seconds_waited: float) -> Outcome | None:
    """Read WDT's answer from the trades of an order.

    Args:
        told: the order as WDT was told of it.
        trades: all sales trades with lines of it.
        seconds_waited: how long ago the closing status was pushed.

    Returns:
        Its answer, None while it is open: a part that waits in the warehouse may still leave.
    """
    tid = told.order_id
    alive = [trade for trade in trades if trade.status is not TradeStatus.CANCELLED]
    shipped = [trade for trade in alive if trade.status_code >= TradeStatus.SHIPPED]
    left = quantities_in(shipped, tid)
    if shipped and all(left.get(line.line_id, ZERO) >= line.quantity for line in told.lines):
        answer = Message(
            "WDT has shipped the goods already (trade {0}). Offer the customer a return.", _numbers(shipped)
        )
        return Outcome(False, answer, left)
    if not trades:
        never = Message("WDT never made a trade of this order.")
        return Outcome(True, never) if seconds_waited >= SUBMIT_SECONDS else None
    waiting = [trade for trade in alive if trade not in shipped]
    if not all(_emptied_before_review(trade, tid) for trade in waiting):
        return None
    if left:
        answer = Message("WDT has shipped a part (trade {0}) and cancelled the rest.", _numbers(shipped))
        return Outcome(True, answer, left)
    return Outcome(True, Message("WDT shows the order as cancelled (trade {0}).", _numbers(trades)))


def _numbers(trades: Sequence[SalesTrade]) -> str:
    return ", ".join(trade.trade_no for trade in trades)


def _emptied_before_review(trade: SalesTrade, tid: str) -> bool:
    """A merged trade lives on without our lines; after its review zeroed lines are a request only."""
    return trade.status_code < TradeStatus.WAITING_FOR_HANDOVER and all(
        line.actual_quantity == ZERO for line in trade.lines_of(tid)
    )
