"""What people, the warehouse and jobs can do to an order: one row of the table an act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import frappe

from order_flow.api import credit_notes as credit_note_api
from order_flow.api import gates as gate_api
from order_flow.api import orders as api
from order_flow.api import reviews as review_api
from order_flow.api import shipments as shipment_api
from order_flow.api import stock as stock_api
from order_flow.api.money import settle_overpayment
from order_flow.domain.money.credit_notes import CreditReason
from order_flow.domain.orders.outside_numbers import own_name
from order_flow.domain.reviews.model import ReviewStatus
from order_flow.domain.reviews.sign_offs import ROLES_OF_DEPARTMENT, Answer, Department
from order_flow.domain.states import OrderState, Role
from tests.site.explorer.setting import paper
from tests.site.support.builders import acting_as, user_of
from tests.site.support.change_lab import QUANTITY, applied, line_change

if TYPE_CHECKING:
    from tests.site.explorer.world import World

Do = Callable[["World"], Any]
STEPS: Final = ("print", "pick", "scan", "weigh", "ship")
REVIEW, IN_HOUSE, SHIPPED = 30, 55, 95
UNPAID: Final = (10, 12)
CENT: Final = Decimal("0.01")


class Impossible(Exception):
    """Nobody could even try: no such payment, parcel or trade, or WDT's own people may not."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act.

    Args:
        words: what a story says of it.
        do: does it; returns nothing, or raises what a person would see.
        role: who acts, None for the warehouse's people and for jobs.
        weight: how often it is drawn beside the others.
    """

    words: str
    do: Do
    role: Role | None = None
    weight: int = 2


def _pay(amount: Callable[[Any], Decimal], kind: str = "Payment") -> Do:
    def do(world: World) -> None:
        value = amount(world.stored()).quantize(CENT)
        if value <= 0:
            raise Impossible("there is nothing to pay")
        world.payments += 1
        world.last_reference = (f"R-{world.order}-{world.payments}", value, kind)
        reference, value, kind_ = world.last_reference
        api.record_payment(world.order, str(value), reference, kind=kind_)

    return do


def _open(order: Any) -> Decimal:
    return Decimal(str(order.total)) - Decimal(str(order.paid_amount or 0))


def pay_again(world: World) -> None:
    """The bank's notice comes twice."""
    if not world.last_reference:
        raise Impossible("nothing was paid yet")
    reference, value, kind = world.last_reference
    api.record_payment(world.order, str(value), reference, kind=kind)


def pay_in_dollars(world: World) -> None:
    """Half of the total arrives in dollars, with the rate on the bank's slip."""
    world.payments += 1
    order = world.stored()
    payment = frappe.get_doc(
        {
            "doctype": "Order Payment",
            "order_id": world.order,
            "kind": "Payment",
            "received_currency": "USD",
            "received_amount": float((Decimal(str(order.total)) / 14).quantize(CENT)),
            "received_rate": 7,
            "reference": f"R-{world.order}-{world.payments}",
            "received_on": frappe.utils.now_datetime(),
        }
    )
    payment.insert()
    payment.confirm()


def _recorded(world: World) -> str:
    name = frappe.db.get_value("Order Payment", {"order_id": world.order, "status": "Recorded"})
    if not name:
        raise Impossible("no money waits for finance")
    return str(name)


def edit(world: World) -> None:
    """One piece more of the first line."""
    order = world.stored()
    order.items[0].quantity += 1
    order.save()


def edit_down(world: World) -> None:
    """One piece less of the first line."""
    order = world.stored()
    order.items[0].quantity -= 1
    order.save()


def workflow(action: str) -> Do:
    """A step by the framework's own button."""

    def do(world: World) -> None:
        frappe.model.workflow.apply_workflow(world.stored(), action)

    return do


def ship(world: World) -> None:
    """Everything that is open leaves the desk."""
    world.parcels += 1
    api.ship(world.order, carrier="SF", waybill_number=f"D-{world.order}-{world.parcels}")


def ship_part(world: World) -> None:
    """One piece of the first line that is open leaves the desk."""
    order = world.stored()
    line = next((line for line in order.items if line.quantity > line.shipped_quantity), None)
    if line is None:
        raise Impossible("everything has left")
    world.parcels += 1
    parcel = [{"order_item": line.name, "quantity": 1}]
    api.ship(world.order, carrier="SF", waybill_number=f"D-{world.order}-{world.parcels}", items=parcel)


def void_shipment(world: World) -> None:
    """The last parcel is taken back."""
    living = {"order_id": world.order, "shipment_state": ("!=", "Voided")}
    name = frappe.db.get_value("Shipment", living, order_by="creation desc")
    if not name:
        raise Impossible("no parcel")
    shipment_api.take_step(name, "Void Shipment")


