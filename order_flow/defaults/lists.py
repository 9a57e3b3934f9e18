"""How many columns the lists show: what a clerk reads a list for stands in it on a small screen too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import frappe

SETTINGS: Final = "List View Settings"
COLUMNS: Final = "8"
"""On a narrow desk the framework shows four, two of which are the name and the tags."""


def ensure_lists(doctypes: Iterable[str]) -> None:
    """Give lists their columns where nobody has set anything; what an administrator chose stays.

    Args:
        doctypes: the app's DocTypes that have a list.
    """
    known = set(frappe.get_all(SETTINGS, pluck="name"))
    for doctype in doctypes:
        if doctype not in known:
            values = {"doctype": SETTINGS, "name": doctype, "total_fields": COLUMNS}
            frappe.get_doc(values).insert(
                set_name=doctype,
                ignore_permissions=True,  # runs on install and migrate only, never for a request
            )
