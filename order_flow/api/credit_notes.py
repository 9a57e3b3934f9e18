"""REST and buttons for credit notes: propose, approve, reject; see ``api`` for how refusals answer."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.money.credit_notes import CreditNoteState
from order_flow.flow.money import credit_notes
from order_flow.flow.records.values import rows_of


def _standing(note: Any) -> dict[str, Any]:
    # By the row as it is: a call that waited for another has an older view of the database.
    order = frappe.db.get_value(
        "Order",
        note.order_id,
        ["workflow_state", "payment_status", "settlement_status"],
        as_dict=True,
        for_update=True,
    )
    return {
        "credit_note": note.name,
        "note_state": note.note_state,
        "amount": note.amount,
        "order": note.order_id,
        "state": order.workflow_state,
        "payment_status": order.payment_status,
        "settlement_status": order.settlement_status,
    }


@endpoint(Verb.POST, of="Order")
def propose(
    order: str,
    reason: str,
    remark: str,
    amount: float | str | None = None,
    items: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Propose to lower what goods that have left are worth; the sales manager's and after-sales' to do.

    Args:
        order: the order's name.
        reason: one of the credit note's reasons.
        remark: what happened.
        amount: in the order's currency, tax included; left out where the lines say it.
        items: ``[{"order_item": line id, "quantity": number, "amount": number}]``; a line without an amount
            is credited with what its pieces are worth.

    Returns:
        The credit note with its state, and where its order stands.
    """
    frappe.get_doc("Order", order).check_permission("read")
    rows = rows_of(items, "items") if items else []
    return _standing(credit_notes.propose(order, reason, amount, rows, remark))


@endpoint(Verb.POST, of="Credit Note")
def approve(credit_note: str, remark: str = "") -> dict[str, Any]:
    """Approve a proposed credit note; finance only, and never an own proposal.

    Args:
        credit_note: its number.
        remark: free words.

    Returns:
        The credit note with its state, and where its order stands.
    """
    return _standing(credit_notes.decide(credit_note, CreditNoteState.APPROVED, remark))


@endpoint(Verb.POST, of="Credit Note")
def reject(credit_note: str, remark: str) -> dict[str, Any]:
    """Reject a proposed credit note; finance only.

    Args:
        credit_note: its number.
        remark: why; mandatory.

    Returns:
        The credit note with its state, and where its order stands.
    """
    return _standing(credit_notes.decide(credit_note, CreditNoteState.REJECTED, remark))
