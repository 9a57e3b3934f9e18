"""What a customer may owe and what his orders take of it (R-163, R-165)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import getdate, nowdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.money.credit import AccountKind, Credit

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.customer.customer import Customer

NEW_CUSTOMER = "New"
"""A customer's relationship before his history speaks for him (R-014, R-160)."""


@dataclass(frozen=True, slots=True)
class CreditStanding:
    """What a customer's orders take of his credit, in the company's currency."""

    exposure: Decimal
    overdue: Decimal
    """All that is open on orders of which something is due."""
    overdue_since: date | None


def credit_of(row: Any) -> Credit:
    """A Customer, or a row with its fields, as the rules read it."""
    return Credit(
        kind=AccountKind(row.account_kind),
        limit=to_decimal(row.credit_limit),
        valid_until=row.credit_valid_until and getdate(row.credit_valid_until),
        temporary_limit=to_decimal(row.temporary_limit),
        temporary_until=row.temporary_limit_until and getdate(row.temporary_limit_until),
    )


def standing_of(customer: str) -> CreditStanding:
    """Return what a customer owes now: one statement over the index of his open orders.

    Args:
        customer: the customer's code.
    """
    today = nowdate()
    ((exposure, overdue, since),) = frappe.db.sql(
        """select sum(open_amount), sum(if(payment_due_date < %s, open_amount, 0)),
            min(if(payment_due_date < %s, payment_due_date, null))
        from `tabOrder` where customer = %s and open_amount > 0""",
        (today, today, customer),
    )
    return CreditStanding(to_decimal(exposure), to_decimal(overdue), since)


def standing_for_form(customer: Customer) -> dict[str, Any]:
    """Return what a customer may owe and does owe today.

    Args:
        customer: the Customer document.

    Returns:
        ``{"limit", "exposure", "overdue", "overdue_since"}``, amounts in the company's currency.
    """
    standing = standing_of(customer.name)
    limit = credit_of(customer).limit_on(getdate(nowdate()))
    return {
        "limit": None if limit is None else float(limit),
        "exposure": float(standing.exposure),
        "overdue": float(standing.overdue),
        "overdue_since": standing.overdue_since,
    }
