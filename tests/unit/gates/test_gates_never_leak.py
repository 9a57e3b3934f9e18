"""A gate that is open and stops never lets a step through, whatever the order of events (issue 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from order_flow.domain.gates.evidence import EvidenceKind
from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode
from order_flow.domain.gates.registry import RULES, groups_needed, policy_verdict
from order_flow.domain.gates.review import ReviewFacts
from order_flow.domain.orders.classes import Urgency
from order_flow.domain.reviews.model import ReviewStatus
from order_flow.domain.states import OrderState
from tests.unit.gates.gate_samples import CLEAR, LINE, TODAY

CHANGES_OF_DATA: dict[str, tuple[Any, ...]] = {
    "customer_name": ("", "珠海样例商行"),
    "mobile": ("", "none", "13800000000"),
    "framework_customer": (True, False),
    "contract_number": ("", "K-1"),
    "promised_on": (None, TODAY, TODAY + timedelta(days=60)),
    "availability_confirmed": (True, False),
    "special_request_open": (True, False),
    "discount": (Decimal(0), Decimal(5), Decimal(50)),
    "discount_reason": ("", "fair"),
    "urgency": tuple(Urgency),
    "urgent_approved": (True, False),
    "urgent_handler": ("", "somebody"),
    "drawings_confirmed": (True, False),
    "wishes_expected_on": (None, TODAY),
}
CHANGES_OF_LINE: dict[str, tuple[Any, ...]] = {
    "quantity": (Decimal(1), Decimal(50), Decimal(100)),
    "unit_price": (Decimal("9.90"), Decimal(9)),
    "agreed_price": (Decimal(0), Decimal(9)),
    "drawing_number": ("", "DWG-1"),
    "quotation_accepted": (True, False),
    "customer_product_code": ("", "C-77"),
    "packing": ("", "carton"),
}
EVENTS = st.one_of(
    st.sampled_from([("data", name, value) for name, values in CHANGES_OF_DATA.items() for value in values]),
    st.sampled_from([("line", name, value) for name, values in CHANGES_OF_LINE.items() for value in values]),
)
POINTS = st.sampled_from(list(CheckPoint))


class OrderUnderAnyPolicy(RuleBasedStateMachine):
    """Facts, policy and overrides change in any order; every moment somebody may try every check point."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: GateFacts = CLEAR
        self.policy: dict[GateCode, dict[CheckPoint, Effect]] = {}
        self.granted: dict[CheckPoint, set[tuple[GateCode, str]]] = {point: set() for point in CheckPoint}

    @initialize(effects=st.lists(st.sampled_from(list(Effect)), min_size=len(RULES), max_size=len(RULES)))
    def choose_policy(self, effects: list[Effect]) -> None:
        """Any company."""
        for code, effect in zip(RULES, effects, strict=True):
            self.policy[code] = dict.fromkeys(CheckPoint, effect)

    @rule(code=st.sampled_from(list(RULES)), point=POINTS, effect=st.sampled_from(list(Effect)))
    def change_policy(self, code: GateCode, point: CheckPoint, effect: Effect) -> None:
        """An administrator changes his mind."""
        self.policy[code][point] = effect

    @rule(event=EVENTS)
    def change_order(self, event: tuple[str, str, Any]) -> None:
        """Somebody edits the order, or its masters."""
        where, name, value = event
        data = self.facts.data
        if where == "line":
            data = replace(data, lines=tuple(replace(line, **{name: value}) for line in data.lines))
        else:
            data = replace(data, **{name: value})
        self.facts = replace(self.facts, data=data)

    @rule(drawn=st.booleans())
    def add_or_remove_a_line(self, drawn: bool) -> None:
        """Orders grow and shrink."""
        lines = (LINE, replace(LINE, number=2, drawing_number="" if drawn else "DWG-2"))
        self.facts = replace(self.facts, data=replace(self.facts.data, lines=lines[: 1 + drawn]))

    @rule(given=st.sets(st.sampled_from(list(EvidenceKind)), max_size=3))
    def evidence_comes_and_goes(self, given: set[EvidenceKind]) -> None:
        """Recorded, or outdated by a change."""
        self.facts = replace(self.facts, evidence=replace(self.facts.evidence, given=frozenset(given)))

    @rule(
        state=st.sampled_from([OrderState.UNCONFIRMED, OrderState.UNDER_REVIEW, OrderState.CONFIRMED]),
        status=st.sampled_from([None, *ReviewStatus]),
        paid=st.sampled_from([Decimal(0), Decimal(990), Decimal(1000)]),
    )
    def life_goes_on(self, state: OrderState, status: ReviewStatus | None, paid: Decimal) -> None:
        """State, review and money move."""
        self.facts = replace(self.facts, state=state, review=ReviewFacts(status=status), paid=paid)

    @rule(point=POINTS)
    def override_what_stops(self, point: CheckPoint) -> None:
        """Everybody who may lets pass what is open now."""
        self.granted[point] |= {(gate.code, gate.subject) for gate in self._verdict(point).stops}

    def _verdict(self, point: CheckPoint) -> Any:
        facts = replace(self.facts, overrides=frozenset(self.granted[point]))
        return policy_verdict(facts, point, self.policy)

    @invariant()
    def nothing_open_is_let_through(self) -> None:
        """Judged gate by gate, without the policy engine: who stops, stops."""
        for point in CheckPoint:
            verdict = self._verdict(point)
            stopping = {gate.code for gate in verdict.stops}
            for code, gate_rule in RULES.items():
                found = gate_rule.gate(self.facts, point)
                asked = point in gate_rule.points and self.policy.get(code, {}).get(point) is Effect.STOP
                excused = (
                    found is not None
                    and bool(gate_rule.overridden_by)
                    and (code, found.subject) in self.granted[point]
                )
                assert (code in stopping) == (found is not None and asked and not excused)
                if asked:
                    assert gate_rule.group in groups_needed(self.policy, point)


OrderUnderAnyPolicy.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestOrderUnderAnyPolicy = OrderUnderAnyPolicy.TestCase
