"""Gates on real orders: the open one stops and says why, the right person lets pass (R-055..R-091)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from dev.bench.statements import recorded_statements
from order_flow.domain.gates.model import CheckPoint, GateCode
from order_flow.domain.gates.overrides import OverrideKind
from order_flow.domain.gates.registry import RULES
from order_flow.domain.states import OrderState, OrderStep, Role
from order_flow.flow.gates import facts as gate_facts_module
from order_flow.flow.lifecycle.approvals import approve_urgency, confirm_drawings
from order_flow.flow.lifecycle.overriding import override_gate
from order_flow.flow.lifecycle.planning import release_to_planning
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import acting_as, new_order, user_of
from tests.site.support.gate_orders import (
    EVERY_GATE,
    LENIENT,
    MADE,
    NEW,
    complete_order,
    framework_customer,
    line,
    unproven_order,
)


def confirm(order: str) -> None:
    """The order desk confirms."""
    with acting_as(user_of(Role.ORDER_DESK)):
        take_step(frappe.get_doc("Order", order, for_update=True), OrderStep.CONFIRM)


def release(order: str) -> None:
    """The order desk releases to planning."""
    with acting_as(user_of(Role.ORDER_DESK)):
        release_to_planning(order)


def confirmed_order(**overrides: Any) -> Any:
    """A confirmed order with confirmed drawings, ready for planning."""
    order = complete_order(**overrides)
    confirm(order.name)
    return _with_drawings(order)


def _without(field: str) -> Callable[[], Any]:
    return lambda: complete_order(**{field: None})


def _without_contract() -> Any:
    order = complete_order()
    for doctype, name in (("Order", order.name), ("Customer", order.customer)):
        frappe.db.set_value(doctype, name, "contract_number", None)
    return order


def _two_lines(*lines: dict[str, Any]) -> Callable[[], Any]:
    return lambda: complete_order(items=list(lines))


@dataclass(frozen=True, slots=True)
class Case:
    """An order on which one gate is open, and what it says."""

    code: GateCode
    build: Callable[[], Any]
    attempt: Callable[[str], None]
    point: CheckPoint
    english: str
    chinese: str


_CONFIRM, _PLANNING = CheckPoint.CONFIRM, CheckPoint.PLANNING

CASES = [
    Case(GateCode.CUSTOMER_DATA_INCOMPLETE, lambda: complete_order(mobile="none"), confirm, _CONFIRM,
         "These customer data are missing or cannot be right: Mobile", "以下客户资料缺失或有误：手机"),
    Case(GateCode.CONTRACT_NUMBER_MISSING, _without_contract, confirm, _CONFIRM,
         "buys under a framework contract", "框架合同客户，但订单未注明合同"),
    Case(GateCode.OPEN_POINTS, _without("promised_date"), confirm, _CONFIRM,
         "Not settled with the customer yet: Delivery Date", "尚未与客户商定：交货日期"),
    Case(GateCode.URGENT_NOT_APPROVED, lambda: complete_order(urgency="Urgent"), confirm, _CONFIRM,
         "urgent and not approved", "紧急订单但未经批准"),
    Case(GateCode.DIFFERS_FROM_AGREEMENT,
         lambda: complete_order(items=[line(MADE[0], agreed_quantity=99)]), confirm, _CONFIRM,
         r"differ from what was agreed: 1 \(GATE-A\)", r"与约定不符：1 \(GATE-A\)"),
    Case(GateCode.PRICE_NOT_AGREED, lambda: complete_order(items=[line(MADE[0], unit_price=12.49)]),
         confirm, _CONFIRM, "neither the agreed one nor the list price", "既不是约定价也不是标准价"),
    Case(GateCode.DISCOUNT_NOT_APPROVED, lambda: complete_order(discount=5), confirm, _CONFIRM,
         "no reason is given", "未说明原因"),
    Case(GateCode.PAYMENT_DIFFERS, lambda: complete_order(payment_term="Bank Transfer"), confirm, _CONFIRM,
         "is confirmed as received", "已确认收款"),
    Case(GateCode.BELOW_MINIMUM_QUANTITY, lambda: complete_order(items=[line(MADE[0], quantity=9)]),
         confirm, _CONFIRM, r"minimum quantity: 1 \(GATE-A\): 9 < 10", r"最小起订量：1 \(GATE-A\): 9 < 10"),
    Case(GateCode.DATE_TOO_EARLY, lambda: complete_order(promised_date=add_days(nowdate(), 4)),
         confirm, _CONFIRM, "earlier than the agreed response time", "早于约定的订单反应时间"),
    Case(GateCode.NEW_PRODUCT_NOT_ACCEPTED, _two_lines(line(NEW)), confirm, _CONFIRM,
         "need a valid quotation", "须有客户已接受的有效报价"),
    Case(GateCode.NEW_AND_EXISTING_PRODUCTS, _two_lines(line(MADE[0]), line(NEW, 2)), confirm, _CONFIRM,
         "separate lots", "分批发运"),
    Case(GateCode.CONFIRMATION_NOT_PROVEN, unproven_order, confirm, _CONFIRM,
         r"Written Confirmation, Verbal Order Record \+ Customer Acknowledgement",
         r"客户书面确认、口头订单书面记录 \+ 客户回执"),
    Case(GateCode.ORDER_UNCONFIRMED, lambda: _with_drawings(complete_order()), release, _PLANNING,
         "not confirmed yet", "订单尚未确认"),
    Case(GateCode.LINE_DATA_INCOMPLETE,
         lambda: confirmed_order(items=[line(MADE[0], customer_product_code="")]), release, _PLANNING,
         "lack the customer's own product number", "缺少客户的产品编号"),
    Case(GateCode.WISHES_OPEN, lambda: confirmed_order(packing=None), release, _PLANNING,
         "wishes are not settled", "要求未定"),
    Case(GateCode.DRAWINGS_NOT_CONFIRMED, lambda: _confirmed_without_drawings(), release, _PLANNING,
         "has not confirmed the drawings", "尚未确认图纸"),
]  # fmt: skip


def _with_drawings(order: Any) -> Any:
    with acting_as(user_of(Role.TECHNOLOGY)):
        confirm_drawings(order.name)
    return order


def _confirmed_without_drawings() -> Any:
    order = complete_order()
    confirm(order.name)
    return order


REFUSALS = [
    (case.code.value, lambda case=case: case.attempt(case.build().name), case.english, case.chinese)
    for case in CASES
]
"""What is refused here, with its words: (case, provoke, English, Chinese)."""


def stored(order: str) -> list[Any]:
    """Everything about an order that a refusal must leave as it was."""
    return [
        frappe.db.get_value("Order", order, "*"),
        frappe.get_all("Order Item", {"parent": order}, "*", order_by="idx"),
        frappe.get_all("Order Event", {"order_id": order}, "*", order_by="name"),
        frappe.get_all("Gate Override", {"order_id": order}, "*", order_by="name"),
        frappe.get_all("Order Evidence", {"order_id": order}, "*", order_by="name"),
    ]


def case_ids(case: Case) -> str:
    """A readable name."""
    return case.code.value


@pytest.mark.parametrize("case", CASES, ids=case_ids)
def test_an_open_gate_stops_the_step_and_says_why(site: Any, case: Case) -> None:
    """R-005, R-055..R-075, R-091, R-153: what is missing, who can free it; nothing changes."""
    order = case.build().name
    before = stored(order)
    with pytest.raises(StepRefused, match=case.english) as refused:
        case.attempt(order)
    assert "can be freed by" in str(refused.value)
    assert stored(order) == before


@pytest.mark.parametrize("case", CASES, ids=case_ids)
def test_the_refusal_speaks_chinese(site: Any, case: Case) -> None:
    """K-25: the same in the reader's language."""
    order = case.build().name
    frappe.local.lang = "zh"
    with pytest.raises(StepRefused, match=case.chinese) as refused:
        case.attempt(order)
    assert "可由以下角色处理" in str(refused.value)


