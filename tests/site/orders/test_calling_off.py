"""A cancellation never swallows goods that are out: only what has not left is called off (R-023, R-147)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from order_flow.api.orders import confirm, confirm_receipt, hold, record_payment, request_cancellation, ship
from order_flow.domain.states import DeliveryStatus, OrderState, OrderStep, PaymentFamily
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.flow.desk.why import why
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from order_flow.flow.tasks.giving import reason_of
from order_flow.outbox.accounts.discrepancies import resolve
from order_flow.outbox.registry import AccountType
from order_flow.sync.compare.reconcile import reconcile
from order_flow.sync.compare.repairs import read_record_again
from order_flow.sync.wdt.cancel import next_look
from tests.site.support.builders import TERM_OF_FAMILY, WDT_ACCOUNT, new_order
from tests.site.support.change_lab import QUANTITY, applied, line_change
from tests.site.support.open_tasks import task_texts
from tests.site.support.sync_lab import Lab

REASON = CancelReason.SHORTAGE.value
THREE = [{"product": "TEST-A", "quantity": 3, "unit_price": 100}]


def three(family: PaymentFamily, **overrides: Any) -> Any:
    """An order of three pieces of 100 each."""
    return new_order(payment_term=TERM_OF_FAMILY[family].value, items=[dict(THREE[0])], **overrides)


def ship_part(order: Any, quantity: float, number: str = "1") -> str:
    """A parcel of the desk."""
    items = [{"order_item": order.items[0].name, "quantity": quantity}]
    return str(
        ship(order.name, carrier="SF", waybill_number=f"{order.name}-{number}", items=items)["shipment"]
    )


def reload(order: Any) -> Any:
    """As it is stored now."""
    return frappe.get_doc("Order", order.name)


def test_cash_on_delivery_keeps_the_courier_s_money(site: Any) -> None:
    """Two of three are out: their 200 are owed, taken from the courier, and complete the order."""
    order = three(PaymentFamily.PAY_LATER)
    confirm(order.name)
    ship_part(order, 2)
    assert request_cancellation(order.name, REASON)["state"] == OrderState.SHIPPED
    stored = reload(order)
    assert (stored.total, stored.shipped_amount, stored.open_amount) == (200, 200, 200)
    assert (stored.items[0].quantity, stored.rest_called_off) == (2, 1)
    assert task_texts(order, TaskReason.REFUND_DUE) == []
    record_payment(order.name, 200, "COURIER-1", kind="Cash on Delivery")
    assert reload(order).workflow_state == OrderState.COMPLETED


def test_prepaid_gets_back_what_does_not_come(site: Any) -> None:
    """One of three is out: finance pays 200 back, not 300, and the order goes on to its end."""
    order = three(PaymentFamily.PAY_FIRST)
    confirm(order.name)
    record_payment(order.name, 300, "PAY-1")
    ship_part(order, 1)
    request_cancellation(order.name, REASON)
    stored = reload(order)
    assert (stored.workflow_state, stored.total) == (OrderState.SHIPPED, 100)
    (text,) = task_texts(order, TaskReason.REFUND_DUE)
    assert "200" in text and "300" not in text
    confirm_receipt(order.name)
    assert reload(order).workflow_state == OrderState.COMPLETED


def test_what_was_ordered_stays_kept(site: Any) -> None:
    """The old content is a version, as after a change notice (R-141)."""
    order = new_order(payment_term=TERM_OF_FAMILY[PaymentFamily.PAY_LATER].value)
    confirm(order.name)
    ship_part(order, 1)
    request_cancellation(order.name, REASON, "nothing more to be had")
    assert len(reload(order).items) == 1
    version = frappe.get_last_doc("Order Version", {"order_id": order.name})
    assert len(frappe.parse_json(version.content)["items"]) == 5
    event = frappe.get_last_doc("Order Event", {"order_id": order.name, "step": "Rest Called Off"})
    assert "nothing more to be had" in event.remark


def test_no_door_cancels_an_order_whose_goods_are_out(site: Any) -> None:
    """Not the step itself, whoever takes it: only the request, which cuts off the rest."""
    order = three(PaymentFamily.PAY_LATER)
    confirm(order.name)
    ship_part(order, 2)
    with pytest.raises(StepRefused, match="calls off"):
        take_step(reload(order), OrderStep.CANCEL)
    assert reload(order).docstatus == 1


def test_asking_again_changes_nothing(site: Any) -> None:
    """The same request twice is one reduction, one version."""
    order = three(PaymentFamily.PAY_LATER)
    confirm(order.name)
    ship_part(order, 2)
    for _time in range(2):
        request_cancellation(order.name, REASON)
    assert reload(order).total == 200
    assert frappe.db.count("Order Version", {"order_id": order.name}) == 1


def test_everything_out_is_refused_whatever_the_state(site: Any) -> None:
    """An order that was held while its last parcel left is not Shipped yet: nothing of it can be stopped."""
    order = three(PaymentFamily.PAY_LATER)
    confirm(order.name)
    ship_part(order, 3)
    frappe.db.set_value("Order", order.name, "workflow_state", OrderState.CONFIRMED.value)
    with pytest.raises(StepRefused, match="return"):
        request_cancellation(order.name, REASON)


def test_a_parcel_that_comes_back_afterwards_ends_the_order(site: Any) -> None:
    """The rest is called off, then the parcel is voided: nothing is wanted any more."""
    order = three(PaymentFamily.PAY_FIRST)
    confirm(order.name)
    record_payment(order.name, 300, "PAY-1")
    shipment = ship_part(order, 1)
    hold(order.name, "wait")
    request_cancellation(order.name, REASON)
    assert reload(order).workflow_state == OrderState.PAID
    document = frappe.get_doc("Shipment", shipment)
    document.shipment_state = "Voided"
    document.save()
    assert reload(order).workflow_state == OrderState.CANCELLED
    (text,) = task_texts(order, TaskReason.REFUND_DUE)
    assert "300" in text


FACTS = ("pay", "ship", "cancel")


@pytest.mark.parametrize("family", PaymentFamily)
@pytest.mark.parametrize("sequence", [*permutations(FACTS), *permutations((*FACTS, "ship again"))])
def test_goods_and_money_are_conserved_in_any_sequence(
    site: Any, family: PaymentFamily, sequence: tuple[str, ...]
) -> None:
    """What is owed is what is out; nothing is out that is not ordered; too much money has its task."""
    order = three(family)
    confirm(order.name)
    paid = Decimal(0)
    for number, fact in enumerate(sequence):
        try:
            if fact == "pay":
                kind = "Payment" if family is PaymentFamily.PAY_FIRST else "Cash on Delivery"
                record_payment(order.name, 300, f"PAY-{number}", kind=kind)
                paid += 300
            elif fact == "cancel":
                request_cancellation(order.name, REASON)
            else:
                ship_part(order, 1, str(number))
        except StepRefused:
            continue
    stored = reload(order)
    shipped = sum(Decimal(str(line.shipped_quantity)) for line in stored.items)
    out = _out(order)
    assert out == shipped <= sum(Decimal(str(line.quantity)) for line in stored.items)
    state = OrderState(stored.workflow_state)
    assert (state is OrderState.CANCELLED) == ("cancel" in sequence and out == 0)
    if "cancel" in sequence and out:
        assert stored.delivery_status == DeliveryStatus.SHIPPED
        assert Decimal(str(stored.total)) == out * 100
        if paid > out * 100:
            assert stored.paid_amount == float(paid)
            assert _asked_back(order, paid - out * 100)
    assert Decimal(str(stored.open_amount)) == max(out * 100 - paid, Decimal(0)) or state in (
        OrderState.CONFIRMED,
        OrderState.PAID,
        OrderState.CANCELLED,
    )


def _out(order: Any) -> Decimal:
    rows = frappe.db.sql(
        """select coalesce(sum(i.quantity), 0)
        from `tabShipment Item` i join `tabShipment` s on s.name = i.parent
        where s.order_id = %s and s.shipment_state != 'Voided'""",
        (order.name,),
    )
    return Decimal(str(rows[0][0]))


def _asked_back(order: Any, amount: Decimal) -> bool:
    """Whether exactly one open task names the money that is too much."""
    texts = frappe.get_all("ToDo", {"reference_name": order.name, "status": "Open"}, pluck="description")
    return len([text for text in texts if f" {amount.normalize():f}" in text]) == 1


# With WDT


def _told(lab: Lab, family: PaymentFamily = PaymentFamily.PAY_FIRST, **overrides: Any) -> Any:
    values = {"payment_term": TERM_OF_FAMILY[family].value, "items": [dict(THREE[0])], **overrides}
    order = lab.order(**values)
    confirm(order.name)
    if family is PaymentFamily.PAY_FIRST:
        record_payment(order.name, str(order.total), f"PAY-{order.name}")
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    return lab.reload(order)


def _agreed(lab: Lab, order: Any) -> bool:
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    lab.read_wdt()
    lab.post_u8()
    answer = reconcile([order.name])[0]
    assert lab.open_rows() == []
    assert answer["verdict"] == "agreed", answer
    return True


def _request(order: Any) -> None:
    request_cancellation(order.name, REASON)
    frappe.db.commit()


@pytest.mark.parametrize("reviewed", [False, True])
def test_the_desk_s_parcel_is_told_under_its_own_number(lab: Lab, reviewed: bool) -> None:
    """WDT stops the whole order; what left here is told anew, shipped there, and the sides agree."""
    order = _told(lab)
    if reviewed:
        lab.warehouse(order.name, "audit")
    ship_part(order, 1)
    _request(order)
    if reviewed:
        while lab.send_once("WDT Account", order.wdt_account):
            pass
        lab.wdt.settle()
        assert lab.reload(order).cancel_requested == 1
        lab.warehouse(order.name, "confirm_interception")
    lab.tell_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.total, stored.wdt_edition) == (OrderState.SHIPPED, 100, 1)
    lab.wdt.settle()
    lab.ship_in_wdt(order.name, edition=1, logistics_no=f"{order.name}-1")
    lab.read_wdt()
    assert _agreed(lab, order)
    assert frappe.db.count("Shipment", {"order_id": order.name, "shipment_state": ("!=", "Voided")}) == 1
    confirm_receipt(order.name)
    assert _agreed(lab, order)
    assert lab.reload(order).workflow_state == OrderState.COMPLETED


@pytest.mark.parametrize("family", [PaymentFamily.PAY_FIRST])
@pytest.mark.parametrize("seen", [False, True])
def test_the_rest_of_what_wdt_shipped_in_part(lab: Lab, family: PaymentFamily, seen: bool) -> None:
    """A part left over there, read back before or after the request: the order ends with that part."""
    order = _told(lab, family)
    trades = _ship_a_part(lab, order)
    if seen:
        lab.read_wdt()
    _request(order)
    lab.tell_wdt()
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.total) == (OrderState.SHIPPED, 100), (stored.cancel_answer, trades)
    assert [text for text in task_texts(order, TaskReason.REFUND_DUE) if "200" in text]
    assert _agreed(lab, order)
    confirm_receipt(order.name)
    assert _agreed(lab, order)


def test_wdt_cancels_the_rest_first(lab: Lab) -> None:
    """The warehouse cancels what had not left: the order follows, whatever is read first (R-023)."""
    order = _told(lab)
    trades = _ship_a_part(lab, order)
    lab.wdt.verb("cancel", trade_no=trades[-1])
    lab.read_wdt()
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.total, stored.cancel_reason) == (
        OrderState.SHIPPED,
        100,
        CancelReason.CANCELLED_IN_WDT,
    )
    assert _agreed(lab, order)
    confirm_receipt(order.name)
    assert _agreed(lab, order)


@pytest.mark.parametrize("way_out", ["the rest leaves", "a change notice"])
def test_a_part_that_wdt_cancels_while_the_rest_waits_is_asked_about(lab: Lab, way_out: str) -> None:
    """Nothing says whether the customer still wants it: the order desk is asked until the sides agree."""
    order = _told(lab)
    left, rest = _ship_a_part(lab, order)
    lab.wdt.verb("cancel", trade_no=rest)
    lab.wdt.verb("recall", trade_no=left)
    _read_now(order)
    _read_now(order)
    (text,) = task_texts(order, TaskReason.PART_CANCELLED_IN_WDT)
    assert "TEST-A × 2" in text
    assert lab.reload(order).workflow_state == OrderState.PAID
    if way_out == "the rest leaves":
        lab.wdt.verb("ship", trade_no=left, logistics_code="SF", logistics_no=f"SF-{order.name}")
    else:
        lab.wdt.verb("reject", trade_no=left)
        applied(order, QUANTITY, line_change(order, "quantity", 1))
        frappe.db.commit()
    assert _agreed(lab, order)
    stored = lab.reload(order)
    assert (stored.total, task_texts(order, TaskReason.PART_CANCELLED_IN_WDT)) == (100, [])
    assert [words for words in task_texts(order, TaskReason.REFUND_DUE) if "200" in words] or [
        words for words in task_texts(order, TaskReason.SURPLUS) if "200" in words
    ]


def _rest_called_off(lab: Lab) -> tuple[Any, str]:
    """An order that was reduced to the piece that WDT shipped, and the number of that trade."""
    order = _told(lab)
    trade = _ship_a_part(lab, order)[0]
    _request(order)
    lab.tell_wdt()
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    _next_second()
    return order, trade


def _next_second() -> None:
    """WDT's times are whole seconds: what is taken back must have changed after it had left."""
    second = now_datetime().second
    while now_datetime().second == second:
        frappe.db.sql("select 1")


