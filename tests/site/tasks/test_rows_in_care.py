"""Which rows a field rep sees, over HTTP, of every DocType and every table of rows (design 6, R-388)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.domain.access.row_rules import RULES, RolesOnly, RowOf, ruled
from order_flow.domain.customers.links import LinkPurpose
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.notices.links import issue
from tests.site.support.builders import order_in
from tests.site.support.change_lab import line_change, written
from tests.site.support.committed_orders import remove_orders
from tests.site.support.gate_orders import prove
from tests.site.support.rest_client import Callers, Rest

REP = Role.FIELD_REP


def app_doctypes() -> dict[str, Any]:
    rows = frappe.get_all("DocType", {"module": "Order Flow"}, ["name", "istable", "issingle"])
    return {row.name: row for row in rows}


def holders(table: str) -> list[str]:
    """DocTypes that have a table of rows, as the site knows them."""
    fields = {"options": table, "fieldtype": "Table"}
    return sorted(frappe.get_all("DocField", fields, pluck="parent", distinct=True))


def test_every_doctype_has_its_rule(site: Any) -> None:
    """A new one without a line in ``domain/access/row_rules`` fails here."""
    assert set(app_doctypes()) - set(RULES) == set()
    assert {doctype for doctype in RULES if not frappe.db.exists("DocType", doctype)} == set()


def test_every_rule_is_in_both_hooks(site: Any) -> None:
    for doctype in ruled():
        (conditions,) = [
            name
            for name in frappe.get_hooks("permission_query_conditions")[doctype]
            if name.startswith("order_flow.")
        ]
        assert frappe.get_attr(conditions)("nobody@test.example.com") == ""
        assert any(n.startswith("order_flow.") for n in frappe.get_hooks("has_permission")[doctype]), doctype


def test_tables_of_ruled_documents_are_ruled(site: Any) -> None:
    """The rows of an order are no freer than the order."""
    for doctype, row in app_doctypes().items():
        rule = RULES[doctype]
        if not row.istable:
            continue
        above = [parent for parent in holders(doctype) if not isinstance(RULES[parent], RolesOnly)]
        if isinstance(rule, RowOf):
            assert sorted(rule.doctypes) == holders(doctype), doctype
        else:
            assert not above or not isinstance(rule, RolesOnly), doctype


@pytest.fixture(scope="module")
def foreign(test_site: str) -> Iterator[dict[str, list[str]]]:
    """Names of rows about an order that is not the rep's, by DocType."""
    frappe.db.rollback()
    frappe.set_user("Administrator")
    order = order_in(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST)
    prove(order.name)
    written(order, "Price", line_change(order, "unit_price", 7))
    order_in_transit = order_in(OrderState.SHIPPED, PaymentFamily.PAY_LATER)
    issue(order.name, LinkPurpose.TRACKING)
    frappe.db.commit()
    mine = (order.name, order_in_transit.name)
    found: dict[str, list[str]] = {"Order": list(mine)}
    for doctype in RULES:
        meta = frappe.get_meta(doctype)
        if meta.has_field("order_id"):
            found[doctype] = frappe.get_all(doctype, {"order_id": ("in", mine)}, pluck="name")
    found["Customer"] = frappe.get_all("Order", {"name": ("in", mine)}, pluck="customer")
    for doctype, rule in RULES.items():
        if isinstance(rule, RowOf) and frappe.get_meta(doctype).module == "Order Flow":
            parents = [name for parent in rule.doctypes for name in found.get(parent, [])]
            found[doctype] = frappe.get_all(doctype, {"parent": ("in", parents or [""])}, pluck="name")
    try:
        yield {doctype: names for doctype, names in found.items() if names}
    finally:
        frappe.db.rollback()
        frappe.set_user("Administrator")
        frappe.db.delete("Order Evidence", {"order_id": ("in", mine)})
        frappe.db.delete("Customer Link", {"order_id": ("in", mine)})
        remove_orders(mine)


def test_there_is_something_to_hide(foreign: dict[str, list[str]]) -> None:
    expected = {"Order", "Order Item", "Order Evidence", "Order Event", "Shipment", "Shipment Item"}
    assert set(foreign) >= expected | {"Change Notice", "Change Notice Line", "Customer", "Customer Link"}


def rows(answer: Any) -> list[Any]:
    if answer.status_code != 200:
        return []
    body = answer.json()
    return list(body.get("data") or body.get("message") or [])


def test_no_list_names_a_foreign_row(callers: Callers, foreign: dict[str, list[str]]) -> None:
    rep = callers.of(REP)
    shown = {}
    for doctype, names in foreign.items():
        filters = json.dumps([["name", "in", names]])
        parents = holders(doctype) if frappe.get_meta(doctype).istable else [None]
        for parent in parents:
            args = {"doctype": doctype, "filters": filters, "fields": '["name"]', "parent": parent}
            ways = {
                "list": rep.get(f"resource/{doctype}", filters=filters, fields='["name"]', parent=parent),
                "client": rep.post("method/frappe.client.get_list", **args),
                "view": rep.post(
                    "method/frappe.desk.reportview.get_list",
                    doctype=doctype,
                    filters=filters,
                    fields='["name"]',
                    **({"parent_doctype": parent} if parent else {}),
                ),
                "value": rep.get(
                    "method/frappe.client.get_value",
                    doctype=doctype,
                    fieldname="name",
                    filters=json.dumps({"name": names[0]}),
                    parent=parent,
                ),
                "search": rep.get("method/frappe.desk.search.search_link", doctype=doctype, txt=names[0]),
            }
            for way, answer in ways.items():
                found = rows(answer) if way != "value" else [answer.json().get("message")]
                if answer.status_code < 500 and any(found):
                    if way == "value" and not (found[0] or {}).get("name"):
                        continue
                    shown[f"{doctype} by {way} of {parent}"] = found[:1]
                assert answer.status_code < 500, (doctype, way, answer.text[-300:])
    assert shown == {}


