"""Who may NOT, over REST: every role against every method and every kind of document (R-031, R-388)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import frappe
import pytest

from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.domain.tasks.reasons import RECEIVERS, TaskReason
from order_flow.flow.cancelling.requests import CancelReason, request_cancellation
from order_flow.flow.money.payments import reject_payment
from tests.site.support.builders import OFFLINE_CHANNEL, U8_ACCOUNT, WDT_ACCOUNT, new_order, order_in, user_of
from tests.site.support.committed_orders import remove_orders, stored_rows
from tests.site.support.rest_client import Callers

OK, ROLE, RULE = 200, 403, 417

DESK, SALES, MANAGER = Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER
MAY: dict[str, frozenset[Role]] = {
    "place_order": frozenset({DESK, SALES, MANAGER, Role.FIELD_REP, Role.INTEGRATION}),
    "confirm": frozenset({DESK, MANAGER, Role.INTEGRATION}),
    "record_payment": frozenset({DESK, SALES, MANAGER, Role.FINANCE, Role.INTEGRATION}),
    "confirm_payment": frozenset({Role.FINANCE}),
    "reject_payment": frozenset({Role.FINANCE}),
    "ship": frozenset({Role.WAREHOUSE, Role.LOGISTICS, Role.INTEGRATION}),
    "confirm_receipt": frozenset({DESK, Role.LOGISTICS, Role.AFTER_SALES, Role.INTEGRATION}),
    "request_cancellation": frozenset({DESK, MANAGER, Role.INTEGRATION}),
    "delete_order": frozenset(),
    "hold": frozenset({DESK, MANAGER, Role.FINANCE}),
    "release_hold": frozenset({DESK, MANAGER, Role.FINANCE}),
    "why": frozenset(Role) - {Role.FIELD_REP},
}
"""Written down by hand, so that a slip in the app's own tables shows. The order is not the field rep's."""


@dataclass(frozen=True)
class Papers:
    """One finished order with everything that hangs on it, entered by the administrator."""

    order: str
    cancelled: str
    line: str
    payment: str
    rejected: str
    shipment: str
    shipment_line: str
    event: str
    customer: str
    address: str
    contact: str

    def documents(self) -> dict[str, str]:
        """One document of each kind."""
        return {
            "Order": self.order,
            "Order Payment": self.payment,
            "Order Event": self.event,
            "Shipment": self.shipment,
            "Customer": self.customer,
            "Address": self.address,
            "Contact": self.contact,
            "Order Item": self.line,
            "Shipment Item": self.shipment_line,
        }


@pytest.fixture(scope="module")
def papers(test_site: str) -> Iterator[Papers]:
    """Committed once for the module: no test here may change them."""
    frappe.set_user("Administrator")
    order = order_in(OrderState.COMPLETED, PaymentFamily.PAY_FIRST)
    cancelled = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    rejected = frappe.get_doc(
        {"doctype": "Order Payment", "order_id": cancelled.name, "amount": 1, "kind": "Payment"}
    ).insert()
    reject_payment(rejected)
    cancelled.reload()
    request_cancellation(cancelled.name, CancelReason.SHORTAGE)
    link = {"links": [{"link_doctype": "Customer", "link_name": order.customer}]}
    address = frappe.get_doc(
        {"doctype": "Address", "address_title": "拱北仓", "address_type": "Shipping", "country": "China"}
        | {"address_line1": "迎宾南路2号", "city": "珠海市"}
        | link
    ).insert()
    contact = frappe.get_doc(
        {"doctype": "Contact", "first_name": "黄经理", "phone_nos": [{"phone": "13800000001"}]} | link
    ).insert()
    shipment = frappe.get_doc("Shipment", {"order_id": order.name})
    frappe.db.commit()
    try:
        yield Papers(
            order=order.name,
            cancelled=cancelled.name,
            line=order.items[0].name,
            payment=frappe.db.get_value("Order Payment", {"order_id": order.name}),
            rejected=rejected.name,
            shipment=shipment.name,
            shipment_line=shipment.items[0].name,
            event=frappe.db.get_value("Order Event", {"order_id": order.name}),
            customer=order.customer,
            address=address.name,
            contact=contact.name,
        )
    finally:
        frappe.db.rollback()
        frappe.set_user("Administrator")
        remove_orders([order.name, cancelled.name])
        frappe.delete_doc("Address", address.name, force=True)
        frappe.delete_doc("Contact", contact.name, force=True)
        frappe.db.commit()


def arguments(papers: Papers) -> dict[str, dict[str, Any]]:
    """Calls that a rule would refuse or that change nothing, so that only the role decides between them."""
    order = {"order": papers.cancelled}
    return {
        "place_order": {"channel": OFFLINE_CHANNEL, "external_number": "X", "order": {}, "items": []},
        "confirm": order,
        "record_payment": order | {"amount": "0", "reference": "R"},
        "confirm_payment": {"payment": papers.rejected},
        "reject_payment": {"payment": papers.payment},
        "ship": order,
        "confirm_receipt": order,
        "request_cancellation": order | {"reason": "Shortage"},
        "delete_order": order,
        "hold": order | {"reason": "x"},
        "release_hold": order,
        "why": order,
    }


def traces(papers: Papers) -> list[Any]:
    """Everything stored about both orders."""
    frappe.db.rollback()
    return [stored_rows(papers.order), stored_rows(papers.cancelled)]


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_methods_know_the_roles(callers: Callers, papers: Papers, role: Role) -> None:
    """403 for exactly those who may not; for the others a rule answers, and nothing changes (R-388)."""
    before = traces(papers)
    caller = callers.of(role)
    for method, body in arguments(papers).items():
        answer = (
            caller.get(f"method/order_flow.api.orders.{method}", **body)
            if method == "why"
            else caller.call(method, **body)
        )
        expected = {OK, RULE} if role in MAY[method] else {ROLE}
        assert answer.status_code in expected, (role, method, answer.text)
    assert traces(papers) == before


def test_guests_may_nothing(callers: Callers, papers: Papers) -> None:
    """Without a login no method and no document answers (R-388)."""
    guest = callers.of(None)
    for method, body in arguments(papers).items():
        answer = (
            guest.get(f"method/order_flow.api.orders.{method}", **body)
            if method == "why"
            else guest.call(method, **body)
        )
        assert answer.status_code == ROLE, (method, answer.text)
    for method in ("order_flow.api.desk.order_form", "order_flow.api.sync.reconcile"):
        assert guest.get(f"method/{method}", order=papers.order).status_code == ROLE
    for doctype, name in papers.documents().items():
        assert guest.get(f"resource/{doctype}").status_code == ROLE, doctype
        assert guest.get(f"resource/{doctype}/{name}").status_code == ROLE, doctype


def names_in(answer: Any) -> set[str]:
    """Names of a list's rows."""
    assert answer.status_code == OK, answer.text
    return {row["name"] for row in answer.json()["data"]}


