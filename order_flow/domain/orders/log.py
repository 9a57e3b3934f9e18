"""What makes the order register and the tracking of shipments complete and in time (R-102..R-107, R-109).

The procedure's own annex B, which showed the columns of the ORDER LOG, was not handed down; the columns are
those that its text and the other procedures name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum, auto


class Punctuality(StrEnum):
    """When something was written down, by calendar days: the procedure says the same or the next day."""

    SAME_DAY = "Same Day"
    NEXT_DAY = "Next Day"
    LATE = "Late"


class Need(Enum):
    """For which orders a column of the register must be filled."""

    ALWAYS = auto()
    PLANNED = auto()
    """Confirmed orders of a procedure that hands them to planning."""
    LETTER_OF_CREDIT = auto()


class WithoutCarrier(StrEnum):
    """Transport modes of goods that no carrier takes (R-036)."""

    CUSTOMER_COLLECTS = "Customer Collects"
    OWN_VEHICLE = "Own Vehicle"


LOG_COLUMNS: Mapping[str, Need] = {
    "order_number": Need.ALWAYS,
    "customer": Need.ALWAYS,
    "customer_name": Need.ALWAYS,
    "contact": Need.ALWAYS,
    "ordered_at": Need.ALWAYS,
    "product_detail": Need.ALWAYS,
    "quantity": Need.ALWAYS,
    "payment_term": Need.ALWAYS,
    "promised_date": Need.PLANNED,
    "planned_ship_date": Need.PLANNED,
    "letter_of_credit": Need.LETTER_OF_CREDIT,
    "lc_expiry_date": Need.LETTER_OF_CREDIT,
}
"""Columns of the register that must not stay empty, and for whom (R-102, R-104, R-105)."""

TRACKING_COLUMNS = ("carrier", "waybill_number")
"""What the tracking of a shipment must name, unless the goods travel without a carrier (R-107)."""


@dataclass(frozen=True, slots=True)
class LogSubject:
    """What decides which columns an order needs.

    Args:
        planned: it is confirmed and its procedure hands orders to planning.
        letter_of_credit: it is paid by letter of credit.
    """

    planned: bool
    letter_of_credit: bool

    def needs(self, need: Need) -> bool:
        """Tell whether a column with this need must be filled."""
        if need is Need.PLANNED:
            return self.planned
        if need is Need.LETTER_OF_CREDIT:
            return self.letter_of_credit
        return True


def days_until_written(happened_at: datetime, written_at: datetime) -> int:
    """Calendar days between an event and its record; none where it was written ahead."""
    return max((written_at.date() - happened_at.date()).days, 0)


def punctuality(happened_at: datetime, written_at: datetime) -> Punctuality:
    """Tell whether a record was made the same day, the next day, or late (R-102, R-103, R-107)."""
    days = days_until_written(happened_at, written_at)
    if days == 0:
        return Punctuality.SAME_DAY
    return Punctuality.NEXT_DAY if days == 1 else Punctuality.LATE


def missing_columns(row: Mapping[str, object], subject: LogSubject) -> tuple[str, ...]:
    """Columns of the register that are empty and must not be (R-102, R-104).

    Args:
        row: values by column; zero counts as empty.
        subject: what the order needs.
    """
    return tuple(
        column for column, need in LOG_COLUMNS.items() if subject.needs(need) and not row.get(column)
    )


def missing_tracking(row: Mapping[str, object], transport_mode: str) -> tuple[str, ...]:
    """Return what the record of a shipment that has left still lacks (R-107, R-036).

    Args:
        row: values by column.
        transport_mode: as the order has it; empty where nothing was agreed.
    """
    if transport_mode in set(WithoutCarrier):
        return ()
    return tuple(column for column in TRACKING_COLUMNS if not row.get(column))


def deviation_days(planned: date | None, shipped: date | None, today: date) -> int | None:
    """Days between the planned and the actual shipment; above zero is late.

    Args:
        planned: the day that was set or promised; None where nobody set one.
        shipped: the day the goods left; None while they wait.
        today: the day of the reader, in Shanghai.

    Returns:
        None where there is nothing to compare: no plan, or goods that are not due yet.
    """
    if planned is None:
        return None
    if shipped is None:
        return (today - planned).days if today > planned else None
    return (shipped - planned).days


def days_without_receipt(shipped: date | None, received: date | None, today: date) -> int | None:
    """Since how many days goods that left lack their signed receipt; None where none is due (R-109)."""
    if shipped is None or received is not None:
        return None
    return max((today - shipped).days, 0)
