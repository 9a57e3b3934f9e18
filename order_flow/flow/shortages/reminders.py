"""Says that goods are short where the gate could not: somebody else took the last pieces meanwhile (R-061).

The gate looks at stock as it was when the transaction began. Claiming it is the moment of truth: whoever gets
less than his order wants is told then what the gate would have said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from order_flow.domain.amounts import ZERO
from order_flow.domain.gates.model import CheckPoint, GateCode, Origin
from order_flow.domain.gates.registry import policy_verdict
from order_flow.domain.gates.stock import StockFacts
from order_flow.domain.goods.allocation import Allocation, AllocationReason
from order_flow.domain.states import OrderStep
from order_flow.flow.gates.facts import gate_facts
from order_flow.flow.gates.judging import pass_or_refuse
from order_flow.flow.gates.overrides import overrides_at
from order_flow.flow.profiles import gate_policy, profile_of
from order_flow.flow.records.order import record_event, taken_gate_remark

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

SHORTAGE_EVENT = "Goods Short"


def tell_of_lost_goods(order: Order, claims: Sequence[Allocation]) -> None:
    """Remind of what a confirmation did not get, or take it back where the company stops at short stock.

    Args:
        order: the Order document in the save of its confirmation; the gate was asked before.
        claims: what its lines got.

    Raises:
        StepRefused: the company's policy stops at short stock.
    """
    kept = [claim for claim in claims if claim.reason is not AllocationReason.NOT_KEPT]
    if not any(claim.short > ZERO for claim in kept):
        return
    code = GateCode.STOCK_NOT_AVAILABLE
    policy = {known: effects for known, effects in gate_policy(profile_of(order)).items() if known is code}
    if not policy or code in (order.flags.gates_told or ()):
        return
    wanted: dict[str, Decimal] = {}
    got: dict[str, Decimal] = {}
    for claim in kept:
        wanted[claim.product] = wanted.get(claim.product, ZERO) + claim.wanted
        got[claim.product] = got.get(claim.product, ZERO) + claim.wanted - claim.short
    facts = replace(
        gate_facts(order, Origin.SITE),
        stock=StockFacts(wanted, got),
        overrides=overrides_at(order.name, CheckPoint.CONFIRM),
    )
    pass_or_refuse(order, OrderStep.CONFIRM, policy_verdict(facts, CheckPoint.CONFIRM, policy))
    if words := taken_gate_remark(order):
        record_event(order, SHORTAGE_EVENT, order.workflow_state, order.workflow_state, words)
