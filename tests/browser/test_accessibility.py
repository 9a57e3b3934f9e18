"""Our own pages and parts of the desk under axe: nothing serious keeps anybody out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.field.test_field_page import PHONE
from tests.browser.order_site import PASSWORD, REP, OrderSite
from tests.browser.orders.test_order_desk import open_order
from tests.browser.test_warehouse_desk import expect_state, take_action

SERIOUS: Final = {"serious", "critical"}


def violations(page: Page, part: str | None = None) -> list[str]:
    """What axe finds serious: rule, number of places, the first of them."""
    found: dict[str, Any] = Axe().run(page, context=part).response
    assert found["passes"], "axe looked at nothing"
    return [
        f"{rule['id']} ({len(rule['nodes'])}): {rule['nodes'][0]['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
    ]


@pytest.fixture
def rep(browser: Browser, order_site: OrderSite, host: HostState) -> Iterator[Desk]:
    """The phone of a field rep."""
    with logged_in(browser, order_site.url, REP, PASSWORD, host.screenshot_dir, PHONE) as desk:
        yield desk


def test_the_field_page(rep: Desk, order_site: OrderSite) -> None:
    _order, shipment = order_site.shipped_for_the_rep()
    page = rep.page
    page.goto(f"{order_site.url}/field")
    for tab in ("orders", "order", "deliver"):
        page.click(f"nav [data-tab={tab}]")
        assert violations(page) == []
    page.click(f"#deliver .rows button:has-text('{shipment}')")
    expect(page.locator("#deliver form[data-kind=delivery]")).to_be_visible()
    assert violations(page) == []


def test_the_customers_page(browser: Browser, order_site: OrderSite) -> None:
    order, _shipment = order_site.shipped_for_the_rep()
    page = browser.new_page()
    page.goto(order_site.link(order, "Receipt"))
    assert violations(page) == []
    page.close()


def test_our_parts_of_the_desk(clerk: Desk, order_site: OrderSite) -> None:
    """The framework's own frame around them is the framework's."""
    order = order_site.new_order(payment_term="Cash on Delivery")
    order_site.call("confirm", order=order)
    open_order(clerk, order)
    assert violations(clerk.page, ".order-standing") == []
    clerk.open(f"shipment/{order_site.instructed(order)}")
    expect_state(clerk.page, "待打单")
    for step, state in (("打单", "待拣货"), ("完成拣货", "待扫描")):
        take_action(clerk.page, step)
        expect_state(clerk.page, state)
    assert violations(clerk.page, ".packing-table") == []


def test_axe_would_find_something(browser: Browser) -> None:
    """A check that cannot fail is none."""
    page = browser.new_page()
    page.set_content("<html lang='zh'><title>t</title><main><input><img src='x'></main></html>")
    assert {line.split(" ")[0] for line in violations(page)} == {"image-alt", "label"}
    page.close()
