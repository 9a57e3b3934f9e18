"""What the phone gives the page for field reps: its camera, and opening without network (R-377, R-378)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, StorageState, expect

from dev.browser import Desk, chromium, logged_in
from dev.state import HostState
from tests.browser.field.barcode_video import write_video
from tests.browser.field.test_field_page import PHONE, sign
from tests.browser.order_site import PASSWORD, PRODUCTS, REP, OrderSite

CONTROLLED = "() => !!navigator.serviceWorker.controller"
SLOW_NETWORK = """() => {
    const fetch_now = self.fetch;
    self.setTimeout = (late) => late();
    self.fetch = (asked) => asked.mode !== 'navigate' ? fetch_now(asked) : new Promise((answer) => {
        self.answer_at_last = () => answer((self.fetch = fetch_now)(asked));
    });
}"""
"""Lets the worker lose its patience at once, and holds the page's own answer back."""


@pytest.fixture
def rep(
    browser: Browser, order_site: OrderSite, host: HostState, sessions: dict[str, StorageState]
) -> Iterator[Desk]:
    """The phone of a field rep, with the page's worker at work."""
    with logged_in(browser, order_site.url, REP, PASSWORD, host.screenshot_dir, PHONE, sessions) as desk:
        desk.page.goto(f"{order_site.url}/field")
        desk.page.wait_for_function(CONTROLLED)
        yield desk


def test_the_page_opens_without_network_and_its_entry_is_sent_later(rep: Desk, order_site: OrderSite) -> None:
    page = rep.page
    _order, shipment = order_site.shipped_for_the_rep()
    page.click("nav [data-tab=deliver]")
    expect(page.locator(f"#deliver .rows button:has-text('{shipment}')")).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#said.bad")).to_contain_text("没有网络，此列表读取于 20")
    rep.picture("field-without-network")
    page.click(f"#deliver .rows button:has-text('{shipment}')")
    page.fill("#deliver [name=received_by]", "门卫")
    sign(page)
    page.click("#deliver .primary")
    expect(page.locator("#waiting")).to_contain_text("1")
    page.context.set_offline(False)
    expect(page.locator("#said.good")).to_be_visible()
    assert order_site.document("Shipment", shipment)["received_by"] == "门卫"


def test_an_entry_kept_before_an_update_is_sent_to_the_address_of_today(
    rep: Desk, order_site: OrderSite
) -> None:
    order, _shipment = order_site.shipped_for_the_rep()
    kept = {
        "id": f"kept-{order}",
        "title": order,
        "kind": "trouble",
        "method": "order_flow.delivery_api.report_trouble",
        "args": {"order": order, "kind": "Delay", "description": "箱子还没到", "request_id": f"kept-{order}"},
    }
    rep.page.evaluate("(entry) => FieldQueue.add(entry)", kept)
    expect(rep.page.locator("#said.good")).to_be_visible()
    expect(rep.page.locator("#refused li")).to_have_count(0)


def test_who_logs_out_leaves_no_copy_on_the_phone(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    """With a login of its own: the server ends it, whatever is still under way in the page."""
    copies = "async () => (await (await caches.open('field-1')).keys()).length"
    with logged_in(browser, order_site.url, REP, PASSWORD, host.screenshot_dir, PHONE) as desk:
        page = desk.page
        page.goto(f"{order_site.url}/field")
        page.wait_for_function(CONTROLLED)
        page.reload()
        assert page.evaluate(copies) > 0
        page.goto(f"{order_site.url}/?cmd=web_logout")
        page.goto(f"{order_site.url}/field")
        page.wait_for_url(f"{order_site.url}/login**")
        assert page.evaluate(copies) == 0


def test_a_log_out_that_is_found_late_still_leads_to_the_login(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    """The copy was faster than a slow network; the answer that comes after it says who is logged in."""
    with logged_in(browser, order_site.url, REP, PASSWORD, host.screenshot_dir, PHONE) as desk:
        page = desk.page
        page.goto(f"{order_site.url}/field")
        page.wait_for_function(CONTROLLED)
        page.context.request.get(f"{order_site.url}/?cmd=web_logout")
        (worker,) = page.context.service_workers
        worker.evaluate(SLOW_NETWORK)
        page.goto(f"{order_site.url}/field")
        expect(page.locator("nav [data-tab=order]")).to_be_visible()
        worker.evaluate("() => self.answer_at_last()")
        page.wait_for_url(f"{order_site.url}/login**")


def test_a_barcode_is_read_by_the_camera(order_site: OrderSite, host: HostState, tmp_path: Path) -> None:
    """R-378: in real Chromium, with a video of a barcode in front of its test camera."""
    _code, name, barcode = PRODUCTS[0]
    video = write_video(tmp_path / "barcode.y4m", barcode)
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    refused: list[BaseException] = []

    def read() -> None:
        # Playwright allows one browser a thread, and the other tests have theirs.
        try:
            with (
                chromium(*camera, f"--use-file-for-fake-video-capture={video}") as browser,
                logged_in(browser, order_site.url, REP, PASSWORD, host.screenshot_dir, PHONE) as desk,
            ):
                page = desk.page
                page.goto(f"{order_site.url}/field")
                page.click("nav [data-tab=order]")
                page.click("[data-scan]")
                expect(page.locator("[name=product_text]")).to_have_value(barcode)
                expect(page.locator("#camera")).to_be_hidden()
                page.click(f"[data-found=products] button:has-text('{name}')")
                expect(page.locator("[data-lines] > li")).to_contain_text(name)
                assert desk.errors == []
        except BaseException as error:
            refused.append(error)

    reader = Thread(target=read)
    reader.start()
    reader.join()
    if refused:
        raise refused[0]


def test_a_camera_that_is_refused_is_said(rep: Desk) -> None:
    page = rep.page
    page.click("nav [data-tab=order]")
    page.click("[data-scan]")
    expect(page.locator("#said.bad")).to_contain_text("无法使用摄像头")
    expect(page.locator("#camera")).to_be_hidden()
