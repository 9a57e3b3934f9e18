"""The report Work Queue: order, who sees what, and what it costs (R-029, R-404)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from dev.bench.statements import recorded_statements
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.lifecycle.holds import hold
from order_flow.order_flow.report.work_queue.work_queue import LONGEST, execute
from tests.site.support.builders import acting_as, order_in, user_of

_OF_ITS_OWN = frozenset({"name", "order_number", "confirmed_at", "external_number"})
"""Columns that differ from order to order."""


def queued(minutes_ago: int, **fields: Any) -> str:
    """A confirmed order, confirmed so long ago."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    at = now_datetime() - timedelta(minutes=minutes_ago)
    frappe.db.set_value("Order", order.name, {"confirmed_at": at, **fields}, update_modified=False)
    return str(order.name)


def shown(*among: str) -> list[str]:
    """Those of the orders that the queue shows, in its order."""
    return [row.name for row in execute()[1] if row.name in among]


def test_first_confirmed_first_processed(site: Any) -> None:
    """R-029; an approved urgent order goes ahead, one without approval does not (R-404)."""
    second, first, third = queued(20), queued(30), queued(10)
    eager = queued(5, urgency="Urgent")
    approved = queued(1, urgency="Urgent", urgent_approved_at=now_datetime())
    assert shown(first, second, third, eager, approved) == [approved, first, second, third, eager]


def test_the_limit_never_cuts_off_what_goes_ahead(site: Any, monkeypatch: Any) -> None:
    """However many were confirmed before it, the approved urgent order is the first (R-404)."""
    monkeypatch.setattr("order_flow.order_flow.report.work_queue.work_queue.LONGEST", 3)
    for minutes in (90, 80, 70, 60):
        queued(minutes)
    approved = queued(1, urgency="Urgent", urgent_approved_at=now_datetime())
    rows = execute()[1]
    assert (rows[0].name, len(rows)) == (approved, 3)


def test_an_approved_urgent_order_is_first_among_five_thousand(site: Any) -> None:
    """R-404, design 8: more orders than the list shows, in as many statements as for one."""
    model, rows = queued(1), 5_000
    columns = [name for name in frappe.db.get_table_columns("Order") if name not in _OF_ITS_OWN]
    names = ", ".join(f"`{column}`" for column in columns)
    frappe.db.sql(
        f"""insert into `tabOrder` (`name`, `order_number`, `confirmed_at`, {names})
        select concat('QUEUE-', seq), concat('QUEUE-', seq), '2020-01-01' + interval seq minute, {names}
        from seq_1_to_{rows}, `tabOrder` where name = %s""",
        model,
    )
    assert frappe.db.count("Order", {"name": ("like", "QUEUE-%")}) == rows
    approved = queued(0, urgency="Urgent", urgent_approved_at=now_datetime())
    with recorded_statements() as statements:
        found = execute()[1]
    assert (found[0].name, len(found)) == (approved, LONGEST)
    assert len(statements) <= 3, "\n".join(statements)


def test_what_cannot_be_worked_on_is_not_there(site: Any) -> None:
    """Held, shipped and unconfirmed orders do not wait for work."""
    waiting, held = queued(5), queued(6)
    hold(held, "等待客户确认颜色")
    shipped = order_in(OrderState.SHIPPED, PaymentFamily.PAY_LATER).name
    assert shown(waiting, held, shipped) == [waiting]


def test_a_field_rep_sees_his_own_orders_only(site: Any) -> None:
    """R-388: the rule of the list holds for the report."""
    own, other = queued(5, sales_rep=user_of(Role.FIELD_REP)), queued(6)
    with acting_as(user_of(Role.FIELD_REP)):
        assert shown(own, other) == [own]


def test_the_queue_costs_the_same_for_any_number(site: Any) -> None:
    """Design 8: two statements for the list, with one for the user's rights."""
    queued(5)
    execute()
    with recorded_statements() as few:
        execute()
    for minutes in range(5):
        queued(minutes)
    with recorded_statements() as many:
        execute()
    assert len(few) == len(many) <= 3, "\n".join(many)
