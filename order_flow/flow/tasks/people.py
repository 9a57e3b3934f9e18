"""The people who hold a role, and the bell that rings for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import frappe
from frappe.utils import now_datetime

from order_flow.flow.records.rows import insert_rows_of_framework

FALLBACK_ROLE = "System Manager"
"""Hears of the calls for a role that nobody holds, so that none gets lost."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who holds a role and may enter the desk."""

    user: str
    email: str
    language: str
    wants_alerts: bool
    wants_mail: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """One entry of somebody's bell, which opens a document.

    Args:
        subject: HTML-safe text.
    """

    user: str
    subject: str
    doctype: str
    name: str


def people_of(roles: Iterable[str]) -> dict[str, list[Person]]:
    """The enabled holders of roles; the Administrator holds every role and works in none of them."""
    rows = frappe.db.sql(
        """
        select distinct r.role, u.name, u.email, coalesce(u.language, ''), coalesce(s.enabled, 1),
            coalesce(s.enable_email_notifications, 1)
        from `tabHas Role` r
        join `tabUser` u on u.name = r.parent and u.enabled = 1 and u.user_type = 'System User'
        left join `tabNotification Settings` s on s.name = u.name
        where r.parenttype = 'User' and r.role in %(roles)s and u.name <> 'Guest'
            and (u.name <> 'Administrator' or r.role = %(fallback)s)
        order by u.name
        """,
        {"roles": tuple({*roles, FALLBACK_ROLE}), "fallback": FALLBACK_ROLE},
    )
    people: dict[str, list[Person]] = defaultdict(list)
    for role, user, email, language, alerts, mail in rows:
        people[role].append(Person(user, email, language or "en", bool(alerts), bool(alerts and mail)))
    return people


def ring(rings: Sequence[Ring]) -> None:
    """Write entries of bells, two statements however many; no e-mail goes out.

    Args:
        rings: for people who want alerts.
    """
    if not rings:
        return
    now = now_datetime()
    fixed = {"type": "Alert", "from_user": "Administrator", "owner": "Administrator"}
    stamp = {**fixed, "modified_by": "Administrator", "creation": now, "modified": now}
    insert_rows_of_framework(
        "Notification Log",
        ["subject", "document_type", "document_name", "for_user", *stamp],
        [(each.subject, each.doctype, each.name, each.user, *stamp.values()) for each in rings],
    )
    users = tuple({each.user for each in rings})
    # The framework's own entries light the bell like this.
    frappe.db.sql("update `tabNotification Settings` set seen = 0 where name in %s and seen = 1", (users,))
    for user in users:
        frappe.publish_realtime("notification", after_commit=True, user=user)
