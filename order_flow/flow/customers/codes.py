"""Gives a new customer its code (R-049, K-16)."""

from __future__ import annotations

import frappe

from order_flow.domain.errors import NumbersExhausted
from order_flow.domain.orders.numbering import (
    CodesAfterLimit,
    NumberPattern,
    customer_code,
    running_number_of,
)
from order_flow.flow.records.numbers import next_number, raise_number
from order_flow.flow.refusals import refuse_rule

SERIES = "Customer Code"


def next_customer_code() -> str:
    """The next code; a customer that is refused gives its code back, a deleted one does not.

    Raises:
        StepRefused: the codes are used up.
    """
    try:
        return customer_code(next_number(SERIES), _after_limit())
    except NumbersExhausted as error:
        refuse_rule(error)


def go_on_behind_stored_codes() -> None:
    """Start the series behind every code that is in use."""
    codes = frappe.get_all("Customer", pluck="name", limit_page_length=0)
    raise_number(SERIES, max((running_number_of(code) for code in codes), default=0))


def _after_limit() -> CodesAfterLimit:
    profiles = frappe.get_all("Sales Channel", {"enabled": 1}, pluck="flow_profile")
    three_places = {"number_pattern": NumberPattern.ADD.value, "name": ("in", profiles or [""])}
    if not frappe.db.exists("Flow Profile", three_places):
        return CodesAfterLimit.LONGER
    letters = frappe.db.get_single_value("Order Flow Settings", "customer_code_letters")
    return CodesAfterLimit.LETTERS if letters else CodesAfterLimit.NONE