def test_no_way_opens_a_foreign_row(callers: Callers, foreign: dict[str, list[str]]) -> None:
    """Rows of tables as documents of their own included."""
    rep = callers.of(REP)
    opened = {}
    for doctype, names in foreign.items():
        parents = holders(doctype) if frappe.get_meta(doctype).istable else [None]
        page = f"{rep.base_url}/printview?doctype={doctype}&name={names[0]}"
        ways = {
            "resource": rep.get(f"resource/{doctype}/{names[0]}"),
            "getdoc": rep.get("method/frappe.desk.form.load.getdoc", doctype=doctype, name=names[0]),
            "docinfo": rep.get("method/frappe.desk.form.load.get_docinfo", doctype=doctype, name=names[0]),
            "print": rep.session.get(page, timeout=30),
            **{
                f"client {parent}": rep.get(
                    "method/frappe.client.get", doctype=doctype, name=names[0], parent=parent
                )
                for parent in parents
            },
        }
        opened |= {
            f"{doctype} by {way}": got.text[:120] for way, got in ways.items() if got.status_code == 200
        }
    assert opened == {}


def test_the_row_of_a_readable_document_opens(callers: Callers, foreign: dict[str, list[str]]) -> None:
    """The guard asks the document; who may read it reads its rows."""
    line = foreign["Order Item"][0]
    assert callers.of(Role.ORDER_DESK).get(f"resource/Order Item/{line}").status_code == 200
    assert callers.of(Role.WAREHOUSE).get(f"resource/Order Item/{line}").status_code == 200
    priced = callers.of(Role.WAREHOUSE).get(f"resource/Order Item/{line}").json()["data"]
    assert not {"unit_price", "gross", "amount"} & set(priced)


def test_counts_links_titles_and_searches_know_nothing_foreign(
    callers: Callers, foreign: dict[str, list[str]]
) -> None:
    """What the framework's first 15.0 answers without asking for rights (S18)."""
    rep = callers.of(REP)
    order, customer = foreign["Order"][0], foreign["Customer"][0]
    where = json.dumps({"name": order})
    assert rep.get("method/frappe.client.get_count", doctype="Order", filters=where).json()["message"] == 0
    assert rep.get("method/frappe.desk.reportview.get_count", doctype="Order", filters=where).json() == {
        "message": 0
    }
    linked = "method/frappe.desk.form.linked_with"
    assert rep.get(f"{linked}.get", doctype="Order", docname=order).status_code == 403
    info = json.dumps({"Order Item": {"fieldname": ["parent"]}})
    assert (
        rep.post(f"{linked}.get_linked_docs", doctype="Order", name=order, linkinfo=info).status_code == 403
    )
    assert (
        rep.get(f"{linked}.get_submitted_linked_docs", doctype="Customer", name=customer).status_code == 403
    )
    title = rep.get("method/frappe.desk.search.get_link_title", doctype="Customer", docname=customer).json()
    assert title["message"] == customer, "the name behind a running code is not told"
    column = "method/frappe.desk.query_report.get_data_for_custom_field"
    assert order not in rep.get(column, doctype="Order", field="customer_name").json()["message"]
    found = rep.get("method/frappe.utils.global_search.search", text="Test Customer").json()["message"]
    assert not [row for row in found if row["name"] in {*foreign["Order"], customer}]


def test_the_same_method_under_another_name_is_closed(callers: Callers) -> None:
    """A module that imports a function offers it under its own path."""
    rep = callers.of(REP)
    again = rep.get(
        "method/order_flow.security.closed_doors.desk_search.get_link_title", doctype="Customer", docname="1"
    )
    assert again.status_code in (403, 417, 500)
    assert "Test Customer" not in again.text


@pytest.mark.parametrize("path", ["resource/Order/{0}", "method/frappe.client.get?doctype=Order&name={0}"])
def test_guests_do_not_learn_which_numbers_exist(
    callers: Callers, foreign: dict[str, list[str]], path: str
) -> None:
    guest: Rest = callers.of(None)
    known, unknown = (guest.get(path.format(name)) for name in (foreign["Order"][0], "SO99999999"))
    assert known.status_code == unknown.status_code == 403
    assert known.json()["exc_type"] == unknown.json()["exc_type"]


@pytest.mark.parametrize("page", ["/Order/{0}", "/order/{0}", "/printview?doctype=Order&name={0}"])
def test_pages_tell_guests_as_little(callers: Callers, foreign: dict[str, list[str]], page: str) -> None:
    guest: Rest = callers.of(None)
    answers = [
        guest.session.get(guest.base_url + page.format(name), timeout=30)
        for name in (foreign["Order"][0], "SO99999999")
    ]
    assert len({(answer.status_code, len(answer.text) // 200) for answer in answers}) == 1
