"""A customer's connections."""

from __future__ import annotations

from typing import Any

from frappe import _


def get_data() -> dict[str, Any]:
    """Groups of linked documents, as the framework's form dashboard reads them."""
    return {
        "fieldname": "customer",
        "transactions": [
            {"label": _("Orders"), "items": ["Order"]},
            {"label": _("Money and Goods"), "items": ["Order Payment", "Shipment"]},
        ],
    }
