"""Every gate of the policies alone: open, closed, overridden, and by whom not (R-055..R-075, K-14)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from order_flow.domain.gates.data import SalesTerms
from order_flow.domain.gates.evidence import PROVES_NO_ORDER, EvidenceFacts, EvidenceKind
from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode, check_point_of
from order_flow.domain.gates.parts import Line, PartFacts
from order_flow.domain.gates.registry import RULES, effect_of, groups_needed, policy_verdict
from order_flow.domain.gates.stock import StockFacts
from order_flow.domain.gates.warehouse import Inspection, LeavingShipment, WarehouseFacts
from order_flow.domain.goods.packing import Tolerance
from order_flow.domain.orders.classes import Urgency
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily, Role
from tests.unit.gates.gate_samples import (
    CLEAR,
    DATA,
    EVERYTHING_STOPS,
    EVIDENCE,
    LINE,
    TODAY,
    with_data,
    with_line,
)

_KIND = EvidenceKind
_CODE = GateCode
SHORT = StockFacts({"CUP-1": Decimal(100)}, {"CUP-1": Decimal("99.5")})


def staying(quantity: str, *, agreed: str = "0", in_parts: bool = False) -> GateFacts:
    """Ten pieces are open; so many stay behind when the rest leaves."""
    line = Line("L-1", "CUP-1", Decimal(10), Decimal(quantity), Decimal(agreed))
    return replace(CLEAR, parts=PartFacts((line,), in_parts))


def at_the_door(
    weighed: str = "1", computed: str | None = "1", inspection: Inspection = Inspection.PASSED
) -> GateFacts:
    """A shipment on the scales, five percent and 0.3 kg allowed."""
    shipment = LeavingShipment("S-1", Decimal(weighed), Decimal(computed) if computed else None, inspection)
    tolerance = Tolerance(Decimal(5), Decimal("0.3"))
    return replace(CLEAR, warehouse=WarehouseFacts((shipment,), tolerance))


UNPROVEN = replace(CLEAR, evidence=replace(EVIDENCE, given=frozenset()))

OPEN: list[tuple[GateCode, GateFacts, str]] = [
    (_CODE.ORDER_UNCONFIRMED, replace(CLEAR, state=OrderState.UNCONFIRMED), "R-002, R-153"),
    (_CODE.ORDER_UNCONFIRMED, replace(CLEAR, state=OrderState.UNDER_REVIEW), "R-153"),
    (_CODE.CUSTOMER_DATA_INCOMPLETE, with_data(customer_name=" "), "R-055"),
    (_CODE.CUSTOMER_DATA_INCOMPLETE, with_data(contact_person=""), "R-055"),
    (_CODE.CUSTOMER_DATA_INCOMPLETE, with_data(mobile=""), "R-055"),
    (_CODE.CUSTOMER_DATA_INCOMPLETE, with_data(mobile="unknown"), "R-055: cannot be true"),
    (_CODE.CUSTOMER_DATA_INCOMPLETE, with_data(address=("广东省", "", "情侣中路1号")), "R-055"),
    (_CODE.CONTRACT_NUMBER_MISSING, with_data(framework_customer=True), "R-047"),
    (_CODE.OPEN_POINTS, with_data(promised_on=None), "R-002: delivery date"),
    (_CODE.OPEN_POINTS, with_data(availability_confirmed=False), "R-002: availability"),
    (_CODE.OPEN_POINTS, with_data(special_request_open=True), "R-002: special request"),
    (_CODE.URGENT_NOT_APPROVED, with_data(urgency=Urgency.URGENT, urgent_handler="a"), "R-404"),
    (_CODE.URGENT_NOT_APPROVED, with_data(urgency=Urgency.URGENT, urgent_approved=True), "R-406"),
    (_CODE.DRAWINGS_NOT_CONFIRMED, with_data(drawings_confirmed=False), "R-091"),
    (_CODE.DIFFERS_FROM_AGREEMENT, with_line(agreed_quantity=Decimal(99)), "R-056"),
    (_CODE.DIFFERS_FROM_AGREEMENT, with_line(agreed_price=Decimal("9.80")), "R-056"),
    (_CODE.DIFFERS_FROM_AGREEMENT, with_line(agreed_specification="blue"), "R-056, R-059"),
    (_CODE.PRICE_NOT_AGREED, with_line(unit_price=Decimal("9.89")), "R-057: a cent less"),
    (_CODE.PRICE_NOT_AGREED, with_line(unit_price=Decimal("9.91")), "R-057: a cent more"),
    (_CODE.PRICE_NOT_AGREED, with_line(known_prices=()), "R-057: no price known"),
    (_CODE.AGAINST_SALES_POLICY, with_data(sales_policy=(SalesTerms(trade="Foreign"),)), "R-058"),
    (_CODE.DISCOUNT_NOT_APPROVED, with_data(discount=Decimal("0.10")), "R-390: 0.01 %"),
    (_CODE.DISCOUNT_NOT_APPROVED, with_line(discount=Decimal(99)), "R-390: on a line"),
    (_CODE.PAYMENT_DIFFERS, replace(CLEAR, paid=Decimal("989.99")), "R-060: under"),
    (_CODE.PAYMENT_DIFFERS, replace(CLEAR, paid=Decimal("990.01")), "R-060: over"),
    (_CODE.STOCK_NOT_AVAILABLE, replace(CLEAR, stock=SHORT), "R-061"),
    (_CODE.PART_SHIPMENT_NOT_AGREED, staying("6"), "R-186: nobody asked"),
    (_CODE.PART_SHIPMENT_NOT_AGREED, staying("6", agreed="5"), "R-186: more than was agreed"),
    (_CODE.WEIGHT_DIFFERS, at_the_door("1.31"), "R-277: too heavy"),
    (_CODE.WEIGHT_DIFFERS, at_the_door("0"), "R-277: not weighed"),
    (_CODE.NOT_INSPECTED, at_the_door(inspection=Inspection.NONE), "R-279"),
    (_CODE.NOT_INSPECTED, at_the_door(inspection=Inspection.FAILED), "R-279"),
    (_CODE.INSPECTION_FAILED, at_the_door(inspection=Inspection.FAILED), "R-279"),
    (_CODE.BELOW_MINIMUM_QUANTITY, with_line(quantity=Decimal("49.9999")), "R-005, R-067"),
    (_CODE.DATE_TOO_EARLY, with_data(promised_on=TODAY + timedelta(days=9)), "R-067"),
    (_CODE.DATE_TOO_EARLY, with_line(requested_on=None, promised_on=TODAY), "R-067"),
    (_CODE.NEW_PRODUCT_NOT_ACCEPTED, with_line(drawing_number=""), "R-070"),
    (
        _CODE.NEW_PRODUCT_NOT_ACCEPTED,
        with_line(drawing_number="", quotation_accepted=True, quotation_valid_until=date(2026, 11, 24)),
        "R-070: quotation expired",
    ),
    (
        _CODE.NEW_AND_EXISTING_PRODUCTS,
        with_data(lines=(LINE, replace(LINE, number=2, drawing_number=""))),
        "R-071",
    ),
    (_CODE.DRAWING_MISSING, with_line(drawing_number="", quotation_accepted=True), "R-068"),
    (_CODE.LINE_DATA_INCOMPLETE, with_line(customer_product_code=" "), "R-068"),
    (_CODE.WISHES_OPEN, with_line(packing=""), "R-068"),
    (_CODE.WISHES_OPEN, with_line(label=""), "R-068"),
    (_CODE.WISHES_OPEN, with_data(transport_mode=""), "R-068"),
    (_CODE.CONFIRMATION_NOT_PROVEN, UNPROVEN, "R-003, R-110"),
]

CLOSED: list[tuple[GateCode, GateFacts, str]] = [
    (_CODE.PART_SHIPMENT_NOT_AGREED, staying("0"), "R-294: all that is open leaves"),
    (_CODE.PART_SHIPMENT_NOT_AGREED, staying("6", agreed="6"), "R-186, R-260: agreed for the shortage"),
    (_CODE.PART_SHIPMENT_NOT_AGREED, staying("6", in_parts=True), "R-294: agreed for the order"),
    (_CODE.WEIGHT_DIFFERS, at_the_door("1.3"), "R-277: within the packing"),
    (_CODE.WEIGHT_DIFFERS, at_the_door("9", None), "R-277: nothing to compare with"),
    (_CODE.NOT_INSPECTED, at_the_door(), "R-279"),
    (_CODE.INSPECTION_FAILED, at_the_door(), "R-279"),
    (_CODE.INSPECTION_FAILED, at_the_door(inspection=Inspection.NONE), "R-279: nobody has looked yet"),
    (_CODE.ORDER_UNCONFIRMED, CLEAR, "R-153"),
    (_CODE.CUSTOMER_DATA_INCOMPLETE, with_data(mobile="", phone="0756-8888 8888"), "R-055: one number"),
    (_CODE.CONTRACT_NUMBER_MISSING, with_data(framework_customer=True, contract_number="K-1"), "R-047"),
    (_CODE.OPEN_POINTS, with_data(promised_on=None, lines=(replace(LINE, promised_on=TODAY),)), "R-002"),
    (
        _CODE.URGENT_NOT_APPROVED,
        with_data(urgency=Urgency.URGENT, urgent_approved=True, urgent_handler="a"),
        "R-404, R-406",
    ),
    (_CODE.URGENT_NOT_APPROVED, with_data(urgency=Urgency.EXPEDITED), "K-12: not the same"),
    (_CODE.PRICE_NOT_AGREED, with_line(is_gift=True, unit_price=Decimal(0)), "R-057: gift"),
    (_CODE.PRICE_NOT_AGREED, with_line(known_prices=(Decimal(8), Decimal("9.90"))), "R-057: either"),
    (
        _CODE.PRICE_NOT_AGREED,
        with_data(price_tolerance=Decimal(1), lines=(replace(LINE, unit_price=Decimal("9.801")),)),
        "R-057: tolerance as configured",
    ),
    (_CODE.AGAINST_SALES_POLICY, CLEAR, "R-058: no rows"),
    (
        _CODE.AGAINST_SALES_POLICY,
        with_data(sales_policy=(SalesTerms(trade="Foreign"), SalesTerms("Domestic", "Bank Transfer"))),
        "R-058: one row is enough",
    ),
    (_CODE.DISCOUNT_NOT_APPROVED, with_data(discount=Decimal("49.5"), discount_limit=Decimal(5)), "R-390"),
    (
        _CODE.PAYMENT_DIFFERS,
        replace(CLEAR, family=PaymentFamily.PAY_LATER, paid=Decimal(0)),
        "R-060: prepaid only",
    ),
    (_CODE.BELOW_MINIMUM_QUANTITY, with_line(quantity=Decimal(50)), "R-005, R-067: exactly"),
    (_CODE.DATE_TOO_EARLY, with_data(promised_on=TODAY + timedelta(days=10)), "R-067: exactly"),
    (_CODE.DATE_TOO_EARLY, with_data(promised_on=None), "R-067: no date, no clash"),
    (
        _CODE.NEW_PRODUCT_NOT_ACCEPTED,
        with_line(drawing_number="", quotation_accepted=True, quotation_valid_until=TODAY),
        "R-070: valid today",
    ),
    (_CODE.NEW_AND_EXISTING_PRODUCTS, with_line(drawing_number=""), "R-071: all new"),
    (
        _CODE.WISHES_OPEN,
        with_data(lines=(replace(LINE, packing="", label=""),), packing="carton", label="neutral"),
        "R-068: said for the whole order",
    ),
    (
        _CODE.WISHES_OPEN,
        with_data(lines=(replace(LINE, packing=""),), wishes_expected_on=TODAY),
        "R-069: the day is known",
    ),
    (_CODE.CONFIRMATION_NOT_PROVEN, replace(CLEAR, evidence=EvidenceFacts()), "K-15: none demanded"),
]


def open_codes(facts: GateFacts) -> set[GateCode]:
    """Gates that stop anywhere when everything is asked."""
    return {
        gate.code for point in CheckPoint for gate in policy_verdict(facts, point, EVERYTHING_STOPS).stops
    }


@pytest.mark.parametrize("point", list(CheckPoint))
def test_a_clear_order_passes_every_check_point(point: CheckPoint) -> None:
    """R-074: nothing missing, nothing said."""
    verdict = policy_verdict(CLEAR, point, EVERYTHING_STOPS)
    assert (verdict.stops, verdict.warnings, verdict.overridden) == ((), (), ())


@pytest.mark.parametrize(("code", "facts", "_row"), OPEN)
def test_the_gate_is_open(code: GateCode, facts: GateFacts, _row: str) -> None:
    """R-055..R-091: each gate stops on its own facts, says why, and who can free it."""
    gate = next(
        gate
        for point in CheckPoint
        for gate in policy_verdict(facts, point, EVERYTHING_STOPS).stops
        if gate.code is code
    )
    assert gate.freed_by
    assert gate.template.format(**gate.params)


@pytest.mark.parametrize(("code", "facts", "_row"), CLOSED)
def test_the_gate_is_closed(code: GateCode, facts: GateFacts, _row: str) -> None:
    """R-055..R-091: each gate lets pass what it should."""
    assert code not in open_codes(facts)


def test_every_gate_of_this_table_is_tested_both_ways() -> None:
    """No gate without an open case; the clear order is the closed one of all."""
    from order_flow.domain.gates import data, evidence, lifecycle, parts, products, stock, terms, warehouse

    own = {
        rule.code
        for module in (data, evidence, lifecycle, parts, products, stock, terms, warehouse)
        for rule in module.RULES
    }
    assert own == {code for code, _facts, _row in OPEN}


@pytest.mark.parametrize(("code", "facts", "_row"), OPEN)
def test_an_override_lets_pass_what_was_open_and_nothing_else(
    code: GateCode, facts: GateFacts, _row: str
) -> None:
    """K-14: by the roles of the table only; where nobody may, an override changes nothing."""
    for point in CheckPoint:
        for gate in policy_verdict(facts, point, EVERYTHING_STOPS).stops:
            if gate.code is not code:
                continue
            passed = replace(facts, overrides=frozenset({(code, gate.subject)}))
            other = replace(facts, overrides=frozenset({(code, f"{gate.subject} once")}))
            allowed = bool(RULES[code].overridden_by)
            assert gate.can_be_overridden_by == RULES[code].overridden_by
            assert (code in codes_of(passed, point)) == (not allowed)
            assert code in codes_of(other, point)


def codes_of(facts: GateFacts, point: CheckPoint) -> set[GateCode]:
    """Gates that stop at one check point."""
    return {gate.code for gate in policy_verdict(facts, point, EVERYTHING_STOPS).stops}


def test_an_approved_discount_does_not_grow() -> None:
    """R-390: what was approved at 5 % is no approval of 10 %."""
    facts = with_data(discount=Decimal("49.50"), discount_reason="fair")
    (gate,) = policy_verdict(facts, CheckPoint.CONFIRM, EVERYTHING_STOPS).stops
    granted = frozenset({(gate.code, gate.subject)})
    assert codes_of(replace(facts, overrides=granted), CheckPoint.CONFIRM) == set()
    more = replace(with_data(discount=Decimal(99), discount_reason="fair"), overrides=granted)
    assert codes_of(more, CheckPoint.CONFIRM) == {GateCode.DISCOUNT_NOT_APPROVED}


@pytest.mark.parametrize(
    ("given", "proven"),
    [
        ({_KIND.WRITTEN_CONFIRMATION}, True),
        ({_KIND.VERBAL_ORDER_RECORD}, False),
        ({_KIND.CUSTOMER_ACKNOWLEDGEMENT}, False),
        ({_KIND.VERBAL_ORDER_RECORD, _KIND.CUSTOMER_ACKNOWLEDGEMENT}, True),
        (set(), False),
    ],
)
def test_kinds_of_one_set_are_needed_together(given: set[EvidenceKind], proven: bool) -> None:
    """R-111, K-15: a verbal order counts when it is acknowledged; one complete set is enough."""
    sets = (
        frozenset({_KIND.WRITTEN_CONFIRMATION}),
        frozenset({_KIND.VERBAL_ORDER_RECORD, _KIND.CUSTOMER_ACKNOWLEDGEMENT}),
    )
    facts = replace(CLEAR, evidence=EvidenceFacts(sets=sets, given=frozenset(given)))
    assert (GateCode.CONFIRMATION_NOT_PROVEN not in open_codes(facts)) == proven


def test_outdated_evidence_is_named() -> None:
    """R-003: who confirmed other quantities has not confirmed these."""
    outdated = frozenset({_KIND.WRITTEN_CONFIRMATION})
    facts = replace(UNPROVEN, evidence=replace(UNPROVEN.evidence, outdated=outdated))
    (gate,) = policy_verdict(facts, CheckPoint.CONFIRM, EVERYTHING_STOPS).stops
    assert "before products, quantities or prices changed" in gate.template
    assert gate.params["outdated"] == ("Written Confirmation",)


def test_a_warning_does_not_stop() -> None:
    """R-075: warn lets pass and says it."""
    policy = {GateCode.PRICE_NOT_AGREED: {CheckPoint.CONFIRM: Effect.WARN}}
    verdict = policy_verdict(with_line(known_prices=()), CheckPoint.CONFIRM, policy)
    assert verdict.stops == ()
    assert [gate.code for gate in verdict.warnings] == [GateCode.PRICE_NOT_AGREED]


def test_what_a_policy_does_not_name_is_off() -> None:
    """V1.0 as it stands: an empty policy asks nothing and needs no facts."""
    for point in CheckPoint:
        assert groups_needed({}, point) == frozenset()
        assert policy_verdict(UNPROVEN, point, {}).stops == ()


def test_a_gate_is_asked_only_where_asking_makes_sense() -> None:
    """A policy cannot make completion wait for drawings."""
    assert effect_of(EVERYTHING_STOPS, GateCode.DRAWING_MISSING, CheckPoint.COMPLETE) is Effect.OFF
    assert effect_of(EVERYTHING_STOPS, GateCode.DRAWING_MISSING, CheckPoint.PLANNING) is Effect.STOP


@pytest.mark.parametrize("code", list(RULES))
def test_labels_and_codes_are_one_name(code: GateCode) -> None:
    """The policy's table names a gate by its label."""
    assert GateCode.of_label(code.label) is code


