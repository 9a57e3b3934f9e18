"""What is agreed about a change beside the departments' answers: customer, loss, contract, review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from order_flow.domain.amounts import ZERO
from order_flow.domain.changes.model import (
    ChangeState,
    CustomerAnswer,
    LossBearer,
    ReReview,
    SupplementaryContract,
)
from order_flow.domain.states import Role
from order_flow.flow.changes.review import ask_for_review
from order_flow.flow.changes.steps import kind_of
from order_flow.flow.records.attachments import bind_paper
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused, refuse_without_role

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice

DESK = (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER)
REVIEW_DECIDERS = (Role.PLANNING, Role.SALES_MANAGER)


def record_customer_answer(
    notice: ChangeNotice, answer: CustomerAnswer, *, answered_on: date | None, paper: str, remark: str
) -> None:
    """Store what the customer said to the change (R-135, R-143, R-144).

    Args:
        notice: the Change Notice document.
        answer: agreed or refused.
        answered_on: the day of the answer; today where it is not known.
        paper: ``file_url`` of the written answer; mandatory with an agreement.
        remark: free words; mandatory with a refusal.

    Raises:
        StepRefused: it is not the time, or the paper or the reason is missing.
        frappe.PermissionError: the user does not speak with the customer.
    """
    _check(notice, DESK)
    if answer is CustomerAnswer.AGREED and not paper:
        frappe.throw(_("Attach the customer's written answer."), StepRefused)
    if answer is CustomerAnswer.REFUSED and not remark.strip():
        frappe.throw(_("Write down what the customer said."), StepRefused)
    day = answered_on or getdate()
    if day > getdate():
        frappe.throw(
            _("The customer cannot have answered on {0}, which is still to come.").format(day), StepRefused
        )
    if paper:
        bind_paper(notice, paper)
    notice.customer_answer = answer.value
    notice.customer_answered_on = day
    notice.customer_answer_paper = paper or None
    notice.customer_answer_remark = remark.strip()
    _save(notice)


def record_loss(
    notice: ChangeNotice, bearer: LossBearer, *, amount: Decimal, remark: str, agreement: str
) -> None:
    """Store who pays for bought material and finished work that becomes useless (R-127, R-128).

    Args:
        notice: the Change Notice document.
        bearer: the customer, the company, or nobody because nothing is lost.
        amount: the loss in the order's currency, not below zero.
        remark: free words; what was our fault where the company bears the loss.
        agreement: ``file_url`` of the customer's written agreement.

    Raises:
        StepRefused: it is not the time, or the agreement or the reason is missing.
        frappe.PermissionError: the user does not decide this.
    """
    _check(notice, DESK)
    if bearer is LossBearer.UNDECIDED or amount < ZERO:
        frappe.throw(_("Say who bears the loss; its amount cannot be below zero."), StepRefused)
    if bearer is LossBearer.CUSTOMER and not agreement:
        frappe.throw(_("Attach the customer's written agreement to bear the loss."), StepRefused)
    if bearer is LossBearer.COMPANY and not remark.strip():
        frappe.throw(_("Say why the company bears the loss, e.g. what our quality fault is."), StepRefused)
    if agreement:
        bind_paper(notice, agreement)
    approves = bearer is LossBearer.COMPANY and Role.SALES_MANAGER.value in frappe.get_roles()
    notice.loss_borne_by = bearer.value
    notice.loss_amount = float(amount)
    notice.loss_remark = remark.strip()
    notice.loss_agreement = agreement or None
    notice.company_loss_approved_by = frappe.session.user if approves else None
    notice.company_loss_approved_at = now_datetime() if approves else None
    _save(notice)


def approve_company_loss(notice: ChangeNotice) -> None:
    """The sales manager lets the company bear the loss (R-128). Repeating it changes nothing.

    Raises:
        StepRefused: nobody said that the company bears it, or it is not the time.
        frappe.PermissionError: only the sales manager decides this.
    """
    _check(notice, (Role.SALES_MANAGER,))
    if LossBearer(notice.loss_borne_by or "") is not LossBearer.COMPANY:
        frappe.throw(_("Record first that the company bears the loss, and why."), StepRefused)
    if notice.company_loss_approved_by:
        return
    notice.company_loss_approved_by = frappe.session.user
    notice.company_loss_approved_at = now_datetime()
    _save(notice)


def record_contract(notice: ChangeNotice, contract: SupplementaryContract, *, paper: str) -> None:
    """Store whether a supplementary contract is needed and signed (R-136, R-138).

    Args:
        notice: the Change Notice document.
        contract: not needed, to be signed, or signed.
        paper: ``file_url`` of the signed contract; mandatory once it is signed.

    Raises:
        StepRefused: it is not the time, or the contract is missing.
        frappe.PermissionError: the user does not decide this.
    """
    _check(notice, DESK)
    if contract is SupplementaryContract.UNDECIDED:
        frappe.throw(_("Decide whether a supplementary contract is needed."), StepRefused)
    if contract is SupplementaryContract.SIGNED and not paper:
        frappe.throw(_("Attach the signed contract."), StepRefused)
    if paper:
        bind_paper(notice, paper)
    notice.supplementary_contract = contract.value
    notice.contract_paper = paper or None
    _save(notice)


def decide_review(notice: ChangeNotice, *, wanted: bool) -> None:
    """Order control decides whether a technical change is reviewed like a non-regular order (R-138).

    Args:
        notice: the Change Notice document.
        wanted: the decision; a review that is wanted is asked for at once.

    Raises:
        StepRefused: it is not the time, or the kind leaves no choice.
        frappe.PermissionError: the user does not decide this.
    """
    _check(notice, REVIEW_DECIDERS)
    if ReReview(kind_of(notice).re_review) is not ReReview.DECIDED:
        frappe.throw(_("This kind of change leaves no choice about the review."), StepRefused)
    notice.review_wanted = "Yes" if wanted else "No"
    notice.review_decided_by = frappe.session.user
    if wanted and not notice.review_checklist:
        ask_for_review(notice, locked_order(notice.order_id))
    _save(notice)


def _check(notice: ChangeNotice, roles: Iterable[Role]) -> None:
    refuse_without_role(roles, _("This is recorded by: {0}. Ask one of them."))
    state = ChangeState(notice.change_state)
    if state is not ChangeState.UNDER_REVIEW:
        frappe.throw(
            _("Change notice {0} is {1}; this is recorded while it is under review.").format(
                notice.name, _(state.value)
            ),
            StepRefused,
        )


def _save(notice: ChangeNotice) -> None:
    notice.flags.system_fields_open = True
    notice.flags.ignore_permissions = True  # who may record this was checked by role above
    notice.save()
