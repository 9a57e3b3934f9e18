"""The order's connections: everything that hangs on one order, across the departments (R-015)."""

from __future__ import annotations

from typing import Any


def get_data() -> dict[str, Any]:
    """Groups of linked documents, as the framework's form dashboard reads them.

    Labels stay English here: the answer is kept for all readers, the form translates it for each.
    """
    return {
        "fieldname": "order_id",
        "non_standard_fieldnames": {
            "Sync Outbox": "document",
            "Sync Attempt": "document",
            "Sync Discrepancy": "document",
        },
        "dynamic_links": {"document": ["Order", "document_type"]},
        "transactions": [
            {"label": "Review", "items": ["Review Checklist", "Open Point"]},
            {
                "label": "Money and Goods",
                "items": ["Order Payment", "Credit Note", "Shipment", "Stock Reservation", "Shortage"],
            },
            {"label": "Checks and Approvals", "items": ["Order Evidence", "Gate Override"]},
            {"label": "History", "items": ["Change Notice", "Order Version", "Form Issue", "Order Event"]},
            {"label": "Outside Systems", "items": ["Sync Outbox", "Sync Attempt", "Sync Discrepancy"]},
        ],
    }
