"""An order as plain facts: what the clients' mappings and the reconciliation read instead of documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from order_flow.domain.amounts import ZERO
from order_flow.domain.states import OrderState, PaymentFamily, PaymentStatus, PaymentTerm


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets the goods and where (R-041). Regions carry their Chinese names (wdt-openapi 2.1)."""

    name: str
    province: str
    city: str
    district: str
    address: str
    mobile: str
    phone: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One order line. ``line_id`` is the line's own key, unique over all orders (never the article)."""

    line_id: str
    product_code: str
    product_name: str
    specification: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax_percent: Decimal
    amount: Decimal
    tax: Decimal
    gross: Decimal
    """Line amount with tax after the line's own discount; the order's discount is not in it."""
    is_gift: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """Money confirmed by finance against the order. A refund has a negative amount."""

    payment_id: str
    amount: Decimal
    received_on: datetime
    method: str
    reference: str = ""
    by_bank: bool = True
    """False for what no bank statement shows: bank charges, money moved to or from the customer's balance."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Everything an outside system may need of one order; money in ``currency``, times in Asia/Shanghai."""

    order_id: str
    external_number: str
    customer_order_number: str
    channel: str
    state: OrderState
    payment_term: PaymentTerm
    family: PaymentFamily
    payment_status: PaymentStatus
    currency: str
    exchange_rate: Decimal
    ordered_at: datetime
    completed_at: datetime | None
    customer_code: str
    customer_name: str
    receiver: Receiver
    lines: tuple[LineFacts, ...]
    freight: Decimal
    other_fees: Decimal
    discount: Decimal
    total: Decimal
    payments: tuple[PaymentFacts, ...]
    tax_included: bool = True
    buyer_message: str = ""
    seller_memo: str = ""

    @property
    def paid(self) -> Decimal:
        """Sum of the confirmed payments, refunds taken off."""
        return sum((payment.amount for payment in self.payments), ZERO)

    @property
    def receipts(self) -> tuple[PaymentFacts, ...]:
        """The payments that a ledger books as money received or paid back."""
        return tuple(payment for payment in self.payments if payment.by_bank)

    @property
    def paid_at(self) -> datetime | None:
        """Return when the latest money was received; None while there is none."""
        return max((payment.received_on for payment in self.payments), default=None)
