"""Gates over what is paid, secured and owed (R-153..R-163, K-03, K-21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.gates.model import (
    CheckPoint,
    FactGroup,
    GateCode,
    GateRule,
    OpenGate,
    PolicyGate,
    fingerprint,
)
from order_flow.domain.money.credit import AccountKind, Assessment, Credit, CreditVerdict, credit_verdict
from order_flow.domain.money.letter_of_credit import (
    DAYS_BEFORE_EXPIRY,
    CreditFault,
    LetterOfCredit,
    credit_faults,
    last_ship_day,
)
from order_flow.domain.states import PaymentTerm, Role

if TYPE_CHECKING:
    from order_flow.domain.gates.facts import GateFacts


NO_CREDIT = Credit(AccountKind.CASH)


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """What the gates of this module look at.

    ``deposit_due``, ``shipment_due``, ``checked_total`` and what concerns the letter of credit are in the
    order's currency; what concerns the customer's credit is in the company's.
    """

    today: date = date.min
    term: PaymentTerm = PaymentTerm.ONLINE
    deposit_due: Decimal = ZERO
    shipment_due: Decimal = ZERO
    """What must be in before goods leave, the deposit included."""
    credit: Credit = NO_CREDIT
    needs_credit: bool = False
    """The payment term lets goods go before their money is in."""
    exposure: Decimal = ZERO
    """What the customer's other orders take of his credit."""
    order_takes: Decimal = ZERO
    """What this order takes of it once it is confirmed."""
    overdue: Decimal = ZERO
    overdue_since: date | None = None
    new_customer: bool = False
    assessment: Assessment = Assessment.OPEN
    worth: Decimal = ZERO
    large_from: Decimal = ZERO
    """From which worth an order counts as large; zero: no order does."""
    order_check: Assessment = Assessment.OPEN
    checked_total: Decimal = ZERO
    letter: LetterOfCredit | None = None
    claimed: Decimal = ZERO
    """What all orders under the letter of credit claim together, this one included."""
    ships_on: date | None = None
    """The planned ship date."""
    shipped_worth: Decimal = ZERO
    days_before_expiry: int = DAYS_BEFORE_EXPIRY


_DEPOSIT = (
    "{missing} of the deposit of {due} is not confirmed as received. Ask the customer for it; finance "
    "confirms it."
)
_PREPAYMENT = (
    "{missing} of {due} is not confirmed as received, and this customer's orders are worked on only after "
    "their money is seen. Finance confirms it."
)
_BEFORE_SHIPMENT = (
    "{missing} of the {due} due before shipment is not confirmed as received. Ask the customer to pay in "
    "full."
)
_NO_LETTER = (
    "The order is paid by letter of credit, and none is entered for it. Put it under the one it is paid by."
)
_LETTER_UNVERIFIED = "The letter of credit is {check}. Verify it, or have the customer's bank amend it."
_EXPIRY_UNKNOWN = (
    "The expiry date of the letter of credit is not known. The sales manager fixes it with the customer."
)
_SHIPS_TOO_LATE = (
    "Goods would leave on {ships_on}; the letter of credit wants them to leave by {last_day}. Ship earlier, "
    "or have it amended."
)
_LETTER_TOO_LOW = (
    "The letter of credit is over {amount}, its orders claim {claimed}. Have it amended, or take an order "
    "from under it."
)
_NO_CREDIT = (
    "'{term}' needs a credit account, and finance has not granted one. Agree on payment in advance, or ask "
    "finance."
)
_CREDIT_EXPIRED = (
    "The customer's credit was valid until {until}. Finance renews it, or the customer pays first."
)
_OVER_LIMIT = (
    "With this order the customer would owe {owed}, his limit is {limit}. Ask the customer to pay, or "
    "request a higher limit."
)
_OVERDUE = (
    "The customer owes {overdue} on other orders, due since {since}. The sales manager talks to him; the "
    "order goes on when it is paid."
)
_NOT_ASSESSED = "The customer is new and his credit is not assessed. Finance assesses it."
_LARGE = "The order is worth {worth}; from {large_from} on finance checks its credit first."
_NOT_SETTLED = (
    "{missing} of the {worth} shipped is not confirmed as received. The order completes when it is."
)
_LARGE_FAILED = "Finance checked this order's credit, and it failed. Agree on payment in advance, or on less."


def _short(facts: GateFacts, code: GateCode, template: str, due: Decimal) -> OpenGate | None:
    if facts.paid >= due:
        return None
    missing, due = round_money(due - facts.paid), round_money(due)
    return OpenGate(
        code, template, (Role.FINANCE,), {"missing": missing, "due": due}, subject=fingerprint(missing, due)
    )


def deposit_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """No deposit, no planning (R-004, R-153)."""
    due = facts.money.deposit_due
    return None if due >= facts.total else _short(facts, GateCode.DEPOSIT_MISSING, _DEPOSIT, due)


