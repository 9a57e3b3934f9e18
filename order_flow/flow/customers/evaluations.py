"""Prepares the quarter's customer evaluations for the general manager, and stores the judgement (R-252)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.amounts import to_decimal
from order_flow.domain.changes.model import ChangeState, RequestedBy
from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.customers.evaluation import (
    EvaluationState,
    Quarter,
    QuarterFacts,
    ability_to_pay,
    cooperation,
    margin,
    profit,
)
from order_flow.domain.states import CALLED_OFF_STATES
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.flow.clocks.events import happened
from order_flow.flow.records.rows import insert_new_rows

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.customer_evaluation.customer_evaluation import CustomerEvaluation

EVALUATION = "Customer Evaluation"

_ORDERS = """
    select o.customer, min(o.customer_name), count(*), sum(o.total * o.exchange_rate),
        sum(o.overdue_told is not null or (o.open_amount > 0 and o.payment_due_date < %(today)s)),
        sum(if(o.open_amount > 0 and o.payment_due_date < %(today)s, o.open_amount, 0)),
        sum(o.cancel_reason = %(change_of_mind)s and o.workflow_state in %(called_off)s)
    from `tabOrder` o where o.ordered_at >= %(first)s and o.ordered_at < %(end)s group by o.customer"""
_CHANGES = """
    select o.customer, count(*) from `tabChange Notice` n join `tabOrder` o on o.name = n.order_id
    where o.ordered_at >= %(first)s and o.ordered_at < %(end)s
        and n.requested_by = %(customer)s and n.change_state = %(applied)s group by o.customer"""
_MARGINS = """
    select o.customer,
        sum(if(p.cost_price > 0, i.amount * o.exchange_rate, 0)),
        sum(if(p.cost_price > 0, p.cost_price * i.quantity, 0)), sum(p.cost_price > 0),
        sum(coalesce(p.cost_price, 0) = 0)
    from `tabOrder` o join `tabOrder Item` i on i.parent = o.name and i.parenttype = 'Order'
    join `tabProduct` p on p.name = i.product
    where o.ordered_at >= %(first)s and o.ordered_at < %(end)s and o.docstatus = 1 and o.exchange_rate > 0
    group by o.customer"""
_COLUMNS = (
    "name", "creation", "modified", "owner", "modified_by", "customer", "customer_name", "year", "quarter",
    "evaluation_state", "orders", "turnover", "late_orders", "overdue_amount", "changes", "cancellations",
    "margin_percent", "lines_without_cost", "ability_to_pay", "cooperation", "profit",
)  # fmt: skip


def prepare(quarter: Quarter) -> int:
    """Write a prepared evaluation for every customer who ordered in a quarter and has none yet.

    Args:
        quarter: which; its figures are of this moment, so it should have ended.

    Returns:
        How many customers ordered in it. Four statements, however many they are.
    """
    values = {
        "first": quarter.first_day,
        "end": quarter.following.first_day,
        "today": now_datetime().date(),
        "change_of_mind": CancelReason.CHANGE_OF_MIND.value,
        "called_off": tuple(state.value for state in CALLED_OFF_STATES),
        "customer": RequestedBy.CUSTOMER.value,
        "applied": ChangeState.APPLIED.value,
    }
    changes = dict(frappe.db.sql(_CHANGES, values))
    margins = {row[0]: row[1:] for row in frappe.db.sql(_MARGINS, values)}
    rows = [_row(quarter, row, changes, margins) for row in frappe.db.sql(_ORDERS, values)]
    insert_new_rows(EVALUATION, _COLUMNS, rows)
    return len(rows)


def _row(
    quarter: Quarter,
    found: tuple[Any, ...],
    changes: Mapping[str, int],
    margins: Mapping[str, tuple[Any, ...]],
) -> tuple[Any, ...]:
    customer, name, orders, turnover, late, overdue, cancellations = found
    sales, cost, with_cost, without_cost = margins.get(customer, (0, 0, 0, 0))
    facts = QuarterFacts(
        orders=int(orders),
        late_orders=int(late or 0),
        overdue=to_decimal(overdue),
        changes=int(changes.get(customer, 0)),
        cancellations=int(cancellations or 0),
        sales=to_decimal(sales),
        cost=to_decimal(cost) if with_cost else None,
    )
    percent, grade = margin(facts), profit(facts)
    now, user = now_datetime(), frappe.session.user
    return (
        f"CE-{customer}-{quarter.year}-Q{quarter.number}", now, now, user, user, customer, name, quarter.year,
        quarter.number, EvaluationState.PREPARED.value, facts.orders, float(to_decimal(turnover)),
        facts.late_orders, float(facts.overdue), facts.changes, facts.cancellations,
        None if percent is None else float(percent), int(without_cost), ability_to_pay(facts).value,
        cooperation(facts).value, grade.value if grade else None,
    )  # fmt: skip


def judged(evaluation: CustomerEvaluation) -> None:
    """A person has judged: note who, and end the quarter's clock when nobody is left.

    Args:
        evaluation: the Customer Evaluation document in the middle of its save.
    """
    evaluation.evaluation_state = EvaluationState.EVALUATED.value
    evaluation.evaluated_by, evaluation.evaluated_at = frappe.session.user, now_datetime()


def end_clock_of_the_quarter(evaluation: CustomerEvaluation) -> None:
    """After the last judgement of a quarter its clock stops."""
    left = frappe.db.exists(
        EVALUATION,
        {
            "year": evaluation.year,
            "quarter": evaluation.quarter,
            "evaluation_state": EvaluationState.PREPARED.value,
        },
    )
    if left:
        return
    for profile in frappe.get_all("Clock Rule Profile", pluck="flow_profile", distinct=True):
        happened(ClockEvent.CUSTOMERS_EVALUATED, "", profile=profile)
