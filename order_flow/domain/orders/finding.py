"""What a search by number looks at: one box finds an order by every number that anybody has of it (R-015).

An entry that equals a number names one document; one that begins a number, or a name, names a few.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from order_flow.domain.entry_values import clean_key

SHORTEST: Final = 3
"""Fewer characters begin too many numbers to help anybody."""
NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "Order": (
        "name",
        "order_number",
        "external_number",
        "customer_order_number",
        "mobile",
        "wdt_trade_number",
    ),
    "Shipment": ("name", "waybill_number", "wdt_trade_number"),
    "Change Notice": ("name",),
    "Order Payment": ("name", "reference"),
    "Customer": ("name", "customer_name"),
    "Product": ("name", "barcode", "product_name"),
}
"""By DocType the fields that are compared, each of them with an index."""


def wanted(text: str) -> str:
    """Give what is searched for, or nothing where the text is too short to search by.

    Args:
        text: as typed, e.g. with spaces or full-width digits.
    """
    entered = clean_key(text)
    return entered if len(entered) >= SHORTEST else ""


def is_exact(entered: str, value: str) -> bool:
    """Tell whether an entry is the whole number, however its letters are written.

    Args:
        entered: of ``wanted``.
        value: of a document's field.
    """
    return entered.casefold() == value.strip().casefold()
