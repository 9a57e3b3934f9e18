"""Who sees which rows: the rules of ``domain/access/row_rules`` for lists and for single documents (design
6).

A field rep sees the orders he entered or that carry his name as sales representative, and what hangs on
them; of customers, addresses and contacts those in his care. Every other role of the matrix sees all; what
it may do with them is the matrix of the DocTypes.

Hooks name one function per DocType here, ``rows_of_<doctype>``, since the framework tells such a function the
user but, in its older versions, not the DocType.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from order_flow.domain.access.row_rules import (
    RULES,
    About,
    HangsOn,
    InCare,
    LinkedTo,
    RowOf,
    documents,
    hook_name,
    rule_of,
)
from order_flow.flow.access.care import limited_to_own
from order_flow.frappe_versions import no_objection

_PREFIX = "rows_of_"
_DOCTYPES = {hook_name(doctype): doctype for doctype in RULES}


def __getattr__(name: str) -> Callable[[str | None], str]:
    """Give the function that the hooks name for a DocType."""
    doctype = _DOCTYPES.get(name.removeprefix(_PREFIX)) if name.startswith(_PREFIX) else None
    if doctype is None:
        raise AttributeError(name)

    def rows(user: str | None = None) -> str:
        return rows_condition(doctype, user)

    return rows


def rows_condition(doctype: str, user: str | None = None) -> str:
    """Condition in SQL for the rows of a DocType that a user may see.

    Args:
        doctype: the table it stands on.
        user: the current one where empty.

    Returns:
        Empty where the user sees all rows.
    """
    user = user or frappe.session.user
    return _condition(doctype, user) if limited_to_own(user) else ""


def _condition(doctype: str, user: str) -> str:
    table = f"`tab{doctype}`"
    me = frappe.db.escape(user)
    match rule_of(doctype):
        case InCare(fields):
            return f"({' or '.join(f'{table}.`{field}` = {me}' for field in fields)})"
        case HangsOn(parent, field):
            return _exists(parent, f"{table}.`{field}`", user)
        case RowOf(parents):
            return f"({' or '.join(_row_of(doctype, parent, user) for parent in parents)})"
        case LinkedTo(linked):
            return (
                f"({table}.`owner` = {me} or exists (select 1 from `tabDynamic Link` link "
                f"join `tab{linked}` on `tab{linked}`.`name` = link.`link_name` "
                f"where link.`parent` = {table}.`name` and link.`parenttype` = {frappe.db.escape(doctype)} "
                f"and link.`link_doctype` = {frappe.db.escape(linked)} and {_condition(linked, user)}))"
            )
        case About(doctype_field, name_field):
            return _about(table, doctype_field, name_field, user)
    return ""


def _about(table: str, doctype_field: str, name_field: str, user: str) -> str:
    """Rows about documents without a rule, and those about documents that the user sees."""
    kinds = ", ".join(frappe.db.escape(doctype) for doctype in documents())
    seen = (
        f"({table}.`{doctype_field}` = {frappe.db.escape(doctype)} "
        f"and {_exists(doctype, f'{table}.`{name_field}`', user)})"
        for doctype in documents()
    )
    return f"(ifnull({table}.`{doctype_field}`, '') not in ({kinds}) or {' or '.join(seen)})"


def _row_of(doctype: str, parent: str, user: str) -> str:
    kind = f"`tab{doctype}`.`parenttype` = {frappe.db.escape(parent)}"
    return f"({kind} and {_exists(parent, f'`tab{doctype}`.`parent`', user)})"


def _exists(parent: str, name: str, user: str) -> str:
    condition = _condition(parent, user)
    more = f" and {condition}" if condition else ""
    return f"exists (select 1 from `tab{parent}` where `tab{parent}`.`name` = {name}{more})"


def reaches(doctype: str, name: str | None, user: str) -> bool:
    """Tell whether a document, as it is stored, is among the rows that a user sees.

    Args:
        doctype: its DocType.
        name: its name.
        user: who asks.
    """
    condition = rows_condition(doctype, user)
    if not condition:
        return True
    return bool(
        name and frappe.db.sql(f"select 1 from `tab{doctype}` where `name` = %s and {condition}", (name,))
    )


def document_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool | None:
    """The same rule for one document, as it is stored and as it would be stored.

    A save must neither take a document out of somebody else's care nor hang one on another's order.

    Returns:
        False to refuse; no objection leaves the decision to the role matrix.
    """
    user = user or frappe.session.user
    if not limited_to_own(user):
        return no_objection()
    if not doc.is_new() and not reaches(doc.doctype, doc.name, user):
        return False
    rule = rule_of(doc.doctype)
    if isinstance(rule, HangsOn) and not reaches(rule.doctype, doc.get(rule.field), user):
        return False
    return no_objection()
