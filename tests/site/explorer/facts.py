"""The facts of a played story: what was accepted of people's acts, and what WDT's own records show."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import frappe

from order_flow.domain.orders.outside_numbers import own_name
from tests.site.explorer.deeds import SHIPPED
from tests.site.explorer.oracle import Facts, Policies
from tests.site.explorer.schedules import Setting
from tests.site.explorer.world import Result, World

IN_WAREHOUSE = 55
IN_WDT_YET = 10


def policies_of(setting: Setting) -> Policies:
    """The part of a schedule's policies that the oracle knows."""
    return Policies(setting.term, setting.confirm, setting.ship, setting.receipt == "needed")


def done(world: World, act: str) -> bool:
    """Whether an act was accepted at least once."""
    return any(one.act == act and one.result is Result.DONE for one in world.story)


def facts_of(world: World) -> Facts:
    """Collect the facts.

    Money and parcels of the desk are read from their own records, which an act wrote; what the order made of
    them is what is to be checked.
    """
    order = world.stored()
    movements = _movements(world.order)
    running, highest = Decimal(0), Decimal(0)
    for amount in movements:
        running += amount
        highest = max(highest, running)
    trades = world.trades()
    left = _left_there(trades)
    desk, parcels = _left_here(world.order)
    called_off = _called_off(world, trades)
    return Facts(
        total=max(Decimal(str(order.total)) - _credited(world.order), Decimal(0)),
        paid=running,
        ever_paid=highest,
        ordered={line.name: Decimal(str(line.quantity)) for line in order.items},
        shipped={line.name: max(left[line.name], desk[line.name]) for line in order.items},
        grew=done(world, "change up"),
        went_back=done(world, "wdt takes back") or done(world, "void shipment"),
        confirmed_here=done(world, "confirm"),
        confirmed_there=any(trade["status"] >= IN_WAREHOUSE for trade in trades),
        sent_back=done(world, "wdt rejects") or done(world, "wdt stops parcel"),
        shipped_there=any(trade["status"] >= SHIPPED for trade in trades),
        received=done(world, "receive"),
        called_off=called_off and not parcels,
        called_off_around=called_off and parcels,
        call_off_waits=done(world, "cancel")
        and any(IN_WDT_YET <= trade["status"] < SHIPPED for trade in trades),
    )


def _credited(order: str) -> Decimal:
    notes = frappe.get_all("Credit Note", {"order_id": order, "note_state": "Approved"}, pluck="amount")
    return sum((Decimal(str(amount)) for amount in notes), Decimal(0))


def _movements(order: str) -> list[Decimal]:
    rows = frappe.get_all(
        "Order Payment",
        {"order_id": order, "status": "Confirmed"},
        ["kind", "amount"],
        order_by="confirmed_at, creation",
    )
    back = ("Refund", "To Customer Balance")
    return [Decimal(str(row.amount)) * (-1 if row.kind in back else 1) for row in rows]


def _left_there(trades: list[dict[str, Any]]) -> Counter[str]:
    left: Counter[str] = Counter()
    for trade in trades:
        if trade["status"] >= SHIPPED:
            for line in trade["lines"]:
                left[own_name(line["src_oid"])[0]] += Decimal(line["actual_num"])  # type: ignore[assignment]
    return left


def _left_here(order: str) -> tuple[Counter[str], bool]:
    """What the site says is out, and whether anything ever was; what stood in the house only never left."""
    left: Counter[str] = Counter()
    rows = frappe.db.sql(
        """select item.order_item, item.quantity, shipment.shipment_state, shipment.shipped_at
        from `tabShipment` shipment
        join `tabShipment Item` item on item.parent = shipment.name
        where shipment.order_id = %s""",
        (order,),
    )
    gone = ("Shipped", "In Transit", "Delivered", "Exception")
    for line, quantity, state, _when in rows:
        if state in gone:
            left[line] += Decimal(str(quantity))  # type: ignore[assignment]
    return left, any(when for *_row, when in rows)


def _called_off(world: World, trades: list[dict[str, Any]]) -> bool:
    if trades:
        dead = all(trade["status"] == 5 for trade in trades)
        by_wdt = done(world, "wdt cancels") and world.setting.cancel != "Site"
        return dead and (done(world, "cancel") or by_wdt)
    return done(world, "cancel")
