"""Dates that were surely mistyped: 1900 from an empty cell, 2036 for 2026, a payment of next year.

What has happened lies behind us, and what is planned in a time that a company plans. How long something is
valid is another question: a price may hold until 2099.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final

from order_flow.domain.entry_values import ValueRefused

FIRST_DAY: Final = date(2000, 1, 1)
"""No order of today's books is older."""
MARGIN: Final = timedelta(days=1)
"""A clock in another zone, or one that goes wrong by hours."""
LONGEST_PLAN: Final = timedelta(days=5 * 366)
_TOO_OLD = "{field}: {value} is before the year {year}. Check the year."
_STILL_TO_COME = "{field}: {value} is still to come. Enter when it really was, or check the year."
_TOO_FAR = "{field}: {value} is more than {years} years away. Check the year."


class DateKind(Enum):
    """What a date tells."""

    HAPPENED = "happened"
    RECORDED = "recorded"
    """Happened as well; a rule of its own keeps it out of the future, with words of its own."""
    PLANNED = "planned"


_H, _R, _P = DateKind.HAPPENED, DateKind.RECORDED, DateKind.PLANNED
KIND_OF_DATE: Final[dict[tuple[str, str], DateKind]] = {
    ("Order", "ordered_at"): _H,
    ("Order", "requested_delivery_at"): _P,
    ("Order", "promised_date"): _P,
    ("Order", "expected_arrival"): _P,
    ("Order", "sailing_date"): _P,
    ("Order", "planned_ship_date"): _P,
    ("Order", "production_start"): _P,
    ("Order", "wishes_expected_on"): _P,
    ("Order Item", "requested_date"): _P,
    ("Order Item", "promised_date"): _P,
    ("Order Payment", "received_on"): _R,
    ("Order Evidence", "received_at"): _R,
    ("Letter of Credit", "received_on"): _H,
    ("Letter of Credit", "latest_ship_date"): _P,
    ("Letter of Credit", "expiry_date"): _P,
    ("Change Notice", "new_promised_date"): _P,
    ("Change Notice", "customer_answered_on"): _R,
    ("Shipment", "planned_ship_date"): _P,
    ("Shipment", "arrive_by"): _P,
    ("Shipment", "agreed_for"): _P,
    ("Open Point", "expected_on"): _P,
    ("Review Checklist", "purchase_date"): _P,
    ("Review Checklist", "production_date"): _P,
    ("Review Checklist", "delivery_date"): _P,
    ("Delivery Case", "new_date"): _P,
    ("Shortage", "new_date"): _P,
}
"""Fields of documents whose dates are looked at, whichever door they come through."""


def check_likely(kind: DateKind, value: date, field: object, now: datetime) -> None:
    """Refuse a date that cannot be meant.

    Args:
        kind: what the date tells.
        value: a date or moment of the site.
        field: what it is, for the refusal.
        now: of the site.

    Raises:
        ValueRefused: before our time, still to come, or beyond every plan.
    """
    day = value.date() if isinstance(value, datetime) else value
    if day < FIRST_DAY:
        raise ValueRefused(_TOO_OLD, {"field": field, "value": str(day), "year": FIRST_DAY.year})
    if kind is DateKind.HAPPENED and day > (now + MARGIN).date():
        raise ValueRefused(_STILL_TO_COME, {"field": field, "value": str(day)})
    if kind is DateKind.PLANNED and day > (now + LONGEST_PLAN).date():
        raise ValueRefused(_TOO_FAR, {"field": field, "value": str(day), "years": LONGEST_PLAN.days // 366})
