"""Files: an address only inside the folders, rights of the document they hang on, proofs that stay (R-382).

The framework gives a file to whoever has a row with its address, and lets anybody with a login write such a
row; it looks at the path after it has read the file.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.file.file import File
from frappe.core.doctype.file.utils import get_file_name
from frappe.utils import cint, get_url

from order_flow.domain.access.file_addresses import is_private, is_safe, local_path
from order_flow.domain.access.row_rules import RULES
from order_flow.domain.states import EDITABLE_STATES, OrderState
from order_flow.frappe_versions import no_objection
from order_flow.security.permissions import rows_condition

MODULE = "Order Flow"
_KEPT_OPEN = frozenset({"Order File", "Product", "Brand", "Carrier", "Customer"})
"""DocTypes of the app whose papers are no proofs: uploads of a moment, pictures, cards."""
_UNSAVED = "new-"
"""How the desk calls a document that has not been saved yet."""
_FOLDERS = ("/private", "/files")
_SETTLED = ("file_url", "attached_to_doctype", "attached_to_name", "attached_to_field", "is_private")


class GuardedFile(File):
    """The framework's File under the rules above."""

    file_name: str | None
    file_url: str | None

    def before_insert(self) -> None:
        """Before the framework reads what the address points to."""
        if not self.is_folder:
            self._refuse_foreign_address()
            self._refuse_foreign_document()
            if _is_ours(self.attached_to_doctype) and not self.file_url:
                self.is_private = 1
        super().before_insert()

    def validate(self) -> None:
        """Settle once what a row points to and hangs on."""
        if not self.is_folder and not self.is_new():
            self._refuse_another_place()
        super().validate()

    def on_trash(self) -> None:
        """A proof stays, also where the framework deletes without asking for rights."""
        if frappe.session.user != "Administrator" and self.is_proof():
            _refuse_removal(self)
        super().on_trash()

    def save_file(self, *args: Any, **options: Any) -> Any:
        """Give every private upload an address of its own, so that no two documents share one by chance."""
        if cint(self.is_private):
            options["ignore_existing_file_check"] = True
            if not options.get("overwrite"):
                self._leave_a_kept_address()
            elif self.is_proof():
                _refuse_removal(self)
        return super().save_file(*args, **options)

    def _leave_a_kept_address(self) -> None:
        """Take another name where a row still has the address, though its content is gone from the disk.

        The framework looks at the disk only, and who may read that row would read the new content.
        """
        kept = {"file_url": f"/private/files/{self.file_name}", "name": ("!=", self.name or "")}
        if frappe.db.exists("File", kept):
            self.file_name = get_file_name(self.file_name)

    def validate_duplicate_entry(self) -> None:
        """The same for the address that the framework would take over from an equal file."""
        if cint(self.is_private):
            self.generate_content_hash()
            return
        super().validate_duplicate_entry()

    def _delete_file_on_disk(self) -> None:
        """Remove the content with the last row that has its address."""
        others = {"file_url": self.file_url, "name": ("!=", self.name)}
        self.delete_file_data_content(only_thumbnail=bool(frappe.db.exists("File", others)))

    def unzip(self) -> Any:
        """Unpack for whoever may change the file; the framework asks nobody."""
        self.check_permission("write")
        return super().unzip()

    def is_downloadable(self) -> bool:
        """Tell whether the content may be sent to the current user."""
        return bool(self.has_permission("read"))

    def is_proof(self) -> bool:
        """Tell whether the file hangs on a document of the app that keeps its papers."""
        return any(_keeps_papers(doctype, name) for doctype, name in _documents(self))

    def _refuse_foreign_address(self) -> None:
        if not self.file_url:
            return
        path = local_path(str(self.file_url), get_url())
        if path is None:
            return
        if not is_safe(path):
            frappe.throw(
                _("'{0}' is not the address of a file. Upload the file.").format(self.file_url),
                frappe.PermissionError,
            )
        # What is checked is what is stored.
        self.file_url = path
        if self.flags.ignore_permissions and not frappe.db.exists("File", {"file_url": path}):
            return  # the server's own code has just written it
        if is_private(path) and not self.content and not may_read_address(path):
            frappe.throw(
                _("This file belongs to somebody else. Upload the file yourself."), frappe.PermissionError
            )

    def _refuse_foreign_document(self) -> None:
        doctype, name = self.attached_to_doctype, self.attached_to_name
        if not _is_ours(doctype) or not name or self.flags.ignore_permissions:
            return
        if str(name).startswith(_UNSAVED) and not frappe.db.exists(doctype, name):
            return
        if not frappe.db.exists(doctype, name) or not frappe.has_permission(doctype, "read", name):
            frappe.throw(
                _("You may not attach files to {0} {1}.").format(_(doctype), name), frappe.PermissionError
            )

    def _refuse_another_place(self) -> None:
        before = self.get_doc_before_save()
        if before is None or frappe.session.user == "Administrator":
            return
        changed = [field for field in _SETTLED if (before.get(field) or None) != (self.get(field) or None)]
        if changed and (before.attached_to_doctype or "file_url" in changed or self.attached_to_doctype):
            frappe.throw(
                _("Where a file is stored and what it belongs to does not change. Upload it again."),
                frappe.PermissionError,
            )


