"""Whether site, WDT and U8 agree, as the site's reconciliation finds by reading all three; and the table."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dev.demo.case import Case
from dev.demo.limits import QUICK, Limits
from dev.demo.rest import Caller

PORTION: Final = 50
AGREED: Final = "agreed"
PENDING: Final = "pending"
PENDING_SECONDS: Final = 300.0
"""How long nothing may change while something is still on its way, or a side has no call free."""
WDT_SIDE, U8_SIDE = "WDT Account", "U8 Account"
CALLED_OFF: Final = frozenset({"Voided", "Cancelled"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found for one order.

    Args:
        agreed: site, WDT and U8 say the same, and the story reached its end.
        differences: what does not agree, one sentence each.
    """

    agreed: bool
    differences: tuple[str, ...] = ()


def judge(reader: Caller, cases: Sequence[Case], limits: Limits = QUICK) -> dict[str, Verdict]:
    """Let the site compare the three sides for every order, again while something is on its way or unread.

    Args:
        reader: a user who may reconcile.
        cases: the orders of the run.
        limits: how often the accounts may be asked.

    Returns:
        A verdict for every external number.

    Raises:
        Refusal: the site refused to reconcile.
    """
    found = _compared(reader, [case.name for case in cases if case.name])
    deadline, waited_for = time.monotonic() + PENDING_SECONDS, len(found) + 1
    while waiting := [name for name, row in found.items() if row["verdict"] == PENDING or row["unread"]]:
        if len(waiting) < waited_for:
            deadline, waited_for = time.monotonic() + PENDING_SECONDS, len(waiting)
        if time.monotonic() > deadline:
            break
        time.sleep(limits.compare_again_seconds)
        found |= _compared(reader, waiting)
    return {case.number: _verdict(case, found.get(case.name)) for case in cases}


def _compared(reader: Caller, names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(names), PORTION):
        rows = reader.call(
            "order_flow.api.sync.reconcile_orders", orders=list(names[start : start + PORTION])
        )
        found |= {row["order"]: row for row in rows}
    return found


def _verdict(case: Case, found: Mapping[str, Any] | None) -> Verdict:
    differences = [case.failure] if case.failure else []
    if case.state != case.end:
        differences.append(f"the order is {case.state or 'not placed'}, its story ends {case.end}")
    if found is None:
        differences.append("the reconciliation said nothing about it")
    elif found["verdict"] != AGREED:
        texts = [str(difference["summary"]) for difference in found["differences"]]
        unread = [f"{side} could not be read: {why}" for side, why in found["unread"].items()]
        differences += texts + unread or [f"the comparison is {found['verdict']}"]
    if found is not None:
        differences += _never_read(case, found)
    return Verdict(not differences, tuple(differences))


def _never_read(case: Case, found: Mapping[str, Any]) -> list[str]:
    """Sides that must know the order and were not asked, e.g. because it lost its account."""
    sides = {U8_SIDE} | ({WDT_SIDE} if case.uses_wdt else set())
    missing = sides - set(found["read"]) - set(found["unread"])
    return [f"{side} was not read for it" for side in sorted(missing)]


def left_over(reader: Caller) -> list[str]:
    """What still needs a person on the whole site: dead or unclear outbox rows, open discrepancies.

    Args:
        reader: a user who may read both.

    Returns:
        One sentence each; empty when all is settled.
    """
    rows = reader.rows(
        "Sync Outbox",
        ["name", "document", "action", "state", "last_error"],
        [["state", "in", ["Dead", "Unknown"]]],
    )
    open_ones = reader.rows(
        "Sync Discrepancy", ["name", "document", "kind", "summary"], [["state", "=", "Open"]]
    )
    return [
        *(
            f"outbox row {row['name']} ({row['action']} of {row['document']}) is {row['state']}: "
            f"{row['last_error']}"
            for row in rows
        ),
        *(f"discrepancy {row['name']}: {row['kind']}: {row['summary']}" for row in open_ones),
    ]


COLUMNS: Final = (
    ("order", 10), ("channel", 17), ("terms", 19), ("lines", 5), ("total", 10), ("story", 28),
    ("site", 10), ("WDT", 12), ("U8", 26), ("agreed", 6),
)  # fmt: skip


def table(cases: Iterable[Case], verdicts: Mapping[str, Verdict]) -> str:
    """The orders of a run, one line each."""
    lines = [_line([name for name, _width in COLUMNS]), _line(["-" * width for _name, width in COLUMNS])]
    for case in cases:
        standing = case.standing
        documents = str(standing.get("u8_documents") or "").splitlines()
        lines.append(
            _line(
                [
                    case.name or "-",
                    case.channel.removeprefix("Demo "),
                    case.term,
                    str(len(case.items)),
                    f"{float(standing.get('total') or 0):.2f}",
                    case.title,
                    case.state or "-",
                    str(standing.get("wdt_stage") or "-"),
                    ", ".join(documents) or "-",
                    "yes" if verdicts[case.number].agreed else "NO",
                ]
            )
        )
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    padded = [_padded(cell, width) for cell, (_name, width) in zip(cells, COLUMNS, strict=True)]
    return "  ".join(padded).rstrip()


def _padded(text: str, width: int) -> str:
    """Cut or filled to a width in columns of a terminal, where a Chinese character takes two."""
    out, used = [], 0
    for character in text:
        columns = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used + columns > width:
            break
        out.append(character)
        used += columns
    return "".join(out) + " " * (width - used)


def summary(cases: Sequence[Case], verdicts: Mapping[str, Verdict]) -> str:
    """The last line of the demo (issue 2, section 5)."""
    completed = sum(1 for case in cases if case.state == "Completed")
    cancelled = sum(1 for case in cases if case.state in CALLED_OFF)
    disagreements = sum(1 for verdict in verdicts.values() if not verdict.agreed)
    return (
        f"demo: {len(cases)} orders, {completed} completed, {cancelled} cancelled, "
        f"{disagreements} disagreements"
    )