def _read_now(order: Any) -> None:
    """Read what WDT shows of an order: the windows of the readers end at a time that was not turned."""
    frappe.db.commit()
    read_record_again(order.wdt_account, {"order": order.name})
    frappe.db.commit()


def _asked_of_the_desk(order: Any) -> list[str]:
    """What open tasks about discrepancies of an order say."""
    frappe.db.rollback()
    names = frappe.get_all("Sync Discrepancy", {"document": order.name}, pluck="name")
    about = {"reference_type": "Sync Discrepancy", "reference_name": ("in", names), "status": "Open"}
    return list(frappe.get_all("ToDo", {**about, "role": "Order Desk"}, pluck="description"))


def test_what_wdt_takes_back_is_asked_about_until_it_leaves_again(lab: Lab) -> None:
    order, trade = _rest_called_off(lab)
    lab.wdt.verb("recall", trade_no=trade)
    _read_now(order)
    (text,) = _asked_of_the_desk(order)
    assert "nobody waits for its goods" in text and trade in text
    assert "Cancel the trade in WDT" in _asked_of_the_warehouse(order)
    _next_second()
    lab.wdt.verb("ship", trade_no=trade, logistics_code="SF", logistics_no=f"SF-{order.name}-2")
    _read_now(order)
    _read_now(order)
    assert _asked_of_the_desk(order) == []
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    _sent(lab)
    stored = lab.reload(order)
    assert (stored.cancel_requested, stored.total, _asked_of_the_warehouse(order)) == (0, 100, "")
    # Nobody had asked for it: the customer gets what he expects.
    assert task_texts(order, TaskReason.CANCELLATION_REFUSED) == []
    assert reconcile([order.name])[0]["verdict"] == "agreed"


