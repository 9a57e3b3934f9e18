"""People work with orders at the desk, in Chinese, in a real browser (R-015, R-018, R-027, R-147, K-25)."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Locator, Page, expect

from dev.browser import Desk
from tests.browser.order_site import OrderSite

LATIN_WORD: Final = re.compile(r"[A-Za-z]{3,}")
MEANT_IN_LATIN: Final = re.compile(
    # Product names and units of orders that other tests left on the site are data, not words of ours.
    r"\bID\b|ORDER LOG|SO\d+|SHP\d+|Product TEST-[A-Z]+|\bPCS\b|TEST-[A-Z]+|UI-[\w-]+|CNY|REST"
    r"|Administrator|Asia/Shanghai",
    re.ASCII,
)
CHARTS_ARE_DRAWN: Final = """() => ![...document.querySelectorAll(".chart-loading-state")].some(
    part => part.checkVisibility() && part.innerText === __("Loading..."))"""
# Texts that a reader sees; the framework keeps field names and calendars in hidden or floating parts.
VISIBLE_TEXTS: Final = """root => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        // A search field tells screen readers how much it found, in words of its library.
        const aside = parent.closest(
            ".tooltip-content, .datepicker, .form-footer, .awesomplete, script, style");
        if (!aside && parent.checkVisibility()) texts.push(walker.currentNode.textContent);
    }
    return texts;
}"""


def open_order(desk: Desk, order: str) -> None:
    """Open an order's form and wait for the sentence that the server says about it."""
    desk.open(f"order/{order}")
    desk.page.wait_for_selector(".order-why:visible")


def button(page: Page, label: str) -> Locator:
    """A button of the form's head, by its whole label."""
    return page.locator(f".page-head:visible .custom-actions button:text-is('{label}')")


def english_leftovers(shown: Locator) -> list[str]:
    """Words on a Chinese screen that are neither numbers of documents nor established abbreviations."""
    return LATIN_WORD.findall(MEANT_IN_LATIN.sub("", "\n".join(shown.evaluate(VISIBLE_TEXTS))))


def test_form_says_why_and_offers_the_clerks_buttons(clerk: Desk, order_site: OrderSite) -> None:
    order = order_site.new_order()
    open_order(clerk, order)
    why = clerk.page.inner_text(".order-why")
    assert order in why
    assert "未确认" in why
    for label in ("登记收款", "申请取消", "暂停"):
        expect(button(clerk.page, label).first).to_be_visible()
    for label in ("发货", "确认收货", "解除暂停", "删除订单"):
        expect(button(clerk.page, label)).to_have_count(0)
    expect(clerk.page.locator(".page-head:visible .indicator-pill")).to_have_text("未确认")
    clerk.picture("order-form")
    assert english_leftovers(clerk.page.locator(".page-body:visible .form-page")) == []
    assert clerk.errors == []


def test_payment_is_recorded_through_the_dialog(clerk: Desk, order_site: OrderSite) -> None:
    """R-018, R-152: the clerk of this site is also finance, so recording confirms."""
    order = order_site.new_order()
    order_site.call("confirm", order=order)
    open_order(clerk, order)
    button(clerk.page, "登记收款").click()
    dialog = clerk.page.locator(".modal.show .modal-content")
    dialog.wait_for()
    dialog.locator("input[data-fieldname='reference']").fill("UI-0001")
    clerk.picture("payment-dialog")
    assert english_leftovers(dialog) == []
    dialog.locator(".btn-modal-primary").click()
    expect(clerk.page.locator(".order-why:visible")).to_contain_text("已支付")
    clerk.picture("order-paid")
    assert order_site.standing(order)["workflow_state"] == "Paid"
    assert clerk.errors == []


def test_cancellation_asks_for_a_reason(clerk: Desk, order_site: OrderSite) -> None:
    """R-151: the workflow's own step opens the same dialog, so none is called off without a reason."""
    order = order_site.new_order()
    open_order(clerk, order)
    clerk.page.click(".page-head:visible .actions-btn-group button")
    clerk.page.click(".page-head:visible .actions-btn-group .dropdown-menu a:has-text('取消')")
    dialog = clerk.page.locator(".modal.show .modal-content")
    dialog.wait_for()
    clerk.picture("cancellation-dialog")
    assert english_leftovers(dialog) == []
    dialog.locator("select[data-fieldname='reason']").select_option(label="客户改变主意")
    dialog.locator(".btn-modal-primary").click()
    expect(clerk.page.locator(".order-why:visible")).to_contain_text("已作废")
    standing = order_site.standing(order)
    assert (standing["workflow_state"], standing["cancel_reason"]) == ("Voided", "Customer's Change of Mind")
    assert clerk.errors == []


