"""What an order costs: statements independent of its size; links and lines as strict as ever (design 8)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.api.orders import record_payment, ship
from order_flow.domain.states import OrderStep, PaymentFamily, Role
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.rows import LINES_PER_STATEMENT
from tests.site.support.builders import (
    PRODUCTS,
    TERM_OF_FAMILY,
    WDT_CHANNEL,
    acting_as,
    new_order,
    order_values,
    user_of,
)

CREATE_STATEMENTS = 9
"""Masters, number, order, lines, event, two for the waiting work and one of the framework's, message."""
CONFIRM_STATEMENTS = 15
CONFIRM_MONEY_STATEMENTS = 24
"""The payment with its version, the facts about the order, the order with its step, version and message."""
SHIP_STATEMENTS = 38
"""Of an order without WDT: its own rows read under lock, the facts, the shipment, the step, the tasks."""
FEW, MANY = 5, 60


def lines(count: int) -> list[dict[str, Any]]:
    """Order lines over the products of the tests."""
    return [
        {"product": PRODUCTS[number % len(PRODUCTS)], "quantity": number + 1, "unit_price": 2.5}
        for number in range(count)
    ]


def create_recorded(count: int) -> tuple[Any, list[str]]:
    """An inserted order of so many lines, told to WDT, and the statements it took."""
    with recorded_statements() as statements:
        order = new_order(channel=WDT_CHANNEL, items=lines(count))
    return order, statements


def test_creating_takes_the_same_statements_for_any_number_of_lines(site: Any) -> None:
    """Design 8: few statements, and as many for 60 lines as for 5."""
    create_recorded(FEW)  # what a process looks up once
    few = create_recorded(FEW)[1]
    many = create_recorded(MANY)[1]
    # The test's own values ask for the customer's code first.
    assert len(few) == len(many)
    assert len(few) <= CREATE_STATEMENTS + 1, "\n".join(few)


def test_confirming_takes_the_same_statements_for_any_number_of_lines(site: Any) -> None:
    """Design 8: the load included."""
    counts = []
    for count in (FEW, FEW, MANY):
        order = create_recorded(count)[0]
        with recorded_statements() as statements:
            take_step(frappe.get_doc("Order", order.name, for_update=True), OrderStep.CONFIRM)
        counts.append(len(statements))
    assert counts[1] == counts[2]
    assert counts[1] <= CONFIRM_STATEMENTS, "\n".join(statements)


def test_confirming_money_takes_the_same_statements_for_any_number_of_lines(site: Any) -> None:
    """One reading of the order's facts and one save, the step included."""
    counts = []
    for count in (FEW, FEW, MANY):
        order = create_recorded(count)[0]
        take_step(frappe.get_doc("Order", order.name), OrderStep.CONFIRM)
        with acting_as(user_of(Role.ORDER_DESK)):
            payment = record_payment(order.name, order.total, f"P{order.name}")["payment"]
        with recorded_statements() as statements:
            frappe.get_doc("Order Payment", payment).confirm()
        counts.append(len(statements))
    assert counts[1] == counts[2]
    assert counts[1] <= CONFIRM_MONEY_STATEMENTS, "\n".join(statements)


def shippable(count: int) -> Any:
    """A confirmed order of so many lines that may leave unpaid."""
    term = TERM_OF_FAMILY[PaymentFamily.PAY_LATER].value
    order = new_order(payment_term=term, items=lines(count))
    take_step(frappe.get_doc("Order", order.name), OrderStep.CONFIRM)
    return order


def test_shipping_all_takes_the_same_statements_for_any_number_of_lines(site: Any) -> None:
    """What leaves is inserted together, and the order's lines follow in one statement."""
    counts = []
    for count in (FEW, FEW, MANY):
        order = shippable(count)
        with recorded_statements() as statements:
            ship(order.name, carrier="SF", waybill_number=f"SF{order.name}")
        counts.append(len(statements))
        stored = frappe.get_doc("Order", order.name)
        assert [line.shipped_quantity for line in stored.items] == [line.quantity for line in stored.items]
    assert counts[1] == counts[2], counts
    assert counts[1] <= SHIP_STATEMENTS, "\n".join(statements)


