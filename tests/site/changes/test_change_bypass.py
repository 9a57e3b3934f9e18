"""After the confirmation only an applied notice changes an order, whatever the way in (K-07, R-129)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import frappe
import pytest
from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs
from frappe.desk.form import save as desk_form
from frappe.model.workflow import apply_workflow

from order_flow.domain.changes.model import ChangeState, ChangeStep
from order_flow.domain.states import OrderState, PaymentFamily, Role
from tests.site.support.builders import PRODUCTS, acting_as, order_in, user_of
from tests.site.support.change_lab import (
    QUANTITY,
    answer_all,
    approved,
    line_change,
    notice_of,
    sent,
    take,
    written,
)
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers
from tests.site.support.ways_in import importer_of, run_job

Way = Callable[[Any], object]


@pytest.fixture
def order(site: Any) -> Any:
    return order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)


def content(order: Any) -> tuple[Any, ...]:
    """What must stay as it is."""
    stored = frappe.get_doc("Order", order.name)
    lines = [(line.name, line.product, line.quantity, line.unit_price, line.packing) for line in stored.items]
    return (stored.modified, stored.address_line, stored.total, stored.promised_date, *lines)


def save_header(order: Any) -> object:
    document = frappe.get_doc("Order", order.name)
    document.address_line = "somewhere else"
    return document.save()


def save_line(order: Any) -> object:
    document = frappe.get_doc("Order", order.name)
    document.items[0].quantity = 99
    return document.save()


def save_new_line(order: Any) -> object:
    document = frappe.get_doc("Order", order.name)
    document.append("items", {"product": PRODUCTS[0], "quantity": 1, "unit_price": 1})
    return document.save()


def save_without_a_line(order: Any) -> object:
    document = frappe.get_doc("Order", order.name)
    document.remove(document.items[0])
    return document.save()


def desk_save(order: Any) -> object:
    document = frappe.get_doc("Order", order.name)
    document.promised_date = "2030-01-01"
    return desk_form.savedocs(frappe.as_json(document.as_dict()), "Update")


def client_set_value(order: Any) -> object:
    return frappe.call("frappe.client.set_value", "Order", order.name, "promised_date", "2030-01-01")


def client_set_line_value(order: Any) -> object:
    return frappe.call("frappe.client.set_value", "Order Item", order.items[0].name, "quantity", 99)


def client_save(order: Any) -> object:
    document = frappe.get_doc("Order", order.name).as_dict()
    document["items"][0]["unit_price"] = 1
    return frappe.call("frappe.client.save", frappe.as_json(document))


def client_insert_line(order: Any) -> object:
    line = {
        "doctype": "Order Item",
        "parent": order.name,
        "parenttype": "Order",
        "parentfield": "items",
        "product": PRODUCTS[0],
        "quantity": 1,
        "unit_price": 1,
    }
    return frappe.call("frappe.client.insert", frappe.as_json(line))


def client_delete_line(order: Any) -> object:
    return frappe.call("frappe.client.delete", "Order Item", order.items[0].name)


def save_line_alone(order: Any) -> object:
    line = frappe.get_doc("Order Item", order.items[0].name)
    line.quantity = 99
    return line.save()


def bulk_edit(order: Any) -> object:
    return submit_cancel_or_update_docs(
        "Order", json.dumps([order.name]), "update", {"address_line": "somewhere else"}
    )


def import_update(order: Any) -> object:
    values = {"name": order.name, "address_line": "somewhere else"}
    return importer_of("Order").update_record(frappe._dict(values))


def job_save(order: Any) -> object:
    return run_job(save_line, order=order)


def forged_flags(order: Any) -> object:
    """A client that sends the flags of the one way that may."""
    document = frappe.get_doc("Order", order.name).as_dict()
    document["items"][0]["quantity"] = 99
    document["flags"] = {"ignore_validate_update_after_submit": True, "system_fields_open": True}
    return frappe.call("frappe.client.save", frappe.as_json(document))


def desk_row_update(order: Any) -> object:
    """Other software's 'update items' of submitted orders: the framework's own setter on a line."""
    return frappe.call(
        "frappe.client.bulk_update",
        json.dumps([{"doctype": "Order Item", "docname": order.items[0].name, "quantity": 99}]),
    )


WAYS: tuple[Way, ...] = (
    save_header,
    save_line,
    save_new_line,
    save_without_a_line,
    desk_save,
    client_set_value,
    client_set_line_value,
    client_save,
    client_insert_line,
    client_delete_line,
    save_line_alone,
    import_update,
    forged_flags,
)
COLLECTING: tuple[Way, ...] = (bulk_edit, desk_row_update)
"""Ways that report their failures instead of raising them."""


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("user", ["Administrator", user_of(Role.ORDER_DESK)])
def test_a_confirmed_order_is_closed(order: Any, way: Way, user: str) -> None:
    before = content(order)
    with acting_as(user), pytest.raises((frappe.ValidationError, frappe.PermissionError)):
        way(order)
    assert content(order) == before


@pytest.mark.parametrize("way", COLLECTING, ids=lambda way: way.__name__)
def test_a_confirmed_order_is_closed_to_bulk_edits(order: Any, way: Way) -> None:
    frappe.db.commit()
    try:
        before = content(order)
        way(order)
        assert content(order) == before
    finally:
        remove_orders([order.name])


def test_a_confirmed_order_is_closed_to_jobs(order: Any) -> None:
    """A job that fails rolls back what is not committed, hence the committed order."""
    frappe.db.commit()
    try:
        before = content(order)
        with pytest.raises(frappe.ValidationError):
            job_save(order)
        assert content(order) == before
    finally:
        remove_orders([order.name])


def state_written(notice: Any) -> object:
    document = notice_of(notice.name)
    document.change_state = ChangeState.APPLIED.value
    return document.save()


def state_set(notice: Any) -> object:
    return frappe.call(
        "frappe.client.set_value", "Change Notice", notice.name, "change_state", ChangeState.APPLIED.value
    )


def forged_workflow(notice: Any) -> object:
    document = notice_of(notice.name).as_dict()
    document["change_state"] = ChangeState.APPROVED.value
    return apply_workflow(frappe.as_json(document), ChangeStep.APPLY.value)


def answers_written(notice: Any) -> object:
    document = notice_of(notice.name)
    for row in document.answers:
        row.answer = "Yes"
    return document.save()


def answer_removed(notice: Any) -> object:
    document = notice_of(notice.name)
    document.set("answers", document.answers[1:])
    return document.save()


def content_written(notice: Any) -> object:
    document = notice_of(notice.name)
    document.changes[0].new_value = "99"
    return document.save()


def loss_written(notice: Any) -> object:
    document = notice_of(notice.name)
    document.loss_borne_by = "Company"
    document.company_loss_approved_by = "Administrator"
    return document.save()


def row_alone(notice: Any) -> object:
    row = frappe.get_doc("Change Notice Line", notice.changes[0].name)
    row.new_value = "99"
    return row.save()


NOTICE_WAYS: tuple[Way, ...] = (
    state_written,
    state_set,
    forged_workflow,
    answers_written,
    answer_removed,
    content_written,
    loss_written,
    row_alone,
)


@pytest.mark.parametrize("way", NOTICE_WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("user", ["Administrator", user_of(Role.ORDER_DESK)])
def test_a_notice_under_review_is_closed(order: Any, way: Way, user: str) -> None:
    """Neither its state, nor its answers, nor its content is written past the methods (R-092, R-129)."""
    notice = sent(order, QUANTITY, line_change(order, "quantity", 3))
    before = (content(order), notice.modified)
    with acting_as(user), pytest.raises((frappe.ValidationError, frappe.PermissionError)):
        way(notice)
    assert (content(order), notice_of(notice.name).modified) == before


def test_a_notice_starts_as_a_draft(order: Any) -> None:
    """Whatever a client sends along."""
    values = {
        "doctype": "Change Notice",
        "order_id": order.name,
        "kind": QUANTITY,
        "reason": "x",
        "changes": [{"order_item": order.items[0].name, "fieldname": "quantity", "new_value": "3"}],
    }
    for forged in (
        {"change_state": ChangeState.APPROVED.value},
        {"approved_by": "Administrator"},
        {"answers": [{"department": "Planning", "answer": "Yes", "required": 1}]},
    ):
        with pytest.raises(frappe.ValidationError):
            frappe.get_doc({**values, **forged}).insert()


def test_the_notice_stays_with_its_order(order: Any) -> None:
    other = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    notice = written(order, QUANTITY, line_change(order, "quantity", 3))
    notice.order_id = other.name
    with pytest.raises(frappe.ValidationError):
        notice.save()


@pytest.fixture
def committed(site: Any) -> Iterator[Any]:
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    frappe.db.commit()
    yield order
    remove_orders([order.name])


def test_rest_changes_nothing_but_by_a_notice(committed: Any, callers: Callers) -> None:
    """The framework's own resources, as an integrator would try them."""
    order, line = committed, committed.items[0]
    before = content(order)
    desk = callers.of(Role.ORDER_DESK)
    answers = [
        desk.put(f"resource/Order/{order.name}", address_line="somewhere else"),
        desk.put(f"resource/Order/{order.name}", items=[]),
        desk.put(f"resource/Order Item/{line.name}", quantity=99),
        desk.delete(f"resource/Order Item/{line.name}"),
        desk.post(
            "resource/Order Item",
            parent=order.name,
            parenttype="Order",
            parentfield="items",
            product=PRODUCTS[0],
            quantity=1,
            unit_price=1,
        ),
    ]
    assert [answer.ok for answer in answers] == [False] * len(answers), [a.text for a in answers]
    frappe.db.rollback()
    assert content(order) == before


