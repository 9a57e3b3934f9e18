"""Evidence, approvals, check and release over the methods that people call; and who may not (R-388)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from order_flow.api import gates as gate_api
from order_flow.api import orders as api
from order_flow.api.desk import order_form
from order_flow.domain.gates.model import CheckPoint, GateCode, Origin
from order_flow.domain.states import OrderState, OrderStep, Role
from order_flow.flow.lifecycle.override_reminders import remind_of_open_overrides
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.refusals import StepRefused
from order_flow.install import after_migrate
from tests.site.gates.test_gates import confirm, stored
from tests.site.support.builders import acting_as, new_order, user_of
from tests.site.support.gate_orders import (
    LENIENT,
    MADE,
    STRICT,
    complete_order,
    complete_values,
    framework_customer,
    line,
    paper,
    prove,
    unproven_order,
)


def record(order: str, **overrides: Any) -> dict[str, Any]:
    """A written confirmation, recorded over the method."""
    values = {
        "order": order,
        "kind": "Written Confirmation",
        "received_from": "王先生",
        "attachment": paper(),
    }
    return gate_api.record_evidence(**(values | overrides))


def discounted() -> str:
    """An order whose discount nobody has approved, entered by the order desk."""
    return str(complete_order(discount=5, discount_reason="fair").name)


def override(
    order: str,
    *,
    gate: str = "discount_not_approved",
    point: str = "Confirm",
    kind: str = "Special Discount",
    reason: str = "agreed",
    due_date: str = "",
) -> object:
    """Let an order pass a gate."""
    return gate_api.override_gate(order, gate, point, kind, reason, due_date)


REFUSALS: list[tuple[str, Callable[[], object], str, str]] = [
    ("evidence of no known kind", lambda: record(unproven_order().name, kind="Rumour"),
     "is no kind of evidence", "不是凭据种类"),
    ("evidence from nobody", lambda: record(unproven_order().name, received_from=" "),
     "Say who confirmed", "由谁确认"),
    ("written evidence without paper", lambda: record(unproven_order().name, attachment=""),
     "needs its paper", "须附上文件"),
    ("a paper that is not there", lambda: record(unproven_order().name, attachment="/private/files/none.pdf"),
     "needs its paper", "须附上文件"),
    ("spoken evidence without words",
     lambda: record(unproven_order().name, kind="Phone Call", attachment=""), "Write down", "请写下"),
    ("evidence to come", lambda: record(unproven_order().name, received_at="2099-01-01 08:00:00"),
     "in the future", "不能在将来"),
    ("evidence at no time", lambda: record(unproven_order().name, received_at="soon"),
     "is not a date", "不是日期"),
    ("an override without reason", lambda: override(discounted(), reason=" "),
     "Say why the order may pass", "请说明为何放行该订单"),
    ("an override without its day",
     lambda: override(discounted(), kind="Manager Override"), "Name the day", "请填写未决事项的解决期限"),
    ("an override until yesterday",
     lambda: override(discounted(), kind="Stock-up", due_date="2020-01-01"),
     "has passed already", "解决期限已过"),
    ("an override of what is not open", lambda: override(str(complete_order().name)),
     "There is nothing to override", "无需特批"),
    ("an override of what nobody may", lambda: override(str(complete_order().name), gate="drawing_missing"),
     "Nobody can override 'Drawing Missing'", "“缺少图纸”不能特批"),
    ("an override of no gate", lambda: override(discounted(), gate="no_gate"), "is not known", "没有“"),
    ("an override nowhere", lambda: override(discounted(), point="Anywhere"), "is not known", "没有“"),
    ("an override of no kind", lambda: override(discounted(), kind="Friendship"), "is not known", "没有“"),
    ("no release to planning in the web shop", lambda: gate_api.release_to_planning(new_order().name),
     "no release to planning", "不能下达计划"),
    ("drawings before the customer's confirmation",
     lambda: gate_api.confirm_drawings(unproven_order().name), "after the customer", "客户确认之后"),
    ("an urgency that nobody asked for", lambda: gate_api.approve_urgency(complete_order().name),
     "no urgent request", "没有待决定的加急申请"),
    ("an urgency without handler", lambda: gate_api.approve_urgency(complete_order(urgency="Urgent").name),
     "Name an experienced person", "有经验的专人"),
    ("an urgency declined without reason",
     lambda: gate_api.decline_urgency(complete_order(urgency="Urgent").name, " "),
     "Say why the order is not urgent", "请说明订单为何不予加急"),
]  # fmt: skip
"""What is refused here, with its words: (case, provoke, English, Chinese)."""


def test_refused_evidence_leaves_nothing(site: Any) -> None:
    """Nothing is stored of what is refused."""
    order = unproven_order().name
    before = stored(order)
    for changes in ({"kind": "Rumour"}, {"received_from": ""}, {"attachment": ""}):
        with pytest.raises(StepRefused):
            record(order, **changes)
    assert stored(order) == before


@pytest.mark.parametrize("role", list(Role))
def test_who_records_evidence(site: Any, role: Role) -> None:
    """R-388: order desk, sales, their manager and other systems; nobody else."""
    order = unproven_order(sales_rep=user_of(Role.FIELD_REP)).name
    words = {"kind": "Phone Call", "attachment": "", "remark": "yes, 100 pieces"}
    allowed = {Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER, Role.INTEGRATION}
    with acting_as(user_of(role)):
        if role in allowed:
            assert record(order, **words)["evidence"]
        else:
            with pytest.raises(frappe.PermissionError):
                record(order, **words)


def test_someone_elses_private_paper_is_no_evidence(site: Any) -> None:
    """R-388: who may not read a file cannot attach it."""
    order = unproven_order().name
    values = {
        "doctype": "File",
        "file_name": "private.txt",
        "content": "of the administrator",
        "is_private": 1,
    }
    private = frappe.get_doc(values).insert().file_url
    with acting_as(user_of(Role.ORDER_DESK)), pytest.raises(StepRefused, match="needs its paper"):
        record(order, attachment=private)


def test_a_changed_order_is_confirmed_anew(site: Any) -> None:
    """R-003, R-110: the evidence is for the content it was given for."""
    order = complete_order()
    order.items[0].quantity += 10
    order.save()
    with pytest.raises(StepRefused, match="before products, quantities or prices changed"):
        confirm(order.name)
    prove(order.name)
    confirm(order.name)


def test_a_verbal_order_counts_when_it_is_acknowledged(site: Any) -> None:
    """R-111: written down and acknowledged; one of them is not enough, and the other is named."""
    order = unproven_order().name
    record(order, kind="Verbal Order Record", attachment="", remark="100 pieces by phone")
    with pytest.raises(StepRefused, match="Record one of: Customer Acknowledgement"):
        confirm(order)
    record(order, kind="Customer Acknowledgement")
    confirm(order)


@pytest.mark.parametrize("doctype", ["Order Evidence", "Gate Override"])
@pytest.mark.parametrize("role", ["System Manager", *(role.value for role in Role)])
def test_nobody_writes_past_the_methods(site: Any, doctype: str, role: str) -> None:
    """K-14, R-003: not by REST, not by import, whatever the role."""
    meta = frappe.get_meta(doctype)
    rights = [row for row in meta.permissions if row.role == role]
    assert not any(row.write or row.create or row.delete or row.get("import") for row in rights)


def test_the_papers_of_a_decision_stay(site: Any) -> None:
    """R-382: neither evidence nor override is edited or deleted, not even by the administrator."""
    order = complete_order(discount=5, discount_reason="fair")
    with acting_as(user_of(Role.SALES_MANAGER)):
        override = gate_api.override_gate(
            order.name, "discount_not_approved", "Confirm", "Special Discount", "agreed"
        )["override"]
    evidence = frappe.get_all("Order Evidence", {"order_id": order.name}, pluck="name")[0]
    for doctype, name, field in (
        ("Gate Override", override, "reason"),
        ("Order Evidence", evidence, "received_from"),
    ):
        document = frappe.get_doc(doctype, name)
        document.set(field, "somebody else")
        with pytest.raises(StepRefused):
            document.save()
        with pytest.raises(StepRefused):
            frappe.get_doc(doctype, name).delete()
    with pytest.raises(StepRefused):
        frappe.copy_doc(frappe.get_doc("Gate Override", override)).insert()


def test_a_special_discount_is_decided_for_good(site: Any) -> None:
    """R-390, K-14: nothing stays open, so no due date; granting twice gives the same override."""
    order = complete_order(discount=5, discount_reason="fair").name
    grant = (order, "discount_not_approved", "Confirm", "Special Discount", "agreed")
    with acting_as(user_of(Role.SALES_MANAGER)):
        first, second = gate_api.override_gate(*grant), gate_api.override_gate(*grant)
    assert first == second
    assert frappe.db.get_value("Gate Override", first["override"], "status") == "Final"
    confirm(order)


def test_a_settled_point_closes_its_override(site: Any) -> None:
    """K-14: closed by somebody with a remark, once; then it excuses nothing any more."""
    order = unproven_order().name
    with acting_as(user_of(Role.SALES_MANAGER)):
        override = gate_api.override_gate(
            order,
            "confirmation_not_proven",
            "Confirm",
            "Manager Override",
            "letter is on its way",
            add_days(nowdate(), 3),
        )["override"]
    with acting_as(user_of(Role.WAREHOUSE)), pytest.raises(frappe.PermissionError, match="closed by"):
        gate_api.close_override(override, "came")
    with acting_as(user_of(Role.ORDER_DESK)):
        with pytest.raises(StepRefused, match="Say how"):
            gate_api.close_override(override, " ")
        gate_api.close_override(override, "it came")
        gate_api.close_override(override, "again")
    closed = frappe.get_doc("Gate Override", override)
    assert (closed.status, closed.closed_by, closed.closing_remark) == (
        "Closed",
        user_of(Role.ORDER_DESK),
        "it came",
    )
    with pytest.raises(StepRefused, match="Nothing proves"):
        confirm(order)


def _checked(order: str) -> dict[str, str]:
    answer = gate_api.check_order(order)
    return {row["gate"]: row["result"] for row in answer["rules"] if row["check_point"] == "Confirm"}


def test_the_check_names_gates_as_why_does(site: Any) -> None:
    """What one answer names another method takes: the code; its title is for people."""
    for row in gate_api.check_order(unproven_order().name)["rules"]:
        assert GateCode(row["code"]).label == row["gate"]


def test_the_check_names_every_rule(site: Any) -> None:
    """R-075: pass, warn or block for each; the result and what failed are kept."""
    order = unproven_order(discount=5).name
    results = _checked(order)
    assert results["Customer Data Incomplete"] == "Pass"
    assert results["Discount Not Approved"] == results["Confirmation Not Proven"] == "Block"
    assert frappe.db.get_value("Order", order, "data_check") == "Blocked"
    remark = frappe.get_all("Order Event", {"order_id": order, "step": "Check"}, pluck="remark")[0]
    assert "Discount Not Approved" in remark
    assert set(_checked(unproven_order(LENIENT).name).values()) == {"Pass", "Warn"}
    complete = complete_order().name
    assert set(_checked(complete).values()) == {"Pass"}
    assert frappe.db.get_value("Order", complete, "data_check") == "Passed"


def test_a_stranger_does_not_check(site: Any) -> None:
    """R-388: a field rep sees and checks his own orders only."""
    order = complete_order().name
    deeds: list[Callable[[], object]] = [
        lambda: gate_api.check_order(order),
        lambda: record(order),
        lambda: gate_api.release_to_planning(order),
        lambda: gate_api.confirm_drawings(order),
    ]
    for deed in deeds:
        with acting_as(user_of(Role.FIELD_REP)), pytest.raises(frappe.PermissionError):
            deed()


@pytest.mark.parametrize("role", list(Role))
def test_who_releases_to_planning(site: Any, role: Role) -> None:
    """R-153, R-388."""
    order = complete_order(sales_rep=user_of(Role.FIELD_REP)).name
    confirm(order)
    with acting_as(user_of(Role.TECHNOLOGY)):
        gate_api.confirm_drawings(order)
    with acting_as(user_of(role)):
        if role in {Role.ORDER_DESK, Role.SALES_MANAGER, Role.PLANNING_DIRECTOR}:
            gate_api.release_to_planning(order)
            gate_api.release_to_planning(order)
            assert frappe.db.count("Order Event", {"order_id": order, "step": "Release to Planning"}) == 1
        else:
            with pytest.raises(frappe.PermissionError, match="released to planning by"):
                gate_api.release_to_planning(order)


def test_the_web_shop_has_no_release_to_planning(site: Any) -> None:
    """V1.0 as it stands."""
    with pytest.raises(StepRefused, match="no release to planning"):
        gate_api.release_to_planning(new_order().name)


def test_a_held_order_is_not_released(site: Any) -> None:
    """Design 3: a hold stops every forward step, this one too."""
    order = complete_order()
    confirm(order.name)
    frappe.db.set_value("Order", order.name, {"on_hold": 1, "hold_reason": "credit"})
    with pytest.raises(StepRefused, match="on hold: credit"):
        gate_api.release_to_planning(order.name)


def test_a_declined_urgency_is_a_normal_order(site: Any) -> None:
    """R-404: not approved, normal queue."""
    order = complete_order(urgency="Urgent").name
    with acting_as(user_of(Role.PLANNING_DIRECTOR)):
        with pytest.raises(StepRefused, match="Say why"):
            gate_api.decline_urgency(order, "")
        gate_api.decline_urgency(order, "the press is full")
        with pytest.raises(StepRefused, match="no urgent request"):
            gate_api.approve_urgency(order, user_of(Role.PLANNING))
    confirm(order)


def test_drawings_need_the_customers_confirmation(site: Any) -> None:
    """R-091: by technology, after the customer confirmed."""
    unproven, complete = unproven_order().name, complete_order().name
    with acting_as(user_of(Role.TECHNOLOGY)), pytest.raises(StepRefused, match="after the customer"):
        gate_api.confirm_drawings(unproven)
    with acting_as(user_of(Role.PLANNING)), pytest.raises(frappe.PermissionError, match="Technology"):
        gate_api.confirm_drawings(complete)


def test_the_form_offers_what_the_user_may(site: Any) -> None:
    """K-14: the open gates, and the override to whom may grant it."""
    order = unproven_order(discount=5, discount_reason="fair").name
    with acting_as(user_of(Role.ORDER_DESK)):
        desk = order_form(order)
    assert desk["overridable"] == []
    assert {"check", "record_evidence", "release_to_planning"} <= set(desk["actions"])
    with acting_as(user_of(Role.SALES_MANAGER)):
        manager = order_form(order)
    assert {gate["gate"] for gate in manager["overridable"]} == {
        "discount_not_approved",
        "confirmation_not_proven",
    }
    assert "override" in manager["actions"]
    assert "can be overridden by: Sales Manager" in manager["why"]["sentence"]
    web_shop = order_form(new_order().name)
    assert not {"record_evidence", "release_to_planning", "override"} & set(web_shop["actions"])


def test_why_names_the_gates_of_the_release_to_planning(site: Any) -> None:
    """Design 3: what the confirmed order waits for."""
    order = complete_order()
    confirm(order.name)
    reasons = {reason["code"]: reason for reason in order_form(order.name)["why"]["reasons"]}
    assert reasons["drawings_not_confirmed"]["check_point"] == CheckPoint.PLANNING
    assert reasons["drawings_not_confirmed"]["freed_by"] == (Role.TECHNOLOGY.value,)


@pytest.mark.parametrize(
    ("values", "technical", "commercial"),
    [
        ({}, "Regular", "General"),
        ({"needs_new_design": 1}, "Non-regular", "General"),
        ({"tight_date": 1}, "Regular", "General"),
        ({"tight_date": 1, "late_penalty": 1}, "Non-regular", "Special Terms"),
        ({"tight_date": 1, "reputation_at_stake": 1}, "Non-regular", "General"),
        ({"trade": "Foreign"}, "Regular", "Special Terms"),
        ({"technical_class": "Non-regular", "commercial_class": "Special Terms"}, "Regular", "General"),
    ],
)
def test_orders_are_classed(site: Any, values: dict[str, Any], technical: str, commercial: str) -> None:
    """R-009, R-010: computed from the reasons, whatever was sent along."""
    order = new_order(**values)
    assert (order.technical_class, order.commercial_class) == (technical, commercial)


@pytest.mark.parametrize("field", ["discontinued", "product_state"])
def test_products_make_an_order_non_regular(site: Any, field: str) -> None:
    """R-009: discontinued, or still to be developed."""
    frappe.db.set_value("Product", MADE[0], field, 1 if field == "discontinued" else "To Be Developed")
    assert unproven_order(promised_date=None).technical_class == "Non-regular"


def test_an_agreed_price_goes_with_the_list_price(site: Any) -> None:
    """R-057: either of them; of agreed ones the newest in force; below the contract's minimum it stops."""
    values = {"doctype": "Customer Price", "customer": framework_customer(), "product": MADE[0]}
    for price, day in ((11, -30), (10, -1), (9, 1)):
        frappe.get_doc(
            {**values, "price": price, "valid_from": add_days(nowdate(), day), "minimum_order_quantity": 40}
        ).insert()
    order = complete_order(items=[line(MADE[0], quantity=40, unit_price=10)])
    confirm(order.name)
    for price in (11, 9):
        with pytest.raises(StepRefused, match="list price"):
            confirm(complete_order(items=[line(MADE[0], quantity=40, unit_price=price)]).name)
    with pytest.raises(StepRefused, match="10 < 40"):
        confirm(complete_order(items=[line(MADE[0], unit_price=10)]).name)