PARENTS = {"Order Item": "Order", "Shipment Item": "Shipment"}


def test_a_field_rep_sees_nothing_of_others(callers: Callers, papers: Papers) -> None:
    """Neither by name nor in a list: orders, money, goods, customers, where and whom (design 6, R-388)."""
    rep = callers.of(Role.FIELD_REP)
    for doctype, name in papers.documents().items():
        assert rep.get(f"resource/{doctype}/{name}").status_code == ROLE, doctype
        parent = {"parent": PARENTS[doctype]} if doctype in PARENTS else {}
        found = names_in(rep.get(f"resource/{doctype}", limit_page_length=0, **parent))
        assert name not in found, doctype
    for table, parent in {"Contact Phone": "Contact", "Contact Email": "Contact"}.items():
        rows = rep.get(f"resource/{table}", parent=parent, fields='["parent"]', limit_page_length=0)
        assert papers.contact not in {row["parent"] for row in rows.json()["data"]}
    assert rep.get("method/order_flow.api.desk.order_form", order=papers.order).status_code == ROLE
    assert rep.put(f"resource/Order/{papers.order}", sales_rep=user_of(Role.FIELD_REP)).status_code == ROLE


def test_a_field_rep_sees_his_own(callers: Callers, site: Any) -> None:
    """The order, its lines, the customer and the customer's address that are in his care (R-388)."""
    rep, me = callers.of(Role.FIELD_REP), user_of(Role.FIELD_REP)
    customer = site.get_doc({"doctype": "Customer", "customer_name": "代表的客户", "sales_rep": me}).insert()
    address = site.get_doc(
        {"doctype": "Address", "address_title": "代表", "address_type": "Shipping", "country": "China"}
        | {"address_line1": "1", "city": "珠海市"}
        | {"links": [{"link_doctype": "Customer", "link_name": customer.name}]}
    ).insert()
    order = new_order(customer=customer.name)
    site.db.commit()
    try:
        assert order.sales_rep == me
        own = {"Order": order.name, "Customer": customer.name, "Address": address.name}
        for doctype, name in own.items():
            assert rep.get(f"resource/{doctype}/{name}").status_code == OK, doctype
            assert name in names_in(rep.get(f"resource/{doctype}", limit_page_length=0)), doctype
        lines = names_in(rep.get("resource/Order Item", parent="Order", limit_page_length=0))
        assert {line.name for line in order.items} <= lines
    finally:
        remove_orders([order.name])
        site.delete_doc("Address", address.name, force=True)
        site.delete_doc("Customer", customer.name, force=True)
        site.db.commit()


