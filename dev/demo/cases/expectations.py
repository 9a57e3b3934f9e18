"""Looks at the site after an act and says what is not as the story has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, assert_never

from dev.demo.cases.script import Agree, Clock, Expectation, Finds, Logged, Shows, Stops
from dev.demo.rest import Caller, Refusal

Fill = Callable[[Any], Any]

CLOCK_FIELDS: Final = (
    "name", "order_id", "rule", "title", "state", "is_late", "owner_role", "started_at", "due_at", "run",
    "overrun_minutes",
)  # fmt: skip
OFFICE_HOURS: Final = ((time(8, 30), time(12)), (time(13, 30), time(18)))
"""Of the shipped working calendar."""


class Eyes:
    """Reads the site; whoever looks may read everything and change nothing.

    Args:
        reader: may read documents and reports.
        asker: may ask why an order waits.
        operator: may compare orders with the other sides.
    """

    def __init__(self, reader: Caller, asker: Caller, operator: Caller) -> None:
        self._reader = reader
        self._asker = asker
        self._operator = operator

    def states(self, orders: Iterable[str]) -> dict[str, str]:
        """State by order."""
        wanted = list(orders)
        rows = (
            self._reader.rows("Order", ["name", "workflow_state"], [["name", "in", wanted]]) if wanted else []
        )
        return {row["name"]: row["workflow_state"] for row in rows}

    def clocks(self, orders: Iterable[str]) -> list[dict[str, Any]]:
        """All clocks of the orders, oldest first."""
        wanted = list(orders)
        if not wanted:
            return []
        rows = self._reader.rows("Order Clock", CLOCK_FIELDS, [["order_id", "in", wanted]])
        return sorted(rows, key=lambda row: (row["started_at"], row["rule"], row["run"]))

    def document(self, doctype: str, name: str) -> dict[str, Any]:
        """A whole document."""
        return self._reader.read(doctype, name)

    def documents(
        self, doctype: str, filters: Mapping[str, Any], fields: Iterable[str]
    ) -> list[dict[str, Any]]:
        """Some fields of all documents that pass the filters."""
        conditions = [
            [name, *(value if isinstance(value, list) else ["=", value])] for name, value in filters.items()
        ]
        return self._reader.rows(doctype, ["name", *fields], conditions)

    def differences(self, orders: Iterable[str]) -> list[str]:
        """What the sides do not agree about, one sentence each; a verdict that is not in yet is one, too."""
        rows = self._operator.call("order_flow.api.sync.reconcile_orders", orders=list(orders))
        told = []
        for row in rows:
            said = [str(difference["summary"]) for difference in row["differences"]]
            if row["verdict"] != "agreed":
                told += said or [f"{row['order']} is {row['verdict']}"]
        return told

    def open_gates(self, order: str) -> list[str]:
        """Codes of the gates that ``why`` names, without those that every order's life has."""
        found = self._asker.ask("order_flow.api.why", order=order)
        return [reason["code"] for reason in found["reasons"] if reason["check_point"]]

    def report_row(self, report: str, order: str) -> dict[str, Any] | None:
        """The row of an order in a report."""
        found = self._reader.ask("frappe.desk.query_report.run", report_name=report, filters="{}")
        rows = [row for row in found["result"] if isinstance(row, dict) and order in row.values()]
        return rows[0] if rows else None


def misses(fill: Fill, eyes: Eyes, expectation: Expectation) -> str:
    """What is not as expected.

    Args:
        fill: puts names in their places.
        eyes: looks at the site.
        expectation: what must hold.

    Returns:
        A sentence, empty where it holds.
    """
    try:
        return _misses(fill, eyes, expectation)
    except Refusal as refusal:
        return f"{expectation} could not be looked at: {refusal}"


def _misses(fill: Fill, eyes: Eyes, expectation: Expectation) -> str:
    match expectation:
        case Shows():
            name = fill(expectation.name)
            document = eyes.document(expectation.doctype, name)
            return _differences(f"{expectation.doctype} {name}", fill(expectation.values), document)
        case Stops():
            order = fill(expectation.order)
            found = eyes.open_gates(order)
            if sorted(found) == sorted(expectation.codes):
                return ""
            return f"{order} is stopped by {found}, expected {list(expectation.codes)}"
        case Clock():
            return _clock_misses(fill, eyes, expectation)
        case Logged():
            order = fill(expectation.order)
            row = eyes.report_row(expectation.report, order)
            if row is None:
                return f"{order} does not stand in {expectation.report}"
            return _differences(f"{expectation.report}, {order}", fill(expectation.values), row)
        case Finds():
            return _finds_misses(fill, eyes, expectation)
        case Agree():
            return "; ".join(eyes.differences(fill(list(expectation.orders))))
        case _:
            assert_never(expectation)


def _finds_misses(fill: Fill, eyes: Eyes, wanted: Finds) -> str:
    rows = [fill(row) for row in wanted.rows]
    fields = sorted({name for row in rows for name in row})
    found = eyes.documents(wanted.doctype, fill(wanted.filters), fields)
    left = list(found)
    for row in rows:
        same = next((one for one in left if not _differences("", row, one)), None)
        if same is None:
            return f"no {wanted.doctype} is {row}; found: {found}"
        left.remove(same)
    return f"{len(left)} {wanted.doctype} more than expected: {left}" if left else ""


def _differences(what: str, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    wrong = [
        f"{name} is {found.get(name)!r}, expected {value!r}"
        for name, value in wanted.items()
        if not _fits(found.get(name), value)
    ]
    return f"{what}: {'; '.join(wrong)}" if wrong else ""


def _fits(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, str) and len(wanted) > 1 and wanted.startswith("/") and wanted.endswith("/"):
        return bool(re.fullmatch(wanted[1:-1], str(found or "")))
    if isinstance(wanted, int | float | Decimal):
        return _number(found) == _number(wanted)
    return str(found or "") == str(wanted)


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value if value not in (None, "") else 0))
    except InvalidOperation:
        return None


def _clock_misses(fill: Fill, eyes: Eyes, wanted: Clock) -> str:
    order = fill(wanted.order)
    found = [clock for clock in eyes.clocks([order]) if clock["rule"] == wanted.rule]
    what = f"clock {wanted.rule} of {order}"
    if not found:
        return f"{what} does not run"
    clock = found[-1]
    if clock["state"] != wanted.state:
        return f"{what} is {clock['state']}, expected {wanted.state}"
    return _due_misses(what, clock, wanted, fill)


def _due_misses(what: str, clock: Mapping[str, Any], wanted: Clock, fill: Fill) -> str:
    if not (wanted.hours or wanted.minutes_working or wanted.due):
        return ""
    start, due = _stamp(clock["started_at"]), _stamp(clock["due_at"])
    if wanted.hours and due - start != timedelta(hours=wanted.hours):
        return f"{what} is due {due}, expected {wanted.hours} hours after {start}"
    if wanted.due and due.date() != date.fromisoformat(fill(wanted.due)):
        return f"{what} is due {due}, expected on {fill(wanted.due)}"
    if wanted.minutes_working:
        early = due - start < timedelta(minutes=wanted.minutes_working)
        if early or not any(opens <= due.time() <= closes for opens, closes in OFFICE_HOURS):
            return (
                f"{what} is due {due}, expected {wanted.minutes_working} minutes of office time after {start}"
            )
    return ""


def _stamp(value: str) -> datetime:
    return datetime.fromisoformat(str(value))
