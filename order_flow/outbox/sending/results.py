"""What became of a row in one attempt, before it is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from traceback import format_exception
from typing import Any

import frappe

from order_flow.integrations.errors import IntegrationError
from order_flow.outbox.handler import Again, Done, Failed, OutboxRow
from order_flow.outbox.policy import Verdict
from order_flow.outbox.transaction import in_transaction

Result = Done | Again | Verdict | tuple[Verdict, Mapping[str, Any]]
"""The last with what the next attempt must know."""


def verdict_of(result: Result) -> Verdict | None:
    """The failure among results, None for success and patience."""
    if isinstance(result, tuple):
        return result[0]
    return result if isinstance(result, Verdict) else None


def error_of(answer: object) -> IntegrationError | None:
    """The error that a handler answered for a row, None where it answered something else."""
    error = answer.error if isinstance(answer, Failed) else answer
    return error if isinstance(error, IntegrationError) else None


def log_defect(error: Exception, rows: Sequence[OutboxRow]) -> None:
    """Write a mistake of ours to the Error Log, with the rows that it hit."""
    title = f"Outbox: {type(error).__name__} in {rows[0].action}"
    first = rows[0]
    text = "".join(format_exception(error)) + f"\nRows: {', '.join(str(row.name) for row in rows)}"
    in_transaction(
        lambda: frappe.log_error(
            title=title, message=text, reference_doctype="Sync Outbox", reference_name=str(first.name)
        )
    )
