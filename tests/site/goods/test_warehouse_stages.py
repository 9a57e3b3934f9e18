"""A shipment led through the house by hand: printed, picked, scanned, weighed (R-244 to R-290)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import frappe
import pytest
from frappe.model.workflow import WorkflowPermissionError
from frappe.utils import add_days, nowdate

from order_flow.api import shipments as shipment_api
from order_flow.api.orders import ship
from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode, Origin
from order_flow.domain.gates.overrides import OverrideKind
from order_flow.domain.states import OrderState, OrderStep, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.cancelling.requests import CancelReason, request_cancellation
from order_flow.flow.desk.why import why
from order_flow.flow.lifecycle.overriding import override_gate
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.profiles import EFFECT_FIELDS
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shipments import instructions as dispatch_instructions
from order_flow.flow.shipments.leaving import new_shipment
from tests.site.support.builders import PRODUCTS, acting_as, new_order, user_of

PROFILE = "Test Stages"
CUP, LID = PRODUCTS[0], PRODUCTS[1]
WEIGHTS = {CUP: 0.5, LID: 0.1}
BARCODE = "6901234567892"
ADDRESS = {"province": "广东省", "city": "珠海市", "address_line": "情侣中路1号"}
WORKER, DESK, CONTROL = user_of(Role.WAREHOUSE), user_of(Role.ORDER_DESK), user_of(Role.QUALITY)


@pytest.fixture(autouse=True)
def masters(site: Any) -> Iterator[None]:
    """The procedure and what the goods weigh; taken back after each test."""
    gate = dict.fromkeys(EFFECT_FIELDS.values(), Effect.OFF.value)
    at_the_door = gate | {EFFECT_FIELDS[CheckPoint.SHIP]: Effect.STOP.value}
    frappe.get_doc(
        {
            "doctype": "Flow Profile",
            "profile_name": PROFILE,
            "warehouse_stages": 1,
            "gates": [
                {"gate": code.label, **at_the_door}
                for code in (GateCode.WEIGHT_DIFFERS, GateCode.NOT_INSPECTED)
            ],
        }
    ).insert()
    frappe.get_doc({"doctype": "Sales Channel", "channel_name": PROFILE, "flow_profile": PROFILE}).insert()
    for product, weight in WEIGHTS.items():
        frappe.db.set_value("Product", product, "weight", weight)
    frappe.db.set_value("Product", CUP, "barcode", BARCODE)
    yield
    frappe.db.rollback()
    frappe.clear_document_cache("Flow Profile", PROFILE)
    frappe.clear_document_cache("Sales Channel", PROFILE)


def ordered(cups: int = 4, lids: int = 2) -> Any:
    items = [
        {"product": CUP, "quantity": cups, "unit_price": 10},
        {"product": LID, "quantity": lids, "unit_price": 1},
    ]
    order = new_order(channel=PROFILE, items=items, payment_term="Cash on Delivery", **ADDRESS)
    take_step(order, OrderStep.CONFIRM)
    return order


def instructed(order: Any, **values: Any) -> str:
    with acting_as(DESK):
        return str(shipment_api.instruct_dispatch(order.name, **values)["shipment"])


def on_the_table(order: Any) -> str:
    """Up to the packing table."""
    shipment = instructed(order)
    with acting_as(WORKER):
        shipment_api.take_step(shipment, "Print Papers")
        assert shipment_api.take_step(shipment, "Finish Picking")["state"] == "Scanning"
    return shipment


def on_the_scales(order: Any) -> str:
    shipment = on_the_table(order)
    with acting_as(WORKER):
        shipment_api.scan(shipment, BARCODE, 4, 1)
        assert shipment_api.scan(shipment, LID, 2, 2)["state"] == "Weighing"
    return shipment


def state(shipment: str) -> str:
    return str(frappe.db.get_value("Shipment", shipment, "shipment_state"))


def test_from_the_instruction_to_the_door() -> None:
    """R-244, R-267, R-269, R-275, R-277, R-280: stage after stage, and the order follows."""
    order = ordered()
    shipment = on_the_scales(order)
    with acting_as(CONTROL):
        shipment_api.inspect(shipment, "Passed")
    with acting_as(WORKER):
        answer = shipment_api.weigh(shipment, {"1": 2.1, "2": 0.2})
    assert answer == {"shipment": shipment, "state": "Shipped", "why": ""}
    document = frappe.get_doc("Shipment", shipment)
    assert (document.weight, document.computed_weight) == (2.3, 2.2)
    assert [(row.parcel_number, row.product, row.quantity) for row in document.packed] == [
        (1, CUP, 4),
        (2, LID, 2),
    ]
    order.reload()
    assert (order.workflow_state, order.delivery_status) == ("Shipped", "Shipped")


def test_the_instruction_says_all_that_the_house_needs() -> None:
    """R-281, R-295, R-373: where to and when; the store and transport find it on their lists."""
    order = ordered()
    tomorrow = add_days(nowdate(), 1)
    shipment = instructed(
        order, planned_ship_date=tomorrow, arrive_by=f"{tomorrow} 10:00:00", spare_parts="2 seals"
    )
    document = frappe.get_doc("Shipment", shipment)
    assert document.delivery_place == "广东省 珠海市 香洲区 情侣中路1号"
    assert str(document.planned_ship_date) == tomorrow
    assert document.spare_parts == "2 seals"
    tasks = frappe.get_all(
        "ToDo", filters={"reference_type": "Shipment", "reference_name": shipment}, pluck="role"
    )
    assert sorted(tasks) == ["Logistics", "Warehouse"]


def test_contract_and_money_are_checked_before_the_house_hears_of_it() -> None:
    """R-244, R-295."""
    items = [{"product": CUP, "quantity": 1, "unit_price": 10}]
    order = new_order(channel=PROFILE, items=items, payment_term="Online Payment", **ADDRESS)
    take_step(order, OrderStep.CONFIRM)
    with pytest.raises(StepRefused):
        instructed(order)
    assert not frappe.db.exists("Shipment", {"order_id": order.name})


def test_goods_are_instructed_once() -> None:
    order = ordered()
    instructed(order, items=[{"order_item": order.items[0].name, "quantity": 3}])
    with pytest.raises(StepRefused, match="enter at most 1"):
        instructed(order)


def test_the_refusal_names_quantities_as_people_write_them() -> None:
    order = ordered(cups=10)
    instructed(order)
    with pytest.raises(StepRefused, match=f"Line 1: 10 of {CUP} wait.*enter at most 0"):
        instructed(order)


def test_goods_of_the_promised_day_have_the_whole_day_to_arrive() -> None:
    order = ordered()
    tomorrow = add_days(nowdate(), 1)
    order.db_set("promised_date", tomorrow)
    shipment = instructed(order)
    assert str(frappe.db.get_value("Shipment", shipment, "arrive_by"))[:19] == f"{tomorrow} 23:59:59"


def test_the_clocks_hear_of_the_instruction(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-244: the fact ends the limit, nobody has to tell it besides."""
    told: list[tuple[ClockEvent, str]] = []
    monkeypatch.setattr(
        dispatch_instructions, "happened", lambda event, order, *, profile: told.append((event, order))
    )
    order = ordered()
    instructed(order)
    assert told == [(ClockEvent.DISPATCH_INSTRUCTED, order.name)]