def test_an_agreed_price_stands_once(site: Any) -> None:
    """R-057: two prices from one day would contradict each other."""
    values = {"doctype": "Customer Price", "customer": framework_customer(), "product": MADE[0], "price": 5}
    frappe.get_doc(values).insert()
    with pytest.raises(frappe.UniqueValidationError):
        frappe.get_doc(values).insert()


@pytest.mark.parametrize(
    "values", [{"price": 0}, {"price": 5, "valid_until": "2020-01-01"}], ids=["no price", "ends first"]
)
def test_an_agreed_price_makes_sense(site: Any, values: dict[str, Any]) -> None:
    """R-386."""
    base = {"doctype": "Customer Price", "customer": framework_customer(), "product": MADE[0]}
    with pytest.raises(frappe.ValidationError):
        frappe.get_doc(base | values).insert()


def test_a_sales_policy_allows_what_it_names(site: Any) -> None:
    """R-058: a row more, and the same order passes."""
    profile = frappe.get_doc("Flow Profile", STRICT)
    profile.append("sales_policy", {"trade": "Foreign"})
    profile.save()
    try:
        order = complete_order()
        with pytest.raises(StepRefused, match="sales policy does not allow"):
            confirm(order.name)
        profile.append("sales_policy", {"trade": "Domestic", "payment_term": "Cash on Delivery"})
        profile.save()
        confirm(order.name)
    finally:
        # The framework's cache of documents is not taken back with the transaction.
        frappe.db.rollback()
        frappe.clear_document_cache("Flow Profile", STRICT)


