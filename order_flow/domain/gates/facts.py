"""What the gates look at: the order's own facts, and groups that are read only where a policy asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from order_flow.domain.gates.data import DataFacts
from order_flow.domain.gates.evidence import EvidenceFacts
from order_flow.domain.gates.model import GateCode, Origin
from order_flow.domain.gates.money import MoneyFacts
from order_flow.domain.gates.parts import PartFacts
from order_flow.domain.gates.review import ReviewFacts
from order_flow.domain.gates.stock import StockFacts
from order_flow.domain.gates.warehouse import WarehouseFacts
from order_flow.domain.orders.numbering import NumberGap
from order_flow.domain.states import CancelWindow, DeliveryStatus, Leads, OrderState, OrderStep, PaymentFamily


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What the gates look at. Money in the order's currency."""

    state: OrderState
    family: PaymentFamily
    origin: Origin
    total: Decimal
    paid: Decimal
    delivery: DeliveryStatus
    on_hold: bool = False
    hold_reason: str = ""
    cancel_requested: bool = False
    warehouse_agreed_to_cancel: bool = True
    """True where the warehouse cannot ship any more, or never knew of the order."""
    cancel_request_answered: bool = False
    """The step carries out a request that was allowed when it was made."""
    complete_on_payment: bool = True
    cancel_until: CancelWindow = CancelWindow.SHIPMENT
    leads: Mapping[OrderStep, Leads] = field(default_factory=dict)
    number_gap: NumberGap | None = None
    """Why the company's pattern gives no order number, while the number is still to come."""
    data: DataFacts = field(default_factory=DataFacts)
    evidence: EvidenceFacts = field(default_factory=EvidenceFacts)
    money: MoneyFacts = field(default_factory=MoneyFacts)
    review: ReviewFacts = field(default_factory=ReviewFacts)
    stock: StockFacts = field(default_factory=StockFacts)
    parts: PartFacts = field(default_factory=PartFacts)
    warehouse: WarehouseFacts = field(default_factory=WarehouseFacts)
    overrides: frozenset[tuple[GateCode, str]] = frozenset()
    """Gates and the subjects for which somebody let the order pass at this check point (K-14)."""