def test_a_day_that_is_over_is_refused() -> None:
    with pytest.raises(StepRefused, match="that day is over"):
        instructed(ordered(), planned_ship_date=add_days(nowdate(), -1))


def test_goods_do_not_leave_past_the_stages() -> None:
    """R-277: the company's policy; one step is refused, and so is every jump."""
    order = ordered()
    with acting_as(WORKER), pytest.raises(StepRefused, match="leave in stages"):
        ship(order.name)
    shipment = on_the_table(order)
    document = frappe.get_doc("Shipment", shipment)
    document.shipment_state = "Shipped"
    with acting_as(WORKER), pytest.raises(StepRefused, match="cannot go from Scanning to Shipped"):
        document.save()


@pytest.mark.parametrize("stage", ["Picking", "Scanning", "Weighing"])
def test_a_shipment_starts_where_its_papers_are_printed(stage: str) -> None:
    """R-277: over REST as well; a later stage is reached by its steps only."""
    order = ordered()
    line = {"order_item": order.items[0].name, "product": CUP, "quantity": 1}
    values = {"doctype": "Shipment", "order_id": order.name, "shipment_state": stage, "items": [line]}
    with acting_as(WORKER), pytest.raises(WorkflowPermissionError):
        frappe.get_doc(values).insert()


