"""Stock on a real site: figures, claims, the gate, and the race for the last pieces (R-061, R-254..R-264)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from dev.bench.statements import recorded_statements
from dev.state import ROOT, HostState
from order_flow.api.orders import ship
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode, Origin
from order_flow.domain.goods.stock import StockSource
from order_flow.domain.states import OrderState, OrderStep, Role
from order_flow.flow.cancelling.requests import CancelReason, request_cancellation
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.profiles import EFFECT_FIELDS
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shipments.leaving import new_shipment
from order_flow.flow.stock.levels import Level, free_by_product, set_levels
from order_flow.flow.stock.reservations import expire_reservations, fit_reservations, known_outside
from order_flow.order_flow.report.stock import stock as stock_report
from tests.site.support.builders import PRODUCTS, acting_as, new_order, user_of
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers

PROFILE = "Test Stock"
HOUSES = ("TEST-WH1", "TEST-WH2")
PRODUCT = PRODUCTS[0]
RACERS, PIECES, ORDERS = 5, 10, 50


def ensure_stock_masters() -> None:
    for number, house in enumerate(HOUSES):
        if not frappe.db.exists("Warehouse", house):
            frappe.get_doc(
                {"doctype": "Warehouse", "warehouse_code": house, "warehouse_name": house, "priority": number}
            ).insert()
    if not frappe.db.exists("Flow Profile", PROFILE):
        gate = dict.fromkeys(EFFECT_FIELDS.values(), Effect.OFF.value)
        gate |= {EFFECT_FIELDS[CheckPoint.SHIP]: Effect.STOP.value}
        frappe.get_doc(
            {
                "doctype": "Flow Profile",
                "profile_name": PROFILE,
                "reserve_stock": 1,
                "gates": [{"gate": GateCode.STOCK_NOT_AVAILABLE.label, **gate}],
            }
        ).insert()
    if not frappe.db.exists("Sales Channel", PROFILE):
        channel = {"doctype": "Sales Channel", "channel_name": PROFILE, "flow_profile": PROFILE}
        frappe.get_doc(channel).insert()


@pytest.fixture(autouse=True)
def masters(site: Any) -> Iterator[None]:
    """Warehouses and the procedure; stock figures of a test are taken back with it."""
    ensure_stock_masters()
    yield
    frappe.db.rollback()


def stock(
    first: int, second: int = 0, product: str = PRODUCT, source: StockSource = StockSource.HAND
) -> None:
    levels = [
        Level(product, house, Decimal(q), Decimal(q))
        for house, q in zip(HOUSES, (first, second), strict=True)
    ]
    set_levels(levels, source)


def ordered(quantity: int, **overrides: Any) -> Any:
    items = [{"product": PRODUCT, "quantity": quantity, "unit_price": 10}]
    return new_order(channel=PROFILE, items=items, **overrides)


def confirmed(quantity: int) -> Any:
    order = ordered(quantity)
    take_step(order, OrderStep.CONFIRM)
    return order


def claims(order: Any) -> list[tuple[str, float, str]]:
    return [
        (row.warehouse, row.quantity, row.reservation_state)
        for row in frappe.get_all(
            "Stock Reservation",
            filters={"order_id": order.name},
            fields=["warehouse", "quantity", "reservation_state"],
            order_by="warehouse, creation",
        )
    ]


def free() -> Decimal:
    return free_by_product([PRODUCT])[PRODUCT]


def test_a_confirmed_order_claims_its_goods_from_the_first_warehouse_on(site: Any) -> None:
    """R-264, R-266."""
    stock(3, 10)
    order = confirmed(5)
    assert claims(order) == [(HOUSES[0], 3, "Active"), (HOUSES[1], 2, "Active")]
    assert free() == 8


def test_an_unconfirmed_order_claims_nothing(site: Any) -> None:
    stock(10)
    order = ordered(4)
    assert (claims(order), free()) == ([], 10)


def test_what_is_not_there_is_not_claimed(site: Any) -> None:
    """R-264: no negative reservation; the missing part is told."""
    stock(3)
    order = confirmed(5)
    assert claims(order) == [(HOUSES[0], 3, "Active")]
    fit_reservations(order)
    assert claims(order) == [(HOUSES[0], 3, "Active")]
    assert free() == 0


def test_a_cancelled_order_gives_its_goods_back(site: Any) -> None:
    stock(10)
    order = confirmed(4)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND)
    assert claims(order) == [(HOUSES[0], 4, "Released")]
    assert free() == 10


def test_goods_that_leave_are_taken_off_the_stock_once(site: Any) -> None:
    """R-264, R-280: claim and figure go down together; a voided shipment brings the goods back."""
    stock(10)
    order = ordered(6, payment_term="Cash on Delivery")
    take_step(order, OrderStep.CONFIRM)
    line = order.items[0]
    shipment = frappe.get_doc(
        {
            "doctype": "Shipment",
            "order_id": order.name,
            "shipment_state": "Shipped",
            "led_by": "Site",
            "items": [{"order_item": line.name, "product": line.product, "quantity": 2}],
        }
    ).insert()
    physical = frappe.db.get_value("Stock Level", {"product": PRODUCT, "warehouse": HOUSES[0]}, "physical")
    assert (physical, free()) == (8, 4)
    assert claims(order) == [(HOUSES[0], 4, "Active")]
    shipment.reload()
    shipment.shipment_state = "Voided"
    shipment.save()
    physical = frappe.db.get_value("Stock Level", {"product": PRODUCT, "warehouse": HOUSES[0]}, "physical")
    assert (physical, free()) == (10, 4)


def test_what_left_is_not_held_as_well(site: Any) -> None:
    """R-264: an order above the stock that ships what there is; reserved never exceeds what lies there."""
    stock(6)
    order = ordered(10, payment_term="Cash on Delivery")
    take_step(order, OrderStep.CONFIRM)
    shipped = new_shipment(order, {order.items[0].name: Decimal(4)}, origin=Origin.SITE, values={})
    shipped.insert()
    assert claims(order) == [(HOUSES[0], 2, "Active")]
    assert free() == 0
    stock(12)
    assert free() == 10
    shipped.reload()
    shipped.shipment_state = "Voided"
    shipped.save()
    assert sum(claim[1] for claim in claims(order)) == 10


def test_the_gate_stops_what_is_not_there_and_names_it(site: Any) -> None:
    """R-061: another order's claim counts, the own one does not."""
    stock(5)
    rival, order = confirmed(4), ordered(3, payment_term="Cash on Delivery")
    take_step(order, OrderStep.CONFIRM)
    shipment = frappe.get_doc(
        {
            "doctype": "Shipment",
            "order_id": order.name,
            "shipment_state": "Shipped",
            "led_by": "Site",
            "items": [{"order_item": order.items[0].name, "product": PRODUCT, "quantity": 3}],
        }
    )
    with pytest.raises(StepRefused, match=rf"{PRODUCT}: 1 < 3"):
        shipment.insert()
    request_cancellation(rival.name, CancelReason.CHANGE_OF_MIND)
    shipment.insert()


