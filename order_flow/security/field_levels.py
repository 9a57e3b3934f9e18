"""Keeps fields of higher permission levels out of every JSON answer (R-388).

The framework takes them from a document that somebody reads. It answers a save or a workflow action with the
whole document, though, and sends old values of every field with a form's history. Who sees no prices gets no
mails and tasks of others with it, either: they tell sums and carry customers' links.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import frappe
from frappe.model import table_fields

from order_flow.domain.access.row_rules import RULES
from order_flow.flow.access.sight import sees_money

LEVELLED: dict[str, tuple[str, ...]] = {
    "Order": ("Order",),
    "Order Item": ("Order",),
    "Order Event": ("Order Event",),
    "Gate Override": ("Gate Override",),
    "Change Notice": ("Change Notice",),
    "Change Notice Line": ("Change Notice",),
    "Department Answer": ("Change Notice", "Review Checklist"),
    "Customer": ("Customer",),
    "Customer Evaluation": ("Customer Evaluation",),
    "Product": ("Product",),
}
"""DocTypes that have fields of higher levels, with the documents whose rights decide."""
_TOLD_TO_OTHERS = (
    "assignment_logs",
    "automated_messages",
    "communications",
    "info_logs",
    "milestones",
    "workflow_logs",
    "additional_timeline_content",
)
"""What a form's timeline holds beside people's own comments: words written for who does a task, and mails."""
_REFUSED = b'{"exc_type": "PermissionError", "message": "The answer could not be checked and was held back."}'


def keep_levels(response: Any, request: Any) -> None:
    """After each request: take from a JSON answer what its reader may not see.

    The framework logs an error of this step and sends the answer all the same, so a failure empties it.
    """
    if response.mimetype != "application/json" or frappe.session.user in ("Administrator", "Guest"):
        return
    if not (hidden := _hidden_fields()):
        return
    body = response.get_data()
    if b'"doctype"' not in body:
        return
    response.set_data(_REFUSED)
    response.set_data(
        json.dumps(_cleaned(json.loads(body), hidden), ensure_ascii=False, separators=(",", ":"))
    )


def _hidden_fields() -> dict[str, frozenset[str]]:
    found = {}
    for doctype, parents in LEVELLED.items():
        levels: set[int] = set()
        for parent in parents:
            levels |= set(frappe.get_meta(parent).get_permlevel_access("read"))
        fields = frappe.get_meta(doctype).get_high_permlevel_fields()
        if names := frozenset(df.fieldname for df in fields if df.permlevel not in levels):
            found[doctype] = names
    return found


def _cleaned(value: Any, hidden: dict[str, frozenset[str]]) -> Any:
    if isinstance(value, list):
        return [_cleaned(entry, hidden) for entry in value]
    if not isinstance(value, dict):
        return value
    doctype = value.get("doctype")
    if isinstance(doctype, str) and isinstance(value.get("versions"), list):
        value = {**value, "versions": [_cleaned_version(row, doctype, hidden) for row in value["versions"]]}
        if doctype in RULES and not sees_money():
            value = _without_others_words(value)
    names = hidden.get(doctype, frozenset()) if isinstance(doctype, str) else frozenset()
    return {key: _cleaned(entry, hidden) for key, entry in value.items() if key not in names}


def _without_others_words(docinfo: dict[str, Any]) -> dict[str, Any]:
    """A form's timeline for a reader of no prices: people's comments, and the tasks that are the reader's."""
    mine = [row for row in docinfo.get("assignments") or () if row.get("owner") == frappe.session.user]
    others: dict[str, list[Any]] = {name: [] for name in _TOLD_TO_OTHERS if name in docinfo}
    return {**docinfo, **others, "assignments": mine}


def _cleaned_version(row: dict[str, Any], doctype: str, hidden: dict[str, frozenset[str]]) -> dict[str, Any]:
    """One entry of a form's history, as the framework's Version keeps it."""
    data = json.loads(row.get("data") or "{}")
    rows_of = {
        df.fieldname: hidden.get(df.options, frozenset())
        for df in frappe.get_meta(doctype).fields
        if df.fieldtype in table_fields
    }
    nothing: frozenset[str] = frozenset()
    if "changed" in data:
        data["changed"] = _open_changes(data["changed"], hidden.get(doctype, nothing))
    for kind in ("added", "removed"):
        data[kind] = [
            [table, {key: entry for key, entry in line.items() if key not in rows_of.get(table, nothing)}]
            for table, line in data.get(kind) or ()
        ]
    data["row_changed"] = [
        [table, index, name, _open_changes(changes, rows_of.get(table, nothing))]
        for table, index, name, changes in data.get("row_changed") or ()
    ]
    return {**row, "data": json.dumps(data)}


def _open_changes(changes: Iterable[list[Any]], names: frozenset[str]) -> list[list[Any]]:
    return [change for change in changes if change[0] not in names]
