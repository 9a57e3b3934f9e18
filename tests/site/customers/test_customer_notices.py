"""Customers hear what became of their orders, each event once (R-064, R-082, R-112, R-166)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from dev.bench.statements import recorded_statements
from order_flow.api.orders import record_payment, ship
from order_flow.defaults.shipped_reviews import OMM
from order_flow.domain.customers.notices import KEY_PREFIX, NoticeEvent
from order_flow.domain.gates.model import GateCode
from order_flow.domain.reviews.sign_offs import Answer
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily, PaymentStatus, Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.lifecycle.checking import check_order
from order_flow.flow.lifecycle.refused_orders import tell_of_refusal
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.notices.links import resolve
from order_flow.flow.notices.sending import payment_decided
from order_flow.flow.notices.undelivered import ask_to_call_for_failed_mails
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import acting_as, new_order, order_in, user_of
from tests.site.support.review_cases import (
    agree,
    answer_for,
    departments,
    only_gates_of_the_review,
    sent_to_review,
)

CHANNEL = "Test Notices"
"""A channel whose procedure tells its customers, and asks nothing else."""
ADDRESS = "buyer@example.com"


@pytest.fixture(autouse=True)
def _on_site(site: Any) -> Iterator[None]:
    """A procedure with notices and no gates."""
    profile = {"doctype": "Flow Profile", "profile_name": CHANNEL, "customer_notices": 1}
    frappe.get_doc(profile).insert()
    frappe.get_doc({"doctype": "Sales Channel", "channel_name": CHANNEL, "flow_profile": CHANNEL}).insert()
    yield
    frappe.db.rollback()
    frappe.clear_document_cache("Flow Profile", CHANNEL)
    frappe.clear_document_cache("Sales Channel", CHANNEL)


@pytest.fixture
def with_mail(site: Any) -> Iterator[None]:
    """An account for outgoing mail; nothing is sent, the queue is only written."""
    frappe.local.outgoing_email_account = {}
    frappe.get_doc(
        {
            "doctype": "Email Account",
            "email_account_name": "Test Outgoing",
            "email_id": "desk@example.com",
            "enable_outgoing": 1,
            "default_outgoing": 1,
            "smtp_server": "127.0.0.1",
            "no_smtp_authentication": 1,
        }
    ).db_insert()
    yield
    frappe.local.outgoing_email_account = {}


def customer(**values: Any) -> str:
    """Code of a customer with an address, reading English."""
    defaults = {"customer_name": "Notice & Sons", "language": "en", "email": ADDRESS}
    return str(frappe.get_doc({"doctype": "Customer", **defaults, **values}).insert().name)


def order_of(customer_code: str, **values: Any) -> Any:
    """An order in the channel with notices."""
    return new_order(customer=customer_code, channel=CHANNEL, **values)


def confirmed(order: Any) -> Any:
    """The order after its confirmation."""
    take_step(locked_order(order.name), OrderStep.CONFIRM)
    return frappe.get_doc("Order", order.name)


def mails(order: str) -> list[Any]:
    """What stands in the order's timeline as told by e-mail."""
    filters = {"reference_name": order, "communication_medium": "Email"}
    fields = ["name", "subject", "content", "recipients"]
    return list(frappe.get_all("Communication", filters, fields, order_by="creation"))


def calls(order: str) -> list[Any]:
    """Tasks of the order desk to tell the customer."""
    filters = {"reference_name": order, "name": ("like", f"{KEY_PREFIX}%")}
    return list(frappe.get_all("ToDo", filters, ["name", "role", "description", "status"]))


def queued(order: str) -> int:
    """How many e-mails about the order wait in the framework's queue."""
    return int(frappe.db.count("Email Queue", {"reference_name": order}))


def test_a_confirmed_order_is_told_by_mail(with_mail: None) -> None:
    """R-064, R-112: order details, expected delivery date, payment method; every value escaped."""
    order = confirmed(order_of(customer(), promised_date="2027-03-01", contact_person="<b>Li</b>"))
    (mail,) = mails(order.name)
    assert mail.subject == f"Your order {order.name} is confirmed"
    assert mail.recipients == ADDRESS
    for words in (
        "Product TEST-A",
        f"{order.total:,.2f} CNY",
        "Expected delivery: 2027-03-01",
        "Online Payment",
    ):
        assert words in mail.content
    assert "&lt;b&gt;Li" in mail.content and "<b>" not in mail.content
    assert queued(order.name) == 1
    assert calls(order.name) == []


