"""A company that deals with money as the written procedures do, and nothing else: no review, no evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, nowdate

from order_flow.api.money import assess_customer
from order_flow.defaults.money_policies import CONTRACT_TERMS, MONEY_GATES
from order_flow.domain.gates.model import CheckPoint
from order_flow.domain.money.credit import AccountKind, Assessment
from order_flow.domain.states import PaymentTerm, Role
from order_flow.flow.gates.judging import judge_planning, pass_or_refuse
from tests.site.support.builders import PRODUCTS, acting_as, new_order, user_of

MONEY_PROFILE = "Test Money"
MONEY_CHANNEL = "Test Contracts"
TOLERANCE = 20
LARGE = 100_000


@pytest.fixture(scope="session")
def money_channel(test_site: str) -> str:
    """The channel of that company, committed: profiles are read from the cache."""
    frappe.set_user("Administrator")
    if not frappe.db.exists("Flow Profile", MONEY_PROFILE):
        frappe.get_doc(
            {
                "doctype": "Flow Profile",
                "profile_name": MONEY_PROFILE,
                "planning_release": 1,
                "large_order_amount": LARGE,
                "bank_charges_tolerance": TOLERANCE,
                "days_before_lc_expiry": 7,
                "gates": [dict(row) for row in MONEY_GATES],
                "payment_terms": [dict(row) for row in CONTRACT_TERMS],
            }
        ).insert()
    if not frappe.db.exists("Sales Channel", MONEY_CHANNEL):
        frappe.get_doc(
            {"doctype": "Sales Channel", "channel_name": MONEY_CHANNEL, "flow_profile": MONEY_PROFILE}
        ).insert()
    frappe.db.commit()
    return MONEY_CHANNEL


@pytest.fixture
def money(site: Any, money_channel: str) -> Iterator[str]:
    """One test with that channel; everything is taken back."""
    yield money_channel
    frappe.db.rollback()
    frappe.clear_messages()


def new_customer(**values: Any) -> Any:
    """A customer without any history."""
    return frappe.get_doc(
        {"doctype": "Customer", "customer_name": "Money Test", "relationship": "Existing", **values}
    ).insert()


def credit_customer(limit: float, **values: Any) -> Any:
    """A customer whom finance assessed and granted credit."""
    customer = new_customer(**values)
    with acting_as(user_of(Role.FINANCE)):
        assess_customer(customer.name, Assessment.PASSED.value, "known for years")
        customer = frappe.get_doc("Customer", customer.name)
        customer.account_kind, customer.credit_limit = AccountKind.CREDIT.value, limit
        customer.save()
    return customer


def contract_order(customer: Any, term: PaymentTerm, amount: float = 1000, **values: Any) -> Any:
    """An order of one line worth an amount, tax included."""
    return new_order(
        customer=customer.name,
        channel=MONEY_CHANNEL,
        payment_term=term.value,
        items=[{"product": PRODUCTS[0], "quantity": 10, "unit_price": amount / 10}],
        **values,
    )


def dated(values: dict[str, Any]) -> dict[str, Any]:
    """Values in which a whole number in a date's place means so many days from today."""
    is_day = {name: name.endswith(("_date", "_until")) and isinstance(values[name], int) for name in values}
    return {name: add_days(nowdate(), value) if is_day[name] else value for name, value in values.items()}


def to_planning(order: Any) -> None:
    """Ask the gates of the release to planning, as the order stands now."""
    document = frappe.get_doc("Order", order.name, for_update=True)
    pass_or_refuse(document, CheckPoint.PLANNING, judge_planning(document))


def stored(order: Any) -> Any:
    """An order as the database has it."""
    return frappe.get_doc("Order", order.name)


def footprint(*documents: Any) -> list[tuple[Any, ...]]:
    """What must not change when something is refused: versions of rows, and how many papers there are."""
    versions = [
        tuple(frappe.db.sql(f"select * from `tab{document.doctype}` where name = %s", document.name)[0])
        for document in documents
    ]
    counts = [
        (doctype, frappe.db.count(doctype))
        for doctype in ("Order Payment", "Order Event", "ToDo", "Shipment")
    ]
    return [*versions, *counts]
