"""Notices as text messages and in WeCom: written with the event, sent once after it (R-370, R-376)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.api.orders import record_payment
from order_flow.domain.states import OrderStep
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.notices.texts import LONGEST_MESSAGE, NoticeText, short_text
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending.worker import Relay
from simulators.core import RunningServer
from simulators.messaging.simulator import DEMO_KEY
from tests.contract.services.messaging_fixtures import arm, sent
from tests.site.support.builders import new_order
from tests.site.support.committed_orders import remove_orders

ACCOUNT = "Test Messaging"
CHANNEL = "Test Messages"


@pytest.fixture
def account(site: Any, messaging: RunningServer) -> Iterator[str]:
    """A service for text messages, and a procedure that tells its customers; taken away again."""
    documents = [
        {"doctype": "Flow Profile", "profile_name": CHANNEL, "customer_notices": 1},
        {"doctype": "Sales Channel", "channel_name": CHANNEL, "flow_profile": CHANNEL},
        {
            "doctype": "Messaging Account",
            "account_name": ACCOUNT,
            "base_url": messaging.url,
            "api_key": DEMO_KEY,
            "sends_sms": 1,
            "calls_per_minute": 10_000,
        },
    ]
    made = [frappe.get_doc(values).insert() for values in documents]
    frappe.db.commit()
    yield ACCOUNT
    frappe.db.rollback()
    orders = frappe.get_all("Order", filters={"channel": CHANNEL}, fields=["name", "customer"])
    for order in orders:
        frappe.db.delete("Communication", {"reference_name": order.name})
        frappe.db.delete("Customer Link", {"order_id": order.name})
    remove_orders([order.name for order in orders])
    for doctype in ("Sync Outbox", "Sync Attempt", "Sync Discrepancy"):
        frappe.db.delete(doctype, {"account": ACCOUNT})
    for document in reversed(made):
        frappe.delete_doc(document.doctype, document.name, force=True)
    for customer in {order.customer for order in orders}:
        frappe.delete_doc("Customer", customer, force=True)
    frappe.db.commit()


def confirmed(**customer: Any) -> Any:
    """A confirmed, committed order of a customer with these ways of being told."""
    values = {"doctype": "Customer", "customer_name": "短信客户", "language": "zh", **customer}
    code = frappe.get_doc(values).insert().name
    order = new_order(customer=code, channel=CHANNEL)
    take_step(order, OrderStep.CONFIRM)
    frappe.db.commit()
    return order


def deliver() -> None:
    while Relay(AccountType.MESSAGING, ACCOUNT).run_once():
        pass


def calls(order: Any) -> list[str]:
    frappe.db.rollback()
    return frappe.get_all("ToDo", filters={"reference_name": order.name}, pluck="description")


def test_a_confirmed_order_is_told_by_text_message_once(account: str, messaging: RunningServer) -> None:
    order = confirmed(notice_channel="SMS", notice_mobile="13811112222")
    assert sent(messaging) == []
    deliver()
    deliver()
    (message,) = sent(messaging)
    assert (message["medium"], message["recipient"]) == ("sms", "13811112222")
    assert order.name in message["text"]
    assert "<" not in message["text"]
    told = frappe.get_all(
        "Communication", filters={"reference_name": order.name}, fields=["communication_medium", "recipients"]
    )
    assert told == [{"communication_medium": "SMS", "recipients": "13811112222"}]


def test_a_lost_answer_sends_no_second_message(account: str, messaging: RunningServer) -> None:
    """The service had it and we never heard: the same reference goes again."""
    confirmed(notice_channel="SMS", notice_mobile="13811112222")
    arm(messaging, "drop_after_commit")
    deliver()
    frappe.db.sql("update `tabSync Outbox` set next_attempt_at = creation where account = %s", ACCOUNT)
    frappe.db.commit()
    deliver()
    assert len(sent(messaging)) == 1
    assert frappe.get_all("Sync Outbox", filters={"account": ACCOUNT}, pluck="state") == ["Done"]


def test_a_number_that_cannot_be_becomes_a_call(account: str, messaging: RunningServer) -> None:
    """R-376: refused for good; somebody calls, with the words to say."""
    order = confirmed(notice_channel="SMS", notice_mobile="07568888888")
    deliver()
    assert sent(messaging) == []
    (call,) = calls(order)
    assert order.name in call


def test_a_message_that_nobody_takes_holds_back_no_other(account: str, messaging: RunningServer) -> None:
    order = confirmed(notice_channel="SMS", notice_mobile="07568888888")
    deliver()
    frappe.db.set_value("Customer", order.customer, "notice_mobile", "13811112222")
    frappe.db.commit()
    record_payment(order.name, order.total, "R-1")
    frappe.db.commit()
    deliver()
    assert len(sent(messaging)) == 1


def test_who_has_no_wecom_account_is_called(account: str) -> None:
    """No account sends WeCom here, and no id is known: a person tells him at once."""
    order = confirmed(notice_channel="WeCom")
    (call,) = calls(order)
    assert "WeCom ID" in call
    other = confirmed(notice_channel="WeCom", wecom_id="wang")
    (call,) = calls(other)
    assert "No messaging account" in call
    assert frappe.db.count("Sync Outbox", {"account": ACCOUNT}) == 0


def test_a_short_message_keeps_its_address_whole(site: Any) -> None:
    address = "https://example.com/track?t=" + "x" * 43
    body = f"<p>{'长' * 900}</p><p><a href='{address}'>Follow</a></p>"
    text = short_text(NoticeText("subject", body))
    assert len(text) == LONGEST_MESSAGE
    assert text.endswith(f" {address}")
