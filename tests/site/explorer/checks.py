"""The six things that must hold of every story when everything is told and read (issue 10, section 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import frappe

from order_flow.domain.goods.shipments import ShipmentState
from order_flow.domain.orders.outside_numbers import own_name
from order_flow.domain.states import CALLED_OFF_STATES, FINAL_STATES, OrderState, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.money.settling import customer_balance
from order_flow.flow.tasks.giving import reason_of
from order_flow.outbox.accounts.discrepancies import repair
from order_flow.outbox.registry import Action
from tests.site.explorer.facts import done, facts_of, policies_of
from tests.site.explorer.oracle import ZERO, Facts, expected_states
from tests.site.explorer.world import World
from tests.site.support.builders import acting_as, user_of

DEAD_TRADE, U8_KINDS = 5, ("saleorder", "oughtreceive", "accept")
GONE: Final = ("Shipped", "In Transit", "Delivered", "Exception")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold."""

    check: str
    text: str

    def __str__(self) -> str:
        """One line of a story."""
        return f"[{self.check}] {self.text}"


def _money(value: Any) -> Decimal:
    return Decimal(str(value or 0)).quantize(Decimal("0.01"))


def confluence(world: World, order: Any, facts: Facts) -> list[str]:
    """The end depends on the set of facts alone."""
    expected = expected_states(facts, policies_of(world.setting))
    found = []
    if told_kinds(world).isdisjoint(ABOUT_STATES) and OrderState(order.workflow_state) not in expected:
        wanted = " or ".join(sorted(expected))
        found.append(f"the facts say {wanted}, the order is {order.workflow_state}: {facts}")
    status = (
        "Overpaid" if facts.paid > facts.total else
        "Paid" if facts.paid == facts.total else
        "Partly Paid" if facts.paid > ZERO else "Unpaid"
    )  # fmt: skip
    if order.payment_status != status:
        found.append(f"{facts.paid} of {facts.total} is {status}, the order says {order.payment_status}")
    return found


ABOUT_STATES: Final = frozenset({"State Differs", "Shipment Differs", "Contradiction", "Needs Manual Step"})
"""Differences that people must decide before the facts can say where the order stands; money is never one."""


def told_kinds(world: World) -> set[str]:
    """In what the sides contradict each other, as a person was told."""
    return set(frappe.get_all("Sync Discrepancy", {"document": world.order, "state": "Open"}, pluck="kind"))


def money(world: World, order: Any, facts: Facts) -> list[str]:
    """Nothing that was received is lost, and nothing that is owed."""
    found = []
    if _money(order.paid_amount) != _money(facts.paid):
        found.append(f"{facts.paid} was received and not given back, the order says {order.paid_amount}")
    arrived, balance = received(order.name), customer_balance(order.customer, order.currency)
    if _money(order.paid_amount) + _money(balance) != _money(arrived):
        found.append(f"{arrived} came, {order.paid_amount} is on the order and {balance} on the balance")
    if order.open_amount < 0:
        found.append(f"{order.open_amount} is owed, less than nothing")
    called_off = OrderState(order.workflow_state) in CALLED_OFF_STATES
    surplus = facts.paid - (ZERO if called_off else facts.total)
    tasks = frappe.get_all(
        "ToDo", {"reference_name": order.name, "status": "Open", "role": "Finance"}, pluck="description"
    )
    if surplus > ZERO and not tasks:
        found.append(f"{surplus} is too much, and no task of finance is about it")
    credited = _money(order.total) - facts.total
    owed = max(ZERO, _money(order.shipped_amount) - credited - facts.paid)
    if called_off and _money(order.shipped_amount) > ZERO:
        found.append(f"goods worth {order.shipped_amount} are out, and the order is {order.workflow_state}")
    if owed > ZERO and _money(order.open_amount) < owed and not called_off:
        found.append(f"{owed} is owed for goods that left, the credit counts {order.open_amount}")
    return found


def received(order: str) -> Decimal:
    """What customers sent less what went back to them; the balance is money that stayed."""
    sign = {"Refund": -1, "To Customer Balance": 0, "From Customer Balance": 0}
    rows = frappe.get_all("Order Payment", {"order_id": order, "status": "Confirmed"}, ["kind", "amount"])
    return sum((Decimal(str(row.amount)) * sign.get(row.kind, 1) for row in rows), ZERO)


