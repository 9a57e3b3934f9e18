"""REST and buttons for money: letters of credit, credit, and what to do with too much or too little.

Thin, typed, bound to their verbs, checked by document; see ``api`` for how refusals answer.
"""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.money.credit import Assessment
from order_flow.domain.money.letter_of_credit import CreditCheck
from order_flow.domain.money.payments import OverpaymentAnswer
from order_flow.flow.money import credit as customer_credit
from order_flow.flow.money import letters_of_credit, settling
from order_flow.flow.records.choices import choice
from order_flow.flow.records.order import locked_order
from order_flow.flow.records.values import day_of, number_of
from order_flow.flow.terms import credit as standing


def _locked(doctype: str, name: str) -> Any:
    document = frappe.get_doc(doctype, name, for_update=True)
    document.check_permission("write")
    return document


def _order_standing(order: str) -> dict[str, Any]:
    # By the row as it is: a call that waited for another has an older view of the database.
    document = locked_order(order)
    document.check_permission("read")
    return {
        "order": document.name,
        "state": document.workflow_state,
        "payment_status": document.payment_status,
        "settlement_status": document.settlement_status,
        "total": document.total,
        "paid_amount": document.paid_amount,
        "letter_of_credit": document.letter_of_credit,
        "credit_check": document.credit_check,
        "delivery_start": document.delivery_start,
    }


def _on_order(order: str, act: Callable[[], None]) -> dict[str, Any]:
    frappe.get_doc("Order", order).check_permission("write")
    act()
    return _order_standing(order)


@endpoint(Verb.POST, of="Order")
def settle_overpayment(order: str, answer: str, target: str | None = None) -> dict[str, Any]:
    """Pay too much money back, keep it as the customer's balance, or put it on another order (R-060).

    Args:
        order: the overpaid order, or a cancelled one with money.
        answer: ``Refund``, ``Keep as Balance`` or ``Transfer to Order``.
        target: the other order, for a transfer.

    Returns:
        Where the order stands now.
    """
    decision = choice(OverpaymentAnswer, answer, "answer")
    if target:
        frappe.get_doc("Order", target).check_permission("write")
    return _on_order(order, lambda: settling.settle_overpayment(order, decision, target))


@endpoint(Verb.POST, of="Order")
def use_balance(order: str, amount: float | str) -> dict[str, Any]:
    """Pay an order from its customer's balance (R-060); finance only.

    Args:
        order: the order's name.
        amount: in the order's currency.

    Returns:
        Where the order stands now.
    """
    value = number_of(amount, _("Amount"))
    return _on_order(order, lambda: settling.use_balance(order, value))


@endpoint(Verb.POST, of="Order")
def accept_shortfall(order: str, remark: str = "") -> dict[str, Any]:
    """Take what is missing as bank charges, within the profile's tolerance (R-060); finance only.

    Args:
        order: the order's name.
        remark: stored with it.

    Returns:
        Where the order stands now.
    """
    return _on_order(order, lambda: settling.accept_shortfall(order, remark))


@endpoint(Verb.POST, of="Order")
def check_credit(order: str, result: str, remark: str = "") -> dict[str, Any]:
    """Finance's judgement of a large order's credit (R-161, R-163).

    Args:
        order: the order's name.
        result: ``Passed`` or ``Failed``.
        remark: needed where it failed.

    Returns:
        Where the order stands now.
    """
    verdict = choice(Assessment, result, "result")
    return _on_order(order, lambda: customer_credit.check_order_credit(order, verdict, remark))


@endpoint(Verb.POST, of="Order")
def put_under_letter_of_credit(order: str, letter_of_credit: str | None = None) -> dict[str, Any]:
    """Say under which letter of credit an order is paid (R-157).

    Args:
        order: the order's name.
        letter_of_credit: its number; left out, the order is taken from under the present one.

    Returns:
        Where the order stands now.
    """
    # The letter is locked first, as everywhere: an amendment goes from the letter to its orders.
    letter = (
        frappe.get_doc("Letter of Credit", letter_of_credit, for_update=True) if letter_of_credit else None
    )
    if letter:
        letter.check_permission("read")
    return _on_order(order, lambda: letters_of_credit.put_order_under(order, letter))


def _letter_standing(letter: Any) -> dict[str, Any]:
    return {
        "letter_of_credit": letter.name,
        "verification": letter.verification,
        "amount": letter.amount,
        "expiry_date": letter.expiry_date,
        "latest_ship_date": letter.latest_ship_date,
    }


@endpoint(Verb.POST, of="Letter of Credit")
def verify_letter_of_credit(letter_of_credit: str, result: str, remark: str = "") -> dict[str, Any]:
    """Say whether the papers of a letter of credit are right (R-159).

    Args:
        letter_of_credit: its number.
        result: ``Correct`` or ``Faulty``.
        remark: needed where it is faulty.

    Returns:
        Where the letter of credit stands now.
    """
    verdict = choice(CreditCheck, result, "result")
    letter = _locked("Letter of Credit", letter_of_credit)
    letters_of_credit.verify(letter, verdict, remark)
    return _letter_standing(letter)


@endpoint(Verb.POST, of="Letter of Credit")
def amend_letter_of_credit(
    letter_of_credit: str,
    amended_on: str,
    amount: float | str | None = None,
    expiry_date: str | None = None,
    latest_ship_date: str | None = None,
    remark: str = "",
) -> dict[str, Any]:
    """Enter the bank's amendment; what is left out stays (R-159).

    Args:
        letter_of_credit: its number.
        amended_on: date on the bank's paper, ``YYYY-MM-DD``.
        amount: the new amount.
        expiry_date: the new expiry; the sales manager's to fix (R-158).
        latest_ship_date: the new latest ship date.
        remark: free words.

    Returns:
        Where the letter of credit stands now.
    """
    changes = {
        "amount": number_of(amount, _("Amount")) if amount not in (None, "") else None,
        "expiry": _date(expiry_date, "expiry_date"),
        "latest_ship": _date(latest_ship_date, "latest_ship_date"),
    }
    letter = _locked("Letter of Credit", letter_of_credit)
    letters_of_credit.amend(letter, changes, amended_on=day_of(amended_on, "amended_on"), remark=remark)
    return _letter_standing(letter)


def _date(value: str | None, field: str) -> Any:
    return day_of(value, field) if value else None


@endpoint(Verb.POST, of="Customer")
def assess_customer(customer: str, result: str, remark: str = "") -> dict[str, Any]:
    """Finance's judgement of a customer's credit (R-160).

    Args:
        customer: the customer's code.
        result: ``Passed`` or ``Failed``.
        remark: needed where it failed.

    Returns:
        The assessment as it stands now.
    """
    verdict = choice(Assessment, result, "result")
    document = _locked("Customer", customer)
    customer_credit.assess(document, verdict, remark)
    return {"customer": document.name, "credit_assessment": document.credit_assessment}


@endpoint(Verb.GET, of="Customer")
def credit_standing(customer: str) -> dict[str, Any]:
    """Return what a customer may owe and does owe today, in the company's currency (R-165).

    Args:
        customer: the customer's code.

    Returns:
        ``{"limit", "exposure", "overdue", "overdue_since"}``; no limit where none is valid today.

    Raises:
        frappe.PermissionError: the caller does not see this customer, or sees no limits.
    """
    document = frappe.get_doc("Customer", customer)
    document.check_permission("read")
    if not document.has_permlevel_access_to("credit_limit", permission_type="read"):
        frappe.throw(_("Your roles do not see what customers may owe."), frappe.PermissionError)
    return standing.standing_for_form(document)
