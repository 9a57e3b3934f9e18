"""When somebody must have answered: a limit in hours, working hours or working days from a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from order_flow.domain.reviews import DueUnit


def due_moment(start: datetime, limit: int, unit: DueUnit) -> datetime:
    return start + (timedelta(hours=limit) if unit is not DueUnit.WORKING_DAYS else timedelta(days=limit))