def test_a_field_rep_orders_for_his_customers_only(callers: Callers, papers: Papers) -> None:
    """An order would show him a stranger's name and tax number (R-388)."""
    values = {"customer": papers.customer, "channel": OFFLINE_CHANNEL, "payment_term": "Online Payment"}
    values |= {"contact_person": "x", "mobile": "1", "province": "x", "city": "x", "address_line": "x"}
    values |= {"items": [{"product": "TEST-A", "quantity": 1, "unit_price": 1}]}
    answer = callers.of(Role.FIELD_REP).post("resource/Order", **values)
    assert answer.status_code == ROLE, answer.text
    assert "not in your care" in answer.text


def test_a_known_number_tells_a_field_rep_nothing(callers: Callers, site: Any) -> None:
    """The refusal of a number with another content quotes the stored order (R-046, R-388)."""
    number = f"SECRET-{site.generate_hash(length=8)}"
    order = new_order(external_number=number)
    site.db.commit()
    try:
        body = {"channel": OFFLINE_CHANNEL, "external_number": number, "order": {"customer": "x"}}
        body["items"] = [{"product": "TEST-A", "quantity": 1, "unit_price": 1}]
        answer = callers.of(Role.FIELD_REP).call("place_order", **body)
        assert answer.status_code == ROLE, answer.text
        assert order.name not in answer.text
        assert order.mobile not in answer.text
    finally:
        remove_orders([order.name])


WRITERS: dict[str, frozenset[Role]] = {
    "Address": frozenset({DESK, SALES, MANAGER, Role.INTEGRATION}),
    "Contact": frozenset({DESK, SALES, MANAGER, Role.INTEGRATION}),
}


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_who_may_change_addresses_and_contacts(callers: Callers, papers: Papers, role: Role) -> None:
    """Those who enter orders keep where and whom to reach; others at most read it (R-041, R-388)."""
    for doctype, writers in WRITERS.items():
        path = f"resource/{doctype}/{papers.documents()[doctype]}"
        answer = callers.of(role).put(path, department="x", address_line2="x")
        assert answer.status_code == (OK if role in writers else ROLE), (doctype, answer.text)


