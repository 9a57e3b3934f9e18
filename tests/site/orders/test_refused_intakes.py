"""A refused order from outside is told to the order desk, once a number, until it comes in (R-064)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils.background_jobs import get_queue

from order_flow.api import orders as api
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.orders import refused_intakes
from order_flow.flow.orders.intake import place_order
from order_flow.flow.orders.refused_intakes import JOB, MOST_TASKS, tell_of_refused_intake
from order_flow.flow.refusals import DuplicateDiffers
from tests.site.support.builders import OFFLINE_CHANNEL, PRODUCTS, test_customer, user_of
from tests.site.support.rest_client import Callers, message_of

NUMBER = "REFUSED-1"
ROBOT = "robot@example.com"
WORDS = ("channel", "number", "reason", "is_stored", "sender")
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
            queued.append({key: values[key] for key in WORDS})

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


@pytest.mark.parametrize("stored_before", [False, True])
def test_the_desk_reads_the_reason_in_its_own_language(
    jobs: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, stored_before: bool
) -> None:
    """The other system is answered in English; whoever has the task reads Chinese."""
    monkeypatch.setattr(frappe.local, "lang", "en")
    monkeypatch.setattr(refused_intakes, "site_language", lambda: "zh")
    if stored_before:
        send()
    with pytest.raises(frappe.ValidationError) as answered:
        send(**({"quantity": 3} if stored_before else {"product": "NO-SUCH-PRODUCT"}))
    frappe.db.after_rollback.run()
    assert (str(answered.value).isascii(), frappe.local.lang) == (True, "en")
    assert "不" in jobs[-1]["reason"] or "未" in jobs[-1]["reason"]


def test_arguments_that_are_refused_are_told_in_the_sites_language(
    jobs: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frappe.local, "lang", "en")
    monkeypatch.setattr(refused_intakes, "site_language", lambda: "zh")
    with pytest.raises(frappe.ValidationError):
        api.place_order(channel=OFFLINE_CHANNEL, external_number=NUMBER)
    frappe.db.after_rollback.run()
    assert not jobs[-1]["reason"].isascii()


@pytest.fixture
def integration(site: Any) -> Iterator[str]:
    """The other system's user, which may enter orders."""
    user = user_of(Role.INTEGRATION)
    frappe.set_user(user)
    yield user
    frappe.set_user("Administrator")


def tell(jobs: list[dict[str, Any]]) -> None:
    frappe.set_user("Administrator")
    for job in jobs:
        tell_of_refused_intake(**job)


def tasks_of(sender: str) -> list[Any]:
    asked = {"name": ("like", f"{TaskReason.INTAKE_REFUSED}-%"), "description": ("like", f"{sender} sends%")}
    fields = ["name", "status", "role", "reference_type", "reference_name", "description"]
    found: list[Any] = frappe.get_all("ToDo", asked, fields, order_by="name")
    return found


CALLS: dict[str, dict[str, Any]] = {
    "not JSON": {"order": '{"customer": "C1",', "items": "[]"},
    "no objects": {"order": {}, "items": ["a line"]},
    "no items": {"order": {}},
    "unknown argument": {"order": {}, "items": [], "lines": []},
    "wrong type": {"order": [], "items": []},
}


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_is_no_order_is_told(call: str, jobs: list[dict[str, Any]], integration: str) -> None:
    """The number is readable, so the task is that of the number."""
    with pytest.raises(frappe.ValidationError):
        api.place_order(channel=OFFLINE_CHANNEL, external_number=NUMBER, **CALLS[call])
    frappe.db.rollback()
    tell(jobs)
    (task,) = tasks()
    assert (task.status, task.reference_name) == ("Open", OFFLINE_CHANNEL)
    assert integration in task.description