@pytest.mark.parametrize(
    ("step", "target", "point"),
    [
        (OrderStep.CONFIRM, OrderState.CONFIRMED, CheckPoint.CONFIRM),
        (OrderStep.SHIP, OrderState.SHIPPED, CheckPoint.SHIP),
        (OrderStep.CONFIRM_RECEIPT, OrderState.COMPLETED, CheckPoint.COMPLETE),
        (OrderStep.CONFIRM_PAYMENT, OrderState.COMPLETED, CheckPoint.COMPLETE),
        (OrderStep.CONFIRM_PAYMENT, OrderState.PAID, None),
        (OrderStep.CONFIRM_RECEIPT, OrderState.RECEIVED, None),
        (OrderStep.CANCEL, OrderState.VOIDED, None),
    ],
)
def test_check_points_lie_on_steps(step: OrderStep, target: OrderState, point: CheckPoint | None) -> None:
    """Completing is not one step only."""
    assert check_point_of(step, target) is point


def test_nobody_is_given_more_than_a_manager_may() -> None:
    """R-388: whoever enters orders overrides nothing."""
    entering = {Role.ORDER_DESK, Role.SALES, Role.FIELD_REP, Role.INTEGRATION}
    assert all(entering.isdisjoint(rule.overridden_by) for rule in RULES.values())


