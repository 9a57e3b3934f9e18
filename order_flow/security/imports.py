"""Imports by file in the language of whoever imports (R-349)."""

from __future__ import annotations

from typing import Any

import frappe

_HEADINGS = "data_import_column_header_map"
"""Where the framework keeps which heading means which field: by DocType, for all languages together."""


def read_headings_anew(data_import: Any, method: str = "") -> None:
    """Forget, when an import is saved, headings that somebody with another language had read.

    Args:
        data_import: the framework's Data Import document.
        method: the event's name, given by the framework.
    """
    frappe.cache.hdel(_HEADINGS, data_import.reference_doctype)
