"""The background job that turns raw orders into sales trades (递交; wdt-openapi 2.1, 4.5)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from simulators.wdt.codes import (
    CANCELLING,
    BadReason,
    DeliveryTerm,
    PayStatus,
    ProcessStatus,
    PushStatus,
    RawBadReason,
    TradeStatus,
)
from simulators.wdt.fieldrules import REGION_FIELDS
from simulators.wdt.model import ZERO, Line, RawOrder, Trade
from simulators.wdt.people.flow import plan_auto
from simulators.wdt.records import Records

CENT4 = Decimal("0.0001")
OID_ERROR = "订单货品数量不一致,请检查子订单编号是否重复"
RECEIVER_FIELDS = (
    "receiver_name",
    *REGION_FIELDS,
    "receiver_address",
    "receiver_mobile",
    "receiver_telno",
    "receiver_zip",
)
HEAD_AMOUNTS = ("post_amount", "other_amount", "paid", "cod_amount", "ext_cod_fee")
HEAD_NAMES = (
    *HEAD_AMOUNTS,
    "pay_status",
    "delivery_term",
    "invoice_kind",
    "invoice_title",
    "invoice_content",
)

START_STATUS = {
    PushStatus.UNPAID: TradeStatus.WAITING_PAYMENT,
    PushStatus.DEPOSIT_PAID: TradeStatus.WAITING_BALANCE,
    PushStatus.RELEASED: TradeStatus.REVIEW,
}

PROVINCES = frozenset(
    (
        *("北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽"),
        *("福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西"),
        *("甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门"),
    )
)
PROVINCE_SUFFIXES = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


def submit(records: Records, raw: RawOrder) -> None:
    """Make the sales trade of a raw order, or note on the raw order why not.

    Args:
        records: the ERP's documents.
        raw: a raw order that has no trade yet.
    """
    if raw.process_status != ProcessStatus.WAITING:
        return
    if raw.pushed["trade_status"] in CANCELLING:
        raw.process_status, raw.applied = ProcessStatus.CANCELLED, raw.pushed
        records.save_raw(raw)
        records.log(raw.sid, raw.tid, "递交前已取消")
        return
    raw.bad_reason, raw.error = _obstacle(records, raw)
    if raw.bad_reason:
        records.save_raw(raw)
        records.log(raw.sid, raw.tid, f"递交失败:{raw.error}")
        return
    for line in raw.pushed["order_list"]:
        records.store.execute("INSERT INTO raw_oid VALUES (?, ?, ?)", raw.sid, line["oid"], raw.id)
    trade = build_trade(records, raw)
    records.save_trade(trade)
    raw.process_status, raw.applied = ProcessStatus.SUBMITTED, raw.pushed
    records.save_raw(raw)
    records.log(raw.sid, raw.tid, f"递交成功,生成系统订单{trade.trade_no}")
    plan_auto(records, trade)


def _obstacle(records: Records, raw: RawOrder) -> tuple[int, str]:
    """Why it cannot be submitted: (bits, text); (0, "") when it can."""
    lines = raw.pushed["order_list"]
    if not lines:
        return int(RawBadReason.NO_LINES), "订单没有货品"
    oids = [line["oid"] for line in lines]
    taken = any(_oid_owner(records, raw.sid, oid) not in (None, raw.id) for oid in oids)
    if taken or len(set(oids)) < len(oids):
        return int(RawBadReason.COUNT_MISMATCH), OID_ERROR
    if not records.accounts.by_sid(raw.sid).warehouses:
        return int(RawBadReason.NO_WAREHOUSE), "没有可用仓库"
    unmatched = [line for line in lines if records.spec(raw.sid, line["spec_no"] or line["goods_no"]) is None]
    if unmatched:
        return int(RawBadReason.UNMATCHED_GOODS), f"平台货品未匹配系统货品:{unmatched[0]['spec_no']}"
    return 0, ""


def _oid_owner(records: Records, sid: str, oid: str) -> int | None:
    row = records.store.row("SELECT raw_id FROM raw_oid WHERE sid = ? AND oid = ?", sid, oid)
    return None if row is None else int(row["raw_id"])


def build_trade(records: Records, raw: RawOrder) -> Trade:
    """A new sales trade from a raw order (not stored yet)."""
    order = raw.pushed
    trade_id = records.next_number("trade")
    trade = Trade(
        trade_id=trade_id,
        trade_no=f"JY{records.clock.stamp():%Y%m%d}{trade_id:05d}",
        sid=raw.sid,
        shop_no=raw.shop_no,
        warehouse_no=str(records.accounts.by_sid(raw.sid).warehouses[0]["warehouse_no"]),
        status=START_STATUS[PushStatus(order["trade_status"])],
        heads={raw.tid: head_of(order)},
        lines=[_line(records, raw.tid, line) for line in order["order_list"]],
        receiver=receiver_of(order),
        buyer_nick=order["buyer_nick"],
        delivery_term=order["delivery_term"],
        is_sealed=order["delivery_term"] != DeliveryTerm.PAY_FIRST,
        buyer_message=order["buyer_message"],
        cs_remark=order["seller_memo"],
        remark_flag=order["seller_flag"],
        logistics_type=order["logistics_type"] or -1,
        trade_time=order["trade_time"],
        pay_time=pay_time_of(order),
    )
    _share_freight(trade, Decimal(order["post_amount"]))
    if records.settings.flag("check_regions") and not known_province(order["receiver_province"]):
        trade.bad_reason |= BadReason.ADDRESS
    if records.settings.flag("check_amounts") and not amounts_agree(order):
        trade.bad_reason |= BadReason.AMOUNTS
    return trade


def head_of(order: dict[str, Any]) -> dict[str, Any]:
    """What a trade keeps of the head of each pushed order."""
    return {name: order[name] for name in HEAD_NAMES}


def receiver_of(order: dict[str, Any]) -> dict[str, str]:
    """Receiver fields of a pushed order."""
    return {name: order[name] for name in RECEIVER_FIELDS}


def pay_time_of(order: dict[str, Any]) -> str:
    """Paid with a zero time: the ERP uses trade_time (wdt-openapi 2.1)."""
    paid_without_time = order["pay_status"] == PayStatus.PAID and order["pay_time"].startswith("0000")
    return str(order["trade_time"] if paid_without_time else order["pay_time"])


def line_amount(line: dict[str, Any]) -> Decimal:
    """num * price + adjust_amount - discount - share_discount (wdt-openapi 2.1)."""
    gross = Decimal(line["num"]) * Decimal(line["price"])
    net = gross + Decimal(line["adjust_amount"]) - Decimal(line["discount"]) - Decimal(line["share_discount"])
    return net.quantize(CENT4, ROUND_HALF_UP)


def receivable_of(order: dict[str, Any]) -> Decimal:
    """Sum of lines + post_amount + other_amount (wdt-openapi 2.1)."""
    lines = sum((line_amount(line) for line in order["order_list"]), ZERO)
    return lines + Decimal(order["post_amount"]) + Decimal(order["other_amount"])


def amounts_agree(order: dict[str, Any]) -> bool:
    """Whether paid and cod_amount fit the receivable (wdt-openapi 2.1, "Check this equation")."""
    receivable, paid = receivable_of(order), Decimal(order["paid"])
    cod, fee = Decimal(order["cod_amount"]), Decimal(order["ext_cod_fee"])
    if order["delivery_term"] == DeliveryTerm.CASH_ON_DELIVERY:
        return cod in (receivable - paid, receivable - paid + fee)
    if cod:
        return False
    match order["pay_status"]:
        case PayStatus.PAID:
            return paid == receivable
        case PayStatus.UNPAID:
            return paid == 0
    return 0 < paid < receivable


def known_province(name: str) -> bool:
    """Whether a name is in the region table (provinces only)."""
    for suffix in PROVINCE_SUFFIXES:
        if name.endswith(suffix) and name.removesuffix(suffix) in PROVINCES:
            return True
    return name in PROVINCES


def _line(records: Records, tid: str, line: dict[str, Any]) -> Line:
    num = Decimal(line["num"])
    return Line(
        rec_id=records.next_number("trade_line"),
        src_tid=tid,
        src_oid=line["oid"],
        num=num,
        actual_num=num,
        price=Decimal(line["price"]),
        discount=Decimal(line["discount"]) + Decimal(line["share_discount"]),
        adjust=Decimal(line["adjust_amount"]),
        share_amount=line_amount(line),
        share_post=ZERO,
        goods=goods_of(line),
        remark=line["remark"],
        refund_status=line["refund_status"],
    )


GOODS = ("goods_id", "spec_id", "goods_no", "spec_no", "goods_name", "spec_name")


def goods_of(line: dict[str, Any]) -> dict[str, Any]:
    """Article fields of a pushed line."""
    return {name: line[name] for name in GOODS}


def _share_freight(trade: Trade, post: Decimal) -> None:
    """Spread the freight by amount; the last line takes the remainder so that the sum is exact."""
    total, left = sum((line.share_amount for line in trade.lines), ZERO), post
    for line in trade.lines[:-1]:
        part = post * line.share_amount / total if total else ZERO
        line.share_post = part.quantize(CENT4, ROUND_HALF_UP)
        left -= line.share_post
    trade.lines[-1].share_post = left
