"""Numbers of other systems are compared byte by byte (ADR 0025)."""

from __future__ import annotations

from order_flow.flow.records.exact_keys import ensure_exact_keys


def execute() -> None:
    """Change the columns that are there already."""
    ensure_exact_keys()
