"""Gates of the lifecycle itself: they guard the steps of every company, whatever its policy.

One pure function a gate, one table that says which gates guard which step.
"""

from __future__ import annotations

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.gates.facts import GateFacts
from order_flow.domain.gates.model import CheckPoint, FactGroup, Gate, GateCode, GateRule, OpenGate, Origin
from order_flow.domain.orders.numbering import NumberPart
from order_flow.domain.states import (
    ENTRY_STATES,
    ROLES_OF_STEP,
    CancelWindow,
    DeliveryStatus,
    Leads,
    OrderState,
    OrderStep,
    PaymentFamily,
    Role,
)

_UNCONFIRMED = "The order is not confirmed yet. Confirm it before it goes to planning."
HOLD_RELEASERS = (Role.ORDER_DESK, Role.SALES_MANAGER, Role.FINANCE)
"""Who weighs when a held order goes on."""
_HELD = "The order is on hold: {reason}. Release the hold first."
_CANCELLING = "A cancellation has been requested and the warehouse has not answered yet. Wait for the answer."
_UNPAID = "{missing} of {total} is not confirmed as received. Finance confirms the payment first."
_NOT_RECEIVED = (
    "This channel completes an order only after the receipt is confirmed. Confirm the receipt first."
)
_NOT_SHIPPED = "Not every line is shipped. Ship the remaining quantities first."
_CAME_BACK = (
    "Goods of this order came back, so the customer has not got everything. Ship them again, or call off "
    "what is not sent any more."
)
_SITE_LEADS = (
    "In this channel the order desk goes first with '{step}'; WDT went ahead. "
    "Do the step here or change who goes first in the Sales Channel."
)
_WDT_LEADS = "In this channel WDT goes first with '{step}'. Do the step in WDT; it is read back by itself."
_NOT_ASKED = (
    "The warehouse may still ship this order. Use 'Request Cancellation': the "
    "order is cancelled as soon as WDT agrees."
)
_GOODS_OUT = (
    "Goods of this order are out, so it is not cancelled as a whole. Use 'Request Cancellation': it calls "
    "off what has not left."
)
_PAID_ALREADY = (
    "This channel cancels unpaid orders only, and {paid} is received already. "
    "Refund the money first, or ship and offer a return."
)
_FILL_THE_GAP: dict[NumberPart, tuple[Role, ...]] = {
    NumberPart.LETTER: (Role.ORDER_DESK, Role.SALES_MANAGER, Role.TECHNOLOGY),
    NumberPart.CUSTOMER_CODE: (),
    NumberPart.COUNT: (),
}
"""Who may write product types; the others are an administrator's matter, as their texts say."""


def hold_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """A hold stops every forward step until it is released (design 3)."""
    if not facts.on_hold:
        return None
    return OpenGate(GateCode.ON_HOLD, _HELD, HOLD_RELEASERS, {"reason": facts.hold_reason or "-"})


def cancellation_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """While a cancellation waits for the warehouse the desk does not push the order on (R-147)."""
    if not facts.cancel_requested or facts.origin is Origin.WDT:
        return None
    return OpenGate(GateCode.CANCEL_REQUESTED, _CANCELLING, (Role.WAREHOUSE,))


def money_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """Payment is confirmed in full or not at all (R-018, R-019, R-152)."""
    if facts.paid >= facts.total:
        return None
    return OpenGate(
        GateCode.MONEY_OUTSTANDING,
        _UNPAID,
        (Role.FINANCE,),
        {"missing": round_money(facts.total - facts.paid), "total": round_money(facts.total)},
    )


def covered_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """A paid order that a change made dearer is not paid any more; it ships when the rest is (design 3)."""
    return money_gate(facts, step) if facts.state is OrderState.PAID else None


def receipt_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """The stricter reading of K-04: pay-later orders complete only after their receipt."""
    if (
        facts.family is PaymentFamily.PAY_LATER
        and facts.state is OrderState.SHIPPED
        and not facts.complete_on_payment
    ):
        return OpenGate(GateCode.RECEIPT_OUTSTANDING, _NOT_RECEIVED, (Role.ORDER_DESK, Role.LOGISTICS))
    return None


def goods_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """An order counts as shipped when every line is shipped (design 3)."""
    if facts.delivery is DeliveryStatus.SHIPPED:
        return None
    if facts.leads.get(OrderStep.SHIP) is Leads.WDT:
        # At the desk the lead gate says so; where a part has left over there, nobody ships the rest here.
        return None if facts.origin is Origin.SITE else _led_by_wdt(OrderStep.SHIP)
    return OpenGate(GateCode.GOODS_NOT_SHIPPED, _NOT_SHIPPED, (Role.WAREHOUSE, Role.LOGISTICS))


def came_back_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """Warn of goods the warehouse took back: not received, and their order not finished (R-021, R-147)."""
    if facts.state is not OrderState.SHIPPED or facts.delivery is DeliveryStatus.SHIPPED:
        return None
    return OpenGate(GateCode.GOODS_NOT_SHIPPED, _CAME_BACK, (Role.WAREHOUSE, Role.LOGISTICS))


def lead_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """The side that does not lead a step cannot take it first (K-02)."""
    leads = facts.leads.get(step, Leads.EITHER)
    if leads is Leads.EITHER or leads.value == facts.origin.value:
        return None
    if step is OrderStep.CANCEL and facts.cancel_request_answered:
        return None
    if leads is Leads.WDT:
        return _led_by_wdt(step)
    return OpenGate(GateCode.OTHER_SIDE_LEADS, _SITE_LEADS, ROLES_OF_STEP[step], {"step": step.value})


