"""Which clocks a review starts: a plan is due for what was agreed, not for what was refused."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.defaults.shipped_reviews import PMC
from order_flow.domain.reviews.sign_offs import Answer, Department
from tests.site.support.review_cases import agree, answer_for, under_review_at_planning


def plan_clocks(order: str) -> list[str]:
    return list(frappe.get_all("Order Clock", {"order_id": order, "rule": "R-233"}, pluck="state"))


def test_the_plan_is_due_once_the_review_is_agreed(site: Any) -> None:
    """R-233: 24 hours from the agreement; a refused review leaves nothing to plan."""
    order, checklist = under_review_at_planning(PMC)
    answer_for(checklist.name, Department.PURCHASING, Answer.NO, "电机交期晚一周")
    assert plan_clocks(order.name) == []
    order, checklist = under_review_at_planning(PMC)
    agree(checklist)
    assert plan_clocks(order.name) == ["Running"]
