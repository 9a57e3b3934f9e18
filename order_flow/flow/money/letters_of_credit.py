"""Letters of credit: verified, amended, and what the orders under them know of it (R-157..R-159, R-104)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.access.four_eyes import hands_of, is_second_person, with_hands
from order_flow.domain.amounts import to_decimal
from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.money.letter_of_credit import AmendmentRefused, CreditCheck, LetterOfCredit, amended
from order_flow.domain.states import FINAL_STATES, OrderState, PaymentTerm, Role
from order_flow.flow.clocks.events import happened
from order_flow.flow.lifecycle.follow_facts import recording_facts
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.refusals import StepRefused, only, refuse_rule
from order_flow.flow.terms.figures import derive_open

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.letter_of_credit.letter_of_credit import LetterofCredit
    from order_flow.order_flow.doctype.order.order import Order

VERIFIERS = (Role.ORDER_DESK, Role.FINANCE)
"""Who checks the papers (R-159); never who entered, rewrote or amended what is to be checked."""
EXPIRY_FIXERS = (Role.SALES_MANAGER,)
"""Who fixes the expiry date, with the customer (R-158)."""
KEEPERS = (Role.ORDER_DESK, Role.SALES_MANAGER, Role.FINANCE)
"""Who says which order goes under which letter of credit, and enters the bank's amendments."""
LINK_EVENT = "Letter of Credit"


def as_letter(document: LetterofCredit) -> LetterOfCredit:
    """A Letter of Credit document as the rules read it."""
    return LetterOfCredit(
        amount=to_decimal(document.amount),
        expiry=document.expiry_date,
        latest_ship=document.latest_ship_date,
        check=CreditCheck(document.verification),
        received_on=document.received_on,
    )


def verify(document: LetterofCredit, result: CreditCheck, remark: str) -> None:
    """Say whether the papers are right; a faulty one needs the bank's amendment.

    Args:
        document: the Letter of Credit, locked.
        result: correct or faulty.
        remark: what was found; mandatory where it is faulty.

    Raises:
        frappe.PermissionError: not a verifier, or the person who entered the paper.
        StepRefused: faulty without saying what.
    """
    only(VERIFIERS, _("Verifying a letter of credit"))
    if not is_second_person(frappe.session.user, authors(document)):
        frappe.throw(
            _("You entered, rewrote or amended this letter of credit; somebody else verifies it."),
            frappe.PermissionError,
        )
    if result is CreditCheck.FAULTY and not remark.strip():
        frappe.throw(_("Say what is wrong, so that the customer can ask his bank to amend it."), StepRefused)
    document.verification = result.value
    document.verified_by, document.verified_at = frappe.session.user, now_datetime()
    document.verification_remark = remark.strip()
    if result is CreditCheck.CORRECT:
        # Two people have seen it; who amends it afterwards is the first of the next two.
        document.hands = None
    _save(document)


def authors(document: LetterofCredit) -> frozenset[str]:
    """Return who wrote what is to be verified: since the last time it was found correct."""
    return hands_of(document.hands) or frozenset({document.owner})


def amend(
    document: LetterofCredit, changes: Mapping[str, Decimal | date | None], *, amended_on: date, remark: str
) -> None:
    """Enter the bank's amendment: the old values stay readable, and the paper is verified again.

    Args:
        document: the Letter of Credit, locked.
        changes: new ``amount``, ``expiry`` and ``latest_ship``; None keeps what is there.
        amended_on: the date on the bank's paper.
        remark: free words.

    Raises:
        frappe.PermissionError: not a keeper, or a new expiry from somebody who may not fix it.
        StepRefused: it changes nothing, or cannot be.
    """
    only(KEEPERS, _("Amending a letter of credit"))
    before = as_letter(document)
    try:
        after = amended(before, changes)
    except AmendmentRefused as error:
        refuse_rule(error)
    if after.expiry != before.expiry:
        only(EXPIRY_FIXERS, _("Fixing the expiry date of a letter of credit"))
    document.append(
        "amendments",
        {
            "amended_on": amended_on,
            "currency": document.currency,
            "amount_before": float(before.amount),
            "amount_after": float(after.amount),
            "expiry_before": before.expiry,
            "expiry_after": after.expiry,
            "latest_ship_before": before.latest_ship,
            "latest_ship_after": after.latest_ship,
            "entered_by": frappe.session.user,
            "entered_at": now_datetime(),
            "remark": remark,
        },
    )
    document.hands = with_hands(document.hands, frappe.session.user)
    document.amount = float(after.amount)
    document.expiry_date, document.latest_ship_date = after.expiry, after.latest_ship
    document.verification = after.check.value
    document.verified_by = document.verified_at = document.verification_remark = None
    _save(document)


def _save(document: LetterofCredit) -> None:
    document.flags.system_fields_open = True
    document.flags.ignore_permissions = True  # the caller checked role and document
    document.save()


def put_order_under(name: str, letter: LetterofCredit | None) -> None:
    """Say under which letter of credit an order is paid.

    Args:
        name: the order.
        letter: the Letter of Credit document; None takes the order from under it.

    Raises:
        frappe.PermissionError: not a keeper.
        StepRefused: another customer's, another currency, closed, or an order that is not paid so.
    """
    only(KEEPERS, _("Putting an order under a letter of credit"))
    order = locked_order(name)
    _check_fits(order, letter)
    order.letter_of_credit = letter.name if letter else None
    _take_over(order, letter)
    with recording_facts(order):
        save_internally(order)
        record_event(
            order, LINK_EVENT, order.workflow_state, order.workflow_state, letter.name if letter else "-"
        )
        _tell_clocks(order, letter)


def _check_fits(order: Order, letter: LetterofCredit | None) -> None:
    if OrderState(order.workflow_state) in FINAL_STATES:
        frappe.throw(
            _("Order {0} is {1}; its letter of credit stays as it is.").format(
                order.name, _(order.workflow_state)
            ),
            StepRefused,
        )
    if PaymentTerm(order.payment_term) is not PaymentTerm.LETTER_OF_CREDIT:
        frappe.throw(
            _("Order {0} is paid by '{1}', not by letter of credit.").format(
                order.name, _(order.payment_term)
            ),
            StepRefused,
        )
    if letter and (letter.customer != order.customer or letter.currency != order.currency or letter.closed):
        frappe.throw(
            _(
                "Letter of credit {0} is closed, of another customer, or not in {1}. Choose another one."
            ).format(letter.name, order.currency),
            StepRefused,
        )


def _take_over(order: Order, letter: LetterofCredit | None) -> None:
    order.lc_expiry_date = letter.expiry_date if letter else None
    order.lc_received_on = letter.received_on if letter else None
    derive_open(order)


def _tell_clocks(order: Order, letter: LetterofCredit | None) -> None:
    if letter and letter.expiry_date:
        happened(
            ClockEvent.LETTER_OF_CREDIT_KNOWN,
            order.name,
            profile=profile_name(order),
            reference=(letter.doctype, letter.name),
        )


def tell_orders(letter: LetterofCredit) -> None:
    """After a letter changed: its open orders show its dates and go on; it covers a handful of orders.

    Args:
        letter: the Letter of Credit document as it is stored now.
    """
    for name in frappe.get_all(
        "Order",
        filters={
            "letter_of_credit": letter.name,
            "workflow_state": ("not in", [state.value for state in FINAL_STATES]),
        },
        order_by="name",
        pluck="name",
    ):
        order = locked_order(name)
        _take_over(order, letter)
        with recording_facts(order):
            save_internally(order)
            _tell_clocks(order, letter)
