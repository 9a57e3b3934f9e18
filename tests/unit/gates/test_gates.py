"""Each gate alone, which gates guard which step, and that all are named at once (design 1, K-02..K-06)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.lifecycle import GATES_OF_STEP, dispatch_gates, open_gates
from order_flow.domain.gates.model import GateCode, Origin
from order_flow.domain.orders.numbering import number_gap, number_in_use
from order_flow.domain.states import (
    CancelWindow,
    DeliveryStatus,
    Leads,
    OrderState,
    OrderStep,
    PaymentFamily,
    Role,
)

CLEAR = GateFacts(
    state=OrderState.CONFIRMED,
    family=PaymentFamily.PAY_FIRST,
    origin=Origin.SITE,
    total=Decimal("100.00"),
    paid=Decimal("100.00"),
    delivery=DeliveryStatus.SHIPPED,
)
FORWARD = frozenset(OrderStep) - {OrderStep.RETURN_TO_ENTRY, OrderStep.CANCEL}


def codes(facts: GateFacts, step: OrderStep) -> set[GateCode]:
    """Codes of the open gates."""
    return {gate.code for gate in open_gates(facts, step)}


@pytest.mark.parametrize("step", list(OrderStep))
def test_nothing_stops_a_clear_order(step: OrderStep) -> None:
    """Gates that are not open stay silent."""
    clear = replace(CLEAR, delivery=DeliveryStatus.NOT_SHIPPED) if step is OrderStep.CANCEL else CLEAR
    assert open_gates(clear, step) == ()


@pytest.mark.parametrize("delivery", list(DeliveryStatus))
def test_goods_that_are_out_are_never_cancelled(delivery: DeliveryStatus) -> None:
    """R-147: as a whole only what has not left at all."""
    waits = GateCode.GOODS_OUT in codes(replace(CLEAR, delivery=delivery), OrderStep.CANCEL)
    assert waits == (delivery is not DeliveryStatus.NOT_SHIPPED)


def test_every_step_is_guarded() -> None:
    """The table knows every step."""
    assert set(GATES_OF_STEP) == set(OrderStep)


@pytest.mark.parametrize("step", list(OrderStep))
def test_a_hold_stops_every_forward_step_only(step: OrderStep) -> None:
    """Design 3: a hold stops what goes forward; cancelling and returning stay possible."""
    held = replace(CLEAR, on_hold=True, hold_reason="credit")
    assert (GateCode.ON_HOLD in codes(held, step)) == (step in FORWARD)


@pytest.mark.parametrize("step", list(OrderStep))
def test_a_requested_cancellation_stops_the_desk_not_wdt(step: OrderStep) -> None:
    """R-147: the desk waits; what WDT did meanwhile is still followed."""
    requested = replace(CLEAR, cancel_requested=True)
    assert (GateCode.CANCEL_REQUESTED in codes(requested, step)) == (step in FORWARD)
    assert codes(replace(requested, origin=Origin.WDT), step) <= {GateCode.GOODS_OUT}


@pytest.mark.parametrize(
    "paid, is_open", [("0", True), ("99.99", True), ("100.00", False), ("100.01", False)]
)
def test_payment_is_confirmed_in_full_or_not_at_all(paid: str, is_open: bool) -> None:
    """R-018, R-152: a cent missing keeps the order where it is, and the text names it."""
    facts = replace(CLEAR, paid=Decimal(paid))
    gates = open_gates(facts, OrderStep.CONFIRM_PAYMENT)
    assert bool(gates) == is_open
    if gates:
        assert (gates[0].code, gates[0].freed_by) == (GateCode.MONEY_OUTSTANDING, (Role.FINANCE,))
        assert gates[0].params["missing"] == Decimal("100.00") - Decimal(paid)


@pytest.mark.parametrize("delivery", list(DeliveryStatus))
def test_shipped_means_every_line(delivery: DeliveryStatus) -> None:
    """Design 3: an order in parts is not shipped."""
    is_open = delivery is not DeliveryStatus.SHIPPED
    assert (codes(replace(CLEAR, delivery=delivery), OrderStep.SHIP) != set()) == is_open


@pytest.mark.parametrize("delivery", list(DeliveryStatus))
def test_parts_may_leave(delivery: DeliveryStatus) -> None:
    """A part of an order may leave before the rest."""
    assert dispatch_gates(replace(CLEAR, delivery=delivery)) == ()


@pytest.mark.parametrize("leads", list(Leads))
@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize("step", [OrderStep.CONFIRM, OrderStep.SHIP, OrderStep.CANCEL])
def test_the_side_that_does_not_lead_waits(step: OrderStep, origin: Origin, leads: Leads) -> None:
    """K-02: either side, only the site, or only WDT goes first."""
    facts = replace(CLEAR, origin=origin, leads={step: leads})
    waits = leads is not Leads.EITHER and leads.value != origin.value
    assert (GateCode.OTHER_SIDE_LEADS in codes(facts, step)) == waits


def test_what_may_still_ship_is_not_cancelled() -> None:
    """R-147, K-06: without WDT's word no order is shown as cancelled."""
    facts = replace(CLEAR, warehouse_agreed_to_cancel=False, delivery=DeliveryStatus.NOT_SHIPPED)
    assert codes(facts, OrderStep.CANCEL) == {GateCode.WAREHOUSE_NOT_ASKED}


