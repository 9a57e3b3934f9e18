"""Nobody finds a figure by asking around it: filters, sorting, groups, exports (R-268, R-388)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import frappe
import pytest
import requests

from order_flow.domain.states import OrderState, PaymentFamily, Role
from tests.site.support.builders import PRODUCTS, order_in, test_customer
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, Rest, message_of

PRICE = 4321.5
TOTAL = "8643"


@pytest.fixture(scope="module")
def order(test_site: str) -> Iterator[str]:
    frappe.db.rollback()
    frappe.set_user("Administrator")
    line = {"product": PRODUCTS[0], "quantity": 2, "unit_price": PRICE}
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, items=[line])
    order.add_comment("Assigned", f"Finance: pay back {TOTAL} CNY, see https://x/track?t=secret-token")
    order.add_comment("Comment", "Please pack in foam.")
    mail = {"doctype": "Communication", "subject": "Payment", "content": f"{TOTAL} CNY"}
    mail |= {
        "reference_doctype": "Order",
        "reference_name": order.name,
        "communication_type": "Communication",
    }
    stored = frappe.get_doc(mail).insert()
    frappe.db.commit()
    yield str(order.name)
    frappe.db.rollback()
    frappe.set_user("Administrator")
    frappe.delete_doc("Communication", stored.name, force=True)
    remove_orders([order.name])


ASKED = [
    ("Order", "total"),
    ("Order", "`tabOrder`.`total`"),
    ("Order", "items.unit_price"),
    ("Order Item", "unit_price"),
    ("Order Item", "agreed_price"),
    ("Product", "list_price"),
    ("Product", "cost_price"),
    ("Customer", "credit_limit"),
    ("Change Notice", "new_total"),
    ("Order Event", "remark"),
    ("Gate Override", "subject"),
]


def ways(caller: Rest, doctype: str, field: str) -> dict[str, requests.Response]:
    """Every door that takes a field for something else than a column."""
    parent = {"Order Item": "Order"}.get(doctype)
    by_field = json.dumps([[field, ">", 0]])
    named = json.dumps([[doctype, field.split(".")[-1].strip("`"), ">", 0]])
    plain = {"doctype": doctype, "parent": parent}
    seen = {"doctype": doctype, **({"parent_doctype": parent} if parent else {})}
    view = "method/frappe.desk.reportview"
    return {
        "list filters": caller.get(f"resource/{doctype}", filters=by_field, parent=parent),
        "list filters of four": caller.get(f"resource/{doctype}", filters=named, parent=parent),
        "list or_filters": caller.get(f"resource/{doctype}", or_filters=by_field, parent=parent),
        "list order_by": caller.get(f"resource/{doctype}", order_by=f"{field} desc", parent=parent),
        "client order_by": caller.post("method/frappe.client.get_list", **plain, order_by=f"{field} asc"),
        "client get_value": caller.get(
            "method/frappe.client.get_value", **plain, fieldname="name", filters=json.dumps({field: [">", 0]})
        ),
        "client get_count": caller.get(
            "method/frappe.client.get_count", **plain, filters=json.dumps({field: [">", 0]})
        ),
        "view filters": caller.post(f"{view}.get", **seen, fields='["name"]', filters=by_field),
        "view order": caller.post(f"{view}.get", **seen, fields='["name"]', order_by=f"{field} desc"),
        "view group": caller.post(f"{view}.get", **seen, fields='["count(name) as n"]', group_by=f"{field}"),
        "view count": caller.post(f"{view}.get_count", **seen, filters=by_field),
        "sidebar": caller.get(
            f"{view}.get_sidebar_stats", stats='["_user_tags"]', doctype=doctype, filters=by_field
        ),
        "group by": caller.get(
            "method/frappe.desk.listview.get_group_by_count",
            doctype=doctype,
            current_filters="[]",
            field=field,
        ),
        "export": caller.post(
            f"{view}.export_query", **seen, fields='["name"]', filters=by_field, file_format_type="CSV"
        ),
        "search filters": caller.get(
            "method/frappe.desk.search.search_widget", doctype=doctype, txt="", filters=by_field
        ),
    }


@pytest.mark.parametrize("doctype, field", ASKED)
def test_a_field_that_is_hidden_is_no_question(
    callers: Callers, order: str, doctype: str, field: str
) -> None:
    """S13: with twenty questions a picker finds the exact total."""
    picker = callers.of(Role.WAREHOUSE)
    found = ways(picker, doctype, field)
    if frappe.get_meta(doctype).istable:
        del found["sidebar"]  # it looks into columns only that tables do not have
    assert {way: got.text[:200] for way, got in found.items() if got.status_code < 400} == {}


@pytest.mark.parametrize(
    "doctype, field", [("Order", "total"), ("Product", "list_price"), ("Order Item", "unit_price")]
)
def test_who_sees_a_field_asks_by_it(callers: Callers, order: str, doctype: str, field: str) -> None:
    """The guard stands in nobody's way who reads the field."""
    desk = callers.of(Role.ORDER_DESK)
    found = ways(desk, doctype, field)
    if frappe.get_meta(doctype).istable:
        del found["client get_count"]  # it names no document that the rows belong to
    for way in {
        "list filters",
        "list filters of four",
        "client get_count",
        "view filters",
        "view count",
    } & set(found):
        assert found[way].status_code == 200, (way, found[way].text[-300:])


