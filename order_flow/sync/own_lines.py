"""Our own lines behind the numbers that they have in WDT (wdt-openapi 2.2)."""

from __future__ import annotations

from collections.abc import Collection

import frappe

from order_flow.domain.amounts import ZERO, share_out
from order_flow.domain.orders.outside_numbers import own_name, told_number
from order_flow.flow.outside.loading import load_order_facts
from order_flow.integrations.wdt.joined_lines import OwnLine
from order_flow.outbox.transaction import end_reading


def own_lines(oids: Collection[str]) -> dict[str, OwnLine]:
    """Lines of ours by their number over there; no transaction is open afterwards.

    Args:
        oids: numbers as WDT shows them; those of others are passed over.
    """
    wanted = {oid: own_name(oid) for oid in oids}
    lines = {name for name, _edition in wanted.values()}
    rows = frappe.get_all(
        "Order Item", {"name": ("in", sorted(lines)), "parenttype": "Order"}, ["name", "parent"], as_list=True
    )
    order_of = dict(rows)
    found: dict[str, OwnLine] = {}
    orders = load_order_facts(order_of.values()) if order_of else {}
    end_reading()
    for loaded in orders.values():
        facts = loaded.facts
        worth = [ZERO if line.cancelled else line.gross for line in facts.lines]
        shares = share_out(facts.discount, worth) if any(worth) else [ZERO for _ in worth]
        for line, gross, share in zip(facts.lines, worth, shares, strict=True):
            for oid, (name, edition) in wanted.items():
                if name == line.line_id:
                    tid = told_number(facts.order_id, edition)
                    found[oid] = OwnLine(tid, line.quantity, gross - share)
    return found
