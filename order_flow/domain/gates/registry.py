"""The table of policy gates, and how a policy is applied to an order at a check point.

Blocked steps are answered with every open gate at once, never with the first one only. A new rule of a
company is one function with its row in a module of this package, switched by its Flow Profile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from order_flow.domain.gates import (
    data,
    evidence,
    lifecycle,
    money,
    parts,
    products,
    review,
    stock,
    terms,
    warehouse,
)
from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.model import CheckPoint, Effect, FactGroup, GateCode, GateRule, OpenGate, Policy
from order_flow.domain.states import ENTRY_STATES

RULES: dict[GateCode, GateRule] = {
    rule.code: rule
    for module in (lifecycle, data, terms, products, evidence, money, review, stock, parts, warehouse)
    for rule in module.RULES
}
"""Every gate that a policy can switch."""
ABOUT_MONEY: frozenset[GateCode] = frozenset(
    {code for code, rule in RULES.items() if rule.group is FactGroup.MONEY}
    | {
        GateCode.MONEY_OUTSTANDING,
        GateCode.DIFFERS_FROM_AGREEMENT,
        GateCode.PRICE_NOT_AGREED,
        GateCode.AGAINST_SALES_POLICY,
        GateCode.DISCOUNT_NOT_APPROVED,
        GateCode.PAYMENT_DIFFERS,
    }
)
"""Gates whose sentences name prices or sums; who may not see those is told the gate's name only."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check point says about an order."""

    stops: tuple[OpenGate, ...] = ()
    warnings: tuple[OpenGate, ...] = ()
    overridden: tuple[OpenGate, ...] = ()

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.stops + other.stops, self.warnings + other.warnings, self.overridden + other.overridden
        )


CLEAR = Verdict()


def effect_of(policy: Policy, code: GateCode, point: CheckPoint) -> Effect:
    """What a gate does at a check point; off where the policy does not name it, or asking is senseless."""
    if point not in RULES[code].points:
        return Effect.OFF
    return policy.get(code, {}).get(point, Effect.OFF)


def groups_needed(policy: Policy, point: CheckPoint) -> frozenset[FactGroup]:
    """The groups of facts that the active gates of a check point look at.

    Args:
        policy: the company's policy.
        point: where the order is.

    Returns:
        Empty where no gate is active.
    """
    active = [RULES[code] for code in policy if effect_of(policy, code, point) is not Effect.OFF]
    return frozenset(group for rule in active for group in (rule.group, *rule.also))


def policy_verdict(facts: GateFacts, point: CheckPoint, policy: Policy) -> Verdict:
    """Ask every active gate of a check point.

    Args:
        facts: what the order looks like, with the groups that ``groups_needed`` names and the overrides of
            this check point.
        point: where the order is.
        policy: the company's policy.

    Returns:
        Every open gate: what stops, what only warns, and what would stop but for an override (K-14).
    """
    stops, warnings, overridden = [], [], []
    for code in policy:
        effect, rule = effect_of(policy, code, point), RULES[code]
        if effect is Effect.OFF or (gate := rule.gate(facts, point)) is None:
            continue
        gate = replace(
            gate,
            effect=effect,
            can_be_overridden_by=rule.overridden_by,
            by_change=rule.in_content and facts.state not in ENTRY_STATES,
        )
        if effect is Effect.WARN:
            warnings.append(gate)
        elif rule.overridden_by and (code, gate.subject) in facts.overrides:
            overridden.append(gate)
        else:
            stops.append(gate)
    return Verdict(tuple(stops), tuple(warnings), tuple(overridden))
