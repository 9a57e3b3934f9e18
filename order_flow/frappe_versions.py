"""What Frappe 15 and 16 read in different ways: every difference stands here once, each with its test.

Whatever both read alike is written that way where it is needed; only what cannot be stands here.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any, Final

import frappe

DATABASE_DRIVERS: Final = ("pymysql", "MySQLdb")
"""Drivers of MariaDB: 15 speaks by the first, 16 by the second."""


def release() -> int:
    """Number of the framework's release line, such as 15."""
    return int(frappe.__version__.split(".")[0])


def no_objection() -> bool | None:
    """Give what a ``has_permission`` hook returns that leaves the decision to the others.

    15 stops at the first answer other than None: True would skip the framework's own hook for a file or a
    contact. 16 takes None for a refusal and asks on after True.
    """
    return None if release() < 16 else True


def largest(field: str, name: str) -> Any:
    """Write the largest value of a field as a column of a list.

    Args:
        field: the field.
        name: the column's name.
    """
    return f"max({field}) as {name}" if release() < 16 else {"MAX": field, "as": name}


def count_rows(doctype: str, filters: Any) -> int:
    """Count the documents that the caller may read, each once, whatever tables the filters join.

    Args:
        doctype: their DocType.
        filters: as for a list.
    """
    if release() >= 16:
        # It takes no function of SQL over distinct rows.
        return len(frappe.get_list(doctype, filters=filters, pluck="name", distinct=True, limit=0))
    rows = frappe.get_list(
        doctype, filters=filters, fields=[f"count(distinct `tab{doctype}`.`name`) as rows_found"]
    )
    return int(rows[0].rows_found) if rows else 0


def raw_content(file: Any) -> bytes:
    """Read an uploaded file as it was sent; 16 would take Chinese text for Western European.

    Args:
        file: a File document.
    """
    encodings = inspect.signature(file.get_content).parameters
    content = file.get_content(encodings=()) if "encodings" in encodings else file.get_content()
    return content.encode() if isinstance(content, str) else bytes(content)


def driver_errors(kind: str) -> tuple[type[Exception], ...]:
    """Collect a class of errors from the database drivers that this process has loaded.

    Args:
        kind: its name in the standard for Python's database drivers, such as ``InterfaceError``.
    """
    loaded = (sys.modules.get(driver) for driver in DATABASE_DRIVERS)
    return tuple(getattr(driver, kind) for driver in loaded if driver is not None)
