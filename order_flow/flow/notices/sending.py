"""Tells customers what became of their orders, each event once (R-064, R-082, R-112, R-166).

A notice is written with the step itself: the framework's e-mail queue is a table, what it holds is sent after
the commit, and a step that is rolled back tells nobody. The notice's name is derived from its event, so that
the database holds it once. What no e-mail can carry becomes a task of the order desk with the words to say;
whoever closes it has told the customer. Either way the order's timeline shows what was told and when.

Text messages and WeCom go through the outbox to a messaging service (``sync.customer_messages``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import validate_email_address

from order_flow.domain.amounts import to_decimal
from order_flow.domain.customers.links import LinkPurpose
from order_flow.domain.customers.notices import (
    NoticeChannel,
    NoticeEvent,
    Obstacle,
    concerns_customer,
    event_of,
    notice_key,
    obstacle,
    problems_for_customer,
    superseded_by,
)
from order_flow.domain.gates.checks import CheckOutcome
from order_flow.domain.gates.model import GateCode, fingerprint
from order_flow.domain.goods.delivery import NEEDS_DATE, CaseKind
from order_flow.domain.money.payments import PaymentKind
from order_flow.domain.states import OrderStep, OrderTransition
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.notices import texts
from order_flow.flow.notices.calls import (
    COMMUNICATION,
    ask_to_call,
    begin_notice,
    end_calls,
    end_calls_about,
    write_to_timeline,
)
from order_flow.flow.notices.links import issue
from order_flow.flow.notices.texts import NoticeText
from order_flow.flow.outside.facts import open_quantities
from order_flow.flow.profiles import profile_of
from order_flow.flow.tasks.giving import end_given_task, end_task
from order_flow.flow.tasks.mail import can_mail
from order_flow.outbox.language import site_language
from order_flow.outbox.registry import AccountType, Action
from order_flow.outbox.sending.enqueue import enqueue

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.delivery_case.delivery_case import DeliveryCase
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.order_payment.order_payment import OrderPayment
    from order_flow.order_flow.doctype.review_checklist.review_checklist import ReviewChecklist
    from order_flow.order_flow.doctype.shipment.shipment import Shipment
    from order_flow.order_flow.doctype.shortage.shortage import Shortage

_MEDIUM_MAIL, _MEDIUM_CHAT = "Email", "SMS"
MEDIUM_OF = {NoticeChannel.SMS: "sms", NoticeChannel.WECOM: "wecom"}
"""Channels of the messaging service, in its words."""
MESSAGE_REVISION = 1
"""A notice is never written anew; another event is another notice."""
_SAVEPOINT = "customer_notice"
_NOT_TOLD = frozenset({"Deleted by Owner"})
"""Taken back before anybody acted on it: the customer never heard of such an order."""


def step_taken(order: Order, transition: OrderTransition) -> None:
    """Tell the customer of a step that concerns him; no statement where the procedure sends no notices.

    Args:
        order: the Order document at the end of the step's save.
        transition: the step.
    """
    _end_tasks(order, transition.step)
    event = event_of(transition.step, transition.target)
    if event is NoticeEvent.CANCELLED and order.cancel_reason in _NOT_TOLD:
        end_calls(order.name, superseded_by(event))
        return
    if event is not None:
        # The save's own stamp tells one return from the next.
        _order_notice(event, order, str(order.modified), order.flags.step_remark or "")


def _end_tasks(order: Order, step: OrderStep) -> None:
    """End tasks that a step makes pointless; a statement only where there may be such a task."""
    if step is OrderStep.CONFIRM and order.data_check == CheckOutcome.BLOCKED:
        end_given_task(order, TaskReason.ENTRY_REFUSED)
    if step is OrderStep.SHIP and profile_of(order).customer_notices:
        end_calls(order.name, [NoticeEvent.REST_DUE, NoticeEvent.SHORTAGE])


def parcel_left(order: Order, shipment: Shipment) -> None:
    """Tell the customer of each parcel: what left with it and what follows, once (R-246, R-291, R-294).

    Args:
        order: the Order document as it is with this shipment.
        shipment: the Shipment that has just left.
    """
    end_calls_about(NoticeEvent.DISPATCH_PLANNED, {shipment.name: order.name})
    # The text is made only where a notice is really written: it carries a new link.
    _notify(
        NoticeEvent.SHIPPED,
        order,
        shipment.name,
        lambda language: texts.shipped_text(
            order, shipment, open_quantities(order), issue(order.name, LinkPurpose.TRACKING), language
        ),
    )


def shipment_voided(shipment: Shipment) -> None:
    """Goods that leave not, or have come back: nobody need tell the customer of them any more.

    Args:
        shipment: the voided Shipment.
    """
    for event in (NoticeEvent.DISPATCH_PLANNED, NoticeEvent.SHIPPED):
        end_calls_about(event, {shipment.name: shipment.order_id})


def check_failed(order: Order, failed: Iterable[GateCode]) -> None:
    """Tell the customer what is wrong with an order whose check failed, the same problems once (R-064).

    Args:
        order: the Order document, not confirmed yet.
        failed: the gates that stop it; those that are no matter of the customer's are kept from him.
    """
    problems = problems_for_customer(failed)
    if not problems:
        end_calls(order.name, [NoticeEvent.EXCEPTION])
    else:
        _notify(
            NoticeEvent.EXCEPTION,
            order,
            fingerprint(*problems),
            lambda language: texts.order_text(
                NoticeEvent.EXCEPTION, order, language, "\n".join(_(text, language) for text in problems)
            ),
        )


def shortage_decided(order: Order, shortage: Shortage) -> None:
    """Ask the customer about goods that are short, with a link for his answer, each decision once (K-20).

    Args:
        order: the Order document.
        shortage: the Shortage as it is decided now.
    """
    lines = {line.name: line for line in order.items}
    end_calls_about(NoticeEvent.SHORTAGE, {shortage.name: order.name})
    _notify(
        NoticeEvent.SHORTAGE,
        order,
        shortage.name,
        lambda language: texts.shortage_text(
            order,
            lines.get(shortage.order_item),
            shortage,
            issue(order.name, LinkPurpose.SHORTAGE),
            language,
        ),
        str(shortage.decided_at),
    )


def shortages_over(order_of: Mapping[str, str]) -> None:
    """Nobody need ask a customer any more: he has answered, or the goods are there or not wanted.

    Args:
        order_of: the order's name by the Shortage's.
    """
    end_calls_about(NoticeEvent.SHORTAGE, order_of)


def dispatch_planned(order: Order, shipment: Shipment) -> None:
    """Tell the customer when goods will leave, where they go and when they come, once a shipment (R-284).

    Args:
        order: the Order document.
        shipment: the Shipment that waits for its papers.
    """
    _notify(
        NoticeEvent.DISPATCH_PLANNED,
        order,
        shipment.name,
        lambda language: texts.dispatch_text(order, shipment, language),
    )


def delivery_troubled(order: Order, case: DeliveryCase) -> None:
    """Tell the customer of trouble with his delivery, once for each case and day (R-296, R-308, R-374).

    Args:
        order: the Order document.
        case: the Delivery Case with ``kind``, ``told_words`` and ``new_date``.
    """
    delayed = CaseKind(case.kind) in NEEDS_DATE
    event = NoticeEvent.DELAYED if delayed else NoticeEvent.DELIVERY_PROBLEM
    end_calls_about(event, {case.name: order.name})
    _notify(
        event,
        order,
        case.name,
        lambda language: texts.delivery_text(event, order, case.told_words or "", case.new_date, language),
        str(case.told_at),
    )


def trouble_over(case: DeliveryCase) -> None:
    """Nobody need tell a customer any more of trouble that is settled.

    Args:
        case: the closed Delivery Case.
    """
    if case.told_at:
        for event in (NoticeEvent.DELAYED, NoticeEvent.DELIVERY_PROBLEM):
            end_calls_about(event, {case.name: case.order_id})


def review_closed(order: Order, checklist: ReviewChecklist, event: NoticeEvent) -> None:
    """Tell the customer how the review of his order ended (R-082).

    Args:
        order: the Order document.
        checklist: the Review Checklist document.
        event: agreed or refused.
    """
    _order_notice(event, order, checklist.name, checklist.outcome or "")


def payment_decided(order: Order, payment: OrderPayment, event: NoticeEvent) -> None:
    """Tell the customer that his money arrived, or that it did not (R-166).

    Args:
        order: the Order document with its payment figures as they are after the decision.
        payment: the Order Payment document.
        event: confirmed or rejected.
    """
    if to_decimal(order.paid_amount) >= to_decimal(order.shipment_due):
        rest_over(order)
    if concerns_customer(PaymentKind(payment.kind)):
        _notify(
            event, order, payment.name, lambda language: texts.payment_text(event, order, payment, language)
        )


def rest_is_due(order: Order, day: date, rest: Decimal) -> bool:
    """Ask the customer for what is to be paid before the goods leave, once a day and sum (R-155).

    Args:
        order: the Order document.
        day: when the goods are to leave.
        rest: in the order's currency.

    Returns:
        Whether he is told; otherwise somebody has to.
    """
    return _notify(
        NoticeEvent.REST_DUE,
        order,
        f"{day} {rest}",
        lambda language: texts.rest_text(order, day, rest, language),
    )


def rest_over(order: Order) -> None:
    """The rest is paid, or not due before a shipment any more: nobody asks for it.

    Args:
        order: the Order document.
    """
    if order.planned_ship_date:
        end_task(order, TaskReason.REST_DUE)
    if profile_of(order).customer_notices:
        end_calls(order.name, [NoticeEvent.REST_DUE, NoticeEvent.PAYMENT_REJECTED])


def urgency_declined(order: Order, reason: str) -> bool:
    """Tell the customer that his order goes the normal way (R-404).

    Args:
        order: the Order document.
        reason: in the words of whoever declined.

    Returns:
        Whether he is told; otherwise somebody has to.
    """
    return _notify(
        NoticeEvent.NOT_URGENT,
        order,
        str(order.modified),
        lambda language: texts.order_text(NoticeEvent.NOT_URGENT, order, language, reason),
    )


def _order_notice(event: NoticeEvent, order: Order, reference: str, reason: str) -> None:
    _notify(event, order, reference, lambda language: texts.order_text(event, order, language, reason))


def _notify(
    event: NoticeEvent, order: Order, reference: str, text_in: Callable[[str], NoticeText], moment: str = ""
) -> bool:
    """Tell the customer, or ask somebody to; False where his procedure or he himself wants no notices."""
    if not profile_of(order).customer_notices:
        return False
    customer = frappe.db.get_value(
        "Customer",
        order.customer,
        ["notice_channel", "email", "notice_mobile", "wecom_id", "language"],
        as_dict=True,
    )
    channel = NoticeChannel(customer.notice_channel or NoticeChannel.E_MAIL)
    if channel is NoticeChannel.NONE:
        return False
    key = notice_key(order.name, event, reference, moment)
    if begin_notice(order, key, event) or frappe.db.exists(COMMUNICATION, key):
        return True
    text = text_in(customer.language or site_language())
    _tell(order, key, text, channel, _address(channel, order, customer))
    return True


def _address(channel: NoticeChannel, order: Order, customer: Any) -> str:
    if channel is NoticeChannel.SMS:
        return str(customer.notice_mobile or order.mobile or "")
    if channel is NoticeChannel.WECOM:
        return str(customer.wecom_id or "")
    return str(validate_email_address(order.email or customer.email or "") or "")


def _tell(order: Order, key: str, text: NoticeText, channel: NoticeChannel, address: str) -> None:
    medium = MEDIUM_OF.get(channel)
    account = messaging_account(medium) if medium else ""
    hindered = obstacle(channel, address, can_send=bool(account) if medium else can_mail())
    if hindered is None and medium:
        _queue_message(order, key, text, account, medium, address)
    elif hindered is None and not _queue_mail(order, key, text, address):
        hindered = Obstacle.NOT_ACCEPTED
    if hindered is not None:
        ask_to_call(order, key, text, hindered)


def messaging_account(medium: str) -> str:
    """The first account that sends messages of a kind; empty where there is none."""
    name = frappe.db.get_value(
        AccountType.MESSAGING.value, {"enabled": 1, f"sends_{medium}": 1}, order_by="creation"
    )
    return str(name or "")


def _queue_message(order: Order, key: str, text: NoticeText, account: str, medium: str, address: str) -> None:
    """Written with the event, sent after its commit, once: the notice's name is its reference over there."""
    write_to_timeline(order, key, text.subject, text.body, medium=_MEDIUM_CHAT, recipient=address)
    enqueue(
        AccountType.MESSAGING,
        account,
        Action.CUSTOMER_MESSAGE,
        # Each notice by itself: one that nobody takes must not hold back the next one of its order.
        COMMUNICATION,
        key,
        MESSAGE_REVISION,
        {"medium": medium, "to": address, "text": texts.short_text(text)},
    )


def _queue_mail(order: Order, key: str, text: NoticeText, address: str) -> bool:
    """Put the notice into the queue; False, with nothing written, where the framework would not send it."""
    frappe.db.savepoint(_SAVEPOINT)
    try:
        write_to_timeline(order, key, text.subject, text.body, medium=_MEDIUM_MAIL, recipient=address)
        frappe.sendmail(
            recipients=[address],
            subject=text.subject,
            message=text.body,
            reference_doctype=order.doctype,
            reference_name=order.name,
            communication=key,
        )
    except (frappe.OutgoingEmailError, frappe.InvalidEmailAddressError) as error:
        frappe.db.rollback(save_point=_SAVEPOINT)
        # The step goes on; the task below says what to do, and this what is wrong with the mail account.
        frappe.log_error(title="A customer could not be told by e-mail", message=str(error))
        return False
    if not frappe.db.exists("Email Queue", {"communication": key}):
        # An address that unsubscribed is left out by the framework without a word.
        frappe.db.rollback(save_point=_SAVEPOINT)
        return False
    return True
