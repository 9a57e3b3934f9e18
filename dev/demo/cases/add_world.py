"""What the ADD case is about: its channel and its product."""

from __future__ import annotations

from typing import Any, Final

CHANNEL: Final = "Demo ADD"
TYPE: Final = "Shock Absorber"
ABSORBER: Final = "DEMO-ADD-2210"
ABSORBER_WITH_DRAWING: Final = {
    "product_code": ABSORBER,
    "product_name": "减振器 2210",
    "product_type": TYPE,
    "list_price": 125,
    "tax_percent": 13,
    "minimum_order_quantity": 100,
    "response_days": 45,
    "drawing_number": "TZ-2210-A",
}


def line(quantity: int, **more: Any) -> dict[str, Any]:
    """The only line of an order."""
    return {
        "product": ABSORBER,
        "quantity": quantity,
        "unit_price": 125,
        "customer_product_code": "EPE-77-2210",
        "specification": "黑色",
        **more,
    }
