"""Change notices on the site: written, reviewed, applied, refused (R-126..R-144, R-106, K-07, K-28)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate

from dev.bench.statements import recorded_statements
from order_flow.api.changes import (
    approve_company_loss,
    compare,
    form,
    loss,
    propose,
    record_progress,
    step,
    version,
)
from order_flow.defaults.shipped_change_kinds import SHIPPED_KINDS
from order_flow.domain.changes.model import ChangeState, ChangeStep, Involvement, Level
from order_flow.domain.reviews.sign_offs import Department
from order_flow.domain.states import DeliveryStatus, OrderState, PaymentFamily, PaymentStatus, Role
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import PRODUCTS, acting_as, new_order, order_in, pay_in_full, user_of
from tests.site.support.change_lab import (
    ADDRESS,
    DATE,
    QUANTITY,
    added_line,
    answer_all,
    answer_for,
    applied,
    approved,
    customer_agrees,
    departments_of,
    line_change,
    notice_of,
    order_change,
    paper,
    removed_line,
    sent,
    take,
    touchable,
    written,
)

APPLY_STATEMENTS = 84
"""Orders, notice, version, event, and a task for each department that is told."""
FIRST, LATER = PaymentFamily.PAY_FIRST, PaymentFamily.PAY_LATER
ANSWERS, INFORMED = Involvement.ANSWERS, Involvement.INFORMED


def confirmed(**overrides: Any) -> Any:
    return order_in(OrderState.CONFIRMED, FIRST, **overrides)


def reload(order: Any) -> Any:
    return frappe.get_doc("Order", order.name)


def open_tasks(notice: Any) -> set[str]:
    return set(frappe.get_all("ToDo", {"reference_name": notice.name, "status": "Open"}, pluck="role"))


def test_number_is_the_day_and_a_running_number(site: Any) -> None:
    """R-106: YYMMDD-n, one after the other."""
    order = confirmed()
    first = written(order, QUANTITY, line_change(order, "quantity", 3))
    second = written(order, QUANTITY, line_change(order, "quantity", 3, line=1))
    assert re.fullmatch(rf"{getdate():%y%m%d}-\d+", first.name)
    assert int(second.name.split("-")[1]) == int(first.name.split("-")[1]) + 1


def test_old_values_and_impact_are_the_systems(site: Any) -> None:
    """What stands there now, price and money are computed, whatever a client sends."""
    order = confirmed()
    pay_in_full(order)
    notice = written(order, QUANTITY, {**line_change(order, "quantity", "3.0"), "old_value": "99"})
    row = notice.changes[0]
    assert (row.old_value, row.new_value, row.field_label) == ("1", "3", "Quantity")
    assert notice.price_difference == pytest.approx(21)
    assert notice.new_total == pytest.approx(order.total + 21)
    assert notice.received_amount == pytest.approx(order.total)
    assert notice.open_amount == pytest.approx(21)
    assert [(one.ordered_quantity, one.new_quantity) for one in notice.impact] == [(1, 3)]


@pytest.mark.parametrize("kind", [one.name for one in SHIPPED_KINDS if not one.flow_profile])
def test_every_kind_asks_its_departments_and_takes_effect(site: Any, kind: str) -> None:
    """Over the shipped kinds: who is asked, who is informed, what changes (R-130..R-133, K-28)."""
    order = confirmed()
    change, read = sample(order, kind)
    notice = sent(order, kind, change)
    asked = departments_of(kind, ANSWERS)
    assert {row.department for row in notice.answers} == asked
    assert set(filter(None, (notice.informed or "").split(", "))) == departments_of(kind, INFORMED)
    if asked:
        assert ChangeState(notice.change_state) is ChangeState.UNDER_REVIEW
        with pytest.raises(StepRefused):
            take(notice, ChangeStep.APPROVE)
        answer_all(notice)
        if frappe.get_cached_value("Change Kind", kind, "customer_answer"):
            with pytest.raises(StepRefused, match="customer"):
                take(notice, ChangeStep.APPROVE)
            customer_agrees(notice)
        take(notice, ChangeStep.APPROVE)
        assert read(reload(order)) == read(order), "an approval changes nothing yet"
        notice = take(notice, ChangeStep.APPLY)
    assert ChangeState(notice.change_state) is ChangeState.APPLIED
    assert read(reload(order)) != read(order)
    assert notice.order_version
    assert frappe.db.exists("Order Event", {"order_id": order.name, "step": "Change Applied"})


def sample(order: Any, kind: str) -> tuple[dict[str, Any], Any]:
    """A change that a kind allows, and what to look at."""
    level, field = touchable(kind)[0]
    if level is Level.ADD_LINE:
        return added_line(), lambda found: len(found.items)
    if level is Level.REMOVE_LINE:
        return removed_line(order), lambda found: len(found.items)
    values = {
        "product": PRODUCTS[4],
        "quantity": 7,
        "unit_price": 99,
        "payment_term": "Bank Transfer",
        "promised_date": add_days(getdate(), 30).isoformat(),
        "customer_address": None,
    }
    value = values.get(field, "changed")
    if level is Level.LINE:
        return line_change(order, field, value), lambda found: found.items[0].get(field)
    return order_change(field, value), lambda found: found.get(field)


def test_applied_order_is_derived_anew(site: Any) -> None:
    """Amounts, payment and delivery follow the new content; the new line gets a key of its own (R-044)."""
    order = confirmed()
    notice = applied(order, "Line Added", added_line(quantity=4, unit_price=25))
    stored = reload(order)
    assert stored.docstatus == 1 and stored.workflow_state == OrderState.CONFIRMED
    line = stored.items[-1]
    assert (line.product, line.quantity, line.gross, line.docstatus) == (PRODUCTS[1], 4, 100, 1)
    assert line.product_name and line.tax_percent == 13
    assert stored.total == pytest.approx(order.total + 100)
    assert notice.changes[0].order_item == line.name
    assert [one.idx for one in stored.items] == list(range(1, 7))


def test_removing_a_line(site: Any) -> None:
    order = confirmed()
    applied(order, "Line Cancelled", removed_line(order, 2))
    stored = reload(order)
    assert [line.name for line in stored.items] == [line.name for line in order.items if line.idx != 3]
    assert not frappe.db.exists("Order Item", order.items[2].name)
    assert stored.total == pytest.approx(order.total - order.items[2].gross)


def test_another_product_brings_its_own_words(site: Any) -> None:
    """R-130: the line keeps its key and takes name and unit from the new product."""
    order = confirmed()
    applied(order, "Product or Parts", line_change(order, "product", PRODUCTS[3]))
    line = reload(order).items[0]
    assert (line.name, line.product, line.product_name) == (
        order.items[0].name,
        PRODUCTS[3],
        f"Product {PRODUCTS[3]}",
    )


def test_the_old_version_is_kept_complete(site: Any) -> None:
    """R-141: every field and every line of before and after, side by side."""
    order = confirmed()
    notice = applied(order, QUANTITY, line_change(order, "quantity", 6, line=1))
    kept = frappe.get_doc("Order Version", notice.order_version)
    before, after = frappe.parse_json(kept.content), frappe.parse_json(kept.next_content)
    assert len(before["items"]) == len(after["items"]) == 5
    assert (before["items"][1]["quantity"], after["items"][1]["quantity"]) == (2, 6)
    assert before["order"]["total"] != after["order"]["total"]
    assert set(before["order"]) == set(order.get_valid_dict())
    shown = version(kept.name)
    assert [line["change"] for line in shown["lines"]] == ["same", "changed", "same", "same", "same"]
    assert compare(notice.name) == shown
    assert kept.version_number == 1


def test_versions_cannot_be_touched(site: Any) -> None:
    order = confirmed()
    notice = applied(order, QUANTITY, line_change(order, "quantity", 6))
    kept = frappe.get_doc("Order Version", notice.order_version)
    kept.content = "{}"
    with pytest.raises(StepRefused):
        kept.save()
    with pytest.raises(StepRefused):
        frappe.delete_doc("Order Version", kept.name)
    with pytest.raises(StepRefused):
        frappe.delete_doc("Change Notice", notice.name)


def test_preview_shows_what_would_become(site: Any) -> None:
    order = confirmed()
    notice = written(order, QUANTITY, line_change(order, "quantity", 6, line=1))
    changed = [line for line in compare(notice.name)["lines"] if line["change"] == "changed"]
    assert {(cell["old"], cell["new"]) for cell in changed[0]["cells"] if cell["label"] == "Quantity"} == {
        ("2", "6")
    }
    assert reload(order).items[1].quantity == 2


def test_contact_data_is_free(site: Any) -> None:
    """K-07: what never matters to production takes effect at once, with its trace."""
    order = confirmed()
    notice = sent(order, ADDRESS, order_change("mobile", "13900000001"))
    assert ChangeState(notice.change_state) is ChangeState.APPLIED
    assert (notice.approved_by, notice.applied_by) == (user_of(Role.ORDER_DESK),) * 2
    assert reload(order).mobile == "13900000001"
    assert open_tasks(notice) == {"Logistics"}


def test_by_policy_contact_data_needs_a_notice_too(site: Any) -> None:
    """K-07: one row of the kind makes it a reviewed change."""
    kind = frappe.get_doc("Change Kind", ADDRESS)
    kind.append("departments", {"department": "Planning", "involvement": "Answers", "question": "Possible?"})
    kind.save()
    order = confirmed()
    notice = sent(order, ADDRESS, order_change("mobile", "13900000001"))
    assert ChangeState(notice.change_state) is ChangeState.UNDER_REVIEW
    assert reload(order).mobile == order.mobile


def test_a_promised_date_waits_for_planning_and_customer(site: Any) -> None:
    """K-28, R-143, R-144."""
    order = confirmed(promised_date=add_days(getdate(), 10))
    notice = sent(order, DATE, order_change("promised_date", add_days(getdate(), 20)))
    assert (notice.old_promised_date, notice.new_promised_date) == (
        add_days(getdate(), 10),
        add_days(getdate(), 20),
    )
    with acting_as(user_of(Role.PRODUCTION)), pytest.raises(frappe.PermissionError):
        from order_flow.api.changes import answer

        answer(notice.name, "Planning", "Yes")
    answer_for(notice, Department.PLANNING)
    customer_agrees(notice)
    take(notice, ChangeStep.APPROVE)
    take(notice, ChangeStep.APPLY)
    assert reload(order).promised_date == add_days(getdate(), 20)


def test_a_no_goes_back_to_the_order_desk(site: Any) -> None:
    """R-126: not feasible, no change."""
    order = confirmed()
    notice = sent(order, QUANTITY, line_change(order, "quantity", 3))
    answer_for(notice, Department.PLANNING, "No")
    assert "Order Desk" in open_tasks(notice)
    answer_for(notice, Department.LOGISTICS)
    with pytest.raises(StepRefused, match="not possible"):
        take(notice, ChangeStep.APPROVE)
    with pytest.raises(StepRefused, match="Say why"):
        take(notice, ChangeStep.REJECT)
    notice = take(notice, ChangeStep.REJECT, remark="planning cannot")
    assert (notice.change_state, notice.decision_remark) == (ChangeState.REJECTED, "planning cannot")
    assert open_tasks(notice) == set()
    assert reload(order).modified == order.modified


def test_departments_are_told_when_asked_and_when_applied(site: Any) -> None:
    order = confirmed()
    notice = sent(order, QUANTITY, line_change(order, "quantity", 3))
    assert open_tasks(notice) == {"Planning", "Logistics"}
    answer_all(notice)
    take(notice, ChangeStep.APPROVE)
    take(notice, ChangeStep.APPLY)
    assert open_tasks(notice) == {"Planning", "Logistics", "Purchasing", "Production"}


def test_a_returned_notice_is_asked_anew(site: Any) -> None:
    """What was answered was answered to another text."""
    order = confirmed()
    notice = approved(order, DATE, order_change("promised_date", add_days(getdate(), 20)))
    notice = take(notice, ChangeStep.RETURN)
    assert (notice.answers, notice.customer_answer, notice.customer_answer_paper) == ([], "Open", None)
    notice.changes[0].new_value = add_days(getdate(), 25).isoformat()
    notice.save()
    notice = take(notice, ChangeStep.SEND)
    assert [row.answer for row in notice.answers] == ["Open"]


def test_material_that_was_bought_needs_somebody_who_pays(site: Any) -> None:
    """R-127: the customer in writing, or nobody changes anything."""
    order = confirmed()
    line = order.items[4]
    with acting_as(user_of(Role.PURCHASING)):
        record_progress(order.name, "Purchased", {line.name: 5})
    notice = answer_all(sent(order, QUANTITY, line_change(order, "quantity", 2, line=4)))
    assert [(row.purchased_quantity, row.at_risk) for row in notice.impact] == [(5, 1)]
    with pytest.raises(StepRefused, match="who bears the loss"):
        take(notice, ChangeStep.APPROVE)
    with acting_as(user_of(Role.ORDER_DESK)):
        with pytest.raises(StepRefused, match="written agreement"):
            loss(notice.name, "Customer", 120)
        loss(notice.name, "No Loss")
    with pytest.raises(StepRefused, match="who bears the loss"):
        take(notice_of(notice.name), ChangeStep.APPROVE)
    with acting_as(user_of(Role.ORDER_DESK)):
        loss(notice.name, "Customer", 120, agreement=paper())
    notice = take(notice_of(notice.name), ChangeStep.APPROVE)
    notice = take(notice, ChangeStep.APPLY)
    assert (notice.loss_borne_by, notice.loss_amount) == ("Customer", 120)
    assert reload(order).items[4].quantity == 2


def test_our_quality_fault_is_our_loss_when_the_sales_manager_says_so(site: Any) -> None:
    """R-128."""
    order = confirmed()
    with acting_as(user_of(Role.PRODUCTION)):
        record_progress(order.name, "In Work", {order.items[0].name: 1})
    notice = answer_all(sent(order, "Line Cancelled", removed_line(order), requested_by="Customer"))
    with acting_as(user_of(Role.ORDER_DESK)):
        with pytest.raises(StepRefused, match="quality fault"):
            loss(notice.name, "Company", 50)
        loss(notice.name, "Company", 50, "paint peels off")
        with pytest.raises(frappe.PermissionError):
            approve_company_loss(notice.name)
    with pytest.raises(StepRefused, match="sales manager"):
        take(notice_of(notice.name), ChangeStep.APPROVE)
    with acting_as(user_of(Role.SALES_MANAGER)):
        approve_company_loss(notice.name)
        approve_company_loss(notice.name)
    notice = take(notice_of(notice.name), ChangeStep.APPROVE)
    assert notice.company_loss_approved_by == user_of(Role.SALES_MANAGER)


def test_what_was_bought_after_the_approval_stops_the_application(site: Any) -> None:
    """R-126: asked again at the moment it takes effect."""
    order = confirmed()
    notice = approved(order, QUANTITY, line_change(order, "quantity", 2, line=4))
    with acting_as(user_of(Role.PURCHASING)):
        record_progress(order.name, "Purchased", {order.items[4].name: 5})
    with pytest.raises(StepRefused, match="who bears the loss"):
        take(notice, ChangeStep.APPLY)
    assert reload(order).items[4].quantity == 5


def test_finance_is_asked_where_goods_are_invoiced(site: Any) -> None:
    order = confirmed()
    with acting_as(user_of(Role.FINANCE)):
        record_progress(order.name, "Invoiced", {order.items[0].name: 1})
    notice = sent(order, QUANTITY, line_change(order, "quantity", 3))
    assert {row.department for row in notice.answers} == {"Planning", "Logistics", "Finance"}


@pytest.mark.parametrize(
    ("kind", "role", "other"),
    [
        ("Purchased", Role.PURCHASING, Role.ORDER_DESK),
        ("In Work", Role.PRODUCTION, Role.SALES),
        ("Packed", Role.WAREHOUSE, Role.FINANCE),
        ("Invoiced", Role.FINANCE, Role.SALES_MANAGER),
    ],
)
def test_who_records_progress(site: Any, kind: str, role: Role, other: Role) -> None:
    """Each quantity by those who know it; the same number again changes nothing."""
    order = confirmed()
    line = order.items[0].name
    with acting_as(user_of(other)), pytest.raises(frappe.PermissionError):
        record_progress(order.name, kind, {line: 1})
    with acting_as(user_of(role)):
        record_progress(order.name, kind, {line: 1})
        once = reload(order).modified
        record_progress(order.name, kind, {line: 1})
    assert reload(order).modified == once
    assert frappe.db.count("Order Event", {"order_id": order.name, "step": "Progress Recorded"}) == 1


def test_a_paid_order_that_becomes_dearer_does_not_ship_before_the_rest_is_paid(site: Any) -> None:
    """Design 3: the desk ships no unpaid pay-first order, and finance hears of what is missing."""
    from order_flow.api.orders import record_payment, ship

    order = order_in(OrderState.PAID, FIRST)
    applied(order, QUANTITY, line_change(order, "quantity", 3))
    stored = reload(order)
    assert (stored.workflow_state, stored.payment_status) == (OrderState.PAID, PaymentStatus.PARTLY_PAID)
    tasks = frappe.get_all("ToDo", {"reference_name": order.name, "role": "Finance"}, pluck="description")
    assert len(tasks) == 1 and "21" in tasks[0]
    with pytest.raises(StepRefused, match="not confirmed as received"):
        ship(order.name, waybill_number="SF1")
    record_payment(order.name, "21", "REST")
    ship(order.name, waybill_number="SF1")
    assert reload(order).workflow_state == OrderState.SHIPPED


def test_a_paid_order_that_becomes_cheaper_is_overpaid(site: Any) -> None:
    """Finance pays the difference back."""
    order = order_in(OrderState.PAID, FIRST)
    applied(order, "Line Cancelled", removed_line(order))
    assert reload(order).payment_status == PaymentStatus.OVERPAID
    assert frappe.db.exists("ToDo", {"reference_name": order.name, "role": "Finance"})


def test_an_order_whose_total_falls_to_what_is_paid_is_paid(site: Any) -> None:
    """What facts decide follows at once."""
    from order_flow.api.orders import record_payment

    order = confirmed()
    record_payment(order.name, str(Decimal(str(order.total)) - Decimal(str(order.items[0].gross))), "PART")
    applied(order, "Line Cancelled", removed_line(order))
    assert reload(order).workflow_state == OrderState.PAID


def test_the_rest_of_a_partly_shipped_order_can_be_given_up(site: Any) -> None:
    """Quantity down to what has left: the order is shipped (R-246)."""
    from order_flow.api.orders import ship

    order = order_in(
        OrderState.CONFIRMED, LATER, items=[{"product": PRODUCTS[0], "quantity": 10, "unit_price": 5}]
    )
    ship(order.name, waybill_number="P1", items=[{"order_item": order.items[0].name, "quantity": 4}])
    with pytest.raises(StepRefused, match="cannot become 3"):
        written(order, QUANTITY, line_change(order, "quantity", 3))
    frappe.clear_messages()
    applied(order, QUANTITY, line_change(order, "quantity", 4))
    stored = reload(order)
    assert (stored.delivery_status, stored.workflow_state) == (DeliveryStatus.SHIPPED, OrderState.SHIPPED)
    assert stored.shipped_amount == stored.total == 20


def test_applying_twice_changes_nothing(site: Any) -> None:
    """R-351: a quiet no-op."""
    order = confirmed()
    notice = applied(order, QUANTITY, line_change(order, "quantity", 3))
    before = (
        reload(order).modified,
        notice.modified,
        frappe.db.count("Order Event", {"order_id": order.name}),
    )
    with acting_as(user_of(Role.ORDER_DESK)):
        assert step(notice.name, "Apply")["state"] == ChangeState.APPLIED
    after = (
        reload(order).modified,
        notice_of(notice.name).modified,
        frappe.db.count("Order Event", {"order_id": order.name}),
    )
    assert after == before
    assert frappe.db.count("Order Version", {"order_id": order.name}) == 1


def test_a_stale_notice_says_what_differs(site: Any) -> None:
    """The order changed meanwhile: refused with both values, and back to the draft it is right again."""
    order = confirmed(promised_date=add_days(getdate(), 5))
    notice = approved(order, QUANTITY, line_change(order, "quantity", 3))
    frappe.db.set_value("Order Item", order.items[0].name, "quantity", 8)
    with pytest.raises(StepRefused, match=r"written for 1, now it is 8"):
        take(notice, ChangeStep.APPLY)
    notice = take(notice, ChangeStep.RETURN)
    assert notice.changes[0].old_value == "8"


def test_two_open_notices_on_one_line(site: Any) -> None:
    """Refused until the first one is closed."""
    order = confirmed()
    first = sent(order, QUANTITY, line_change(order, "quantity", 3))
    with pytest.raises(StepRefused, match=first.name):
        written(order, "Price", line_change(order, "unit_price", 1))
    written(order, "Price", line_change(order, "unit_price", 1, line=1))
    take(first, ChangeStep.WITHDRAW)
    written(order, "Price", line_change(order, "unit_price", 1))


def test_who_takes_which_step(site: Any) -> None:
    """Planning answers, it does not approve; sales writes, it does not decide."""
    order = confirmed()
    notice = answer_all(sent(order, QUANTITY, line_change(order, "quantity", 3)))
    for role in (Role.SALES, Role.PLANNING, Role.PRODUCTION, Role.WAREHOUSE, Role.FINANCE):
        with pytest.raises(frappe.PermissionError):
            take(notice, ChangeStep.APPROVE, role)
        frappe.clear_messages()
    with acting_as(user_of(Role.WAREHOUSE)), pytest.raises(frappe.PermissionError):
        propose(order.name, QUANTITY, "mine", [line_change(order, "quantity", 4, line=1)])


def test_the_form_says_what_is_missing_and_offers_what_the_person_may(site: Any) -> None:
    order = confirmed()
    notice = sent(order, DATE, order_change("promised_date", add_days(getdate(), 9)))
    with acting_as(user_of(Role.PLANNING)):
        shown = form(notice.name)
        assert shown["departments"] == ["Planning"]
        assert "Approve" not in shown["steps"]
    with acting_as(user_of(Role.ORDER_DESK)):
        shown = form(notice.name)
    assert shown["steps"] == ["Return to Draft", "Approve", "Reject", "Withdraw"]
    assert shown["records"] == ["customer_answer", "loss"]
    assert len(shown["missing"]) == 2


def test_an_unconfirmed_order_is_edited_in_place(site: Any) -> None:
    """R-141: no notice, but the earlier version stays readable."""
    order = new_order()
    with pytest.raises(StepRefused, match="not confirmed yet"):
        written(order, QUANTITY, line_change(order, "quantity", 3))
    order.reload()
    order.items[0].quantity = 3
    order.save()
    data = frappe.parse_json(frappe.get_last_doc("Version", {"docname": order.name}).data)
    changes = {
        tuple(change)
        for row in data["row_changed"]
        for change in map(tuple, row[3])
        if change[0] == "quantity"
    }
    assert len(changes) == 1


def test_applying_takes_the_same_statements_for_any_number_of_lines(site: Any) -> None:
    """Design 8: an order has hundreds of lines; only what changes is written."""
    counts = []
    for count in (5, 5, 40):
        lines = [
            {"product": PRODUCTS[number % 5], "quantity": 3, "unit_price": 2.5} for number in range(count)
        ]
        order = confirmed(items=lines)
        notice = approved(order, QUANTITY, line_change(order, "quantity", 7, line=1))
        with acting_as(user_of(Role.ORDER_DESK)), recorded_statements() as statements:
            step(notice.name, "Apply")
        counts.append(len(statements))
    assert counts[1] == counts[2], counts
    assert counts[1] <= APPLY_STATEMENTS, "\n".join(statements)