def goods(world: World, order: Any, facts: Facts) -> list[str]:
    """No more leaves than is ordered, what left is counted, and it is counted once."""
    rows = frappe.db.sql(
        """select item.order_item, sum(item.quantity) from `tabShipment` shipment
        join `tabShipment Item` item on item.parent = shipment.name
        where shipment.order_id = %s and shipment.shipment_state in %s group by item.order_item""",
        (order.name, GONE),
    )
    parcels = {line: Decimal(str(quantity)) for line, quantity in rows}
    found = []
    for line in order.items:
        out, ordered = parcels.get(line.name, ZERO), Decimal(str(line.quantity))
        if Decimal(str(line.shipped_quantity or 0)) != out:
            found.append(f"line {line.idx}: parcels hold {out}, the line says {line.shipped_quantity}")
        if out > ordered:
            found.append(f"line {line.idx}: {out} left of {ordered}")
    return found + _claims(world)


def _claims(world: World) -> list[str]:
    """Nobody claims goods that are not there; where the store itself was emptied, claims are older."""
    if done(world, "stock runs out") or done(world, "read stock"):
        return []
    rows = frappe.db.sql(
        """select l.product, l.available, sum(r.quantity) from `tabStock Level` l
        join `tabStock Reservation` r on r.product = l.product and r.warehouse = l.warehouse
        where r.order_id = %s and r.reservation_state = 'Active' group by l.name""",
        world.order,
    )
    return [
        f"{claimed} of {product} are claimed, {free} are there"
        for product, free, claimed in rows
        if claimed > free
    ]


def sides(world: World, order: Any, facts: Facts) -> list[str]:
    """Site, WDT and U8 agree, or a person was told; no message is dead, none was sent twice."""
    dead = frappe.get_all("Sync Outbox", {"document": order.name, "state": "Dead"}, ["action", "last_error"])
    found = [f"{row.action} is dead: {row.last_error}" for row in dead]
    if not order.wdt_account:
        return found
    before = told_kinds(world)
    if _old_version_there(world):
        # What the order is made of is another matter over there, in lines and worth, as a person was told.
        before |= {"Lines Differ", "Amount Differs"}
    else:
        found += _too_much_in_wdt(world, order)
    found += _twice_in_u8(world)
    if before & ABOUT_STATES:
        # One contradiction of states has several names, by who saw it first.
        before |= ABOUT_STATES
    for summary in _compared(world):
        found += [
            f"{one['kind']}: {one['summary']}"
            for one in summary["differences"]
            if not one["delay"] and one["kind"] not in before
        ]
        found += [f"{side} could not be read: {reason}" for side, reason in summary["unread"].items()]
    return found


def _compared(world: World) -> list[dict[str, Any]]:
    """Compare; where WDT made two trades before it took over what was told, a person tells it again."""
    # The comparison needs calls of its own: those of this minute are used up by reading.
    world.clock.turn(61)
    summaries = world.reconcile()
    kinds = {one["kind"] for summary in summaries for one in summary["differences"]}
    if kinds != {"Amount Differs"} or not done(world, "wdt splits"):
        return summaries
    for name in frappe.get_all("Sync Discrepancy", {"document": world.order, "state": "Open"}, pluck="name"):
        repair(name, "push_again")
    frappe.db.commit()
    world.drain()
    world.clock.turn(61)
    return world.reconcile()


def _old_version_there(world: World) -> bool:
    """Whether WDT has other goods than the order, and a person was told so or asked about it."""
    told = {"document": world.order, "state": "Open", "aspect": Action.WDT_WITHDRAWAL.value}
    # Closed as well: nobody of these stories changes quantities in WDT by hand.
    tasks = frappe.get_all("ToDo", {"reference_name": world.order}, pluck="name")
    by_hand = any(reason_of(task) == TaskReason.CHANGE_BY_HAND.value for task in tasks)
    asked = {"reference_name": world.order, "status": "Open"}
    part_off = any(
        reason_of(task) == TaskReason.PART_CANCELLED_IN_WDT.value
        for task in frappe.get_all("ToDo", asked, pluck="name")
    )
    return by_hand or part_off or bool(frappe.db.exists("Sync Discrepancy", told))


