"""Lets an order pass an open gate: by whom, why, and until when the rest is settled (K-14, R-153, R-390)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, nowdate

from order_flow.domain.access.four_eyes import is_second_person
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode, OpenGate, Origin
from order_flow.domain.gates.overrides import CLOSER_ROLES, OverrideKind, OverrideStatus
from order_flow.domain.gates.registry import RULES, Verdict, effect_of
from order_flow.domain.states import DeliveryStatus, OrderState, PaymentFamily, may_ship
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.gates.facts import gate_facts
from order_flow.flow.gates.judging import judge_point
from order_flow.flow.lifecycle.follow_facts import follow_facts
from order_flow.flow.orders.hands import hands_on_order
from order_flow.flow.profiles import gate_policy, profile_of
from order_flow.flow.records.order import locked_order, record_event
from order_flow.flow.records.values import day_of
from order_flow.flow.refusals import StepRefused, gate_sentence, refuse_without_role
from order_flow.flow.tasks.giving import end_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

OVERRIDE_EVENT = "Override"
CLOSE_EVENT = "Close Override"


def override_gate(
    name: str, code: GateCode, point: CheckPoint, *, kind: OverrideKind, reason: str, due_date: str = ""
) -> str:
    """Let an order pass one gate at one check point, for exactly what is open there now.

    Args:
        name: the order.
        code: the gate.
        point: where the order may pass.
        kind: why such an exception exists at all.
        reason: in the approver's words; mandatory.
        due_date: ``YYYY-MM-DD`` by which the open point is settled; mandatory where the kind leaves one.

    Returns:
        The name of the new Gate Override, or the present one where the same thing was let pass already.

    Raises:
        StepRefused: the gate is not open there, nobody can override it, no reason, or no day.
        frappe.PermissionError: the user's roles may not, or the order is his own and the policy forbids that.
    """
    order = locked_order(name)
    _check_may(order, code)
    gate = _open_gate(order, code, point)
    if gate is None:
        return _granted_already(order, code, point)
    override = frappe.get_doc(
        {
            "doctype": "Gate Override",
            "order_id": name,
            "gate": code.label,
            "check_point": point.value,
            "kind": kind.value,
            "status": (OverrideStatus.OPEN if kind.leaves_open else OverrideStatus.FINAL).value,
            "reason": _reason(reason),
            "due_date": _due(kind, due_date),
            "approver": frappe.session.user,
            "approved_at": now_datetime(),
            "open_point": gate_sentence(gate),
            "subject": gate.subject,
        }
    )
    override.flags.made_by_method = True
    override.insert(ignore_permissions=True)  # the roles were asked above; nobody has the plain right
    remark = _("{0} at '{1}': {2}").format(_(code.label), _(point.value), override.reason)
    record_event(order, OVERRIDE_EVENT, order.workflow_state, order.workflow_state, remark)
    follow_facts(order)
    return str(override.name)


def may_override(order: Order, code: GateCode) -> bool:
    """Tell whether the current user may let this order pass a gate.

    Args:
        order: the Order document.
        code: the gate.

    Returns:
        False for other roles, and for one's own order where the policy of the gate forbids that.
    """
    allowed = {role.value for role in RULES[code].overridden_by} if code in RULES else set()
    return not allowed.isdisjoint(frappe.get_roles()) and not _is_forbidden_own(order, code)


def _is_forbidden_own(order: Order, code: GateCode) -> bool:
    if is_second_person(frappe.session.user, hands_on_order(order.name)):
        return False
    return not any(row.own_allowed for row in profile_of(order).gates if row.gate == code.label)


def _check_may(order: Order, code: GateCode) -> None:
    rule = RULES.get(code)
    if rule is None or not rule.overridden_by:
        frappe.throw(
            _("Nobody can override '{0}'. It has to be settled.").format(_(code.label)),
            StepRefused,
            title=_("Not Possible Now"),
        )
    refuse_without_role(
        (role.value for role in rule.overridden_by), _("This can be overridden by: {0}. Ask one of them.")
    )
    if _is_forbidden_own(order, code):
        frappe.throw(
            _("Order {0} is your own; somebody else has to let it pass.").format(order.name),
            frappe.PermissionError,
        )


def _open_gate(order: Order, code: GateCode, point: CheckPoint) -> OpenGate | None:
    """The gate that stops; None where it is let pass already.

    Raises:
        StepRefused: the gate does not stop the order there.
    """
    verdict = _judged_with_any_part(order, point)
    for gate in verdict.stops:
        if gate.code is code:
            return gate
    if not any(gate.code is code for gate in verdict.overridden):
        frappe.throw(
            _("'{0}' does not stop order {1} at '{2}'. There is nothing to override.").format(
                _(code.label), order.name, _(point.value)
            ),
            StepRefused,
        )
    return None


def _judged_with_any_part(order: Order, point: CheckPoint) -> Verdict:
    """Return what the gates say where a part may be about to leave: no shipment is at hand yet."""
    order.flags.any_part = True
    verdict = judge_point(order, gate_facts(order, Origin.SITE), point)
    order.flags.any_part = False
    return verdict


def part_that_may_pass(order: Order) -> OpenGate | None:
    """The gate that the next part of an order would meet, where the current user may let it pass (K-14).

    Args:
        order: the Order document.

    Returns:
        None where nothing may leave now, the customer agreed, it is let pass already, or the user may not.
    """
    code = GateCode.PART_SHIPMENT_NOT_AGREED
    state, family = OrderState(order.workflow_state), PaymentFamily(order.payment_family)
    if not may_ship(state, family, DeliveryStatus(order.delivery_status)):
        return None
    asked = effect_of(gate_policy(profile_of(order)), code, CheckPoint.SHIP) is Effect.STOP
    if not asked or not may_override(order, code):
        return None
    stops = _judged_with_any_part(order, CheckPoint.SHIP).stops
    return next((gate for gate in stops if gate.code is code), None)


def _granted_already(order: Order, code: GateCode, point: CheckPoint) -> str:
    values = {"order_id": order.name, "gate": code.label, "check_point": point.value}
    return str(frappe.db.get_value("Gate Override", values, order_by="creation desc"))


def _reason(reason: str) -> str:
    if not reason.strip():
        frappe.throw(_("Say why the order may pass. The reason is kept with your name."), StepRefused)
    return reason.strip()


def _due(kind: OverrideKind, due_date: str) -> Any:
    if not due_date:
        if kind.leaves_open:
            frappe.throw(_("Name the day by which the open point is settled."), StepRefused)
        return None
    day = day_of(due_date, _("Settled by"))
    if day < getdate(nowdate()):
        frappe.throw(_("The day by which the open point is settled has passed already."), StepRefused)
    return day


def close_override(name: str, remark: str) -> None:
    """Say that the point which an override left open is settled. Closing twice changes nothing.

    Args:
        name: the Gate Override.
        remark: how it was settled; mandatory.

    Raises:
        StepRefused: no remark.
        frappe.PermissionError: neither an approver's role nor one that frees the gate.
    """
    override = frappe.get_doc("Gate Override", name, for_update=True)
    order = locked_order(override.order_id)
    rule = RULES[GateCode.of_label(override.gate)]
    refuse_without_role(
        {role.value for role in (*rule.overridden_by, *CLOSER_ROLES)}, _("Overrides are closed by: {0}.")
    )
    if OverrideStatus(override.status) is not OverrideStatus.OPEN:
        return
    if not remark.strip():
        frappe.throw(_("Say how the open point was settled."), StepRefused)
    override.status = OverrideStatus.CLOSED.value
    override.closed_by, override.closed_at = frappe.session.user, now_datetime()
    override.closing_remark = remark.strip()
    override.flags.made_by_method = True
    override.flags.ignore_permissions = True  # the roles were asked above
    override.save()
    end_task(override, TaskReason.OVERRIDE_OPEN)
    record_event(order, CLOSE_EVENT, order.workflow_state, order.workflow_state, override.closing_remark)