def test_a_migration_keeps_an_administrators_edits(site: Any) -> None:
    """Shipped rows are put in once: edited and deleted ones stay as they are."""
    name = "ADD Contract"
    profile = frappe.get_doc("Flow Profile", name)
    try:
        price = next(row for row in profile.gates if row.gate == "Price Not Agreed")
        assert price.at_confirm == "Stop"
        price.at_confirm = "Warn"
        profile.remove(next(row for row in profile.gates if row.gate == "Wishes Open"))
        profile.save()
        after_migrate()
        again = {row.gate: row.at_confirm for row in frappe.get_doc("Flow Profile", name).gates}
        assert again["Price Not Agreed"] == "Warn"
        assert "Wishes Open" not in again
    finally:
        frappe.db.rollback()
        frappe.clear_document_cache("Flow Profile", name)


def test_confirming_in_one_save_looks_at_what_is_saved(site: Any) -> None:
    """R-056: an edit that confirms at once is judged by its new content, not by the stored one."""
    order = complete_order()
    order.items[0].unit_price = 1
    order.workflow_state, order.docstatus = OrderState.CONFIRMED.value, 1
    with pytest.raises(StepRefused, match=r"list price: 1 \(GATE-A\)"):
        order.save()


def test_the_gates_hold_over_rest_places_too(site: Any) -> None:
    """R-074: an order that another system places is judged like everybody's."""
    values = {field: value for field, value in complete_values().items() if field not in ("items", "channel")}
    values.pop("promised_date")
    values |= {
        "contact_person": "黄经理", "mobile": "13800000000", "province": "广东省", "city": "珠海市",
        "address_line": "情侣中路1号",
    }  # fmt: skip
    placed = api.place_order(STRICT, "GATE-REST-1", json.dumps(values), json.dumps([line(MADE[0])]))
    with pytest.raises(StepRefused, match="Delivery Date"):
        api.confirm(placed["order"])


