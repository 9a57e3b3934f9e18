"""What the app may ask of WDT, and the records it gets: the only face of WDT that others see.

Codes are kept as the raw number beside the Enum: a number we were never told about gives None, is never
guessed, and shows up as ``WarehouseStage.UNKNOWN`` (R-034, R-350). Amounts are Decimal in the account's
currency, None where WDT left them out (unknown, never zero); times are aware (Asia/Shanghai), "no date" is
None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from order_flow.integrations.errors import IntegrationError
from order_flow.integrations.wdt.codes import (
    BadReason,
    BlockReason,
    ConsignBit,
    DeliveryTerm,
    PayStatus,
    PrintStatus,
    RawRefundStatus,
    RawTradeStatus,
    RefundStatus,
    StockoutStatus,
    SyncStatus,
    TradeStatus,
)
from order_flow.integrations.window import Changes, Window


@dataclass(frozen=True, slots=True)
class RawTradeLine:
    """One line of a raw order (wdt-openapi 2.1). ``oid`` is unique per seller account, for ever."""

    oid: str
    goods_id: str
    spec_id: str
    goods_no: str
    spec_no: str
    goods_name: str
    spec_name: str
    num: Decimal
    price: Decimal
    adjust_amount: Decimal
    discount: Decimal
    share_discount: Decimal
    status: RawTradeStatus
    refund_status: RawRefundStatus = RawRefundStatus.NONE
    remark: str = ""


@dataclass(frozen=True, slots=True)
class RawTrade:
    """An order as it is pushed (wdt-openapi 2.1); amounts with up to four decimals."""

    tid: str
    trade_status: RawTradeStatus
    pay_status: PayStatus
    delivery_term: DeliveryTerm
    trade_time: datetime
    pay_time: datetime | None
    buyer_nick: str
    receiver_name: str
    receiver_province: str
    receiver_city: str
    receiver_district: str
    receiver_address: str
    receiver_mobile: str
    receiver_telno: str
    receiver_zip: str
    buyer_message: str
    seller_memo: str
    post_amount: Decimal
    cod_amount: Decimal
    ext_cod_fee: Decimal
    other_amount: Decimal
    paid: Decimal
    lines: tuple[RawTradeLine, ...]
    logistics_type: int | None = None
    """None leaves the carrier to WDT's own rules."""


