"""Rows of tables that answer for themselves: whoever may read the document may read its rows, nobody else.

The framework offers a row as a document of its own (``/api/resource/Order Item/<row>``, ``/printview``) and,
in its newer versions, asks there for the roles of the parent only, not for the parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe.contacts.doctype.contact_email.contact_email import ContactEmail
from frappe.contacts.doctype.contact_phone.contact_phone import ContactPhone
from frappe.core.doctype.dynamic_link.dynamic_link import DynamicLink
from frappe.model.base_document import BaseDocument

if TYPE_CHECKING:
    from frappe.model.document import Document as Row
else:
    # The class of the row itself comes after this one: a base here would have its own answer.
    Row = object


class AsksItsDocument(Row):
    """Mixed into rows of tables: their rights are those of the stored document they belong to."""

    def has_permission(self, permtype: str = "read", *args: Any, **options: Any) -> bool:
        """Ask the document, as it is stored.

        Args:
            permtype: the framework's word for what is to be done.
            args: what this version of the framework adds.
            options: the same, by name.
        """
        if self.flags.ignore_permissions:
            return True
        if not super().has_permission(permtype, *args, **options):
            return False
        if not self.meta.istable or self.is_new():
            return True
        parenttype, parent = self.get("parenttype"), self.get("parent")
        if not parenttype or not frappe.db.exists(parenttype, parent):
            return True  # asked with the whole document, which has said yes
        return bool(frappe.get_doc(parenttype, parent).has_permission(permtype))

    # Newer versions keep the document a row was loaded with, and ask nobody's where there is none.
    if isinstance(getattr(BaseDocument, "parent_doc", None), property):

        @property
        def parent_doc(self) -> Any:
            """The document the row was loaded with; of a row loaded by itself the stored one."""
            held = BaseDocument.parent_doc.fget(self)
            return self._stored_document() if held is None else held

        @parent_doc.setter
        def parent_doc(self, document: Any) -> None:
            self._parent_doc = document

        @parent_doc.deleter
        def parent_doc(self) -> None:
            self._parent_doc = None

    def _stored_document(self) -> Any:
        parenttype, parent = self.get("parenttype"), self.get("parent")
        if not self.meta.istable or not parenttype or not frappe.db.exists(parenttype, parent):
            return None
        return frappe.get_doc(parenttype, parent)


class ContactPhoneRow(AsksItsDocument, ContactPhone):
    """A telephone number of a contact."""


class ContactEmailRow(AsksItsDocument, ContactEmail):
    """A mail address of a contact."""


class LinkRow(AsksItsDocument, DynamicLink):
    """What an address or a contact belongs to."""
