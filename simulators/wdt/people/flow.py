"""Auto mode: which step of the ERP's people comes next, and when (wdt-openapi 4.5, 5)."""

from enum import StrEnum

from simulators.wdt.codes import Consign, PrintStatus, TradeStatus
from simulators.wdt.model import Stockout, Trade
from simulators.wdt.records import Records

AUTO = "auto"


class Step(StrEnum):
    """Steps of reviewers and warehouse, in their order; the value is the admin verb."""

    AUDIT = "audit"
    FINANCE_AUDIT = "finance_audit"
    PRINT = "print"
    PICK = "pick"
    SCAN = "scan"
    WEIGH = "weigh"
    SHIP = "ship"


ORDER = list(Step)


def next_step(trade: Trade, stockout: Stockout | None) -> Step | None:
    """The step a trade waits for; None when it waits for nobody in the ERP."""
    if trade.status == TradeStatus.REVIEW:
        return Step.AUDIT
    if trade.status == TradeStatus.FINANCE_REVIEW:
        return Step.FINANCE_AUDIT
    if trade.status != TradeStatus.AUDITED or stockout is None:
        return None
    if stockout.logistics_print_status == PrintStatus.NO:
        return Step.PRINT
    if not stockout.picked:
        return Step.PICK
    if not stockout.consign_status & Consign.EXAMINED:
        return Step.SCAN
    return Step.SHIP if stockout.consign_status & Consign.WEIGHED else Step.WEIGH


def plan_auto(records: Records, trade: Trade) -> None:
    """Plan the next step when auto mode is on and nothing holds the trade."""
    key = f"{AUTO}:{trade.trade_no}"
    records.agenda.cancel(key)
    if not records.settings.flag("auto") or trade.freeze_reason or held(records, trade):
        return
    step = next_step(trade, records.stockout_of(trade))
    last = Step(records.settings.text("auto_until"))
    if step is None or ORDER.index(step) > ORDER.index(last):
        return
    records.agenda.put(AUTO, key, seconds_for(records, step), {"trade_no": trade.trade_no})


def seconds_for(records: Records, step: Step) -> float:
    """Simulated seconds people take for a step."""
    special = records.settings["auto_seconds"]
    if isinstance(special, dict) and step.value in special:
        return float(special[step.value])
    return records.settings.number("auto_step_seconds")


def held(records: Records, trade: Trade) -> bool:
    """Whether the setting ``auto_hold_tids`` leaves this trade to the admin verbs."""
    return any(tid in records.settings.names("auto_hold_tids") for tid in trade.heads)
