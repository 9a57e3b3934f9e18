"""Reads what the gates over money look at: one statement, whatever the customer has ordered before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import getdate, nowdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.gates.money import MoneyFacts
from order_flow.domain.money.credit import Assessment
from order_flow.domain.money.letter_of_credit import DAYS_BEFORE_EXPIRY, CreditCheck, LetterOfCredit
from order_flow.domain.money.terms import policy_of
from order_flow.domain.states import CALLED_OFF_STATES, OrderState, PaymentTerm
from order_flow.flow.terms.credit import NEW_CUSTOMER, credit_of
from order_flow.flow.terms.figures import money_of
from order_flow.flow.terms.plan import policies_of
from order_flow.flow.worth import company_worth

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile
    from order_flow.order_flow.doctype.order.order import Order

_OWED = """
    select customer.account_kind, customer.credit_limit, customer.credit_valid_until,
        customer.temporary_limit, customer.temporary_limit_until, customer.credit_assessment,
        customer.relationship, owed.exposure, owed.overdue, owed.overdue_since {letter_columns}
    from `tabCustomer` customer
    join (
        select sum(open_amount) as exposure,
            sum(if(payment_due_date < %(today)s, open_amount, 0)) as overdue,
            min(if(payment_due_date < %(today)s, payment_due_date, null)) as overdue_since
        from `tabOrder`
        where customer = %(customer)s and open_amount > 0 and name != %(order)s {lock}
    ) owed
    {letter_join}
    where customer.name = %(customer)s
"""
_LETTER_COLUMNS = """, letter.name as letter, letter.amount, letter.expiry_date, letter.latest_ship_date,
        letter.verification, letter.received_on, under.claimed"""
_LETTER_JOIN = """
    join (
        select sum(total) as claimed from `tabOrder`
        where letter_of_credit = %(letter)s and name != %(order)s
            and workflow_state not in %(called_off)s {lock}
    ) under
    left join `tabLetter of Credit` letter on letter.name = %(letter)s
"""
_LOCK = "lock in share mode"


def load_money_facts(order: Order, profile: FlowProfile) -> MoneyFacts:
    """Return what an order's money gates look at, in one statement over indexed columns.

    Where the order is about to take a step the other orders are read with a lock: of two orders confirmed
    at one moment the second one counts the first.

    Args:
        order: the Order document, also in the middle of a save.
        profile: its Flow Profile.

    Returns:
        The facts.
    """
    term = PaymentTerm(order.payment_term)
    needs_credit = policy_of(term, policies_of(order)).credit_check
    row = _row(order, needs_credit=needs_credit)
    total = to_decimal(order.total)
    # The planned day of dispatch where there is one; until then the promise stands for it.
    ships_on = order.planned_ship_date or order.promised_date
    return MoneyFacts(
        today=getdate(nowdate()),
        term=term,
        deposit_due=to_decimal(order.deposit_due),
        shipment_due=to_decimal(order.shipment_due),
        credit=credit_of(row),
        needs_credit=needs_credit,
        exposure=to_decimal(row.exposure),
        order_takes=company_worth(order, _takes(order)),
        overdue=to_decimal(row.overdue),
        overdue_since=row.overdue_since,
        new_customer=row.relationship == NEW_CUSTOMER,
        assessment=Assessment(row.credit_assessment or Assessment.OPEN),
        worth=company_worth(order, total),
        large_from=to_decimal(profile.large_order_amount),
        order_check=Assessment(order.credit_check or Assessment.OPEN),
        checked_total=to_decimal(order.credit_checked_total),
        letter=_letter(row),
        claimed=to_decimal(row.claimed) + total,
        ships_on=getdate(ships_on) if ships_on else None,
        days_before_expiry=profile.days_before_lc_expiry or DAYS_BEFORE_EXPIRY,
        shipped_worth=money_of(order).kept,
    )


def _row(order: Order, *, needs_credit: bool) -> Any:
    """Customer, what he owes and the letter of credit; locks only what the decision rests on."""
    deciding = bool(order.flags.for_update) or order.get_doc_before_save() is not None
    lock = _LOCK if deciding else ""
    with_letter = bool(order.letter_of_credit)
    query = _OWED.format(
        lock=lock if needs_credit else "",
        letter_columns=_LETTER_COLUMNS if with_letter else "",
        letter_join=_LETTER_JOIN.format(lock=lock) if with_letter else "",
    )
    (row,) = frappe.db.sql(
        query,
        {
            "today": nowdate(),
            "customer": order.customer,
            "order": order.name,
            "letter": order.letter_of_credit,
            "called_off": tuple(state.value for state in CALLED_OFF_STATES),
        },
        as_dict=True,
    )
    return row


def _takes(order: Order) -> Decimal:
    """Return what the order takes of the credit once it is bound, or takes already."""
    return replace(money_of(order), state=OrderState.CONFIRMED).owed


def _letter(row: Any) -> LetterOfCredit | None:
    if not row.letter:
        return None
    return LetterOfCredit(
        amount=to_decimal(row.amount),
        expiry=row.expiry_date,
        latest_ship=row.latest_ship_date,
        check=CreditCheck(row.verification),
        received_on=row.received_on,
    )
