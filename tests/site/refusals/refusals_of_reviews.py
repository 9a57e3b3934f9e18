"""Refusals of overrides, planning and reviews with their words, for the one table of all refusals.

Each row builds what it is about itself: (case, provoke, English, Chinese).
"""

from __future__ import annotations

from typing import Any, Final

from frappe.utils import add_days, add_to_date, now_datetime, nowdate

from order_flow.api import gates as gate_api
from order_flow.api import reviews as review_api
from order_flow.defaults.shipped_reviews import ADD, APPAREL, OMM, PMC
from order_flow.domain.reviews.sign_offs import Department
from order_flow.domain.states import Role
from tests.site.refusals.refusals_of_credit import Row, by
from tests.site.support.builders import acting_as, new_order, user_of
from tests.site.support.gate_orders import complete_order, unproven_order
from tests.site.support.review_cases import minutes_file, reviewed_order, sent_to_review, speaking_for

MANAGER: Final = "Manager Override"
LATER: Final = 7


def override(role: Role = Role.SALES_MANAGER) -> Any:
    """An order that somebody let pass the proof of its confirmation."""
    order, day = unproven_order().name, str(add_days(nowdate(), LATER))
    return by(
        role, gate_api.override_gate, order, "confirmation_not_proven", "Confirm", MANAGER, "老客户", day
    )


def _close(role: Role, remark: str) -> object:
    return by(role, gate_api.close_override, override()["override"], remark)


OVERRIDES: Final[list[Row]] = [
    (
        "overridden by sales",
        lambda: override(role=Role.SALES),
        "This can be overridden by: General Manager, Sales Manager",
        "此项可由以下角色特批：总经理、销售经理",
    ),
    (
        "override closed by logistics",
        lambda: _close(Role.LOGISTICS, "ok"),
        "Overrides are closed by",
        "特批由以下角色关闭",
    ),
    (
        "override closed without words",
        lambda: _close(Role.SALES_MANAGER, " "),
        "Say how the open point was settled",
        "请说明未决事项是如何解决的",
    ),
    (
        "released by sales",
        lambda: by(Role.SALES, gate_api.release_to_planning, complete_order().name),
        "Orders are released to planning by",
        "订单由以下角色下达计划",
    ),
    (
        "drawings confirmed by the desk",
        lambda: by(Role.ORDER_DESK, gate_api.confirm_drawings, complete_order().name),
        "Drawings are confirmed by: Technology",
        "图纸由以下角色确认：技术",
    ),
    (
        "urgency decided by sales",
        lambda: by(Role.SALES, gate_api.approve_urgency, complete_order(urgency="Urgent").name),
        "Urgency is decided by",
        "是否加急由以下角色决定",
    ),
]
"""R-091, R-153, R-404, K-14."""


def _meeting(profile: str, held_at: Any, participants: str = "各部门", **values: Any) -> object:
    checklist = sent_to_review(profile, **values)[1]
    minutes = minutes_file(Role.SALES)
    return by(
        Role.SALES,
        lambda: review_api.record_meeting(
            checklist.name, "Review Meeting", str(held_at), participants, minutes
        ),
    )


def _answer(profile: str, department: Department, question: str = "", **values: Any) -> object:
    checklist = sent_to_review(profile, **values)[1]
    with speaking_for(department):
        return review_api.answer(checklist.name, department.value, "Yes", question=question)


def _leave_open(question: str, days: int, start: int | None = None) -> object:
    order, checklist = sent_to_review(ADD)
    if start is not None:
        with acting_as(user_of(Role.PLANNING)):
            review_api.set_production_start(order.name, str(add_days(nowdate(), start)))
    until = str(add_days(nowdate(), days))
    with speaking_for(Department.SALES):
        return review_api.leave_open(checklist.name, "Sales", question, until, "标签待定", "Label")


def _promise(role: Role, **values: Any) -> object:
    order = reviewed_order(APPAREL, **values).name
    return by(role, lambda: review_api.promise_date(order, str(add_days(nowdate(), 30))))


_LABEL: Final = "Are the label requirements clear?"
_RISK: Final = "Does the customer know the risk and the extra cost of the short cycle?"
_SOON: Final = 3

REVIEWS: Final[list[Row]] = [
    (
        "answer for another department",
        lambda: by(Role.FINANCE, review_api.answer, sent_to_review(PMC)[1].name, "Quality", "Yes"),
        "For Quality answers: Quality",
        "质量的意见由以下角色答复：质量",
    ),
    (
        "second level first",
        lambda: _answer(
            OMM,
            Department.GENERAL_MANAGEMENT,
            items=[{"product": "TEST-A", "quantity": 1, "unit_price": 600000}],
        ),
        "Level 1 of the approval is still open",
        "第1级审批尚未完成",
    ),
    (
        "Yes without the attachment",
        lambda: _answer(APPAREL, Department.SALES, _RISK, shortened_cycle=1),
        "needs an attachment before it can be answered",
        "须先上传附件才能回答“是”",
    ),
    (
        "what cannot stay open",
        lambda: _leave_open("Are minimum quantity and response time of the contract kept?", _SOON),
        "cannot stay open; answer it with Yes or No",
        "不能留待以后确认",
    ),
    (
        "open until too late",
        lambda: _leave_open(_LABEL, 35, start=40),
        "the point must be settled by",
        "此事项须在",
    ),
    ("open until yesterday", lambda: _leave_open(_LABEL, -1), "the date cannot be past", "日期不能早于今天"),
    (
        "promised before the review",
        lambda: _promise(Role.SALES, needs_new_design=1),
        "Nobody promises a date before the review",
        "任何人不得私自答应客人交期",
    ),
    ("promised by finance", lambda: _promise(Role.FINANCE), "This date is set by", "此日期由以下角色设定"),
    (
        "meeting before the study",
        lambda: _meeting(APPAREL, add_to_date(now_datetime(), minutes=-1), needs_new_design=1),
        "The departments study the documents until",
        "会议不得提前召开",
    ),
    (
        "meeting to come",
        lambda: _meeting(APPAREL, add_to_date(now_datetime(), days=9), needs_new_design=1),
        "The meeting is still to come",
        "会议尚未召开",
    ),
    (
        "meeting of nobody",
        lambda: _meeting(APPAREL, now_datetime(), " ", needs_new_design=1),
        "Name the participants and upload the minutes",
        "请填写参会人员并上传会议纪要",
    ),
    (
        "review where none is asked",
        lambda: by(Role.ORDER_DESK, review_api.start_review, new_order().name),
        "No review template applies",
        "没有适用的评审模板",
    ),
    (
        "review called by finance",
        lambda: by(Role.FINANCE, review_api.start_review, reviewed_order(PMC).name),
        "Reviews are organised by",
        "评审由以下角色组织",
    ),
]
"""R-069, R-076..R-092, K-13."""
