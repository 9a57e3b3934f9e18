"""An order's payment plan: the branch it takes, what is due when, and what is open (K-03, R-004, R-168)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import getdate

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE
from order_flow.domain.money.delivery_clock import Demanded, delivery_start, response_days
from order_flow.domain.money.terms import (
    DueRule,
    TermPolicy,
    TermsRefused,
    agreed_deposit,
    branch_of,
    check_policy,
    due_schedule,
    open_dues,
    policy_of,
)
from order_flow.domain.orders.progress import shipment_values
from order_flow.domain.states import PaymentFamily, PaymentTerm
from order_flow.flow.profiles import profile_of
from order_flow.flow.refusals import StepRefused, refuse_rule

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order


def policies_of(order: Order) -> Mapping[PaymentTerm, TermPolicy]:
    """Return what the company's procedure says about payment terms; read from the cache."""
    return {PaymentTerm(row.payment_term): policy_from(row) for row in profile_of(order).payment_terms}


def policy_from(row: Any) -> TermPolicy:
    """A row of a Flow Profile as the rules read it."""
    return TermPolicy(
        before_planning=to_decimal(row.percent_before_planning),
        before_shipment=to_decimal(row.percent_before_shipment),
        after_shipment=to_decimal(row.percent_after_shipment),
        credit_check=bool(row.credit_check),
        due_rule=DueRule(row.due_rule or DueRule.AFTER_SHIPMENT),
        due_days=row.due_days or 0,
    )


def check_payment_terms(profile: FlowProfile) -> None:
    """Refuse payment terms that are no whole, or stand twice.

    Args:
        profile: the Flow Profile document.

    Raises:
        StepRefused: naming the term.
    """
    seen: set[PaymentTerm] = set()
    for row in profile.payment_terms:
        term = PaymentTerm(row.payment_term)
        if term in seen:
            frappe.throw(
                _("Payment term '{0}' stands in the table twice. Keep one row.").format(_(term.value)),
                StepRefused,
            )
        seen.add(term)
        try:
            check_policy(term, policy_from(row))
        except TermsRefused as error:
            refuse_rule(error)


def fill_plan(order: Order, term: PaymentTerm, customer: Any) -> None:
    """Take over what the customer's contract and the company's policy say (R-004, R-013, R-014).

    Args:
        order: the Order document while its content is open.
        term: its payment term.
        customer: the customer's row.
    """
    policies = policies_of(order)
    policy = policy_of(term, policies)
    order.payment_family = branch_of(term, policies).value
    if not order.deposit_amount:
        order.deposit_percent = order.deposit_percent or customer.deposit_percent
    agreed = customer if customer.due_rule else policy
    order.due_rule, order.due_days = DueRule(agreed.due_rule).value, agreed.due_days or 0


def compute_plan(order: Order) -> None:
    """Spread the total over what is due before planning and before shipment.

    Args:
        order: the Order document with its computed total.

    Raises:
        StepRefused: a deposit that does not fit.
    """
    total = to_decimal(order.total)
    policy = policy_of(PaymentTerm(order.payment_term), policies_of(order))
    try:
        deposit = agreed_deposit(total, to_decimal(order.deposit_percent), to_decimal(order.deposit_amount))
    except TermsRefused as error:
        refuse_rule(error)
    schedule = due_schedule(total, policy, deposit)
    order.deposit_due = float(schedule.before_planning)
    order.shipment_due = float(schedule.due_at_shipment)


def derive_times(order: Order) -> None:
    """Derive from when delivery time counts and how long the order took to answer (R-006, R-007).

    Args:
        order: the Order document with the dates that are known.
    """
    confirmed = _day(order.customer_confirmed_on or order.confirmed_at)
    deposit = Demanded(bool(order.deposit_due), _day(order.deposit_received_on))
    by_letter = PaymentTerm(order.payment_term) is PaymentTerm.LETTER_OF_CREDIT
    letter = Demanded(by_letter, _day(order.lc_received_on))
    order.delivery_start = delivery_start(confirmed, deposit, letter)
    order.response_days = response_days(confirmed, deposit, _day(order.sailing_date)) or 0


def derive_due_date(order: Order) -> None:
    """Derive the day on which the oldest open money for shipped goods is due.

    Args:
        order: the Order document with fresh sums. Shipments are read only where something is open.
    """
    paid = to_decimal(order.paid_amount) + to_decimal(order.credited_amount)
    if to_decimal(order.shipped_amount) <= paid:
        order.payment_due_date = None
        return
    dues = open_dues(shipped_values(order), paid, *due_terms(order))
    order.payment_due_date = dues[0].due_on if dues else None


def due_terms(order: Order) -> tuple[DueRule, int]:
    """From when and for how many days an order's due date counts.

    Args:
        order: an Order document or a row with its payment family, due rule and due days.

    Returns:
        Rule and days. Money that was due before the goods left has been due since they left.
    """
    if PaymentFamily(order.payment_family) is PaymentFamily.PAY_FIRST:
        return DueRule.AFTER_SHIPMENT, 0
    return DueRule(order.due_rule or DueRule.AFTER_SHIPMENT), order.due_days or 0


def shipped_values(order: Order) -> Sequence[tuple[date, Decimal]]:
    """Day and value of what left, in one query; the values add up to the order's shipped amount."""
    rows = frappe.db.sql(
        """select shipment.name, date(shipment.shipped_at), item.order_item, item.quantity
        from `tabShipment` shipment join `tabShipment Item` item on item.parent = shipment.name
        where shipment.order_id = %s and shipment.shipment_state in %s
            and shipment.delivery_case is null
        order by shipment.shipped_at, shipment.name""",
        (order.name, tuple(state.value for state in LEFT_WAREHOUSE)),
    )
    return shipment_values(
        ((shipment, day, line, to_decimal(quantity)) for shipment, day, line, quantity in rows),
        {line_key(line): to_decimal(line.quantity) for line in order.items},
        {line_key(line): to_decimal(line.gross) for line in order.items},
        extras(order),
    )


def line_key(line: Any) -> str:
    """Return what tells a line from the others; one that a change adds has no name before it is stored."""
    return line.name or f"new {line.idx}"


def _day(value: Any) -> date | None:
    return getdate(value) if value else None


def extras(order: Order) -> Decimal:
    """Freight and fees less the order's discount, in the order's currency."""
    return to_decimal(order.freight) + to_decimal(order.other_fees) - to_decimal(order.discount) or ZERO
