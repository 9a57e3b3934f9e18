"""The first thing on a workspace: what waits for whoever looks, with the place where it is done."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from dev.browser import PAGE_TIMEOUT_MS, Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import PASSWORD, OrderSite
from tests.browser.orders.test_order_desk import english_leftovers

NARROW: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["desk", "phone"])
def test_a_picker_goes_from_the_task_to_its_shipment(
    browser: Browser, order_site: OrderSite, host: HostState, size: ViewportSize
) -> None:
    order = order_site.new_order(payment_term="Cash on Delivery")
    order_site.call("confirm", order=order)
    shipment = order_site.instructed(order)
    login = (order_site.person_of("Warehouse"), PASSWORD)
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, size) as desk:
        desk.open("warehouse-work")
        block = desk.page.locator(".my-tasks")
        expect(block.locator("h4")).to_have_text("我的待办", timeout=PAGE_TIMEOUT_MS)
        assert block.locator("li").count() <= 6
        desk.picture(f"workspace-tasks-{size['width']}")
        assert within(desk, size)
        mine = block.locator("li", has_text=shipment)
        if mine.count() == 0:
            # Older tasks of other stories stand before it; the list holds them all.
            block.locator("a.all").click()
            expect(desk.page).to_have_url(re.compile(r"/app/todo"))
            return
        mine.locator("a.open").click()
        expect(desk.page).to_have_url(re.compile(rf"/app/shipment/{shipment}$"))
        assert desk.errors == []


def within(desk: Desk, size: ViewportSize) -> bool:
    """True where nothing of the block reaches beyond the screen."""
    box = desk.page.locator(".my-tasks").bounding_box()
    return box is not None and box["x"] + box["width"] <= size["width"]


def test_who_has_nothing_to_do_is_told_so(browser: Browser, order_site: OrderSite, host: HostState) -> None:
    login = (order_site.person_of("Order Auditor"), PASSWORD)
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, NARROW) as desk:
        desk.open("order-flow")
        block = desk.page.locator(".my-tasks")
        expect(block.locator("h4")).to_have_text("目前没有待办。", timeout=PAGE_TIMEOUT_MS)
        assert english_leftovers(block) == []
        assert desk.errors == []
