"""What papers, rules and agreements refuse, row by row with the text of the code (R-026, K-25).

Each row names the text as the code has it; what is looked for is that text with its places filled in, and its
translation. Each builds what it is about itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import frappe
from frappe.utils import add_days, nowdate

from order_flow.api import changes as change_api
from order_flow.api import clocks as clock_api
from order_flow.api import money as money_api
from order_flow.api import reviews as review_api
from order_flow.api.orders import confirm_payment, record_payment, reject_payment
from order_flow.domain.clocks.model import PauseReason
from order_flow.domain.states import OrderState, PaymentFamily, PaymentTerm, Role
from order_flow.flow.lifecycle.evidence import record_evidence
from order_flow.order_flow.report.clock_assessment import clock_assessment
from order_flow.security import bulk_steps
from tests.site.refusals.refusals_of_reviews import override
from tests.site.support.builders import OFFLINE_CHANNEL, PRODUCTS, acting_as, new_order, order_in, user_of
from tests.site.support.change_lab import DATE, QUANTITY, line_change, order_change, paper, sent, written
from tests.site.support.clock_lab import ClockLab
from tests.site.support.money_lab import contract_order, new_customer
from tests.site.support.review_cases import sent_to_review
from tests.unit.repository.thrown import pattern_of
from tests.unit.repository.translatable import read_table

Row = tuple[str, Callable[[], object]]
DESK, SALES, FINANCE, MANAGER = Role.ORDER_DESK, Role.SALES, Role.FINANCE, Role.SALES_MANAGER
OWNER: Final = Role.SALES.value
PROFILE: Final = "PMC"
WAITING: Final = PauseReason.WAITING_FOR_CUSTOMER.value


def by(role: Role, act: Callable[..., object], *arguments: Any, **more: Any) -> object:
    """Somebody tries it; what it is about was made before."""
    with acting_as(user_of(role)):
        return act(*arguments, **more)


def made(doctype: str, **values: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **values}).insert()


def deleted(document: Any) -> None:
    frappe.delete_doc(document.doctype, document.name)


def confirmed(**values: Any) -> Any:
    line = {"product": PRODUCTS[0], "quantity": 10, "unit_price": 5}
    return order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, items=[line], **values)


def finished() -> Any:
    order = confirmed()
    frappe.db.set_value("Order", order.name, "workflow_state", OrderState.COMPLETED.value)
    return frappe.get_doc("Order", order.name)


def _notice() -> Any:
    order = confirmed()
    return sent(order, QUANTITY, line_change(order, "quantity", 3))


def _draft() -> Any:
    order = confirmed()
    return written(order, QUANTITY, line_change(order, "quantity", 3))


def _dated() -> Any:
    order = confirmed()
    return sent(order, DATE, order_change("promised_date", add_days(nowdate(), 9)))


def _money(**values: Any) -> Any:
    usual = {"order_id": confirmed().name, "kind": "Payment", "amount": 5, "received_on": nowdate()}
    return made("Order Payment", **{**usual, "reference": frappe.generate_hash(length=8), **values})


def _recorded() -> tuple[Any, str]:
    order = confirmed()
    return order, str(by(DESK, record_payment, order.name, 5, "X-1")["payment"])  # type: ignore[index]


def _settled_by(name: str, act: Callable[[str], object]) -> object:
    by(FINANCE, {"confirm": confirm_payment, "reject": reject_payment}[name], payment := _recorded()[1])
    return act(payment)


def _twice_recorded() -> None:
    order, _payment = _recorded()
    by(DESK, record_payment, order.name, 6, "X-1")


def _twice_without_reference() -> None:
    order = confirmed()
    by(DESK, record_payment, order.name, 6, "")
    by(DESK, record_payment, order.name, 6, "")


def _letter(**values: Any) -> Any:
    usual = {
        "lc_number": f"LC-{frappe.generate_hash(length=8)}",
        "customer": new_customer().name,
        "issuing_bank": "Bank of Test",
        "currency": "CNY",
        "amount": 1000,
        "received_on": nowdate(),
        "expiry_date": add_days(nowdate(), 60),
    }
    return made("Letter of Credit", **{**usual, **values})


def _verified_letter() -> Any:
    letter = _letter()
    by(FINANCE, money_api.verify_letter_of_credit, letter.name, "Correct")
    return frappe.get_doc("Letter of Credit", letter.name)


def _letter_order() -> tuple[Any, Any]:
    customer = new_customer()
    return contract_order(customer, PaymentTerm.LETTER_OF_CREDIT), _letter(customer=customer.name)


def _changed(document: Any, **values: Any) -> None:
    document.update(values)
    document.save()


def _point(**values: Any) -> Any:
    usual = {"kind": "Other", "expected_on": add_days(nowdate(), 5), "description": "中文标签"}
    return made("Open Point", order_id=new_order().name, **{**usual, **values})


def _settled_point() -> None:
    point = _point()
    for _time in range(2):
        by(DESK, review_api.settle_point, point.name, "ok")


def _rule(**values: Any) -> None:
    ClockLab().rule(f"T-{frappe.generate_hash(length=4)}", **values)


def _calendar(*intervals: tuple[str, str]) -> None:
    hours = [{"opens": opens, "closes": closes} for opens, closes in intervals]
    made("Working Calendar", calendar_name="Night", intervals=hours)


def _template(**values: Any) -> Any:
    question = {"department": "Quality", "question": "Can it be made?"}
    usual = {
        "template_name": frappe.generate_hash(length=8),
        "flow_profile": PROFILE,
        "questions": [question],
    }
    return made("Review Template", **{**usual, **values})


def _price(**values: Any) -> None:
    usual = {"customer": new_customer().name, "product": PRODUCTS[0], "currency": "CNY", "price": 5}
    made("Customer Price", **{**usual, "valid_from": nowdate(), **values})


def _raise_request(**values: Any) -> Any:
    usual = {"customer": new_customer().name, "requested_limit": 9000, "reason": "项目"}
    return made("Credit Raise Request", **{**usual, "valid_until": add_days(nowdate(), 30), **values})


def _evidence() -> Any:
    name = record_evidence(new_order().name, "Written Confirmation", "黄经理", attachment=paper())
    return frappe.get_doc("Order Evidence", name)


def _own_checklist() -> tuple[Any, Any]:
    return sent_to_review(PROFILE)


ROWS: Final[tuple[Row, ...]] = (
    # Limits and calendars
    (
        "A deadline without an event that stops it would be late for ever. Add one.",
        lambda: _rule(stop_events=[]),
    ),
    ("A limit of zero {0} can never be met. Enter the limit.", lambda: _rule(amount=0)),
    (
        "A limit that is counted from a date cannot rest. Remove the pause reasons.",
        lambda: _rule(
            basis="Before a Date", anchor_field="promised_date", unit="Calendar Days",
            pauses=[{"reason": WAITING}],
        ),
    ),
    (
        "Before a date a limit is counted in days, months, hours or minutes, not in {0}.",
        lambda: _rule(basis="Before a Date", anchor_field="promised_date", unit="Working Hours"),
    ),
    (
        "Put the rows of 'Who Hears When' in the order of time: the earliest first.",
        lambda: _rule(ladder=[{"percent": 100, "role": OWNER}, {"percent": 80, "role": OWNER}]),
    ),
    (
        "Orders have no field '{0}'. Use the name of a field of the order.",
        lambda: _rule(conditions=[{"fieldname": "colour", "value": "red"}]),
    ),
    (
        "Only the app itself ships rules. Leave 'Comes With the App' as it is.",
        lambda: _rule(is_standard=1),
    ),
    (
        "Clock Rule {0} belongs to the app and would come back. Switch it off instead.",
        lambda: frappe.delete_doc("Clock Rule", "R-224-N"),
    ),
    ("The hours from {0} to {1} end before they begin. Correct them.", lambda: _calendar(("18:00", "09:00"))),
    (
        "The hours that begin at {0} and at {1} overlap. Correct them.",
        lambda: _calendar(("09:00", "12:00"), ("11:00", "18:00")),
    ),
    ("There is no clock {0}.", lambda: by(SALES, clock_api.finish, "nothing", "done")),
    (
        "Order {0} is {1}; its dispatch cannot be planned any more.",
        lambda: by(Role.LOGISTICS, clock_api.set_ship_date, finished().name, nowdate()),
    ),
    (
        "This is told by: {0}. Ask one of them.",
        lambda: by(Role.WAREHOUSE, clock_api.pause, new_order().name, WAITING, "thinks"),
    ),
    # Money
    ("Payments are kept. Reject a wrong record instead of deleting it.", lambda: deleted(_money())),
    (
        "The amount must be above zero. A refund is a kind, not a negative amount.",
        lambda: _money(amount=-1),
    ),
    ("Name the order that the money belongs to.", lambda: _money(order_id=None)),
    (
        "Your roles do not see what customers may owe.",
        lambda: by(Role.WAREHOUSE, money_api.credit_standing, new_order().customer),
    ),
    (
        "{field}: {value} has parts of a cent. Enter at most {places} decimals.",
        lambda: _money(amount=1.005),
    ),
    (
        "The money cannot have arrived on {0}, which is still to come. Correct the date.",
        lambda: _money(received_on=add_days(nowdate(), 3)),
    ),
    (
        "A payment starts as recorded; finance confirms it afterwards. Leave the status out.",
        lambda: _money(status="Confirmed"),
    ),
    (
        "The other order is written by the system only. Leave it out.",
        lambda: _money(other_order=new_order().name),
    ),
    (
        "{0} over {1} is recorded for order {2} already, without a reference. If this is other money, record "
        "it with a reference: the bank's number, or a receipt number of your own.",
        lambda: _twice_without_reference(),
    ),
    (
        "Payment {0} is confirmed. Record a reversal to take it back.",
        lambda: _settled_by("confirm", lambda payment: by(FINANCE, reject_payment, payment)),
    ),
    (
        "Payment {0} was rejected. Record the money again with its right data.",
        lambda: _settled_by("reject", lambda payment: by(FINANCE, confirm_payment, payment)),
    ),
    (
        "Reference {0} is already recorded as {1} {2}; now it came as {3} {4}. Check the bank statement.",
        _twice_recorded,
    ),
    ("Letters of credit are kept. Close this one instead of deleting it.", lambda: deleted(_letter())),
    (
        "Letter of credit {0} is verified: {1} changes by an amendment only.",
        lambda: _changed(_verified_letter(), amount=2000),
    ),
    (
        "Letter of credit {0} is closed, of another customer, or not in {1}. Choose another one.",
        lambda: by(
            DESK, money_api.put_under_letter_of_credit, _letter_order()[0].name, _letter().name
        ),
    ),
    ("Requests are kept. Refuse this one instead of deleting it.", lambda: deleted(_raise_request())),
    ("Enter the price that was agreed; it must be above zero.", lambda: _price(price=0)),
    (
        "The price ends before it begins. Correct the days.",
        lambda: _price(valid_until=add_days(nowdate(), -1)),
    ),
    # Reviews, points, evidence
    (
        "The date by which a point will be settled cannot be past.",
        lambda: _point(expected_on=add_days(nowdate(), -1)),
    ),
    ("Open points are kept. Settle the point instead of deleting it.", lambda: deleted(_point())),
    (
        "Open points are settled by: {0}.",
        lambda: by(Role.WAREHOUSE, review_api.settle_point, _point().name, "ok"),
    ),
    ("Say how the point was settled.", lambda: by(DESK, review_api.settle_point, _point().name, " ")),
    ("{0} is settled already.", _settled_point),
    (
        "Reviews are kept for the retention time and cannot be deleted.",
        lambda: deleted(_own_checklist()[1]),
    ),
    (
        "A review checklist is filled with its buttons only: answers, meetings, open points.",
        lambda: _changed(_own_checklist()[1], outcome="done"),
    ),
    ("The template asks nobody. Add a question or a meeting.", lambda: _template(questions=[])),
    (
        "{0} is asked the same question twice. Remove one of them.",
        lambda: _template(questions=[{"department": "Quality", "question": "Can it?"}] * 2),
    ),
    (
        "No order is above {0} and up to {1}. Correct the amounts.",
        lambda: _template(amount_above=500, amount_up_to=100),
    ),
    ("Study days need a review meeting. Set both or none.", lambda: _template(study_days=3)),
    (
        "Templates are kept. Take the tick from 'Enabled' instead of deleting it.",
        lambda: deleted(_template()),
    ),
    (
        "Evidence is recorded by: {0}.",
        lambda: by(Role.WAREHOUSE, record_evidence, new_order().name, "E-mail", "黄经理"),
    ),
    (
        "Order {0} is {1}; there is nothing left to confirm.",
        lambda: record_evidence(_called_off().name, "Written Confirmation", "黄经理", attachment=paper()),
    ),
    (
        "Evidence is recorded on the order and stays as it is. Record the newer one beside it.",
        lambda: deleted(_evidence()),
    ),
    # Changes
    (
        "Attach the customer's written answer.",
        lambda: by(DESK, change_api.customer_answer, _dated().name, "Agreed"),
    ),
    (
        "Write down what the customer said.",
        lambda: by(DESK, change_api.customer_answer, _dated().name, "Refused"),
    ),
    (
        "The customer cannot have answered on {0}, which is still to come.",
        lambda: by(
            DESK, change_api.customer_answer, _dated().name, "Agreed",
            answered_on=add_days(nowdate(), 2), paper=paper(),
        ),
    ),
    (
        "The attachment was not found. Upload it again.",
        lambda: by(DESK, change_api.customer_answer, _dated().name, "Agreed", paper="/files/none.txt"),
    ),
    (
        "Change notice {0} is {1}; this is recorded while it is under review.",
        lambda: by(DESK, change_api.customer_answer, _draft().name, "Agreed", paper=paper()),
    ),
    (
        "This is recorded by: {0}. Ask one of them.",
        lambda: by(Role.AFTER_SALES, change_api.loss, _notice().name, "No Loss"),
    ),
    (
        "Say who bears the loss; its amount cannot be below zero.",
        lambda: by(DESK, change_api.loss, _notice().name, "Customer", -1),
    ),
    (
        "Attach the customer's written agreement to bear the loss.",
        lambda: by(DESK, change_api.loss, _notice().name, "Customer", 1),
    ),
    (
        "Say why the company bears the loss, e.g. what our quality fault is.",
        lambda: by(DESK, change_api.loss, _notice().name, "Company", 1),
    ),
    (
        "Record first that the company bears the loss, and why.",
        lambda: by(MANAGER, change_api.approve_company_loss, _notice().name),
    ),
    ("Attach the signed contract.", lambda: by(DESK, change_api.contract, _notice().name, "Signed")),
    (
        "This kind of change leaves no choice about the review.",
        lambda: by(Role.PLANNING, change_api.decide_review, _notice().name, True),
    ),
    ("Change notice {0} is kept. Withdraw it instead of deleting it.", lambda: deleted(_draft())),
    (
        "Change notice {0} is {1}; its content was reviewed like this and cannot change. Return it to draft "
        "first.",
        lambda: _changed(_notice(), reason="something else"),
    ),
    (
        "'{0}' is recorded by: {1}. Ask one of them.",
        lambda: by(SALES, change_api.record_progress, confirmed().name, "Invoiced", {}),
    ),
    (
        "Order {0} is {1}; nothing is bought or made for it now.",
        lambda: by(FINANCE, change_api.record_progress, new_order().name, "Invoiced", {}),
    ),
    (
        "{0}: send a list of objects.",
        lambda: by(DESK, change_api.propose, confirmed().name, QUANTITY, "why", "[1]"),
    ),
    (
        "{0}: send a list of names.",
        lambda: by(DESK, bulk_steps.bulk_workflow_approval, "[1]", "Order", "Confirm"),
    ),
    (
        "{0}: send an object.",
        lambda: clock_assessment.execute("[1]"),
    ),
    (
        "The kind of change '{0}' is in use. Disable it instead.",
        lambda: (_draft(), frappe.delete_doc("Change Kind", QUANTITY)),
    ),
    (
        "Order {0} is {1}; its promised date changes only through a change notice.",
        lambda: by(Role.PLANNING, review_api.promise_date, confirmed().name, add_days(nowdate(), 9)),
    ),
    (
        "Decide whether a supplementary contract is needed.",
        lambda: by(DESK, change_api.contract, _notice().name, ""),
    ),
    ("Choose the order that is to change.", lambda: made("Change Notice", kind=QUANTITY)),
    ("Choose the kind of change.", lambda: made("Change Notice", order_id=confirmed().name)),
    (
        "Change notice {0} cannot go from {1} to {2}. Possible steps now: {3}. Nothing was changed.",
        lambda: _changed(_draft(), change_state="Applied"),
    ),
    (
        "{0}: '{1}' is not one of the choices.",
        lambda: written(confirmed(), "Payment Term", order_change("payment_term", "Shells")),
    ),
    (
        "Order {0} is {1}; there is nothing left to check.",
        lambda: by(FINANCE, money_api.check_credit, finished().name, "Passed"),
    ),
    (
        "A request starts as requested. Leave the state out.",
        lambda: _raise_request(workflow_state="Granted"),
    ),
    (
        "An override is granted on the order, and closed there. It is not edited or deleted.",
        lambda: deleted(frappe.get_doc("Gate Override", override()["override"])),
    ),
)  # fmt: skip
"""The text of the code, and what provokes it."""


def _called_off() -> Any:
    order = order_in(OrderState.CANCELLED, PaymentFamily.PAY_FIRST)
    assert order.channel == OFFLINE_CHANNEL
    return order


def refusals() -> Iterator[tuple[str, Callable[[], object], str, str]]:
    """The rows as the table of all refusals wants them."""
    chinese = {row[0]: row[1] for row in read_table("zh")}
    for text, provoke in ROWS:
        yield text, provoke, pattern_of(text).pattern, pattern_of(chinese[text]).pattern
