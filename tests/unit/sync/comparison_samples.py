"""An order on three sides that agree; tests change one thing and look what the comparison says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from order_flow.domain.orders.facts import OrderFacts
from order_flow.domain.orders.outside_numbers import as_told
from order_flow.domain.states import OrderState, PaymentStatus
from order_flow.integrations.u8.keys import document_key
from order_flow.integrations.u8.port import RemoteDocument, RemoteLine, U8DocumentKind
from order_flow.integrations.u8.settings import PostingProfile
from order_flow.integrations.wdt.codes import (
    BadReason,
    BlockReason,
    ConsignBit,
    PrintStatus,
    StockoutStatus,
    TradeStatus,
)
from order_flow.integrations.wdt.port import SalesTrade, SalesTradeLine, Stockout, StockoutLine
from order_flow.integrations.window import SHANGHAI
from order_flow.sync.compare.u8 import U8View
from order_flow.sync.compare.wdt import WdtView
from order_flow.sync.comparison import SiteOrder, SiteShipment
from tests.unit.wdt.wdt_samples import line, order, payment

NOW = datetime(2025, 1, 5, 12, 0, tzinfo=SHANGHAI)
TRADE = "JY1"
WAYBILL = "SF1"


def paid_order(state: OrderState = OrderState.PAID, **changes: Any) -> OrderFacts:
    """Two lines, freight and a discount, paid in full: 3 x 10 + 2 x 25 + 8 - 5 = 83."""
    facts = order(line(1, "3", "10"), line(2, "2", "25"), freight="8", discount="5")
    facts = replace(facts, state=state, payments=(payment("83"),), payment_status=PaymentStatus.PAID)
    if state is OrderState.COMPLETED:
        facts = replace(facts, completed_at=NOW - timedelta(days=1))
    return replace(facts, **changes)


def on_site(facts: OrderFacts, **changes: Any) -> SiteOrder:
    """Our side; goods have left in one parcel once the order is shipped."""
    shipped = facts.state in (OrderState.SHIPPED, OrderState.RECEIVED, OrderState.COMPLETED)
    leaving = {line.line_id: line.quantity for line in facts.lines}
    values: dict[str, Any] = {
        "wdt_account": "WDT",
        "u8_account": "U8",
        "created_at": NOW - timedelta(days=2),
        "changed_at": NOW - timedelta(days=1),
        "shipments": (SiteShipment("SH1", TRADE, WAYBILL, leaving),) if shipped else (),
    }
    return SiteOrder(facts, **(values | changes))


def trade_line(oid: str, quantity: str, price: str, share: str, **changes: Any) -> SalesTradeLine:
    """One line of a trade."""
    values: dict[str, Any] = {
        "rec_id": f"R{oid}",
        "src_tid": "SO-0001",
        "src_oid": oid,
        "goods_no": "P",
        "spec_no": "P",
        "goods_name": "P",
        "quantity": Decimal(quantity),
        "actual_quantity": Decimal(quantity),
        "price": Decimal(price),
        "share_amount": Decimal(share),
        "gift_type": 0,
        "refund_status": 0,
    }
    return SalesTradeLine(**(values | changes))


LINES = (trade_line("L0001", "3.0000", "10.0000", "28.1250"), trade_line("L0002", "2", "25", "46.8750"))


def trade(status: TradeStatus | int, lines: tuple[SalesTradeLine, ...] = LINES, **changes: Any) -> SalesTrade:
    """A trade that agrees with ``paid_order`` in all but perhaps its state."""
    known = status if isinstance(status, TradeStatus) else None
    values: dict[str, Any] = {
        "trade_id": "1",
        "trade_no": TRADE,
        "shop_no": "web01",
        "warehouse_no": "WH01",
        "src_tids": ("SO-0001",),
        "status_code": int(status),
        "status": known,
        "consign": ConsignBit(0),
        "freeze_reason": "",
        "refund_status": None,
        "bad_reason": BadReason(0),
        "delivery_term": None,
        "trade_time": None,
        "pay_time": None,
        "modified": NOW - timedelta(hours=2),
        "logistics_code": "SF",
        "logistics_name": "SF",
        "logistics_no": "",
        "stockout_no": "",
        "goods_amount": Decimal("80"),
        "post_amount": Decimal("8"),
        "discount": Decimal("5"),
        "receivable": Decimal("83"),
        "paid": Decimal("83"),
        "cod_amount": Decimal(0),
        "cancel_reason": "",
        "revert_reason": "",
        "lines": lines,
    }
    return SalesTrade(**(values | changes))


def stockout(status: StockoutStatus = StockoutStatus.SHIPPED, **changes: Any) -> Stockout:
    """The stockout of the whole order."""
    lines = tuple(
        StockoutLine(
            rec_id=one.rec_id,
            src_tid=one.src_tid,
            src_oid=one.src_oid,
            goods_no="P",
            spec_no="P",
            quantity=one.quantity,
            share_amount=one.share_amount,
            gift_type=0,
            refund_status=0,
        )
        for one in LINES
    )
    values: dict[str, Any] = {
        "stockout_id": "7",
        "order_no": "CK1",
        "trade_id": "1",
        "trade_no": TRADE,
        "src_tids": ("SO-0001",),
        "status_code": int(status),
        "status": status,
        "consign": ConsignBit(0),
        "block_reason": BlockReason(0),
        "freeze_reason": "",
        "warehouse_no": "WH01",
        "consign_time": NOW - timedelta(hours=2),
        "logistics_code": "SF",
        "logistics_name": "SF",
        "logistics_no": WAYBILL,
        "weight": Decimal(1),
        "slip_print": PrintStatus.DONE,
        "dispatch_note_print": PrintStatus.DONE,
        "pick_list_print": PrintStatus.DONE,
        "modified": NOW - timedelta(hours=2),
        "lines": lines,
    }
    return Stockout(**(values | changes))


def in_wdt(*trades: SalesTrade, **changes: Any) -> WdtView:
    """What WDT shows, all of it read back."""
    values: dict[str, Any] = {
        "currency": "CNY",
        "tells_completed": True,
        "trades": trades,
        "stockouts": (),
        "read_up_to": NOW - timedelta(minutes=1),
        "missing_after": timedelta(minutes=30),
        "now": NOW,
    }
    return WdtView(**(values | changes))


def shipped_in_wdt(**changes: Any) -> WdtView:
    """One trade, shipped whole."""
    return in_wdt(trade(TradeStatus.SHIPPED), **({"stockouts": (stockout(),)} | changes))


def told(facts: OrderFacts, edition: int) -> tuple[SalesTradeLine, ...]:
    """The lines of the sample trade under the numbers of an edition."""
    numbers = [one.line_id for one in as_told(facts, edition).lines]
    tid = as_told(facts, edition).order_id
    return tuple(replace(one, src_tid=tid, src_oid=oid) for one, oid in zip(LINES, numbers, strict=True))


def document(kind: U8DocumentKind, identity: str, amount: str, **changes: Any) -> RemoteDocument:
    """A document of the ledger with our key."""
    values: dict[str, Any] = {
        "kind": kind,
        "number": f"N-{kind.value}",
        "key": document_key(kind, identity),
        "date": (NOW - timedelta(days=1)).date(),
        "customer_code": "001",
        "amount": Decimal(amount),
        "verified": True,
    }
    return RemoteDocument(**(values | changes))


SALE = document(
    U8DocumentKind.SALE_ORDER,
    "SO-0001",
    "83.00",
    lines=(
        RemoteLine("P-001", Decimal("3"), Decimal("28.12")),
        RemoteLine("P-002", Decimal("2"), Decimal("46.88")),
        RemoteLine("FREIGHT", Decimal("1"), Decimal("8.00")),
    ),
)


def in_u8(*documents: RemoteDocument, profile: PostingProfile = PostingProfile.SALES_ORDER) -> U8View:
    """What the ledger shows of the order."""
    return U8View(profile, "CNY", frozenset({"FREIGHT"}), documents)
