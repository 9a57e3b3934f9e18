"""Asks WDT to stop an order and reads its answer until it is clear (R-147, requirements 2.1-D).

There is no cancel call: the raw order is pushed as closed (90) or refunded (80), and what became of its
trades is read back. Before WDT's own review that cancels them; afterwards it only asks the warehouse to stop
the parcel, and the order counts as cancelled only when its trade shows it (wdt-openapi 2.8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe

from order_flow.domain.money import ZERO
from order_flow.flow.cancellation import settle_cancellation
from order_flow.flow.facts import SHANGHAI, shanghai_time
from order_flow.flow.loading import load_order_facts
from order_flow.integrations.errors import Rejected
from order_flow.integrations.wdt.codes import RawTradeStatus, TradeStatus
from order_flow.integrations.wdt.mapping import raw_trade
from order_flow.integrations.wdt.port import RawTrade, SalesTrade, WdtPort
from order_flow.integrations.wdt.raw_status import next_raw_status
from order_flow.outbox.handler import ActionHandler, Again, Answer, Done, OutboxRow, Prepared
from order_flow.outbox.discrepancies import Finding, raise_discrepancy
from order_flow.outbox.states import DiscrepancyKind
from order_flow.sync.ports import wdt_settings

FIRST_LOOK_SECONDS = 2.0
LATER_LOOK_SECONDS = 30.0
SUBMIT_SECONDS = 120.0
"""Raw orders become trades in the background; this long after the request a missing trade counts as none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """WDT's answer to a cancellation."""

    agreed: bool
    answer: str


@dataclass(frozen=True, slots=True)
class CancelWork:
    """One cancellation to push, if it was not pushed yet, and to ask after."""

    row: OutboxRow
    tid: str
    trade: RawTrade | None
    seconds_since_request: float


class WdtCancellation(ActionHandler[CancelWork, WdtPort]):
    """One row a cancellation; pushing it again and reading are harmless."""

    repeatable = True

    def prepare(self, rows: Sequence[OutboxRow]) -> Prepared[CancelWork]:
        """Build the closing push, unless an earlier attempt made it."""
        row = rows[0]
        order = load_order_facts([row.document])[row.document]
        if not order.cancel_requested:
            return Prepared(None, {row.name: Done(digest="The request was settled meanwhile.")})
        requested_at = shanghai_time(frappe.db.get_value("Order", row.document, "cancel_requested_at"))
        now = datetime.now(SHANGHAI)
        waited = (now - requested_at).total_seconds() if requested_at else 0.0
        trade = None
        if "pushed" not in row.progress:
            last = RawTradeStatus(order.wdt_pushed_status) if order.wdt_pushed_status else None
            wanted = RawTradeStatus.REFUNDED if order.facts.paid > ZERO else RawTradeStatus.CLOSED
            status = next_raw_status(last, wanted)
            if status is not None:
                settings = wdt_settings(frappe.get_cached_doc("WDT Account", row.account))
                trade = raw_trade(order.facts, status, settings, now, last)
        return Prepared(CancelWork(row, row.document, trade, waited))

    def send(self, work: CancelWork, port: WdtPort) -> Mapping[int, Answer]:
        """Push the closing status once, then ask what became of the trades."""
        pushed = work.row.progress.get("pushed", 0)
        if work.trade is not None:
            result = port.push_trades([work.trade])
            if work.tid in result.rejected:
                return {work.row.name: Rejected(f"WDT refused the cancellation: {result.rejected[work.tid]}")}
            pushed = int(work.trade.trade_status)
        verdict = judge(work.tid, port.trades_of(work.tid), work.seconds_since_request)
        if verdict is None:
            wait = FIRST_LOOK_SECONDS if work.trade is not None else LATER_LOOK_SECONDS
            return {work.row.name: Again(wait, {"pushed": pushed})}
        return {work.row.name: Done(reference=work.tid, digest=verdict.answer, facts=(verdict, pushed))}

    def apply(self, row: OutboxRow, done: Done) -> None:
        """Cancel the order, or close the request with WDT's reason."""
        if done.facts is None:
            return
        verdict, pushed = done.facts
        settle_cancellation(row.document, agreed=verdict.agreed, answer=verdict.answer)
        if pushed:
            frappe.db.set_value("Order", row.document, "wdt_pushed_status", pushed, update_modified=False)

    def gave_up(self, row: OutboxRow, reason: str) -> None:
        """Nobody knows whether the goods will leave: a person must look."""
        raise_discrepancy(
            Finding(
                kind=DiscrepancyKind.NEEDS_MANUAL_STEP,
                account_type=row.account_type,
                account=row.account,
                document_type=row.document_type,
                document=row.document,
                aspect="cancellation",
                summary=f"The cancellation of {row.document} could not be settled with WDT: {reason} "
                "Ask the warehouse whether the goods can still leave, then send the row again.",
            )
        )


def judge(tid: str, trades: Sequence[SalesTrade], seconds_since_request: float) -> Verdict | None:
    """Read WDT's answer from the trades of an order.

    Args:
        tid: our order.
        trades: all sales trades with lines of it.
        seconds_since_request: how long ago the cancellation was requested.

    Returns:
        The verdict, None while it is open.
    """
    alive = [trade for trade in trades if trade.status is not TradeStatus.CANCELLED]
    shipped = [trade for trade in alive if trade.status_code >= TradeStatus.SHIPPED]
    if shipped:
        numbers = ", ".join(trade.trade_no for trade in shipped)
        return Verdict(False, f"WDT has shipped the goods already (trade {numbers}). Offer the customer a return.")
    if not trades:
        if seconds_since_request < SUBMIT_SECONDS:
            return None
        return Verdict(True, "WDT never made a trade of this order.")
    if all(_emptied_before_review(trade, tid) for trade in alive):
        numbers = ", ".join(trade.trade_no for trade in trades)
        return Verdict(True, f"WDT shows the order as cancelled (trade {numbers}).")
    return None


def _emptied_before_review(trade: SalesTrade, tid: str) -> bool:
    """A merged trade lives on without our lines; after its review zeroed lines are a request only."""
    return trade.status_code < TradeStatus.WAITING_FOR_HANDOVER and all(
        line.actual_quantity == ZERO for line in trade.lines_of(tid)
    )