def test_the_refusal_names_the_field(callers: Callers, order: str) -> None:
    answer = callers.of(Role.WAREHOUSE).get("resource/Order", filters='[["total", ">", 5]]')
    assert answer.status_code == 403
    assert "Total" in message_of(answer)


@pytest.mark.parametrize(
    "field",
    [
        "sum(total)",
        "max(total) as m",
        "avg(`tabOrder`.`total`)",
        "sum(total+0)",
        "total*1",
        "concat(total)",
        "'x', total",
        "distinct total",
        "(select total from tabOrder limit 1)",
        "sum((select max(total) from tabOrder))",
    ],
)
def test_no_expression_gives_a_sum(callers: Callers, order: str, field: str) -> None:
    picker = callers.of(Role.WAREHOUSE)
    for path in ("frappe.client.get_list", "frappe.desk.reportview.get_list"):
        answer = picker.post(f"method/{path}", doctype="Order", fields=[field], filters={"name": order})
        assert TOTAL not in answer.text, (path, answer.text[:200])


@pytest.mark.parametrize("text", ["total > 8000", "exists(select 1)", "1=1) or (select 1", "sleep(1)"])
def test_no_text_becomes_a_condition(callers: Callers, order: str, text: str) -> None:
    """Two of the framework's methods pass raw conditions on."""
    picker = callers.of(Role.WAREHOUSE)
    for method in ("get_sidebar_stats", "get_filter_dashboard_data"):
        answer = picker.get(
            f"method/frappe.desk.reportview.{method}",
            stats='["_user_tags"]',
            doctype="Order",
            filters=json.dumps([text]),
        )
        assert answer.status_code >= 400, (method, answer.text)


def test_filters_join_no_hidden_column(callers: Callers, order: str) -> None:
    """From a document that one reads through a link to one that one does not."""
    sales = callers.of(Role.SALES)
    answer = sales.post(
        "method/frappe.client.get_list", doctype="Order Item", parent="Order", fields=["product.cost_price"]
    )
    assert "cost_price" not in json.dumps(answer.json().get("message") or "")
    answer = sales.get("resource/Product", filters='[["cost_price", ">", 1]]')
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/list?doctype=Order", "/Order", "/order", "/list.html?doctype=Order", "/list?doctype=Order%20Payment"],
)
def test_the_website_lists_nothing_of_the_app(callers: Callers, order: str, path: str) -> None:
    for user in (Role.WAREHOUSE, Role.ORDER_DESK, None):
        caller = callers.of(user)
        answer = caller.session.get(caller.base_url + path, timeout=30)
        assert TOTAL not in answer.text and order not in answer.text, (user, path)


