"""A change notice at the desk, in Chinese: written with its dialog, old beside new, sent (R-129)."""

from __future__ import annotations

from playwright.sync_api import expect

from dev.browser import Desk
from tests.browser.order_site import OrderSite
from tests.browser.orders.test_order_desk import button, english_leftovers, open_order


def test_a_clerk_writes_a_notice_and_sends_it(clerk: Desk, order_site: OrderSite) -> None:
    """From the order's button to the departments: nothing typed by hand but the new value."""
    order = order_site.new_order()
    order_site.call("confirm", order=order)
    open_order(clerk, order)
    page = clerk.page
    button(page, "更改订单").click()
    page.wait_for_url("**/change-notice/new-**")
    form = page.locator(".page-body:visible .form-page")
    expect(form.locator("[data-fieldname='order_id'] input").first).to_have_value(order)
    page.wait_for_load_state("networkidle")
    form.locator("[data-fieldname='kind'] input").click()
    # The snapshot offers values as items of a list, newer releases as options.
    offered = page.locator(".awesomplete li:visible, .awesomplete [role=option]:visible", has_text="价格")
    offered.first.click()
    form.locator("textarea[data-fieldname='reason']").fill("客户要求加量")
    button(page, "添加更改").click()
    dialog = page.locator(".modal.show .modal-content")
    dialog.wait_for()
    dialog.locator(".frappe-control:visible input[type='text']").last.fill("5")
    clerk.picture("change-dialog")
    assert english_leftovers(dialog) == []
    dialog.locator(".btn-modal-primary").click()
    dialog.wait_for(state="hidden")
    page.locator(".page-head:visible .primary-action").click()
    page.locator(".change-side-by-side:visible").wait_for()
    expect(page.locator(".change-side-by-side:visible")).to_contain_text("5")
    clerk.picture("change-notice-draft")
    assert english_leftovers(form) == []
    page.click(".page-head:visible .actions-btn-group button")
    page.click(".page-head:visible .actions-btn-group .dropdown-menu a:has-text('送各部门评审')")
    page.locator(".form-message:visible", has_text="尚未答复").first.wait_for()
    expect(page.locator(".page-head:visible .indicator-pill")).to_have_text("评审中")
    clerk.picture("change-notice-sent")
    assert clerk.errors == []