@pytest.mark.parametrize("role", [*Role, "Administrator"], ids=str)
def test_what_happened_is_kept_as_it_is(callers: Callers, papers: Papers, role: Role | str) -> None:
    """Nobody writes, changes or deletes events, decided money, goods that left, orders (R-031, R-149)."""
    before = traces(papers)
    caller = callers.of(role)
    changes: dict[str, dict[str, Any]] = {
        "Order Event": {"actor": "Administrator", "remark": "x", "state_after": "Paid"},
        "Order Payment": {"amount": 0.01},
        "Shipment": {"items": [{"order_item": papers.line, "product": "TEST-A", "quantity": 99}]},
        "Order": {"paid_amount": 0, "total": 1},
        "Order Item": {"unit_price": 0.01, "shipped_quantity": 0},
        "Shipment Item": {"quantity": 99},
    }
    for doctype, values in changes.items():
        path = f"resource/{doctype}/{papers.documents()[doctype]}"
        assert caller.put(path, **values).status_code in {ROLE, RULE}, doctype
        assert caller.delete(path).status_code in {ROLE, RULE}, doctype
    forged = {"order_id": papers.order, "step": "Confirm", "state_after": "Confirmed", "actor": "Guest"}
    answer = caller.post("resource/Order Event", at="2026-01-01 00:00:00", **forged)
    assert answer.status_code in {ROLE, RULE}, answer.text
    row = {"parent": papers.order, "parenttype": "Order", "parentfield": "items"}
    line = {"doctype": "Order Item", "product": "TEST-A", "quantity": 1, "unit_price": 1, **row}
    assert caller.post("resource/Order Item", **line).status_code in {ROLE, RULE}
    answer = caller.post("method/frappe.client.insert", doc=json.dumps(line))
    assert answer.status_code in {ROLE, RULE}, answer.text
    assert traces(papers) == before


SECRETS = {"WDT Account": (WDT_ACCOUNT, "appsecret"), "U8 Account": (U8_ACCOUNT, "app_secret")}


@pytest.mark.parametrize("role", [*Role, "Administrator"], ids=str)
def test_secrets_are_never_read(callers: Callers, site: Any, role: Role | str) -> None:
    """No way of reading shows a secret, whoever reads (design 5)."""
    caller = callers.of(role)
    for doctype, (name, field) in SECRETS.items():
        secret = site.get_doc(doctype, name).get_password(field)
        filters = json.dumps({"name": name})
        answers = [
            caller.get(f"resource/{doctype}/{name}"),
            caller.get(f"resource/{doctype}", fields=json.dumps(["*"])),
            caller.get(f"resource/{doctype}", fields=json.dumps(["name", field])),
            caller.get("method/frappe.client.get", doctype=doctype, name=name),
            caller.get("method/frappe.desk.form.load.getdoc", doctype=doctype, name=name),
            caller.get("method/frappe.client.get_value", doctype=doctype, fieldname=field, filters=filters),
        ]
        assert not [answer.url for answer in answers if secret in answer.text]
        if role != "Administrator":
            ask = {"doctype": doctype, "name": name, "fieldname": field}
            assert caller.get("method/frappe.client.get_password", **ask).status_code == ROLE


SYNC_DOCTYPES = ("Sync Outbox", "Sync Attempt", "Sync Position", "Sync Discrepancy")
SYNC_READERS = {Role.INTEGRATION, Role.AUDITOR}
TASK_RECEIVERS = set(RECEIVERS[TaskReason.DISCREPANCY].roles)
"""Whoever gets a task about a discrepancy reads it."""


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_accounts_and_the_sync_are_not_for_everybody(callers: Callers, site: Any, role: Role) -> None:
    """No role of the flow changes an account or a message; messages are read by two (R-352, R-388)."""
    caller = callers.of(role)
    for doctype, (name, _field) in SECRETS.items():
        assert caller.put(f"resource/{doctype}/{name}", base_url="http://x").status_code == ROLE
        assert caller.delete(f"resource/{doctype}/{name}").status_code == ROLE
    assert caller.put(
        "resource/Order Flow Settings/Order Flow Settings", retention_months=60
    ).status_code == (ROLE)
    for doctype in SYNC_DOCTYPES:
        readers = SYNC_READERS | (TASK_RECEIVERS if doctype == "Sync Discrepancy" else set())
        expected = OK if role in readers else ROLE
        assert caller.get(f"resource/{doctype}").status_code == expected, doctype
        assert caller.post(f"resource/{doctype}").status_code == ROLE, doctype
