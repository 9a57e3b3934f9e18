"""Keeps lists from answering with what a reader may not see: filters, sorting, groups and sums (R-388).

The framework takes fields of higher permission levels from a list's columns, and lets everybody filter and
sort by them: with twenty questions a picker finds an order's exact total. It also lets text of a caller reach
the statement in some of its methods. No hook of the framework sits there, so its query class is wrapped once
a process (ADR 0029). Versions that ask for the level themselves are left alone where they have no such class.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.model.db_query import DatabaseQuery

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN = re.compile(r"\s*[`\w .:-]+(\s+as\s+[`'\w :]+)?\s*", re.IGNORECASE)
_STATEMENT = re.compile(r"\b(select|union|sleep|benchmark|load_file|outfile)\b", re.IGNORECASE)
_TABLE = re.compile(r"`?tab([A-Z][\w -]*?)`?\.")
_MARK = "_order_flow_asks_for_levels"


def install() -> None:
    """Wrap the framework's query class; again changes nothing."""
    built = DatabaseQuery.build_conditions
    if getattr(built, _MARK, False):
        return

    @functools.wraps(built)
    def build_conditions(query: Any) -> Any:
        refuse_hidden_fields(query)
        return built(query)

    setattr(build_conditions, _MARK, True)
    DatabaseQuery.build_conditions = build_conditions


def install_for_job(**about: Any) -> None:
    """The same in a worker: jobs run with the rights of who asked for them.

    Args:
        about: what the framework says of the job.
    """
    install()


def refuse_hidden_fields(query: Any) -> None:
    """Refuse a list that sorts, filters, groups or counts by what its reader may not see.

    Args:
        query: the framework's, with its arguments parsed.

    Raises:
        frappe.PermissionError: naming the field, or a text that is no list of fields.
    """
    if query.flags.ignore_permissions or query.user == "Administrator":
        return
    texts = [*_texts(query)]
    hidden = _Hidden(query)
    if any(_STATEMENT.search(text) for text in texts):
        frappe.throw(_("A list takes names of fields, no statements."), frappe.PermissionError)
    for doctype, field in _filtered(query):
        if field in hidden.of(doctype):
            _refuse(doctype, field)
    doctypes = hidden.mentioned(texts) if texts else []
    for text in texts:
        for word in _WORD.findall(text):
            for doctype in doctypes:
                if word in hidden.of(doctype):
                    _refuse(doctype, word)


def _texts(query: Any) -> Iterable[str]:
    """What the caller wrote into the statement, but for plain columns: the framework leaves those out."""
    yield from (str(text) for text in (query.order_by, query.group_by) if text)
    yield from (str(field) for field in query.fields if field and not _PLAIN.fullmatch(str(field)))
    for filters in (query.filters, query.or_filters):
        yield from (entry for entry in filters if isinstance(entry, str))


def _filtered(query: Any) -> Iterable[tuple[str, str]]:
    for filters in (query.filters, query.or_filters):
        for entry in filters:
            if isinstance(entry, (list, tuple)) and len(entry) > 1:
                yield _field_of(query.doctype, entry)
            elif isinstance(entry, dict):
                for name in entry:
                    yield _field_of(query.doctype, (name, "=", None))


def _field_of(doctype: str, entry: Any) -> tuple[str, str]:
    """DocType and field of one filter, of its three or four parts."""
    named, field = (entry[0], entry[1]) if len(entry) > 3 else (doctype, entry[0])
    field = str(field).replace("`", "")
    if "." in field:
        holder, field = field.split(".", 1)
        if holder.startswith("tab"):
            return holder.removeprefix("tab"), field
        found = frappe.get_meta(doctype).get_field(holder)
        if found and found.fieldtype in ("Link", *table_fields):
            return found.options, field
    return str(named or doctype), field


class _Hidden:
    """The fields that a query's reader may not see, by DocType."""

    def __init__(self, query: Any) -> None:
        self._query = query
        self._known: dict[str, frozenset[str]] = {}

    def of(self, doctype: str) -> frozenset[str]:
        if doctype not in self._known:
            self._known[doctype] = self._find(doctype)
        return self._known[doctype]

    def mentioned(self, texts: Iterable[str]) -> list[str]:
        """The DocTypes whose columns the texts may mean."""
        found = [self._query.doctype]
        found += [table.strip("`").removeprefix("tab") for table in self._query.tables]
        found += [link.doctype for link in self._query.link_tables]
        found += [doctype for text in texts for doctype in _TABLE.findall(text)]
        return [
            doctype
            for doctype in dict.fromkeys(found)
            if doctype == self._query.doctype or frappe.db.exists("DocType", doctype, cache=True)
        ]

    def _find(self, doctype: str) -> frozenset[str]:
        meta = frappe.get_meta(doctype)
        levelled = meta.get_high_permlevel_fields()
        if not levelled:
            return frozenset()
        levels = set()
        for parent in self._holders(doctype) if meta.istable else (None,):
            levels |= set(meta.get_permlevel_access("read", parenttype=parent, user=self._query.user))
        return frozenset(df.fieldname for df in levelled if df.permlevel not in levels)

    def _holders(self, doctype: str) -> list[str]:
        """The DocTypes whose rights decide about rows of a table."""
        query = self._query
        named = getattr(query, "parent_doctype", None)
        if query.doctype != doctype:
            return [query.doctype]
        if named:
            return [named]
        where = {"options": doctype, "fieldtype": ("in", list(table_fields))}
        return list(frappe.get_all("DocField", where, pluck="parent", distinct=True))


def _refuse(doctype: str, field: str) -> None:
    df = frappe.get_meta(doctype).get_field(field)
    frappe.throw(
        _("You may not filter, sort or sum by '{0}'; your roles do not see it.").format(
            _(df.label) if df and df.label else field
        ),
        frappe.PermissionError,
    )
