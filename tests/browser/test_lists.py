"""Lists on a small desk and on a phone: what a clerk reads them for is in sight."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, ViewportSize, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import PASSWORD, OrderSite

NARROW: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
MARK = ".visible-xs :is(.indicator, .indicator-pill)"
"""Where a row stands, on a phone: a dot in the snapshot, a pill with the word in newer releases."""
SAID = """(mark) =>
    mark.innerText.trim() || getComputedStyle(mark, "::after").content.replaceAll('"', "")"""
"""The word beside it; the app's style draws it from the title of a dot."""


def row(page: Page, name: str) -> str:
    """What a row of a list shows."""
    container = page.locator(f".list-row-container:has([data-name='{name}']):visible")
    expect(container).to_be_visible()
    return container.inner_text()


def test_a_narrow_list_of_payments_shows_kind_and_amount(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    order = order_site.new_order()
    payment = str(order_site.call("record_payment", order=order, amount=17.5, reference="NARROW")["payment"])
    login = (order_site.person_of("Finance"), PASSWORD)
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, NARROW) as desk:
        desk.open("order-payment")
        shown = row(desk.page, payment)
        desk.picture("payments-narrow")
    assert all(word in shown for word in ("已确认", order, "收款", "17.50")), shown


def whole_sentence(desk: Desk, task: str) -> bool:
    """Whether nothing of a task's text is cut off."""
    desk.open("todo")
    expect(desk.page.locator(f"[data-name='{task}']").first).to_be_visible()
    return bool(
        desk.page.evaluate(
            """(task) => {
                const row = [...document.querySelectorAll('.list-row-container')]
                    .find((each) => each.querySelector(`input[data-name='${task}']`));
                const text = row.querySelector('.list-subject a');
                const inside = (outer) => text.getBoundingClientRect().right
                    <= outer.getBoundingClientRect().right + 1;
                return text.scrollWidth <= text.clientWidth + 1 && inside(row.querySelector('.list-subject'));
            }""",
            task,
        )
    )


def test_a_task_is_read_whole_and_a_phone_shows_states(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    order = order_site.new_order(payment_term="Cash on Delivery")
    order_site.call("confirm", order=order)
    shipment = order_site.instructed(order)
    filters = f'[["reference_name","=","{shipment}"],["role","=","Warehouse"]]'
    ((task,),) = ([row["name"]] for row in order_site.rows(f"ToDo?filters={filters}"))
    login = (order_site.person_of("Warehouse"), PASSWORD)
    for size in (NARROW, PHONE):
        with logged_in(browser, order_site.url, *login, host.screenshot_dir, size) as desk:
            assert whole_sentence(desk, task)
            desk.picture(f"tasks-{size['width']}")
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, PHONE) as desk:
        desk.open("order")
        page = desk.page
        subject = page.locator(f".list-row-container:has([data-name='{order}']) .list-subject a")
        expect(subject).to_contain_text(order)
        mark = page.locator(f".list-row-container:has([data-name='{order}']) {MARK}")
        expect(mark).to_be_visible()
        assert mark.evaluate(SAID) == "已确认"


def test_a_phone_shows_where_a_shortage_stands(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    """Its state is no "status" of the framework's."""
    order_site.short_order()
    login = (order_site.person_of("Order Desk"), PASSWORD)
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, PHONE) as desk:
        desk.open("shortage")
        mark = desk.page.locator(f".list-row {MARK}:visible").first
        expect(mark).to_be_visible()
        assert mark.evaluate(SAID) == "已询问客户"
        desk.picture("shortages-phone")
        assert desk.errors == []