def test_what_wdt_takes_back_and_cancels_goes_on_as_a_refund(lab: Lab) -> None:
    """Nothing of it is out any more: the order follows the cancellation, and all its money goes back."""
    order, trade = _rest_called_off(lab)
    lab.wdt.verb("recall", trade_no=trade)
    _read_now(order)
    assert len(_asked_of_the_desk(order)) == 1
    _next_second()
    lab.wdt.verb("reject", trade_no=trade)
    _read_now(order)
    # No message stops it there: the warehouse is asked until it is gone.
    assert "Cancel the trade in WDT" in _asked_of_the_warehouse(order)
    _next_second()
    lab.wdt.verb("cancel", trade_no=trade)
    _read_now(order)
    assert lab.reload(order).workflow_state == OrderState.CANCELLED
    assert _asked_of_the_warehouse(order) == ""
    assert lab.open_rows() == [] or _sent(lab) == 1
    assert lab.open_rows() == []
    assert reconcile([order.name])[0]["verdict"] == "agreed"
    assert [text for text in task_texts(order, TaskReason.REFUND_DUE) if "300" in text]
    assert _asked_of_the_desk(order) == []


def test_an_answer_that_takes_days_is_not_asked_for_all_day(lab: Lab) -> None:
    """Nobody in the warehouse does anything: the looks get rare, and the order says who it waits for."""
    waited, looks = 0.0, 0
    while waited < timedelta(days=1).total_seconds():
        waited, looks = waited + next_look(waited), looks + 1
    assert 24 < looks < 50
    order, trade = _rest_called_off(lab)
    lab.wdt.verb("recall", trade_no=trade)
    _read_now(order)
    assert _sent(lab) == 1
    assert "Cancel the trade in WDT" in _asked_of_the_warehouse(order)
    sentence = why(lab.reload(order)).sentence
    assert "the warehouse has not answered yet" in sentence
    assert "not been told" not in sentence


