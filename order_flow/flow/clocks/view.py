"""What people see of an order's clocks: start, due, what remains, state, late ones in red (R-253)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, now_datetime

from order_flow.domain.clocks.manual_events import EVENTS_BY_HAND, PAUSERS, PAUSES_BY_HAND, deed_of, may_tell
from order_flow.domain.clocks.model import OPEN_STATES, WORKING_UNITS, ClockRule, ClockState, Unit
from order_flow.domain.clocks.times import Standing, elapsed, standing
from order_flow.flow.clocks.rules import calendar_named, rules_of
from order_flow.flow.clocks.store import CLOCK, minutes

_FIELDS = (
    "name",
    "rule",
    "title",
    "state",
    "owner_role",
    "kind",
    "unit",
    "working_calendar",
    "started_at",
    "opens_at",
    "due_at",
    "paused_at",
    "pause_reasons",
    "stopped_at",
    "overrun_minutes",
    "calendar_uncertain",
    "is_late",
)


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock as a person reads it."""

    name: str
    rule: str
    title: str
    owner: str
    kind: str
    standing: str
    started_at: datetime | None
    due_at: datetime
    remaining_minutes: int
    """What is left; negative: so late. Of an ended clock its overrun, negative."""
    in_working_time: bool
    pause_reasons: str
    uncertain: bool
    late: bool
    may_finish: bool


def clock_lines(order: str, profile: str) -> list[ClockLine]:
    """All clocks of an order: the open ones first, the most urgent on top.

    Args:
        order: the order's name.
        profile: its Flow Profile.

    Returns:
        The lines; one statement, none for a profile without limits.
    """
    rules = {rule.code: rule for rule in rules_of(profile)}
    if not rules:
        return []
    rows = frappe.get_all(CLOCK, {"order_id": order}, _FIELDS, limit_page_length=0)
    now, roles = now_datetime(), frozenset(frappe.get_roles())
    lines = [_line(row, rules.get(row.rule), now, roles) for row in rows]
    open_words = {Standing.NOT_YET, Standing.RUNNING, Standing.LATE, Standing.PAUSED}
    return sorted(lines, key=lambda line: (Standing(line.standing) not in open_words, line.due_at))


def _line(row: Any, rule: ClockRule | None, now: datetime, roles: frozenset[str]) -> ClockLine:
    state, unit = ClockState(row.state), Unit(row.unit)
    is_open = state in OPEN_STATES
    seen = standing(state, row.opens_at, row.due_at, now)
    if is_open:
        left = elapsed(calendar_named(row.working_calendar), unit, row.paused_at or now, row.due_at)
        remaining = minutes(left)
    else:
        remaining = -(row.overrun_minutes or 0)
    return ClockLine(
        name=row.name,
        rule=row.rule,
        title=_(row.title),
        owner=row.owner_role,
        kind=row.kind,
        standing=seen.value,
        started_at=row.started_at,
        due_at=row.due_at,
        remaining_minutes=remaining,
        in_working_time=unit in WORKING_UNITS,
        pause_reasons=row.pause_reasons or "",
        uncertain=bool(row.calendar_uncertain and is_open),
        late=seen in (Standing.LATE, Standing.MISSED),
        may_finish=bool(is_open and rule and deed_of(rule, roles)),
    )


def form_clocks(order: str, profile: str) -> dict[str, Any]:
    """Return what the order's form shows and offers about clocks.

    Args:
        order: the order's name.
        profile: its Flow Profile.

    Returns:
        ``lines`` (see ``ClockLine``), ``events`` (what the user may tell by hand), ``pauses`` and
        ``resumes`` (reasons he may begin or end).
    """
    roles = frozenset(frappe.get_roles())
    rules = rules_of(profile)
    lines = clock_lines(order, profile)
    listened = {event for event in EVENTS_BY_HAND if any(rule.listens_to(event) for rule in rules)}
    may_pause = not {role.value for role in PAUSERS}.isdisjoint(roles)
    resting = {reason for line in lines for reason in line.pause_reasons.split(",") if reason}
    running = any(line.standing in (Standing.RUNNING, Standing.LATE) for line in lines)
    return {
        "lines": [asdict(line) for line in lines],
        "events": [event.value for event in EVENTS_BY_HAND if event in listened and may_tell(event, roles)],
        "pauses": [
            reason.value
            for reason in PAUSES_BY_HAND
            if may_pause and running and any(reason in rule.pauses for rule in rules)
        ],
        "resumes": [reason.value for reason in PAUSES_BY_HAND if may_pause and reason.value in resting],
    }


def late_sentences(lines: list[ClockLine]) -> list[tuple[str, str, str]]:
    """The late clocks for the sentence on top of the order: rule, text, role that can end it."""
    return [
        (
            line.rule,
            _("'{0}' is late since {1} ({2}).").format(
                line.title, format_datetime(line.due_at, "yyyy-MM-dd HH:mm"), _(line.owner)
            ),
            line.owner,
        )
        for line in lines
        if Standing(line.standing) is Standing.LATE
    ]