def wdt(verb: str, *statuses: int, **options: Any) -> Do:
    """The warehouse's people do the same with every trade that stands there."""

    def do(world: World) -> None:
        trades = [trade for trade in world.trades() if trade["status"] in statuses]
        done = [world.in_wdt(verb, trade, **options) for trade in trades]
        if not any(done):
            raise Impossible("no trade stands there")

    return do


def wdt_stops_parcel(world: World) -> None:
    """The warehouse's people stop what they were asked to stop, of this version or an old one."""
    trades = [trade for trade in (*world.trades(), *world.old_trades()) if trade["status"] == IN_HOUSE]
    stopped = [world.in_wdt("confirm_interception", trade) for trade in trades]
    if not any(stopped):
        raise Impossible("no trade stands there")


def wdt_ships(world: World) -> None:
    """The warehouse takes every trade to the door and out."""
    done = [_out(world, trade) for trade in world.trades() if trade["status"] in (REVIEW, IN_HOUSE)]
    if not any(done):
        raise Impossible("no trade can leave")


def wdt_ships_part(world: World) -> None:
    """One piece leaves, the rest becomes another trade."""
    for trade in world.trades():
        if trade["status"] in (REVIEW, IN_HOUSE):
            line = next((line for line in trade["lines"] if Decimal(line["actual_num"]) > 0), None)
            # A parcel that is to be stopped holds zeroed lines.
            if line and _out(world, trade, lines=[{"oid": line["src_oid"], "num": "1"}]):
                return
    raise Impossible("no trade can leave in part")


def _out(world: World, trade: Mapping[str, Any], **options: Any) -> bool:
    if trade["status"] == REVIEW and not world.in_wdt("audit", trade):
        return False
    for step in STEPS:
        last = step == "ship"
        world.in_wdt(step, trade, **(options if last else {}))
    now = next((one for one in world.trades() if one["trade_no"] == trade["trade_no"]), trade)
    return bool(now["status"] == SHIPPED)


def wdt_follows(world: World) -> None:
    """The warehouse does in WDT what the desk said has left: the task that it got."""
    waiting = {
        "order_id": world.order,
        "led_by": "Site",
        "confirmed_by_wdt": 0,
        "shipment_state": ("!=", "Voided"),
    }
    done = False
    for name in frappe.get_all("Shipment", waiting, order_by="creation", pluck="name"):
        parcel = {line.order_item: line.quantity for line in frappe.get_doc("Shipment", name).items}
        for trade in world.trades():
            if trade["status"] in (REVIEW, IN_HOUSE):
                done = _out(world, trade, **_parcel(trade, parcel)) or done
                break
    if not done:
        raise Impossible("nothing of the desk's waits, or no trade can leave")


def _parcel(trade: Mapping[str, Any], parcel: Mapping[str, float]) -> dict[str, Any]:
    lines = {line["src_oid"]: own_name(line["src_oid"])[0] for line in trade["lines"]}
    held = {own_name(line["src_oid"])[0]: float(line["actual_num"]) for line in trade["lines"]}
    if held == dict(parcel):
        return {}
    return {"lines": [{"oid": oid, "num": str(parcel[own])} for oid, own in lines.items() if own in parcel]}


def wdt_merges(world: World) -> None:
    """A reviewer makes one trade of two that were split."""
    waiting = [trade for trade in world.trades() if trade["status"] == REVIEW]
    merged = len(waiting) > 1 and world.in_wdt("merge", waiting[0], other=waiting[1]["trade_no"])
    if not merged:
        raise Impossible("no two trades to merge")


def change_quantity(by: int) -> Do:
    """A change notice for the first line, through all its hands: written, answered, approved, applied."""

    def do(world: World) -> None:
        order = world.stored()
        quantity = float(order.items[0].quantity) + by
        applied(order, QUANTITY, line_change(order, "quantity", quantity))

    return do


def credit_note(world: World) -> None:
    """After-sales asks to give up 10 of what left, finance approves."""
    with acting_as(user_of(Role.AFTER_SALES)):
        found = credit_note_api.propose(world.order, CreditReason.DAMAGE.value, "外箱破损", amount="10")
    credit_note_api.approve(found["credit_note"])


def settle_shortage(world: World) -> None:
    """What is short is shipped later, and the customer agrees."""
    short = {"order_id": world.order, "shortage_state": ("not in", ("Agreed", "Closed"))}
    name = frappe.db.get_value("Shortage", short)
    if not name:
        raise Impossible("nothing is short")
    stock_api.decide_shortage(name, "Partial Shipment")
    stock_api.answer_shortage(name, agreed=True, remark="by phone")


