"""The check of an order on demand: every rule with pass, warn or block, kept and told (R-074, R-075)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.gates.checks import Result, outcome_of
from order_flow.domain.gates.lifecycle import number_gate
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode, OpenGate, Origin
from order_flow.domain.gates.registry import effect_of
from order_flow.domain.states import ENTRY_STATES, FINAL_STATES, SHIPPED_STATES, OrderState, OrderStep
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.clocks.events import happened
from order_flow.flow.gates.facts import gate_facts
from order_flow.flow.gates.judging import judge_point
from order_flow.flow.lifecycle.planning import can_be_released
from order_flow.flow.notices.sending import check_failed
from order_flow.flow.profiles import gate_policy, profile_of
from order_flow.flow.records.order import locked_order, record_event
from order_flow.flow.refusals import gate_sentence
from order_flow.flow.tasks.giving import end_task

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

CHECK_EVENT = "Check"


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """One rule at one check point."""

    check_point: str
    code: str
    """As ``why`` and ``override_gate`` name the gate."""
    gate: str
    """Its title."""
    result: str
    text: str = ""
    """What is missing and who can free it; empty where the rule passes."""


@dataclass(frozen=True, slots=True)
class Check:
    """The answer for one order."""

    order: str
    outcome: str
    rules: tuple[CheckedRule, ...]

    def as_dict(self) -> dict[str, Any]:
        """For REST and the form."""
        return asdict(self)


def points_ahead(order: Order) -> tuple[CheckPoint, ...]:
    """The check points that an order has not passed yet."""
    state = OrderState(order.workflow_state)
    ahead = {
        CheckPoint.CONFIRM: state in ENTRY_STATES,
        CheckPoint.PLANNING: can_be_released(order),
        CheckPoint.SHIP: state not in SHIPPED_STATES | FINAL_STATES,
        CheckPoint.COMPLETE: state not in FINAL_STATES,
    }
    return tuple(point for point, is_ahead in ahead.items() if is_ahead)


def check(order: Order) -> Check:
    """Ask every active rule of the check points ahead.

    Args:
        order: the Order document.

    Returns:
        One row a rule and check point; the outcome is that of the nearest check point.
    """
    points = points_ahead(order)
    rows = {point: _rules(order, point) for point in points}
    nearest = {Result(row.result) for row in rows[points[0]]} if points else set()
    checked = tuple(row for point in points for row in rows[point])
    return Check(order.name, outcome_of(nearest).value, checked)


def _rules(order: Order, point: CheckPoint) -> list[CheckedRule]:
    policy, facts = gate_policy(profile_of(order)), gate_facts(order, Origin.SITE)
    verdict = judge_point(order, facts, point)
    found: dict[GateCode, tuple[Result, OpenGate]] = {
        **_by_code(verdict.overridden, Result.OVERRIDDEN),
        **_by_code(verdict.warnings, Result.WARN),
        **_by_code(verdict.stops, Result.BLOCK),
    }
    no_number = number_gate(facts, OrderStep.CONFIRM) if point is CheckPoint.CONFIRM else None
    numbers = [_checked(point, no_number.code, Result.BLOCK, gate_sentence(no_number))] if no_number else []
    return numbers + [
        _checked(point, code, found[code][0], gate_sentence(found[code][1]))
        if code in found
        else _checked(point, code, Result.PASS)
        for code in policy
        if effect_of(policy, code, point) is not Effect.OFF
    ]


def _checked(point: CheckPoint, code: GateCode, result: Result, text: str = "") -> CheckedRule:
    return CheckedRule(point.value, code.value, code.label, result.value, text)


def _by_code(gates: Iterable[OpenGate], result: Result) -> dict[GateCode, tuple[Result, OpenGate]]:
    return {gate.code: (result, gate) for gate in gates}


def stopping(checked: Check) -> list[GateCode]:
    """The gates that stop the confirmation, of a check."""
    return [
        GateCode(row.code)
        for row in checked.rules
        if Result(row.result) is Result.BLOCK and row.check_point == CheckPoint.CONFIRM.value
    ]


def check_order(name: str) -> Check:
    """Check an order and keep the result on it, failed rules with their texts in the event (R-075).

    Args:
        name: the order.

    Returns:
        The check.
    """
    order = locked_order(name)
    result = check(order)
    # Past the document: no rule depends on it, and nobody's open form goes stale.
    values = {"data_check": result.outcome, "data_checked_at": now_datetime()}
    frappe.db.set_value("Order", name, values, update_modified=False)
    failed = [f"{_(row.gate)}: {row.text}" for row in result.rules if row.text]
    remark = "\n".join([_(result.outcome), *dict.fromkeys(failed)])
    record_event(order, CHECK_EVENT, order.workflow_state, order.workflow_state, remark)
    happened(ClockEvent.ORDER_CHECKED, name, profile=profile_of(order).name)
    if OrderState(order.workflow_state) in ENTRY_STATES:
        check_failed(order, stopping(result))
        if not stopping(result):
            end_task(order, TaskReason.ENTRY_REFUSED)
    return result
