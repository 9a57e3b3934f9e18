"""An order and a ledger as the U8 unit and contract tests use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal as D
from typing import Any

from order_flow.domain.amounts import split_tax
from order_flow.domain.orders.facts import LineFacts, OrderFacts, PaymentFacts, Receiver
from order_flow.domain.states import OrderState, PaymentFamily, PaymentStatus, PaymentTerm
from order_flow.integrations.u8.settings import Behaviour, LedgerCodes, U8Settings

SHANGHAI = timezone(timedelta(hours=8))
LATE_EVENING_UTC = datetime(2026, 3, 14, 17, 30, tzinfo=UTC)
"""Already 15 March in China."""

SETTINGS = U8Settings(
    account="U8-1",
    base_url="http://127.0.0.1:1",
    from_account="dev-demo",
    to_account="ent-demo",
    app_key="opa0123456789abcdef",
    app_secret="u8-demo-secret-001",
    codes=LedgerCodes(
        department="01",
        sale_type="01",
        person="001",
        customer_class="01",
        freight_item="P-FREIGHT",
        fee_item="P-FEE",
        settlement_style="2",
        settlement_styles={"Cash": "1"},
        revenue_subject="6001",
        tax_subject="222101",
        receivable_subject="1122",
        cash_subject="1002",
    ),
)


def line(number: int, quantity: str, gross: str, **changes: Any) -> LineFacts:
    """A line of ``quantity`` pieces that costs ``gross`` with 13 % tax."""
    amount = D(gross)
    values: dict[str, Any] = {
        "line_id": f"L{number}",
        "product_code": f"P00{number}",
        "product_name": f"商品{number}",
        "specification": "",
        "unit": "件",
        "quantity": D(quantity),
        "unit_price": amount / D(quantity) if D(quantity) else amount,
        "discount": D(0),
        "tax_percent": D(13),
        "amount": amount,
        "tax": split_tax(amount, D(13))[1],
        "gross": amount,
    }
    return LineFacts(**{**values, **changes})


def payment(number: int, amount: str, **changes: Any) -> PaymentFacts:
    """Money received on 14 March."""
    values: dict[str, Any] = {
        "payment_id": f"pay-{number}",
        "amount": D(amount),
        "received_on": datetime(2026, 3, 14, 9, 0, tzinfo=SHANGHAI),
        "method": "Bank Transfer",
        "reference": f"T{number}",
    }
    return PaymentFacts(**{**values, **changes})


def order(*lines: LineFacts, **changes: Any) -> OrderFacts:
    """A completed order; its total is what lines, freight, fees and discount come to."""
    facts = OrderFacts(
        order_id="SO-2026-00001",
        external_number="WEB-77",
        customer_order_number="",
        channel="Web",
        state=OrderState.COMPLETED,
        payment_term=PaymentTerm.BANK_TRANSFER,
        family=PaymentFamily.PAY_FIRST,
        payment_status=PaymentStatus.PAID,
        currency="CNY",
        exchange_rate=D(1),
        ordered_at=datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI),
        completed_at=LATE_EVENING_UTC,
        customer_code="001",
        customer_name="测试<客户>",
        receiver=Receiver("收货人", "广东省", "深圳市", "南山区", "科技路1号", "13800000000"),
        lines=lines or (line(1, "20", "666.60"),),
        freight=D(0),
        other_fees=D(0),
        discount=D(0),
        total=D(0),
        payments=(),
    )
    facts = replace(facts, **changes)
    if "total" in changes:
        return facts
    goods = sum((entry.gross for entry in facts.lines if not entry.cancelled), D(0))
    return replace(facts, total=goods + facts.freight + facts.other_fees - facts.discount)


def with_behaviour(settings: U8Settings = SETTINGS, **changes: Any) -> U8Settings:
    """The settings with another behaviour."""
    return replace(settings, behaviour=replace(settings.behaviour, **changes))


def behaviour(**changes: Any) -> Behaviour:
    """The default behaviour with changes."""
    return replace(Behaviour(), **changes)
