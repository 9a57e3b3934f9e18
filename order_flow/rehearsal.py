"""A rehearsal: a copy of a site that must not reach the real WDT, U8, carriers or customers (R-389).

The switch stands in the site's own configuration, not in its database, so that a restored dump cannot bring a
real site's setting along, nor a copy's.
"""

from __future__ import annotations

from typing import Any, Final

import frappe
from frappe.utils import cint

SWITCH: Final = "order_flow_rehearsal"
"""Key of the site's configuration: ``bench --site NAME set-config order_flow_rehearsal 1``."""


def is_rehearsal() -> bool:
    """True where the site's configuration says that it is a copy to try things on."""
    return bool(cint(frappe.conf.get(SWITCH)))


def keep_mail_in() -> None:
    """Hold the mails of a rehearsal back; runs before each request and job."""
    if is_rehearsal():
        frappe.flags.mute_emails = True


def tell_desk(bootinfo: Any) -> None:
    """Let the desk show that this is a rehearsal (``extend_bootinfo``)."""
    bootinfo.order_flow_rehearsal = is_rehearsal()