def test_hold_and_release(clerk: Desk, order_site: OrderSite) -> None:
    order = order_site.new_order()
    open_order(clerk, order)
    button(clerk.page, "暂停").click()
    dialog = clerk.page.locator(".modal.show .modal-content")
    dialog.locator("textarea[data-fieldname='reason']").fill("等待客户确认颜色")
    dialog.locator(".btn-modal-primary").click()
    expect(clerk.page.locator(".order-why:visible")).to_contain_text("等待客户确认颜色")
    clerk.picture("order-on-hold")
    button(clerk.page, "解除暂停").click()
    expect(clerk.page.locator(".order-why:visible")).not_to_contain_text("等待客户确认颜色")
    assert clerk.errors == []


def test_goods_are_shipped_in_parts_through_the_dialog(clerk: Desk, order_site: OrderSite) -> None:
    """R-020, R-246: open quantities are prefilled; a part may leave."""
    order = order_site.new_order(payment_term="Cash on Delivery")
    order_site.call("confirm", order=order)
    open_order(clerk, order)
    button(clerk.page, "发货").click()
    dialog = clerk.page.locator(".modal.show .modal-content")
    dialog.locator("input[data-fieldname='carrier']").fill("顺丰速运")
    dialog.locator("input[data-fieldname='waybill_number']").fill(f"SF{order}")
    quantities = dialog.locator("[data-order-item]")
    expect(quantities).to_have_count(2)
    expect(quantities.first).to_have_value("3")
    quantities.first.fill("1")
    clerk.picture("ship-dialog")
    assert english_leftovers(dialog) == []
    dialog.locator(".btn-modal-primary").click()
    dialog.wait_for(state="hidden")
    expect(clerk.page.locator(".order-why:visible")).to_contain_text("已确认")
    standing = order_site.standing(order)
    assert standing["delivery_status"] == "Partly Shipped"
    assert [line["shipped_quantity"] for line in standing["items"]] == [1, 3]
    assert clerk.errors == []


def test_refusal_keeps_the_dialog_open(clerk: Desk, order_site: OrderSite) -> None:
    """R-026: what the server refuses is said in the reader's language, and nothing typed is lost."""
    order = order_site.new_order()
    order_site.call("record_payment", order=order, amount="1", reference="UI-TWICE")
    open_order(clerk, order)
    button(clerk.page, "登记收款").click()
    dialog = clerk.page.locator(".modal.show .modal-content").first
    dialog.locator("input[data-fieldname='reference']").fill("UI-TWICE")
    dialog.locator(".btn-modal-primary").click()
    message = clerk.page.locator(".msgprint:visible")
    message.wait_for()
    assert "UI-TWICE" in message.inner_text()
    assert english_leftovers(message) == []
    assert clerk.errors == []


def test_list_shows_state_and_marks(clerk: Desk, order_site: OrderSite) -> None:
    late, held = order_site.new_order(), order_site.new_order()
    order_site.change(late, promised_date="2026-01-05")
    order_site.call("hold", order=held, reason="等待客户确认颜色")
    clerk.open("order")
    for order, mark in ((late, "逾期"), (held, "已暂停")):
        row = clerk.page.locator(f".list-row-container:has-text('{order}')").first
        expect(row).to_contain_text("未确认")
        expect(row).to_contain_text(mark)
    clerk.picture("order-list")
    for part in (row, clerk.page.locator(".frappe-list:visible .list-row-head").first):
        assert english_leftovers(part) == []
    assert clerk.errors == []


def test_list_and_form_fit_a_phone(clerk: Desk, order_site: OrderSite) -> None:
    order = order_site.new_order()
    clerk.page.set_viewport_size({"width": 390, "height": 844})
    clerk.open("order")
    clerk.page.wait_for_selector(f".list-row-container:has-text('{order}'):visible")
    clerk.picture("order-list-phone")
    open_order(clerk, order)
    clerk.picture("order-form-phone")
    overflow = clerk.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    assert clerk.errors == []


def test_workspace_leads_to_everything(clerk: Desk) -> None:
    clerk.open("order-flow")
    expect(clerk.page.locator(".number-widget-box .widget-content").first).to_contain_text(re.compile(r"\d"))
    expect(clerk.page.locator(".shortcut-widget-box:has-text('订单收款')")).to_be_visible()
    expect(clerk.page.locator("svg.frappe-chart text:has-text('未')").first).to_be_visible()
    clerk.page.wait_for_function(CHARTS_ARE_DRAWN)
    clerk.picture("workspace")
    assert english_leftovers(clerk.page.locator(".page-body:visible .layout-main-section")) == []
    assert clerk.errors == []
