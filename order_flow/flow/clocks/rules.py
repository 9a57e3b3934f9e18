"""The limits that are on for a Flow Profile, as plain rules, from a cache: no statement on an order's way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

import frappe

from order_flow.domain.clocks.china_days import last_published_year, official_day
from order_flow.domain.clocks.model import (
    Basis,
    ClockEvent,
    ClockKind,
    ClockRule,
    Condition,
    PauseReason,
    Restart,
    Rung,
    Unit,
)
from order_flow.domain.clocks.working_time import Interval, WorkingCalendar, ordinary_day

T = TypeVar("T")
Row = Mapping[str, Any]
"""A stored rule with the rows of its tables."""

RULES_KEY = "order_flow:clock_rules"
CALENDARS_KEY = "order_flow:working_calendars"
CHINA = "China"
WORKING_DAY = "Working Day"
REST_FIELDS = (
    "rest_monday",
    "rest_tuesday",
    "rest_wednesday",
    "rest_thursday",
    "rest_friday",
    "rest_saturday",
    "rest_sunday",
)
_FIELDS = (
    "name as code",
    "title",
    "kind",
    "start_event",
    "moved_by",
    "restart",
    "stop_may_come_first",
    "basis",
    "anchor_field",
    "amount",
    "unit",
    "to_end_of_day",
    "opens_amount",
    "early_is_missed",
    "working_calendar",
    "owner_role",
)


def rules_of(profile: str) -> tuple[ClockRule, ...]:
    """The enabled limits of a Flow Profile.

    Args:
        profile: its name.

    Returns:
        The rules, by code; none for a profile without limits.
    """
    try:
        return _built(RULES_KEY, profile, _load, _all_rules)
    except ValueError:
        # Rows cached before an update speak of words that the code has given up; reading them again tells.
        _forget()
        return _built(RULES_KEY, profile, _load, _all_rules)


def rules_named(codes: Iterable[str]) -> dict[str, ClockRule]:
    """Rules by their codes, enabled or not, for clocks that run already; without those left out."""
    rows = _rows({"name": ("in", list(codes))})
    return {rule.code: rule for rule in _all_rules(row for row in rows if _is_known(row))}


def unknown_words(rule: Any) -> str:
    """Why a rule cannot be followed.

    Args:
        rule: the Clock Rule document.

    Returns:
        The word that this version does not know, e.g. an event of another version; empty where all is known.
    """
    values = rule.as_dict()
    children = {"events": rule.stop_events, "rungs": rule.ladder}
    more = {"code": rule.name, "pauses": rule.pauses, "conditions": rule.conditions, **children}
    try:
        _rule({**values, **more})
    except ValueError as error:
        return str(error)
    return ""


def calendar_named(name: str) -> WorkingCalendar:
    """A working calendar by its name."""
    return _built(CALENDARS_KEY, name, _load_calendar, calendar_of)


def _built(key: str, name: str, load: Callable[[str], Any], build: Callable[[Any], T]) -> T:
    """Return what is built of cached rows, once a request.

    Rows are cached, not what is built of them: pickled objects would not survive an update of the code.
    """
    rows = frappe.cache().hget(key, name, generator=lambda: load(name))
    kept: dict[tuple[str, str], tuple[Any, T]] = getattr(frappe.local, "order_flow_clocks", None) or {}
    frappe.local.order_flow_clocks = kept
    known = kept.get((key, name))
    if known is None or known[0] is not rows:
        known = kept[key, name] = (rows, build(rows))
    return known[1]


def forget_rules() -> None:
    """Read the rules and calendars again, here at once and everywhere after the commit."""
    _forget()
    frappe.db.after_commit.add(_forget)


def _forget() -> None:
    frappe.cache().delete_value(RULES_KEY)
    frappe.cache().delete_value(CALENDARS_KEY)


def _load(profile: str) -> list[Row]:
    codes = frappe.get_all("Clock Rule Profile", {"flow_profile": profile}, pluck="parent")
    rows = _rows({"name": ("in", codes), "enabled": 1}) if codes else []
    return [row for row in rows if _is_known(row)]


def _rows(filters: dict[str, Any]) -> list[Row]:
    rows = frappe.get_all("Clock Rule", filters, _FIELDS, order_by="name", limit_page_length=0)
    codes = [row.code for row in rows]
    children = {
        "events": _children("Clock Rule Event", codes, ["event"]),
        "rungs": _children("Clock Rule Rung", codes, ["idx", "percent", "minutes_late", "role"]),
        "pauses": _children("Clock Rule Pause", codes, ["reason"]),
        "conditions": _children("Clock Rule Condition", codes, ["fieldname", "value", "is_not"]),
    }
    return [{**row, **{name: found[row.code] for name, found in children.items()}} for row in rows]


def _is_known(row: Row) -> bool:
    """A word of another version must not stop every order; the Error Log tells the administrator."""
    try:
        _rule(row)
    except ValueError as error:
        frappe.log_error(title=f"Clock Rule {row['code']} is left out", message=str(error))
        return False
    return True


def _all_rules(rows: Iterable[Row]) -> tuple[ClockRule, ...]:
    return tuple(_rule(row) for row in rows)


def _children(doctype: str, parents: list[str], fields: list[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    if parents:
        filters = {"parent": ("in", parents), "parenttype": "Clock Rule"}
        for row in frappe.get_all(
            doctype, filters, ["parent", *fields], order_by="parent, idx", limit_page_length=0
        ):
            found[row.parent].append(row)
    return found


def _rule(values: Row) -> ClockRule:
    row = frappe._dict(values)
    return ClockRule(
        code=row.code,
        title=row.title,
        kind=ClockKind(row.kind),
        start=ClockEvent(row.start_event),
        stops=frozenset(ClockEvent(child.event) for child in row.events),
        moved_by=ClockEvent(row.moved_by) if row.moved_by else None,
        restart=Restart(row.restart),
        stop_may_come_first=bool(row.stop_may_come_first),
        basis=Basis(row.basis),
        anchor_field=row.anchor_field or "",
        amount=row.amount,
        unit=Unit(row.unit),
        to_end_of_day=bool(row.to_end_of_day),
        opens_amount=row.opens_amount,
        early_is_missed=bool(row.early_is_missed),
        owner=row.owner_role,
        pauses=frozenset(PauseReason(child.reason) for child in row.pauses),
        ladder=tuple(Rung(child.idx, child.role, child.percent, child.minutes_late) for child in row.rungs),
        conditions=_conditions(row.conditions),
        calendar=row.working_calendar,
    )


def _conditions(rows: list[Any]) -> tuple[Condition, ...]:
    values: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for row in rows:
        values[row.fieldname][1 if row.is_not else 0].add(row.value or "")
    return tuple(
        Condition(name, frozenset(wanted), frozenset(excluded))
        for name, (wanted, excluded) in sorted(values.items())
    )


def _load_calendar(name: str) -> dict[str, Any]:
    return dict(frappe.get_doc("Working Calendar", name).as_dict())


def calendar_of(values: Any) -> WorkingCalendar:
    """A Working Calendar, the document or its stored values, as the rules know it."""
    public = values.get("holiday_source") == CHINA
    intervals = sorted((_time(row.opens), _time(row.closes)) for row in values.get("intervals"))
    entered = values.get("entered_until") or 0
    return WorkingCalendar(
        intervals=tuple(Interval(opens, closes) for opens, closes in intervals),
        weekly_rest=frozenset(day for day, field in enumerate(REST_FIELDS) if values.get(field)),
        exceptions={frappe.utils.getdate(row.day): row.kind == WORKING_DAY for row in values.get("days")},
        official=official_day if public else ordinary_day,
        known_until=max(last_published_year(), entered) if public else 0,
    )


def _time(value: Any) -> time:
    """The framework stores times of the day as a span since midnight, or as text before the first save."""
    if isinstance(value, timedelta):
        return (datetime.min + value).time()
    return frappe.utils.get_time(value)  # type: ignore[no-any-return]
