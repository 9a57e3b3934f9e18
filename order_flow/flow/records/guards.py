"""Guards what only the system writes, on an order and on its lines, whatever the way in (R-044, R-387)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.utils import cstr, flt, get_datetime

from order_flow.domain.access.row_rules import RULES
from order_flow.domain.states import EDITABLE_STATES, OrderState
from order_flow.flow.refusals import StepRefused

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

COMPUTED_FIELDS = frozenset(
    {
        "customer_name",
        "payment_family",
        "due_rule",
        "due_days",
        "deposit_due",
        "shipment_due",
        "product_type",
        "technical_class",
        "commercial_class",
        "lines_total",
        "tax_total",
        "total",
        "wdt_account",
        "u8_account",
    }
)
"""Read-only fields that every save of an open order computes anew, so a stale value does no harm there."""
COMPUTED_LINE_FIELDS = frozenset({"amount", "tax", "gross", "currency"})
WRITTEN_PAST_THE_ORDER = frozenset(
    {
        "data_check",
        "data_checked_at",
        "overdue_told",
        "review_checklist",
        "review_round",
        "review_status",
        "u8_documents",
        "u8_posted_at",
        "u8_status",
        "wdt_accepted",
        "wdt_changed_at",
        "wdt_edition",
        "wdt_pushed_status",
        "wdt_read_at",
        "wdt_sealed",
        "wdt_stage",
        "wdt_told_digest",
        "wdt_trade_number",
        "wdt_trade_status",
    }
)
"""Fields that jobs write past the order, so that a form which was opened before can still be saved. Such a
form sends what they were then; the stored value stays. Whoever names a field himself is refused."""
_JUDGED_ELSEWHERE = frozenset({"workflow_state"})
"""The lifecycle table decides about it."""

_NUMBERS = frozenset({"Currency", "Float", "Percent", "Int", "Check"})
_TIMES = frozenset({"Datetime", "Date"})


def _plain(value: Any, fieldtype: str) -> Any:
    if fieldtype in _NUMBERS:
        return flt(value)
    if fieldtype in _TIMES and value:
        try:
            return get_datetime(value)
        except (ValueError, OverflowError):
            return cstr(value)
    return cstr(value)


def differs(document: Any, other: Any, df: Any) -> bool:
    """Whether a field's value differs from that of another document or mapping, whatever form it came in."""
    value, old = document.get(df.fieldname), other.get(df.fieldname)
    return bool(value != old and _plain(value, df.fieldtype) != _plain(old, df.fieldtype))


def _system_fields(meta: Any, left_out: frozenset[str]) -> list[Any]:
    return [
        df
        for df in meta.fields
        if df.read_only
        and df.fieldtype not in (*no_value_fields, *table_fields)
        and df.fieldname not in left_out
    ]


def _touched_fields(order: Order, before: Any, computed: frozenset[str]) -> list[Any]:
    if before is not None:
        fields = _system_fields(order.meta, _JUDGED_ELSEWHERE | computed)
        return [df for df in fields if differs(order, before, df)]
    # The order's number was given a moment ago.
    fields = _system_fields(order.meta, _JUDGED_ELSEWHERE | computed | {"order_number"})
    defaults = {df.fieldname: df.default for df in fields}
    suspects = [df for df in fields if differs(order, defaults, df)]
    if not suspects:
        return []
    # A default may depend on the user; only the framework can say which value it would have set itself.
    blank = frappe.new_doc(order.doctype)
    return [df for df in suspects if differs(order, blank, df)]


def _touched_line_fields(order: Order, before: Any, computed: frozenset[str]) -> Iterable[Any]:
    fields = _system_fields(frappe.get_meta("Order Item"), computed)
    known = {line.name: line for line in before.items} if before is not None else {}
    blank: Mapping[str, Any] = {df.fieldname: df.default for df in fields}
    return (df for line in order.items for df in fields if differs(line, known.get(line.name, blank), df))


def guard_system_fields(order: Order) -> None:
    """Refuse values that only the system writes: states, sums, dates, the outside systems' facts.

    The framework's ``read_only`` is a matter of the form only; REST and import must not get past it.

    Raises:
        StepRefused: naming the fields.
    """
    if order.flags.system_fields_open:
        return
    before = order.get_doc_before_save()
    if before is not None and frappe.flags.saved_by_form:
        order.update({name: before.get(name) for name in WRITTEN_PAST_THE_ORDER})
    is_open = before is None or OrderState(before.workflow_state) in EDITABLE_STATES
    nothing: frozenset[str] = frozenset()
    touched = [
        *_touched_fields(order, before, COMPUTED_FIELDS if is_open else nothing),
        *_touched_line_fields(order, before, COMPUTED_LINE_FIELDS if is_open else nothing),
    ]
    if touched:
        labels = dict.fromkeys(_(df.label) for df in touched)
        frappe.throw(
            _("These fields are written by the system only: {0}. Leave them out.").format(", ".join(labels)),
            StepRefused,
        )


