"""A picker sees no prices, whatever the way: documents, forms, reasons, reports, papers (R-268, R-388)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import frappe
import pytest
from frappe.www.printview import get_html_and_style

from order_flow.domain.gates.model import GateCode
from order_flow.domain.orders.forms import Form
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.order_flow.report.order_log import order_log
from tests.site.support.builders import PRODUCTS, acting_as, order_in, test_customer, user_of
from tests.site.support.change_lab import applied, line_change, written
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, Rest

PRICE, NEW_PRICE, LIST_PRICE, LIMIT = 4321.5, 4319.5, 4444.5, 987654
# Figures alone: the name of a row is a random text that may hold any of them.
FIGURES = re.compile(r"(?<![\w.])(4,?321\.5|4,?319\.5|8,?643|8,?639|4,?444\.5|987,?654)(?![a-z])")
"""Every price and sum of the order below, as a machine or a person writes it."""
READERS = sorted(set(Role) - {Role.WAREHOUSE, Role.FIELD_REP})
"""The order is not the field rep's."""


@dataclass(frozen=True)
class Priced:
    """An order of two pieces with a price that stands nowhere else, and its papers."""

    order: str
    line: str
    draft: str
    applied: str
    version: str
    customer: str


@pytest.fixture(scope="module")
def priced(test_site: str) -> Iterator[Priced]:
    """Committed once for the module: no test here changes it."""
    frappe.set_user("Administrator")
    customer = test_customer()
    limit = frappe.db.get_value("Customer", customer, "credit_limit")
    listed = frappe.db.get_value("Product", PRODUCTS[0], "list_price")
    frappe.db.set_value("Customer", customer, "credit_limit", LIMIT)
    frappe.db.set_value("Product", PRODUCTS[0], "list_price", LIST_PRICE)
    line = {"product": PRODUCTS[0], "quantity": 2, "unit_price": PRICE}
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, items=[line])
    notice = applied(order, "Price", line_change(order, "unit_price", NEW_PRICE))
    order.reload()
    draft = written(order, "Price", line_change(order, "unit_price", PRICE))
    frappe.db.commit()
    try:
        yield Priced(
            order.name,
            order.items[0].name,
            draft.name,
            notice.name,
            frappe.db.get_value("Change Notice", notice.name, "order_version"),
            customer,
        )
    finally:
        frappe.db.rollback()
        frappe.set_user("Administrator")
        remove_orders([order.name])
        frappe.db.set_value("Customer", customer, "credit_limit", limit)
        frappe.db.set_value("Product", PRODUCTS[0], "list_price", listed)
        frappe.db.commit()


@pytest.fixture
def picker(callers: Callers) -> Rest:
    """The warehouse's person, over HTTP."""
    return callers.of(Role.WAREHOUSE)


def looks(caller: Rest, priced: Priced) -> dict[str, Any]:
    """Every way in which somebody may look at an order and what belongs to it."""
    lines = {"doctype": "Order Item", "parent": "Order", "filters": [["parent", "=", priced.order]]}
    return {
        "order": caller.get(f"resource/Order/{priced.order}"),
        "order form": caller.get("method/order_flow.api.desk.order_form", order=priced.order),
        "desk": caller.get("method/frappe.desk.form.load.getdoc", doctype="Order", name=priced.order),
        "history": caller.get("method/frappe.desk.form.load.get_docinfo", doctype="Order", name=priced.order),
        "list": caller.get(
            "resource/Order",
            fields='["name","total","paid_amount","open_amount"]',
            filters=_only(priced.order),
        ),
        "whole rows": caller.get("resource/Order", fields='["*"]', filters=_only(priced.order)),
        "sum": caller.post(
            "method/frappe.client.get_list",
            doctype="Order",
            fields=["sum(total) as worth"],
            filters={"name": priced.order},
        ),
        "lines": caller.post("method/frappe.client.get_list", **lines, fields=["*"]),
        "value": caller.get(
            "method/frappe.client.get_value", doctype="Order", fieldname="total", filters=priced.order
        ),
        "why": caller.get("method/order_flow.api.why", order=priced.order),
        "product": caller.get(f"resource/Product/{PRODUCTS[0]}"),
        "customer": caller.get(f"resource/Customer/{priced.customer}"),
        "draft notice": caller.get(f"resource/Change Notice/{priced.draft}"),
        "applied notice": caller.get(f"resource/Change Notice/{priced.applied}"),
        "side by side": caller.get("method/order_flow.api.changes.form", notice=priced.draft),
        "changed": caller.get("method/order_flow.api.changes.compare", notice=priced.applied),
        "events": caller.get(
            "resource/Order Event", fields='["*"]', filters=f'[["order_id","=","{priced.order}"]]'
        ),
    }