def test_what_is_not_scanned_keeps_the_shipment_on_the_table() -> None:
    """R-275: the difference stops the parcel."""
    shipment = on_the_table(ordered())
    with acting_as(WORKER):
        shipment_api.scan(shipment, CUP, 3)
        with pytest.raises(StepRefused, match=f"{CUP} 3/4, {LID} 0/2"):
            shipment_api.take_step(shipment, "Finish Scanning")
        with pytest.raises(StepRefused, match="does not belong to this shipment"):
            shipment_api.scan(shipment, PRODUCTS[2])
        with pytest.raises(StepRefused, match="2 would be packed, but 1 of 4 is missing"):
            shipment_api.scan(shipment, BARCODE, 2)
        shipment_api.unpack(shipment)
    assert not frappe.get_doc("Shipment", shipment).packed


def test_what_was_scanned_is_not_typed() -> None:
    """R-387: packing is recorded by scans only."""
    shipment = on_the_table(ordered())
    document = frappe.get_doc("Shipment", shipment)
    document.append(
        "packed",
        {
            "parcel_number": 1,
            "order_item": document.items[0].order_item,
            "product": CUP,
            "quantity": 4,
        },
    )
    with acting_as(WORKER), pytest.raises(StepRefused, match="Packed Goods"):
        document.save()


def test_a_weight_that_does_not_fit_keeps_the_goods_until_somebody_lets_them_pass() -> None:
    """R-277, K-14: the weights are stored, the reason is said, the override is named."""
    order = ordered()
    shipment = on_the_scales(order)
    with acting_as(CONTROL):
        shipment_api.inspect(shipment, "Passed")
    with acting_as(WORKER):
        answer = shipment_api.weigh(shipment, {"1": 3.9, "2": 0.2})
        assert answer["state"] == "Weighing"
        assert "weighs 4.1 kg" in answer["why"]
        assert "2.2 kg" in answer["why"]
        with pytest.raises(frappe.PermissionError):
            override_gate(
                order.name,
                GateCode.WEIGHT_DIFFERS,
                CheckPoint.SHIP,
                kind=OverrideKind.MANAGER_OVERRIDE,
                reason="heavy box",
                due_date=nowdate(),
            )
    assert frappe.db.get_value("Shipment", shipment, "weight") == 4.1
    with acting_as(user_of(Role.SALES_MANAGER)):
        override_gate(
            order.name,
            GateCode.WEIGHT_DIFFERS,
            CheckPoint.SHIP,
            kind=OverrideKind.MANAGER_OVERRIDE,
            reason="heavy box",
            due_date=nowdate(),
        )
    with acting_as(WORKER):
        assert shipment_api.take_step(shipment, "Dispatch")["state"] == "Shipped"


def test_goods_that_were_not_inspected_or_failed_stay() -> None:
    """R-279."""
    shipment = on_the_scales(ordered())
    with acting_as(WORKER):
        assert "Nobody has inspected" in shipment_api.weigh(shipment, {"1": 2, "2": 0.2})["why"]
    with acting_as(CONTROL):
        with pytest.raises(StepRefused, match="Say what is wrong"):
            shipment_api.inspect(shipment, "Failed")
        shipment_api.inspect(shipment, "Failed", "scratched")
    with acting_as(WORKER), pytest.raises(StepRefused, match="failed its inspection"):
        shipment_api.take_step(shipment, "Dispatch")


def test_failed_goods_are_the_warehouses_task_until_they_are_mended() -> None:
    """R-279: whoever inspects need not walk over; the task goes when good pieces passed."""
    shipment = on_the_table(ordered())
    with acting_as(CONTROL):
        shipment_api.inspect(shipment, "Failed", "scratched")
    (task,) = tasks_of(shipment, TaskReason.INSPECTION_FAILED)
    assert (task.role, "scratched" in task.description) == (Role.WAREHOUSE, True)
    with acting_as(CONTROL):
        shipment_api.inspect(shipment, "Passed")
    assert tasks_of(shipment, TaskReason.INSPECTION_FAILED) == []


def tasks_of(shipment: str, reason: TaskReason) -> list[Any]:
    return list(
        frappe.get_all(
            "ToDo",
            {"reference_name": shipment, "status": "Open", "name": ("like", f"{reason.value}%")},
            ["role", "description"],
        )
    )


def in_one_step() -> Any:
    """The same order in a company whose goods leave in one step, if nobody instructs the warehouse."""
    frappe.db.set_value("Flow Profile", PROFILE, "warehouse_stages", 0)
    frappe.clear_document_cache("Flow Profile", PROFILE)
    return ordered()