def _led_by_wdt(step: OrderStep) -> OpenGate:
    """The people who take a step here are those who take it over there."""
    people = tuple(role for role in ROLES_OF_STEP[step] if role is not Role.INTEGRATION)
    return OpenGate(GateCode.OTHER_SIDE_LEADS, _WDT_LEADS, people, {"step": step.value})


def warehouse_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """Never let an order be shown as cancelled while goods may still be shipped (R-147, K-06)."""
    if facts.warehouse_agreed_to_cancel:
        return None
    return OpenGate(GateCode.WAREHOUSE_NOT_ASKED, _NOT_ASKED, (Role.ORDER_DESK, Role.SALES_MANAGER))


def goods_out_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """Goods that are out are owed for: their order is never shown as cancelled (R-147)."""
    if facts.delivery is DeliveryStatus.NOT_SHIPPED:
        return None
    return OpenGate(GateCode.GOODS_OUT, _GOODS_OUT, (Role.ORDER_DESK, Role.SALES_MANAGER))


def number_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """An order whose number the pattern cannot give is not confirmed (R-096 to R-099)."""
    gap = facts.number_gap
    if gap is None:
        return None
    return OpenGate(GateCode.NUMBER_NOT_POSSIBLE, gap.template, _FILL_THE_GAP[gap.part], gap.params)


def cancel_window_gate(facts: GateFacts, step: OrderStep) -> OpenGate | None:
    """A channel may end the time for cancelling with the first money (R-148, K-06).

    It closes the door to requests. What WDT agreed to is carried out although money came meanwhile: nothing
    ships any more, and the money goes back.
    """
    if facts.cancel_until is CancelWindow.SHIPMENT or facts.paid <= ZERO or facts.origin is Origin.WDT:
        return None
    if facts.cancel_request_answered:
        return None
    return OpenGate(
        GateCode.CANCEL_WINDOW_CLOSED,
        _PAID_ALREADY,
        (Role.SALES_MANAGER, Role.FINANCE),
        {"paid": round_money(facts.paid)},
    )


def unconfirmed_gate(facts: GateFacts, point: CheckPoint) -> OpenGate | None:
    """An order that is not confirmed is not sent to planning (R-002, R-153)."""
    if facts.state not in ENTRY_STATES:
        return None
    return OpenGate(GateCode.ORDER_UNCONFIRMED, _UNCONFIRMED, (Role.ORDER_DESK, Role.SALES_MANAGER))


GATES_OF_STEP: dict[OrderStep, tuple[Gate, ...]] = {
    OrderStep.SEND_TO_REVIEW: (hold_gate, cancellation_gate),
    OrderStep.RETURN_TO_ENTRY: (),
    OrderStep.CONFIRM: (hold_gate, cancellation_gate, lead_gate, number_gate),
    OrderStep.CONFIRM_PAYMENT: (hold_gate, cancellation_gate, money_gate, receipt_gate, came_back_gate),
    OrderStep.SHIP: (hold_gate, cancellation_gate, covered_gate, goods_gate, lead_gate),
    OrderStep.CONFIRM_RECEIPT: (hold_gate, cancellation_gate, came_back_gate),
    OrderStep.CANCEL: (cancel_window_gate, goods_out_gate, warehouse_gate, lead_gate),
}
"""Which gates guard which step."""

GATES_OF_CANCEL_REQUEST: tuple[Gate, ...] = (cancel_window_gate, lead_gate)
"""What stands in the way of asking; what the warehouse says is found out by asking."""

GATES_OF_DISPATCH: tuple[Gate, ...] = (hold_gate, cancellation_gate, covered_gate, lead_gate)
"""What must be clear before goods leave at the desk; a part may leave, so ``goods_gate`` is not here."""

GATES_OF_PLANNING: tuple[Gate, ...] = (hold_gate, cancellation_gate)
"""What keeps every order from planning; the rest is the policy's (R-153)."""

RULES: tuple[GateRule, ...] = (
    GateRule(
        GateCode.ORDER_UNCONFIRMED,
        unconfirmed_gate,
        FactGroup.ORDER,
        overridden_by=(Role.SALES_MANAGER, Role.GENERAL_MANAGER),
        points=frozenset({CheckPoint.PLANNING}),
    ),
)


def open_gates(facts: GateFacts, step: OrderStep) -> tuple[OpenGate, ...]:
    """All gates that stop a step now.

    Args:
        facts: what the order looks like.
        step: what is to be done.

    Returns:
        The open gates, empty where the step is free.
    """
    answers = (gate(facts, step) for gate in GATES_OF_STEP[step])
    return tuple(answer for answer in answers if answer is not None)


def cancel_request_gates(facts: GateFacts) -> tuple[OpenGate, ...]:
    """All gates that stop a cancellation from being requested now."""
    answers = (gate(facts, OrderStep.CANCEL) for gate in GATES_OF_CANCEL_REQUEST)
    return tuple(answer for answer in answers if answer is not None)


def planning_gates(facts: GateFacts) -> tuple[OpenGate, ...]:
    """All gates of the lifecycle that keep an order from being released to planning now."""
    answers = (gate(facts, OrderStep.CONFIRM) for gate in GATES_OF_PLANNING)
    return tuple(answer for answer in answers if answer is not None)


def dispatch_gates(facts: GateFacts) -> tuple[OpenGate, ...]:
    """All gates that keep goods of this order from leaving now."""
    answers = (gate(facts, OrderStep.SHIP) for gate in GATES_OF_DISPATCH)
    return tuple(answer for answer in answers if answer is not None)
