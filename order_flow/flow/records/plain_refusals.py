"""What a person reads where the framework itself refuses: a value that stands already, a missing right."""

from __future__ import annotations

from typing import Any, NoReturn

import frappe
from frappe import _

from order_flow.flow.wording import enumerated, named_roles


class PlainRefusals:
    """Mixed into documents that people and files enter.

    The framework names one column of a key only, and refuses who has no right without a word.
    """

    def raise_no_permission_to(self, perm_type: Any) -> NoReturn:
        """Refuse who may not, naming who may.

        Args:
            perm_type: the framework's word, e.g. ``create``; a number for a permission level.

        Raises:
            frappe.PermissionError: always.
        """
        frappe.throw(_no_right(self, str(perm_type)), frappe.PermissionError)

    def show_unique_validation_message(self, error: Exception) -> NoReturn:
        """Refuse a second record of the same value in plain words.

        Args:
            error: as the database gave it; names the key.

        Raises:
            frappe.UniqueValidationError: always.
        """
        document: Any = self
        fields = _fields_of_key(document, error)
        shown = enumerated(
            f"{_(field.label)} {document.get(field.fieldname)}" for field in fields if field.label
        )
        text = _("There is a {0} with these values already: {1}.").format(_(document.doctype), shown)
        if known := _readable(document, [field.fieldname for field in fields]):
            text += " " + _("It is {0}.").format(known)
        frappe.msgprint(
            text + " " + _("Use that one, or correct the value. Nothing was stored."),
            title=_("Stands There Already"),
            indicator="red",
        )
        raise frappe.UniqueValidationError(document.doctype, document.name, error) from error


def _no_right(document: Any, deed: str) -> str:
    may = sorted({row.role for row in document.meta.permissions if row.get(deed) and not row.permlevel})
    if may and not set(may).isdisjoint(frappe.get_roles()):
        return str(
            _("{0} {1} is not in your care, or cannot be changed like this now. Ask whoever looks after it.")
        ).format(_(document.doctype), document.name or "")
    what = _deed(document, deed)
    if not may:
        return str(_("{0}: nobody does this by hand.")).format(what)
    return str(_("{0} is done by: {1}. Ask one of them.")).format(what, named_roles(may))


def _deed(document: Any, deed: str) -> str:
    """Name a deed with a document; rarer deeds by the framework's own word."""
    kind = _(document.doctype)
    match deed:
        case "create":
            return str(_("Entering {0}")).format(kind)
        case "write":
            return str(_("Changing {0}")).format(kind)
        case "delete":
            return str(_("Deleting {0}")).format(kind)
        case "read" | "select":
            return str(_("Reading {0}")).format(kind)
        case _:
            return f"{kind} ({_(deed.title())})"


def _fields_of_key(document: Any, error: Exception) -> list[Any]:
    """The fields whose values together stand once; several make one key."""
    key = str(error).split("'")[-2].split(".")[-1]
    rows = frappe.db.sql(
        """select column_name from information_schema.statistics
        where table_schema = database() and table_name = %s and index_name = %s order by seq_in_index""",
        (f"tab{document.doctype}", key),
    )
    return [field for (column,) in rows if (field := document.meta.get_field(column))]


def _readable(document: Any, fieldnames: list[str]) -> str:
    """The record that has the values, where the reader may see it."""
    values = {name: document.get(name) for name in fieldnames}
    known = frappe.db.get_value(document.doctype, values) if values else None
    return str(known) if known and frappe.has_permission(document.doctype, "read", known) else ""
