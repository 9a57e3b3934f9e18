"""Reads and writes the running clocks of an order: few statements, whatever their number.

Rows are locked by their names only, never by a range, so that events of different orders do not queue;
a clock's calls are always written before the clock itself, as the sweep does, so that nobody deadlocks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.clocks.model import OPEN_STATES, ClockRule, ClockState, PauseReason, Purpose
from order_flow.domain.clocks.plan import Clock, Reference, Start, Stop
from order_flow.flow.records.rows import insert_new_rows

CLOCK = "Order Clock"
CALL = "Clock Call"
_OPEN = tuple(state.value for state in OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored clock with what only pausing and stopping need."""

    clock: Clock
    reasons: frozenset[str]
    calls: dict[str, datetime] = field(default_factory=dict)
    """Calls that nobody was told yet: when, by name."""


def minutes(span: timedelta) -> int:
    """Whole minutes of a span, rounded up: a second late is late."""
    return -int(-span.total_seconds() // 60)


def clock_name(order: str, rule: str, reference: Reference, run: int) -> str:
    """The one name of a clock: two processes that start it give it the same, and the table takes it once."""
    key = "|".join((order, rule, *reference, str(run)))
    return hashlib.sha256(key.encode()).hexdigest()[:20]


def clocks_of(order: str, rules: Sequence[str]) -> list[Stored]:
    """The clocks of some rules on an order with their open calls, in one statement."""
    rows = frappe.db.sql(
        f"""
        select k.name, k.rule, k.reference_type, k.reference_name, k.run, k.state, k.opens_at, k.due_at,
            k.paused_at, k.pause_reasons, c.name as call_name, c.at
        from `tab{CLOCK}` k
        left join `tab{CALL}` c on c.clock = k.name and c.told_at is null
        where k.order_id = %(order)s and k.rule in %(rules)s
        order by k.name
        """,
        {"order": order, "rules": tuple(rules)},
        as_dict=True,
    )
    found: dict[str, Stored] = {}
    for row in rows:
        stored = found.setdefault(row.name, _stored(row))
        if row.call_name:
            stored.calls[row.call_name] = row["at"]
    return list(found.values())


def _stored(row: Any) -> Stored:
    clock = Clock(
        name=row.name,
        rule=row.rule,
        reference=(row.reference_type or "", row.reference_name or ""),
        run=row.run,
        state=ClockState(row.state),
        opens_at=row.opens_at,
        due_at=row.due_at,
        paused_at=row.paused_at,
    )
    return Stored(clock, frozenset(filter(None, (row.pause_reasons or "").split(","))))


def stop(stops: Sequence[Stop], stored: Iterable[Stored], at: datetime, remark: str | None = None) -> None:
    """End clocks: what nobody was told yet will not be told, the overrun stays (R-253)."""
    if not stops:
        return
    ended = {entry.clock.name: entry.outcome for entry in stops}
    _drop_calls([name for row in stored if row.clock.name in ended for name in row.calls])
    states = _case(ended, lambda outcome: outcome.state.value)
    overruns = _case(ended, lambda outcome: minutes(outcome.overrun))
    user = frappe.session.user
    frappe.db.sql(
        f"""
        update `tab{CLOCK}`
        set overrun_minutes = {overruns[0]}, is_late = if({overruns[0]} > 0, 1, is_late),
            state = {states[0]}, stopped_at = %s, stopped_by = %s, remark = coalesce(%s, remark),
            modified = %s, modified_by = %s
        where name in %s and state in %s
        """,
        [*overruns[1], *overruns[1], *states[1], at, user, remark, at, user, tuple(ended), _OPEN],
    )


def _case(values: Mapping[str, Any], choose: Any) -> tuple[str, list[Any]]:
    """A value for each row in one statement: the SQL and its parameters."""
    pairs = [part for name, value in values.items() for part in (name, choose(value))]
    return f"case name {'when %s then %s ' * len(values)}end", pairs


def _drop_calls(names: Sequence[str]) -> None:
    if names:
        frappe.db.sql(f"delete from `tab{CALL}` where name in %s", (tuple(names),))


@dataclass(frozen=True, slots=True)
class Place:
    """Whose clocks an event begins."""

    order: str
    """Empty for a clock of the whole company."""
    reference: Reference
    profile: str


def start(starts: Sequence[Start], place: Place, at: datetime) -> None:
    """Begin clocks; one that another process has begun already is left as it is."""
    named = [(clock_name(place.order, row.rule.code, place.reference, row.run), row) for row in starts]
    calls = [
        {
            **_stamp(f"{name}-{call.rung.number}", at),
            "clock": name,
            "rung": call.rung.number,
            "percent": call.rung.percent,
            "minutes_late": call.rung.minutes_late,
            "role": call.rung.role,
            "at": call.at,
        }
        for name, row in named
        for call in row.schedule.calls
    ]
    _insert(CALL, calls)
    clocks = [
        {
            **_stamp(name, at),
            **_rule_values(row.rule, place, row.run),
            "state": ClockState.RUNNING.value,
            "purpose": row.purpose.value,
            "started_at": at,
            "opens_at": row.schedule.opens_at,
            "due_at": row.schedule.due_at,
            "calendar_uncertain": not row.schedule.certain,
        }
        for name, row in named
    ]
    _insert(CLOCK, clocks)


def answer_before(rules: Sequence[ClockRule], place: Place, at: datetime) -> None:
    """Write down that a deed was done before its clock started, so that the clock never starts.

    Another process may have started the clock a moment ago, unseen by this transaction: then it ends here.
    """
    if not rules:
        return
    names = [clock_name(place.order, rule.code, place.reference, 1) for rule in rules]
    ended = {"state": ClockState.MET.value, "stopped_at": at, "stopped_by": frappe.session.user}
    rows = [
        {
            **_stamp(name, at),
            **_rule_values(rule, place, 1),
            **ended,
            "purpose": Purpose.ALARM.value,
            "opens_at": at,
            "due_at": at,
        }
        for name, rule in zip(names, rules, strict=True)
    ]
    _insert(CLOCK, rows)
    frappe.db.sql(
        f"""
        update `tab{CLOCK}` set state = %(state)s, stopped_at = %(stopped_at)s, stopped_by = %(stopped_by)s
        where name in %(names)s and state in %(open)s
        """,
        {**ended, "names": tuple(names), "open": _OPEN},
    )


def _insert(doctype: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        insert_new_rows(doctype, list(rows[0]), [tuple(row.values()) for row in rows])


def _stamp(name: str, at: datetime) -> dict[str, Any]:
    user = frappe.session.user
    return {"name": name, "creation": at, "modified": at, "owner": user, "modified_by": user}


def _rule_values(rule: ClockRule, place: Place, run: int) -> dict[str, Any]:
    return {
        "order_id": place.order,
        "rule": rule.code,
        "title": rule.title,
        "reference_type": place.reference[0] or None,
        "reference_name": place.reference[1] or None,
        "run": run,
        "owner_role": rule.owner,
        "kind": rule.kind.value,
        "flow_profile": place.profile,
        "unit": rule.unit.value,
        "working_calendar": rule.calendar,
    }


def pause(clocks: Sequence[Stored], reason: PauseReason, at: datetime) -> None:
    """Let clocks rest; one that rests for another reason keeps the begin of its pause."""
    names = tuple(row.clock.name for row in clocks)
    if names:
        frappe.db.sql(
            f"""
            update `tab{CLOCK}`
            set state = %s, paused_at = coalesce(paused_at, %s),
                pause_reasons = concat_ws(',', nullif(pause_reasons, ''), %s), modified = %s
            where name in %s and state in %s and not find_in_set(%s, coalesce(pause_reasons, ''))
            """,
            (ClockState.PAUSED.value, at, reason.value, at, names, _OPEN, reason.value),
        )


@dataclass(frozen=True, slots=True)
class Resumed:
    """A clock that goes on, or rests on for other reasons (``due_at`` is None)."""

    name: str
    reasons: frozenset[str]
    due_at: datetime | None = None
    rested: timedelta = timedelta(0)
    calls: Mapping[str, datetime] = field(default_factory=dict)


def resume(clocks: Sequence[Resumed], at: datetime) -> None:
    """Let clocks go on with their new times."""
    for waiting in (row for row in clocks if row.due_at is None):
        frappe.db.sql(
            f"update `tab{CLOCK}` set pause_reasons = %s where name = %s and state = %s",
            (",".join(sorted(waiting.reasons)), waiting.name, ClockState.PAUSED.value),
        )
    going = {row.name: row for row in clocks if row.due_at is not None}
    if not going:
        return
    calls = {name: moment for row in going.values() for name, moment in row.calls.items()}
    if calls:
        moments = _case(calls, lambda moment: moment)
        frappe.db.sql(
            f"update `tab{CALL}` set at = {moments[0]} where name in %s and told_at is null",
            [*moments[1], tuple(calls)],
        )
    dues = _case(going, lambda row: row.due_at)
    rests = _case(going, lambda row: minutes(row.rested))
    frappe.db.sql(
        f"""
        update `tab{CLOCK}`
        set due_at = {dues[0]}, paused_minutes = paused_minutes + {rests[0]}, paused_at = null,
            pause_reasons = null, state = %s, modified = %s
        where name in %s and state = %s
        """,
        [*dues[1], *rests[1], ClockState.RUNNING.value, at, tuple(going), ClockState.PAUSED.value],
    )


def void_of_rule(rule: str, profiles: Sequence[str] | None) -> None:
    """Void the open clocks of a rule that was switched off.

    Args:
        rule: its code.
        profiles: the Flow Profiles it was taken from; None for all.
    """
    which = "and flow_profile in %(profiles)s" if profiles else ""
    frappe.db.sql(
        f"""
        update `tab{CLOCK}` set state = %(void)s, stopped_at = %(now)s, stopped_by = %(user)s
        where rule = %(rule)s and state in %(open)s {which}
        """,
        {
            "void": ClockState.VOID.value,
            "now": now_datetime(),
            "user": frappe.session.user,
            "rule": rule,
            "open": _OPEN,
            "profiles": tuple(profiles or ()),
        },
    )
