"""The one clock: which time zone the site keeps, and how its columns are read and written.

Columns hold what Frappe expects, naive time of the site's zone. Everything that leaves or reaches the site
uses aware time. The zones of WDT, U8 and carriers belong to their interfaces (``integrations.window``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import frappe
from frappe import _
from frappe.utils import get_datetime, get_system_timezone

USUAL_ZONE = "Asia/Shanghai"
"""What a site without a zone of its own gets; the framework would take one of another country."""


class ZoneUnknown(frappe.ValidationError):
    """The site's time zone does not exist."""


def site_zone() -> ZoneInfo:
    """The site's time zone, from its System Settings."""
    return ZoneInfo(get_system_timezone())


def aware(value: Any) -> datetime | None:
    """A stored date and time with the site's zone; None stays None."""
    return known_time(value) if value else None


def stored(moment: datetime | None) -> datetime | None:
    """An aware time as a column holds it; None stays None.

    Raises:
        ValueError: the time has no zone.
    """
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; attach one first")
    return moment.astimezone(site_zone()).replace(tzinfo=None)


def known_time(value: Any) -> datetime:
    """A date and time that is always stored, e.g. of a document's making, with the site's zone."""
    moment: datetime = get_datetime(value)
    return moment.replace(tzinfo=site_zone())


def site_now() -> datetime:
    """This moment, aware, in the site's zone."""
    return datetime.now(site_zone())


def ensure_zone() -> None:
    """Give a site without a time zone China's; on install and migrate.

    Raises:
        ZoneUnknown: the System Settings name a zone that does not exist; times would be guessed.
    """
    zone = frappe.db.get_single_value("System Settings", "time_zone")
    if not zone:
        frappe.db.set_single_value("System Settings", "time_zone", USUAL_ZONE)
        forget_zone()
    elif zone not in available_timezones():
        frappe.throw(
            _(
                "The site's time zone '{0}' does not exist. Choose one in System Settings and try again."
            ).format(zone),
            ZoneUnknown,
        )


def forget_zone() -> None:
    """Have the zone read anew: the framework keeps it in two caches, and in the process itself."""
    frappe.cache.delete_value("time_zone")
    frappe.clear_document_cache("System Settings", "System Settings")
    if hasattr(frappe.local, "system_settings"):
        del frappe.local.system_settings
