"""My tasks and the bell as a person of a role meets them, on a desk and on a phone (issue 10, C1)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, TimeoutError, ViewportSize, expect

from dev.browser import logged_in
from dev.state import HostState
from tests.browser.order_site import PASSWORD, OrderSite

WIDE, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "360"])
def test_a_task_of_my_role_is_in_my_list_and_my_bell(
    browser: Browser, order_site: OrderSite, host: HostState, size: ViewportSize
) -> None:
    """R-038: somebody stopped an order; the supervisor finds it, takes it, and the order is a click away."""
    user = order_site.person_of("Sales Manager")
    order = order_site.new_order()
    order_site.call("hold", order=order, reason="标签待确认")
    with logged_in(browser, order_site.url, user, PASSWORD, host.screenshot_dir, viewport=size) as desk:
        desk.open("todo")
        page = desk.page
        row = page.locator(f".list-row-container:visible:has-text('{order}')").first
        expect(row).to_be_visible()
        desk.picture(f"my-tasks-{size['width']}")
        name = row.locator("[data-name]").first.get_attribute("data-name")
        desk.open(f"todo/{name}")
        expect(page.locator(".form-page:visible")).to_contain_text("标签待确认")
        desk.picture(f"my-task-{size['width']}")
        page.evaluate(
            """name => frappe.xcall('order_flow.api.tasks.take', { task: name })
                .then(() => cur_frm.reload_doc())""",
            name,
        )
        expect(page.locator("[data-fieldname='allocated_to']:visible").first).to_contain_text("sales")
        desk.open("order-flow")
        page.wait_for_load_state("networkidle")
        bell = page.locator(".dropdown-notifications > a, .dropdown-notifications .notifications-icon").first
        if bell.is_visible():
            bell.click()
            listed = page.locator(".notifications-list:visible")
            # The bar is drawn anew while the desk starts; a click before that opens nothing.
            if not opened_soon(listed):
                bell.click()
            expect(listed).to_contain_text("标签待确认")
        desk.picture(f"my-bell-{size['width']}")
        assert desk.errors == []


def opened_soon(menu: Locator) -> bool:
    """Whether a menu shows within two seconds."""
    try:
        menu.first.wait_for(timeout=2_000)
    except TimeoutError:
        return False
    return True
