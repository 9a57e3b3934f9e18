"""How each deed of a story is done, and when it can be: one row of the table a deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from dev.demo.case import Case
from dev.demo.rest import Refusal
from dev.demo.scenarios import CONFIRMED, SHIPPED, Act, Deed
from dev.demo.setting import WDT_ACCOUNT, Person
from dev.demo.simulators import IN_WAREHOUSE, REVIEW
from dev.demo.simulators import SHIPPED as TRADE_SHIPPED
from dev.demo.stage import Stage

API: Final = "order_flow.api.orders."
REASON: Final = "Customer's Change of Mind"
CENT: Final = Decimal("0.01")
UNPAID: Final = (10, 12)
UNAUDITED: Final = (*UNPAID, 30, 35)
CONFLICT: Final = 409
REFUSED: Final = frozenset({403, 409, 417})
RATE_LIMITED: Final = "Rate Limited"
OUTAGE_SECONDS: Final = 3600


class StoryBroken(Exception):
    """Something that should have happened did not, or the other way round."""


Ready = Callable[[Case], bool]
Perform = Callable[[Stage, Case, Act], None]


@dataclass(frozen=True, slots=True)
class Doing:
    """How a deed is done.

    Args:
        perform: does it.
        ready: whether it can be done now, from what the case shows.
        looks_at_wdt: whether ``ready`` needs a fresh look into WDT.
        moves_wdt: whether the site has to read WDT afterwards.
    """

    perform: Perform
    ready: Ready = lambda case: True
    looks_at_wdt: bool = False
    moves_wdt: bool = False


def _call(stage: Stage, case: Case, person: Person, method: str, /, **arguments: Any) -> dict[str, Any]:
    answer = stage.people[person].call(API + method, **arguments)
    case.standing.update({name: answer[name] for name in answer if name != "order"})
    return dict(answer)


def _expect_refusal(act: Callable[[], object], case: Case, what: str) -> None:
    try:
        act()
    except Refusal as refusal:
        if refusal.status not in REFUSED:
            raise
        return
    raise StoryBroken(f"{what} was accepted while the order is {case.state}; it must be refused")


def place(stage: Stage, case: Case, act: Act) -> None:
    """Place the order, once."""
    answer = _call(
        stage, case, Person.INTEGRATION, "place_order",
        channel=case.channel, external_number=case.number, order=case.order, items=case.items,
    )  # fmt: skip
    case.name = str(answer["order"])


def place_again(stage: Stage, case: Case, act: Act) -> None:
    """Place it, place it again, and try another content under its number (R-046)."""
    place(stage, case, act)
    first, count = case.name, len(case.items)
    place(stage, case, act)
    if case.name != first or case.standing.get("created"):
        raise StoryBroken(f"the same call made a second order: {first} and {case.name}")
    other = [{**case.items[0], "quantity": 99}, *case.items[1:]]
    try:
        stage.people[Person.INTEGRATION].call(
            API + "place_order",
            channel=case.channel, external_number=case.number, order=case.order, items=other,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status != CONFLICT:
            raise StoryBroken(f"another content was refused with {refusal}, not with {CONFLICT}") from refusal
        return
    raise StoryBroken(f"another content of {count} lines was accepted under number {case.number}")


def send_to_review(stage: Stage, case: Case, act: Act) -> None:
    """The desk asks for a review with the framework's own workflow action."""
    desk = stage.people[Person.DESK]
    document = desk.ask("frappe.client.get", doctype="Order", name=case.name)
    after = desk.call("frappe.model.workflow.apply_workflow", doc=document, action="Send to Review")
    case.standing["state"] = after["workflow_state"]


def confirm(stage: Stage, case: Case, act: Act) -> None:
    """The desk confirms."""
    _call(stage, case, Person.DESK, "confirm", order=case.name)


def confirm_in_vain(stage: Stage, case: Case, act: Act) -> None:
    """A hold, or the other side's lead, forbids it."""
    _expect_refusal(lambda: confirm(stage, case, act), case, "The confirmation")


def hold(stage: Stage, case: Case, act: Act) -> None:
    """The desk stops the order."""
    _call(stage, case, Person.DESK, "hold", order=case.name, reason="客户要求暂停")


def release(stage: Stage, case: Case, act: Act) -> None:
    """The desk lets it go on."""
    _call(stage, case, Person.DESK, "release_hold", order=case.name)


def pay(stage: Stage, case: Case, act: Act) -> None:
    """Finance records and confirms a part of what is open."""
    amount = (case.open_amount() * act.share).quantize(CENT, ROUND_HALF_UP)
    _call(
        stage, case, Person.FINANCE, "record_payment",
        order=case.name, amount=str(amount), reference=f"{case.number}-{case.position}", method="银行转账",
    )  # fmt: skip