def _only(order: str) -> str:
    return f'[["name","=","{order}"]]'


def test_picker_reads_everything_but_money(picker: Rest, priced: Priced) -> None:
    """Each way answers, so that nothing is hidden by an error, and no figure is in any answer."""
    found = looks(picker, priced)
    told = {way: FIGURES.findall(answer.text) for way, answer in found.items()}
    assert {way: figures for way, figures in told.items() if figures} == {}
    refused = {way for way, answer in found.items() if answer.status_code != 200}
    assert refused <= {"value", "sum"}, "everything else is for the picker, without its prices"
    order = found["order"].json()["data"]
    assert order["items"][0]["quantity"] == 2
    assert not {"total", "open_amount", "paid_amount"} & set(order)


def test_answers_to_what_a_picker_does_have_no_prices(picker: Rest, priced: Priced, site: Any) -> None:
    """The framework answers saves and steps with whole documents, over REST and at the desk."""
    order = frappe.get_doc("Order", priced.order).as_dict(convert_dates_to_str=True)
    document = json.dumps(picker.get(f"resource/Order/{priced.order}").json()["data"])
    answers = {
        "saved over REST": picker.put(f"resource/Order/{priced.order}", seller_memo=order["seller_memo"]),
        "saved at the desk": picker.post(
            "method/frappe.desk.form.save.savedocs", doc=document, action="Update"
        ),
        "step": picker.post("method/frappe.model.workflow.get_transitions", doc=document),
    }
    told = {way: FIGURES.findall(answer.text) for way, answer in answers.items()}
    assert {way: figures for way, figures in told.items() if figures} == {}
    assert answers["saved over REST"].json()["data"]["items"][0]["quantity"] == 2


@pytest.mark.parametrize("role", READERS)
def test_everybody_else_reads_prices(role: Role, callers: Callers, priced: Priced) -> None:
    """The levels take prices from the warehouse and from nobody else."""
    order = callers.of(role).get(f"resource/Order/{priced.order}").json()["data"]
    assert order["total"] == 2 * NEW_PRICE
    assert order["items"][0]["unit_price"] == NEW_PRICE


def test_figures_would_be_found(callers: Callers, priced: Priced) -> None:
    """The search above finds the figures where they are: the order desk sees them everywhere."""
    found = looks(callers.of(Role.ORDER_DESK), priced)
    blind = {way for way, answer in found.items() if not FIGURES.search(answer.text)}
    assert blind <= {
        "events",  # nothing was held against this order, so its events name no sum
        "lines",  # the framework takes higher levels from lists of rows whoever asks; documents have them
    }


