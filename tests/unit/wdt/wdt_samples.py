"""Orders, settings and records that the WDT tests start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from order_flow.domain.amounts import line_amounts, order_amounts
from order_flow.domain.orders.facts import LineFacts, OrderFacts, PaymentFacts, Receiver
from order_flow.domain.states import OrderState, PaymentStatus, PaymentTerm, family_of
from order_flow.integrations.wdt.settings import WdtSettings
from order_flow.integrations.window import SHANGHAI

NOW = datetime(2025, 1, 2, 9, 0, 0, tzinfo=SHANGHAI)
ORDERED = datetime(2025, 1, 1, 8, 30, 0, tzinfo=SHANGHAI)
PAID_ON = datetime(2025, 1, 1, 10, 0, 0, tzinfo=SHANGHAI)

RECEIVER = Receiver(
    name="测试收件人",
    province="浙江省",
    city="杭州市",
    district="西湖区",
    address="文三路1号",
    mobile="13800000000",
)


def settings(**changes: Any) -> WdtSettings:
    """The demo account."""
    known: dict[str, Any] = {
        "account": "demo",
        "base_url": "http://127.0.0.1:1/openapi2",
        "sid": "demo-sid",
        "appkey": "demo-appkey",
        "appsecret": "demo-secret-001",
        "shop_no": "web01",
    }
    return WdtSettings(**(known | changes))


def line(
    number: int, quantity: str, price: str, discount: str = "0", tax: str = "13", *, tax_included: bool = True
) -> LineFacts:
    """A line computed by the domain's own rules."""
    amounts = line_amounts(
        Decimal(quantity), Decimal(price), Decimal(discount), Decimal(tax), tax_included=tax_included
    )
    return LineFacts(
        line_id=f"L{number:04d}",
        product_code=f"P-{number:03d}",
        product_name=f"产品{number}",
        specification="红色",
        unit="个",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        discount=Decimal(discount),
        tax_percent=Decimal(tax),
        amount=amounts.amount,
        tax=amounts.tax,
        gross=amounts.gross,
    )


def order(*lines: LineFacts, **changes: Any) -> OrderFacts:
    """An unpaid order to be paid online; its total is the sum of its parts unless it is given."""
    parts = {name: Decimal(changes.pop(name, "0")) for name in ("freight", "other_fees", "discount")}
    alive = [item for item in lines if not item.cancelled]
    gross = sum((item.gross for item in alive), Decimal(0))
    term = changes.pop("payment_term", PaymentTerm.ONLINE)
    facts = OrderFacts(
        order_id="SO-0001",
        external_number="W-1",
        customer_order_number="",
        channel="Web",
        state=OrderState.UNCONFIRMED,
        payment_term=term,
        family=family_of(term),
        payment_status=PaymentStatus.UNPAID,
        currency="CNY",
        exchange_rate=Decimal(1),
        ordered_at=ORDERED,
        completed_at=None,
        customer_code="001",
        customer_name="测试客户",
        receiver=RECEIVER,
        lines=lines,
        total=order_amounts((), gross, parts["freight"] + parts["other_fees"], parts["discount"]).total,
        payments=(),
        **parts,
    )
    return replace(facts, **changes)


def payment(amount: str) -> PaymentFacts:
    """Money confirmed on the day of the order."""
    return PaymentFacts("PAY-1", Decimal(amount), PAID_ON, "Alipay")


TRADE_RECORD: dict[str, Any] = {
    "trade_id": "35",
    "trade_no": "JY202501010001",
    "shop_no": "web01",
    "warehouse_no": "WH01",
    "src_tids": "SO-0001,SO-0002",
    "trade_status": "55",
    "consign_status": "1",
    "freeze_reason": "0",
    "refund_status": "0",
    "bad_reason": "0",
    "delivery_term": "1",
    "trade_time": "2025-01-01 08:30:00",
    "pay_time": "0000-00-00 00:00:00",
    "modified": "2025-01-01 09:00:00",
    "logistics_code": "SF",
    "logistics_name": None,
    "logistics_no": "",
    "stockout_no": "CK2025010101",
    "goods_amount": "30.0000",
    "post_amount": "0.0000",
    "discount": "0.0000",
    "receivable": "30.0000",
    "paid": "30.0000",
    "cod_amount": "0.0000",
    "goods_list": [
        {
            "rec_id": "1",
            "src_tid": "SO-0001",
            "src_oid": "L0001",
            "goods_no": "P-001",
            "spec_no": "P-001",
            "goods_name": "产品1",
            "num": "3.0000",
            "actual_num": "3.0000",
            "price": "10.0000",
            "share_amount": "30.0000",
            "gift_type": "0",
            "refund_status": "0",
        },
        {"rec_id": "2", "src_tid": "SO-0001", "src_oid": None, "spec_no": "GIFT", "num": "1", "gift_type": 1},
        {
            "rec_id": "3",
            "src_tid": "SO-0002",
            "src_oid": "L0009",
            "spec_no": "P-009",
            "num": "1",
            "actual_num": "1",
        },
    ],
}
STOCKOUT_RECORD: dict[str, Any] = {
    "stockout_id": "7",
    "order_no": "CK2025010101",
    "src_order_no": "JY202501010001",
    "src_tids": "SO-0001",
    "status": "55",
    "consign_status": 0,
    "block_reason": "2",
    "freeze_reason": "0",
    "warehouse_no": "WH01",
    "consign_time": "0000-00-00 00:00:00",
    "logistics_code": "SF",
    "logistics_name": "顺丰",
    "logistics_no": "SF1",
    "weight": "1.2500",
    "logistics_print_status": "2",
    "sendbill_print_status": "0",
    "picklist_print_status": "0",
    "modified": "2025-01-01 09:00:00",
    "details_list": [{"rec_id": "1", "src_tid": "SO-0001", "src_oid": "L0001", "num": "3.0000"}],
}
NOTICE_RECORD: dict[str, Any] = {
    "rec_id": "11",
    "shop_no": "web01",
    "tid": "SO-0001",
    "oids": "L0001,L0002",
    "is_part_sync": "1",
    "logistics_no": "SF1",
    "logistics_code_erp": "SF",
    "logistics_name": "顺丰速运",
    "consign_time": "2025-01-01 12:00:00",
    "trade_id": "35",
    "stockout_id": "7",
    "sync_status": "0",
    "delivery_term": "1",
}
