"""REST for gates: check, evidence, overrides, approvals, release to planning; thin, checked by document.

A refusal answers with HTTP 417 (a rule) or 403 (a role) and a message in the caller's language; nothing is
stored then.
"""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

import frappe
from frappe import _

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.gates.model import CheckPoint, GateCode
from order_flow.domain.gates.overrides import OverrideKind
from order_flow.flow.lifecycle import approvals
from order_flow.flow.lifecycle.checking import check_order as _check_order
from order_flow.flow.lifecycle.evidence import record_evidence as _record_evidence
from order_flow.flow.lifecycle.overriding import close_override as _close_override
from order_flow.flow.lifecycle.overriding import override_gate as _override_gate
from order_flow.flow.lifecycle.planning import release_to_planning as _release_to_planning
from order_flow.flow.records.choices import choice


def _check_readable(order: str) -> None:
    """Refuse whoever may not see the order; what he may do is asked by each deed."""
    frappe.get_doc("Order", order).check_permission("read")


@endpoint(Verb.POST, of="Order")
def check_order(order: str) -> dict[str, Any]:
    """Check an order now against its company's rules and keep the result (R-074, R-075).

    Args:
        order: the order's name.

    Returns:
        ``{"order", "outcome", "rules": [{"check_point", "gate", "result", "text"}]}``; a result is Pass,
        Warn, Block or Overridden.
    """
    _check_readable(order)
    return _check_order(order).as_dict()


@endpoint(Verb.POST, of="Order")
def record_evidence(
    order: str, kind: str, received_from: str, received_at: str = "", attachment: str = "", remark: str = ""
) -> dict[str, Any]:
    """Record what proves the customer's confirmation of the order as it is now (R-003, R-110, R-111).

    Args:
        order: the order's name.
        kind: e.g. ``Written Confirmation``.
        received_from: who confirmed.
        received_at: ``YYYY-MM-DD HH:MM:SS``; now where it is left out.
        attachment: address of the uploaded file.
        remark: what was said.

    Returns:
        ``{"evidence": name}``.
    """
    _check_readable(order)
    name = _record_evidence(
        order, kind, received_from, received_at=received_at, attachment=attachment, remark=remark
    )
    return {"evidence": name}


@endpoint(Verb.POST, of="Order")
def override_gate(
    order: str, gate: str, check_point: str, kind: str, reason: str, due_date: str = ""
) -> dict[str, Any]:
    """Let an order pass an open gate (K-14). Repeating it changes nothing.

    Args:
        order: the order's name.
        gate: the gate's code as ``why`` names it, e.g. ``price_not_agreed``.
        check_point: e.g. ``Confirm``.
        kind: e.g. ``Manager Override``.
        reason: mandatory.
        due_date: ``YYYY-MM-DD`` by which the open point is settled.

    Returns:
        ``{"override": name}``.
    """
    _check_readable(order)
    name = _override_gate(
        order,
        choice(GateCode, gate, _("Gate")),
        choice(CheckPoint, check_point, _("Check Point")),
        kind=choice(OverrideKind, kind, _("Kind")),
        reason=reason,
        due_date=due_date,
    )
    return {"override": name}


@endpoint(Verb.POST, of="Gate Override")
def close_override(override: str, remark: str) -> dict[str, Any]:
    """Say that the point which an override left open is settled. Repeating it changes nothing.

    Args:
        override: the Gate Override's name.
        remark: how it was settled.

    Returns:
        ``{"override": name}``.
    """
    frappe.get_doc("Gate Override", override).check_permission("read")
    _close_override(override, remark)
    return {"override": override}


@endpoint(Verb.POST, of="Order")
def release_to_planning(order: str, remark: str = "") -> dict[str, Any]:
    """Release an order to planning (R-153). Repeating it changes nothing.

    Args:
        order: the order's name.
        remark: free words.

    Returns:
        ``{"order": name}``.
    """
    _check_readable(order)
    _release_to_planning(order, remark)
    return {"order": order}


@endpoint(Verb.POST, of="Order")
def confirm_drawings(order: str, remark: str = "") -> dict[str, Any]:
    """Technology confirms the drawings (R-091). Repeating it changes nothing.

    Args:
        order: the order's name.
        remark: free words.

    Returns:
        ``{"order": name}``.
    """
    _check_readable(order)
    approvals.confirm_drawings(order, remark)
    return {"order": order}


@endpoint(Verb.POST, of="Order")
def approve_urgency(order: str, handler: str = "", remark: str = "") -> dict[str, Any]:
    """Let an urgent order run before others, handled by a named person (R-404, R-406).

    Args:
        order: the order's name.
        handler: user; the order's own where it is left out.
        remark: free words.

    Returns:
        ``{"order": name}``.
    """
    _check_readable(order)
    approvals.approve_urgency(order, handler, remark)
    return {"order": order}


@endpoint(Verb.POST, of="Order")
def decline_urgency(order: str, remark: str) -> dict[str, Any]:
    """Send an urgent order the normal way (R-404).

    Args:
        order: the order's name.
        remark: why.

    Returns:
        ``{"order": name}``.
    """
    _check_readable(order)
    approvals.decline_urgency(order, remark)
    return {"order": order}