def test_what_wdt_agreed_to_is_followed() -> None:
    """R-147, R-148: the window and the lead are asked when somebody asks, not when the answer comes."""
    facts = replace(
        CLEAR,
        paid=Decimal(1),
        delivery=DeliveryStatus.NOT_SHIPPED,
        cancel_until=CancelWindow.PAYMENT,
        leads={OrderStep.CANCEL: Leads.WDT},
    )
    assert codes(facts, OrderStep.CANCEL) == {GateCode.CANCEL_WINDOW_CLOSED, GateCode.OTHER_SIDE_LEADS}
    assert codes(replace(facts, cancel_request_answered=True), OrderStep.CANCEL) == set()


@pytest.mark.parametrize(
    ("letter", "code", "part"),
    [("", "111", "Letter"), ("SS", "111", "Letter"), ("S", "1000", "Customer Code"), ("S", "111", None)],
)
def test_an_order_without_a_number_is_not_confirmed(letter: str, code: str, part: str | None) -> None:
    """R-096 to R-099: what the pattern misses is a gate that says so."""
    facts = replace(CLEAR, number_gap=number_gap(letter, code))
    assert (facts.number_gap.part if facts.number_gap else None) == part
    assert (GateCode.NUMBER_NOT_POSSIBLE in codes(facts, OrderStep.CONFIRM)) == (part is not None)


def test_an_order_whose_number_is_in_use_is_not_confirmed() -> None:
    """K-16: the hundredth order of a month, where no letter may follow."""
    facts = replace(CLEAR, number_gap=number_in_use("CNS111260101"))
    assert codes(facts, OrderStep.CONFIRM) == {GateCode.NUMBER_NOT_POSSIBLE}


@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.RECEIVED])
@pytest.mark.parametrize("complete_on_payment", [True, False])
def test_the_stricter_reading_of_k_04(state: OrderState, complete_on_payment: bool) -> None:
    """K-04: where the channel wants it, money alone does not complete an order before its receipt."""
    facts = replace(
        CLEAR, state=state, family=PaymentFamily.PAY_LATER, complete_on_payment=complete_on_payment
    )
    waits = state is OrderState.SHIPPED and not complete_on_payment
    assert (GateCode.RECEIPT_OUTSTANDING in codes(facts, OrderStep.CONFIRM_PAYMENT)) == waits


def test_nobody_is_asked_to_ship_what_only_wdt_ships() -> None:
    """K-02: where WDT goes first the desk is not asked for a shipment that would be refused."""
    facts = replace(CLEAR, delivery=DeliveryStatus.NOT_SHIPPED, leads={OrderStep.SHIP: Leads.WDT})
    (gate,) = open_gates(facts, OrderStep.SHIP)
    assert gate.code is GateCode.OTHER_SIDE_LEADS
    assert set(gate.freed_by) == {Role.WAREHOUSE, Role.LOGISTICS}
    shipped_in_part = replace(facts, origin=Origin.WDT)
    assert codes(shipped_in_part, OrderStep.SHIP) == {GateCode.OTHER_SIDE_LEADS}


def test_all_open_gates_are_named_at_once() -> None:
    """Nobody runs from gate to gate: the answer is complete the first time (design 1)."""
    facts = replace(
        CLEAR,
        on_hold=True,
        cancel_requested=True,
        delivery=DeliveryStatus.NOT_SHIPPED,
        leads={OrderStep.SHIP: Leads.WDT},
    )
    assert codes(facts, OrderStep.SHIP) == {
        GateCode.ON_HOLD,
        GateCode.CANCEL_REQUESTED,
        GateCode.OTHER_SIDE_LEADS,
    }
