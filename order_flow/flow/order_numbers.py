"""Gives a confirmed order the number of its company's pattern (R-096..R-101, K-10, K-16)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from order_flow.domain.errors import NumberRefused
from order_flow.domain.numbering import (
    AddNumber,
    NumberGap,
    NumberPattern,
    Region,
    add_sequence,
    number_gap,
    numbers_to_try,
)
from order_flow.flow.numbers import next_number
from order_flow.flow.profiles import profile_of
from order_flow.flow.refusals import StepRefused, refuse_rule


def give_order_number(order: Any) -> None:
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
    count = next_number(f"Order Number {order.customer}")
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
    order.order_number = _first_free(numbers_to_try(number, suffix_allowed=suffix_allowed))


def gap_in_number(order: Any) -> NumberGap | None:
    """Why the profile's pattern would give an order no number; no statement where master data are cached.

    Args:
        order: the Order document, not confirmed yet.

    Returns:
        None where the number can be given.
    """
    if NumberPattern(profile_of(order).number_pattern) is NumberPattern.TECHNICAL:
        return None
    return number_gap(_letter(order), order.customer)


def _letter(order: Any) -> str:
    return frappe.get_cached_value("Product Type", order.product_type, "number_letter") or ""


def _first_free(candidates: Iterable[str]) -> str:
    """The first number that no order carries.

    Read without locks: locks on numbers that do not exist yet would let two confirmations deadlock. The
    column is unique, so a number that appears between this look and the save is refused by the database.
    """
    numbers = list(candidates)
    taken = set(frappe.get_all("Order", {"order_number": ("in", numbers)}, pluck="order_number"))
    free = [number for number in numbers if number not in taken]
    if not free:
        frappe.throw(
            _(
                "Order number {0} is in use already: this customer has confirmed more than 99 orders within "
                "a month. An administrator can allow a letter behind the number in Order Flow Settings."
            ).format(numbers[0]),
            StepRefused,
            title=_("Not Possible Now"),
        )
    return free[0]
