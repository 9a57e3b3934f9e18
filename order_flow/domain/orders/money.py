"""All figures of one order's money, from its facts in one place (K-05, R-163, R-060).

The identity that always holds: what is owed = value shipped and kept - credit notes - money received, never
below zero; what was received beyond what the order is to bring in is its surplus. Amounts are in the order's
currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from order_flow.domain.amounts import ZERO
from order_flow.domain.orders.progress import payment_status, settlement_status
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    ENTRY_STATES,
    DeliveryStatus,
    OrderState,
    PaymentFamily,
    PaymentStatus,
    SettlementStatus,
)


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """What is known of an order's money, and what follows from it."""

    state: OrderState
    family: PaymentFamily
    total: Decimal
    shipped: Decimal
    """Value of what has left the warehouse."""
    paid: Decimal
    """Confirmed money, refunds taken off."""
    credited: Decimal = ZERO
    """Approved credit notes."""

    @property
    def value(self) -> Decimal:
        """Return what the whole order is worth after its credit notes."""
        return max(self.total - self.credited, ZERO)

    @property
    def kept(self) -> Decimal:
        """Return what the goods that left are worth after the credit notes."""
        return max(self.shipped - self.credited, ZERO)

    @property
    def payable(self) -> Decimal:
        """What the order is to bring in: its value, or what left all the same where it was called off."""
        return self.kept if self.state in CALLED_OFF_STATES else self.value

    @property
    def surplus(self) -> Decimal:
        """Return what was received beyond ``payable``."""
        return max(self.paid - self.payable, ZERO)

    @property
    def missing(self) -> Decimal:
        """Return what of ``payable`` is not received yet."""
        return max(self.payable - self.paid, ZERO)

    @property
    def owed(self) -> Decimal:
        """Return what the order takes of its customer's credit.

        A confirmed order that is paid after its goods counts in full: the company is bound to deliver. Every
        other order counts with what left unpaid, e.g. because the warehouse went ahead.
        """
        bound = self.family is PaymentFamily.PAY_LATER and self.state not in ENTRY_STATES
        return max((self.payable if bound else self.kept) - self.paid, ZERO)

    @property
    def refundable(self) -> Decimal:
        """Return what may be paid back without leaving unpaid what the customer keeps."""
        return max(self.paid - self.kept, ZERO)

    @property
    def payment_status(self) -> PaymentStatus:
        """Return how much of the value is received. An order that costs nothing counts as paid."""
        return payment_status(self.value, self.paid)

    def settlement(self, delivery: DeliveryStatus) -> SettlementStatus:
        """Tell whether everything is shipped and paid.

        Args:
            delivery: how much of the goods has left.
        """
        return settlement_status(self.kept, self.paid, delivery)
