"""Refusals of credit and of other roles with their words, for the one table of all refusals.

Each row builds what it is about itself: (case, provoke, English, Chinese).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import frappe
from frappe.utils import add_days, nowdate

from order_flow.api import money as money_api
from order_flow.api.orders import confirm, record_payment, ship
from order_flow.domain.states import PaymentTerm, Role
from tests.site.support.builders import acting_as, user_of
from tests.site.support.money_lab import contract_order, credit_customer, new_customer, to_planning

Row = tuple[str, Callable[[], object], str, str]

LETTER, DEPOSIT, TRANSFER = (
    PaymentTerm.LETTER_OF_CREDIT,
    PaymentTerm.DEPOSIT_AND_BALANCE,
    PaymentTerm.BANK_TRANSFER,
)
ACCOUNT = PaymentTerm.MONTHLY_ACCOUNT


def by(role: Role, act: Callable[..., object], *arguments: Any, **more: Any) -> object:
    """Somebody tries it; what it is about was made before."""
    with acting_as(user_of(role)):
        return act(*arguments, **more)


def _planned(term: PaymentTerm, customer: Any = None, **values: Any) -> None:
    """Ask the gates of planning about a confirmed order of a contract customer."""
    order = contract_order(customer or new_customer(), term, **values)
    confirm(order.name)
    to_planning(frappe.get_doc("Order", order.name))


def _letter(customer: Any, **values: Any) -> Any:
    usual = {
        "lc_number": f"LC-{frappe.generate_hash(length=8)}",
        "customer": customer.name,
        "issuing_bank": "Bank of Test",
        "currency": "CNY",
        "amount": 1000,
        "received_on": nowdate(),
        "expiry_date": add_days(nowdate(), 60),
    }
    with acting_as(user_of(Role.SALES_MANAGER)):
        return frappe.get_doc({"doctype": "Letter of Credit", **usual, **values}).insert()


def _under_letter(**values: Any) -> None:
    """Ask planning about an order under a letter of credit whose promised date is in fifty days."""
    customer = new_customer()
    letter = _letter(customer, **values)
    order = contract_order(customer, LETTER, promised_date=add_days(nowdate(), 50))
    with acting_as(user_of(Role.ORDER_DESK)):
        money_api.put_under_letter_of_credit(order.name, letter.name)
    confirm(order.name)
    to_planning(frappe.get_doc("Order", order.name))


def _raise_request(customer: Any, **values: Any) -> Any:
    wish = {"requested_limit": 9000, "valid_until": add_days(nowdate(), 30), "reason": "项目"}
    with acting_as(user_of(Role.AFTER_SALES)):
        document = {"doctype": "Credit Raise Request", "customer": customer.name, **wish, **values}
        return frappe.get_doc(document).insert()


def _decide(state: str, role: Role) -> object:
    request = _raise_request(credit_customer(1000))

    def act() -> object:
        document = frappe.get_doc("Credit Raise Request", request.name)
        document.workflow_state = state
        return document.save()

    return by(role, act)


def _shipped_unpaid() -> None:
    """A confirmed order on deposit, with nothing paid, is to leave."""
    order = contract_order(new_customer(), DEPOSIT, deposit_percent=30)
    confirm(order.name)
    with acting_as(user_of(Role.LOGISTICS)):
        ship(order.name, carrier="顺丰", waybill_number=frappe.generate_hash(length=8))


CREDIT: Final[list[Row]] = [
    (
        "prepayment missing",
        lambda: _planned(PaymentTerm.PREPAYMENT),
        "only after their money is seen",
        "须见款后才能进行",
    ),
    (
        "unpaid goods leave",
        _shipped_unpaid,
        "the step 'Ship' is possible only from: Paid",
        "“发货”只能在以下状态执行：已支付",
    ),
    (
        "letter without expiry",
        lambda: _under_letter(expiry_date=None),
        "expiry date of the letter of credit is not known",
        "信用证到期日未知",
    ),
    (
        "ships too late for it",
        lambda: _under_letter(expiry_date=add_days(nowdate(), 56)),
        "wants them to leave by",
        "按信用证最迟应在",
    ),
    (
        "faulty without words",
        lambda: by(Role.FINANCE, money_api.verify_letter_of_credit, _letter(new_customer()).name, "Faulty"),
        "Say what is wrong",
        "请说明错误之处",
    ),
    (
        "expiry fixed by finance",
        lambda: by(
            Role.FINANCE,
            money_api.amend_letter_of_credit,
            _letter(new_customer()).name,
            nowdate(),
            expiry_date=add_days(nowdate(), 90),
        ),
        "is done by: Sales Manager",
        "由以下角色负责：销售经理",
    ),
    ("no credit account", lambda: _planned(ACCOUNT), "needs a credit account", "需要信用账户"),
    (
        "credit without assessment",
        lambda: by(Role.FINANCE, _grant, new_customer(relationship="New")),
        "has not passed an assessment",
        "信用尚未通过评估",
    ),
    (
        "assessed by sales",
        lambda: by(Role.SALES, money_api.assess_customer, new_customer().name, "Passed"),
        "is done by: Finance",
        "由以下角色负责：财务",
    ),
    (
        "large order unchecked",
        lambda: _planned(ACCOUNT, credit_customer(500000), amount=200000),
        "finance checks its credit first",
        "须先由财务检查信用",
    ),
    (
        "limit below the present one",
        lambda: _raise_request(credit_customer(9000)),
        "is not above the present limit",
        "不高于现有额度",
    ),
    (
        "limit that has ended",
        lambda: _raise_request(credit_customer(1000), valid_until=add_days(nowdate(), -1)),
        "would have ended already",
        "提额的截止日已过",
    ),
    (
        "raise past a hand",
        lambda: _decide("Granted", Role.FINANCE),
        "cannot become Granted",
        "不能变为“已授予”",
    ),
    (
        "raise by another hand",
        lambda: _decide("Approved by Sales Manager", Role.FINANCE),
        "This decision is taken by: Sales Manager",
        "此项由 销售经理 决定",
    ),
    (
        "raise refused without words",
        lambda: _decide("Refused", Role.SALES_MANAGER),
        "Say why the limit is refused",
        "请说明拒绝提额的原因",
    ),
    (
        "money confirmed by the desk",
        lambda: by(Role.ORDER_DESK, _confirm_money, new_customer()),
        "Only finance confirms",
        "只有财务可以确认",
    ),
]
"""R-153..R-164, K-03, K-21."""


def _grant(customer: Any) -> None:
    customer = frappe.get_doc("Customer", customer.name)
    customer.account_kind, customer.credit_limit = "Credit", 1000
    customer.save()


def _confirm_money(customer: Any) -> None:
    order = contract_order(customer, DEPOSIT, deposit_percent=30)
    payment = record_payment(order.name, 100, frappe.generate_hash(length=8))["payment"]
    frappe.get_doc("Order Payment", payment).confirm()
