"""Applies the gates to an order: the lifecycle's, and those that its company's policy switches on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import frappe
from frappe import _

from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.lifecycle import dispatch_gates, open_gates, planning_gates
from order_flow.domain.gates.model import CheckPoint, Origin, check_point_of
from order_flow.domain.gates.registry import CLEAR, Verdict, groups_needed, policy_verdict
from order_flow.domain.states import OrderStep, OrderTransition
from order_flow.flow.gates.facts import gate_facts, with_groups
from order_flow.flow.gates.overrides import overrides_at
from order_flow.flow.profiles import gate_policy, profile_of
from order_flow.flow.refusals import gate_sentence, refuse_gates

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

REFUSAL_JOB = "order_flow.flow.lifecycle.refused_orders.tell_of_refusal"


def judge_step(order: Order, transition: OrderTransition, origin: Origin) -> Verdict:
    """Return what the gates say about a step.

    Args:
        order: the Order document.
        transition: the step with the state it starts from.
        origin: which side takes it.

    Returns:
        Every open gate.
    """
    facts = gate_facts(order, origin, state=transition.source)
    verdict = Verdict(stops=open_gates(facts, transition.step))
    point = check_point_of(transition.step, transition.target)
    return verdict if point is None else verdict + judge_point(order, facts, point)


def is_decided(order: Order, transition: OrderTransition, origin: Origin) -> bool:
    """Tell whether facts alone let an order take a step now.

    Args:
        order: the Order document.
        transition: the step with the state it starts from.
        origin: which side takes it.

    Returns:
        False at the first gate that stops; the company's policy is asked only where the lifecycle is clear.
    """
    facts = gate_facts(order, origin, state=transition.source)
    if open_gates(facts, transition.step):
        return False
    point = check_point_of(transition.step, transition.target)
    return point is None or not judge_point(order, facts, point).stops


def judge_dispatch(order: Order, origin: Origin) -> Verdict:
    """Return what the gates say about goods that are to leave, a part of the order perhaps."""
    facts = gate_facts(order, origin)
    return Verdict(stops=dispatch_gates(facts)) + judge_point(order, facts, CheckPoint.SHIP)


def judge_planning(order: Order) -> Verdict:
    """Return what the gates say about releasing an order to planning (R-153)."""
    facts = gate_facts(order, Origin.SITE)
    return Verdict(stops=planning_gates(facts)) + judge_point(order, facts, CheckPoint.PLANNING)


def judge_point(order: Order, facts: GateFacts, point: CheckPoint) -> Verdict:
    """Return what the company's policy says at a check point.

    Args:
        order: the Order document.
        facts: its own facts.
        point: where it is.

    Returns:
        Every open gate of the policy. No statement where no gate is active; otherwise one for each group of
        facts that an active gate looks at, and one for overrides where a gate stops that could have any.
    """
    profile = profile_of(order)
    policy = gate_policy(profile)
    groups = groups_needed(policy, point)
    if not groups:
        return CLEAR
    facts = with_groups(facts, order, profile, groups)
    verdict = policy_verdict(facts, point, policy)
    if any(gate.can_be_overridden_by for gate in verdict.stops) and (
        overrides := overrides_at(order.name, point)
    ):
        return policy_verdict(replace(facts, overrides=overrides), point, policy)
    return verdict


def pass_or_refuse(order: Order, step: OrderStep | CheckPoint, verdict: Verdict) -> None:
    """Refuse a step with every gate that stops it; say what only warns, and keep it for the event.

    Args:
        order: the Order document.
        step: what is done.
        verdict: what the gates say.

    Raises:
        StepRefused: at least one gate stops.
    """
    if verdict.stops:
        if step is OrderStep.CONFIRM and not order.flags.by_system:
            _tell_after_rollback(order.name)
        refuse_gates(order.name, step, verdict.stops)
    texts = [_("Warning: {0}").format(gate_sentence(gate)) for gate in verdict.warnings]
    if texts and not order.flags.by_system:
        frappe.msgprint("<br>".join(texts), title=_("Done, but Look at This"), indicator="orange")
    texts += [_("Overridden: {0}").format(gate_sentence(gate)) for gate in verdict.overridden]
    order.flags.gate_remark = " ".join(texts)
    order.flags.gates_told = frozenset(gate.code for gate in (*verdict.warnings, *verdict.overridden))


def _tell_after_rollback(name: str) -> None:
    """Have a refused confirmation told once its transaction has been taken back (R-064)."""
    job_id = f"order_flow:refused:{name}"
    frappe.db.after_rollback.add(
        lambda: frappe.enqueue(REFUSAL_JOB, queue="short", job_id=job_id, deduplicate=True, name=name)
    )
