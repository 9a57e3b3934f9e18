"""Reads which evidence an order has, and for which content it was given (R-003, K-15)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import getdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.gates.evidence import PROVES_NO_ORDER, EvidenceFacts, EvidenceKind
from order_flow.domain.gates.model import fingerprint
from order_flow.flow.profiles import profile_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order

_OTHER_KINDS = tuple(kind.value for kind in PROVES_NO_ORDER)


def content_of(order: Order) -> str:
    """A fingerprint of what a customer confirms: products, specifications, quantities and prices (R-003)."""
    return fingerprint(
        order.currency,
        *(
            (
                line.product,
                line.specification or "",
                line.model or "",
                to_decimal(line.quantity).normalize(),
                to_decimal(line.unit_price).normalize(),
                to_decimal(line.discount).normalize(),
            )
            for line in order.items
        ),
        to_decimal(order.discount).normalize(),
    )


def confirmed_on(order: Order) -> date | None:
    """The day on which the customer confirmed the order as it is now (R-007, R-099).

    Args:
        order: the Order document.

    Returns:
        The day of the latest evidence for this content; None where none was recorded, or where the company's
        procedure asks for none: then nothing is read.
    """
    if not profile_of(order).evidence:
        return None
    rows = order.flags.pop("evidence", None)  # the gate has read them in this save
    rows = _rows(order) if rows is None else rows
    present = content_of(order)
    days = [row.received_at for row in rows if row.content == present and row.received_at]
    return getdate(max(days)) if days else None


def _rows(order: Order) -> list[Any]:
    mine = {"order_id": order.name, "kind": ("not in", _OTHER_KINDS)}
    rows: list[Any] = frappe.get_all("Order Evidence", mine, ["kind", "content", "received_at"])
    return rows


def evidence_facts(order: Order, profile: FlowProfile) -> EvidenceFacts:
    """Return what was recorded for an order, and what its company takes for a confirmation; one statement."""
    sets: dict[int, set[EvidenceKind]] = {}
    for row in profile.evidence:
        sets.setdefault(row.together or 0, set()).add(EvidenceKind(row.kind))
    rows = order.flags.evidence = _rows(order)
    present = content_of(order)
    given = frozenset(EvidenceKind(row.kind) for row in rows if row.content == present)
    return EvidenceFacts(
        sets=tuple(frozenset(kinds) for _number, kinds in sorted(sets.items())),
        given=given,
        outdated=frozenset(EvidenceKind(row.kind) for row in rows) - given,
    )