def test_a_complete_order_passes_all_gates(site: Any) -> None:
    """R-002, R-003, R-074: confirmed, drawings confirmed, released to planning."""
    order = confirmed_order()
    release(order.name)
    values = frappe.db.get_value(
        "Order", order.name, ["workflow_state", "planning_released_at", "planning_released_by"], as_dict=True
    )
    assert values.workflow_state == OrderState.CONFIRMED
    assert values.planning_released_at
    assert values.planning_released_by == user_of(Role.ORDER_DESK)


def test_every_open_gate_is_named_at_once(site: Any) -> None:
    """Design 1: nobody runs from gate to gate."""
    order = unproven_order(discount=5, items=[line(MADE[0], quantity=9, unit_price=1)])
    with pytest.raises(StepRefused) as refused:
        confirm(order.name)
    for text in ("minimum quantity", "list price", "no reason is given", "Nothing proves"):
        assert text in str(refused.value)


OVERRIDABLE = [case for case in CASES if RULES[case.code].overridden_by]
FINAL_WORD = [case for case in CASES if not RULES[case.code].overridden_by]


def _override(order: str, case: Case, role: Role) -> str:
    with acting_as(user_of(role)):
        return override_gate(
            order,
            case.code,
            case.point,
            kind=OverrideKind.MANAGER_OVERRIDE,
            reason="agreed with the customer",
            due_date=add_days(nowdate(), 7),
        )