def pay_back(stage: Stage, case: Case, act: Act) -> None:
    """Finance pays everything back."""
    _call(
        stage, case, Person.FINANCE, "record_payment",
        order=case.name, amount=str(case.standing["paid_amount"]), kind="Refund",
        reference=f"{case.number}-{case.position}", method="银行转账",
    )  # fmt: skip


def ship(stage: Stage, case: Case, act: Act) -> None:
    """Logistics ships from the desk: a share of every open quantity, rounded up to whole pieces."""
    logistics = stage.people[Person.LOGISTICS]
    document = logistics.ask("frappe.client.get", doctype="Order", name=case.name)
    parcel = []
    for line in document["items"]:
        still_open = int(line["quantity"] - line["shipped_quantity"])
        quantity = -int(-still_open * act.share // 1)
        if quantity:
            parcel.append({"order_item": line["name"], "quantity": quantity})
    waybill = f"SF{case.number}{case.position}"
    _call(
        stage, case, Person.LOGISTICS, "ship",
        order=case.name, carrier="顺丰速运", waybill_number=waybill, items=parcel,
    )  # fmt: skip
    case.waybill, case.parcel = waybill, parcel


def ship_in_vain(stage: Stage, case: Case, act: Act) -> None:
    """Unpaid goods do not leave the desk."""
    _expect_refusal(lambda: ship(stage, case, act), case, "The shipment")


def receive(stage: Stage, case: Case, act: Act) -> None:
    """The customer has the goods."""
    _call(stage, case, Person.DESK, "confirm_receipt", order=case.name)


def cancel(stage: Stage, case: Case, act: Act) -> None:
    """The desk calls the order off, or asks WDT to."""
    _call(stage, case, Person.DESK, "request_cancellation", order=case.name, reason=REASON)


def cancel_in_vain(stage: Stage, case: Case, act: Act) -> None:
    """Only WDT may cancel in this channel."""
    _expect_refusal(lambda: cancel(stage, case, act), case, "The cancellation")


def nothing(stage: Stage, case: Case, act: Act) -> None:
    """Waiting was all there was to do."""


def wdt_step(*verbs: str) -> Perform:
    """The warehouse does the same verbs with every open trade of the order."""

    def perform(stage: Stage, case: Case, act: Act) -> None:
        for trade in case.trades_at(*UNAUDITED, IN_WAREHOUSE):
            for verb in verbs:
                stage.wdt.do(verb, trade["trade_no"])

    return perform


def wdt_ships(stage: Stage, case: Case, act: Act) -> None:
    """The warehouse ships everything that is left."""
    for trade in case.trades_at(REVIEW, IN_WAREHOUSE):
        if case.story[case.position - 1].deed is Deed.WDT_PICKS:
            for verb in ("scan", "weigh", "ship"):
                stage.wdt.do(verb, trade["trade_no"])
        else:
            stage.wdt.ship(trade)


def wdt_ships_part(stage: Stage, case: Case, act: Act) -> None:
    """The warehouse ships the first line, one piece less than all where there is no other."""
    trade = case.trades_at(REVIEW)[0]
    first = trade["lines"][0]
    everything = Decimal(first["actual_num"])
    num = everything if len(trade["lines"]) > 1 else everything - 1
    stage.wdt.ship(trade, lines=[{"oid": first["src_oid"], "num": str(num)}])


def wdt_follows(stage: Stage, case: Case, act: Act) -> None:
    """The warehouse ships in WDT what the desk has shipped, with the same waybill."""
    trade = case.trades_at(REVIEW, IN_WAREHOUSE)[0]
    parcel = {str(line["order_item"]): Decimal(line["quantity"]) for line in case.parcel}
    whole = {line["src_oid"]: Decimal(line["actual_num"]) for line in trade["lines"]} == parcel
    lines = [{"oid": oid, "num": str(num)} for oid, num in parcel.items()]
    part = {} if whole else {"lines": lines}
    stage.wdt.ship(trade, logistics_code="SF", logistics_no=case.waybill, **part)


def fault(system: str, rule: Mapping[str, Any], match: Callable[[Case], str]) -> Perform:
    """Arm a fault that strikes only what carries the case's mark."""

    def perform(stage: Stage, case: Case, act: Act) -> None:
        side = stage.wdt if system == "wdt" else stage.u8
        side.arm({"times": 1, **rule, "match": match(case)})

    return perform


def u8_comes_back(stage: Stage, case: Case, act: Act) -> None:
    """The outage is over: an hour of U8's time passes."""
    stage.u8.turn_clock(OUTAGE_SECONDS)


def resume_wdt(stage: Stage, case: Case, act: Act) -> None:
    """An operator presses 'Resume' on the account that rests."""
    stage.people[Person.KEEPER].call(
        "order_flow.order_flow.doctype.sync_outbox.sync_outbox.resume",
        account_type="WDT Account",
        account=WDT_ACCOUNT,
    )


def at_review(case: Case) -> bool:
    """WDT's reviewers can take it."""
    return bool(case.trades_at(REVIEW))


def in_warehouse(case: Case) -> bool:
    """WDT has reviewed it and not shipped it."""
    return bool(case.trades_at(IN_WAREHOUSE))


def shippable(case: Case) -> bool:
    """The warehouse can take every part that is left."""
    free = [trade for trade in case.trades_at(REVIEW, IN_WAREHOUSE) if not trade["freeze_reason"]]
    blocked = [stockout for stockout in case.stockouts if stockout["block_reason"]]
    return bool(free) and not blocked and not case.trades_at(*UNPAID)


def blocked(case: Case) -> bool:
    """The interception reached the parcel."""
    return any(stockout["block_reason"] for stockout in case.stockouts)


def received_possible(case: Case) -> bool:
    """The site knows that everything has left, from WDT as well where there is one."""
    known_there = not case.uses_wdt or int(case.standing.get("wdt_trade_status") or 0) >= TRADE_SHIPPED
    return case.state == SHIPPED and known_there


def shippable_at_desk(case: Case) -> bool:
    """The order's state lets goods leave; a part before this one is known."""
    return case.state in (CONFIRMED, "Paid")


def u8_mark(case: Case) -> str:
    """What every U8 document of the order carries."""
    return case.name


DOINGS: Final[Mapping[Deed, Doing]] = {
    Deed.PLACE: Doing(place),
    Deed.PLACE_AGAIN: Doing(place_again),
    Deed.SEND_TO_REVIEW: Doing(send_to_review),
    Deed.CONFIRM: Doing(confirm),
    Deed.CONFIRM_IN_VAIN: Doing(confirm_in_vain),
    Deed.HOLD: Doing(hold),
    Deed.RELEASE: Doing(release),
    Deed.PAY: Doing(pay),
    Deed.PAY_BACK: Doing(pay_back),
    Deed.SHIP: Doing(ship, shippable_at_desk),
    Deed.SHIP_IN_VAIN: Doing(ship_in_vain),
    Deed.RECEIVE: Doing(receive, received_possible),
    Deed.CANCEL: Doing(cancel),
    Deed.CANCEL_IN_VAIN: Doing(cancel_in_vain),
    Deed.AWAIT: Doing(nothing, lambda case: case.next_act is not None and case.state == case.next_act.state),
    Deed.AWAIT_REFUSAL: Doing(nothing, lambda case: not case.standing["cancel_requested"]),
    Deed.WDT_KNOWS: Doing(nothing, lambda case: bool(case.trades), looks_at_wdt=True),
    Deed.WDT_RELEASES: Doing(wdt_step("release"), lambda case: bool(case.trades_at(*UNPAID)), True),
    Deed.WDT_REVIEWS: Doing(wdt_step("audit"), at_review, True, True),
    Deed.WDT_PICKS: Doing(wdt_step("print", "pick"), in_warehouse, True),
    Deed.WDT_SHIPS: Doing(wdt_ships, shippable, True, True),
    Deed.WDT_SHIPS_PART: Doing(wdt_ships_part, at_review, True, True),
    Deed.WDT_FOLLOWS: Doing(wdt_follows, shippable, True, True),
    Deed.WDT_CANCELS: Doing(wdt_step("cancel"), lambda case: bool(case.trades_at(*UNAUDITED)), True, True),
    Deed.WDT_FREEZES: Doing(wdt_step("freeze"), at_review, True),
    Deed.WDT_UNFREEZES: Doing(wdt_step("unfreeze"), at_review, True),
    Deed.WDT_STOPS_PARCEL: Doing(wdt_step("confirm_interception"), blocked, True, True),
    Deed.WDT_LETS_PARCEL_GO: Doing(wdt_step("refuse_interception"), blocked, True, True),
    Deed.WDT_PUSH_UNANSWERED: Doing(
        fault(
            "wdt",
            {"kind": "hang", "endpoint": "trade_push", "args": {"seconds": 12, "when": "after"}},
            lambda case: case.number,
        )
    ),
    Deed.U8_ADD_UNANSWERED: Doing(fault("u8", {"kind": "drop_after_commit", "endpoint": "*add"}, u8_mark)),
    Deed.U8_REFUSES_ONCE: Doing(fault("u8", {"kind": "rate_limit"}, u8_mark)),
    Deed.WDT_REFUSES_RATE: Doing(
        fault("wdt", {"kind": "rate_limit", "endpoint": "trade_push"}, lambda case: case.number)
    ),
    Deed.U8_GOES_DOWN: Doing(
        fault(
            "u8",
            {"kind": "down_until", "times": None, "args": {"seconds": OUTAGE_SECONDS}},
            lambda case: case.to_account,
        )
    ),
    Deed.RESUME_WDT: Doing(
        resume_wdt, lambda case: any(row["last_error_kind"] == RATE_LIMITED for row in case.open_rows)
    ),
    Deed.U8_COMES_BACK: Doing(
        u8_comes_back, lambda case: any(row["last_error_kind"] for row in case.open_rows)
    ),
}
