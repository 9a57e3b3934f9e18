"""Looks through all running clocks at once: marks what is late, ends periods, tells people, once per rung.

Set-based: a handful of statements, whatever the number of clocks. Times are stored when a clock starts, so
what is due is a range of an index; rows are then taken by their names, so that sweeps that run at the same
moment share them and nobody waits for a range lock (see ``clock_store`` for the order of tables).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.utils import now_datetime

from order_flow.domain.clocks.model import ClockKind, ClockState
from order_flow.flow.clocks.alerts import DueCall, alert
from order_flow.flow.clocks.store import CALL, CLOCK

LARGEST_RUN = 20_000
"""Calls told in one run; the next minute takes what is left."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run found."""

    told: int
    late: int
    ended: int


def sweep(now: datetime | None = None) -> Swept:
    """Tell everybody whose rung has come, then mark late clocks and end periods.

    Args:
        now: the site's time; for tests.

    Returns:
        How many calls were told, clocks became late and periods ended by this run.
    """
    moment = now or now_datetime()
    calls = _claimed(_due_calls(moment), moment)
    alert(calls, moment)
    late, ended = _mark_late(moment)
    return Swept(len(calls), late, ended)


def _due_calls(now: datetime) -> list[DueCall]:
    rows = frappe.db.sql(
        f"""
        select c.name, c.role, c.percent, c.minutes_late, k.state, k.name as clock,
            k.title, k.order_id, k.due_at, k.owner_role
        from `tab{CALL}` c join `tab{CLOCK}` k on k.name = c.clock
        where c.told_at is null and c.at <= %s and k.state <> %s
        order by c.at limit %s
        """,
        (now, ClockState.PAUSED.value, LARGEST_RUN),
    )
    return [
        DueCall(name, role, percent, minutes, ClockState(state), *clock)
        for name, role, percent, minutes, state, *clock in rows
    ]


def _claimed(calls: Sequence[DueCall], now: datetime) -> list[DueCall]:
    """Those of the calls that no other sweep has taken meanwhile."""
    if not calls:
        return []
    names, batch = tuple(sorted(call.name for call in calls)), frappe.generate_hash(length=20)
    frappe.db.sql(
        f"update `tab{CALL}` set told_at = %s, batch = %s where name in %s and told_at is null",
        (now, batch, names),
    )
    won = {name for (name,) in frappe.db.sql(f"select name from `tab{CALL}` where batch = %s", (batch,))}
    # A call that its ended clock left behind is taken off the list, but nobody hears of it.
    return [call for call in calls if call.name in won and call.state is ClockState.RUNNING]


def _mark_late(now: datetime) -> tuple[int, int]:
    rows = frappe.db.sql(
        f"""
        select name, kind from `tab{CLOCK}`
        where state = %s and is_late = 0 and due_at < %s order by name
        """,
        (ClockState.RUNNING.value, now),
    )
    late = tuple(name for name, kind in rows if kind == ClockKind.DEADLINE.value)
    ended = tuple(name for name, kind in rows if kind == ClockKind.PERIOD.value)
    if late:
        frappe.db.sql(
            f"update `tab{CLOCK}` set is_late = 1 where name in %s and state = %s",
            (late, ClockState.RUNNING.value),
        )
    if ended:
        frappe.db.sql(
            f"update `tab{CLOCK}` set state = %s, stopped_at = due_at where name in %s and state = %s",
            (ClockState.MET.value, ended, ClockState.RUNNING.value),
        )
    return len(late), len(ended)