@pytest.mark.parametrize("shipped_again", [False, True])
def test_taken_back_first_and_called_off_then(lab: Lab, shipped_again: bool) -> None:
    """The same two facts the other way round have the same two ends."""
    order = _told(lab)
    trade = _ship_a_part(lab, order)[0]
    lab.read_wdt()
    _next_second()
    lab.wdt.verb("recall", trade_no=trade)
    _read_now(order)
    _request(order)
    _sent(lab)
    lab.wdt.settle()
    _read_now(order)
    assert "Stop it in WDT" in _asked_of_the_warehouse(order)
    _next_second()
    if shipped_again:
        lab.wdt.verb("refuse_interception", trade_no=trade)
        lab.wdt.verb("ship", trade_no=trade, logistics_code="SF", logistics_no=f"SF-{order.name}-2")
    else:
        lab.wdt.verb("confirm_interception", trade_no=trade)
    for _time in range(2):
        _read_now(order)
        _sent(lab)
    stored = lab.reload(order)
    ends = (OrderState.SHIPPED, 100) if shipped_again else (OrderState.CANCELLED, 300)
    assert (stored.workflow_state, stored.total) == ends, stored.cancel_answer
    assert _asked_of_the_warehouse(order) == ""
    assert reconcile([order.name])[0]["verdict"] == "agreed"


