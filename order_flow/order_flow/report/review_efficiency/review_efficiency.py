"""Review Efficiency: how long each department takes, what is refused, what is late (R-095)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_flow.domain.reviews.sign_offs import Answer
from order_flow.order_flow.report.filters import read_filters

DEPARTMENT = "Department"
QUESTION = "Question"
_GROUPS = {DEPARTMENT: "answer.department", QUESTION: "answer.department, answer.question"}

_SQL = """select answer.department, min(answer.question) as question, count(*) as asked,
        sum(answer.answer != %(open)s) as answered, sum(answer.answer = %(no)s) as refused,
        avg(timestampdiff(second, checklist.opened_at, answer.answered_at)) / 3600 as average_hours,
        max(timestampdiff(second, checklist.opened_at, answer.answered_at)) / 3600 as longest_hours,
        sum(coalesce(answer.answered_at, %(now)s) > answer.due_at) as late
    from `tabReview Checklist` checklist
    join `tabDepartment Answer` answer
        on answer.parent = checklist.name and answer.parenttype = 'Review Checklist'
    where checklist.opened_at >= %(from_date)s and checklist.opened_at < %(to_date)s + interval 1 day
    group by {group} order by {group}"""


def execute(filters: dict[str, Any] | None = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Columns and rows of the report.

    Args:
        filters: ``from_date`` and ``to_date`` (when the reviews were opened, both included), ``by``
            (Department or Question).

    Returns:
        Columns, and one row a department or question; hours are calendar hours.
    """
    wanted = read_filters(filters)
    by = wanted.by if wanted.by in _GROUPS else DEPARTMENT
    rows = frappe.db.sql(
        _SQL.format(group=_GROUPS[by]),
        {
            "open": Answer.OPEN.value,
            "no": Answer.NO.value,
            "now": frappe.utils.now_datetime(),
            "from_date": wanted.from_date or frappe.utils.add_months(frappe.utils.today(), -1),
            "to_date": wanted.to_date or frappe.utils.today(),
        },
        as_dict=True,
    )
    for row in rows:
        row.department = _(row.department)
        row.question = _(row.question)
        row.refused_percent = 100 * row.refused / row.answered if row.answered else 0
    return _columns(by), rows


def _columns(by: str) -> list[dict[str, Any]]:
    columns = [
        {"fieldname": "department", "label": _("Department"), "fieldtype": "Data", "width": 140},
        {"fieldname": "question", "label": _("Question"), "fieldtype": "Data", "width": 380},
        {"fieldname": "asked", "label": _("Asked"), "fieldtype": "Int", "width": 90},
        {"fieldname": "answered", "label": _("Answered"), "fieldtype": "Int", "width": 90},
        {"fieldname": "average_hours", "label": _("Average Hours"), "fieldtype": "Float", "width": 120},
        {"fieldname": "longest_hours", "label": _("Longest Hours"), "fieldtype": "Float", "width": 120},
        {"fieldname": "late", "label": _("Late"), "fieldtype": "Int", "width": 80},
        {"fieldname": "refused", "label": _("Refused"), "fieldtype": "Int", "width": 90},
        {"fieldname": "refused_percent", "label": _("Refused Percent"), "fieldtype": "Percent", "width": 120},
    ]
    return [column for column in columns if by == QUESTION or column["fieldname"] != "question"]