@pytest.mark.parametrize("channel", ["NO-SUCH-CHANNEL", ""])
def test_a_call_for_no_channel_of_ours_is_told(
    channel: str, jobs: list[dict[str, Any]], integration: str
) -> None:
    order = {**BODY, "customer": test_customer()}
    for number in ("1", "2", "3"):
        with pytest.raises(frappe.ValidationError):
            api.place_order(channel=channel, external_number=number, order=order, items=lines())
        frappe.db.rollback()
    tell(jobs)
    (task,) = tasks_of(integration)
    assert (task.role, task.reference_type) == ("Order Desk", "Order Flow Settings")


def test_a_sender_heard_of_again_after_its_task_is_closed(site: Any) -> None:
    for _call in range(2):
        tell_of_refused_intake("", "", "This is not JSON", is_stored=False, sender=ROBOT)
    (task,) = tasks_of(ROBOT)
    frappe.db.set_value("ToDo", task.name, "status", "Closed")
    tell_of_refused_intake("", "", "This is not JSON", is_stored=False, sender=ROBOT)
    assert [task.status for task in tasks_of(ROBOT)] == ["Closed", "Open"]


def test_a_thousand_refused_orders_are_not_a_thousand_tasks(site: Any) -> None:
    before = frappe.db.count("ToDo", {"role": "Order Desk"})
    for number in range(1000):
        tell_of_refused_intake(
            OFFLINE_CHANNEL,
            f"BROKEN-{number}",
            "No such product",
            is_stored=False,
            sender=ROBOT,
        )
    assert frappe.db.count("ToDo", {"role": "Order Desk"}) - before <= MOST_TASKS + 1
    (more,) = tasks_of(ROBOT)
    assert (more.reference_type, more.reference_name) == ("Sales Channel", OFFLINE_CHANNEL)


def test_who_may_enter_no_orders_makes_no_tasks(site: Any, jobs: list[dict[str, Any]]) -> None:
    frappe.set_user(user_of(Role.WAREHOUSE))
    with pytest.raises(frappe.ValidationError):
        api.place_order(channel=OFFLINE_CHANNEL, external_number=NUMBER, order="{", items="[]")
    frappe.db.rollback()
    assert jobs == []


@pytest.mark.parametrize("body", [b'{"channel": "x",', b"\xff\xfe", b"{'a': 1}", b"nonsense"])
def test_a_body_that_is_not_json_is_refused_and_told(callers: Callers, site: Any, body: bytes) -> None:
    """The framework reads the body before it knows the caller, and would answer 500."""
    sender = user_of(Role.INTEGRATION)
    _forget_tasks_of(sender)
    caller = callers.of(sender)
    answer = caller.session.post(
        f"{caller.base_url}/api/method/order_flow.api.place_order",
        data=body,
        headers={"Content-Type": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 417
    assert "Traceback" not in answer.text
    assert "not JSON" in message_of(answer)
    _work_off()
    frappe.db.rollback()
    (task,) = tasks_of(sender)
    assert (task.role, task.status, task.reference_type) == ("Order Desk", "Open", "Order Flow Settings")
    _forget_tasks_of(sender)


def test_nobody_is_told_of_what_a_stranger_sends(callers: Callers, site: Any) -> None:
    guest = callers.of(None)
    answer = guest.session.post(
        f"{guest.base_url}/api/method/order_flow.api.place_order",
        data=b"{",
        headers={"Content-Type": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 417
    _work_off()
    frappe.db.rollback()
    assert tasks_of("Guest") == []


def _work_off() -> None:
    """Run what the web server has queued about calls that are no orders, as a worker would."""
    queue = get_queue("short")
    for job in queue.jobs:
        told = job.kwargs["kwargs"]
        if job.kwargs["method"] == JOB and not told["number"]:
            tell_of_refused_intake(**told)
            frappe.db.commit()
            job.delete()


def _forget_tasks_of(sender: str) -> None:
    """Their jobs as well: one that another test left waiting would stand for the next one."""
    for job in get_queue("short").jobs:
        if job.kwargs["method"] == JOB:
            job.delete()
    frappe.db.delete("ToDo", {"name": ("in", [task.name for task in tasks_of(sender)] or [""])})
    frappe.db.commit()