@pytest.mark.parametrize("method", ["get", "get_list_data"])
def test_nor_do_its_methods(callers: Callers, order: str, method: str) -> None:
    for user in (Role.WAREHOUSE, Role.ORDER_DESK, None):
        for doctype in ("Order", "Customer", "Shipment", "Order Payment", "Product"):
            answer = callers.of(user).post(f"method/frappe.www.list.{method}", doctype=doctype)
            assert answer.status_code in (403, 404), (user, doctype, answer.text[:200])


def test_the_timeline_has_no_sums_for_pickers(callers: Callers, order: str) -> None:
    """S3: words for who does a task, and mails; what colleagues wrote stays."""
    form = "method/frappe.desk.form.load"
    answers = {
        "form": ("getdoc", {"doctype": "Order", "name": order}),
        "docinfo": ("get_docinfo", {"doctype": "Order", "name": order}),
        "mails": ("get_communications", {"doctype": "Order", "name": order}),
    }
    for name, (method, args) in answers.items():
        told = callers.of(Role.WAREHOUSE).get(f"{form}.{method}", **args)
        assert told.status_code == 200, name
        assert TOTAL not in told.text and "secret-token" not in told.text, name
    seen = callers.of(Role.WAREHOUSE).get(f"{form}.getdoc", doctype="Order", name=order)
    assert "Please pack in foam." in seen.text
    told = callers.of(Role.FINANCE).get(f"{form}.getdoc", doctype="Order", name=order)
    assert TOTAL in told.text


def test_own_methods_give_pickers_no_money(callers: Callers, order: str) -> None:
    """S4."""
    picker = callers.of(Role.WAREHOUSE)
    for kind in ("Price", "Quantity"):
        got = picker.get("method/order_flow.api.changes.choices", order=order, kind=kind)
        assert got.status_code == 200, got.text
        assert "unit_price" not in got.text and "4321" not in got.text
    got = callers.of(Role.SALES).get("method/order_flow.api.changes.choices", order=order, kind="Price")
    assert "unit_price" in got.text
    standing = "method/order_flow.api.money.credit_standing"
    assert picker.get(standing, customer=test_customer()).status_code == 403
    assert callers.of(Role.FINANCE).get(standing, customer=test_customer()).status_code == 200


def test_pickers_follow_no_priced_documents_by_mail(callers: Callers, order: str) -> None:
    """The framework mails every changed field to followers."""
    picker = callers.of(Role.WAREHOUSE)
    user = frappe.session.user
    by_method = picker.post(
        "method/frappe.desk.form.document_follow.follow_document", doctype="Order", doc_name=order, user=user
    )
    by_row = picker.post("resource/Document Follow", ref_doctype="Order", ref_docname=order, user=user)
    assert by_method.status_code == by_row.status_code == 403


@pytest.mark.parametrize("path", ["/track?t=x", "/track.html?t=x", "/track/?t=x", "/TRACK.html?t=x"])
def test_every_spelling_of_the_secret_page_is_private(callers: Callers, path: str) -> None:
    """S23."""
    guest = callers.of(None)
    answer = guest.session.get(guest.base_url + path, timeout=30)
    assert answer.headers.get("Cache-Control") == "no-store", dict(answer.headers)
    assert answer.headers.get("Referrer-Policy") == "no-referrer"


def test_entries_of_another_phone_user_are_refused(callers: Callers) -> None:
    """S16: the page may still be a copy of somebody's who has logged out."""
    rep: Any = callers.fresh(Role.FIELD_REP)
    own = rep.session.get(f"{rep.base_url}/api/method/order_flow.api.field.customers", timeout=30)
    assert own.status_code == 200
    rep.session.headers["X-Entries-Of"] = "somebody%40test.example.com"
    answer = rep.get("method/order_flow.api.field.customers")
    assert answer.status_code == 401
    assert "somebody@test.example.com" in message_of(answer)
