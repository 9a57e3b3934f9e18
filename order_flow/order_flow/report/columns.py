"""A report's column as the framework's grid reads it."""

from __future__ import annotations

from typing import Any


def column(fieldname: str, label: str, fieldtype: str, options: str, width: int) -> dict[str, Any]:
    """One column.

    Args:
        fieldname: key in the rows.
        label: translated heading.
        fieldtype: as of a DocType's field.
        options: linked DocType, or the row's currency field.
        width: in pixels.
    """
    return {
        "fieldname": fieldname,
        "label": label,
        "fieldtype": fieldtype,
        "options": options,
        "width": width,
    }
