"""What a person may do about outbox rows: send again, or declare done outside. One report line per row.

Source: design 5, R-352, model-codebases 6 (5, 17).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _

from order_flow.outbox import bell, registry
from order_flow.outbox.accounts import care as accounts
from order_flow.outbox.clock import database_now, to_column
from order_flow.outbox.people import require_operator
from order_flow.outbox.sending.claims import ROW_COLUMNS, outbox_row
from order_flow.outbox.states import RELEASABLE_STATES, UNFINISHED_STATES, RowState

MOST_ROWS = 500
"""Rows of one request; a longer list is cut into several by the caller."""

BLOCKED_BY_DEAD = """o.account_type = d.account_type AND o.account = d.account
    AND o.document_type = d.document_type AND o.document = d.document AND o.name > d.name"""
"""How the rows ``o`` that a dead row ``d`` holds back are found."""


def send_again(names: Sequence[int]) -> list[dict[str, Any]]:
    """Release rows: they are due now and get all their attempts anew; what was tried stays in the log.

    A row that may have arrived is looked up first all the same (unless its action is repeatable).

    Args:
        names: at most ``MOST_ROWS`` rows.

    Returns:
        One ``{"name", "released", "message"}`` per row, in the given order.

    Raises:
        frappe.PermissionError: the user is no operator.
        frappe.ValidationError: too many rows.
    """
    require_operator()
    return [_send_again(name) for name in _checked(names)]


def done_outside(names: Sequence[int], reason: str) -> list[dict[str, Any]]:
    """Declare that rows were done by hand over there; they are never sent.

    Args:
        names: at most ``MOST_ROWS`` rows.
        reason: what was done and how it was checked; required.

    Returns:
        One ``{"name", "released", "message"}`` per row, in the given order.

    Raises:
        frappe.PermissionError: the user is no operator.
        frappe.ValidationError: too many rows, or no reason.
    """
    require_operator()
    if not reason.strip():
        frappe.throw(_("Say what was done over there and how you checked it."))
    return [_done_outside(name, reason.strip()) for name in _checked(names)]


def blocker_of(name: int) -> dict[str, Any] | None:
    """The earliest unfinished row of the same document that a row waits for.

    Returns:
        ``{"name", "action", "state", "last_error"}``, or None where nothing is before it.
    """
    rows = frappe.db.sql(
        f"""SELECT d.name, d.action, d.state, d.last_error
        FROM `tabSync Outbox` o JOIN `tabSync Outbox` d ON {BLOCKED_BY_DEAD}
        WHERE o.name = %(name)s AND o.state IN %(unfinished)s AND d.state IN %(unfinished)s
        ORDER BY d.name LIMIT 1""",
        {"name": name, "unfinished": UNFINISHED_STATES},
        as_dict=True,
    )
    return dict(rows[0]) if rows else None


def resume_for(discrepancy: Any) -> str:
    """Repair of a paused account: let it call again."""
    accounts.resume_account(discrepancy.account_type, discrepancy.account)
    said: str = _("The account calls again.")
    return said


def resume(account_type: str, account: str) -> None:
    """Let a paused or resting account call again.

    Raises:
        frappe.PermissionError: the user is no operator.
    """
    require_operator()
    accounts.resume_account(account_type, account)
    frappe.get_doc(account_type, account).add_comment("Info", _("Resumed"))


def _checked(names: Sequence[int]) -> list[int]:
    if len(names) > MOST_ROWS:
        frappe.throw(_("At most {0} rows at once; {1} were chosen.").format(MOST_ROWS, len(names)))
    return list(dict.fromkeys(names))


def _send_again(name: int) -> dict[str, Any]:
    row = _locked(name)
    if refusal := _refusal(name, row):
        return refusal
    state = RowState(row.state)
    # A row whose outcome is not known keeps that knowledge: sending it blindly could double it.
    unsure = state is RowState.UNKNOWN or row.outcome_unknown
    _update(
        row, {"state": (RowState.UNKNOWN if unsure else RowState.PENDING).value, "attempts": 0, "polls": 0}
    )
    frappe.get_doc("Sync Outbox", name).add_comment("Info", _("Send again (was {0})").format(_(state.value)))
    return {"name": name, "released": True, "message": _("Will be sent now.")}


def _done_outside(name: int, reason: str) -> dict[str, Any]:
    row = _locked(name)
    if refusal := _refusal(name, row):
        return refusal
    _tell_handler(row)
    now = to_column(database_now())
    _update(
        row,
        {
            "state": RowState.DONE.value,
            "done_at": now,
            "done_outside_by": frappe.session.user,
            "done_outside_reason": reason,
        },
    )
    frappe.get_doc("Sync Outbox", name).add_comment(
        "Info", _("Done outside (was {0}): {1}").format(_(row.state), reason)
    )
    return {"name": name, "released": True, "message": _("Marked as done outside.")}


def _tell_handler(row: Any) -> None:
    try:
        handler = registry.handler_of(row.action)
    except registry.UnknownAction:
        # A person may settle a row of an action that is not installed any more: nobody is left to tell.
        return
    handler.done_by_hand(outbox_row(row, token=""))


def _locked(name: int) -> Any:
    rows = frappe.db.sql(
        f"SELECT {ROW_COLUMNS} FROM `tabSync Outbox` WHERE name = %s FOR UPDATE",
        (name,),
        as_dict=True,
    )
    return rows[0] if rows else None


def _refusal(name: int, row: Any) -> dict[str, Any] | None:
    if row is None:
        return {"name": name, "released": False, "message": _("There is no such row.")}
    if RowState(row.state) in RELEASABLE_STATES:
        return None
    reason = _("The row is {0}; only {1} rows can be released.").format(
        _(row.state), ", ".join(_(state.value) for state in RELEASABLE_STATES)
    )
    return {"name": name, "released": False, "message": reason}


def _update(row: Any, values: dict[str, Any]) -> None:
    due = {"next_attempt_at": to_column(database_now()), "lease_token": None, "lease_until": None}
    frappe.db.set_value("Sync Outbox", row.name, values | due)
    frappe.db.sql(
        """UPDATE `tabSync Outbox` SET blocked_by = NULL, last_error = NULL
        WHERE account_type = %(account_type)s AND account = %(account)s
            AND document_type = %(document_type)s AND document = %(document)s
            AND blocked_by = %(blocker)s""",
        {
            "account_type": row.account_type,
            "account": row.account,
            "document_type": row.document_type,
            "document": row.document,
            "blocker": str(row.name),
        },
    )
    bell.ring_after_commit(row.account_type, row.account)
