"""Tells people of clocks that are due or late: the desk's notifications and one e-mail a role (R-253)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime

from order_flow.domain.clock_times import WHOLE
from order_flow.domain.clocks import ClockState
from order_flow.flow.clock_store import CLOCK
from order_flow.flow.mail import can_mail
from order_flow.flow.rows import insert_rows_of_framework

SINGLE_ALERTS = 20
"""More clocks than this in one run reach a person as one notification with their number."""
LINES_PER_MAIL = 50
FALLBACK_ROLE = "System Manager"
"""Hears of the calls for a role that nobody holds, so that none gets lost."""


@dataclass(frozen=True, slots=True)
class DueCall:
    """A call whose time has come, with its clock."""

    name: str
    role: str
    percent: float
    minutes_late: int
    state: ClockState
    clock: str
    title: str
    order: str
    due_at: datetime
    owner_role: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who hears of a role's clocks."""

    user: str
    email: str
    language: str
    wants_alerts: bool
    wants_mail: bool


def alert(calls: Sequence[DueCall], now: datetime) -> None:
    """Tell the holders of the calls' roles.

    Args:
        calls: claimed by this run.
        now: the site's time, to tell due from late.
    """
    if not calls:
        return
    people = _people({call.role for call in calls})
    last_of_clock: dict[Person, dict[str, DueCall]] = defaultdict(dict)
    for call in sorted(calls, key=lambda call: (call.percent, call.minutes_late)):
        for person in people.get(call.role) or people.get(FALLBACK_ROLE, ()):
            # Who missed several rungs of a clock, e.g. while the scheduler stood still, hears the last one.
            last_of_clock[person][call.clock] = call
    of_person = {person: list(told.values()) for person, told in last_of_clock.items()}
    _notify(of_person, now)
    _mail(of_person, now)


def _people(roles: Iterable[str]) -> dict[str, list[Person]]:
    """The holders of roles; the Administrator holds every role and works in none of them."""
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


def call_text(call: DueCall, now: datetime, language: str | None = None) -> str:
    """One line about a clock: what, on which order, since or until when, and who must act."""
    due = format_datetime(call.due_at, "yyyy-MM-dd HH:mm")
    title, role = _(call.title, language), _(call.owner_role, language)
    if call.percent < WHOLE and now <= call.due_at:
        text = _("Reminder: {0}, order {1}, is due {2}. {3} must act.", language)
    elif call.percent == WHOLE and not call.minutes_late:
        text = _("Due now: {0}, order {1}, {2}. {3} must act.", language)
    else:
        text = _("Late: {0}, order {1}, was due {2}. {3} must act.", language)
    return text.format(title, call.order or "-", due, role)


def _notify(of_person: dict[Person, list[DueCall]], now: datetime) -> None:
    rows = [
        row
        for person, calls in of_person.items()
        if person.wants_alerts
        for row in _notifications(person, calls, now)
    ]
    columns = ("subject", "document_type", "document_name", "for_user")
    fixed = {"type": "Alert", "from_user": "Administrator", "owner": "Administrator"}
    stamp = {**fixed, "modified_by": "Administrator", "creation": now, "modified": now}
    insert_rows_of_framework(
        "Notification Log", [*columns, *stamp], [(*row, *stamp.values()) for row in rows]
    )
    for user in {row[-1] for row in rows}:
        frappe.publish_realtime("notification", after_commit=True, user=user)


def _notifications(
    person: Person, calls: Sequence[DueCall], now: datetime
) -> Iterable[tuple[str, str, str, str]]:
    for call in calls[:SINGLE_ALERTS]:
        text = escape_html(call_text(call, now, person.language))
        paper = ("Order", call.order) if call.order else (CLOCK, call.clock)
        yield text, *paper, person.user
    if rest := calls[SINGLE_ALERTS:]:
        text = _("{0} more clocks are due or late. Open the list of late clocks.", person.language)
        yield text.format(len(rest)), CLOCK, rest[0].clock, person.user


def _mail(of_person: dict[Person, list[DueCall]], now: datetime) -> None:
    """One e-mail for all who hear the same in the same language."""
    if not can_mail():
        return
    same: dict[tuple[str, tuple[DueCall, ...]], list[str]] = defaultdict(list)
    for person, calls in of_person.items():
        if person.wants_mail and person.email:
            same[person.language, tuple(calls)].append(person.email)
    for (language, told), recipients in same.items():
        lines = [f"<li>{escape_html(call_text(call, now, language))}</li>" for call in told[:LINES_PER_MAIL]]
        if len(told) > LINES_PER_MAIL:
            lines.append(f"<li>+ {len(told) - LINES_PER_MAIL}</li>")
        try:
            frappe.sendmail(
                recipients=recipients,
                subject=_("{0} clocks are due or late", language).format(len(told)),
                message=f"<ul>{''.join(lines)}</ul>",
            )
        except frappe.OutgoingEmailError as error:
            # The bell has rung; a wrong mail account must not silence it every minute anew.
            frappe.log_error(title="Clocks could not be told by e-mail", message=str(error))
