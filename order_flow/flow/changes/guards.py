"""Guards what only the system writes on a change notice, and its content once it was sent (R-129, R-387)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields

from order_flow.domain.changes.model import ChangeState
from order_flow.flow.records.guards import differs
from order_flow.flow.refusals import StepRefused
from order_flow.flow.sign_offs.answers import guard_answers

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice

COMPUTED = frozenset(
    {
        "customer",
        "customer_name",
        "currency",
        "old_total",
        "new_total",
        "price_difference",
        "received_amount",
        "open_amount",
        "old_promised_date",
        "new_promised_date",
    }
)
"""Computed anew at every save of a draft, so a stale value does no harm there."""
_JUDGED_ELSEWHERE = frozenset({"change_state"})
CHANGES, IMPACT = "changes", "impact"


def guard_notice(notice: ChangeNotice) -> None:
    """Refuse what a form, REST or an import must not write.

    Raises:
        StepRefused: a field of the system, an answer, or the content of a notice that was sent.
    """
    guard_answers(notice)
    if notice.flags.system_fields_open:
        return
    before = notice.get_doc_before_save()
    is_draft = before is None or ChangeState(before.change_state) is ChangeState.DRAFT
    touched = list(_touched_system_fields(notice, before, is_draft))
    if touched:
        frappe.throw(
            _("These fields are written by the system only: {0}. Leave them out.").format(
                ", ".join(dict.fromkeys(_(df.label) for df in touched))
            ),
            StepRefused,
        )
    if not is_draft and _content_touched(notice, before):
        frappe.throw(
            _(
                "Change notice {0} is {1}; its content was reviewed like this and cannot change. Return it "
                "to draft first."
            ).format(notice.name, _(before.change_state)),
            StepRefused,
        )


def _touched_system_fields(
    notice: ChangeNotice, before: ChangeNotice | None, is_draft: bool
) -> Iterable[Any]:
    left_out = _JUDGED_ELSEWHERE | (COMPUTED if is_draft else frozenset())
    if notice.flags.remark_open:
        left_out |= {"decision_remark"}
    blank = before or {df.fieldname: df.default for df in notice.meta.fields}
    return (
        df
        for df in notice.meta.fields
        if df.read_only
        and df.fieldtype not in (*no_value_fields, *table_fields)
        and df.fieldname not in left_out
        and differs(notice, blank, df)
    )


def _content_touched(notice: ChangeNotice, before: ChangeNotice) -> bool:
    fields = (
        df
        for df in notice.meta.fields
        if not df.read_only and df.fieldtype not in (*no_value_fields, *table_fields)
    )
    return any(differs(notice, before, df) for df in fields) or any(
        _rows_differ(notice.get(table), before.get(table)) for table in (CHANGES, IMPACT)
    )


def _rows_differ(rows: list[Any], stored: list[Any]) -> bool:
    if [row.name for row in rows] != [row.name for row in stored]:
        return True
    return any(
        differs(row, old, df)
        for row, old in zip(rows, stored, strict=True)
        for df in row.meta.fields
        if df.fieldtype not in no_value_fields
    )


def refuse_deletion(notice: ChangeNotice) -> None:
    """Papers are kept (R-382).

    Raises:
        StepRefused: always.
    """
    frappe.throw(
        _("Change notice {0} is kept. Withdraw it instead of deleting it.").format(notice.name), StepRefused
    )