def refuse_hidden_changes(document: Any) -> None:
    """Refuse values in fields that the user may not write, instead of dropping them without a word.

    The framework puts the stored values back. What a form left out, since it was not shown, is no change.

    Args:
        document: in its save, as the caller sent it.

    Raises:
        frappe.PermissionError: naming the fields.
    """
    if document.flags.ignore_permissions or document.is_new() or frappe.session.user == "Administrator":
        return
    levels = document.get_permlevel_access("write")
    tables = {df.fieldname: frappe.get_meta(df.options) for df in document.meta.get_table_fields()}
    hidden = {
        name: [df for df in meta.get_high_permlevel_fields() if df.permlevel not in levels]
        for name, meta in {"": document.meta, **tables}.items()
    }
    if not any(hidden.values()):
        return
    stored = document.get_latest()
    touched = _touched(document, stored, hidden[""])
    for table in tables:
        known = {row.name: row for row in stored.get(table)}
        for row in document.get(table):
            touched += _touched(row, known.get(row.name, {}), hidden[table])
    if touched:
        frappe.throw(
            _("Your roles may not change these fields of {0}: {1}. Leave them out.").format(
                document.name, ", ".join(dict.fromkeys(touched))
            ),
            frappe.PermissionError,
        )


def _touched(row: Any, stored: Any, fields: list[Any]) -> list[str]:
    return [_(df.label) for df in fields if row.get(df.fieldname) is not None and differs(row, stored, df)]


def refuse_alone(row: Any) -> None:
    """Refuse a line that is saved or removed past the document it belongs to.

    The framework's REST interface offers rows of tables as documents of their own; the rules of the whole
    would never hear of such a change.

    Raises:
        StepRefused: always; naming the document.
    """
    frappe.throw(
        _("{0} is a line of {1} {2} and changes only with it. Change the line there.").format(
            row.name or _(row.doctype), _(row.parenttype or "-"), row.parent or "-"
        ),
        StepRefused,
    )


def refuse_by_hand(document: Any) -> None:
    """Refuse to save or remove a record that only the system writes, whatever the user's rights.

    Raises:
        StepRefused: always.
    """
    frappe.throw(
        _("{0} {1} is written by the system only; nobody changes or deletes it.").format(
            _(document.doctype), document.name or ""
        ),
        StepRefused,
    )


def guard_read_only(document: Any, event: str | None = None) -> None:
    """Refuse values of read-only fields that a client writes into any document of the app (R-044, R-387).

    The framework's ``read_only`` is a matter of the form only. What the app's own code writes comes with the
    document's permissions ignored, or through a method of its own, and is not asked here.

    Args:
        document: about to be saved, as the client sent it.
        event: the framework's word; a new document is asked before it gets its name.

    Raises:
        StepRefused: naming the fields.
    """
    if (
        document.doctype not in RULES
        or document.doctype in _GUARDED_BY_ITSELF
        or not _sent_by_a_client(document)
    ):
        return
    if (event == "before_insert") != bool(document.is_new()):
        return
    before = document.get_doc_before_save() or frappe.new_doc(document.doctype)
    touched = [df for df in _client_fields(document.meta) if differs(document, before, df)]
    for table in document.meta.get_table_fields():
        meta = frappe.get_meta(table.options)
        known = {row.name: row for row in before.get(table.fieldname) or ()}
        blank = {df.fieldname: df.default for df in meta.fields}
        for row in document.get(table.fieldname) or ():
            old = known.get(row.name, blank)
            touched += [df for df in _client_fields(meta) if differs(row, old, df)]
    if touched:
        frappe.throw(
            _("These fields are written by the system only: {0}. Leave them out.").format(
                ", ".join(dict.fromkeys(_(df.label) for df in touched))
            ),
            StepRefused,
        )


_GUARDED_BY_ITSELF = frozenset({"Order"})
"""Documents whose own guard knows more: what a save computes anew."""


_FILLED_BY_A_FORM: Mapping[str, frozenset[str]] = {
    "Shipment Item": frozenset({"order_item", "product", "product_name", "unit"}),
    "Change Notice Line": frozenset({"item_label", "field_label", "old_value"}),
    "Credit Note Line": frozenset({"product", "product_name", "currency"}),
}
"""Read-only fields that the desk's own form sends with a new row: which line of the order it is about. The
server checks the line and writes its words anew."""


def _client_fields(meta: Any) -> list[Any]:
    """Read-only fields that neither a link nor a form of ours fills; a workflow's table judges its state."""
    filled = _FILLED_BY_A_FORM.get(meta.name, frozenset())
    workflow = meta.get_workflow()
    if workflow:
        filled |= {frappe.get_cached_value("Workflow", workflow, "workflow_state_field")}
    fields = _system_fields(meta, _JUDGED_ELSEWHERE | filled)
    return [df for df in fields if not df.fetch_from and df.label]


def _sent_by_a_client(document: Any) -> bool:
    flags = document.flags
    if flags.ignore_permissions or flags.system_fields_open or flags.made_by_method:
        return False
    return bool(frappe.flags.saved_by_client) and frappe.session.user != "Administrator"