def _override_everything_else(order: str, case: Case) -> None:
    """Some cases open a second gate; what is tested is the one."""
    for other in RULES.values():
        if other.code is case.code or not other.overridden_by or case.point not in other.points:
            continue
        try:
            with acting_as(user_of(other.overridden_by[0])):
                override_gate(
                    order, other.code, case.point, kind=OverrideKind.AGREED_EXCEPTION, reason="not the point"
                )
        except StepRefused:
            frappe.clear_last_message()


@pytest.mark.parametrize("case", OVERRIDABLE, ids=case_ids)
@pytest.mark.parametrize("position", [0, -1])
def test_the_right_role_lets_the_order_pass(site: Any, case: Case, position: int) -> None:
    """K-14, R-153: stored with kind, approver, reason and due date; named in the step's event."""
    if case.code is GateCode.NEW_AND_EXISTING_PRODUCTS:
        frappe.db.set_value("Product", NEW, {"quotation_accepted": 1, "quotation_accepted_on": nowdate()})
    order = case.build().name
    _override_everything_else(order, case)
    role = RULES[case.code].overridden_by[position]
    name = _override(order, case, role)
    case.attempt(order)
    override = frappe.get_doc("Gate Override", name)
    assert override.approver == user_of(role)
    assert (override.kind, override.status, override.reason) == (
        "Manager Override",
        "Open",
        "agreed with the customer",
    )
    assert str(override.due_date) == add_days(nowdate(), 7)
    remark = frappe.get_all("Order Event", {"order_id": order, "step": case.point.value}, pluck="remark")
    assert "Overridden:" in remark[0]


@pytest.mark.parametrize("case", OVERRIDABLE, ids=case_ids)
def test_nobody_else_overrides(site: Any, case: Case) -> None:
    """R-388, K-14: every role that the table does not name is refused, and nothing is stored."""
    order = case.build().name
    before = stored(order)
    for role in set(Role) - set(RULES[case.code].overridden_by):
        with pytest.raises(frappe.PermissionError, match="can be overridden by"):
            _override(order, case, role)
    assert stored(order) == before


@pytest.mark.parametrize("case", FINAL_WORD, ids=case_ids)
def test_what_nobody_can_override_stays_closed(site: Any, case: Case) -> None:
    """R-070, R-091: some things have to be settled, whoever asks."""
    order = case.build().name
    with pytest.raises(StepRefused, match="Nobody can override"):
        _override(order, case, Role.GENERAL_MANAGER)
    with pytest.raises(StepRefused, match=case.english):
        case.attempt(order)


def test_nobody_overrides_for_his_own_order(site: Any) -> None:
    """K-14: the manager who entered the order asks another one."""
    order = complete_order(discount=5, discount_reason="fair")
    frappe.db.set_value("Order", order.name, "owner", user_of(Role.SALES_MANAGER))
    case = next(case for case in CASES if case.code is GateCode.DISCOUNT_NOT_APPROVED)
    with pytest.raises(frappe.PermissionError, match="is your own"):
        _override(order.name, case, Role.SALES_MANAGER)
    _override(order.name, case, Role.MARKETING_DIRECTOR)
    confirm(order.name)


def test_an_override_does_not_cover_what_came_later(site: Any) -> None:
    """R-390: the approved discount grows, and the order stops again."""
    order = complete_order(discount=5, discount_reason="fair")
    case = next(case for case in CASES if case.code is GateCode.DISCOUNT_NOT_APPROVED)
    _override(order.name, case, Role.SALES_MANAGER)
    changed = frappe.get_doc("Order", order.name)
    changed.discount = 50
    changed.save()
    with pytest.raises(StepRefused, match="Have it approved"):
        confirm(order.name)


