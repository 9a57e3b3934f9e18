"""Admin verbs: what people do in the ERP, by tid or trade_no, strict by state."""

from collections.abc import Callable
from typing import Any

from simulators.core import AdminError
from simulators.wdt.codes import ProcessStatus, TradeStatus
from simulators.wdt.model import RawOrder, Trade
from simulators.wdt.people import reshaping, review, warehouse
from simulators.wdt.people.flow import Step
from simulators.wdt.people.review import Case
from simulators.wdt.people.submission import submit
from simulators.wdt.records import Records

Verb = Callable[[Case], None]

STEPS: dict[Step, Verb] = {
    Step.AUDIT: review.audit,
    Step.FINANCE_AUDIT: review.finance_audit,
    Step.PRINT: warehouse.print_slips,
    Step.PICK: warehouse.pick,
    Step.SCAN: warehouse.scan,
    Step.WEIGH: warehouse.weigh,
    Step.SHIP: warehouse.ship,
}
VERBS: dict[str, Verb] = {
    **{step.value: verb for step, verb in STEPS.items()},
    "release": review.release,
    "reject": review.reject,
    "freeze": review.freeze,
    "unfreeze": review.unfreeze,
    "clear": review.clear,
    "cancel": review.cancel,
    "split": reshaping.split,
    "merge": reshaping.merge,
    "gift": reshaping.gift,
    "confirm_interception": review.confirm_interception,
    "refuse_interception": review.refuse_interception,
    "recall": warehouse.recall,
    "correct_waybill": warehouse.correct_waybill,
}
RESUBMIT = "resubmit"
SHIPPED_VERBS = frozenset({"recall", "correct_waybill"})


def run_verb(records: Records, name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Carry out a verb.

    Args:
        records: the ERP's documents.
        name: one of VERBS, or ``resubmit``.
        options: tid or trade_no, optionally sid, and what the verb takes.

    Returns:
        The trade afterwards in short, or the raw order for resubmit.

    Raises:
        AdminError: unknown verb or order, or the state does not allow it.
    """
    if name == RESUBMIT:
        return _resubmit(records, options)
    if name not in VERBS:
        raise AdminError(f"unknown verb {name!r}; known: {', '.join(sorted([*VERBS, RESUBMIT]))}", 404)
    trade = find_trade(records, options, name in SHIPPED_VERBS)
    VERBS[name](Case(records, trade, options))
    return {
        "trade_no": trade.trade_no,
        "status": int(trade.status),
        "consign_status": int(trade.consign_status),
        "freeze_reason": trade.freeze_reason,
        "stockout_no": trade.stockout_no,
        "logistics_no": trade.logistics_no,
    }


def find_trade(records: Records, options: dict[str, Any], shipped: bool) -> Trade:
    """The one trade meant by trade_no or tid.

    Args:
        records: the ERP's documents.
        options: trade_no, or tid with optional sid.
        shipped: whether a split order's shipped or its waiting part is meant.

    Raises:
        AdminError: none or several.
    """
    if options.get("trade_no"):
        found = records.trade_by_no(str(options["trade_no"]))
        candidates = [found] if found else []
    else:
        sid = str(options.get("sid") or records.accounts.all()[0].sid)
        everything = records.trades_of(sid, str(options.get("tid", "")))
        living = [trade for trade in everything if trade.is_active()] or everything[-1:]
        fitting = [trade for trade in living if (trade.status >= TradeStatus.SHIPPED) == shipped]
        candidates = fitting or living
    if not candidates:
        name = options.get("trade_no") or options.get("tid")
        raise AdminError(
            f"no trade for {name!r}; the raw order may not be submitted yet, turn the clock", 404
        )
    if len(candidates) > 1:
        numbers = ", ".join(trade.trade_no for trade in candidates)
        raise AdminError(f"several trades fit, name one by trade_no: {numbers}", 409)
    return candidates[0]


def _resubmit(records: Records, options: dict[str, Any]) -> dict[str, Any]:
    raw = find_raw(records, options)
    if raw.process_status != ProcessStatus.WAITING:
        raise AdminError(
            f"{raw.tid} is at process_status {raw.process_status}; only 10 (待递交) can be submitted", 409
        )
    submit(records, raw)
    return {"tid": raw.tid, "process_status": int(raw.process_status), "error": raw.error}


def find_raw(records: Records, options: dict[str, Any]) -> RawOrder:
    """Raw order by tid and optional sid.

    Raises:
        AdminError: there is none.
    """
    sid = str(options.get("sid") or records.accounts.all()[0].sid)
    raw = records.raw(sid, str(options.get("tid", "")))
    if raw is None:
        raise AdminError(f"no raw order {options.get('tid')!r} of {sid}", 404)
    return raw


def show_order(records: Records, options: dict[str, Any]) -> dict[str, Any]:
    """Everything about one order, for tests and people."""
    raw = find_raw(records, options)
    trades = records.trades_of(raw.sid, raw.tid)
    stockouts = [
        s for t in trades for s in records.stockouts("trade_id = ? ORDER BY stockout_id", t.trade_id)
    ]
    rows = records.sync_rows("sid = ? AND tid = ? ORDER BY rec_id", raw.sid, raw.tid)
    return {
        "raw": {
            "process_status": int(raw.process_status), "bad_reason": int(raw.bad_reason), "error": raw.error,
            "pushed": raw.pushed,
        },
        "trades": [trade.dump() for trade in trades],
        "stockouts": [stockout.dump() for stockout in stockouts],
        "sync_rows": [row.dump() for row in rows],
        "log": records.log_lines(raw.sid, raw.tid),
    }  # fmt: skip