def test_old_versions_and_evidence_are_not_for_the_picker(picker: Rest, priced: Priced) -> None:
    """They hold whole contents and contracts."""
    assert picker.get(f"resource/Order Version/{priced.version}").status_code == 403
    assert picker.get("resource/Order Evidence").status_code == 403
    assert picker.get("resource/Order Payment").status_code == 403
    assert picker.get("method/order_flow.api.changes.version", version=priced.version).status_code == 403


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("doctype", "form"),
    [
        ("Order", Form.CONFIRMATION),
        ("Order", Form.STATUS_TRACKING),
        ("Order", Form.PICK_SLIP),
        ("Order", Form.SHORTAGE_LIST),
        ("Order", None),
        ("Change Notice", Form.CHANGE_NOTICE),
        ("Change Notice", None),
    ],
)
def test_papers_of_a_picker_have_no_prices(doctype: str, form: Form | None, priced: Priced) -> None:
    """Printed by the picker without, by the desk with them where the form has any (R-268)."""
    name = priced.order if doctype == "Order" else priced.applied
    with acting_as(user_of(Role.WAREHOUSE)):
        picked = get_html_and_style(doctype, name, form.value if form else "Standard")["html"]
    assert "Order Flow" in picked or priced.order in picked or PRODUCTS[0] in picked
    assert FIGURES.findall(picked) == []
    with acting_as(user_of(Role.ORDER_DESK)):
        full = get_html_and_style(doctype, name, form.value if form else "Standard")["html"]
    if form not in (Form.PICK_SLIP, Form.SHORTAGE_LIST, Form.STATUS_TRACKING):
        assert FIGURES.search(full)


@pytest.mark.usefixtures("site")
def test_register_of_orders_has_no_amounts_for_the_picker(priced: Priced) -> None:
    """ORDER LOG is everybody's; its amount column is not, and does not count as missing (R-102)."""
    for role, sees in ((Role.WAREHOUSE, False), (Role.ORDER_DESK, True)):
        with acting_as(user_of(role)):
            columns, rows, _title = order_log.execute({"customer": priced.customer})
        row = next(row for row in rows if row["order_id"] == priced.order)
        assert ("total" in {column["fieldname"] for column in columns}) is sees
        assert ("total" in row) is sees
        assert "Amount" not in row["missing"]


def test_gates_about_money_are_named_without_figures(picker: Rest, callers: Callers, priced: Priced) -> None:
    """The picker learns that money is missing and who can free the order, the desk how much."""
    question = {"order": priced.order}
    seen = picker.get("method/order_flow.api.why", **question).json()["message"]["reasons"]
    desk = (
        callers.of(Role.ORDER_DESK).get("method/order_flow.api.why", **question).json()["message"]["reasons"]
    )
    (money,) = [reason for reason in seen if reason["code"] == GateCode.MONEY_OUTSTANDING]
    assert "Money Outstanding" in money["text"]
    assert "Finance" in money["text"]
    (full,) = [reason for reason in desk if reason["code"] == GateCode.MONEY_OUTSTANDING]
    assert FIGURES.search(full["text"])


def test_picker_changes_no_price(picker: Rest, callers: Callers, site: Any) -> None:
    """What the picker cannot read is refused from him, and does not change where his form leaves it out."""
    line = {"product": PRODUCTS[0], "quantity": 2, "unit_price": PRICE}
    order = order_in(OrderState.UNCONFIRMED, PaymentFamily.PAY_FIRST, items=[line])
    frappe.db.commit()
    try:
        body = picker.get(f"resource/Order/{order.name}").json()["data"]
        body["seller_memo"] = "second gate"
        saved = picker.post("method/frappe.desk.form.save.savedocs", doc=json.dumps(body), action="Save")
        assert saved.status_code == 200, saved.text
        price = [{"name": order.items[0].name, "product": PRODUCTS[0], "quantity": 2, "unit_price": 1}]
        for forged in ({"freight": 99}, {"items": price}):
            refused = picker.put(f"resource/Order/{order.name}", **forged)
            assert refused.status_code == 403
            assert "may not change these fields" in refused.text
        frappe.db.rollback()
        stored = frappe.get_doc("Order", order.name)
        assert stored.seller_memo == "second gate"
        assert (stored.items[0].unit_price, stored.freight, stored.total) == (PRICE, 0, 2 * PRICE)
    finally:
        frappe.db.rollback()
        remove_orders([order.name])
        frappe.db.commit()