@pytest.mark.parametrize(
    ("kind", "reason", "due_date", "words"),
    [
        (OverrideKind.MANAGER_OVERRIDE, " ", "2099-01-01", "Say why the order may pass"),
        (OverrideKind.MANAGER_OVERRIDE, "because", "", "Name the day"),
        (OverrideKind.LABEL_OPEN, "because", "2020-01-01", "has passed already"),
        (OverrideKind.STOCK_UP, "because", "soon", "is not a date"),
    ],
)
def test_an_override_has_a_reason_and_a_day(
    site: Any, kind: OverrideKind, reason: str, due_date: str, words: str
) -> None:
    """K-14: what stays open has a due date."""
    order = unproven_order()
    with pytest.raises(StepRefused, match=words), acting_as(user_of(Role.SALES_MANAGER)):
        override_gate(
            order.name,
            GateCode.CONFIRMATION_NOT_PROVEN,
            CheckPoint.CONFIRM,
            kind=kind,
            reason=reason,
            due_date=due_date,
        )


def test_what_is_not_open_is_not_overridden(site: Any) -> None:
    """K-14: no override in advance."""
    order = complete_order()
    with pytest.raises(StepRefused, match="There is nothing to override"):
        _override(order.name, OVERRIDABLE[0], Role.GENERAL_MANAGER)


def test_a_warning_is_said_and_kept(site: Any) -> None:
    """R-075: the lenient procedure lets pass, tells the person, and writes it down."""
    order = unproven_order(LENIENT)
    confirm(order.name)
    said = " ".join(str(message) for message in frappe.local.message_log)
    assert "Nothing proves" in said
    remark = frappe.get_all("Order Event", {"order_id": order.name, "step": "Confirm"}, pluck="remark")[0]
    assert remark.startswith("Warning:")
    assert "Nothing proves" in remark


def test_an_unconfirmed_order_goes_to_planning_with_the_managers_name_only(site: Any) -> None:
    """R-153: refused; with the sales manager's override released, before its confirmation."""
    order = _with_drawings(complete_order())
    case = next(case for case in CASES if case.code is GateCode.ORDER_UNCONFIRMED)
    with pytest.raises(StepRefused, match="not confirmed yet"):
        release(order.name)
    _override(order.name, case, Role.SALES_MANAGER)
    release(order.name)
    assert frappe.db.get_value("Order", order.name, "planning_released_at")


def test_urgent_orders_need_the_planning_director_and_a_name(site: Any) -> None:
    """R-404, R-406: approved by the planning director, handled by a named person; the rest stays."""
    order = complete_order(urgency="Urgent")
    for role in set(Role) - {Role.PLANNING_DIRECTOR}:
        with pytest.raises(frappe.PermissionError), acting_as(user_of(role)):
            approve_urgency(order.name, user_of(Role.PLANNING))
    with acting_as(user_of(Role.PLANNING_DIRECTOR)):
        with pytest.raises(StepRefused, match="Name an experienced person"):
            approve_urgency(order.name, "nobody@test.example.com")
        approve_urgency(order.name, user_of(Role.PLANNING))
    confirm(order.name)
    assert frappe.db.get_value("Order", order.name, "urgent_handler") == user_of(Role.PLANNING)


def test_the_contract_number_comes_from_the_customer(site: Any) -> None:
    """R-047: an order of a framework customer carries the contract it refers to."""
    assert unproven_order().contract_number == frappe.db.get_value(
        "Customer", framework_customer(), "contract_number"
    )


FEW, MANY = 5, 60


def _confirm_statements(order: Any) -> list[str]:
    document = frappe.get_doc("Order", order.name)
    # The framework looks up how an empty version looks whenever another user has been at work.
    frappe.new_doc("Version")
    with recorded_statements() as statements:
        take_step(document, OrderStep.CONFIRM)
    return list(statements)


def test_a_confirmation_with_every_gate_takes_one_statement_a_group_more(site: Any) -> None:
    """Issue 3: for any number of lines, the groups asked there above the confirmation without gates."""
    asked = {rule.group for rule in RULES.values() if CheckPoint.CONFIRM in rule.points}
    counts = {}
    for count in (FEW, FEW, MANY):  # the first looks up what a process looks up once
        lines = [line(MADE[number % 2]) for number in range(count)]
        plain = _confirm_statements(new_order(items=lines))
        gated = _confirm_statements(complete_order(EVERY_GATE, items=lines))
        counts[count] = (len(plain), len(gated))
    assert counts[FEW] == counts[MANY], "\n".join(gated)
    groups = asked & gate_facts_module.LOADERS.keys()
    assert counts[MANY][1] == counts[MANY][0] + len(groups), "\n".join(gated)