def test_each_line_that_left_gets_its_own_quantity(site: Any) -> None:
    """Lines that changed in the same columns are written together; the others keep theirs."""
    order = shippable(FEW)
    leaving = {order.items[0].name: 0.5, order.items[3].name: 2.0}
    rows = [{"order_item": line, "quantity": quantity} for line, quantity in leaving.items()]
    shipment = ship(order.name, carrier="SF", waybill_number=f"SF{order.name}", items=rows)["shipment"]
    stored = frappe.get_doc("Order", order.name)
    assert {line.name: line.shipped_quantity for line in stored.items} == {
        line.name: leaving.get(line.name, 0) for line in order.items
    }
    assert {line.modified for line in stored.items} == {stored.modified}
    items = frappe.get_doc("Shipment", shipment).items
    assert [(row.idx, row.order_item, row.quantity) for row in items] == [
        (number, line, quantity) for number, (line, quantity) in enumerate(leaving.items(), 1)
    ]


def test_a_very_long_order_keeps_every_line(site: Any) -> None:
    """Real orders have up to 591 lines (issue 2.5); more than one statement takes."""
    count = 2 * LINES_PER_STATEMENT + 1
    stored = frappe.get_doc("Order", new_order(items=lines(count)).name)
    assert [(line.idx, line.product, line.quantity) for line in stored.items] == [
        (number, wanted["product"], wanted["quantity"]) for number, wanted in enumerate(lines(count), 1)
    ]


def test_added_and_removed_lines_of_a_draft_are_stored(site: Any) -> None:
    """K-07: an unconfirmed order is edited in place."""
    order = frappe.get_doc("Order", new_order(items=lines(3)).name)
    kept = [order.items[0].name, order.items[2].name]
    order.remove(order.items[1])
    order.append("items", {"product": PRODUCTS[4], "quantity": 7, "unit_price": 1})
    order.append("items", {"product": PRODUCTS[3], "quantity": 8, "unit_price": 1})
    order.save()
    stored = frappe.get_doc("Order", order.name)
    by_quantity = sorted(stored.items, key=lambda line: line.quantity)
    assert [line.quantity for line in by_quantity] == [1, 3, 7, 8]
    assert [line.name for line in by_quantity[:2]] == kept
    assert len({line.name for line in stored.items}) == len(stored.items)


@pytest.mark.parametrize(
    "field, value",
    [("customer", "no such customer"), ("channel", "no such channel"), ("currency", "no such currency")],
)
def test_an_unknown_link_is_refused(site: Any, field: str, value: str) -> None:
    """R-042: what is read anyway is not asked twice, but what does not exist is still refused."""
    with pytest.raises(frappe.LinkValidationError, match=value):
        new_order(**{field: value})


def test_an_unknown_link_is_refused_in_a_later_save(site: Any) -> None:
    """R-042: unchanged links are not asked again, changed ones are."""
    order = frappe.get_doc("Order", new_order().name)
    order.sales_rep = "nobody@test.example.com"
    with pytest.raises(frappe.LinkValidationError, match=r"nobody@test\.example\.com"):
        order.save()


def test_a_code_in_another_case_becomes_the_stored_one(site: Any) -> None:
    """The framework's habit, kept: the database compares without case, outside systems do not."""
    assert new_order(channel=WDT_CHANNEL.lower()).channel == WDT_CHANNEL


def test_a_second_save_looks_at_the_masters_again(site: Any) -> None:
    """R-013: a product that was disabled meanwhile is refused, whatever the first save had read."""
    order = frappe.get_doc(order_values()).insert()
    frappe.db.set_value("Product", PRODUCTS[0], "disabled", 1)
    order.buyer_message = "quickly please"
    with pytest.raises(frappe.LinkValidationError, match=PRODUCTS[0]):
        order.save()
