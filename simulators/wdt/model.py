"""The ERP's documents: raw order, sales trade, sales stockout, logistics sync row."""

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Self

from simulators.wdt.codes import (
    ZERO_TIME,
    DeliveryTerm,
    LineRefund,
    PrintStatus,
    ProcessStatus,
    SyncStatus,
    TradeStatus,
)

ZERO = Decimal(0)


@dataclass(slots=True)
class RawOrder:
    """原始订单: what the shop pushed.

    Args:
        id: row id.
        sid: seller.
        shop_no: shop.
        tid: order number of the shop.
        pushed: the order as last pushed (checked form).
        applied: the order as the sales trade knows it; None before the submit.
    """

    id: int
    sid: str
    shop_no: str
    tid: str
    pushed: dict[str, Any]
    applied: dict[str, Any] | None = None
    process_status: int = ProcessStatus.WAITING
    bad_reason: int = 0
    error: str = ""
    modified: str = ZERO_TIME
    created: str = ZERO_TIME


@dataclass(slots=True)
class Line:
    """One line of a trade; identified towards the shop by src_tid + src_oid.

    Args:
        rec_id: row id.
        num: ordered quantity in this trade.
        actual_num: quantity still to be sent, 0 after a refund.
        goods: goods_id, spec_id, goods_no, spec_no, goods_name, spec_name.
        price: list price.
        share_amount: line amount after all discounts.
        share_post: share of the freight.
    """

    rec_id: int
    src_tid: str
    src_oid: str
    num: Decimal
    actual_num: Decimal
    price: Decimal
    discount: Decimal
    adjust: Decimal
    share_amount: Decimal
    share_post: Decimal
    goods: dict[str, Any]
    remark: str = ""
    refund_status: int = LineRefund.NONE
    gift_type: int = 0

    @classmethod
    def load(cls, doc: dict[str, Any]) -> Self:
        """From its stored form."""
        for name in LINE_DECIMALS:
            doc[name] = Decimal(doc[name])
        return cls(**doc)

    def dump(self) -> dict[str, Any]:
        """Stored form."""
        doc = {name: getattr(self, name) for name in LINE_NAMES}
        for name in LINE_DECIMALS:
            doc[name] = str(doc[name])
        return doc


LINE_DECIMALS = ("num", "actual_num", "price", "discount", "adjust", "share_amount", "share_post")
LINE_NAMES = tuple(item.name for item in fields(Line))


@dataclass(slots=True)
class Trade:
    """系统订单 (JY number).

    Args:
        heads: head of each pushed order in it, by tid (several after a merge).
        receiver: name, regions, address, phones.
        freeze_reason: > 0 while frozen; the status stays what it is.
        consign_status: bits of ``Consign``.
        is_sealed: never merged or split.
    """

    trade_id: int
    trade_no: str
    sid: str
    shop_no: str
    warehouse_no: str
    status: int
    heads: dict[str, dict[str, Any]]
    lines: list[Line]
    receiver: dict[str, str]
    buyer_nick: str
    delivery_term: int = DeliveryTerm.PAY_FIRST
    is_sealed: bool = False
    buyer_message: str = ""
    cs_remark: str = ""
    remark_flag: int = 0
    trade_time: str = ZERO_TIME
    pay_time: str = ZERO_TIME
    freeze_reason: int = 0
    bad_reason: int = 0
    refund_status: int = 0
    revert_reason: int = 0
    cancel_reason: str = ""
    consign_status: int = 0
    stockout_no: str = ""
    logistics_code: str = ""
    logistics_name: str = ""
    logistics_type: int = -1
    logistics_no: str = ""
    weight: str = "0.0000"
    modified: str = ZERO_TIME
    created: str = ZERO_TIME

    @property
    def tids(self) -> list[str]:
        """Order numbers in it, ascending."""
        return sorted(self.heads)

    def lines_of(self, tid: str) -> list[Line]:
        """Lines of one pushed order."""
        return [line for line in self.lines if line.src_tid == tid]

    def has_goods(self) -> bool:
        """Whether anything is left to send; gifts alone do not count."""
        return any(line.actual_num > 0 and not line.gift_type for line in self.lines)

    def is_active(self) -> bool:
        """Whether it has not been cancelled."""
        return self.status != TradeStatus.CANCELLED

    def dump(self) -> dict[str, Any]:
        """Stored form."""
        doc = {name: getattr(self, name) for name in TRADE_NAMES}
        doc["lines"] = [line.dump() for line in self.lines]
        return doc

    @classmethod
    def load(cls, doc: dict[str, Any]) -> Self:
        """From its stored form."""
        doc["lines"] = [Line.load(line) for line in doc["lines"]]
        return cls(**doc)


TRADE_NAMES = tuple(item.name for item in fields(Trade))


@dataclass(slots=True)
class Stockout:
    """销售出库单: the parcel in the warehouse; gets a new number on every audit.

    Args:
        quantities: what leaves, by rec_id of the trade line (text key) -> quantity text.
        block_reason: bits of ``BlockReason`` (interception).
        picked: the pick list was worked off.
    """

    stockout_id: int
    order_no: str
    trade_id: int
    trade_no: str
    sid: str
    shop_no: str
    warehouse_no: str
    status: int
    quantities: dict[str, str]
    tids: list[str] = field(default_factory=list)
    consign_status: int = 0
    block_reason: int = 0
    bad_reason: int = 0
    freeze_reason: int = 0
    logistics_print_status: int = PrintStatus.NO
    sendbill_print_status: int = PrintStatus.NO
    picklist_print_status: int = PrintStatus.NO
    print_batch_no: str = ""
    picklist_no: str = ""
    picked: bool = False
    weight: str = "0.0000"
    logistics_code: str = ""
    logistics_name: str = ""
    logistics_type: int = -1
    logistics_no: str = ""
    consign_time: str = ZERO_TIME
    modified: str = ZERO_TIME
    created: str = ZERO_TIME

    def dump(self) -> dict[str, Any]:
        """Stored form."""
        return {name: getattr(self, name) for name in STOCKOUT_NAMES}


STOCKOUT_NAMES = tuple(item.name for item in fields(Stockout))


@dataclass(slots=True)
class SyncRow:
    """物流同步: a waybill the shop must hear of."""

    rec_id: int
    sid: str
    shop_no: str
    tid: str
    trade_id: int
    stockout_id: int
    logistics_no: str
    logistics_type: int
    logistics_name: str
    logistics_code_erp: str
    delivery_term: int
    consign_time: str
    is_part_sync: int
    oids: str
    is_last: int
    sync_status: int = SyncStatus.WAITING
    sync_time: str = ZERO_TIME
    error_msg: str = ""
    try_times: int = 0
    modified: str = ZERO_TIME
    created: str = ZERO_TIME

    def dump(self) -> dict[str, Any]:
        """Stored form."""
        return {name: getattr(self, name) for name in SYNC_NAMES}


SYNC_NAMES = tuple(item.name for item in fields(SyncRow))