@pytest.mark.parametrize(
    ("language", "subject", "term"),
    [("zh", "您的订单{0}已确认", "付款方式"), ("zh-TW", "您的訂單{0}已確認", "付款方式")],
)
def test_in_the_customers_language(with_mail: None, language: str, subject: str, term: str) -> None:
    """R-112: whatever language the desk works in."""
    order = confirmed(order_of(customer(language=language)))
    (mail,) = mails(order.name)
    assert mail.subject == subject.format(order.name)
    assert term in mail.content and "Payment Term" not in mail.content


def test_without_a_mail_account_the_desk_calls(site: Any) -> None:
    """R-112: the step goes on, and the order desk has the words to say."""
    order = confirmed(order_of(customer()))
    assert order.workflow_state == OrderState.CONFIRMED
    (task,) = calls(order.name)
    assert task.role == Role.ORDER_DESK
    assert "This site has no account for outgoing e-mail." in task.description
    assert f"Your order {order.name} is confirmed" in task.description
    assert mails(order.name) == [] and queued(order.name) == 0


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"email": None}, "No e-mail address is known"),
        ({"notice_channel": "Phone"}, "The customer wants to be called."),
    ],
)
def test_what_no_mail_can_carry_becomes_a_task(with_mail: None, values: dict[str, Any], why: str) -> None:
    """R-112: by the channel the customer chose."""
    order = confirmed(order_of(customer(**values)))
    (task,) = calls(order.name)
    assert why in task.description
    assert queued(order.name) == 0


def test_an_address_that_takes_no_mail_becomes_a_task(with_mail: None) -> None:
    """The framework leaves such an address out silently; the desk still hears of it."""
    frappe.get_doc({"doctype": "Email Unsubscribe", "email": ADDRESS, "global_unsubscribe": 1}).insert()
    order = confirmed(order_of(customer()))
    assert len(calls(order.name)) == 1
    assert mails(order.name) == [] and queued(order.name) == 0


def test_a_mail_that_failed_for_good_becomes_one_task(with_mail: None) -> None:
    """R-112: what the mail server did not take is said by telephone, and the timeline shows both."""
    order = confirmed(order_of(customer()))
    ask_to_call_for_failed_mails()
    assert calls(order.name) == []
    frappe.db.set_value("Email Queue", {"reference_name": order.name}, "status", "Error")
    for _hour in range(2):
        ask_to_call_for_failed_mails()
    (call,) = calls(order.name)
    assert "The e-mail could not be delivered" in call.description
    assert f"Your order {order.name} is confirmed" in call.description
    task = frappe.get_doc("ToDo", call.name)
    task.status = "Closed"
    task.save()
    told = frappe.get_all("Communication", {"reference_name": order.name}, pluck="communication_medium")
    assert sorted(told) == ["Email", "Phone"]


