"""Clocks of the whole company: the month's assessment and the quarter's evaluation (R-251, R-252)."""

from __future__ import annotations

from datetime import datetime

import frappe

from order_flow.domain.clocks.model import ClockEvent
from order_flow.flow.clocks.events import happened

MONTHS_OF_A_QUARTER = 3


def month_ended(now: datetime) -> None:
    """Tell every Flow Profile that the last month (and quarter) has ended; telling it again changes nothing.

    Called daily, so that a day on which the scheduler stood still does no harm: a clock counts from the
    first moment of the month.

    Args:
        now: the site's time.
    """
    first = datetime(now.year, now.month, 1)
    events = [ClockEvent.MONTH_ENDED]
    if (now.month - 1) % MONTHS_OF_A_QUARTER == 0:
        events.append(ClockEvent.QUARTER_ENDED)
    profiles = frappe.get_all("Clock Rule Profile", pluck="flow_profile", distinct=True)
    for profile in profiles:
        for event in events:
            happened(event, "", profile=profile, at=first)