def _sent(lab: Lab) -> int:
    """Messages that the relay sends when it is asked now."""
    return lab.send_once(AccountType.WDT, WDT_ACCOUNT)


def _asked_of_the_warehouse(order: Any) -> str:
    frappe.db.rollback()
    return "".join(task_texts(order, TaskReason.CANCEL_IN_WDT))


def test_who_resolves_what_wdt_took_back_ends_the_task(lab: Lab) -> None:
    order, trade = _rest_called_off(lab)
    lab.wdt.verb("recall", trade_no=trade)
    _read_now(order)
    assert len(_asked_of_the_desk(order)) == 1
    for name in frappe.get_all("Sync Discrepancy", {"document": order.name, "state": "Open"}, pluck="name"):
        resolve(name, "leaves again tomorrow")
    frappe.db.commit()
    assert _asked_of_the_desk(order) == []


@pytest.mark.parametrize("seen", [False, True])
@pytest.mark.parametrize("desk_first", [False, True])
def test_parts_left_on_both_sides(lab: Lab, desk_first: bool, seen: bool) -> None:
    """A piece of one line left here, one of the other over there, the rest is called off: two pieces stay.

    WDT cancels the rest of its trade, the desk's piece with it; that one is booked out of its stock by hand.
    """
    order = _told(lab, items=[dict(THREE[0]), {**THREE[0], "product": "TEST-B"}])
    parcel = ship_part(order, 1) if desk_first else ""
    frappe.db.commit()
    _ship_a_part(lab, order, line=1)
    if seen:
        lab.read_wdt()
    parcel = parcel or ship_part(lab.reload(order), 1)
    _request(order)
    lab.tell_wdt()
    lab.read_wdt()
    stored = lab.reload(order)
    assert (stored.workflow_state, stored.total) == (OrderState.SHIPPED, 200), stored.cancel_answer
    assert [text for text in task_texts(order, TaskReason.REFUND_DUE) if " 400" in text]
    assert _tasks_about(parcel) == [TaskReason.BOOK_OUT_BY_HAND]
    assert _agreed(lab, order)
    assert lab.discrepancies(order) == []
    confirm_receipt(order.name)
    assert _agreed(lab, order)
    assert lab.reload(order).workflow_state == OrderState.COMPLETED


def _tasks_about(shipment: str) -> list[str]:
    open_tasks = {"reference_name": shipment, "status": "Open"}
    return sorted(reason_of(name) for name in frappe.get_all("ToDo", open_tasks, pluck="name"))


def test_a_refused_request_is_somebody_s_task(lab: Lab) -> None:
    """WDT shipped meanwhile: the order desk speaks with the customer; the task goes with the order's end."""
    order = _told(lab)
    lab.ship_in_wdt(order.name)
    _request(order)
    lab.tell_wdt()
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    (text,) = task_texts(order, TaskReason.CANCELLATION_REFUSED)
    assert "send the goods back" in text
    confirm_receipt(order.name)
    frappe.db.commit()
    assert task_texts(order, TaskReason.CANCELLATION_REFUSED) == []


def _ship_a_part(lab: Lab, order: Any, line: int = 0) -> list[str]:
    """Split one piece off and ship it; the numbers of the shipped trade and of the other."""
    lab.wdt.verb("split", tid=order.name, lines=[{"oid": order.items[line].name, "num": 1}])
    trades = [str(trade["trade_no"]) for trade in lab.wdt.trades(order.name)]
    assert len(trades) == 2
    parts = {
        str(trade["trade_no"]): sum(Decimal(str(row["actual_num"])) for row in trade["goods_list"])
        for trade in lab.wdt.trades(order.name)
    }
    first = next(number for number, part in parts.items() if part == 1)
    for verb in ("audit", "print", "pick", "scan", "weigh", "ship"):
        options = {"logistics_code": "SF", "logistics_no": f"SF-{order.name}"} if verb == "ship" else {}
        lab.wdt.verb(verb, trade_no=first, **options)
    return [first, next(number for number in parts if number != first)]