def test_a_refusing_mail_account_does_not_stop_the_step(
    with_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notice never fails the order's step."""

    def refuse(**_mail: Any) -> None:
        raise frappe.OutgoingEmailError("no such account")

    monkeypatch.setattr(frappe, "sendmail", refuse)
    order = confirmed(order_of(customer()))
    assert order.workflow_state == OrderState.CONFIRMED
    assert len(calls(order.name)) == 1 and mails(order.name) == []


def test_who_wants_no_notices_gets_none(with_mail: None) -> None:
    """R-112: the channel is the customer's choice."""
    order = confirmed(order_of(customer(notice_channel="None")))
    assert (mails(order.name), calls(order.name), queued(order.name)) == ([], [], 0)


def test_a_closed_task_stands_in_the_timeline_once(site: Any) -> None:
    """R-112: what was told when, also by telephone."""
    order = confirmed(order_of(customer(notice_channel="Phone")))
    task = frappe.get_doc("ToDo", calls(order.name)[0].name)
    for status in ("Closed", "Open", "Closed"):
        task.status = status
        task.save()
    told = frappe.get_all(
        "Communication", {"reference_name": order.name}, ["communication_medium", "content", "name"]
    )
    assert [(row.communication_medium, row.name) for row in told] == [("Phone", f"{task.name}-call")]
    assert f"Your order {order.name} is confirmed" in told[0].content


def test_a_rolled_back_step_tells_nobody(with_mail: None) -> None:
    """The notice is part of the step's transaction."""
    order = order_of(customer())
    frappe.db.savepoint("before_confirmation")
    confirmed(order)
    assert queued(order.name) == 1
    frappe.db.rollback(save_point="before_confirmation")
    assert (mails(order.name), calls(order.name), queued(order.name)) == ([], [], 0)


def test_the_orders_contact_comes_before_the_customers_address(with_mail: None) -> None:
    """R-041, R-112: the person named on the order hears of it."""
    contact = frappe.get_doc(
        {
            "doctype": "Contact",
            "first_name": "Li",
            "email_ids": [{"email_id": "li@example.com", "is_primary": 1}],
        }
    ).insert()
    code = customer()
    assert order_of(code, contact=contact.name).email == "li@example.com"
    assert order_of(code).email == ADDRESS
    assert order_of(code, contact=contact.name, email="own@example.com").email == "own@example.com"


@pytest.mark.parametrize("accepted", [True, False])
def test_money_is_told_once(with_mail: None, accepted: bool) -> None:
    """R-166: a success sets the payment state, a failure leaves it; both are told, a repetition is not."""
    order = confirmed(order_of(customer()))
    name = (
        frappe.get_doc(
            {"doctype": "Order Payment", "order_id": order.name, "kind": "Payment", "amount": order.total}
            | {"reference": "GW-1"}
        )
        .insert()
        .name
    )
    for _repetition in range(2):
        with acting_as(user_of(Role.FINANCE)):
            payment = frappe.get_doc("Order Payment", name)
            payment.confirm() if accepted else payment.reject()
    status = PaymentStatus.PAID if accepted else PaymentStatus.UNPAID
    assert frappe.db.get_value("Order", order.name, "payment_status") == status
    expected = (
        f"We received your payment for order {order.name}"
        if accepted
        else f"Your payment for order {order.name} was not received"
    )
    told = [mail for mail in mails(order.name) if "payment" in mail.subject]
    assert [mail.subject for mail in told] == [expected]
    assert "GW-1" in told[0].content and f"Payment Status: {status.value}" in told[0].content


def test_a_gateway_that_reports_twice_is_told_once(with_mail: None) -> None:
    """R-166: idempotent on the gateway's number."""
    order = confirmed(order_of(customer()))
    for _report in range(2):
        record_payment(order.name, str(order.total), "GW-2")
    assert [mail.subject for mail in mails(order.name)][1:] == [
        f"We received your payment for order {order.name}"
    ]


def test_the_same_event_is_not_told_again(with_mail: None) -> None:
    """One event, one notice, whoever reports it."""
    order = confirmed(order_of(customer()))
    record_payment(order.name, str(order.total), "GW-3")
    payment = frappe.get_doc("Order Payment", {"order_id": order.name})
    count = queued(order.name)
    payment_decided(frappe.get_doc("Order", order.name), payment, NoticeEvent.PAYMENT_CONFIRMED)
    assert queued(order.name) == count == 2


def test_the_outcome_of_a_review_is_told(with_mail: None) -> None:
    """R-064, R-082: refused names the problem and is one notice; agreed afterwards is another."""
    with only_gates_of_the_review():
        profile = frappe.get_doc("Flow Profile", OMM)
        profile.customer_notices = 1
        profile.save()
        order, checklist = sent_to_review(OMM, customer=customer())
        answer_for(checklist.name, departments(checklist)[0], Answer.NO, "the zinc coating is not available")
        (mail,) = mails(order.name)
        assert mail.subject == f"Your order {order.name} cannot be confirmed yet"
        assert "the zinc coating is not available" in mail.content
        take_step(locked_order(order.name), OrderStep.SEND_TO_REVIEW)
        order.reload()
        agree(frappe.get_doc("Review Checklist", order.review_checklist))
        subjects = [mail.subject for mail in mails(order.name)]
        assert subjects[1:] == [f"Your order {order.name} has passed our review"]


def test_the_web_shop_tells_nobody_and_pays_no_statement(site: Any) -> None:
    """Off until switched on: confirming asks for nothing that a notice needs."""
    order = new_order()
    locked = locked_order(order.name)
    with recorded_statements() as statements:
        take_step(locked, OrderStep.CONFIRM)
    ours = ("tabCommunication", "tabToDo", "tabEmail", "notice_channel")
    assert [text for text in statements if any(word in text for word in ours)] == []
    assert (mails(order.name), calls(order.name), queued(order.name)) == ([], [], 0)


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.FIELD_REP, Role.AUDITOR])
def test_who_may_not_redirect_notices(site: Any, role: Role) -> None:
    """R-388: neither another's customers nor the procedure's switch."""
    document = frappe.get_doc("Customer", customer())
    document.email = "thief@example.com"
    profile = frappe.get_doc("Flow Profile", CHANNEL)
    profile.customer_notices = 0
    with acting_as(user_of(role)):
        for changed in (document, profile):
            with pytest.raises(frappe.PermissionError):
                changed.save()


