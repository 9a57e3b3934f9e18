"""A refused order from outside is told to the order desk, once a number, until it comes in (R-064)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from order_flow.domain.task_reasons import TaskReason
from order_flow.flow.intake import place_order
from order_flow.flow.refusals import DuplicateDiffers
from order_flow.flow.refused_intakes import JOB, tell_of_refused_intake
from tests.site.builders import OFFLINE_CHANNEL, PRODUCTS, test_customer

NUMBER = "REFUSED-1"
BODY = {
    "payment_term": "Cash on Delivery",
    "contact_person": "黄经理",
    "mobile": "13800000000",
    "province": "广东省",
    "city": "珠海市",
    "address_line": "情侣中路1号",
}


def lines(product: str = PRODUCTS[0], quantity: float = 2) -> list[dict[str, Any]]:
    return [{"product": product, "quantity": quantity, "unit_price": 5}]


@pytest.fixture
def jobs(site: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the refusals of the test queue, instead of the queue."""
    queued: list[dict[str, Any]] = []

    def enqueue(job: str, **values: Any) -> None:
        if job == JOB:
            queued.append({key: values[key] for key in ("channel", "number", "reason", "is_stored")})

    monkeypatch.setattr(frappe, "enqueue", enqueue)
    return queued


def tasks() -> list[Any]:
    asked = {"name": ("like", f"{TaskReason.INTAKE_REFUSED}-%"), "description": ("like", f"%{NUMBER}%")}
    found: list[Any] = frappe.get_all("ToDo", asked, ["role", "status", "description", "reference_name"])
    return found


def send(**line: Any) -> None:
    place_order(OFFLINE_CHANNEL, NUMBER, {**BODY, "customer": test_customer()}, lines(**line))


def refused(product: str = "NO-SUCH-PRODUCT") -> None:
    with pytest.raises(frappe.ValidationError):
        send(product=product)
    frappe.db.rollback()


def test_a_refused_order_is_told_once_and_withdrawn_when_it_comes_in(jobs: list[dict[str, Any]]) -> None:
    refused()
    refused()
    assert [job["number"] for job in jobs] == [NUMBER, NUMBER]
    for job in jobs:
        tell_of_refused_intake(**job)
    (task,) = tasks()
    assert (task.role, task.status, task.reference_name) == ("Order Desk", "Open", OFFLINE_CHANNEL)
    assert "NO-SUCH-PRODUCT" in task.description
    send()
    (task,) = tasks()
    assert task.status == "Closed"


def test_who_mended_it_before_the_job_ran_hears_nothing(jobs: list[dict[str, Any]]) -> None:
    refused()
    send()
    tell_of_refused_intake(**jobs[0])
    assert tasks() == []


def test_another_content_for_a_known_number_is_told_too(jobs: list[dict[str, Any]]) -> None:
    """The customer changed his order over there: the answer 409 reaches no person."""
    send()
    with pytest.raises(DuplicateDiffers):
        send(quantity=3)
    assert jobs == []
    frappe.db.after_rollback.run()
    tell_of_refused_intake(**jobs[0])
    (task,) = tasks()
    assert task.status == "Open"


def test_an_unknown_channel_has_nobody_to_tell(jobs: list[dict[str, Any]]) -> None:
    tell_of_refused_intake("NO-SUCH-CHANNEL", NUMBER, "-", is_stored=False)
    assert tasks() == []
