"""The customer's page behind a secret address: what it shows, to whom not (R-298, R-303, R-304, R-380)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
import requests
from frappe.utils import add_to_date

from dev.bench.statements import recorded_statements
from order_flow.domain.customers.links import LinkPurpose, fingerprint_of
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.customers.page import confirm_arrival, may_report, report_problem
from order_flow.flow.notices.links import LinkUnknown, issue, resolve, revoke, view
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import PRODUCTS, acting_as, new_order, order_in, user_of
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers, message_of

LATER = PaymentFamily.PAY_LATER


def token_of(url: str) -> str:
    return url.partition("t=")[2]


def link(order: Any, purpose: LinkPurpose = LinkPurpose.TRACKING) -> Any:
    return resolve(token_of(issue(order.name, purpose)))


def test_the_address_is_stored_nowhere(site: Any) -> None:
    order = new_order()
    token = token_of(issue(order.name, LinkPurpose.TRACKING))
    stored = frappe.get_doc("Customer Link", {"order_id": order.name})
    assert token not in frappe.as_json(stored)
    assert stored.token_hash == fingerprint_of(token)


def test_guessed_expired_and_revoked_links_look_the_same(site: Any) -> None:
    order = new_order()
    expired, revoked = (token_of(issue(order.name, LinkPurpose.TRACKING)) for _number in range(2))
    frappe.db.set_value(
        "Customer Link", {"token_hash": fingerprint_of(expired)}, "expires_at", add_to_date(None, hours=-1)
    )
    frappe.db.set_value("Customer Link", {"token_hash": fingerprint_of(revoked)}, "revoked", 1)
    said = set()
    for token in ("", "guessed", expired, revoked):
        with pytest.raises(LinkUnknown) as refused:
            resolve(token)
        said.add((str(refused.value), refused.value.http_status_code))
    assert len(said) == 1


def test_revoking_closes_every_link_of_the_order_only(site: Any) -> None:
    first, second = new_order(), new_order()
    tokens = [token_of(issue(order.name, LinkPurpose.TRACKING)) for order in (first, first, second)]
    assert revoke(first.name) == 2
    assert resolve(tokens[2]).order == second.name
    with pytest.raises(LinkUnknown):
        resolve(tokens[0])


def test_the_view_has_no_prices_and_no_names_of_ours(site: Any) -> None:
    order = order_in(OrderState.SHIPPED, LATER)
    frappe.db.set_value(
        "Order", order.name, {"seller_memo": "SECRET MEMO", "on_hold": 1, "hold_reason": "SECRET"}
    )
    text = frappe.as_json(view(link(order), "en"))
    for hidden in ("SECRET", "unit_price", "price", "total", "Administrator", user_of(Role.SALES)):
        assert hidden not in text
    assert [line["name"] for line in view(link(order), "en")["lines"]] == [
        f"Product {code}" for code in PRODUCTS
    ]
    assert view(link(order), "en")["parcels"][0]["shipment_state"] == "Shipped"


def test_statements_do_not_grow_with_lines_and_parcels(site: Any) -> None:
    def count(lines: int) -> int:
        items = [{"product": PRODUCTS[n % 5], "quantity": 1, "unit_price": 10} for n in range(lines)]
        opened = link(order_in(OrderState.SHIPPED, LATER, items=items))
        with recorded_statements() as statements:
            view(opened, "en")
        return len(statements)

    count(1)
    assert count(2) == count(40)


def test_the_customer_confirms_the_arrival_once(site: Any) -> None:
    """R-303, R-304."""
    order = order_in(OrderState.SHIPPED, LATER)
    receipt = link(order, LinkPurpose.RECEIPT)
    assert view(receipt, "en")["may_confirm"]
    frappe.set_user("Guest")
    for _time in range(2):
        confirm_arrival(receipt)
    frappe.set_user("Administrator")
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.RECEIVED.value
    events = {"order_id": order.name, "step": "Confirm Receipt"}
    assert frappe.db.count("Order Event", events) == 1
    assert not view(receipt, "en")["may_confirm"]


def test_looking_is_not_confirming(site: Any) -> None:
    tracking = link(order_in(OrderState.SHIPPED, LATER))
    assert not view(tracking, "en")["may_confirm"]
    with pytest.raises(LinkUnknown):
        confirm_arrival(tracking)
    shortage = link(order_in(OrderState.SHIPPED, LATER), LinkPurpose.SHORTAGE)
    with pytest.raises(LinkUnknown):
        report_problem(shortage, "broken")
    assert not may_report(shortage)


def test_a_problem_can_be_reported_from_dispatch_to_the_end_of_the_claim_period(site: Any) -> None:
    """By the link that came with the dispatch too, and after the receipt (C5)."""
    waiting = link(order_in(OrderState.CONFIRMED, LATER))
    assert not may_report(waiting)
    with pytest.raises(StepRefused, match="has left yet"):
        report_problem(waiting, "broken")
    order = order_in(OrderState.RECEIVED, LATER)
    for purpose in (LinkPurpose.TRACKING, LinkPurpose.RECEIPT):
        page = link(order, purpose)
        assert may_report(page)
        report_problem(page, "broken")
    assert frappe.db.count("Delivery Case", {"order_id": order.name}) == 2
    yesterday = frappe.utils.add_days(frappe.utils.nowdate(), -1)
    frappe.db.set_value("Shipment", {"order_id": order.name}, "claim_until", yesterday)
    assert not may_report(link(order))


def test_goods_that_have_not_left_are_not_confirmed(site: Any) -> None:
    order = order_in(OrderState.CONFIRMED, LATER)
    with pytest.raises(StepRefused, match="has not been shipped"):
        confirm_arrival(link(order, LinkPurpose.RECEIPT))
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.CONFIRMED.value


def test_a_problem_goes_to_after_sales_and_the_state_stays(site: Any) -> None:
    """R-303: nobody takes a receipt for granted; what was typed is no markup."""
    order = order_in(OrderState.SHIPPED, LATER)
    receipt = link(order, LinkPurpose.RECEIPT)
    with pytest.raises(StepRefused, match="Say what"):
        report_problem(receipt, "  ")
    report_problem(receipt, "two boxes <script>alert(1)</script> are wet")
    case = frappe.get_last_doc("Delivery Case", {"order_id": order.name})
    assert (case.kind, case.case_state) == ("Other Problem", "Open")
    task = frappe.get_last_doc("ToDo", {"reference_name": case.name, "role": Role.AFTER_SALES.value})
    assert "two boxes" in task.description
    assert "<script>" not in task.description
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.SHIPPED.value


def test_who_gives_out_links(site: Any, callers: Callers) -> None:
    """R-388: another rep's order, a picker, a guest."""
    order = new_order()
    frappe.db.commit()
    try:
        for role in (Role.WAREHOUSE, Role.FIELD_REP, Role.FINANCE):
            for method in ("create_link", "revoke_links"):
                answer = callers.of(role).post(f"method/order_flow.api.links.{method}", order=order.name)
                assert answer.status_code == 403, (role, method)
        answer = callers.of(Role.ORDER_DESK).post("method/order_flow.api.links.create_link", order=order.name)
        assert answer.json()["message"]["url"].count("/track?t=") == 1
        with acting_as(user_of(Role.FIELD_REP)):
            assert not frappe.has_permission("Customer Link", "read")
    finally:
        remove_orders([order.name])
        frappe.db.delete("Customer Link", {"order_id": order.name})
        frappe.db.commit()


