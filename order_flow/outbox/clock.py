"""The one clock of the outbox: the database's. Workers on several machines agree on it.

Columns hold what Frappe expects, naive time of the site's time zone; everything else uses aware time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import frappe

from order_flow.site_time import known_time, site_zone, stored

Clock = Callable[[], datetime]

SQL_NOW = "(UTC_TIMESTAMP(6) + INTERVAL %(utc_offset)s SECOND)"
"""The database's time as a column value, for statements that must not cost a second one."""


def utc_offset() -> int:
    """Seconds that the site's time is ahead of UTC, the value ``SQL_NOW`` needs."""
    offset = datetime.now(UTC).astimezone(site_zone()).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def database_now() -> datetime:
    """The database's time, aware, in the site's zone."""
    moment: datetime = frappe.db.sql("SELECT UTC_TIMESTAMP(6)")[0][0]
    return moment.replace(tzinfo=UTC).astimezone(site_zone())


def to_column(moment: datetime) -> datetime:
    """Turn an aware time into a column value.

    Raises:
        ValueError: the time has no zone.
    """
    column = stored(moment)
    assert column is not None
    return column


def from_column(moment: datetime) -> datetime:
    """Turn a column value into aware time of the site's zone."""
    return known_time(moment)
