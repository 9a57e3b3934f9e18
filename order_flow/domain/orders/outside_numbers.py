"""The numbers under which an order and its lines are known in WDT.

WDT never lets quantity or price of a line change once it took the order, nor an order number be used again
after it was closed (wdt-openapi 2.1, 6). So an order whose lines change, by an edit before its confirmation
or by a change notice after it, is withdrawn there and told anew as the next *edition*: ``SO00000007``, then
``SO00000007-1`` with lines of their own.
"""

from __future__ import annotations

import re
from dataclasses import replace

from order_flow.domain.orders.facts import OrderFacts

_EDITION = re.compile(r"^(?P<name>.+?)(?:-(?P<edition>\d+))?$")


def told_number(name: str, edition: int) -> str:
    """The number of an order, or of one of its lines, in an edition.

    Args:
        name: the order's or line's own name; has no dash of its own.
        edition: 0 for the first.
    """
    return f"{name}-{edition}" if edition else name


def own_name(number: str) -> tuple[str, int]:
    """The name and the edition behind a number that WDT shows; the reverse of ``told_number``."""
    match = _EDITION.match(number)
    if match is None:
        return number, 0
    return match["name"], int(match["edition"] or 0)


def as_told(facts: OrderFacts, edition: int) -> OrderFacts:
    """The order with the numbers it has in WDT in an edition."""
    if not edition:
        return facts
    return replace(
        facts,
        order_id=told_number(facts.order_id, edition),
        lines=tuple(replace(line, line_id=told_number(line.line_id, edition)) for line in facts.lines),
    )
