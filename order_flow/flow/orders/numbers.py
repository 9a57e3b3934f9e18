"""Gives a confirmed order the number of its company's pattern (R-096..R-101, K-10, K-16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate

from order_flow.domain.errors import NumberRefused
from order_flow.domain.orders.numbering import (
    AddNumber,
    NumberGap,
    NumberPattern,
    Region,
    add_sequence,
    has_started_over,
    number_gap,
    number_in_use,
    numbers_to_try,
)
from order_flow.flow.profiles import profile_of
from order_flow.flow.records.numbers import next_number
from order_flow.flow.refusals import refuse_rule

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def give_order_number(order: Order) -> None:
    """Assign the order number of the profile's pattern; the technical name stays beside it.

    The customer's counter stays locked until the confirmation is stored, so confirmations of one customer
    queue up, and one that is taken back leaves no gap.

    Args:
        order: the Order document in the save of its confirmation, with its customer and confirmation date.

    Raises:
        StepRefused: the product type has no letter, or the number is taken and no letter may follow (K-16).
    """
    if NumberPattern(profile_of(order).number_pattern) is NumberPattern.TECHNICAL:
        return
    numbers = _numbers(order, next_number(_series(order)))
    if free := _first_free(numbers):
        if order.customer_order_number in (order.name, order.order_number):
            # The internal number stands in for a customer who has none.
            order.customer_order_number = free
        order.order_number = free
        return
    in_use = number_in_use(numbers[0])
    refuse_rule(NumberRefused(in_use.template, in_use.params))


def gap_in_number(order: Order) -> NumberGap | None:
    """Why the profile's pattern would give an order no number; one statement where master data are cached.

    Args:
        order: the Order document, not confirmed yet.

    Returns:
        None where the number can be given.
    """
    if NumberPattern(profile_of(order).number_pattern) is NumberPattern.TECHNICAL:
        return None
    return number_gap(_letter(order), order.customer) or _gap_in_count(order)


def _gap_in_count(order: Order) -> NumberGap | None:
    """Tell whether the customer's next number is in use; only a count past 99 can meet an older one."""
    given = frappe.db.get_value("Number Counter", _series(order), "last_number") or 0
    if not has_started_over(given + 1):
        return None
    numbers = _numbers(order, given + 1)
    return None if _first_free(numbers) else number_in_use(numbers[0])


def _series(order: Order) -> str:
    return f"Order Number {order.customer}"


def _numbers(order: Order, count: int) -> list[str]:
    """The customer's n-th number, and what may stand in where it is in use."""
    try:
        number = AddNumber(
            region=Region(order.region or Region.UNKNOWN),
            type_letter=_letter(order),
            customer_code=order.customer,
            confirmed_on=getdate(order.customer_confirmed_on or order.confirmed_at),
            sequence=add_sequence(count),
        )
    except NumberRefused as error:
        refuse_rule(error)
    suffix_allowed = bool(frappe.db.get_single_value("Order Flow Settings", "order_number_letters"))
    return list(numbers_to_try(number, suffix_allowed=suffix_allowed))


def _letter(order: Order) -> str:
    return frappe.get_cached_value("Product Type", order.product_type, "number_letter") or ""


def _first_free(numbers: list[str]) -> str:
    """The first number that no order carries; "" where all are in use.

    Read without locks: locks on numbers that do not exist yet would let two confirmations deadlock. The
    column is unique, so a number that appears between this look and the save is refused by the database.
    """
    taken = set(frappe.get_all("Order", {"order_number": ("in", numbers)}, pluck="order_number"))
    return next((number for number in numbers if number not in taken), "")