@pytest.mark.parametrize(
    ("source", "known_after_figure", "counts"),
    [
        (StockSource.WDT, None, True),
        (StockSource.WDT, timedelta(minutes=1), True),
        (StockSource.WDT, timedelta(0), False),
        (StockSource.WDT, -timedelta(minutes=1), False),
        (StockSource.HAND, -timedelta(minutes=1), True),
    ],
)
def test_a_claim_counts_until_wdts_own_figure_leaves_it_out(
    site: Any, source: StockSource, known_after_figure: timedelta | None, counts: bool
) -> None:
    """R-254, R-264: it is never taken off twice, in the gate and in the report."""
    stock(10, source=source)
    order = confirmed(4)
    read_at = now_datetime() + timedelta(hours=1)
    set_levels([Level(PRODUCT, HOUSES[0], Decimal(10), Decimal(10))], source, read_at)
    if known_after_figure is not None:
        known_outside(order.name)
        frappe.db.set_value(
            "Stock Reservation",
            {"order_id": order.name},
            "known_outside_since",
            read_at + known_after_figure,
        )
    assert free() == (6 if counts else 10)
    (row,) = [row for row in stock_report.execute({"product": PRODUCT})[1] if row.warehouse == HOUSES[0]]
    assert row.free == (6 if counts else 10)


