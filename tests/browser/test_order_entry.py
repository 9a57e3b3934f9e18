"""A clerk saves an order that is not complete: what is missing is said in Chinese (R-015, R-016)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import CLERK, PASSWORD, OrderSite
from tests.browser.test_order_desk import english_leftovers


@pytest.fixture(scope="module")
def order_site(site_url: str, host: HostState) -> Iterator[OrderSite]:
    """The test site with a clerk."""
    site = OrderSite(site_url, host.admin_password)
    site.prepare()
    yield site
    site.close()


@pytest.fixture
def clerk(browser: Browser, order_site: OrderSite, host: HostState) -> Iterator[Desk]:
    """The order clerk's desk."""
    with logged_in(browser, order_site.url, CLERK, PASSWORD, host.screenshot_dir) as desk:
        yield desk


def new_form(desk: Desk) -> Page:
    """An empty order."""
    desk.open("order/new")
    desk.page.wait_for_selector(".form-page:visible [data-fieldname='customer'] input")
    desk.page.wait_for_load_state("networkidle")
    return desk.page


def test_what_is_missing_is_said_in_chinese(clerk: Desk) -> None:
    page = new_form(clerk)
    page.keyboard.press("Control+s")
    message = page.locator(".msgprint:visible")
    message.wait_for()
    assert english_leftovers(message) == []
    clerk.picture("order-entry-missing")
    assert clerk.errors == []
