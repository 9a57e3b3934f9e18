"""Each of the explorer's checks sees what it is there for: the product is broken on purpose, once each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe
import pytest

from order_flow.flow.desk import why as why_module
from order_flow.flow.refusals import StepRefused
from order_flow.sync.u8 import posting as u8_posting
from tests.site.explorer import checks
from tests.site.explorer.advice import follow_why
from tests.site.explorer.checks import faults_of
from tests.site.explorer.deeds import DEEDS
from tests.site.explorer.schedules import Schedule
from tests.site.explorer.session import Session, open_session
from tests.site.explorer.setting import HOUSE, WDT_ACCOUNT
from tests.site.explorer.world import Unclean, World

LOST_ON_THE_WAY = (
    "Web Shop; Cash on Delivery: u8 worker dies, confirm, sync, wdt ships, sync, pay rest, receive"
)
PAID_AND_OUT = "Web Shop; Online Payment: confirm, pay rest, sync, wdt ships, sync"


@pytest.fixture(scope="module")
def session(test_site: str) -> Iterator[Session]:
    """Simulators and a turned clock, for this module only."""
    with open_session() as opened:
        yield opened


@pytest.fixture
def world(session: Session, site: Any) -> Iterator[World]:
    """A paid order whose goods have left, at rest, with nothing to complain about."""
    schedule = Schedule.read(PAID_AND_OUT)
    made = session.begin(schedule)
    try:
        made.play(schedule.acts)
        made.drain()
        assert faults_of(made) == []
        yield made
    finally:
        made.u8.__dict__.pop("documents", None)
        frappe.db.delete("Stock Reservation", {"order_id": made.order})
        made.end()


def _set(doctype: str, field: str, value: object) -> Callable[[World], None]:
    def break_it(world: World) -> None:
        column = "name" if doctype == "Order" else "parent" if doctype == "Order Item" else "document"
        name = frappe.db.get_value(doctype, {column: world.order})
        frappe.db.set_value(doctype, name, field, value, update_modified=False)

    return break_it


def _stale_task(world: World) -> None:
    frappe.get_doc(
        {
            "doctype": "ToDo",
            "role": "Finance",
            "reference_type": "Order",
            "reference_name": world.order,
            "description": f"Order {world.order} is overpaid by 30.00 CNY. Pay it back.",
        }
    ).insert()


def _other_trouble(world: World) -> None:
    """A difference that a person was told of excuses itself only."""
    frappe.get_doc(
        {
            "doctype": "Sync Discrepancy",
            "kind": "Amount Differs",
            "state": "Open",
            "document_type": "Order",
            "document": world.order,
            "account_type": "WDT Account",
            "account": WDT_ACCOUNT,
            "summary": "10 here, 20 there",
        }
    ).insert()
    _set("Order", "workflow_state", "Paid")(world)


def _claim_too_much(world: World) -> None:
    world.stock(5)
    line = world.stored().items[0]
    frappe.db.sql(
        """insert into `tabStock Reservation`
            (name, order_id, order_item, product, warehouse, quantity, reservation_state)
        values ('explorer', %s, %s, %s, %s, 9, 'Active')""",
        (world.order, line.name, line.product, HOUSE),
    )


def _twice_in_wdt(world: World) -> None:
    trades = world.trades()
    world.trades = lambda: [*trades, *trades]  # type: ignore[method-assign]


def _twice_in_u8(world: World) -> None:
    world.u8.documents = lambda resource="saleorder": [{"key": f"S-{world.order}", "head": {}}] * 2  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("check", "break_it"),
    [
        ("confluence", _set("Order", "workflow_state", "Paid")),
        ("confluence", _set("Order", "payment_status", "Unpaid")),
        ("money", _set("Order", "paid_amount", 70)),
        ("money", _set("Order", "open_amount", -5)),
        ("goods", _set("Order Item", "shipped_quantity", 1)),
        ("sides", _set("Sync Outbox", "state", "Dead")),
        ("tasks", _stale_task),
        ("confluence", _other_trouble),
        ("goods", _claim_too_much),
        ("sides", _twice_in_wdt),
        ("sides", _twice_in_u8),
    ],
)
def test_a_broken_order_is_seen(world: World, check: str, break_it: Callable[[World], None]) -> None:
    """The check that is about it says so."""
    break_it(world)
    frappe.db.commit()
    assert check in {fault.check for fault in faults_of(world)}


def test_a_document_that_is_sent_again_unasked_is_seen(
    session: Session, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker died with it on the way; the next one forgets that nobody knows what became of it."""
    monkeypatch.setattr(u8_posting, "in_doubt", lambda progress, now: progress)
    played = session.play(Schedule.read(LOST_ON_THE_WAY))
    assert [fault.check for fault in played.faults] == ["sides", "sides"]
    assert "U8 has 2 documents of S-" in played.faults[0].text


def test_a_balance_that_nobody_paid_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Money is on the order, on the customer's balance, or back with him."""
    monkeypatch.setattr(checks, "customer_balance", lambda customer, currency: Decimal(5))
    assert "money" in {fault.check for fault in faults_of(world)}


def test_advice_that_is_refused_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is named who is not let in."""
    monkeypatch.setitem(why_module.ROLES_OF_STEP, why_module.OrderStep.CONFIRM_RECEIPT, ())
    (fault,) = follow_why(world)
    assert fault.check == "stuck" and "nobody is named" in fault.text


def test_a_refusal_that_stores_something_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused act changes nothing."""

    def half(world: World) -> None:
        frappe.db.set_value("Order", world.order, "hold_reason", "half done")
        frappe.db.commit()
        raise StepRefused("no")

    monkeypatch.setitem(DEEDS, "hold", replace(DEEDS["hold"], do=half))
    with pytest.raises(Unclean, match="stored something"):
        world.play(["hold"])


def test_an_act_that_ends_in_an_error_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bad input is refused, never a traceback."""

    def fails(world: World) -> None:
        raise KeyError("quantity")

    monkeypatch.setitem(DEEDS, "hold", replace(DEEDS["hold"], do=fails))
    with pytest.raises(Unclean, match="KeyError"):
        world.play(["hold"])