def _stop_at_confirmation(*codes: GateCode) -> None:
    profile = frappe.get_doc("Flow Profile", CHANNEL)
    for code in codes:
        profile.append("gates", {"gate": code.label, "at_confirm": "Stop"})
    profile.save()
    frappe.clear_document_cache("Flow Profile", CHANNEL)


def test_a_failed_check_tells_the_customer_what_is_wrong_once(with_mail: None) -> None:
    """R-064: the problem in his words; nothing of the company's own matters."""
    _stop_at_confirmation(GateCode.CUSTOMER_DATA_INCOMPLETE, GateCode.CREDIT_NOT_GRANTED)
    order = order_of(customer(), mobile="unknown", payment_term="Monthly Account")
    for _time in range(2):
        assert check_order(order.name).outcome == "Blocked"
    (mail,) = mails(order.name)
    assert "Your contact or delivery data are incomplete." in mail.content
    assert "credit" not in mail.content.lower()
    assert queued(order.name) == 1


def test_a_failed_check_of_the_companys_own_matters_tells_nobody(with_mail: None) -> None:
    """R-064: whether he gets credit is not told by a machine."""
    _stop_at_confirmation(GateCode.CREDIT_NOT_GRANTED)
    order = order_of(customer(), payment_term="Monthly Account")
    assert check_order(order.name).outcome == "Blocked"
    assert mails(order.name) == []


def test_a_check_that_passes_tells_nobody(with_mail: None) -> None:
    """R-064: the confirmation itself is the notice then."""
    order = order_of(customer())
    check_order(order.name)
    assert mails(order.name) == []


def test_the_customer_hears_of_the_dispatch_with_numbers_and_a_link(with_mail: None) -> None:
    """R-246, R-291: when, with whom, under which number, and where to follow it; once."""
    order = confirmed(order_of(customer(), payment_term="Cash on Delivery"))
    ship(order.name, carrier="顺丰速运", waybill_number="SF-1")
    ship(order.name, carrier="顺丰速运", waybill_number="SF-1")
    (mail,) = [mail for mail in mails(order.name) if "shipped" in mail.subject]
    assert "SF-1" in mail.content
    token = mail.content.partition("/track?t=")[2].partition('"')[0]
    assert resolve(token).order == order.name
    assert str(order.total) not in mail.content


def test_a_refused_confirmation_is_told_once_to_customer_and_order_desk(with_mail: None) -> None:
    """R-064: by the job that runs after the refusal was rolled back; mended, the task is gone."""
    _stop_at_confirmation(GateCode.CUSTOMER_DATA_INCOMPLETE)
    order = order_of(customer(), mobile="unknown")
    for _time in range(2):
        tell_of_refusal(order.name)
    assert len(mails(order.name)) == 1
    asked = {"reference_name": order.name, "name": ("like", f"{TaskReason.ENTRY_REFUSED}-%")}
    (status,) = frappe.get_all("ToDo", asked, pluck="status")
    assert status == "Open"
    frappe.db.set_value("Order", order.name, "mobile", "13800000000")
    confirmed(order)
    (status,) = frappe.get_all("ToDo", asked, pluck="status")
    assert status == "Closed"


