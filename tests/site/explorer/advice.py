"""Does what ``why`` says, as a person who has only the role it names, until the order is at rest.

This is the check that nobody is stuck: somebody is named each time, is let in, and something moves.
"""

from __future__ import annotations

from typing import Any, Final
from zlib import crc32

from order_flow.api import orders as api
from order_flow.domain.gates.model import GateCode
from order_flow.domain.states import FINAL_STATES, OrderState, OrderStep, Role
from tests.site.explorer.checks import Fault, faults_of
from tests.site.explorer.over_http import Wire
from tests.site.explorer.world import Result, World
from tests.site.support.builders import acting_as, user_of

MOST_STEPS: Final = 15
"""An order that is not finished after so many pieces of advice goes in circles."""

AT_DESK: Final[dict[OrderStep, str]] = {
    OrderStep.CONFIRM: "confirm",
    OrderStep.CONFIRM_PAYMENT: "pay rest",
    OrderStep.SHIP: "ship",
    OrderStep.CONFIRM_RECEIPT: "receive",
}
"""What a person does about a step."""
IN_WDT: Final[dict[OrderStep, tuple[str, ...]]] = {
    OrderStep.CONFIRM: ("sync", "wdt lets go", "wdt reviews"),
    OrderStep.SHIP: ("sync", "wdt ships"),
}
"""What WDT's own people do about a step that is theirs."""
NOT_ADVICE: Final = ("late_", "outbox_")
"""Reasons that say what is late or not told yet; the others say what to do."""
OF_REASON: Final[dict[str, str]] = {
    GateCode.ON_HOLD.value: "release",
    GateCode.MONEY_OUTSTANDING.value: "pay rest",
    GateCode.GOODS_NOT_SHIPPED.value: "ship",
    GateCode.RECEIPT_OUTSTANDING.value: "receive",
    GateCode.CANCEL_REQUESTED.value: "sync",
    GateCode.CONFIRMATION_NOT_PROVEN.value: "prove",
    GateCode.REVIEW_OUTSTANDING.value: "answer review",
    GateCode.REVIEW_REFUSED.value: "answer review",
    GateCode.DEPOSIT_MISSING.value: "pay rest",
    GateCode.PREPAYMENT_MISSING.value: "pay rest",
    GateCode.PAYMENT_BEFORE_SHIPMENT_MISSING.value: "pay rest",
    GateCode.ORDER_UNCONFIRMED.value: "confirm",
    GateCode.DRAWINGS_NOT_CONFIRMED.value: "drawings",
    GateCode.STOCK_NOT_AVAILABLE.value: "stock arrives",
    "release_to_planning": "to planning",
    "shipment_differs": "void shipment",
    "more_left_than_ordered": "change up",
    "rest_not_in_wdt": "cancel",
    "cancelled_in_wdt": "cancel",
}
"""What a person does about a reason."""
OTHERWISE: Final = {(Role.GENERAL_MANAGER.value, "answer review"), (Role.FIELD_REP.value, "receive")}
"""Who frees an order in another way, by declining what the departments refused; and who has no order of ours:
a field rep sees only his own."""


def follow_why(world: World, wire: Wire | None = None) -> list[Fault]:
    """Follow the advice until the order is finished, then let everything be checked again.

    Args:
        world: at rest.
        wire: takes a share of the advice over HTTP; None takes all of it in this process.

    Returns:
        A fault where nobody is named, the named person is refused, or nothing moves.
    """
    for _step in range(MOST_STEPS):
        order = world.stored()
        if OrderState(order.workflow_state) in FINAL_STATES:
            world.drain()
            return faults_of(world)
        before = _standing(world)
        if fault := _take_advice(world, wire):
            return [Fault("stuck", fault)]
        world.play(["unfit is read", "wdt follows"])
        world.drain()
        if _standing(world) == before:
            return [Fault("stuck", f"nothing moved after '{world.story[-2].act}'; {_sentence(world)}")]
    return [Fault("stuck", f"still open after {MOST_STEPS} pieces of advice; {_sentence(world)}")]


def _standing(world: World) -> str:
    order, advice = world.stored(), _why(world)
    facts = (order.payment_status, order.delivery_status, order.cancel_requested, order.wdt_stage)
    return f"{advice['state']} {facts} {[(one['code'], one['text']) for one in advice['reasons']]}"


def _why(world: World) -> dict[str, Any]:
    with acting_as(user_of(Role.ORDER_DESK)):
        return dict(api.why(world.order))


def _sentence(world: World) -> str:
    return f"why: {_why(world)['sentence']}"


def _take_advice(world: World, wire: Wire | None) -> str:
    """Do the first thing that is asked for; what is wrong with it, empty where it was done."""
    advice = _why(world)
    # No step is next while a cancellation waits for its answer.
    step = OrderStep(advice["next_step"]) if advice["next_step"] else None
    asked = [reason for reason in advice["reasons"] if not reason["code"].startswith(NOT_ADVICE)]
    if not asked and step:
        return _do_as(world, AT_DESK[step], advice["taken_by"], advice["sentence"], wire)
    for reason in asked:
        if reason["code"] == GateCode.OTHER_SIDE_LEADS.value and "Do the step in WDT" in reason["text"]:
            return _in_wdt(world, step, advice["sentence"])
    for reason in asked:
        act = OF_REASON.get(reason["code"])
        if reason["code"] == GateCode.OTHER_SIDE_LEADS.value and step:
            act = AT_DESK[step]
        if act is not None:
            return _do_as(world, act, reason["freed_by"], advice["sentence"], wire)
    return f"nobody can do anything about it: {advice['sentence']}"


def _in_wdt(world: World, step: OrderStep | None, sentence: str) -> str:
    acts = IN_WDT.get(step, ()) if step else ()
    world.play(acts)
    if acts and world.story[-1].result is Result.DONE:
        return ""
    return f"WDT's people cannot; why: {sentence}"


def _do_as(world: World, act: str, roles: list[str], sentence: str, wire: Wire | None) -> str:
    """Let one of the roles that are named do it; if it is refused, it was named untruly."""
    if act == "sync":
        # The warehouse answers a cancellation as its task says: by stopping the goods, or by shipping them.
        world.play([act, "wdt stops parcel"])
        if world.story[-1].result is not Result.DONE:
            world.play(["wdt ships"])
        return ""
    if not roles:
        return f"nobody is named: {sentence}"
    # Another one in every story, the same one whenever the story is played again.
    chosen = crc32(",".join(one.act for one in world.story).encode())
    able = [role for role in roles if (role, act) not in OTHERWISE] or roles
    role = Role(able[chosen % len(able)])
    if wire is not None and wire.takes(act):
        world.story.append(wire.do(world, role, act))
    else:
        world.play_as(role, act)
    last = world.story[-1]
    if last.result is Result.DONE:
        return ""
    return f"{role} was told '{sentence}', did '{act}' and was refused: {last.text}"
