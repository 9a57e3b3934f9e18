"""Kinds of money movements on an order, and what to do with too much or too little (R-060, R-152).

An order's paid amount is the sum of its confirmed movements with their signs. Money moves between an order
and its customer's balance without a bank; bank charges are accepted in the place of money.

Money in another currency than the order's counts with the rate on the bank's slip: the amount for the order
is ``round_money(received * rate)``, fixed when finance confirms it. What the rates have become since is the
ledger's business, not the order's.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.errors import OrderFlowError
from order_flow.domain.states import PaymentFamily, PaymentTerm


class PaymentKind(StrEnum):
    """What a movement of money is for."""

    PAYMENT = "Payment"
    DEPOSIT = "Deposit"
    BALANCE = "Balance"
    PREPAYMENT = "Prepayment"
    CASH_ON_DELIVERY = "Cash on Delivery"
    REFUND = "Refund"
    REVERSAL = "Reversal"
    """Money that was booked by mistake or that the payer's bank took back: it is owed again."""
    BANK_CHARGES = "Bank Charges"
    TO_BALANCE = "To Customer Balance"
    FROM_BALANCE = "From Customer Balance"


class PaymentRecord(StrEnum):
    """What finance decided about a movement."""

    RECORDED = "Recorded"
    CONFIRMED = "Confirmed"
    REJECTED = "Rejected"


class OverpaymentAnswer(StrEnum):
    """What becomes of money beyond an order's total."""

    REFUND = "Refund"
    KEEP = "Keep as Balance"
    TRANSFER = "Transfer to Order"


class PaymentRefused(OrderFlowError):
    """A movement that does not fit its order."""

    code = "payment_refused"

    def __init__(self, template: str, params: Mapping[str, object]) -> None:
        shown = {
            name: round_money(value) if isinstance(value, Decimal) else value
            for name, value in params.items()
        }
        super().__init__(template, shown)


OUTGOING = frozenset({PaymentKind.REFUND, PaymentKind.REVERSAL, PaymentKind.TO_BALANCE})
"""Kinds that lower what is paid."""
WITHOUT_BANK = frozenset({PaymentKind.BANK_CHARGES, PaymentKind.TO_BALANCE, PaymentKind.FROM_BALANCE})
"""Kinds that no bank statement shows; only finance's own methods make them, and no ledger books a receipt."""

_NO_DEPOSIT_AGREED = (
    "'{kind}' does not fit: no deposit is agreed for this order. Record it as a payment, or agree on a "
    "deposit."
)
_NOT_PAID_FIRST = (
    "'{kind}' does not fit the payment term '{term}': its money comes after the goods. Record it as a "
    "payment."
)
_NOT_ON_DELIVERY = "'{kind}' does not fit the payment term '{term}'. Record it as a payment."
_FINANCE_ONLY_KIND = (
    "'{kind}' is not recorded by hand. Finance settles too much or too little money with the order's buttons."
)
_MORE_THAN_PAID = "{kind} of {amount} exceeds the {paid} received for the order. Correct the amount."
_LEAVES_DEBT = (
    "{kind} of {amount} would leave goods unpaid that the customer keeps; {refundable} may go back. Have a "
    "credit note approved first. Money that never stayed here is recorded as a reversal."
)
_NOTHING_OVER = "Nothing is overpaid: {paid} of {total} is received."
_NOTHING_MISSING = "Nothing is missing: {paid} of {total} is received."
_BEYOND_TOLERANCE = (
    "{missing} is missing, more than the {tolerance} that may be taken as bank charges. Ask the customer to "
    "pay the rest."
)
_BALANCE_TOO_LOW = "The customer's balance is {balance}, less than {amount}. Use at most the balance."
_NEEDS_LESS = "Only {missing} is missing on this order. Use at most that."
_NO_RATE = "{currency} was received for an order in {order_currency}. Enter the rate of the bank's slip."


def signed(kind: PaymentKind, amount: Decimal) -> Decimal:
    """A movement's amount as it counts for the order."""
    return -amount if kind in OUTGOING else amount


