"""A customer's connections."""

from __future__ import annotations

from typing import Any


def get_data() -> dict[str, Any]:
    """Groups of linked documents, as the framework's form dashboard reads them.

    Labels stay English here: the answer is kept for all readers, the form translates it for each.
    """
    return {
        "fieldname": "customer",
        "transactions": [
            {"label": "Orders", "items": ["Order"]},
            {"label": "Money and Goods", "items": ["Order Payment", "Shipment"]},
        ],
    }
