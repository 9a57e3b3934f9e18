"""Reads what the gate over part shipments looks at, in one statement (R-186, R-294)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.gates.evidence import EvidenceKind
from order_flow.domain.gates.parts import Line, PartFacts
from order_flow.domain.goods.quantities import still_open
from order_flow.domain.goods.shortages import Decision, ShortageState
from order_flow.flow.outside.facts import open_quantities

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order

_CONSENT = """
    select '' as line, 0 as missing from `tabOrder Evidence`
    where order_id = %(order)s and kind = %(kind)s
    union all
    select order_item, missing from `tabShortage`
    where order_id = %(order)s and shortage_state = %(agreed)s and decision = %(partial)s"""


def part_facts(order: Order, profile: FlowProfile) -> PartFacts:
    """Return what stays behind when one of an order's shipments leaves, and what the customer said to that.

    Args:
        order: the Order document. While one of its shipments is saved, that one is looked at; while somebody
            lets the order pass the gate, any part of it; otherwise nothing is about to leave.
        profile: its Flow Profile; not looked at.

    Returns:
        The facts. Nothing is read where the shipment takes all that is open.
    """
    shipment = order.flags.shipment
    if not shipment and not order.flags.any_part:
        return PartFacts()
    leaving = shipment.leaving() if shipment else {}
    waiting = open_quantities(order)
    staying = {line: still_open(open_part, leaving.get(line, ZERO)) for line, open_part in waiting.items()}
    if not any(rest > ZERO for rest in staying.values()):
        return PartFacts()
    values = {
        "order": order.name,
        "kind": EvidenceKind.PART_SHIPMENT_AGREED.value,
        "agreed": ShortageState.AGREED.value,
        "partial": Decision.PARTIAL.value,
    }
    consent = {line: to_decimal(missing) for line, missing in frappe.db.sql(_CONSENT, values)}
    products = {line.name: line.product for line in order.items}
    return PartFacts(
        tuple(
            Line(line, products[line], waiting[line], rest, consent.get(line, ZERO))
            for line, rest in staying.items()
        ),
        agreed="" in consent,
    )
