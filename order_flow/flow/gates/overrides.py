"""Reads and guards the named overrides of an order (K-14); they are granted in ``overriding``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from order_flow.domain.gates.model import CheckPoint, GateCode
from order_flow.domain.gates.overrides import OverrideStatus
from order_flow.flow.refusals import StepRefused

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.gate_override.gate_override import GateOverride


def overrides_at(order: str, point: CheckPoint) -> frozenset[tuple[GateCode, str]]:
    """Gates and subjects that somebody let pass at a check point; what was settled since is left out."""
    return frozenset(
        (GateCode.of_label(row.gate), row.subject or "")
        for row in frappe.get_all(
            "Gate Override",
            filters={
                "order_id": order,
                "check_point": point.value,
                "status": ("!=", OverrideStatus.CLOSED.value),
            },
            fields=["gate", "subject"],
        )
    )


def guard_override(override: GateOverride) -> None:
    """Refuse an override that is written, changed or removed past the methods that judge who may.

    Raises:
        StepRefused: always, except inside those methods.
    """
    if not override.flags.made_by_method:
        frappe.throw(
            _("An override is granted on the order, and closed there. It is not edited or deleted."),
            StepRefused,
        )
