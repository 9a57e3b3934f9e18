"""Several orders at once: each gets its own answer, and one that is refused holds up no other."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from dev.browser import Desk
from tests.browser.order_site import OrderSite


def choose(page: Page, orders: list[str]) -> None:
    """Tick the orders in the list."""
    for order in orders:
        page.locator(f".list-row-checkbox[data-name='{order}']:visible").check()


def test_each_row_is_answered_by_itself(clerk: Desk, order_site: OrderSite) -> None:
    """Two are confirmed, the one on hold says why, in the clerk's language."""
    orders = [order_site.new_order() for _number in range(3)]
    held = orders[1]
    order_site.call("hold", order=held, reason="客户来电要求暂缓")
    page = clerk.page
    clerk.open("order/view/list?workflow_state=Unconfirmed")
    expect(page.locator(f".list-row-checkbox[data-name='{orders[0]}']:visible")).to_be_visible()
    choose(page, orders)
    page.locator(".actions-btn-group:visible button").first.click()
    page.locator(".actions-btn-group:visible .dropdown-menu a", has_text="确认").first.click()
    answer = page.locator(".msgprint:visible")
    if page.locator(".modal.show .btn-primary:visible", has_text="是").count():
        page.locator(".modal.show .btn-primary:visible", has_text="是").click()
    expect(answer).to_contain_text(held)
    for summary in answer.locator("summary").all():
        summary.click()
    clerk.picture("order-bulk-confirm")
    expect(answer).to_contain_text("客户来电要求暂缓")
    states = [order_site.standing(order)["workflow_state"] for order in orders]
    assert states == ["Confirmed", "Unconfirmed", "Confirmed"]
    for order in orders:
        expect(answer).to_contain_text(order)
    assert clerk.errors == []
