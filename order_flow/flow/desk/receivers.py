"""To whom goods go: read from pasted text, or as a customer's former orders had it (R-041)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

import frappe
from frappe import _

from order_flow.domain.customers.receiver_text import read_receiver

FIELDS: Final = (
    "contact_person",
    "mobile",
    "phone",
    "province",
    "city",
    "district",
    "address_line",
    "postal_code",
)
LOOKED_AT: Final = 30
"""Orders of the customer, newest first; who moved away long ago is not offered."""
OFFERED: Final = 5


def receiver_of_text(text: str) -> dict[str, Any]:
    """Read a pasted receiver.

    Args:
        text: in any sequence, see ``domain.customers.receiver_text``.

    Returns:
        ``fields`` (those that were found) and ``doubts`` in the reader's language.
    """
    receiver = read_receiver(text)
    values = asdict(receiver)
    return {
        "fields": {field: values[field] for field in FIELDS if values[field]},
        "doubts": [doubt.in_words(_) for doubt in receiver.doubts],
    }


def former_receivers(customer: str) -> list[dict[str, Any]]:
    """List the receivers of a customer's last orders, each once, of orders that the caller may read.

    Args:
        customer: its code.
    """
    rows = frappe.get_list(
        "Order",
        filters={"customer": customer},
        fields=list(FIELDS),
        order_by="creation desc",
        limit=LOOKED_AT,
    )
    found = {tuple(row[field] or "" for field in FIELDS): row for row in reversed(rows)}
    newest = sorted(found.values(), key=rows.index)
    return [dict(row) for row in newest[:OFFERED]]
