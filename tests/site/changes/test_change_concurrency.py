"""Several people change one order at one moment, over HTTP, each with a connection (R-106, R-129, R-351)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import frappe
import pytest
import requests

from order_flow.domain.changes.model import ChangeState
from order_flow.domain.states import OrderState, PaymentFamily, Role
from tests.site.support.builders import PRODUCTS, order_in
from tests.site.support.change_lab import QUANTITY, approved, line_change, sent
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, Rest

OK, RULE = 200, 417
AT_ONCE = 5
ROUNDS = 3

Call = Callable[[], requests.Response]


@pytest.fixture
def order(site: Any) -> Iterator[Any]:
    lines = [{"product": code, "quantity": 10, "unit_price": 60} for code in PRODUCTS]
    found = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, items=lines)
    frappe.db.commit()
    yield found
    remove_orders([found.name])


def at_once(calls: Sequence[Call]) -> list[requests.Response]:
    """Send requests at the same moment and wait for all answers."""
    start = Barrier(len(calls))

    def send(call: Call) -> requests.Response:
        start.wait(timeout=30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(send, calls))


def change(caller: Rest, method: str, **body: Any) -> requests.Response:
    return caller.post(f"method/order_flow.api.changes.{method}", **body)


def fresh(order: Any) -> Any:
    frappe.db.rollback()
    return frappe.get_doc("Order", order.name)


def test_two_appliers_apply_once(order: Any, callers: Callers) -> None:
    """All are told that it is applied; it happened once (R-351)."""
    notice = approved(order, QUANTITY, line_change(order, "quantity", 12))
    frappe.db.commit()
    desks = [callers.fresh(Role.ORDER_DESK) for _ in range(AT_ONCE)]
    answers = at_once([partial(change, desk, "step", notice=notice.name, step="Apply") for desk in desks])
    assert {answer.status_code for answer in answers} == {OK}, [answer.text for answer in answers]
    assert {answer.json()["message"]["state"] for answer in answers} == {ChangeState.APPLIED}
    assert fresh(order).items[0].quantity == 12
    assert frappe.db.count("Order Version", {"order_id": order.name}) == 1
    assert frappe.db.count("Order Event", {"order_id": order.name, "step": "Change Applied"}) == 1


def test_of_several_notices_on_one_line_one_is_written(order: Any, callers: Callers) -> None:
    """The others are told its number."""
    for round_number in range(ROUNDS):
        line = order.items[round_number].name
        body = {
            "order": order.name,
            "kind": QUANTITY,
            "reason": "more",
            "changes": [{"line": line, "field": "quantity", "value": 11}],
        }
        desks = [callers.fresh(Role.ORDER_DESK) for _ in range(AT_ONCE)]
        answers = at_once([partial(change, desk, "propose", **body) for desk in desks])
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [OK, *[RULE] * (AT_ONCE - 1)], [answer.text for answer in answers]
        frappe.db.rollback()
        stored = frappe.get_all("Change Notice Line", {"order_item": line}, pluck="parent")
        assert len(stored) == 1
        refused = next(answer for answer in answers if answer.status_code == RULE)
        assert stored[0] in refused.text


def test_notices_at_one_moment_get_numbers_one_after_the_other(order: Any, callers: Callers) -> None:
    """R-106: no number twice, none left out, although the refused ones took and gave back one."""
    bodies = [
        {
            "order": order.name,
            "kind": QUANTITY,
            "reason": "more",
            "changes": [{"line": line.name, "field": "quantity", "value": 11}],
        }
        for line in order.items
    ]
    desks = [callers.fresh(Role.ORDER_DESK) for _ in bodies]
    answers = at_once(
        [partial(change, desk, "propose", **body) for desk, body in zip(desks, bodies, strict=True)]
    )
    assert {answer.status_code for answer in answers} == {OK}, [answer.text for answer in answers]
    numbers = sorted(int(answer.json()["message"]["notice"].split("-")[1]) for answer in answers)
    assert numbers == list(range(numbers[0], numbers[0] + len(bodies)))


def test_departments_answer_at_one_moment(order: Any, callers: Callers) -> None:
    """Parallel answers: none is lost (R-129)."""
    for line in range(ROUNDS):
        notice = sent(order, QUANTITY, line_change(order, "quantity", 12, line=line))
        frappe.db.commit()
        calls = [
            partial(
                change, callers.fresh(role), "answer", notice=notice.name, department=role.value, answer="Yes"
            )
            for role in (Role.PLANNING, Role.LOGISTICS)
        ]
        answers = at_once(calls)
        assert {answer.status_code for answer in answers} == {OK}, [answer.text for answer in answers]
        frappe.db.rollback()
        stored = frappe.get_doc("Change Notice", notice.name)
        assert [row.answer for row in stored.answers] == ["Yes", "Yes"]


def test_shipping_and_reducing_at_one_moment_fit_each_other(order: Any, callers: Callers) -> None:
    """R-246: what leaves is never more than what is ordered, whoever comes first."""
    lines = [{"product": PRODUCTS[0], "quantity": 10, "unit_price": 60}]
    for _round in range(ROUNDS):
        own = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER, items=lines)
        notice = approved(own, QUANTITY, line_change(own, "quantity", 4))
        frappe.db.commit()
        try:
            shipped, applied = at_once(
                [
                    partial(
                        callers.fresh(Role.WAREHOUSE).post,
                        "method/order_flow.api.ship",
                        order=own.name,
                        waybill_number="SF1",
                        items=[{"order_item": own.items[0].name, "quantity": 8}],
                    ),
                    partial(change, callers.fresh(Role.ORDER_DESK), "step", notice=notice.name, step="Apply"),
                ]
            )
            assert sorted((shipped.status_code, applied.status_code)) == [OK, RULE], (
                shipped.text,
                applied.text,
            )
            stored = fresh(own)
            line = stored.items[0]
            assert line.shipped_quantity <= line.quantity
            assert (line.quantity, line.shipped_quantity) in ((10, 8), (4, 0))
        finally:
            remove_orders([own.name])
