"""A new colleague's first look: what to do where, and a tour of a new order (R-394; issue: face 5)."""

from __future__ import annotations

from playwright.sync_api import expect

from dev.browser import Desk
from tests.browser.orders.test_order_desk import english_leftovers


def test_the_workspace_says_how_an_order_goes(clerk: Desk) -> None:
    """All steps of the house, the clerk's own with the places where they are done; put away it stays away."""
    page = clerk.page
    clerk.open("order-flow")
    block = page.locator(".first-steps")
    expect(block.locator("li")).to_have_count(8)
    expect(block.locator("a", has_text="录入订单（带引导）")).to_be_visible()
    expect(block.locator("a", has_text="待确认的收款")).to_be_visible()
    assert block.locator("a", has_text="发货时间表").count() == 0, "the clerk is no driver"
    assert english_leftovers(block) == []
    clerk.picture("first-steps")
    block.locator("summary").click()
    page.reload()
    expect(page.locator(".first-steps summary")).to_be_visible()
    expect(page.locator(".first-steps li").first).to_be_hidden()
    page.locator(".first-steps summary").click()
    assert clerk.errors == []


def test_the_tour_leads_through_a_new_order_in_chinese(clerk: Desk) -> None:
    """From the workspace's link: seven stations, each with what to do there, buttons in Chinese."""
    page = clerk.page
    clerk.open("order-flow")
    page.locator(".first-steps a", has_text="录入订单（带引导）").click()
    popover = page.locator("#driver-popover-item:visible")
    expect(popover).to_contain_text("谁下的单")
    clerk.picture("order-tour")
    for title in ("订单从哪里来", "订了什么", "怎么付款", "什么时候要", "谁收货", "客户还说了什么"):
        assert set(english_leftovers(popover)) <= {"Tab", "Excel"}, "names of a key and a program"
        popover.locator("button", has_text="下一步").click()
        expect(popover).to_contain_text(title)
    popover.locator("button", has_text="结束引导").click()
    expect(popover).to_be_hidden()
    assert clerk.errors == []