def prepayment_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Wait for the money of orders paid in full before planning, and of all orders of cash customers (R-162).

    Terms whose money comes after the goods are the credit's business, and a letter of credit secures itself.
    """
    money = facts.money
    in_full = money.deposit_due >= facts.total
    cash = (
        money.credit.kind is AccountKind.CASH
        and money.shipment_due >= facts.total
        and money.term is not PaymentTerm.DEPOSIT_AND_BALANCE
    )
    if not (in_full or cash):
        return None
    return _short(facts, GateCode.PREPAYMENT_MISSING, _PREPAYMENT, facts.total)


def shipment_payment_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Ask for the payment before shipment where money is due by then (R-155)."""
    return _short(facts, GateCode.PAYMENT_BEFORE_SHIPMENT_MISSING, _BEFORE_SHIPMENT, facts.money.shipment_due)


_CODE_OF_FAULT: Mapping[CreditFault, GateCode] = {
    CreditFault.MISSING: GateCode.LETTER_OF_CREDIT_MISSING,
    CreditFault.UNVERIFIED: GateCode.LETTER_OF_CREDIT_NOT_VERIFIED,
    CreditFault.EXPIRY_UNKNOWN: GateCode.LETTER_OF_CREDIT_EXPIRY_UNKNOWN,
    CreditFault.SHIPS_TOO_LATE: GateCode.SHIPS_TOO_LATE_FOR_LETTER_OF_CREDIT,
    CreditFault.AMOUNT_TOO_LOW: GateCode.LETTER_OF_CREDIT_TOO_LOW,
}
_SAYS: Mapping[CreditFault, tuple[str, tuple[Role, ...]]] = {
    CreditFault.MISSING: (_NO_LETTER, (Role.ORDER_DESK, Role.SALES_MANAGER)),
    CreditFault.UNVERIFIED: (_LETTER_UNVERIFIED, (Role.ORDER_DESK, Role.FINANCE)),
    CreditFault.EXPIRY_UNKNOWN: (_EXPIRY_UNKNOWN, (Role.SALES_MANAGER,)),
    CreditFault.SHIPS_TOO_LATE: (_SHIPS_TOO_LATE, (Role.SALES_MANAGER, Role.PLANNING)),
    CreditFault.AMOUNT_TOO_LOW: (_LETTER_TOO_LOW, (Role.SALES_MANAGER, Role.FINANCE)),
}


def letter_gate(fault: CreditFault) -> PolicyGate:
    """The gate over one fault of a letter of credit (R-157..R-159).

    Args:
        fault: what it is open for. At shipping the goods leave today, whatever was planned.
    """

    def gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
        money = facts.money
        if money.term is not PaymentTerm.LETTER_OF_CREDIT:
            return None
        ships_on = money.today if point is CheckPoint.SHIP else money.ships_on
        if fault not in credit_faults(money.letter, money.claimed, ships_on, money.days_before_expiry):
            return None
        template, roles = _SAYS[fault]
        params = _letter_params(money, ships_on)
        return OpenGate(_CODE_OF_FAULT[fault], template, roles, params, subject=fingerprint(*params.values()))

    return gate


def _letter_params(money: MoneyFacts, ships_on: date | None) -> Mapping[str, object]:
    letter = money.letter
    if letter is None:
        return {}
    return {
        "check": letter.check.value,
        "ships_on": ships_on or "-",
        "last_day": last_ship_day(letter, money.days_before_expiry) or "-",
        "amount": round_money(letter.amount),
        "claimed": round_money(money.claimed),
    }


def _credit_gate(facts: GateFacts, wanted: CreditVerdict, gate: OpenGate) -> OpenGate | None:
    money = facts.money
    if not money.needs_credit:
        return None
    verdict = credit_verdict(money.credit, money.exposure, money.order_takes, money.today)
    return gate if verdict is wanted else None


def credit_granted_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A customer without a credit account gets no credit terms (R-160, R-163)."""
    params = {"term": facts.money.term.value}
    gate = OpenGate(GateCode.CREDIT_NOT_GRANTED, _NO_CREDIT, (Role.FINANCE,), params)
    return _credit_gate(facts, CreditVerdict.NOT_GRANTED, gate)


def credit_valid_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A limit that has run out is none (R-163)."""
    until = facts.money.credit.valid_until
    gate = OpenGate(
        GateCode.CREDIT_EXPIRED,
        _CREDIT_EXPIRED,
        (Role.FINANCE,),
        {"until": until},
        subject=fingerprint(until, facts.money.order_takes),
    )
    return _credit_gate(facts, CreditVerdict.EXPIRED, gate)