def _is_ours(doctype: str | None) -> bool:
    return bool(doctype) and doctype in RULES and frappe.get_meta(doctype).module == MODULE


def _keeps_papers(doctype: str, name: str) -> bool:
    if not _is_ours(doctype) or doctype in _KEPT_OPEN:
        return False
    if doctype == "Order":
        # What was put to an order by mistake goes until the order is confirmed; evidence has its own row.
        return bool(frappe.db.get_value("Order", name, "docstatus"))
    return bool(frappe.db.exists(doctype, name))


def _refuse_removal(file: Any) -> None:
    frappe.throw(
        _("'{0}' proves something and is kept. Attach the right paper beside it.").format(file.file_name),
        frappe.PermissionError,
    )


def _documents(file: Any) -> list[tuple[str, str]]:
    """Return what the rows with the file's address hang on; its own place where it is no private one."""
    rows = _rows_of(file.file_url) if _is_private(file) and file.file_url else [file]
    return [
        (row.attached_to_doctype, row.attached_to_name)
        for row in rows
        if row.attached_to_doctype and row.attached_to_name
    ]


def _is_private(file: Any) -> bool:
    """By where it is; the row's own word may be a client's."""
    path = local_path(str(file.file_url or ""), get_url())
    return is_private(path) if path else bool(cint(file.is_private))


def _rows_of(address: str) -> list[Any]:
    fields = ["name", "owner", "attached_to_doctype", "attached_to_name"]
    rows: list[Any] = frappe.get_all("File", {"file_url": address}, fields)
    return rows


def may_read_address(address: str, user: str | None = None) -> bool:
    """Tell whether a user may read the private file that an address stands for.

    Args:
        address: a ``file_url``.
        user: the current one where empty.
    """
    user = user or frappe.session.user
    if user == "Administrator":
        return True
    rows = _rows_of(address)
    documents = {(row.attached_to_doctype, row.attached_to_name) for row in rows if row.attached_to_name}
    stored = [(doctype, name) for doctype, name in documents if frappe.db.exists(doctype, name)]
    if stored:
        return any(_may_read_document(doctype, name, user) for doctype, name in stored)
    return user != "Guest" and any(row.owner == user for row in rows)


def _may_read_document(doctype: str, name: str, user: str) -> bool:
    return bool(frappe.has_permission(doctype, "read", frappe.get_doc(doctype, name), user))


