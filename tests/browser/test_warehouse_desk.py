"""The warehouse's desk: from the order's instruction over the packing table to the scales (R-269, R-277)."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from dev.browser import Desk
from tests.browser.order_site import OrderSite
from tests.browser.orders.test_order_desk import button, english_leftovers, open_order


def scan(page: Page, code: str, quantity: int) -> None:
    """As a scanner does: the code and Enter."""
    page.fill(".packing-table:visible [name=quantity]", str(quantity))
    page.fill(".packing-table:visible [name=code]", code)
    page.press(".packing-table:visible [name=code]", "Enter")


def take_action(page: Page, action: str) -> None:
    """A step of the workflow from the form's menu of actions."""
    page.click(".page-head:visible .actions-btn-group > button")
    page.click(f".page-head:visible .actions-btn-group .dropdown-item:has-text('{action}')")


def expect_state(page: Page, words: str) -> None:
    expect(page.locator(".page-head:visible .indicator-pill")).to_have_text(words)


def test_goods_go_from_the_instruction_to_the_scales(clerk: Desk, order_site: OrderSite) -> None:
    page = clerk.page
    order = order_site.new_order(payment_term="Cash on Delivery")
    order_site.call("confirm", order=order)
    open_order(clerk, order)
    button(page, "下达发货指令").first.click()
    expect(page.locator(".page-head:visible .title-text")).to_contain_text("新建")
    expect(page.locator("[data-fieldname=items]:visible .grid-row[data-idx='2']")).to_be_visible()
    page.click(".page-head:visible .primary-action:has-text('保存')")
    expect_state(page, "待打单")
    take_action(page, "打单")
    expect_state(page, "待拣货")
    take_action(page, "完成拣货")
    expect_state(page, "待扫描")

    scan(page, "NOTHING", 1)
    expect(page.locator(".msgprint:visible")).to_contain_text("不属于本发货单")
    page.click(".modal:visible .btn-modal-close")
    scan(page, "TEST-UIA", 3)
    expect(page.locator(".packing-table:visible tr").first).to_contain_text("3 / 3")
    clerk.picture("packing-table")
    assert english_leftovers(page.locator(".packing-table:visible")) == []
    scan(page, "TEST-UIB", 3)
    expect_state(page, "待称重")

    button(page, "称重").first.click()
    weight = page.locator(".modal [data-fieldname=parcel_1] input")
    # What is refused stays on the screen with what was typed.
    weight.fill("two")
    page.click(".modal:visible .btn-modal-primary")
    expect(page.locator(".msgprint-dialog:visible")).to_be_visible()
    page.click(".msgprint-dialog:visible .btn-modal-close")
    expect(page.locator(".msgprint-dialog:visible")).to_have_count(0)
    expect(weight).to_be_visible()
    expect(weight).to_have_value("two")
    weight.fill("2.5")
    clerk.picture("weighing")
    page.click(".modal:visible .btn-modal-primary")
    expect_state(page, "已发货")
    assert re.match("Shipped|Received|Completed", order_site.standing(order)["workflow_state"])
    assert clerk.errors == []