def wdt_splits(world: World) -> None:
    """A reviewer makes two trades of one."""
    for trade in world.trades():
        if trade["status"] == REVIEW and len(trade["lines"]) > 1:
            keep = [{"oid": trade["lines"][0]["src_oid"], "num": trade["lines"][0]["actual_num"]}]
            if world.in_wdt("split", trade, lines=keep):
                return
    raise Impossible("no trade to split")


def keep_surplus(world: World) -> None:
    """What was paid too much becomes the customer's balance."""
    settle_overpayment(world.order, "Keep as Balance")


def departments_answer(world: World) -> None:
    """The review is asked for where nobody did, and every department says yes, each by its own person."""
    if not _waiting_departments(world):
        # What was answered before was about another content, or nobody has asked yet.
        if OrderState(world.stored().workflow_state) is OrderState.UNCONFIRMED:
            workflow("Send to Review")(world)
        else:
            review_api.start_review(world.order)
    waiting = _waiting_departments(world)
    if not waiting:
        raise Impossible("no department has anything to answer")
    checklist = world.stored().review_checklist
    for department in waiting:
        with acting_as(user_of(ROLES_OF_DEPARTMENT[department][0])):
            review_api.answer(checklist, department.value, "Yes")


def _waiting_departments(world: World) -> list[Department]:
    name = world.stored().review_checklist
    checklist = frappe.get_doc("Review Checklist", name) if name else None
    # One that a department refused is closed; the order is reviewed anew.
    rows = checklist.answers if checklist and checklist.status == ReviewStatus.OPEN else []
    return list(dict.fromkeys(Department(row.department) for row in rows if row.answer == Answer.OPEN))


def a_department_refuses(world: World) -> None:
    """The first department that is asked says no."""
    waiting = _waiting_departments(world)
    if not waiting:
        raise Impossible("no department has anything to answer")
    with acting_as(user_of(ROLES_OF_DEPARTMENT[waiting[0]][0])):
        review_api.answer(world.stored().review_checklist, waiting[0].value, "No", "做不了")


def stock_arrives(world: World) -> None:
    """Enough of everything is put in store."""
    world.stock(1000)


def prove(world: World) -> None:
    """The customer's signed order form comes back."""
    gate_api.record_evidence(world.order, "Returned Order", "王先生", attachment=paper())