def test_rest_takes_a_notice_through_its_life(committed: Any, callers: Callers) -> None:
    """R-129 over HTTP: written, answered by two departments, approved, applied, and applied again."""
    order = committed

    def call(role: Role, method: str, **body: Any) -> Any:
        answer = callers.of(role).post(f"method/order_flow.api.changes.{method}", **body)
        assert answer.ok, answer.text
        return answer.json()["message"]

    changes = [{"line": order.items[0].name, "field": "quantity", "value": 4}]
    found = call(
        Role.SALES, "propose", order=order.name, kind=QUANTITY, reason="more", changes=changes, send=True
    )
    notice = found["notice"]
    for role, department in ((Role.PLANNING, "Planning"), (Role.LOGISTICS, "Logistics")):
        call(role, "answer", notice=notice, department=department, answer="Yes")
    call(Role.ORDER_DESK, "step", notice=notice, step="Approve")
    for _again in range(2):
        assert call(Role.ORDER_DESK, "step", notice=notice, step="Apply")["state"] == ChangeState.APPLIED
    frappe.db.rollback()
    assert frappe.get_doc("Order", order.name).items[0].quantity == 4
    assert callers.of(Role.AUDITOR).get("method/order_flow.api.changes.compare", notice=notice).ok
    assert not callers.of(Role.FIELD_REP).get("method/order_flow.api.changes.compare", notice=notice).ok


def test_the_desks_workflow_takes_the_same_way(order: Any) -> None:
    """apply_workflow is one of the ways in: it applies the order too."""
    notice = approved(order, QUANTITY, line_change(order, "quantity", 3))
    with acting_as(user_of(Role.ORDER_DESK)):
        apply_workflow(notice_of(notice.name), ChangeStep.APPLY.value)
    assert frappe.get_doc("Order", order.name).items[0].quantity == 3


def test_a_refused_application_leaves_everything_as_it_was(order: Any) -> None:
    """One transaction: no order, no version, no event, no message without the other."""
    notice = answer_all(sent(order, QUANTITY, line_change(order, "quantity", 3)))
    take(notice, ChangeStep.APPROVE)
    frappe.db.set_value("Order Item", order.items[0].name, "quantity", 8)
    counts = {name: frappe.db.count(name) for name in ("Order Version", "Order Event", "ToDo", "Sync Outbox")}
    with pytest.raises(frappe.ValidationError):
        take(notice, ChangeStep.APPLY)
    assert {name: frappe.db.count(name) for name in counts} == counts
    assert notice_of(notice.name).change_state == ChangeState.APPROVED
