"""What a page of the desk costs: statements counted, the same for a small and a large order (issue: face)."""

from __future__ import annotations

from typing import Any

import frappe

from dev.bench.statements import recorded_statements
from order_flow.api.desk import order_calendar, order_form
from order_flow.domain.states import OrderState, PaymentFamily, Role
from tests.site.support.builders import PRODUCTS, WDT_CHANNEL, acting_as, order_in, user_of


def lines(number: int) -> list[dict[str, Any]]:
    return [{"product": PRODUCTS[index % 5], "quantity": 1, "unit_price": 10} for index in range(number)]


def statements_of(ask: Any) -> int:
    """Statements of the second asking: what the first one put into the cache is there on a working day."""
    ask()
    with recorded_statements() as statements:
        ask()
    return len(statements)


def test_the_orders_form_costs_the_same_for_any_number_of_lines(site: Any) -> None:
    """Its sentence, buttons, stations, clocks and sides in one question of at most six statements."""
    few = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, channel=WDT_CHANNEL, items=lines(5))
    many = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, channel=WDT_CHANNEL, items=lines(60))
    with acting_as(user_of(Role.ORDER_DESK)):
        counts = [statements_of(lambda order=order: order_form(order.name)) for order in (few, many)]
    assert counts[0] == counts[1]
    assert counts[0] <= 6


def test_the_list_and_the_calendar_cost_the_same_for_any_number_of_orders(site: Any) -> None:
    """One statement a page; rows bring none of their own."""

    def counts() -> tuple[int, int]:
        shown = ["name", "customer_name", "workflow_state", "total", "delivery_status"]
        with acting_as(user_of(Role.ORDER_DESK)):
            listed = statements_of(lambda: frappe.get_list("Order", fields=shown, limit_page_length=20))
            month = statements_of(lambda: order_calendar("2026-11-01", "2026-12-01"))
        return listed, month

    order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, promised_date="2026-11-30")
    few = counts()
    for _number in range(4):
        order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, promised_date="2026-11-30")
    assert counts() == few
    assert few[0] == 1