D = Deed
DEEDS: Final[dict[str, Deed]] = {
    "place again": D("the shop sends the order again", lambda w: w.place(), Role.INTEGRATION, 1),
    "edit up": D("the desk adds a piece", edit, Role.ORDER_DESK),
    "edit down": D("the desk takes a piece off", edit_down, Role.ORDER_DESK),
    "to review": D("the desk sends it to review", workflow("Send to Review"), Role.ORDER_DESK, 1),
    "to entry": D("the desk takes it back from review", workflow("Return to Entry"), Role.ORDER_DESK, 1),
    "confirm": D("the desk confirms", lambda w: api.confirm(w.order), Role.ORDER_DESK, 6),
    "prove": D("the customer's signed order comes back", prove, Role.ORDER_DESK, 2),
    "answer review": D("the departments are asked and say yes", departments_answer, Role.ORDER_DESK, 2),
    "refuse review": D("a department says no", a_department_refuses, Role.ORDER_DESK, 1),
    "to planning": D(
        "the desk releases it to planning", lambda w: gate_api.release_to_planning(w.order), Role.ORDER_DESK
    ),
    "drawings": D(
        "the drawings are confirmed", lambda w: gate_api.confirm_drawings(w.order), Role.TECHNOLOGY, 1
    ),
    "change up": D("a change notice adds a piece", change_quantity(1), Role.ORDER_DESK, 1),
    "change down": D("a change notice takes a piece off", change_quantity(-1), Role.ORDER_DESK, 1),
    "stock runs out": D("the store is empty", lambda w: w.stock(0), Role.WAREHOUSE, 1),
    "allocate": D("stock is allocated", lambda w: stock_api.allocate(orders=[w.order]), Role.PLANNING, 1),
    "settle shortage": D("short goods are settled", settle_shortage, Role.ORDER_DESK, 1),
    "stock arrives": D("goods are put in store", stock_arrives, Role.WAREHOUSE, 1),
    "pay rest": D("finance books all that is open", _pay(_open), Role.FINANCE, 5),
    "pay half": D("finance books half of what is open", _pay(lambda o: _open(o) / 2), Role.FINANCE, 2),
    "pay over": D("finance books 30 too much", _pay(lambda o: _open(o) + 30), Role.FINANCE, 2),
    "pay dollars": D("half of the total comes in dollars", pay_in_dollars, Role.FINANCE, 1),
    "pay again": D("the same money is told again", pay_again, Role.FINANCE, 1),
    "record money": D("the desk records money", _pay(_open), Role.ORDER_DESK, 2),
    "confirm money": D("finance confirms it", lambda w: api.confirm_payment(_recorded(w)), Role.FINANCE, 2),
    "reject money": D("finance rejects it", lambda w: api.reject_payment(_recorded(w)), Role.FINANCE, 1),
    "refund": D("finance pays 20 back", _pay(lambda o: Decimal(20), "Refund"), Role.FINANCE, 2),
    "refund all": D(
        "finance pays all back", _pay(lambda o: Decimal(str(o.paid_amount or 0)), "Refund"), Role.FINANCE, 1
    ),
    "credit note": D("a damage is made good by a credit note of 10", credit_note, Role.FINANCE, 2),
    "keep surplus": D("finance keeps the surplus as balance", keep_surplus, Role.FINANCE, 1),
    "hold": D("the desk holds it", lambda w: api.hold(w.order, "客户要求暂停"), Role.ORDER_DESK),
    "release": D("the desk releases it", lambda w: api.release_hold(w.order), Role.ORDER_DESK),
    "ship": D("the desk ships what is open", ship, Role.WAREHOUSE, 3),
    "ship part": D("the desk ships one piece", ship_part, Role.WAREHOUSE, 3),
    "void shipment": D("the last parcel is voided", void_shipment, Role.WAREHOUSE),
    "receive": D("the receipt is confirmed", lambda w: api.confirm_receipt(w.order), Role.ORDER_DESK, 4),
    "cancel": D(
        "the desk calls it off",
        lambda w: api.request_cancellation(w.order, "Customer's Change of Mind"),
        Role.ORDER_DESK,
        2,
    ),
    "wdt lets go": D("WDT's staff let the unpaid trade go on", wdt("release", *UNPAID), None, 1),
    "wdt reviews": D("WDT reviews it", wdt("audit", REVIEW), None, 3),
    "wdt freezes": D("WDT freezes it", wdt("freeze", *UNPAID, REVIEW, IN_HOUSE), None, 1),
    "wdt unfreezes": D("WDT unfreezes it", wdt("unfreeze", *UNPAID, REVIEW, IN_HOUSE), None, 1),
    "wdt ships": D("WDT ships what it has", wdt_ships, None, 5),
    "wdt ships part": D("WDT ships one piece", wdt_ships_part, None, 3),
    "wdt follows": D("WDT ships what the desk has shipped", wdt_follows, None, 2),
    "wdt merges": D("WDT makes one trade of two", wdt_merges, None, 1),
    "wdt splits": D("WDT makes two trades of it", wdt_splits, None, 1),
    "wdt cancels": D("WDT cancels it", wdt("cancel", *UNPAID, REVIEW, 35), None, 1),
    "wdt rejects": D("WDT sends it back to review", wdt("reject", IN_HOUSE), None, 1),
    "wdt takes back": D("WDT takes the parcel back", wdt("recall", SHIPPED), None, 1),
    "wdt stops parcel": D("WDT stops the parcel", wdt_stops_parcel, None, 1),
    "wdt lets parcel go": D("WDT lets the parcel go", wdt("refuse_interception", IN_HOUSE), None, 1),
    "relay": D("the relay sends what is due", lambda w: w.relay(), None, 4),
    "u8 worker dies": D(
        "the next worker for U8 dies, its document arrives later", lambda w: w.lose_ledger_worker(), None, 1
    ),
    "worker dies": D("a worker dies after sending", lambda w: w.relay_and_die(), None, 1),
    "read trades": D("WDT's trades are read", lambda w: w.read("trades"), None, 3),
    "read notices": D("WDT's shipment notices are read", lambda w: w.read("notices"), None, 2),
    "read stockouts": D("WDT's stockouts are read", lambda w: w.read("stockouts"), None, 3),
    "read house": D("what stands in WDT's house is read", lambda w: w.read("house"), None, 1),
    "read stock": D("WDT's stock is read", lambda w: w.read_stock(), None, 1),
    "unfit is read": D("what WDT shipped and did not fit is read again", lambda w: w.read_unfit(), None, 1),
    "reconcile": D("the sides are compared", lambda w: w.reconcile(), None, 1),
    "time passes": D("six seconds pass", lambda w: w.clock.turn(6), None, 2),
    "an hour passes": D("an hour passes, and the scheduler's jobs run", lambda w: w.hour(), None, 1),
    "sync": D("everything is told and read", lambda w: w.sync(), None, 5),
}
"""Every act by the name that schedules use."""