def test_wdt_going_first_past_a_gate_becomes_a_contradiction(site: Any) -> None:
    """Policy gates do not bend for WDT: its step is refused here, which is reported to a person."""
    order = frappe.get_doc("Order", unproven_order().name)
    with pytest.raises(StepRefused, match="Nothing proves"):
        take_step(order, OrderStep.CONFIRM, origin=Origin.WDT, by_system=True)


def test_a_gate_stands_once_in_a_profile(site: Any) -> None:
    """R-075: of two rows nobody could say which one counts."""
    profile = frappe.copy_doc(frappe.get_doc("Flow Profile", STRICT))
    profile.profile_name = "Test Twice"
    profile.append("gates", {"gate": "Price Not Agreed", "at_confirm": "Warn"})
    with pytest.raises(frappe.ValidationError, match="twice: Price Not Agreed"):
        profile.insert()


def test_drawings_are_confirmed_for_these_products(site: Any) -> None:
    """R-091: another specification needs its drawings confirmed anew."""
    order = complete_order()
    with acting_as(user_of(Role.TECHNOLOGY)):
        gate_api.confirm_drawings(order.name)
    order.reload()
    order.items[0].specification = "blue"
    order.save()
    prove(order.name)
    confirm(order.name)
    with pytest.raises(StepRefused, match="has not confirmed the drawings"):
        gate_api.release_to_planning(order.name)
    with acting_as(user_of(Role.TECHNOLOGY)):
        gate_api.confirm_drawings(order.name)
        gate_api.confirm_drawings(order.name)
    assert frappe.db.count("Order Event", {"order_id": order.name, "step": "Confirm Drawings"}) == 2
    reasons = {reason["code"]: reason for reason in order_form(order.name)["why"]["reasons"]}
    assert "released to planning now by: Order Desk" in reasons["release_to_planning"]["text"]
    gate_api.release_to_planning(order.name)


def test_approvers_hear_once_of_what_stays_open(site: Any) -> None:
    """K-14: past its day the open point comes back to who let it pass."""
    order = unproven_order().name
    with acting_as(user_of(Role.SALES_MANAGER)):
        name = gate_api.override_gate(
            order, "confirmation_not_proven", "Confirm", "Manager Override", "soon", add_days(nowdate(), 1)
        )["override"]
    assert remind_of_open_overrides() == 0
    frappe.db.set_value("Gate Override", name, "due_date", add_days(nowdate(), -1))
    assert (remind_of_open_overrides(), remind_of_open_overrides()) == (1, 0)
    tasks = frappe.get_all("ToDo", {"reference_name": name}, ["allocated_to", "description"])
    assert [task.allocated_to for task in tasks] == [user_of(Role.SALES_MANAGER)]
    assert "Confirmation Not Proven" in tasks[0].description
    with acting_as(user_of(Role.SALES_MANAGER)):
        gate_api.close_override(name, "it came")
    assert frappe.get_all("ToDo", {"reference_name": name}, pluck="status") == ["Closed"]