def test_nobody_ships_past_the_warehouse_what_it_gets_ready() -> None:
    """R-279: the order's own button does not send goods out of a shipment that failed its inspection."""
    order = in_one_step()
    shipment = on_the_table(order)
    with acting_as(CONTROL):
        shipment_api.inspect(shipment, "Failed", "scratched")
    with acting_as(WORKER), pytest.raises(StepRefused, match=f"shipment {shipment} is getting these goods"):
        ship(order.name)
    assert "failed its inspection" in why(order).sentence
    with acting_as(WORKER):
        shipment_api.take_step(shipment, "Void Shipment")
        assert ship(order.name)["state"] == OrderState.SHIPPED


def test_what_no_shipment_has_in_hand_leaves_in_one_step() -> None:
    order = in_one_step()
    lines = [{"order_item": order.items[0].name, "quantity": 1}]
    shipment = instructed(order, items=lines)
    with acting_as(WORKER):
        ship(order.name, items=[{"order_item": order.items[0].name, "quantity": 3}])
        with pytest.raises(StepRefused, match="only 0 is left beside it"):
            ship(order.name, items=lines)
    assert state(shipment) == "Waiting for Print"


def test_a_shipment_whose_goods_left_another_way_is_stopped() -> None:
    """WDT shipped what the house was getting ready: it puts its pieces back."""
    order = in_one_step()
    shipment = instructed(order)
    everything = {line.name: Decimal(line.quantity) for line in order.items}
    outside = new_shipment(frappe.get_doc("Order", order.name), everything, origin=Origin.WDT, values={})
    outside.flags.from_wdt = True
    outside.insert(ignore_permissions=True)
    assert state(shipment) == "Voided"
    assert len(tasks_of(shipment, TaskReason.SHIPMENT_UNWANTED)) == 1
    assert tasks_of(shipment, TaskReason.DISPATCH) == []


def test_parcels_without_a_weight_stay() -> None:
    shipment = on_the_scales(ordered())
    with acting_as(CONTROL):
        shipment_api.inspect(shipment, "Passed")
    with acting_as(WORKER), pytest.raises(StepRefused, match="Parcel 1, 2 has not been weighed"):
        shipment_api.take_step(shipment, "Dispatch")


def test_an_order_that_is_called_off_stops_its_shipment() -> None:
    """The house is told to put the goods back, and nothing leaves."""
    order = ordered()
    shipment = on_the_scales(order)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND)
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.CANCELLED
    assert state(shipment) == "Voided"
    (task,) = frappe.get_all(
        "ToDo",
        filters={"reference_type": "Shipment", "reference_name": shipment, "status": "Open"},
        fields=["role", "description"],
    )
    assert task.role == "Warehouse"
    assert "Put its goods back" in task.description


def test_goods_of_an_order_on_hold_stay_where_they_are() -> None:
    order = ordered()
    shipment = on_the_table(order)
    order.reload()
    order.db_set({"on_hold": 1, "hold_reason": "customer asked"})
    with acting_as(WORKER), pytest.raises(StepRefused, match="on hold"):
        shipment_api.scan(shipment, CUP, 4)
        shipment_api.scan(shipment, LID, 2)
    assert state(shipment) == "Scanning"


@pytest.mark.parametrize("role", [Role.SALES, Role.FINANCE, Role.FIELD_REP, Role.QUALITY])
def test_who_may_not_lead_goods(role: Role) -> None:
    order = ordered()
    shipment = on_the_table(order)
    with acting_as(user_of(role)):
        for act in (
            lambda: shipment_api.instruct_dispatch(order.name),
            lambda: shipment_api.take_step(shipment, "Finish Scanning"),
            lambda: shipment_api.scan(shipment, CUP),
            lambda: shipment_api.unpack(shipment),
            lambda: shipment_api.weigh(shipment, {"1": 1}),
        ):
            with pytest.raises(frappe.PermissionError):
                act()


def test_the_order_desk_instructs_but_does_not_ship() -> None:
    order = ordered()
    shipment = on_the_scales(order)
    with acting_as(CONTROL):
        shipment_api.inspect(shipment, "Passed")
    with acting_as(DESK), pytest.raises(frappe.PermissionError):
        shipment_api.weigh(shipment, {"1": 2, "2": 0.2})
    assert state(shipment) == "Weighing"
