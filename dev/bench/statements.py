"""Writes down the SQL statements of a piece of work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe


@contextmanager
def recorded_statements() -> Iterator[list[str]]:
    """Every statement that is sent meanwhile, on one line each, values left out.

    The commit that ends the work is not among them, the same for all that is compared.
    """
    statements: list[str] = []
    plain_sql = frappe.db.sql

    def recording_sql(query: Any, *args: Any, **kwargs: Any) -> Any:
        statements.append(re.sub(r"\s+", " ", str(query)).strip())
        return plain_sql(query, *args, **kwargs)

    frappe.db.sql = recording_sql
    try:
        yield statements
    finally:
        del frappe.db.sql