def forget_how_often() -> None:
    """Start the limiter of the framework anew; newer releases put the site's prefix before its keys."""
    for key in list(frappe.cache.scan_iter("*rl:*")):
        frappe.cache.delete(key)


@pytest.fixture
def shown(site: Any, callers: Callers) -> Iterator[tuple[str, str, Any]]:
    """Address of the site, token of a receipt link, and its committed order."""
    order = order_in(OrderState.SHIPPED, LATER)
    token = token_of(issue(order.name, LinkPurpose.RECEIPT))
    frappe.db.commit()
    forget_how_often()
    yield callers.base_url, token, order
    frappe.db.rollback()
    remove_orders([order.name])
    frappe.db.delete("Customer Link", {"order_id": order.name})
    frappe.db.commit()
    forget_how_often()


def test_the_page_opens_for_anybody_and_tells_machines_to_forget_it(shown: tuple[str, str, Any]) -> None:
    url, token, order = shown
    answer = requests.get(f"{url}/track", params={"t": token}, timeout=30)
    assert answer.status_code == 200
    assert order.name in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert str(order.total) not in answer.text
    assert frappe.db.get_value("Customer Link", {"order_id": order.name}, "token_hash")


def test_a_guessed_address_is_no_page_and_guessing_is_slowed_down(shown: tuple[str, str, Any]) -> None:
    url, token, order = shown
    for guess in ("guessed", f"{token}x", f"{token}y", "guessed"):
        # Also from the framework's cache of pages that do not exist.
        answer = requests.get(f"{url}/track", params={"t": guess}, timeout=30)
        assert answer.status_code == 404
        assert order.name not in answer.text
    assert requests.get(f"{url}/track", params={"t": token}, timeout=30).status_code == 200
    for number in range(60):
        # Another one each time: the framework remembers addresses that are no pages.
        requests.get(f"{url}/track", params={"t": f"{token}{number}"}, timeout=30)
    slowed = requests.get(f"{url}/track", params={"t": token}, timeout=30)
    assert order.name not in slowed.text
    assert slowed.status_code == 429
    assert "使用过于频繁" in slowed.text


