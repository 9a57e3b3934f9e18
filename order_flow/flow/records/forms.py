"""The codes that the company gives its forms."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _


def form_code(form: str) -> dict[str, Any]:
    """Return what a form is called, for its print (R-108, K-11).

    Args:
        form: a ``Form``, by its name.

    Returns:
        ``code``, ``alias``, ``copies`` (who gets one each) and ``title``: name and code in one line.

    Raises:
        frappe.DoesNotExistError: an administrator removed the form's code; the next migrate brings it back.
    """
    label = frappe.get_cached_doc("Form Code", str(form))
    return {
        "code": label.code,
        "alias": label.alias or "",
        "copies": [_(line.strip()) for line in (label.copies or "").splitlines() if line.strip()],
        "title": f"{_(str(form))} {label.code}",
    }
