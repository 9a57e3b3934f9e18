"""Credit notes on orders: proposed by who speaks with the customer, decided by finance (four eyes)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.amounts import round_money, to_decimal
from order_flow.domain.lifecycle import Transition
from order_flow.domain.message import Message, joined
from order_flow.domain.money.credit_notes import (
    APPROVER_ROLES,
    CREDIT_NOTE,
    PROPOSER_ROLES,
    CreditedLine,
    CreditNoteState,
    CreditNoteStep,
    CreditReason,
    CreditRefused,
    ShippedLine,
    check_decider,
    check_within,
    credit_amount,
    credited_lines,
    decided_already,
)
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.lifecycle.follow_facts import follow_facts
from order_flow.flow.records.choices import choice
from order_flow.flow.records.guards import differs
from order_flow.flow.records.order import locked_order, record_event
from order_flow.flow.records.steps import JudgedSteps
from order_flow.flow.records.values import number_of
from order_flow.flow.refusals import StepRefused, only, refuse_rule
from order_flow.flow.tasks.giving import end_task, keep_task
from order_flow.flow.terms.figures import money_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.credit_note.credit_note import CreditNote
    from order_flow.order_flow.doctype.order.order import Order

CREDIT_NOTE_EVENT = "Credit Note"
_CONTENT = ("order_id", "reason", "amount", "remark")
_DECISION = ("note_state", "proposed_by", "proposed_at", "decided_by", "decided_at", "decision_remark")


def propose(order: str, reason: str, amount: Any, items: Iterable[Mapping[str, Any]], remark: str) -> Any:
    """Propose to lower what an order's goods are worth.

    Args:
        order: the order's name.
        reason: one of ``CreditReason``.
        amount: in the order's currency; empty where the lines say it.
        items: ``{"order_item", "quantity", "amount"}``; none for an amount on the whole order.
        remark: what happened.

    Returns:
        The Credit Note document.
    """
    note = frappe.get_doc(
        {
            "doctype": "Credit Note",
            "order_id": order,
            "reason": reason,
            "amount": amount,
            "remark": remark,
            "items": [dict(item) for item in items],
        }
    )
    return note.insert()


def check_proposal(note: CreditNote) -> None:
    """Fill and check a credit note that is being proposed; nothing of it changes afterwards.

    Args:
        note: the Credit Note document in its save.

    Raises:
        frappe.PermissionError: the user's roles propose none.
        StepRefused: it does not fit the order.
    """
    only(PROPOSER_ROLES, _("Proposing a credit note"))
    order = locked_order(note.order_id)
    order.check_permission("read")
    _check_reason(note)
    note.customer, note.customer_name, note.currency = order.customer, order.customer_name, order.currency
    note.note_state = CreditNoteState.PROPOSED.value
    note.proposed_by, note.proposed_at = frappe.session.user, now_datetime()
    note.decided_by = note.decided_at = note.decision_remark = None
    try:
        _fill_amounts(note, order)
    except CreditRefused as error:
        refuse_rule(error)


def _check_reason(note: CreditNote) -> None:
    note.reason = choice(CreditReason, note.reason, _("Reason")).value
    if not (note.remark or "").strip():
        frappe.throw(_("Say what happened, so that finance can decide about the credit note."), StepRefused)


def _fill_amounts(note: CreditNote, order: Order) -> None:
    lines = {
        line.name: ShippedLine(
            line.idx,
            to_decimal(line.quantity),
            to_decimal(line.shipped_quantity),
            to_decimal(line.gross),
        )
        for line in order.items
    }
    wanted = [
        CreditedLine(row.order_item, number_of(row.quantity, _("Quantity")), _amount(row.amount))
        for row in note.items
    ]
    checked = credited_lines(wanted, lines)
    products = {line.name: line for line in order.items}
    for row, line in zip(note.items, checked, strict=True):
        row.product = products[line.line].product
        row.product_name = products[line.line].product_name
        row.currency, row.amount = order.currency, float(line.amount)
    amount = credit_amount(_amount(note.amount), checked)
    check_within(amount, money_of(order).kept)
    note.amount = float(amount)


def _amount(value: Any) -> Decimal:
    return number_of(value or 0, _("Amount"))


def check_unchanged(note: CreditNote) -> None:
    """Refuse to change a credit note past its methods.

    Args:
        note: the Credit Note document in a later save.

    Raises:
        StepRefused: naming the fields.
    """
    if note.flags.decided_by_method:
        return
    before = note.get_doc_before_save()
    touched = [name for name in (*_CONTENT, *_DECISION) if differs(note, before, note.meta.get_field(name))]
    if touched or _rows(note) != _rows(before):
        frappe.throw(
            _(
                "Credit note {0} stays as it was proposed. Reject it and propose another one instead of "
                "changing it."
            ).format(note.name),
            StepRefused,
        )


def _rows(note: CreditNote) -> list[tuple[Any, ...]]:
    return [(row.order_item, to_decimal(row.quantity), to_decimal(row.amount)) for row in note.items]


def ask_finance(note: CreditNote) -> None:
    """A new proposal waits for finance: a task.

    Args:
        note: the Credit Note document, inserted.
    """
    keep_task(
        Role.FINANCE,
        note,
        TaskReason.CREDIT_NOTE_PROPOSED,
        Message(
            "Credit note {0} over {1} {2} is proposed for order {3} ({4}). Approve or reject it.",
            note.name,
            round_money(to_decimal(note.amount)),
            note.currency,
            note.order_id,
            Message(note.reason),
        ),
    )


def _refuse_state(_note: CreditNote, source: CreditNoteState, _target: CreditNoteState) -> NoReturn:
    refuse_rule(decided_already(source))


def _check_decision(note: CreditNote, transition: Transition[CreditNoteStep, CreditNoteState]) -> None:
    try:
        check_decider(note.proposed_by or "", frappe.session.user)
        if transition.step is CreditNoteStep.APPROVE:
            check_within(to_decimal(note.amount), money_of(note.flags.order).kept)
    except CreditRefused as error:
        refuse_rule(error)


NOTE_STEPS: Final = JudgedSteps(table=CREDIT_NOTE, refuse_state=_refuse_state, conditions=(_check_decision,))


def decide(name: str, decision: CreditNoteState, remark: str) -> Any:
    """Approve or reject a proposed credit note; the same decision again changes nothing.

    Args:
        name: the Credit Note.
        decision: approved or rejected.
        remark: mandatory where it is rejected.

    Returns:
        The Credit Note document.

    Raises:
        frappe.PermissionError: only finance decides, and never about an own proposal.
        StepRefused: decided already, or more than the customer keeps by now.
    """
    only(APPROVER_ROLES, _("Deciding about a credit note"))
    order_name = frappe.db.get_value("Credit Note", name, "order_id")
    if not order_name:
        frappe.throw(_("There is no credit note {0}.").format(name), frappe.DoesNotExistError)
    order = locked_order(order_name)
    note = frappe.get_doc("Credit Note", name, for_update=True)
    note.check_permission("read")
    if CreditNoteState(note.note_state) is decision:
        return note
    if decision is CreditNoteState.REJECTED and not remark.strip():
        frappe.throw(_("Say why the credit note is rejected."), StepRefused)
    note.flags.order = order
    NOTE_STEPS.judge(note, CreditNoteState(note.note_state), decision)
    note.note_state = decision.value
    note.decided_by, note.decided_at = frappe.session.user, now_datetime()
    note.decision_remark = remark.strip() or None
    note.flags.decided_by_method = True
    note.flags.ignore_permissions = True  # the roles were asked above; nobody has the plain right to write
    note.save()
    return note


def follow_decision(note: CreditNote) -> None:
    """After a decision: the task ends, and an approved note lowers what its order is to bring in.

    Args:
        note: the Credit Note document, saved.
    """
    if not note.has_value_changed("note_state"):
        return
    end_task(note, TaskReason.CREDIT_NOTE_PROPOSED)
    order = note.flags.order or locked_order(note.order_id)
    state = CreditNoteState(note.note_state)
    amount = round_money(to_decimal(note.amount))
    words = joined(
        (note.name, Message(state.value), f"{amount} {note.currency}", Message(note.reason)), " · "
    )
    record_event(order, CREDIT_NOTE_EVENT, order.workflow_state, order.workflow_state, words)
    if state is not CreditNoteState.APPROVED:
        return
    follow_facts(order)
    if order.u8_account:
        keep_task(
            Role.FINANCE,
            note,
            TaskReason.RED_DOCUMENT,
            Message(
                "Credit note {0} lowers order {1} by {2} {3}. Book the red document in U8 by hand, then "
                "close this task.",
                note.name,
                note.order_id,
                round_money(to_decimal(note.amount)),
                note.currency,
            ),
        )