def _too_much_in_wdt(world: World, order: Any) -> list[str]:
    """Goods that WDT has more than once."""
    ordered = {line.name: Decimal(str(line.quantity)) for line in order.items}
    there: Counter[str] = Counter()
    for trade in world.trades():
        if trade["status"] != DEAD_TRADE:
            for line in trade["lines"]:
                there[own_name(line["src_oid"])[0]] += Decimal(line["actual_num"])  # type: ignore[assignment]
    return [f"WDT has {n} of line {name}, {ordered[name]} are ordered" for name, n in there.items()
            if n > ordered.get(name, n)]  # fmt: skip


def _twice_in_u8(world: World) -> list[str]:
    """Documents that U8 has more than once."""
    documents = [document for kind in U8_KINDS for document in world.u8.documents(kind)]
    # Whether U8 itself knows a message again is its own matter; our key in the document is ours to keep.
    keys = Counter(document["head"].get("define1") or document["key"] for document in documents)
    return [f"U8 has {count} documents of {key}" for key, count in keys.items() if count > 1]


def tasks_hold(world: World, order: Any, facts: Facts) -> list[str]:
    """Every open task has a reason that still holds, and is in the list of somebody who can do it."""
    states = dict(
        frappe.get_all("Shipment", {"order_id": order.name}, ["name", "shipment_state"], as_list=True)
    )
    found = []
    for task in frappe.get_all(
        "ToDo",
        {"reference_name": ("in", [order.name, *states]), "status": "Open"},
        ["name", "role", "description", "reference_type", "reference_name"],
    ):
        holds = REASON_HOLDS.get(_reason(task))
        if holds is not None and not holds(order, facts):
            found.append(f"'{task.description}' is open, and its reason does not hold: {facts}")
        if states.get(task.reference_name) == ShipmentState.VOIDED:
            found.append(f"'{task.description}' is open, and its parcel is voided")
        if task.role and not _sees(task):
            found.append(f"'{task.description}' is for {task.role}, and nobody of that role finds it")
    return found


def _reason(task: Any) -> str:
    """The reason of a task, by its name; one that somebody built by hand goes by its words."""
    if reason := reason_of(task.name):
        return reason
    return TaskReason.SURPLUS.value if "overpaid" in task.description else ""


def _sees(task: Any) -> bool:
    with acting_as(user_of(Role(task.role))):
        return bool(frappe.get_list("ToDo", {"name": task.name}))


def _payable(order: Any, facts: Facts) -> Decimal:
    return _money(order.shipped_amount) if _is_off(order) else facts.total


Holds = Callable[[Any, Facts], bool]
REASON_HOLDS: Final[dict[str, Holds]] = {
    TaskReason.SURPLUS.value: lambda order, facts: facts.paid > _payable(order, facts),
    TaskReason.REFUND_DUE.value: lambda order, facts: facts.paid > _payable(order, facts),
    TaskReason.MONEY_MISSING.value: lambda order, facts: facts.paid < facts.total,
    TaskReason.REST_DUE.value: lambda order, facts: facts.paid < facts.total,
    TaskReason.ORDER_HELD.value: lambda order, facts: bool(order.on_hold),
    TaskReason.ENTRY_REFUSED.value: lambda order, facts: not facts.confirmed_here,
    TaskReason.SHIP_IN_WDT.value: lambda order, facts: not _is_off(order),
    TaskReason.REVIEW_ANSWER.value: lambda order, facts: is_open(order),
    TaskReason.REVIEW_LATE.value: lambda order, facts: is_open(order),
    TaskReason.DISPATCH.value: lambda order, facts: is_open(order),
    TaskReason.PLANNING_RELEASED.value: lambda order, facts: is_open(order),
}
"""When a task about an order is still true; reasons about other documents are their own tests' matter."""


def _is_off(order: Any) -> bool:
    return OrderState(order.workflow_state) in CALLED_OFF_STATES


Check = Callable[[World, Any, Facts], list[str]]
CHECKS: Final[dict[str, Check]] = {
    "confluence": confluence,
    "money": money,
    "goods": goods,
    "sides": sides,
    "tasks": tasks_hold,
}


def is_open(order: Any) -> bool:
    """Whether somebody still has to do something."""
    return OrderState(order.workflow_state) not in FINAL_STATES


def faults_of(world: World) -> list[Fault]:
    """What does not hold of a world at rest."""
    order, facts = world.stored(), facts_of(world)
    return [Fault(name, text) for name, check in CHECKS.items() for text in check(world, order, facts)]