def test_an_older_figure_never_replaces_a_newer_one(site: Any) -> None:
    stock(10)
    set_levels(
        [Level(PRODUCT, HOUSES[0], Decimal(1), Decimal(1))],
        StockSource.WDT,
        add_to_date(None, hours=-1, as_datetime=True),
    )
    row = frappe.db.get_value(
        "Stock Level", {"product": PRODUCT, "warehouse": HOUSES[0]}, ["physical", "source"]
    )
    assert row == (10, "Hand")


def test_reservations_end_with_their_time(site: Any) -> None:
    stock(10)
    order = confirmed(4)
    frappe.db.set_value(
        "Stock Reservation", {"order_id": order.name}, "expires_at", add_to_date(None, hours=-1)
    )
    expire_reservations()
    assert claims(order) == [(HOUSES[0], 4, "Expired")]
    assert free() == 10


@pytest.mark.parametrize(
    ("physical", "available", "text"), [(-1, 0, "not below zero"), (1, 2, "more is available")]
)
def test_a_wrong_count_is_refused(site: Any, physical: int, available: int, text: str) -> None:
    with pytest.raises((StepRefused, frappe.NonNegativeError), match=text if physical >= 0 else None):
        frappe.get_doc(
            {
                "doctype": "Stock Level",
                "product": PRODUCT,
                "warehouse": HOUSES[0],
                "physical": physical,
                "available": available,
            }
        ).insert()


def test_statements_of_a_claim_do_not_grow_with_the_lines(site: Any) -> None:
    def count(lines: int) -> int:
        items = [{"product": PRODUCTS[n % 5], "quantity": 1, "unit_price": 10} for n in range(lines)]
        order = frappe.get_doc("Order", new_order(channel=PROFILE, items=items).name)
        with recorded_statements() as statements:
            take_step(order, OrderStep.CONFIRM)
        return len(statements)

    for product in PRODUCTS:
        stock(500, product=product)
    count(2)
    assert count(5) == count(60)


def test_the_report_and_the_channels_answer_tell_the_age(site: Any) -> None:
    """R-254, R-356."""
    stock(5, 7)
    confirmed(4)
    rows = list(stock_report.execute({"product": PRODUCT})[1])
    assert [(row.warehouse, row.reserved, row.free) for row in rows] == [(HOUSES[0], 4, 1), (HOUSES[1], 0, 7)]
    assert all(row.age for row in rows)
    frappe.db.set_value("Product", PRODUCT, "safety_stock", 100)
    assert {row.product for row in stock_report.execute({"below_safety": 1})[1]} == {PRODUCT}


def test_who_may_not(site: Any, callers: Callers) -> None:
    """R-388: a field rep does not see the whole stock; nobody but operators starts a reading."""
    path = "method/order_flow.api.stock.available_stock"
    assert callers.of(Role.FIELD_REP).get(path, products=f'["{PRODUCT}"]').status_code == 403
    assert callers.of(Role.INTEGRATION).get(path, products=f'["{PRODUCT}"]').status_code == 200
    assert callers.of(Role.INTEGRATION).get(path, products="[]").status_code == 417
    assert (
        callers.of(Role.ORDER_DESK)
        .post("method/order_flow.api.sync.read_stock_now", wdt_account="x")
        .status_code
        == 403
    )
    assert callers.of(Role.WAREHOUSE).post("resource/Stock Reservation", product=PRODUCT).status_code == 403
    with acting_as(user_of(Role.SALES)):
        assert not frappe.has_permission("Stock Level", "write")


