"""What a person sees and does about clocks on the order's form, in Chinese (R-253, R-242, K-25)."""

from __future__ import annotations

from playwright.sync_api import expect

from dev.browser import Desk
from tests.browser.order_site import OrderSite


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
