"""The box at the top of the desk: a number typed and Enter pressed is the order on the screen (R-015)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from dev.browser import logged_in
from dev.state import HostState
from tests.browser.order_site import CLERK, PASSWORD, OrderSite

NARROW: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
BOX = "#navbar-search"


def mark() -> str:
    """A number that nobody else has."""
    return uuid4().hex[:10].upper()


def show_box(page: Page) -> None:
    """On a phone the box is behind the menu of the bar."""
    if not page.locator(BOX).is_visible():
        page.locator(".navbar-toggler:visible, .btn-open-search:visible").first.click()
    expect(page.locator(BOX)).to_be_visible()


def test_enter_opens_the_order_of_the_customers_number(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    number = f"DD-{mark()}"
    order = order_site.new_order(customer_order_number=number)
    with logged_in(browser, order_site.url, CLERK, PASSWORD, host.screenshot_dir, NARROW) as desk:
        desk.open("order")
        desk.page.locator(BOX).press_sequentially(number)
        # At once: the answer is not there yet.
        desk.page.locator(BOX).press("Enter")
        desk.page.wait_for_url(f"**/app/order/{order}")
        expect(desk.page.locator(".order-why")).to_be_visible()
        assert desk.errors == []


def test_an_order_that_comes_in_later_is_found_then(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    """The desk stays open all day: what was not there in the morning is asked for anew."""
    number = f"PO-{mark()}"
    with logged_in(browser, order_site.url, CLERK, PASSWORD, host.screenshot_dir, NARROW) as desk:
        desk.open("order")
        box = desk.page.locator(BOX)
        with desk.page.expect_response("**/order_flow.api.desk.find*"):
            box.press_sequentially(number)
        box.press("Escape")
        order = order_site.new_order(customer_order_number=number)
        box.fill("")
        box.press_sequentially(number)
        box.press("Enter")
        desk.page.wait_for_url(f"**/app/order/{order}")
        assert desk.errors == []


def test_the_beginning_of_a_number_lists_what_begins_so(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    start = f"PO-{mark()}"
    orders = [order_site.new_order(customer_order_number=f"{start}-{part}") for part in "12"]
    with logged_in(browser, order_site.url, CLERK, PASSWORD, host.screenshot_dir, NARROW) as desk:
        desk.open("order")
        desk.page.locator(BOX).press_sequentially(start)
        shown = desk.page.locator(".search-bar .awesomplete li, .search-bar [role=option]")
        for order in orders:
            expect(shown.filter(has_text=order).first).to_be_visible()
        desk.picture("search-box")
        first = shown.filter(has_text=orders[0]).first
        assert "未确认" in first.inner_text()
        first.click()
        desk.page.wait_for_url(f"**/app/order/{orders[0]}")
        assert desk.errors == []


@pytest.mark.parametrize("words", ["<img src=x onerror=window.struck=1>商行", "<b>商行</b>"])
def test_a_name_is_text_not_markup(
    browser: Browser, order_site: OrderSite, host: HostState, words: str
) -> None:
    number = mark()
    order_site.new_order(customer_order_number=number)
    with logged_in(browser, order_site.url, CLERK, PASSWORD, host.screenshot_dir, NARROW) as desk:
        desk.open("order")
        # What the server answers is not trusted: whatever a customer is called is drawn as words.
        hit = {"doctype": "Order", "name": number, "exact": False, "shown": [words]}
        desk.page.route("**/order_flow.api.desk.find*", lambda route: route.fulfill(json={"message": [hit]}))
        desk.page.locator(BOX).press_sequentially(number)
        expect(desk.page.locator(".search-bar").get_by_text(words)).to_be_visible()
        assert desk.page.evaluate("window.struck") is None
