"""One box finds an order by every number that anybody has of it, in what its reader may see (R-015)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.api.desk import find
from order_flow.api.orders import ship
from order_flow.domain.orders.finding import NUMBERS
from order_flow.domain.states import OrderStep, Role
from order_flow.flow.desk.finding import MOST_SHOWN
from order_flow.flow.lifecycle.steps import take_step
from tests.site.support.builders import acting_as, new_order, user_of

pytestmark = pytest.mark.usefixtures("site")
MOST_STATEMENTS = 1 + len(NUMBERS)
"""One for all indexes, one for each kind that was hit."""


@pytest.fixture
def numbers() -> dict[str, str]:
    """Numbers that nobody else has."""
    mark = uuid4().hex[:8].upper()
    return {
        "external_number": f"DD-{mark}",
        "customer_order_number": f"PO/{mark}",
        "mobile": f"139{int(mark, 16) % 10**8:08}",
    }


def hits(text: str) -> list[tuple[str, str, bool]]:
    return [(hit["doctype"], hit["name"], hit["exact"]) for hit in find(text)]


@pytest.mark.parametrize("field", ["external_number", "customer_order_number", "mobile"])
def test_a_whole_number_names_its_order(numbers: dict[str, str], field: str) -> None:
    order = new_order(**numbers)
    with acting_as(user_of(Role.ORDER_DESK)):
        assert hits(numbers[field]) == [("Order", order.name, True)]


def test_of_many_orders_of_a_telephone_the_newest_come_first(numbers: dict[str, str]) -> None:
    """Whoever calls asks about the order of today, not about the first one he ever gave."""
    orders = [new_order(mobile=numbers["mobile"]).name for _number in range(MOST_SHOWN + 2)]
    assert [name for _doctype, name, _exact in hits(numbers["mobile"])] == orders[::-1][:MOST_SHOWN]


def test_what_others_have_does_not_hide_the_readers_own(numbers: dict[str, str]) -> None:
    rep = user_of(Role.FIELD_REP)
    own = new_order(sales_rep=rep, mobile=numbers["mobile"])
    for _number in range(MOST_SHOWN + 2):
        new_order(mobile=numbers["mobile"])
    with acting_as(rep):
        assert hits(numbers["mobile"]) == [("Order", own.name, True)]


def test_what_comes_later_is_found_later(numbers: dict[str, str]) -> None:
    assert hits(numbers["mobile"]) == []
    order = new_order(**numbers)
    assert hits(numbers["mobile"]) == [("Order", order.name, True)]


def test_full_width_digits_and_blanks_are_what_they_mean(numbers: dict[str, str]) -> None:
    order = new_order(**numbers)
    wide = numbers["mobile"].translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert hits(f" {wide} ") == [("Order", order.name, True)]


def test_the_beginning_of_a_number_lists_and_is_not_exact(numbers: dict[str, str]) -> None:
    order = new_order(**numbers)
    assert hits(numbers["external_number"][:-1]) == [("Order", order.name, False)]


def test_a_waybill_names_its_shipment(numbers: dict[str, str]) -> None:
    order = new_order(payment_term="Cash on Delivery", **numbers)
    take_step(order, OrderStep.CONFIRM)
    waybill = f"SF{numbers['mobile']}"
    shipment = str(ship(order.name, waybill_number=waybill)["shipment"])
    with acting_as(user_of(Role.WAREHOUSE)):
        assert hits(waybill) == [("Shipment", shipment, True)]


def test_signs_of_a_pattern_are_plain_signs(numbers: dict[str, str]) -> None:
    new_order(**numbers)
    assert find("%%%") == []
    assert find(numbers["external_number"].replace("-", "_")) == []


@pytest.mark.parametrize("text", ["", "  ", "SO", "1"])
def test_a_short_text_asks_nothing(text: str) -> None:
    with recorded_statements() as statements:
        assert find(text) == []
    assert statements == []


def test_who_reads_some_orders_finds_those_alone(numbers: dict[str, str]) -> None:
    rep = user_of(Role.FIELD_REP)
    own, others = new_order(sales_rep=rep, **numbers), new_order(mobile=numbers["mobile"])
    with acting_as(rep):
        assert hits(numbers["mobile"]) == [("Order", own.name, True)]
        assert hits(others.name) == []


def test_a_user_without_a_role_is_refused(numbers: dict[str, str]) -> None:
    order = new_order(**numbers)
    with acting_as("Guest"), pytest.raises(frappe.PermissionError):
        find(order.name)


def test_statements_do_not_grow_with_hits(numbers: dict[str, str]) -> None:
    counts = []
    for _round in range(3):
        new_order(mobile=numbers["mobile"])
        find(numbers["mobile"])
        with recorded_statements() as statements:
            find(numbers["mobile"])
        counts.append(len(statements))
    assert counts[0] == counts[-1] <= MOST_STATEMENTS


@pytest.mark.parametrize(
    ("doctype", "field"), [(doctype, field) for doctype, fields in NUMBERS.items() for field in fields]
)
def test_each_number_stands_first_in_an_index(site: Any, doctype: str, field: str) -> None:
    rows = frappe.db.sql(f"show index from `tab{doctype}` where column_name = %s and seq_in_index = 1", field)
    assert rows, f"{doctype}.{field} is searched without an index"