def test_all_open_gates_are_named_at_once() -> None:
    """Nobody runs from gate to gate (design 1)."""
    facts = replace(
        with_data(customer_name="", discount=Decimal(99), lines=(replace(LINE, known_prices=()),)),
        evidence=UNPROVEN.evidence,
    )
    assert codes_of(facts, CheckPoint.CONFIRM) == {
        GateCode.CUSTOMER_DATA_INCOMPLETE,
        GateCode.DISCOUNT_NOT_APPROVED,
        GateCode.PRICE_NOT_AGREED,
        GateCode.CONFIRMATION_NOT_PROVEN,
    }
    assert DATA.lines == (LINE,)


def test_an_override_of_a_part_is_for_the_next_part_only() -> None:
    """R-186, K-14: which goods the part takes does not matter, what has left since does."""
    policy = {_CODE.PART_SHIPMENT_NOT_AGREED: {CheckPoint.SHIP: Effect.STOP}}

    def subject(facts: GateFacts) -> str:
        (gate,) = policy_verdict(facts, CheckPoint.SHIP, policy).stops
        return gate.subject

    assert subject(staying("10")) == subject(staying("6"))
    later = replace(CLEAR, parts=PartFacts((Line("L-1", "CUP-1", Decimal(6), Decimal(3)),)))
    assert subject(staying("6")) != subject(later)


def _options(doctype: str, field: str) -> list[str]:
    folder = Path(__file__).parents[3] / "order_flow" / "order_flow" / "doctype" / doctype
    fields = json.loads((folder / f"{doctype}.json").read_text(encoding="utf-8"))["fields"]
    return next(df["options"] for df in fields if df["fieldname"] == field).split("\n")


@pytest.mark.parametrize("doctype", ["gate_policy", "gate_override"])
def test_every_gate_can_be_chosen(doctype: str) -> None:
    """A gate that is no option could be neither switched nor overridden."""
    assert _options(doctype, "gate") == sorted(code.label for code in RULES)


def test_what_proves_no_order_is_no_policy_of_evidence() -> None:
    """R-186: consent to parts is recorded like evidence, but confirms nothing."""
    kinds = [kind.value for kind in EvidenceKind]
    assert _options("order_evidence", "kind") == kinds
    others = [kind.value for kind in PROVES_NO_ORDER]
    assert _options("evidence_policy", "kind") == [kind for kind in kinds if kind not in others]
