"""Facts of an order on which no gate is open, and the policy that asks every gate everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from order_flow.domain.gates.data import DataFacts, LineData
from order_flow.domain.gates.evidence import EvidenceFacts, EvidenceKind
from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.model import CheckPoint, Effect, Origin, Policy
from order_flow.domain.gates.registry import RULES
from order_flow.domain.states import DeliveryStatus, OrderState, PaymentFamily

TODAY: Final = date(2026, 11, 25)
LINE: Final = LineData(
    number=1,
    product="CUP-1",
    quantity=Decimal(100),
    unit_price=Decimal("9.90"),
    customer_product_code="C-77",
    packing="carton",
    label="neutral",
    known_prices=(Decimal("9.9"),),
    minimum_quantity=Decimal(50),
    response_days=10,
    drawing_number="DWG-1",
)
DATA: Final = DataFacts(
    today=TODAY,
    lines=(LINE,),
    customer_name="珠海样例商行",
    contact_person="黄经理",
    mobile="13800000000",
    address=("广东省", "珠海市", "情侣中路1号"),
    trade="Domestic",
    payment_term="Bank Transfer",
    transport_mode="Road",
    promised_on=date(2026, 12, 31),
    drawings_confirmed=True,
)
EVIDENCE: Final = EvidenceFacts(
    sets=(frozenset({EvidenceKind.WRITTEN_CONFIRMATION}),),
    given=frozenset({EvidenceKind.WRITTEN_CONFIRMATION}),
)
CLEAR: Final = GateFacts(
    state=OrderState.CONFIRMED,
    family=PaymentFamily.PAY_FIRST,
    origin=Origin.SITE,
    total=Decimal("990.00"),
    paid=Decimal("990.00"),
    delivery=DeliveryStatus.SHIPPED,
    data=DATA,
    evidence=EVIDENCE,
)
EVERYTHING_STOPS: Final[Policy] = {code: dict.fromkeys(CheckPoint, Effect.STOP) for code in RULES}


def with_data(**changes: Any) -> GateFacts:
    """Clear facts with something else in the order."""
    return replace(CLEAR, data=replace(DATA, **changes))


def with_line(**changes: Any) -> GateFacts:
    """Clear facts with another line."""
    return with_data(lines=(replace(LINE, **changes),))