@dataclass(frozen=True, slots=True)
class PushResult:
    """What became of pushed orders: every tid is in exactly one of the three.

    ``failed`` is filled only when a later call of the same push failed after an earlier one was answered;
    its error says what to do with that tid. Where nothing at all was answered the push raises instead.
    """

    accepted: frozenset[str]
    rejected: Mapping[str, str]
    failed: Mapping[str, IntegrationError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A record that could not be understood: to be set aside with its payload, the others go on."""

    stream: str
    key: str
    reason: str
    payload: object


@dataclass(frozen=True, slots=True)
class SalesTradeLine:
    """One line of a sales trade. Join to our order by ``src_tid`` + ``src_oid`` (wdt-openapi 2.2)."""

    rec_id: str
    src_tid: str
    src_oid: str
    goods_no: str
    spec_no: str
    goods_name: str
    quantity: Decimal
    actual_quantity: Decimal
    """Zero once the line was cancelled or refunded."""
    price: Decimal | None
    share_amount: Decimal | None
    gift_type: int
    refund_status: int


@dataclass(frozen=True, slots=True)
class SalesTrade:
    """A 系统订单. One order of ours may be several of them (split), several of ours one (merged)."""

    trade_id: str
    trade_no: str
    shop_no: str
    warehouse_no: str
    src_tids: tuple[str, ...]
    """May be cut by WDT when long: never rely on it to be complete."""
    status_code: int
    status: TradeStatus | None
    consign: ConsignBit
    freeze_reason: str
    """Empty while the trade is not frozen."""
    refund_status: RefundStatus | None
    bad_reason: BadReason
    delivery_term: DeliveryTerm | None
    trade_time: datetime | None
    pay_time: datetime | None
    modified: datetime | None
    logistics_code: str
    logistics_name: str
    logistics_no: str
    stockout_no: str
    goods_amount: Decimal | None
    post_amount: Decimal | None
    discount: Decimal | None
    receivable: Decimal | None
    paid: Decimal | None
    cod_amount: Decimal | None
    cancel_reason: str
    revert_reason: str
    lines: tuple[SalesTradeLine, ...]

    @property
    def is_frozen(self) -> bool:
        """Tell whether WDT holds the trade back; one of the two states it can be cancelled in (2.1-D)."""
        return bool(self.freeze_reason)

    def lines_of(self, tid: str) -> tuple[SalesTradeLine, ...]:
        """The lines that came from one of our orders; gifts added over there have no ``src_oid``."""
        return tuple(line for line in self.lines if line.src_tid == tid and line.src_oid)


@dataclass(frozen=True, slots=True)
class StockoutLine:
    """One line of a stockout. Join to our order by ``src_tid`` + ``src_oid``."""

    rec_id: str
    src_tid: str
    src_oid: str
    goods_no: str
    spec_no: str
    quantity: Decimal
    share_amount: Decimal | None
    gift_type: int
    refund_status: int


@dataclass(frozen=True, slots=True)
class Stockout:
    """A 销售出库单. ``order_no`` changes when it is rejected and reviewed again: never key on it."""

    stockout_id: str
    order_no: str
    trade_id: str
    trade_no: str
    src_tids: tuple[str, ...]
    status_code: int
    status: StockoutStatus | None
    consign: ConsignBit
    block_reason: BlockReason
    freeze_reason: str
    warehouse_no: str
    consign_time: datetime | None
    logistics_code: str
    logistics_name: str
    logistics_no: str
    weight: Decimal | None
    slip_print: PrintStatus
    dispatch_note_print: PrintStatus
    pick_list_print: PrintStatus
    modified: datetime | None
    lines: tuple[StockoutLine, ...]

    def lines_of(self, tid: str) -> tuple[StockoutLine, ...]:
        """The lines that came from one of our orders; gifts added over there have no ``src_oid``."""
        return tuple(line for line in self.lines if line.src_tid == tid and line.src_oid)


@dataclass(frozen=True, slots=True)
class ShipmentNotice:
    """A row of 物流同步: a shipment that the shop is to store and then acknowledge (wdt-openapi 2.4)."""

    rec_id: str
    shop_no: str
    tid: str
    oids: tuple[str, ...]
    """Lines in this parcel; empty means the whole order unless ``is_part`` is set."""
    is_part: bool
    logistics_code: str
    logistics_name: str
    logistics_no: str
    shipped_at: datetime | None
    trade_id: str
    stockout_id: str
    sync_status: SyncStatus | None
    delivery_term: DeliveryTerm | None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Our answer to a notice, sent only after it was stored. A non-empty ``error`` reports failure."""

    rec_id: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of the seller account."""

    shop_no: str
    name: str
    platform_id: int


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse of the seller account."""

    warehouse_no: str
    name: str
    type_code: int
    province: str
    city: str
    district: str
    address: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """A courier as the merchant named it."""

    logistics_code: str
    name: str
    type_code: int
    supports_cash_on_delivery: bool
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class StockFigure:
    """What one warehouse has of one article (wdt-openapi 3)."""

    spec_no: str
    warehouse_no: str
    physical: Decimal
    available: Decimal
    """What WDT says can still be sold; the ERP's own settings decide what that leaves out."""
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class Article:
    """One article of WDT's goods, with what it has from its goods (wdt-openapi 3)."""

    spec_no: str
    name: str
    specification: str
    brand: str
    """Empty where the interface leaves it out (R-348)."""
    category: str
    unit: str
    barcode: str
    is_deleted: bool


class WdtPort(Protocol):
    """The calls. All raise the classes of ``integrations/errors.py``; none retries by itself.

    A question about one order or article raises ``UnreadableAnswer`` where one of its records cannot be read.

    Everything that reads may be repeated freely. Pushing is an upsert by tid and acknowledging is harmless
    to repeat, so both may be sent again after ``OutcomeUnknown`` (wdt-openapi 2.1, 2.5).
    """

    def push_trades(self, trades: Sequence[RawTrade]) -> PushResult:
        """Create or update raw orders (trade_push), in batches as the limits demand.

        Args:
            trades: orders with distinct tids.

        Returns:
            What became of each tid. Accepted means stored as a raw order: the sales trade follows later.
        """

    def answers(self) -> bool:
        """Tell whether WDT itself answers a push that holds no order.

        False where something else answers: a wrong address, or a firewall that refuses every call.
        """

    def trades_of(self, tid: str) -> tuple[SalesTrade, ...]:
        """All sales trades that hold lines of one order of ours; empty until WDT submitted it."""

    def trades_changed(self, window: Window) -> Changes[SalesTrade | UnreadableRecord]:
        """Trades modified within a window of any length, each once, by ``trade_id``."""

    def stockouts_of(self, tid: str) -> tuple[Stockout, ...]:
        """All stockouts that hold lines of one order of ours, whatever their status."""

    def stockouts_shipped(self, window: Window) -> Changes[Stockout | UnreadableRecord]:
        """Stockouts shipped within a window of any length, each once, by ``stockout_id``."""

    def stockouts_in_house(self, window: Window) -> Changes[Stockout | UnreadableRecord]:
        """Reviewed stockouts modified within a window, each once: their print flags and bits (2.3)."""

    def waiting_shipments(self, limit: int) -> tuple[ShipmentNotice | UnreadableRecord, ...]:
        """Shipments the shop has not acknowledged yet, at most ``limit`` and at most 100."""

    def acknowledge(self, acknowledgements: Sequence[Acknowledgement]) -> Mapping[str, str]:
        """Acknowledge notices.

        Returns:
            Error text by rec_id for the rows WDT did not take; the others are done.
        """

    def shops(self) -> tuple[Shop, ...]:
        """The shops this interface account may see."""

    def warehouses(self) -> tuple[Warehouse | UnreadableRecord, ...]:
        """The warehouses this interface account may see."""

    def stock_changed(self, window: Window) -> Changes[StockFigure | UnreadableRecord]:
        """Stock figures modified within a window of any length, each once, by article and warehouse."""

    def stock_of(self, spec_no: str) -> tuple[StockFigure, ...]:
        """Return what every warehouse has of one article; empty where WDT does not know it."""

    def goods_changed(self, window: Window) -> Changes[Article | UnreadableRecord]:
        """Articles whose goods were modified within a window of any length, each once."""

    def goods_of(self, spec_no: str) -> tuple[Article, ...]:
        """One article; empty where WDT does not know it."""

    def carriers(self) -> tuple[Carrier | UnreadableRecord, ...]:
        """The couriers set up over there."""
