"""Papers as evidence: an uploaded file that the person may read, bound to the document it proves."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_flow.flow.refusals import StepRefused


def bind_paper(document: Any, url: str) -> None:
    """Bind an uploaded file to a document, so that whoever reads the one may read the other.

    Args:
        document: the stored document.
        url: the file's ``file_url``.

    Raises:
        StepRefused: no such file.
        frappe.PermissionError: the user may not read it.
    """
    name = frappe.db.get_value("File", {"file_url": url})
    if not name:
        frappe.throw(_("The attachment was not found. Upload it again."), StepRefused)
    file = frappe.get_doc("File", name)
    if not file.has_permission("read"):
        frappe.throw(
            _("The attachment belongs to somebody else. Upload the file yourself."), frappe.PermissionError
        )
    if not file.attached_to_name:
        # The person may read the file (checked above) and proves something with it; that needs no right on
        # files.
        file.db_set({"attached_to_doctype": document.doctype, "attached_to_name": document.name})
