"""The REST methods: parse, ask for rights, call ``flow``, answer (``endpoint`` carries what they share).

The methods about an order itself are documented for other systems as ``order_flow.api.<method>``.
"""

from order_flow.api.orders import (
    confirm,
    confirm_payment,
    confirm_receipt,
    delete_order,
    hold,
    place_order,
    record_payment,
    reject_payment,
    release_hold,
    request_cancellation,
    ship,
    why,
)

__all__ = [
    "confirm",
    "confirm_payment",
    "confirm_receipt",
    "delete_order",
    "hold",
    "place_order",
    "record_payment",
    "reject_payment",
    "release_hold",
    "request_cancellation",
    "ship",
    "why",
]
