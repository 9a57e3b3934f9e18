"""Tells people of clocks that are due or late: the desk's notifications and one e-mail a role (R-253)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime

from order_flow.domain.clocks.model import ClockState
from order_flow.domain.clocks.times import WHOLE
from order_flow.flow.clocks.store import CLOCK
from order_flow.flow.tasks.mail import can_mail
from order_flow.flow.tasks.people import FALLBACK_ROLE, Person, Ring, people_of, ring

SINGLE_ALERTS = 20
"""More clocks than this in one run reach a person as one notification with their number."""
LINES_PER_MAIL = 50


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


def alert(calls: Sequence[DueCall], now: datetime) -> None:
    """Tell the holders of the calls' roles.

    Args:
        calls: claimed by this run.
        now: the site's time, to tell due from late.
    """
    if not calls:
        return
    people = people_of({call.role for call in calls})
    last_of_clock: dict[Person, dict[str, DueCall]] = defaultdict(dict)
    for call in sorted(calls, key=lambda call: (call.percent, call.minutes_late)):
        for person in people.get(call.role) or people.get(FALLBACK_ROLE, []):
            # Who missed several rungs of a clock, e.g. while the scheduler stood still, hears the last one.
            last_of_clock[person][call.clock] = call
    of_person = {person: list(told.values()) for person, told in last_of_clock.items()}
    _notify(of_person, now)
    _mail(of_person, now)


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
    ring(
        [
            each
            for person, calls in of_person.items()
            if person.wants_alerts
            for each in _notifications(person, calls, now)
        ]
    )


def _notifications(person: Person, calls: Sequence[DueCall], now: datetime) -> Iterable[Ring]:
    for call in calls[:SINGLE_ALERTS]:
        text = escape_html(call_text(call, now, person.language))
        paper = ("Order", call.order) if call.order else (CLOCK, call.clock)
        yield Ring(person.user, text, *paper)
    if rest := calls[SINGLE_ALERTS:]:
        text = _("{0} more clocks are due or late. Open the list of late clocks.", person.language)
        yield Ring(person.user, text.format(len(rest)), CLOCK, rest[0].clock)


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
