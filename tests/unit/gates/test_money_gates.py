"""Each gate over money: open, closed, at which check points, overridden by whom (R-153..R-163, K-21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.defaults.money_policies import MONEY_GATES
from order_flow.domain.amounts import ZERO
from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode, Origin
from order_flow.domain.gates.money import RULES, MoneyFacts
from order_flow.domain.gates.registry import policy_verdict
from order_flow.domain.money.credit import AccountKind, Assessment, Credit
from order_flow.domain.money.letter_of_credit import CreditCheck, LetterOfCredit
from order_flow.domain.states import DeliveryStatus, OrderState, PaymentFamily, PaymentTerm, Role

TODAY = date(2026, 11, 25)
HUNDRED = Decimal(100)
CODE = GateCode
LETTER = LetterOfCredit(HUNDRED, date(2026, 12, 31), None, CreditCheck.CORRECT, date(2026, 11, 1))
MONEY = MoneyFacts(today=TODAY, credit=Credit(AccountKind.CREDIT, Decimal(1000)))
ON_LETTER = replace(MONEY, term=PaymentTerm.LETTER_OF_CREDIT, letter=LETTER, claimed=HUNDRED)
ON_CREDIT = replace(MONEY, term=PaymentTerm.MONTHLY_ACCOUNT, needs_credit=True, order_takes=HUNDRED)
POINTS = {rule.code: rule.points for rule in RULES}


def facts(money: MoneyFacts, paid: Decimal = ZERO) -> GateFacts:
    """An order of 100."""
    return GateFacts(
        state=OrderState.CONFIRMED,
        family=PaymentFamily.PAY_LATER,
        origin=Origin.SITE,
        total=HUNDRED,
        paid=paid,
        delivery=DeliveryStatus.NOT_SHIPPED,
        money=money,
    )


def open_codes(order: GateFacts, point: CheckPoint) -> set[GateCode]:
    """Codes of the money gates that stop at a check point when every one of them is asked."""
    policy = {rule.code: dict.fromkeys(CheckPoint, Effect.STOP) for rule in RULES}
    return {gate.code for gate in policy_verdict(order, point, policy).stops}


CASES = [
    (CODE.DEPOSIT_MISSING, replace(MONEY, deposit_due=Decimal(30)), "29.99", "30"),
    (CODE.PREPAYMENT_MISSING, replace(MONEY, deposit_due=HUNDRED), "99.99", "100"),
    (
        CODE.PREPAYMENT_MISSING,
        replace(MONEY, credit=Credit(AccountKind.CASH), shipment_due=HUNDRED),
        "0",
        "100",
    ),
    (CODE.PAYMENT_BEFORE_SHIPMENT_MISSING, replace(MONEY, shipment_due=HUNDRED), "99.99", "100"),
    (CODE.PAYMENT_BEFORE_SHIPMENT_MISSING, replace(MONEY, shipment_due=Decimal(50)), "49", "50"),
    (CODE.NOT_SETTLED, replace(MONEY, shipped_worth=Decimal(70)), "69.99", "70"),
]


@pytest.mark.parametrize("code, money, too_little, enough", CASES)
def test_money_that_is_missing(code: GateCode, money: MoneyFacts, too_little: str, enough: str) -> None:
    """R-004, R-153, R-155, R-162, K-05: to the cent, at its own check points only."""
    for point in CheckPoint:
        asked = point in POINTS[code]
        assert (code in open_codes(facts(money, Decimal(too_little)), point)) == asked
        assert code not in open_codes(facts(money, Decimal(enough)), point)


@pytest.mark.parametrize(
    "code, is_open, is_closed",
    [
        (CODE.LETTER_OF_CREDIT_MISSING, replace(ON_LETTER, letter=None), ON_LETTER),
        (
            CODE.LETTER_OF_CREDIT_NOT_VERIFIED,
            replace(ON_LETTER, letter=replace(LETTER, check=CreditCheck.OPEN)),
            ON_LETTER,
        ),
        (
            CODE.LETTER_OF_CREDIT_NOT_VERIFIED,
            replace(ON_LETTER, letter=replace(LETTER, check=CreditCheck.FAULTY)),
            ON_LETTER,
        ),
        (
            CODE.LETTER_OF_CREDIT_EXPIRY_UNKNOWN,
            replace(ON_LETTER, letter=replace(LETTER, expiry=None)),
            ON_LETTER,
        ),
        (CODE.LETTER_OF_CREDIT_TOO_LOW, replace(ON_LETTER, claimed=Decimal("100.01")), ON_LETTER),
        (CODE.CREDIT_NOT_GRANTED, replace(ON_CREDIT, credit=Credit(AccountKind.CASH)), ON_CREDIT),
        (
            CODE.CREDIT_EXPIRED,
            replace(ON_CREDIT, credit=replace(ON_CREDIT.credit, valid_until=date(2026, 11, 24))),
            replace(ON_CREDIT, credit=replace(ON_CREDIT.credit, valid_until=TODAY)),
        ),
        (
            CODE.CREDIT_OVER_LIMIT,
            replace(ON_CREDIT, exposure=Decimal("900.01")),
            replace(ON_CREDIT, exposure=Decimal(900)),
        ),
        (
            CODE.CREDIT_OVER_LIMIT,
            replace(ON_CREDIT, exposure=Decimal(1900)),
            replace(
                ON_CREDIT,
                exposure=Decimal(1900),
                credit=Credit(AccountKind.CREDIT, Decimal(1000), None, Decimal(2000), TODAY),
            ),
        ),
        (
            CODE.CUSTOMER_OVERDUE,
            replace(MONEY, overdue=Decimal("0.01"), overdue_since=date(2026, 11, 1)),
            MONEY,
        ),
        (
            CODE.CUSTOMER_NOT_ASSESSED,
            replace(ON_CREDIT, new_customer=True),
            replace(ON_CREDIT, new_customer=True, assessment=Assessment.PASSED),
        ),
        (
            CODE.LARGE_ORDER_UNCHECKED,
            replace(MONEY, large_from=HUNDRED, worth=HUNDRED),
            replace(MONEY, large_from=HUNDRED, worth=Decimal("99.99")),
        ),
        (
            CODE.LARGE_ORDER_UNCHECKED,
            replace(
                MONEY,
                large_from=HUNDRED,
                worth=HUNDRED,
                order_check=Assessment.FAILED,
                checked_total=HUNDRED,
            ),
            replace(
                MONEY,
                large_from=HUNDRED,
                worth=HUNDRED,
                order_check=Assessment.PASSED,
                checked_total=HUNDRED,
            ),
        ),
        (
            CODE.LARGE_ORDER_UNCHECKED,
            replace(
                MONEY,
                large_from=HUNDRED,
                worth=HUNDRED,
                order_check=Assessment.PASSED,
                checked_total=Decimal(99),
            ),
            MONEY,
        ),
    ],
)
def test_what_secures_and_what_is_owed(code: GateCode, is_open: MoneyFacts, is_closed: MoneyFacts) -> None:
    """R-156..R-163, K-21: each alone opens its gate and no other, wherever it is asked."""
    for point in POINTS[code]:
        opened = open_codes(facts(is_open, HUNDRED), point)
        assert opened == {code}
        assert code not in open_codes(facts(is_closed, HUNDRED), point)


@pytest.mark.parametrize(
    "point, planned, today, is_open",
    [
        (CheckPoint.PLANNING, date(2026, 12, 24), TODAY, False),
        (CheckPoint.PLANNING, date(2026, 12, 25), TODAY, True),
        (CheckPoint.PLANNING, None, TODAY, False),
        (CheckPoint.SHIP, date(2026, 12, 1), date(2026, 12, 25), True),
        (CheckPoint.SHIP, date(2026, 12, 25), date(2026, 12, 24), False),
    ],
)
def test_goods_leave_a_week_before_the_letter_expires(
    point: CheckPoint, planned: date | None, today: date, is_open: bool
) -> None:
    """R-157: the plan is judged when planning, the day itself when shipping."""
    money = replace(ON_LETTER, ships_on=planned, today=today)
    opened = open_codes(facts(money), point)
    assert (CODE.SHIPS_TOO_LATE_FOR_LETTER_OF_CREDIT in opened) == is_open


def test_a_letter_of_credit_concerns_nobody_else() -> None:
    """K-03: an order that is not paid by one needs none, even where one is entered for it."""
    money = replace(ON_LETTER, term=PaymentTerm.BANK_TRANSFER, letter=None)
    assert open_codes(facts(money, HUNDRED), CheckPoint.SHIP) == set()


@pytest.mark.parametrize("rule", RULES, ids=[rule.code.value for rule in RULES])
def test_nobody_below_a_head_lets_an_order_pass(rule: object) -> None:
    """R-153, K-14: overriding money is for managers; who enters orders or keeps the money cannot."""
    may = set(rule.overridden_by)  # type: ignore[attr-defined]
    assert may
    assert may.isdisjoint({Role.ORDER_DESK, Role.SALES, Role.AFTER_SALES, Role.FIELD_REP, Role.INTEGRATION})


def test_every_gate_says_what_is_missing_in_words_that_fit() -> None:
    """Each text's places are all filled."""
    worst = replace(
        ON_LETTER,
        needs_credit=True,
        deposit_due=Decimal(30),
        shipment_due=HUNDRED,
        overdue=HUNDRED,
        overdue_since=TODAY,
        new_customer=True,
        large_from=Decimal(1),
        worth=HUNDRED,
        shipped_worth=HUNDRED,
        letter=replace(LETTER, check=CreditCheck.OPEN, expiry=date(2026, 11, 26)),
        claimed=Decimal(101),
        credit=Credit(AccountKind.CREDIT, Decimal(1), date(2026, 11, 1)),
    )
    for credit in (worst.credit, Credit(AccountKind.CASH), Credit(AccountKind.CREDIT, Decimal(1))):
        order = facts(replace(worst, credit=credit, order_takes=HUNDRED))
        for rule in RULES:
            for point in rule.points:
                if gate := rule.gate(order, point):
                    assert "{" not in gate.template.format(**gate.params)


