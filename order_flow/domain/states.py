"""States, steps and roles of the order, and the one table that says which step may follow.

Source: 订单流程文档 V1.0 (requirements 2.1, R-016..R-026), conflicts K-03..K-06. The Frappe Workflow is
written from this table (``order_flow/workflow``) and the controller checks against it, so desk, REST,
import, bulk action and job obey the same rule. Labels are the English words stored in the database; what
a user reads is their translation.
"""

from __future__ import annotations

from enum import StrEnum

from order_flow.domain.lifecycle import Lifecycle, Transition
from order_flow.domain.roles import Role as Role


class OrderState(StrEnum):
    """Where an order stands. One internal set for all audiences (K-01)."""

    UNCONFIRMED = "Unconfirmed"
    UNDER_REVIEW = "Under Review"
    CONFIRMED = "Confirmed"
    PAID = "Paid"
    SHIPPED = "Shipped"
    RECEIVED = "Received"
    COMPLETED = "Completed"
    VOIDED = "Voided"
    CANCELLED = "Cancelled"


class OrderStep(StrEnum):
    """What somebody does to an order."""

    SEND_TO_REVIEW = "Send to Review"
    RETURN_TO_ENTRY = "Return to Entry"
    CONFIRM = "Confirm"
    CONFIRM_PAYMENT = "Confirm Payment"
    SHIP = "Ship"
    CONFIRM_RECEIPT = "Confirm Receipt"
    CANCEL = "Cancel"


class PaymentFamily(StrEnum):
    """Which branch of V1.0 an order follows: money before the goods, or after them."""

    PAY_FIRST = "Pay First"
    PAY_LATER = "Pay Later"


class PaymentTerm(StrEnum):
    """How the customer pays (R-013)."""

    ONLINE = "Online Payment"
    POSTAL_REMITTANCE = "Postal Remittance"
    BANK_TRANSFER = "Bank Transfer"
    CASH = "Cash"
    CARD = "Card"
    PREPAYMENT = "Prepayment"
    DEPOSIT_AND_BALANCE = "Deposit and Balance"
    LETTER_OF_CREDIT = "Letter of Credit"
    CASH_ON_DELIVERY = "Cash on Delivery"
    INSTALMENTS = "Instalments"
    MONTHLY_ACCOUNT = "Monthly Account"


class PaymentStatus(StrEnum):
    """How much of the order's total is confirmed as received."""

    UNPAID = "Unpaid"
    PARTLY_PAID = "Partly Paid"
    PAID = "Paid"
    OVERPAID = "Overpaid"


class DeliveryStatus(StrEnum):
    """How much of the ordered goods has left the warehouse."""

    NOT_SHIPPED = "Not Shipped"
    PARTLY_SHIPPED = "Partly Shipped"
    SHIPPED = "Shipped"


class SettlementStatus(StrEnum):
    """Whether everything shipped is paid (K-05, ADD 3.6)."""

    OPEN = "Open"
    SETTLED = "Settled"


class Leads(StrEnum):
    """Which side may go first for a step that both sides know (K-02)."""

    SITE = "Site"
    WDT = "WDT"
    EITHER = "Either"


class CancelWindow(StrEnum):
    """Until when an order may be cancelled (R-148, K-06)."""

    SHIPMENT = "Shipment"
    PAYMENT = "Payment"


class ReleasePolicy(StrEnum):
    """When the warehouse is told that it may start (design 3)."""

    CONFIRMED = "Confirmed"
    PAID = "Paid"


FAMILY_OF_TERM: dict[PaymentTerm, PaymentFamily] = {
    PaymentTerm.ONLINE: PaymentFamily.PAY_FIRST,
    PaymentTerm.POSTAL_REMITTANCE: PaymentFamily.PAY_FIRST,
    PaymentTerm.BANK_TRANSFER: PaymentFamily.PAY_FIRST,
    PaymentTerm.CASH: PaymentFamily.PAY_FIRST,
    PaymentTerm.CARD: PaymentFamily.PAY_FIRST,
    PaymentTerm.PREPAYMENT: PaymentFamily.PAY_FIRST,
    PaymentTerm.DEPOSIT_AND_BALANCE: PaymentFamily.PAY_FIRST,
    PaymentTerm.LETTER_OF_CREDIT: PaymentFamily.PAY_FIRST,
    PaymentTerm.CASH_ON_DELIVERY: PaymentFamily.PAY_LATER,
    PaymentTerm.INSTALMENTS: PaymentFamily.PAY_LATER,
    PaymentTerm.MONTHLY_ACCOUNT: PaymentFamily.PAY_LATER,
}
"""The branch each payment term takes (R-013, R-018, R-019)."""

DOCSTATUS: dict[OrderState, int] = {
    OrderState.UNCONFIRMED: 0,
    OrderState.UNDER_REVIEW: 0,
    OrderState.CONFIRMED: 1,
    OrderState.PAID: 1,
    OrderState.SHIPPED: 1,
    OrderState.RECEIVED: 1,
    OrderState.COMPLETED: 1,
    OrderState.VOIDED: 0,
    OrderState.CANCELLED: 2,
}
"""The framework's document status of each state (design 3)."""