def test_racing_for_the_last_pieces_never_sells_one_too_many(site: Any, host: HostState) -> None:
    """R-264: fifty orders of a piece each, ten pieces, five processes; who gets none is told (R-061)."""
    stock(PIECES)
    profile = frappe.get_doc("Flow Profile", PROFILE)
    profile.gates[0].set(EFFECT_FIELDS[CheckPoint.CONFIRM], Effect.WARN.value)
    profile.save()
    names = [ordered(1).name for _number in range(ORDERS)]
    frappe.db.commit()
    try:
        code = "from tests.site.support.stock_racer import main; main()"
        place = (host.test_site, str(host.sites_path))
        racers = [
            subprocess.Popen(
                [str(host.env_python), "-c", code, *place, *names[number::RACERS]],
                cwd=host.sites_path,
                env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(host.home)},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for number in range(RACERS)
        ]  # fmt: skip
        for racer in racers:
            assert racer.stdout and racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin
            racer.stdin.write("go\n")
            racer.stdin.flush()
        for racer in racers:
            _out, errors = racer.communicate(timeout=120)
            assert racer.returncode == 0, errors
        frappe.db.rollback()
        held = frappe.get_all(
            "Stock Reservation", {"order_id": ("in", names)}, ["quantity", "reservation_state"]
        )
        assert sum(row.quantity for row in held) == PIECES
        served = set(frappe.get_all("Stock Reservation", {"order_id": ("in", names)}, pluck="order_id"))
        reminded = {
            row.order_id
            for row in frappe.get_all(
                "Order Event", {"order_id": ("in", names)}, ["order_id", "remark"], limit_page_length=0
            )
            if "Not enough in stock" in (row.remark or "")
        }
        assert reminded == set(names) - served
        assert (
            frappe.db.count("Order", {"name": ("in", names), "workflow_state": OrderState.CONFIRMED.value})
            == ORDERS
        )
    finally:
        remove_orders(names)
        frappe.db.delete("Stock Level", {"product": PRODUCT})
        frappe.db.commit()


@pytest.mark.parametrize("door", ["count", "shipment"])
def test_low_stock_is_told_whatever_the_door(site: Any, door: str) -> None:
    """R-255: a count by hand and goods that leave tell as a reading from WDT does."""
    stock(5)
    frappe.db.delete("ToDo", {"reference_type": "Product", "reference_name": PRODUCT})
    frappe.db.set_value("Product", PRODUCT, "safety_stock", 5)
    if door == "count":
        level = frappe.get_doc("Stock Level", {"product": PRODUCT, "warehouse": HOUSES[0]})
        level.available = 4
        level.save()
    else:
        order = ordered(2, payment_term="Cash on Delivery")
        take_step(order, OrderStep.CONFIRM)
        ship(order.name, carrier="SF", waybill_number="W-1")
    told = frappe.get_all("ToDo", {"reference_name": PRODUCT, "status": "Open"}, pluck="role")
    assert sorted(told) == ["Planning", "Purchasing"]


@pytest.mark.parametrize(("leaving", "free"), [(2, True), (3, False)])
def test_a_part_needs_the_stock_of_that_part(site: Any, leaving: int, free: bool) -> None:
    """R-294: what leaves must be there, not what follows later."""
    stock(2)
    order = ordered(3, payment_term="Cash on Delivery")
    take_step(order, OrderStep.CONFIRM)
    items = [{"order_item": order.items[0].name, "quantity": leaving}]
    if free:
        ship(order.name, carrier="SF", waybill_number="W-1", items=items)
        return
    with pytest.raises(StepRefused, match="Not enough in stock"):
        ship(order.name, carrier="SF", waybill_number="W-1", items=items)