def test_a_link_that_opens_nothing_has_a_page_of_its_own(shown: tuple[str, str, Any]) -> None:
    """In the reader's language and in ours; guessed, expired and revoked look the same."""
    url, token, order = shown
    pages = {}
    frappe.db.set_value("Customer Link", {"order_id": order.name}, "expires_at", add_to_date(None, hours=-1))
    frappe.db.commit()
    for name, sent in {"guessed": "guessed", "expired": token}.items():
        headers = {"Accept-Language": "zh-TW"}
        answer = requests.get(f"{url}/track", params={"t": sent}, headers=headers, timeout=30)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"
        pages[name] = answer.text.replace(sent, "")
    assert pages["guessed"] == pages["expired"]
    assert "此連結無效或已失效" in pages["guessed"]
    assert "Not Found" not in pages["guessed"]


def test_the_limit_of_a_link_is_said_in_the_readers_language(shown: tuple[str, str, Any]) -> None:
    url, token, _order = shown
    path = f"{url}/api/method/order_flow.api.links.report_problem"
    sent = {"t": token, "text": " ", "_lang": "zh"}
    answers = [requests.post(path, data=sent, timeout=30) for _time in range(6)]
    assert [answer.status_code for answer in answers] == [417] * 5 + [429]
    assert "使用过于频繁" in message_of(answers[-1])
    without = requests.post(path, data={"text": "x", "_lang": "en"}, timeout=30)
    assert (without.status_code, "missing" in message_of(without)) == (417, True)


def test_the_stations_are_in_the_customers_words(site: Any) -> None:
    """Review and preparation are one to him; 'Under Review' and 'Confirmed' are words of the house."""
    order = order_in(OrderState.SHIPPED, LATER)
    stages = [(stage["words"], stage["standing"]) for stage in view(link(order), "zh")["stages"]]
    assert stages == [
        ("已下单", "Done"),
        ("处理中", "Done"),
        ("已发货", "Current"),
        ("已签收", "Ahead"),
        ("已完成", "Ahead"),
    ]


def test_who_closes_links_also_gives_them_out(site: Any, callers: Callers) -> None:
    """Sales gives and closes those for looking; those that confirm a receipt are the order desk's."""
    order = new_order()
    for purpose in (LinkPurpose.TRACKING, LinkPurpose.RECEIPT):
        issue(order.name, purpose)
    frappe.db.commit()
    try:
        sales, desk = callers.of(Role.SALES), callers.of(Role.ORDER_DESK)
        path = "method/order_flow.api.links."
        assert sales.post(path + "create_link", order=order.name).status_code == 200
        refused = sales.post(path + "create_link", order=order.name, purpose="Receipt")
        assert (refused.status_code, "After-sales, Order Desk" in message_of(refused)) == (403, True)
        closed = sales.post(path + "revoke_links", order=order.name).json()["message"]
        assert closed == {"revoked": 2, "left": 1}
        closed = desk.post(path + "revoke_links", order=order.name).json()["message"]
        assert closed == {"revoked": 1, "left": 0}
    finally:
        frappe.db.rollback()
        remove_orders([order.name])
        frappe.db.delete("Customer Link", {"order_id": order.name})
        frappe.db.commit()


def test_a_guest_confirms_over_http(shown: tuple[str, str, Any]) -> None:
    url, token, order = shown
    path = f"{url}/api/method/order_flow.api.links.confirm_arrival"
    assert requests.post(path, data={"t": "guessed"}, timeout=30).status_code == 404
    assert requests.get(path, params={"t": token}, timeout=30).status_code == 403
    assert requests.post(path, data={"t": token}, timeout=30).status_code == 200
    frappe.db.rollback()
    assert frappe.db.get_value("Order", order.name, "workflow_state") == OrderState.RECEIVED.value
