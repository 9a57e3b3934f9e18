"""Lines of WDT that are several of our lines: comma lists in ``src_tid`` and ``src_oid`` (wdt-openapi 2.2).

A merged trade may show equal goods of several orders as one line. Which line of ours has which part of it is
not said over there; it follows from what we told, as long as the parts add up to what is shown. Anything
else is unreadable: a guess would ship or cancel the wrong order's goods.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message
from order_flow.integrations.wdt.fields import (
    Record,
    UnreadableField,
    amount,
    known_amount,
    names,
    nested,
    text,
)


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line of ours as WDT was told of it.

    Args:
        tid: number of its order over there.
        quantity: how many were told.
        worth: what the line brings in, in the order's currency.
    """

    tid: str
    quantity: Decimal
    worth: Decimal


OwnLines = Callable[[Collection[str]], Mapping[str, OwnLine]]
"""Finds lines of ours by their number over there; those of others are missing in the answer."""


def knows_none(_oids: Collection[str]) -> Mapping[str, OwnLine]:
    """Know no line: where nobody says which lines are ours, a joined line cannot be divided."""
    return {}


def divided(record: Record, name: str, own_lines: OwnLines) -> Record:
    """A trade or a stockout with a line of its own for each line of ours.

    Args:
        record: as WDT sent it.
        name: of its list of lines.
        own_lines: see ``OwnLines``; asked only where a line names several.

    Raises:
        UnreadableField: what belongs to which line cannot be told.
    """
    rows = nested(record, name)
    if not any("," in str(row.get("src_tid") or "") + str(row.get("src_oid") or "") for row in rows):
        return record
    return {**record, name: [part for row in rows for part in _parts(row, own_lines)]}


def _parts(row: Record, own_lines: OwnLines) -> Iterator[Record]:
    oids = names(row, "src_oid")
    if not oids or ("," not in text(row, "src_tid") and len(oids) == 1):
        # Nothing of ours, e.g. a gift that WDT added, or a line like any other.
        yield row
        return
    known = own_lines(oids)
    if not known:
        yield row
        return
    mine = [known[oid] for oid in oids if oid in known]
    if len(mine) < len(oids) or (len(oids) > 1 and _sum(mine) != amount(row, "num")):
        raise UnreadableField(
            "src_oid", row.get("src_oid"), Message("lines of ours that add up to the quantity shown")
        )
    share, worth = known_amount(row, "share_amount"), sum((line.worth for line in mine), ZERO)
    for oid, line in zip(oids, mine, strict=True):
        yield {**row, "src_oid": oid, "src_tid": line.tid} | (
            _figures(row, line, whole=share == worth) if len(oids) > 1 else {}
        )


def _sum(lines: Sequence[OwnLine]) -> Decimal:
    return sum((line.quantity for line in lines), ZERO)


def _figures(row: Record, line: OwnLine, whole: bool) -> dict[str, Any]:
    """The line's own part of what the row says of all of them.

    Raises:
        UnreadableField: some of the goods were taken out over there, and whose is not said.
    """
    figures: dict[str, Any] = {
        "num": f"{line.quantity:f}",
        "share_amount": f"{line.worth:f}" if whole else None,
    }
    if text(row, "actual_num"):
        left = amount(row, "actual_num")
        if left not in (ZERO, amount(row, "num")):
            raise UnreadableField(
                "actual_num", row.get("actual_num"), Message("all or nothing of a joined line")
            )
        figures["actual_num"] = figures["num"] if left else "0"
    return figures
