"""The desk opens in a real browser without errors (issue: the host; frappe-host reference)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from dev.browser import Desk

ROUTES = ("", "user", "user/Administrator", "workflow", "doctype/User", "print-format/new")


@pytest.mark.parametrize("route", ROUTES)
def test_desk_pages_open_without_page_errors(desk: Desk, route: str) -> None:
    desk.open(route)
    desk.page.wait_for_selector(".page-head:visible")
    desk.picture("desk-" + (route.replace("/", "-").lower() or "home"))
    assert desk.errors == []


def test_home_page_draws_all_its_blocks(desk: Desk) -> None:
    """A block that the page editor cannot draw shows as a stub: seen with an editor newer than Frappe's."""
    desk.open("users")
    desk.page.wait_for_selector(".ce-block >> nth=0")
    assert desk.page.locator(".ce-stub").count() == 0


def test_desk_speaks_chinese(desk: Desk) -> None:
    """The setup wizard was completed for China, so the desk's language is zh."""
    desk.open("order-flow")
    assert desk.page.evaluate("frappe.boot.lang") == "zh"
    assert desk.page.evaluate("frappe.boot.time_zone.system") == "Asia/Shanghai"
    assert desk.page.evaluate("frappe.boot.sysdefaults.currency") == "CNY"


def test_a_copy_says_on_every_page_that_it_is_one(clerk: Desk) -> None:
    """The line is drawn by what the site said when the desk began (ADR 0042)."""
    page = clerk.page
    clerk.open("order")
    assert page.evaluate("() => frappe.boot.order_flow_rehearsal") is False
    expect(page.locator(".rehearsal")).to_have_count(0)
    page.evaluate("() => { frappe.boot.order_flow_rehearsal = true; $(document).trigger('app_ready'); }")
    expect(page.locator(".rehearsal")).to_contain_text("演练副本")
    clerk.picture("rehearsal")
    assert clerk.errors == []
