"""A customer's credit: who grants it and who assesses it (R-160..R-164)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.message import Message, joined
from order_flow.domain.money.credit import AccountKind, Assessment
from order_flow.domain.states import FINAL_STATES, OrderState, Role
from order_flow.flow.lifecycle.follow_facts import recording_facts
from order_flow.flow.records.guards import differs
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.refusals import StepRefused, only
from order_flow.flow.terms.credit import NEW_CUSTOMER

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.credit_raise_request.credit_raise_request import CreditRaiseRequest
    from order_flow.order_flow.doctype.customer.customer import Customer

CREDIT_EVENT = "Credit Check"
_GRANTED_BY_FINANCE = ("account_kind", "credit_limit", "credit_valid_until")
_AGREED_TERMS = ("deposit_percent", "due_rule", "due_days")
_BY_METHOD_ONLY = (
    "credit_assessment",
    "assessed_by",
    "assessed_at",
    "assessment_remark",
    "temporary_limit",
    "temporary_limit_until",
)


def guard_credit(customer: Customer) -> None:
    """Refuse credit data from who may not give it, whatever the way in (R-014, R-163).

    Args:
        customer: the Customer document in the middle of a save.

    Raises:
        StepRefused: fields that only a method writes.
        frappe.PermissionError: limits without finance, agreed terms without sales manager or finance.
    """
    if customer.flags.system_fields_open:
        return
    before = customer.get_doc_before_save() or frappe.new_doc(customer.doctype)
    if touched := _changed(customer, before, _BY_METHOD_ONLY):
        frappe.throw(
            _("These fields are written by the system only: {0}. Leave them out.").format(touched),
            StepRefused,
        )
    if _changed(customer, before, _GRANTED_BY_FINANCE):
        only((Role.FINANCE,), _("Granting credit"))
        _check_assessed(customer)
    if _changed(customer, before, _AGREED_TERMS):
        only((Role.FINANCE, Role.SALES_MANAGER), _("Agreeing on deposit and due days"))


def _check_assessed(customer: Customer) -> None:
    """A new customer's credit is assessed first (R-160); one known for long need not be, unless he failed."""
    result = Assessment(customer.credit_assessment or Assessment.OPEN)
    fits = result is Assessment.PASSED or (
        result is Assessment.OPEN and customer.relationship != NEW_CUSTOMER
    )
    if AccountKind(customer.account_kind) is AccountKind.CREDIT and not fits:
        frappe.throw(
            _(
                "The credit of {0} has not passed an assessment. Assess it first, then grant the account."
            ).format(customer.customer_name),
            StepRefused,
        )


def _changed(customer: Customer, before: Customer | None, fieldnames: tuple[str, ...]) -> str:
    meta = customer.meta
    return ", ".join(
        _(meta.get_label(name)) for name in fieldnames if differs(customer, before, meta.get_field(name))
    )


def assess(customer: Customer, result: Assessment, remark: str) -> None:
    """Finance's judgement of a customer's credit (R-160); one that failed takes the credit away.

    Args:
        customer: the Customer document, locked.
        result: passed or failed.
        remark: on what it rests; mandatory where it failed.

    Raises:
        frappe.PermissionError: only finance assesses.
        StepRefused: failed without a reason.
    """
    only((Role.FINANCE,), _("Assessing a customer's credit"))
    _check_reason(result, remark)
    customer.credit_assessment = result.value
    customer.assessed_by, customer.assessed_at = frappe.session.user, now_datetime()
    customer.assessment_remark = remark.strip()
    if result is Assessment.FAILED:
        customer.account_kind = AccountKind.CASH.value
    save_customer(customer)


def check_order_credit(name: str, result: Assessment, remark: str) -> None:
    """Finance's judgement of one large order (R-161, R-163); a higher total has to be checked again.

    Args:
        name: the order.
        result: passed or failed.
        remark: stored with the event; mandatory where it failed.

    Raises:
        frappe.PermissionError: only finance checks.
        StepRefused: failed without a reason, or the order is finished.
    """
    only((Role.FINANCE,), _("Checking an order's credit"))
    _check_reason(result, remark)
    order = locked_order(name)
    if OrderState(order.workflow_state) in FINAL_STATES:
        frappe.throw(
            _("Order {0} is {1}; there is nothing left to check.").format(name, _(order.workflow_state)),
            StepRefused,
        )
    order.credit_check = result.value
    order.credit_checked_by, order.credit_checked_at = frappe.session.user, now_datetime()
    order.credit_checked_total = order.total
    words = joined([Message(result.value), *filter(None, [remark])], ": ")
    with recording_facts(order):
        save_internally(order)
        record_event(order, CREDIT_EVENT, order.workflow_state, order.workflow_state, words)


def _check_reason(result: Assessment, remark: str) -> None:
    if result is Assessment.FAILED and not remark.strip():
        frappe.throw(_("Say why the credit check failed."), StepRefused)


def grant_temporary_limit(request: CreditRaiseRequest) -> None:
    """Write an approved raise to the customer; the only way a temporary limit comes about (R-164).

    Args:
        request: the granted Credit Raise Request.
    """
    customer = frappe.get_doc("Customer", request.customer, for_update=True)
    customer.temporary_limit = request.requested_limit
    customer.temporary_limit_until = request.valid_until
    save_customer(customer)


def save_customer(customer: Customer) -> None:
    """Save what a method decided about a customer; role and document were checked there."""
    customer.flags.system_fields_open = True
    customer.flags.ignore_permissions = True  # see above
    customer.save()