def test_a_refusal_queues_its_job_after_the_rollback(with_mail: None, monkeypatch: Any) -> None:
    """R-064: whoever confirms, whatever the way in."""
    _stop_at_confirmation(GateCode.CUSTOMER_DATA_INCOMPLETE)
    order = order_of(customer(), mobile="unknown")
    queued_jobs: list[str] = []
    monkeypatch.setattr(frappe, "enqueue", lambda job, **values: queued_jobs.append(values["name"]))
    with pytest.raises(StepRefused):
        confirmed(order)
    assert queued_jobs == []
    frappe.db.rollback()
    assert queued_jobs == [order.name]


def open_calls(order: str) -> list[str]:
    """What the order desk still has to tell the order's customer."""
    return [call.description for call in calls(order) if call.status == "Open"]


def by_telephone() -> str:
    """A customer whom nothing but a call reaches."""
    return customer(notice_channel="Phone")


def test_a_confirmed_order_leaves_no_call_that_it_cannot_be_confirmed(site: Any) -> None:
    """What was wrong is mended: the customer hears of the confirmation only."""
    _stop_at_confirmation(GateCode.CUSTOMER_DATA_INCOMPLETE)
    order = order_of(by_telephone(), mobile="unknown")
    tell_of_refusal(order.name)
    (call,) = open_calls(order.name)
    assert "cannot be confirmed" in call
    frappe.db.set_value("Order", order.name, "mobile", "13800000000")
    confirmed(order)
    (call,) = open_calls(order.name)
    assert f"Your order {order.name} is confirmed" in call
    told = {"reference_name": order.name, "communication_medium": "Phone"}
    assert frappe.db.count("Communication", told) == 0, "nobody called"


def test_a_problem_that_is_over_and_comes_back_is_to_be_told_again(site: Any) -> None:
    _stop_at_confirmation(GateCode.CUSTOMER_DATA_INCOMPLETE)
    order = order_of(by_telephone(), mobile="unknown")
    check_order(order.name)
    assert len(open_calls(order.name)) == 1
    frappe.db.set_value("Order", order.name, "mobile", "13800000000")
    check_order(order.name)
    assert open_calls(order.name) == []
    frappe.db.set_value("Order", order.name, "mobile", "unknown")
    check_order(order.name)
    assert len(open_calls(order.name)) == 1
    task = frappe.get_doc("ToDo", calls(order.name)[0].name)
    task.status = "Closed"
    task.save()
    check_order(order.name)
    assert open_calls(order.name) == [], "he was told of it"


def test_calls_do_not_pile_up(site: Any) -> None:
    """From the confirmation to the end: the newest state is what there is to say."""
    order = confirmed(order_of(by_telephone()))
    record_payment(order.name, str(order.total), "GW-7")
    ship(order.name, carrier="SF", waybill_number="SF-7")
    assert ["shipped" in call or "received your payment" in call for call in open_calls(order.name)] == [
        True
    ] * 2
    take_step(locked_order(order.name), OrderStep.CONFIRM_RECEIPT)
    (call,) = open_calls(order.name)
    assert "is completed" in call


@pytest.mark.parametrize(
    ("state", "family", "subject"),
    [
        (OrderState.CANCELLED, PaymentFamily.PAY_LATER, "has been called off"),
        (OrderState.VOIDED, PaymentFamily.PAY_LATER, "has been called off"),
        (OrderState.RECEIVED, PaymentFamily.PAY_LATER, "We have noted that the goods"),
        (OrderState.COMPLETED, PaymentFamily.PAY_LATER, "is completed"),
        (OrderState.COMPLETED, PaymentFamily.PAY_FIRST, "is completed"),
    ],
)
def test_the_customer_hears_of_the_end(
    with_mail: None, state: OrderState, family: PaymentFamily, subject: str
) -> None:
    """R-370: called off, received, completed, each once."""
    order = order_in(state, family, customer=customer(), channel=CHANNEL)
    assert [subject in mail.subject for mail in mails(order.name)].count(True) == 1
