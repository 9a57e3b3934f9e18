"""What a person sees and does about clocks on the order's form, in Chinese (R-253, R-242, K-25)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import PASSWORD, QUALITY_HEAD, OrderSite


@pytest.fixture(scope="module")
def order_site(site_url: str, host: HostState) -> Iterator[OrderSite]:
    """The test site with a head of quality and an order with limits."""
    site = OrderSite(site_url, host.admin_password)
    site.prepare()
    yield site
    site.close()


@pytest.fixture
def quality_head(browser: Browser, order_site: OrderSite, host: HostState) -> Iterator[Desk]:
    """The desk of somebody who reacts to findings."""
    with logged_in(browser, order_site.url, QUALITY_HEAD, PASSWORD, host.screenshot_dir) as desk:
        yield desk


def test_late_clocks_are_red_and_a_deed_ends_one(order_site: OrderSite, quality_head: Desk) -> None:
    """The late one is in the sentence on top; the inspector closes his own, and only his own."""
    order = order_site.late_order()
    page = quality_head.page
    quality_head.open(f"order/{order}")
    expect(page.locator(".order-why:visible")).to_contain_text("“处理紧急订单”自 2026-01-05 11:00 起已超时")
    page.evaluate("() => cur_frm.scroll_to_field('clocks_html')")
    late = page.locator("tr.order-clock", has_text="处理紧急订单")
    expect(late).to_have_class("order-clock text-danger")
    expect(late.locator("[data-clock]")).to_have_count(0)
    finding = page.locator("tr.order-clock", has_text="响应质量问题")
    expect(finding).to_contain_text("计时中")
    finding.locator("[data-clock]").click()
    page.fill(".modal.show [data-fieldname='remark'] textarea", "已返工")
    page.click(".modal.show .btn-modal-primary")
    expect(finding).to_contain_text("按时完成")
    assert quality_head.errors == []