@given(
    paid=st.decimals(min_value=0, max_value=200, places=2),
    deposit=st.decimals(min_value=0, max_value=100, places=2),
    shipment=st.decimals(min_value=0, max_value=100, places=2),
    exposure=st.decimals(min_value=0, max_value=2000, places=2),
)
def test_an_open_money_gate_stops_whatever_else_is_in_order(
    paid: Decimal, deposit: Decimal, shipment: Decimal, exposure: Decimal
) -> None:
    """K-21: the verdict is the sum of the gates; none hides another."""
    money = replace(ON_CREDIT, deposit_due=deposit, shipment_due=max(deposit, shipment), exposure=exposure)
    opened = open_codes(facts(money, paid), CheckPoint.SHIP)
    short_deposit = CODE.PREPAYMENT_MISSING if deposit >= HUNDRED else CODE.DEPOSIT_MISSING
    assert (short_deposit in opened) == (paid < deposit)
    assert (CODE.PAYMENT_BEFORE_SHIPMENT_MISSING in opened) == (paid < money.shipment_due)
    assert (CODE.CREDIT_OVER_LIMIT in opened) == (exposure + HUNDRED > 1000)


def test_the_shipped_policies_name_gates_that_exist_where_asking_makes_sense() -> None:
    """A policy row that could never stop would be a promise nobody keeps."""
    for row in MONEY_GATES:
        code = GateCode.of_label(row["gate"])
        for field, point in (
            ("at_confirm", CheckPoint.CONFIRM),
            ("at_planning", CheckPoint.PLANNING),
            ("at_ship", CheckPoint.SHIP),
        ):
            assert row[field] == Effect.OFF or point in POINTS[code]
