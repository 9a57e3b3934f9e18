"""Carrier: who carries goods, what it offers, how it is rated (R-285 to R-288)."""

from __future__ import annotations

from order_flow.flow.records.entry_document import EntryDocument


class Carrier(EntryDocument):
    """Master data; the choice among carriers is in ``domain.carriers``."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        base_price: DF.Currency
        carrier_code: DF.Data | None
        carrier_name: DF.Data
        coverage: DF.Rating
        disabled: DF.Check
        heaviest_kg: DF.Float
        own_vehicles: DF.Check
        phone: DF.Data | None
        price_level: DF.Rating
        price_per_kg: DF.Currency
        provinces: DF.SmallText | None
        reputation: DF.Rating
        safety: DF.Rating
        service: DF.Rating
        timeliness: DF.Rating
        tracking_account: DF.Link | None
        tracking_code: DF.Data | None
        transport_mode: DF.Literal[
            "Express", "Urgent Express", "Road", "Rail", "Sea", "Air", "Customer Collects", "Own Vehicle"
        ]
    # end: auto-generated types
