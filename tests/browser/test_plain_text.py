"""What people type stays text: no script of a colleague or customer runs in anybody's browser (S7, S8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dev.browser import Desk
from tests.browser.order_site import OrderSite


def evil(name: str) -> str:
    """A text that would call for help if it were markup."""
    return f"<A座> <img src=x onerror=\"(window.__hits=window.__hits||[]).push('{name}')\">"


def hits(page: Page) -> list[str]:
    """Scripts that ran, once the page has come to rest."""
    page.wait_for_load_state("networkidle")
    found: list[str] = page.evaluate("() => window.__hits || []")
    return found


@pytest.fixture(scope="module")
def planted(order_site: OrderSite) -> Iterator[dict[str, str]]:
    """An order with such texts wherever somebody may type one."""
    order = order_site.new_order(
        address_line=evil("address"),
        buyer_message=evil("buyer"),
        special_request=evil("special"),
        packing=evil("packing"),
    )
    order_site.call("confirm", order=order)
    order_site.call("hold", order=order, reason=evil("hold"))
    order_site.call("release_hold", order=order)
    order_site.call("request_cancellation", order=order, reason="Entry Error", remark=evil("cancel"))
    where = f'?filters=[["order_id","=","{order}"]]&fields=["name"]&limit_page_length=0'
    events = order_site.rows("Order Event" + where)
    yield {"order": order, **{f"event {number}": row["name"] for number, row in enumerate(events)}}


def test_no_page_runs_a_text(desk: Desk, order_site: OrderSite, planted: dict[str, str]) -> None:
    page, order = desk.page, planted["order"]
    routes = [f"order/{order}", "order/view/list", "order/view/report", "order-event/view/list"]
    routes += [f"order-event/{name}" for key, name in planted.items() if key.startswith("event")]
    for route in routes:
        page.goto(f"{order_site.url}/app/{route}")
        page.wait_for_selector(".page-container:visible .layout-main-section:visible, .frappe-list:visible")
        assert hits(page) == [], route
    for paper in ("Standard", "Order Confirmation Form", "Pick Slip"):
        page.goto(f"{order_site.url}/printview?doctype=Order&name={order}&format={paper}")
        assert hits(page) == [], paper


def test_the_text_is_readable(desk: Desk, order_site: OrderSite, planted: dict[str, str]) -> None:
    """Shown as it was typed, not swallowed as an unknown tag."""
    desk.page.goto(f"{order_site.url}/app/order/{planted['order']}")
    remark = desk.page.locator("[data-fieldname=cancel_remark] .control-value")
    expect(remark).to_contain_text("<A座>")


def test_an_answer_of_the_server_is_read_once(desk: Desk, order_site: OrderSite) -> None:
    """The field page shows a refusal's words; markup that a name in it spells is not made markup again."""
    desk.page.goto(f"{order_site.url}/field")
    desk.page.wait_for_function("() => typeof FieldQueue !== 'undefined'")
    page = desk.page
    page.route(
        "**/api/method/order_flow.api.place_order",
        lambda route: route.fulfill(
            status=417,
            content_type="application/json",
            body=(
                '{"_server_messages": "[\\"{\\\\\\"message\\\\\\": \\\\\\"&lt;img src=x '
                'onerror=(window.__hits=[1])&gt; is refused\\\\\\"}\\"]"}'
            ),
        ),
    )
    page.evaluate(
        "() => FieldQueue.add({id: 'plain-text', title: 't', method: 'order_flow.api.place_order', args: {}})"
    )
    expect(page.locator("#refused")).to_contain_text("<img src=x")
    assert hits(page) == []
    page.evaluate("() => FieldQueue.discard('plain-text')")


def test_entries_stay_with_their_author(desk: Desk, order_site: OrderSite) -> None:
    """S16: what somebody else kept on this phone is neither shown nor sent."""
    page = desk.page
    page.goto(f"{order_site.url}/field")
    page.wait_for_function("() => typeof FieldQueue !== 'undefined'")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(
        """() => FieldQueue.add({id: 'foreign', user: 'somebody@else.example.com', title: 't',
            method: 'order_flow.api.place_order', args: {}})"""
    )
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not [url for url in sent if "place_order" in url]
    expect(page.locator("#waiting")).to_be_hidden()
