"""One thing that an outside system will refuse about an order, told while it can still be corrected."""

from __future__ import annotations

from dataclasses import dataclass

from order_flow.domain.message import Message


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A field that does not fit.

    Args:
        field: fieldname on the Order form, or on its line where ``line`` is filled.
        text: what is wrong and what to do.
        line: id of the order line, "" for the order's own fields.
    """

    field: str
    text: Message
    line: str = ""
