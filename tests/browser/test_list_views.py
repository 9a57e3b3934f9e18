"""Tabs above the working lists: each shows what its word says, on a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import PASSWORD, OrderSite
from tests.browser.orders.test_order_desk import english_leftovers

NARROW: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
LISTS = {
    "order": ("全部", "待确认", "待付款", "待发货", "逾期", "待签收", "已暂停", "已申请取消"),
    "shipment": ("全部", "待打单", "备货中", "运输中", "异常", "已签收"),
    "order-payment": ("全部", "待核对", "已确认", "已驳回"),
    "change-notice": ("全部", "编写中", "待答复", "待生效", "已生效"),
}
ROWS = ".list-row-container [data-name]:visible"


def pressed(page: Page) -> list[str]:
    """The words of the tabs that are marked."""
    return page.locator(".list-views:visible button[aria-pressed='true']").all_inner_texts()


def choose(desk: Desk, word: str) -> None:
    """Press a tab and wait until its rows are there."""
    with desk.page.expect_response(lambda answer: "reportview.get" in answer.url):
        desk.page.locator(".list-views:visible button", has_text=word).first.click()
    expect(desk.page.locator(".list-views:visible button", has_text=word).first).to_have_attribute(
        "aria-pressed", "true"
    )


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["desk", "phone"])
def test_a_clerk_presses_each_tab(
    browser: Browser, order_site: OrderSite, host: HostState, size: ViewportSize
) -> None:
    """Each answers without an error, is marked alone, and its word is Chinese."""
    login = (order_site.person_of("Order Desk"), PASSWORD)
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, size) as desk:
        for route, words in LISTS.items():
            desk.open(route)
            tabs = desk.page.locator(".list-views:visible button")
            expect(tabs).to_have_text(list(words))
            for word in words[1:]:
                choose(desk, word)
                assert pressed(desk.page) == [word]
            desk.picture(f"views-{route}-{size['width']}")
            choose(desk, words[0])
            assert english_leftovers(desk.page.locator(".list-views:visible")) == []
        assert desk.errors == []


def test_a_tab_shows_what_its_word_says(browser: Browser, order_site: OrderSite, host: HostState) -> None:
    """An order stands where its facts say, and is late by its promise only."""
    order = order_site.new_order()
    login = (order_site.person_of("Order Desk"), PASSWORD)

    def stands_in(desk: Desk) -> set[str]:
        found = set()
        for word in LISTS["order"][1:]:
            choose(desk, word)
            if desk.page.locator(f"{ROWS.replace('[data-name]', f'[data-name={order!r}]')}").count():
                found.add(word)
        return found

    with logged_in(browser, order_site.url, *login, host.screenshot_dir, NARROW) as desk:
        desk.open("order")
        assert stands_in(desk) == {"待确认"}
        order_site.call("confirm", order=order)
        assert stands_in(desk) == {"待付款", "待发货"}, "no date was promised: it is not late"
        order_site.call("hold", order=order, reason="客户要求暂停")
        assert "已暂停" in stands_in(desk)
