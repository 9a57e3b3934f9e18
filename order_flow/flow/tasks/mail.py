"""Whether this site can send e-mail."""

from __future__ import annotations

import frappe


def can_mail() -> bool:
    """Tell whether the site can send e-mail at all; without, bells and tasks are all there is."""
    outgoing = {"enable_outgoing": 1, "default_outgoing": 1}
    return bool(frappe.conf.get("mail_server") or frappe.db.exists("Email Account", outgoing))