FINAL_STATES = frozenset({OrderState.COMPLETED, OrderState.VOIDED, OrderState.CANCELLED})
ENTRY_STATES = frozenset({OrderState.UNCONFIRMED, OrderState.UNDER_REVIEW})
"""Before the confirmation."""
CALLED_OFF_STATES = frozenset({OrderState.VOIDED, OrderState.CANCELLED})
SHIPPED_STATES = frozenset({OrderState.SHIPPED, OrderState.RECEIVED, OrderState.COMPLETED})
RECEIVED_STATES = frozenset({OrderState.RECEIVED, OrderState.COMPLETED})
"""The customer has the goods: what comes back now is a return."""
EDITABLE_STATES = frozenset({OrderState.UNCONFIRMED})
"""Where lines and terms may be edited in place (K-07)."""


OrderTransition = Transition[OrderStep, OrderState]

_S = OrderState
_STEP = OrderStep
_FIRST = PaymentFamily.PAY_FIRST
_LATER = PaymentFamily.PAY_LATER

TRANSITIONS: tuple[OrderTransition, ...] = (
    OrderTransition(_STEP.SEND_TO_REVIEW, _S.UNCONFIRMED, _S.UNDER_REVIEW),
    OrderTransition(_STEP.RETURN_TO_ENTRY, _S.UNDER_REVIEW, _S.UNCONFIRMED),
    OrderTransition(_STEP.CONFIRM, _S.UNCONFIRMED, _S.CONFIRMED),
    OrderTransition(_STEP.CONFIRM, _S.UNDER_REVIEW, _S.CONFIRMED),
    OrderTransition(_STEP.CONFIRM_PAYMENT, _S.CONFIRMED, _S.PAID, _FIRST),
    OrderTransition(_STEP.SHIP, _S.PAID, _S.SHIPPED, _FIRST),
    OrderTransition(_STEP.SHIP, _S.CONFIRMED, _S.SHIPPED, _LATER),
    OrderTransition(_STEP.CONFIRM_RECEIPT, _S.SHIPPED, _S.COMPLETED, _FIRST),
    OrderTransition(_STEP.CONFIRM_RECEIPT, _S.SHIPPED, _S.RECEIVED, _LATER),
    OrderTransition(_STEP.CONFIRM_PAYMENT, _S.SHIPPED, _S.COMPLETED, _LATER),
    OrderTransition(_STEP.CONFIRM_PAYMENT, _S.RECEIVED, _S.COMPLETED, _LATER),
    OrderTransition(_STEP.CANCEL, _S.UNCONFIRMED, _S.VOIDED),
    OrderTransition(_STEP.CANCEL, _S.UNDER_REVIEW, _S.VOIDED),
    OrderTransition(_STEP.CANCEL, _S.CONFIRMED, _S.CANCELLED),
    OrderTransition(_STEP.CANCEL, _S.PAID, _S.CANCELLED),
    OrderTransition(_STEP.CANCEL, _S.SHIPPED, _S.CANCELLED),
)
"""Every step that exists; whatever is not here is refused (R-026). A shipped order is cancelled only when its
goods came back: as long as any are out, a gate stops it."""

ROLES_OF_STEP: dict[OrderStep, tuple[Role, ...]] = {
    OrderStep.SEND_TO_REVIEW: (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER),
    OrderStep.RETURN_TO_ENTRY: (Role.ORDER_DESK, Role.SALES_MANAGER),
    OrderStep.CONFIRM: (Role.ORDER_DESK, Role.SALES_MANAGER, Role.INTEGRATION),
    OrderStep.CONFIRM_PAYMENT: (Role.FINANCE,),
    OrderStep.SHIP: (Role.WAREHOUSE, Role.LOGISTICS, Role.INTEGRATION),
    OrderStep.CONFIRM_RECEIPT: (
        Role.ORDER_DESK,
        Role.LOGISTICS,
        Role.AFTER_SALES,
        Role.FIELD_REP,
        Role.INTEGRATION,
    ),
    OrderStep.CANCEL: (Role.ORDER_DESK, Role.SALES_MANAGER, Role.INTEGRATION),
}
"""Who may take each step (R-388). Duties are separate: only finance confirms money."""

ORDER = Lifecycle(TRANSITIONS, ROLES_OF_STEP)
"""The lifecycle of an order; its branches are the payment families."""


def family_of(term: PaymentTerm) -> PaymentFamily:
    """The branch of V1.0 that an order with this payment term follows (R-013)."""
    return FAMILY_OF_TERM[term]


def may_ship(state: OrderState, family: PaymentFamily, delivery: DeliveryStatus) -> bool:
    """Whether goods of an order may leave: for the first time, or again after the warehouse took them back.

    Args:
        state: where the order stands.
        family: its branch.
        delivery: how much of it is out.
    """
    if ORDER.by_step(OrderStep.SHIP, state, family) is not None:
        return True
    return state is OrderState.SHIPPED and delivery is not DeliveryStatus.SHIPPED


def may_arrive(state: OrderState, family: PaymentFamily, delivery: DeliveryStatus) -> bool:
    """Tell whether the customer can have got everything: all of it is out, and nobody has said so yet.

    Args:
        state: where the order stands.
        family: its branch.
        delivery: how much of it is out.
    """
    waits = ORDER.by_step(OrderStep.CONFIRM_RECEIPT, state, family) is not None
    return waits and delivery is DeliveryStatus.SHIPPED
