"""What is refused about money, in the words a person reads; nothing is stored then (R-060, R-152..R-164)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.utils import add_days, nowdate

from order_flow.api.money import (
    accept_shortfall,
    amend_letter_of_credit,
    check_credit,
    put_under_letter_of_credit,
    settle_overpayment,
    use_balance,
    verify_letter_of_credit,
)
from order_flow.api.orders import confirm, record_payment, ship
from order_flow.domain.states import PaymentTerm
from tests.site.support.money_lab import contract_order, credit_customer, new_customer, to_planning


@dataclass(frozen=True, slots=True)
class Stage:
    """What the refusals are provoked on."""

    short: Any
    """900 of 1000 paid in advance."""
    over: Any
    """1100 of 1000 paid, another customer's."""
    deposit: Any
    """Confirmed, its deposit of 300 missing."""
    credit: Any
    """Confirmed, 1000 on a limit of 500."""
    letter_order: Any
    """Confirmed, paid by letter of credit, without one."""
    letter: Any
    """Over 1000, not verified, of the letter order's customer, entered by Administrator."""


def built() -> Stage:
    """Orders in every kind of money trouble."""

    def order(term: PaymentTerm, customer: Any, paid: float = 0) -> Any:
        document = contract_order(customer, term)
        confirm(document.name)
        if paid:
            record_payment(document.name, paid, f"P-{document.name}")
        return document

    importer = new_customer()
    letter = frappe.get_doc(
        {
            "doctype": "Letter of Credit",
            "lc_number": f"LC-{frappe.generate_hash(length=8)}",
            "customer": importer.name,
            "issuing_bank": "Bank of Test",
            "currency": "CNY",
            "amount": 1000,
            "received_on": nowdate(),
            "expiry_date": add_days(nowdate(), 60),
        }
    ).insert()
    return Stage(
        short=order(PaymentTerm.BANK_TRANSFER, new_customer(), 900),
        over=order(PaymentTerm.BANK_TRANSFER, new_customer(), 1100),
        deposit=order(PaymentTerm.DEPOSIT_AND_BALANCE, new_customer()),
        credit=order(PaymentTerm.MONTHLY_ACCOUNT, credit_customer(500)),
        letter_order=order(PaymentTerm.LETTER_OF_CREDIT, importer),
        letter=letter,
    )


Provoke = Callable[[Stage], object]

REFUSALS: list[tuple[str, Provoke, str, str]] = [
    (
        "nothing over",
        lambda stage: settle_overpayment(stage.short.name, "Keep as Balance"),
        "Nothing is overpaid: 900",
        "没有多收款",
    ),
    (
        "unknown answer",
        lambda stage: settle_overpayment(stage.over.name, "Burn"),
        "'Burn' is not known. Choose one of: Refund",
        "没有“Burn”。请选择：退款",
    ),
    (
        "no other order",
        lambda stage: settle_overpayment(stage.over.name, "Transfer to Order"),
        "Choose the other order",
        "请选择款项要转入的另一张订单",
    ),
    (
        "another customer's order",
        lambda stage: settle_overpayment(stage.over.name, "Transfer to Order", stage.short.name),
        "not of customer",
        "不属于客户",
    ),
    (
        "beyond the tolerance",
        lambda stage: accept_shortfall(stage.short.name),
        "100.00 is missing, more than the 20.00",
        "还差 100.00，超过可作为银行手续费处理的 20.00",
    ),
    (
        "no balance",
        lambda stage: use_balance(stage.short.name, 1),
        "The customer's balance is 0",
        "客户余额为 0",
    ),
    (
        "kind without a bank",
        lambda stage: record_payment(stage.short.name, 1, "X", kind="Bank Charges"),
        "'Bank Charges' is not recorded by hand",
        "“银行手续费”不能手工登记",
    ),
    (
        "deposit that nobody agreed",
        lambda stage: record_payment(stage.short.name, 1, "X", kind="Deposit"),
        "no deposit is agreed for this order",
        "此订单没有约定定金",
    ),
    (
        "refund beyond what came",
        lambda stage: record_payment(stage.short.name, 901, "X", kind="Refund"),
        "exceeds the 900",
        "超过此订单已收的 900",
    ),
    (
        "deposit missing",
        lambda stage: to_planning(stage.deposit),
        "300.00 of the deposit of 300.00 is not confirmed as received",
        "定金 300.00 中还有 300.00 未确认到账",
    ),
    (
        "cash customer",
        lambda stage: to_planning(stage.short),
        "worked on only after their money is seen",
        "须见款后才能进行",
    ),
    (
        "over the limit",
        lambda stage: ship(stage.credit.name),
        "would owe 1000.00, his limit is 500.00",
        "客户将欠款 1000.00，而额度为 500.00",
    ),
    (
        "no letter of credit",
        lambda stage: to_planning(stage.letter_order),
        "none is entered for it",
        "尚未登记信用证",
    ),
    (
        "letter for an order of another term",
        lambda stage: put_under_letter_of_credit(stage.short.name, stage.letter.name),
        "is paid by 'Bank Transfer', not by letter of credit",
        "不是信用证",
    ),
    (
        "own letter verified",
        lambda stage: verify_letter_of_credit(stage.letter.name, "Correct"),
        "somebody else verifies it",
        "须由他人核验",
    ),
    (
        "amendment without a change",
        lambda stage: amend_letter_of_credit(stage.letter.name, nowdate()),
        "The amendment changes nothing",
        "此次修改没有改变任何内容",
    ),
    (
        "failed without a reason",
        lambda stage: check_credit(stage.credit.name, "Failed"),
        "Say why the credit check failed",
        "请说明信用检查未通过的原因",
    ),
]