def refuse_foreign_papers(doc: Any, event: str | None = None) -> None:
    """Before any document is saved: the files that its fields newly name are ones its author may read.

    The framework binds them to the document afterwards, and who reads the document reads them.
    """
    fields = [df for df in doc.meta.fields if df.fieldtype in ("Attach", "Attach Image")]
    if not fields or frappe.session.user == "Administrator":
        return
    before = doc.get_doc_before_save()
    for df in fields:
        value = doc.get(df.fieldname)
        if not value or (before is not None and before.get(df.fieldname) == value):
            continue
        path = local_path(str(value), get_url())
        if path is None or not path.startswith(_FOLDERS):
            continue
        if not is_safe(path) or (is_private(path) and not may_read_address(path)):
            frappe.throw(
                _("{0}: this file belongs to somebody else. Upload the file yourself.").format(_(df.label)),
                frappe.PermissionError,
            )


def file_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool | None:
    """Rights to a file are those to what it hangs on, for every row of its address.

    Returns:
        False to refuse, True to allow; no objection leaves the decision to the framework.
    """
    user = user or frappe.session.user
    if user == "Administrator" or doc.is_folder or ptype == "create":
        return no_objection()
    path = local_path(str(doc.file_url or ""), get_url())
    if path is None:
        return no_objection()
    if path and not is_safe(path):
        return False
    if ptype in ("write", "delete") and doc.is_proof():
        return False
    if _is_private(doc):
        return may_read_address(path, user) if ptype == "read" else _may_change(doc, user)
    return no_objection()


def _may_change(file: Any, user: str) -> bool:
    # A document that is gone asks nothing any more.
    documents = [(doctype, name) for doctype, name in _documents(file) if frappe.db.exists(doctype, name)]
    if not documents:
        return bool(file.owner == user)
    return all(
        frappe.has_permission(doctype, "write", name, user)
        and (file.owner == user or _may_edit(doctype, name, user))
        for doctype, name in documents
    )


def _may_edit(doctype: str, name: str, user: str) -> bool:
    """Whether somebody may change what a document says: on an order many may write who only take steps."""
    if doctype != "Order":
        return True
    state = OrderState(frappe.db.get_value("Order", name, "workflow_state"))
    return state in EDITABLE_STATES and bool(frappe.has_permission("Order", "create", user=user))


def file_rows(user: str | None = None) -> str:
    """Condition in SQL for lists of files: those on documents whose rows the user sees.

    It stands behind the framework's own, which asks for the DocType only.
    """
    user = user or frappe.session.user
    if user == "Administrator":
        return ""
    own = f"`tabFile`.`owner` = {frappe.db.escape(user)}"
    hidden = [f"(ifnull(`tabFile`.`attached_to_name`, '') = '' and `tabFile`.`is_private` = 1 and not {own})"]
    unread = []
    for doctype in RULES:
        meta = frappe.get_meta(doctype)
        if meta.module != MODULE or meta.istable or meta.issingle:
            continue
        rights = frappe.permissions.get_role_permissions(meta, user=user)
        if not rights.get("read"):
            unread.append(frappe.db.escape(doctype))
        elif condition := _rows_read(doctype, user, rights):
            hidden.append(
                f"(`tabFile`.`attached_to_doctype` = {frappe.db.escape(doctype)} and not exists ("
                f"select 1 from `tab{doctype}` where `tab{doctype}`.`name` = `tabFile`.`attached_to_name` "
                f"and {condition}))"
            )
    if unread:
        hidden.append(f"(ifnull(`tabFile`.`attached_to_doctype`, '') in ({', '.join(unread)}))")
    return f"not ({' or '.join(hidden)})"


def _rows_read(doctype: str, user: str, rights: Any) -> str:
    """Empty where the user reads all rows of the DocType."""
    parts = [rows_condition(doctype, user)]
    if rights.get("has_if_owner_enabled") and "read" in (rights.get("if_owner") or {}):
        parts.append(f"`tab{doctype}`.`owner` = {frappe.db.escape(user)}")
    return " and ".join(part for part in parts if part)
