"""A clerk saves an order that is not complete: what is missing is said in Chinese (R-015, R-016)."""

from __future__ import annotations

from playwright.sync_api import Page

from dev.browser import Desk
from tests.browser.orders.test_order_desk import english_leftovers


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
