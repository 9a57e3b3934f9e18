"""The order's connections: everything that hangs on one order, across the departments (R-015)."""

from __future__ import annotations

from typing import Any

from frappe import _


def get_data() -> dict[str, Any]:
    """Groups of linked documents, as the framework's form dashboard reads them."""
    return {
        "fieldname": "order_id",
        "non_standard_fieldnames": {
            "Sync Outbox": "document",
            "Sync Attempt": "document",
            "Sync Discrepancy": "document",
        },
        "dynamic_links": {"document": ["Order", "document_type"]},
        "transactions": [
            {"label": _("Money and Goods"), "items": ["Order Payment", "Shipment"]},
            {"label": _("History"), "items": ["Order Event"]},
            {"label": _("Outside Systems"), "items": ["Sync Outbox", "Sync Attempt", "Sync Discrepancy"]},
        ],
    }