def credit_limit_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """Exposure + order within the limit (R-163)."""
    money = facts.money
    owed = round_money(money.exposure + money.order_takes)
    limit = round_money(money.credit.limit_on(money.today) or ZERO)
    gate = OpenGate(
        GateCode.CREDIT_OVER_LIMIT,
        _OVER_LIMIT,
        (Role.FINANCE, Role.SALES_MANAGER),
        {"owed": owed, "limit": limit},
        subject=fingerprint(owed, limit),
    )
    return _credit_gate(facts, CreditVerdict.OVER_LIMIT, gate)


def overdue_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A customer who has not paid as agreed gets no next order (R-156)."""
    money = facts.money
    if money.overdue <= ZERO:
        return None
    return OpenGate(
        GateCode.CUSTOMER_OVERDUE,
        _OVERDUE,
        (Role.SALES_MANAGER, Role.FINANCE),
        {"overdue": round_money(money.overdue), "since": money.overdue_since},
        subject=fingerprint(money.overdue, money.overdue_since),
    )


def assessment_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A new customer is assessed before he gets credit terms; one who failed pays first (R-160)."""
    money = facts.money
    if not money.needs_credit or not money.new_customer or money.assessment is not Assessment.OPEN:
        return None
    return OpenGate(GateCode.CUSTOMER_NOT_ASSESSED, _NOT_ASSESSED, (Role.FINANCE,))


def large_order_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A large order's credit is checked by finance, again where its total grew (R-161)."""
    money = facts.money
    if money.large_from <= ZERO or money.worth < money.large_from:
        return None
    counts = money.checked_total >= facts.total
    if counts and money.order_check is Assessment.PASSED:
        return None
    failed = counts and money.order_check is Assessment.FAILED
    return OpenGate(
        GateCode.LARGE_ORDER_UNCHECKED,
        _LARGE_FAILED if failed else _LARGE,
        (Role.FINANCE,),
        {"worth": round_money(money.worth), "large_from": round_money(money.large_from)},
        subject=fingerprint(money.worth, money.order_check.value),
    )


def settlement_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """A policy may want the shipped value paid before an order completes (K-05, R-008)."""
    worth = facts.money.shipped_worth
    if facts.paid >= worth:
        return None
    missing, worth = round_money(worth - facts.paid), round_money(worth)
    return OpenGate(
        GateCode.NOT_SETTLED,
        _NOT_SETTLED,
        (Role.FINANCE,),
        {"missing": missing, "worth": worth},
        subject=fingerprint(missing, worth),
    )


_SALES = (Role.SALES_MANAGER, Role.GENERAL_MANAGER)
_HIGHER = (Role.MARKETING_DIRECTOR, Role.GENERAL_MANAGER)
_TO_WORK = frozenset({CheckPoint.PLANNING, CheckPoint.SHIP})
_UNTIL_SHIPPED = frozenset({CheckPoint.CONFIRM, CheckPoint.PLANNING, CheckPoint.SHIP})
_MONEY = FactGroup.MONEY

RULES: tuple[GateRule, ...] = (
    GateRule(GateCode.DEPOSIT_MISSING, deposit_gate, _MONEY, _SALES, _TO_WORK),
    GateRule(GateCode.PREPAYMENT_MISSING, prepayment_gate, _MONEY, _SALES, _TO_WORK),
    GateRule(
        GateCode.PAYMENT_BEFORE_SHIPMENT_MISSING,
        shipment_payment_gate,
        _MONEY,
        _HIGHER,
        frozenset({CheckPoint.SHIP}),
    ),
    *(
        GateRule(_CODE_OF_FAULT[fault], letter_gate(fault), _MONEY, _SALES, _UNTIL_SHIPPED)
        for fault in CreditFault
    ),
    GateRule(GateCode.CREDIT_NOT_GRANTED, credit_granted_gate, _MONEY, _HIGHER, _UNTIL_SHIPPED),
    GateRule(GateCode.CREDIT_EXPIRED, credit_valid_gate, _MONEY, _HIGHER, _UNTIL_SHIPPED),
    GateRule(GateCode.CREDIT_OVER_LIMIT, credit_limit_gate, _MONEY, _HIGHER, _UNTIL_SHIPPED),
    GateRule(GateCode.CUSTOMER_OVERDUE, overdue_gate, _MONEY, _SALES, _UNTIL_SHIPPED),
    GateRule(GateCode.CUSTOMER_NOT_ASSESSED, assessment_gate, _MONEY, _HIGHER, _UNTIL_SHIPPED),
    GateRule(GateCode.LARGE_ORDER_UNCHECKED, large_order_gate, _MONEY, _HIGHER, _UNTIL_SHIPPED),
    GateRule(
        GateCode.NOT_SETTLED, settlement_gate, _MONEY, (Role.FINANCE,), frozenset({CheckPoint.COMPLETE})
    ),
)
