"""What is stored for others is in the site's language, whoever or whatever stores it (issue 10, C6)."""

from __future__ import annotations

import frappe
from frappe.utils.background_jobs import execute_job

from order_flow.domain.orders.classes import OrderKind
from order_flow.domain.states import OrderState, PaymentFamily
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.lifecycle.holds import hold
from order_flow.flow.reviews.open_points import alert_late_points
from order_flow.flow.tasks import languages
from tests.site.support.builders import new_order, order_in

SPOKEN: list[str] = []


def listen() -> None:
    """A job of the test."""
    SPOKEN.append(frappe.local.lang)


def test_jobs_speak_the_language_of_the_site(chinese: None) -> None:
    """Whatever the worker's language is; the hook of the app is asked by the framework's own runner."""
    frappe.local.lang = "en"
    SPOKEN.clear()
    try:
        execute_job(frappe.local.site, listen, "test", "listen", {}, is_async=False)
    finally:
        frappe.local.lang = "en"
    assert SPOKEN == ["zh"]


def test_a_task_is_written_for_its_reader_not_for_its_author(chinese: None) -> None:
    order = new_order()
    frappe.local.lang = "en"
    hold(order.name, "clarify the label")
    assert frappe.local.lang == "en"
    held = {"reference_name": order.name, "name": ("like", f"{TaskReason.ORDER_HELD}-%")}
    text = frappe.db.get_value("ToDo", held, "description")
    assert "暂停了订单" in text
    assert "clarify the label" in text


def test_words_inside_a_task_are_translated_as_well(chinese: None) -> None:
    """Only the sentence was: '客户投诉' stood there as 'Complaint'."""
    order = new_order(order_kind=OrderKind.COMPLAINT.value)
    assert frappe.local.lang == "en"
    taken = {"reference_name": order.name, "name": ("like", f"{TaskReason.ORDER_TAKEOVER}-%")}
    texts = frappe.get_all("ToDo", taken, pluck="description")
    assert texts
    assert all("Complaint" not in text and "投诉" in text for text in texts)


def test_late_points_are_told_in_the_language_of_the_site(chinese: None) -> None:
    """A job's text, from its giver to the stored row."""
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_LATER)
    point = frappe.get_doc(
        {"doctype": "Open Point", "order_id": order.name, "kind": "Label", "description": "barcode"}
    )
    point.expected_on = frappe.utils.nowdate()
    point.insert()
    frappe.db.set_value("Open Point", point.name, "settle_by", "2020-01-01")
    languages.job_begins()
    alert_late_points()
    frappe.local.lang = "en"
    text = frappe.db.get_value("ToDo", {"reference_name": point.name}, "description")
    assert "生产" in text
