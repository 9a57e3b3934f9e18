"""REST and buttons for changing a confirmed order on paper: thin, typed, checked (R-126..R-144)."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.changes.model import (
    OPEN_CHANGE_STATES,
    ChangeAction,
    ChangeState,
    ChangeStep,
    CustomerAnswer,
    LossBearer,
    SupplementaryContract,
)
from order_flow.domain.orders.line_progress import ProgressKind
from order_flow.domain.reviews.sign_offs import Answer, Department
from order_flow.flow.changes import agreements as change_agreements
from order_flow.flow.changes.choices import choices_of, form_of
from order_flow.flow.changes.projection import copied, put_changes
from order_flow.flow.changes.rows import stale_rows
from order_flow.flow.changes.steps import take_change_step
from order_flow.flow.changes.versions import content_of, side_by_side
from order_flow.flow.orders.progress import record_progress as _record_progress
from order_flow.flow.records.choices import choice
from order_flow.flow.records.order import locked_order
from order_flow.flow.records.values import day_of, fields_of, number_of
from order_flow.flow.refusals import StepRefused
from order_flow.flow.sign_offs import answers as sign_offs


def _readable(notice: str) -> Any:
    document = frappe.get_doc("Change Notice", notice)
    document.check_permission("read")
    return document


def _locked(notice: str) -> Any:
    """The notice as it is now: its order is locked first, as everywhere, then the notice is read."""
    order = frappe.db.get_value("Change Notice", notice, "order_id")
    if order:
        locked_order(order)
    document = frappe.get_doc("Change Notice", notice, for_update=True)
    document.check_permission("read")
    return document


def _standing(document: Any) -> dict[str, Any]:
    return {"notice": document.name, "state": document.change_state, "order": document.order_id}


def _rows(changes: object) -> list[dict[str, Any]]:
    try:
        rows = frappe.parse_json(changes)
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        frappe.throw(_("{0}: send a list of objects.").format("changes"), StepRefused)
    return rows


_ROW_FIELDS = {"line": "order_item", "field": "fieldname", "value": "new_value"}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    values = {_ROW_FIELDS.get(name, name): value for name, value in row.items()}
    if isinstance(values.get("new_value"), (int, float)):
        values["new_value"] = str(values["new_value"])  # a price or quantity as JSON has it
    values["action"] = choice(ChangeAction, str(values.get("action") or ChangeAction.SET), _("Action")).value
    return values


@endpoint(Verb.POST, of="Order")
def propose(
    order: str,
    kind: str,
    reason: str,
    changes: list | str,
    requested_by: str = "Customer",
    customer_request: str = "",
    send: bool = False,
) -> dict[str, Any]:
    """Write a change notice (R-129), and send it to its departments where that is wanted.

    Args:
        order: the order's name.
        kind: a Change Kind.
        reason: why the order is to change.
        changes: ``[{"line": line id, "field": name, "value": new}]``; without ``line`` a field of the order;
            ``{"action": "Remove Line", "line": line id}``; ``{"action": "Add Line", "product": ...}``.
        requested_by: Customer or Us.
        customer_request: ``file_url`` of the customer's written request.
        send: ask the departments at once.

    Returns:
        The notice's name and state; Applied where nobody has to answer (K-07).
    """
    document = frappe.get_doc(
        {
            "doctype": "Change Notice",
            "order_id": order,
            "kind": kind,
            "reason": reason,
            "requested_by": requested_by,
            "customer_request": customer_request or None,
            "changes": [_row(row) for row in _rows(changes)],
        }
    ).insert()
    if send:
        take_change_step(document, ChangeStep.SEND)
    return _standing(document)


_DONE = {
    ChangeStep.APPLY: ChangeState.APPLIED,
    ChangeStep.APPROVE: ChangeState.APPROVED,
    ChangeStep.REJECT: ChangeState.REJECTED,
    ChangeStep.WITHDRAW: ChangeState.WITHDRAWN,
    ChangeStep.SEND: ChangeState.UNDER_REVIEW,
    ChangeStep.RETURN: ChangeState.DRAFT,
}


@endpoint(Verb.POST, of="Change Notice")
def step(notice: str, step: str, remark: str = "") -> dict[str, Any]:
    """Take a step; a repeated call after success is a quiet no-op.

    Args:
        notice: the notice's name.
        step: Send to Departments, Return to Draft, Approve, Apply, Reject or Withdraw.
        remark: stored with the decision; mandatory with Reject.

    Returns:
        The notice's name and state now.
    """
    wanted = choice(ChangeStep, step, _("Step"))
    document = _locked(notice)
    if ChangeState(document.change_state) is not _DONE[wanted]:
        document.check_permission("write")
        take_change_step(document, wanted, remark=remark)
    return _standing(document)


@endpoint(Verb.POST, of="Change Notice")
def answer(
    notice: str, department: str, answer: str, remark: str = "", attachment: str = ""
) -> dict[str, Any]:
    """Answer for a department (R-129).

    Args:
        notice: the notice's name.
        department: for whom the caller answers.
        answer: Yes or No.
        remark: mandatory with No.
        attachment: ``file_url`` of a paper.

    Returns:
        The notice's name and state, and where all answers stand.
    """
    document = _locked(notice)
    found = sign_offs.answer(
        document,
        choice(Department, department, _("Department")),
        choice(Answer, answer, _("Answer")),
        remark,
        attachment=attachment,
    )
    return {
        **_standing(document),
        "answers": found.outcome.value,
        "missing": [d.value for d in found.missing],
    }


@endpoint(Verb.POST, of="Change Notice")
def customer_answer(
    notice: str, answer: str, answered_on: str = "", paper: str = "", remark: str = ""
) -> dict[str, Any]:
    """Record what the customer said to the change (R-135, R-143, R-144).

    Args:
        notice: the notice's name.
        answer: Agreed or Refused.
        answered_on: the day; today where it is left out.
        paper: ``file_url`` of the written answer; mandatory with Agreed.
        remark: mandatory with Refused.

    Returns:
        The notice's name and state.
    """
    document = _locked(notice)
    day = day_of(answered_on, "answered_on") if answered_on else None
    change_agreements.record_customer_answer(
        document,
        choice(CustomerAnswer, answer, _("Customer's Answer")),
        answered_on=day,
        paper=paper,
        remark=remark,
    )
    return _standing(document)


@endpoint(Verb.POST, of="Change Notice")
def loss(
    notice: str, borne_by: str, amount: float | str = 0, remark: str = "", agreement: str = ""
) -> dict[str, Any]:
    """Record who bears the loss (R-127, R-128).

    Args:
        notice: the notice's name.
        borne_by: No Loss, Customer or Company.
        amount: in the order's currency.
        remark: mandatory where the company bears it.
        agreement: ``file_url`` of the customer's agreement; mandatory where the customer bears it.

    Returns:
        The notice's name and state.
    """
    document = _locked(notice)
    change_agreements.record_loss(
        document,
        choice(LossBearer, borne_by, _("Loss Borne By")),
        amount=number_of(amount, "amount"),
        remark=remark,
        agreement=agreement,
    )
    return _standing(document)


@endpoint(Verb.POST, of="Change Notice")
def approve_company_loss(notice: str) -> dict[str, Any]:
    """The sales manager lets the company bear the loss (R-128).

    Args:
        notice: the notice's name.

    Returns:
        The notice's name and state.
    """
    document = _locked(notice)
    change_agreements.approve_company_loss(document)
    return _standing(document)


@endpoint(Verb.POST, of="Change Notice")
def contract(notice: str, contract: str, paper: str = "") -> dict[str, Any]:
    """Record whether a supplementary contract is needed and signed (R-136, R-138).

    Args:
        notice: the notice's name.
        contract: Not Needed, To Be Signed or Signed.
        paper: ``file_url`` of the signed contract.

    Returns:
        The notice's name and state.
    """
    document = _locked(notice)
    wanted = choice(SupplementaryContract, contract, _("Supplementary Contract"))
    change_agreements.record_contract(document, wanted, paper=paper)
    return _standing(document)


@endpoint(Verb.POST, of="Change Notice")
def decide_review(notice: str, wanted: bool) -> dict[str, Any]:
    """Decide whether a technical change is reviewed like a non-regular order (R-138).

    Args:
        notice: the notice's name.
        wanted: the decision.

    Returns:
        The notice's name and state.
    """
    document = _locked(notice)
    change_agreements.decide_review(document, wanted=bool(wanted))
    return _standing(document)


@endpoint(Verb.POST, of="Order")
def record_progress(order: str, kind: str, quantities: dict | str) -> dict[str, Any]:
    """Record for how many pieces of each line something is done (R-126, R-127).

    Args:
        order: the order's name.
        kind: Purchased, In Work, Packed or Invoiced.
        quantities: ``{line id: quantity reached so far}``.

    Returns:
        The order's name.
    """
    frappe.get_doc("Order", order).check_permission("read")
    sent = fields_of(quantities, "quantities")
    numbers: dict[str, Decimal] = {str(line): number_of(value, "quantities") for line, value in sent.items()}
    _record_progress(order, choice(ProgressKind, kind, _("Kind")), numbers)
    return {"order": order}


@endpoint(Verb.GET, of="Order")
def choices(order: str, kind: str) -> dict[str, Any]:
    """Return what a kind of change may touch of an order, for the form's dialog.

    Args:
        order: the order's name.
        kind: a Change Kind.

    Returns:
        ``fields`` and ``lines`` with the definitions of the fields and what stands there now.
    """
    document = frappe.get_doc("Order", order)
    document.check_permission("read")
    return choices_of(document, kind)


@endpoint(Verb.GET, of="Change Notice")
def form(notice: str) -> dict[str, Any]:
    """Return what the notice's form shows: buttons, what is missing, old and new side by side.

    Args:
        notice: the notice's name.

    Returns:
        ``actions``, ``missing`` (sentences), ``departments`` the caller answers for, ``side_by_side``.
    """
    document = _readable(notice)
    return {**form_of(document), "side_by_side": compare(notice)}


@endpoint(Verb.GET, of="Change Notice")
def compare(notice: str) -> dict[str, Any]:
    """The order before and after the change, side by side, complete with its lines.

    Args:
        notice: the notice's name.

    Returns:
        As ``flow/changes/versions.side_by_side``; a preview until the notice is applied.
    """
    document = _readable(notice)
    if document.order_version:
        # Whoever reads the notice may read the contents that it changed; versions have readers of their own.
        return _kept(frappe.get_doc("Order Version", document.order_version))
    order = frappe.get_doc("Order", document.order_id)
    order.check_permission("read")
    after = copied(order)
    # What was written for another content cannot be shown; the form says what differs.
    if ChangeState(document.change_state) in OPEN_CHANGE_STATES and not stale_rows(document, order):
        put_changes(after, document)
    return side_by_side(content_of(order), content_of(after))


@endpoint(Verb.GET, of="Order Version")
def version(version: str) -> dict[str, Any]:
    """A kept version of an order beside what it became.

    Args:
        version: the Order Version's name.

    Returns:
        As ``flow/changes/versions.side_by_side``.
    """
    document = frappe.get_doc("Order Version", version)
    document.check_permission("read")
    return _kept(document)


def _kept(version: Any) -> dict[str, Any]:
    return side_by_side(frappe.parse_json(version.content), frappe.parse_json(version.next_content))
