"""When somebody must have answered: a limit in hours, working hours or working days from a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from order_flow.domain.clocks.model import Unit
from order_flow.domain.clocks.times import due_at_end_of_day
from order_flow.domain.clocks.working_time import add_working
from order_flow.domain.reviews.model import DueUnit
from order_flow.flow.clocks.rules import calendar_named

CALENDAR = "China"
"""The working calendar of the departments."""


def due_moment(start: datetime, limit: int, unit: DueUnit) -> datetime:
    """The moment by which an answer is due.

    Args:
        start: when it was asked, in the site's time.
        limit: how many units.
        unit: hours, working hours, or whole working days to the end of the last one.

    Returns:
        The moment, in the site's time.

    Raises:
        NoWorkingTime: the calendar has no working time.
    """
    if unit is DueUnit.HOURS:
        return start + timedelta(hours=limit)
    calendar = calendar_named(CALENDAR)
    if unit is DueUnit.WORKING_HOURS:
        return add_working(calendar, start, timedelta(hours=limit))
    return due_at_end_of_day(calendar, start, limit, Unit.WORKING_DAYS)
