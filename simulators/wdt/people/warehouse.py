"""What the warehouse does: print, pick, scan, weigh, ship, recall (wdt-openapi 2.3, 5)."""

from decimal import Decimal, InvalidOperation

from simulators.core import AdminError
from simulators.wdt.codes import ZERO_TIME, BlockReason, Consign, PrintStatus, TradeStatus
from simulators.wdt.model import Stockout
from simulators.wdt.people.flow import Step, next_step
from simulators.wdt.people.reshaping import split_off
from simulators.wdt.people.review import Case, require_free, save_and_follow, wrong_state
from simulators.wdt.sync import make_rows, recall_rows


def _at(case: Case, step: Step) -> Stockout:
    """The stockout, when it waits for exactly this step.

    Raises:
        AdminError: it waits for another step, is frozen or is to be intercepted.
    """
    stockout = case.records.stockout_of(case.trade)
    waiting = next_step(case.trade, stockout)
    if stockout is None or waiting is not step:
        raise wrong_state(
            case.trade, f"it waits for {waiting.value if waiting else 'nobody'}, not for {step.value}"
        )
    require_free(case.trade)
    if stockout.block_reason:
        reasons = BlockReason(stockout.block_reason)
        raise AdminError(
            f"{stockout.order_no} is to be intercepted ({reasons!r}); confirm or refuse the interception",
            409,
        )
    return stockout


def _save(case: Case, stockout: Stockout, text: str) -> None:
    """Trade and stockout share consign bits and status."""
    case.trade.consign_status = stockout.consign_status
    case.records.save_stockout(stockout)
    save_and_follow(case.records, case.trade, text)


def print_slips(case: Case) -> None:
    """打单: logistics slip, dispatch note and pick list are printed; the waybill gets its number."""
    stockout = _at(case, Step.PRINT)
    stockout.logistics_print_status = stockout.sendbill_print_status = PrintStatus.DONE
    stockout.print_batch_no = f"PB{stockout.stockout_id:06d}"
    stockout.picklist_no = f"JH{stockout.stockout_id:06d}"
    _save(case, stockout, "打印完成")


def pick(case: Case) -> None:
    """拣货: the pick list is worked off."""
    stockout = _at(case, Step.PICK)
    stockout.picked = True
    stockout.picklist_print_status = PrintStatus.DONE
    if case.records.settings.flag("pick_sets_sorted_bit"):
        stockout.consign_status |= Consign.SORTED
    _save(case, stockout, "拣货完成")


def scan(case: Case) -> None:
    """验货: every article was scanned."""
    stockout = _at(case, Step.SCAN)
    stockout.consign_status |= Consign.EXAMINED
    _save(case, stockout, "验货完成")


def weigh(case: Case) -> None:
    """称重 (option: weight in kg)."""
    stockout = _at(case, Step.WEIGH)
    try:
        stockout.weight = f"{Decimal(str(case.options.get('weight', '1.0'))):.4f}"
    except InvalidOperation as error:
        raise AdminError(f"weight is not a number: {case.options['weight']!r}") from error
    stockout.consign_status |= Consign.WEIGHED
    case.trade.weight = stockout.weight
    _save(case, stockout, f"称重{stockout.weight}kg")


def ship(case: Case) -> None:
    """发货 (options: logistics_code, logistics_no, lines [{oid, num}] to ship only a part).

    What is not among the lines goes back to review as a new trade; the first push of the sync follows.
    """
    stockout, trade = _at(case, Step.SHIP), case.trade
    if case.options.get("lines") is not None:
        split_off(case, case.options["lines"])
        stockout.quantities = {str(line.rec_id): str(line.actual_num) for line in trade.lines}
    _give_waybill(case, stockout)
    stockout.consign_status |= Consign.SHIPPED
    stockout.status = trade.status = TradeStatus.SHIPPED
    stockout.consign_time = case.records.stamp()
    _save(case, stockout, f"发货{stockout.logistics_no}")
    make_rows(case.records, trade, stockout)


def _give_waybill(case: Case, stockout: Stockout) -> None:
    account = case.records.accounts.by_sid(case.trade.sid)
    code = str(case.options.get("logistics_code") or account.carriers[0]["logistics_no"])
    carrier = account.carrier(code)
    number = str(case.options.get("logistics_no") or f"{code}{case.records.next_number('waybill'):012d}")
    for document in (stockout, case.trade):
        document.logistics_code = code
        document.logistics_name = str(carrier["logistics_name"])
        document.logistics_type = int(carrier["logistics_type"])
        document.logistics_no = number


def correct_waybill(case: Case) -> None:
    """修改物流单号 after the parcel left (options: logistics_code, logistics_no).

    Whether the shop is handed another sync row then is not published; none is made (wdt-openapi 9).
    """
    stockout = case.records.stockout_of(case.trade)
    if case.trade.status != TradeStatus.SHIPPED or stockout is None:
        raise wrong_state(case.trade, "only 95 (已发货) has a waybill to correct")
    _give_waybill(case, stockout)
    _save(case, stockout, f"修改物流单号{stockout.logistics_no}")


def recall(case: Case) -> None:
    """撤销发货: the parcel is back at the ship step; its sync rows are closed."""
    stockout = case.records.stockout_of(case.trade)
    if case.trade.status != TradeStatus.SHIPPED or stockout is None:
        raise wrong_state(case.trade, "only 95 (已发货) can be recalled")
    stockout.consign_status &= ~(Consign.SHIPPED | Consign.SYNCED)
    stockout.status = case.trade.status = TradeStatus.AUDITED
    stockout.consign_time = ZERO_TIME
    recall_rows(case.records, case.trade)
    _save(case, stockout, "撤销发货")
