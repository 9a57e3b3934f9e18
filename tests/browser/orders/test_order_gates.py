"""Gates on the order's form, in Chinese, in a real browser: the check and an override (R-075, K-14)."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import MANAGER, PASSWORD, REVIEWED_CHANNEL, OrderSite

UNPROVEN = "没有凭据证明客户已确认订单"


def open_order(desk: Desk, order: str) -> Page:
    """Open an order and wait for the sentence on top."""
    desk.open(f"order/{order}")
    desk.page.wait_for_selector(".order-why:visible")
    return desk.page


def test_the_form_says_what_is_open_and_the_check_lists_every_rule(
    manager: Desk, order_site: OrderSite
) -> None:
    """R-015, R-075: the sentence on top, then rule by rule."""
    page = open_order(manager, order_site.new_order(channel=REVIEWED_CHANNEL))
    expect(page.locator(".order-why:visible")).to_contain_text(UNPROVEN)
    page.get_by_role("button", name="检查订单", exact=True).click()
    table = page.locator(".order-check:visible")
    manager.picture("order-check")
    expect(table).to_contain_text("客户确认无凭据")
    expect(table).to_contain_text("客户资料不完整")
    expect(table.locator(".indicator-pill.green").first).to_contain_text("通过")
    assert manager.errors == []


def test_a_manager_lets_an_order_pass(manager: Desk, order_site: OrderSite) -> None:
    """K-14: what is open, the kind, the day, the reason; then it stops no more."""
    page = open_order(manager, order_site.new_order(channel=REVIEWED_CHANNEL))
    page.get_by_role("button", name="特批", exact=True).click()
    dialog = page.locator(".modal-dialog:visible")
    choice = dialog.locator("select[data-fieldname=chosen]")
    wanted = choice.locator("option", has_text=UNPROVEN)
    choice.select_option(value=wanted.get_attribute("value"))
    dialog.locator("select[data-fieldname=kind]").select_option("Manager Override")
    due = dialog.locator("input[data-fieldname=due_date]")
    due.fill((date.today() + timedelta(days=7)).isoformat())
    due.press("Tab")
    dialog.locator("textarea[data-fieldname=reason]").fill("客户的传真明天到")
    manager.picture("order-override")
    dialog.locator(".btn-primary:visible").click()
    expect(page.locator(".order-why:visible")).not_to_contain_text(UNPROVEN)
    assert manager.errors == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_check_is_read_on_a_small_desk_and_on_a_phone(
    width: int, browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    """No short word is broken, nothing stands beside the dialog."""
    order = order_site.new_order(channel=REVIEWED_CHANNEL)
    size: ViewportSize = {"width": width, "height": 800}
    with logged_in(browser, order_site.url, MANAGER, PASSWORD, host.screenshot_dir, size) as desk:
        page = open_order(desk, order)
        page.locator(f"[data-label='{quote('检查订单')}']").first.evaluate("(button) => button.click()")
        table = page.locator(".order-check:visible")
        expect(table).to_contain_text("客户确认无凭据")
        desk.picture(f"order-check-{width}")
        broken = """(table) => {
            const lines = (cell) => {
                const text = document.createRange();
                text.selectNodeContents(cell);
                return new Set([...text.getClientRects()].map((line) => Math.round(line.bottom / 12)));
            };
            return [...table.querySelectorAll('td:nth-child(-n + 2)')]
                .filter((cell) => lines(cell).size > 1).map((cell) => cell.innerText);
        }"""
        assert table.evaluate(broken) == []
        beside = """(table) => table.getBoundingClientRect().right
            - table.closest('.modal-body').getBoundingClientRect().right"""
        assert table.evaluate(beside) <= 1