def check_kind(kind: PaymentKind, term: PaymentTerm, family: PaymentFamily, deposit_due: Decimal) -> None:
    """Refuse a kind that does not fit how the order is paid.

    Args:
        kind: what somebody records.
        term: the order's payment term.
        family: the order's branch.
        deposit_due: what is due before planning.

    Raises:
        PaymentRefused: naming what to record instead.
    """
    values = {"kind": kind.value, "term": term.value}
    if kind in WITHOUT_BANK:
        raise PaymentRefused(_FINANCE_ONLY_KIND, values)
    if kind in (PaymentKind.DEPOSIT, PaymentKind.BALANCE) and deposit_due <= ZERO:
        raise PaymentRefused(_NO_DEPOSIT_AGREED, values)
    if kind is PaymentKind.PREPAYMENT and family is not PaymentFamily.PAY_FIRST and deposit_due <= ZERO:
        raise PaymentRefused(_NOT_PAID_FIRST, values)
    if kind is PaymentKind.CASH_ON_DELIVERY and term is not PaymentTerm.CASH_ON_DELIVERY:
        raise PaymentRefused(_NOT_ON_DELIVERY, values)


def _shown(**amounts: Decimal) -> dict[str, object]:
    """Money as people read it: always to the cent."""
    return {name: round_money(amount) for name, amount in amounts.items()}


def check_outgoing(kind: PaymentKind, amount: Decimal, paid: Decimal, refundable: Decimal) -> None:
    """Refuse to give back more than was received, or what pays for goods that the customer keeps.

    Args:
        kind: what is confirmed.
        amount: how much.
        paid: confirmed money of the order.
        refundable: what may go back without making the customer a debtor.

    Raises:
        PaymentRefused: naming the amounts, and the credit note that comes first.
    """
    if kind not in OUTGOING:
        return
    if amount > paid:
        raise PaymentRefused(_MORE_THAN_PAID, {"kind": kind.value, **_shown(amount=amount, paid=paid)})
    if kind is not PaymentKind.REVERSAL and amount > refundable:
        shown = _shown(amount=amount, refundable=refundable)
        raise PaymentRefused(_LEAVES_DEBT, {"kind": kind.value, **shown})


def surplus(total: Decimal, paid: Decimal) -> Decimal:
    """Return what was paid too much.

    Raises:
        PaymentRefused: nothing was.
    """
    if paid <= total:
        raise PaymentRefused(_NOTHING_OVER, _shown(paid=paid, total=total))
    return paid - total


def acceptable_shortfall(total: Decimal, paid: Decimal, tolerance: Decimal) -> Decimal:
    """Return what finance may take as bank charges.

    Args:
        total: the order's total.
        paid: confirmed money.
        tolerance: the highest amount, in the order's currency.

    Raises:
        PaymentRefused: nothing is missing, or more than the tolerance.
    """
    missing = total - paid
    if missing <= ZERO:
        raise PaymentRefused(_NOTHING_MISSING, _shown(paid=paid, total=total))
    if missing > tolerance:
        raise PaymentRefused(_BEYOND_TOLERANCE, _shown(missing=missing, tolerance=tolerance))
    return missing


def check_balance_use(amount: Decimal, balance: Decimal, missing: Decimal) -> None:
    """Refuse to take more from a customer's balance than is there or than the order needs.

    Raises:
        PaymentRefused: naming the limit.
    """
    if amount > balance:
        raise PaymentRefused(_BALANCE_TOO_LOW, _shown(balance=balance, amount=amount))
    if amount > missing:
        raise PaymentRefused(_NEEDS_LESS, _shown(missing=max(missing, ZERO)))


def converted(received: Decimal, rate: Decimal, currency: str, order_currency: str) -> Decimal:
    """Return what money in another currency is worth for its order.

    Args:
        received: amount on the bank's slip.
        rate: order currency for one unit of it, as on the slip.
        currency: what was received.
        order_currency: what the order counts in.

    Raises:
        PaymentRefused: no rate.
    """
    if rate <= ZERO:
        raise PaymentRefused(_NO_RATE, {"currency": currency, "order_currency": order_currency})
    return round_money(received * rate)
