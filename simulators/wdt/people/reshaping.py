"""What reviewers make of trades: split, merge, add a gift (wdt-openapi 2.2, 6)."""

from decimal import Decimal, InvalidOperation

from simulators.core import AdminError
from simulators.wdt.codes import ZERO_TIME, Consign, TradeStatus
from simulators.wdt.model import ZERO, Line, Trade
from simulators.wdt.people.flow import plan_auto
from simulators.wdt.people.review import UNAUDITED, Case, require_free, save_and_follow, wrong_state
from simulators.wdt.people.submission import GOODS, goods_of
from simulators.wdt.records import Records

MERGED = "被合并"
MANUAL_GIFT = 2
"""``gift_type`` of what people add (wdt-openapi 2.2)."""


def split(case: Case) -> None:
    """拆单: move lines or quantities to a new trade (options: lines [{oid, num}])."""
    if case.trade.status not in UNAUDITED:
        raise wrong_state(case.trade, "only a trade that is not audited can be split")
    split_off(case, case.options.get("lines"))
    save_and_follow(case.records, case.trade, "拆单")


def split_off(case: Case, wanted: object) -> Trade:
    """Move what is NOT wanted to a new trade at 30; COD and instalment trades are sealed.

    Args:
        case: the trade to split; keeps the wanted lines.
        wanted: list of {oid, num} to keep.

    Raises:
        AdminError: the trade is sealed, or the list does not describe a real split.
    """
    records, trade = case.records, case.trade
    if trade.is_sealed:
        raise AdminError(f"{trade.trade_no} is sealed (not pay-first): it is never split or merged", 409)
    keep = _wanted(trade, wanted)
    moved: list[Line] = []
    kept: list[Line] = []
    for line in trade.lines:
        kept_num = min(keep.get(line.src_oid, ZERO), line.actual_num)
        if kept_num > 0:
            kept.append(_part(line, kept_num, line.rec_id))
        if line.actual_num > kept_num:
            moved.append(_part(line, line.actual_num - kept_num, records.next_number("trade_line")))
    if not moved or not kept:
        raise AdminError("a split needs lines on both sides", 409)
    rest = _rest_trade(records, trade, moved)
    trade.lines = kept
    records.save_trade(rest)
    for tid in rest.tids:
        records.log(trade.sid, tid, f"{trade.trade_no}拆出{rest.trade_no}")
    plan_auto(records, rest)
    return rest


def _rest_trade(records: Records, trade: Trade, lines: list[Line]) -> Trade:
    """The new trade; freight and other charges stay with the first one, the payment follows the lines."""
    rest = Trade.load(trade.dump())
    rest.trade_id = records.next_number("trade")
    rest.trade_no = f"JY{records.clock.stamp():%Y%m%d}{rest.trade_id:05d}"
    rest.lines, rest.status = lines, TradeStatus.REVIEW
    rest.stockout_no, rest.created = "", ZERO_TIME
    rest.consign_status &= Consign.RAW_COMPLETED
    rest.heads = {}
    for tid in {line.src_tid for line in lines}:
        head = trade.heads[tid]
        paid = min(
            sum((line.share_amount for line in lines if line.src_tid == tid), ZERO), Decimal(head["paid"])
        )
        rest.heads[tid] = {**head, "post_amount": "0.0000", "other_amount": "0.0000", "paid": f"{paid:.4f}"}
        head["paid"] = f"{Decimal(head['paid']) - paid:.4f}"
    return rest


def _wanted(trade: Trade, wanted: object) -> dict[str, Decimal]:
    if not isinstance(wanted, list) or not all(isinstance(item, dict) and "oid" in item for item in wanted):
        raise AdminError('the body needs "lines": [{"oid": .., "num": ..}]')
    known = {line.src_oid: line.actual_num for line in trade.lines}
    keep: dict[str, Decimal] = {}
    for item in wanted:
        oid = str(item["oid"])
        try:
            num = Decimal(str(item.get("num", known.get(oid))))
        except InvalidOperation as error:
            raise AdminError(f"num of {oid} is not a number") from error
        if oid not in known or not 0 < num <= known[oid]:
            raise AdminError(f"{trade.trade_no} has no {num} of {oid} left", 409)
        keep[oid] = num
    return keep


def _part(line: Line, num: Decimal, rec_id: int) -> Line:
    """A share of a line; the amount follows the quantity."""
    part = Line.load(line.dump())
    part.rec_id, part.num, part.actual_num = rec_id, num, num
    share = num / line.num
    for name in ("share_amount", "share_post", "discount", "adjust"):
        setattr(part, name, (getattr(line, name) * share).quantize(Decimal("0.0001")))
    return part


def gift(case: Case) -> None:
    """赠品: staff add something of their own to a trade at 30 (options: spec_no, num).

    It belongs to no line that the shop pushed, so it has no oid; the shop ignores it (wdt-openapi 6).
    """
    trade, spec_no = case.trade, str(case.options.get("spec_no") or "")
    if trade.status != TradeStatus.REVIEW:
        raise wrong_state(trade, "gifts are added at 30")
    require_free(trade)
    if case.records.spec(trade.sid, spec_no) is None:
        raise AdminError(f"spec {spec_no!r} is not known", 404)
    try:
        number = Decimal(str(case.options.get("num", 1)))
    except InvalidOperation as error:
        raise AdminError(f"num is not a number: {case.options['num']!r}") from error
    if number <= 0:
        raise AdminError(f"num is {number}; a gift is at least something")
    added = Line(
        rec_id=case.records.next_number("trade_line"),
        src_tid=trade.tids[0],
        src_oid="",
        num=number,
        actual_num=number,
        price=ZERO,
        discount=ZERO,
        adjust=ZERO,
        share_amount=ZERO,
        share_post=ZERO,
        goods=goods_of({**dict.fromkeys(GOODS, ""), "goods_no": spec_no, "spec_no": spec_no}),
        gift_type=MANUAL_GIFT,
    )
    trade.lines.append(added)
    save_and_follow(case.records, case.trade, f"添加赠品{spec_no}")


def merge(case: Case) -> None:
    """合单: take the lines of another trade (options: other = its trade_no or tid)."""
    records, trade = case.records, case.trade
    other = _other(case)
    for one in (trade, other):
        if one.status != TradeStatus.REVIEW:
            raise wrong_state(one, "only trades at 30 can be merged")
        require_free(one)
        if one.is_sealed:
            raise AdminError(f"{one.trade_no} is sealed (not pay-first): it is never split or merged", 409)
    same = ("sid", "shop_no", "warehouse_no", "buyer_nick", "receiver")
    differing = [name for name in same if getattr(trade, name) != getattr(other, name)]
    if differing or trade.trade_id == other.trade_id:
        raise AdminError(
            f"{trade.trade_no} and {other.trade_no} differ in {', '.join(differing) or 'nothing'}", 409
        )
    trade.lines += other.lines
    trade.heads.update(other.heads)
    other.lines, other.heads = [], {}
    other.status, other.cancel_reason = TradeStatus.CANCELLED, MERGED
    records.save_trade(other)
    records.agenda.cancel(f"auto:{other.trade_no}")
    save_and_follow(case.records, case.trade, f"合并{other.trade_no}")


def _other(case: Case) -> Trade:
    name = str(case.options.get("other", ""))
    found = case.records.trade_by_no(name)
    candidates = (
        [found] if found else [t for t in case.records.trades_of(case.trade.sid, name) if t.is_active()]
    )
    if len(candidates) != 1:
        raise AdminError(f'"other" must name one trade, {name!r} names {len(candidates)}', 404)
    return candidates[0]
