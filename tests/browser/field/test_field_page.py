"""Field reps and drivers on a phone of 360 pixels, with and without network (R-377 to R-379)."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, StorageState, ViewportSize, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import CHANNEL, PASSWORD, REP, REPS_CUSTOMER, OrderSite
from tests.browser.orders.test_order_desk import english_leftovers

PHONE: ViewportSize = {"width": 360, "height": 740}
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
PHOTO: FilePayload = {"name": "shelf.png", "mimeType": "image/png", "buffer": PIXEL}


@pytest.fixture
def rep(
    browser: Browser, order_site: OrderSite, host: HostState, sessions: dict[str, StorageState]
) -> Iterator[Desk]:
    """The phone of a field rep; page errors fail the test."""
    login = (REP, PASSWORD)
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, PHONE, sessions) as desk:
        desk.page.goto(f"{order_site.url}/field")
        yield desk
        assert desk.errors == []


def fits(page: Page) -> bool:
    """Nothing has to be pushed sideways."""
    sideways = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(sideways)) <= 0


def fill_order(page: Page, quantity: int = 2) -> None:
    page.click("nav [data-tab=order]")
    page.select_option("[name=channel]", CHANNEL)
    page.fill("[name=customer_text]", REPS_CUSTOMER[:4])
    page.click(f"[data-found=customers] button:has-text('{REPS_CUSTOMER}')")
    page.fill("[name=product_text]", "保温杯")
    page.click("[data-found=products] button:has-text('保温杯')")
    page.fill("[data-lines] [name=quantity]", str(quantity))
    page.fill("[data-lines] [name=price]", "29.9")
    page.select_option("[name=payment_term]", "Cash on Delivery")
    for field, value in {
        "contact_person": "李店长",
        "mobile": "13900000000",
        "province": "广东省",
        "city": "珠海市",
        "address_line": "迎宾南路8号",
    }.items():
        page.fill(f"#order [name={field}]", value)


def placed(order_site: OrderSite) -> list[dict[str, Any]]:
    """The rep's orders, the newest first."""
    return order_site.orders_of(REP)


def test_an_order_is_taken_at_the_customers(rep: Desk, order_site: OrderSite) -> None:
    page = rep.page
    before = len(placed(order_site))
    fill_order(page)
    page.set_input_files("#order [name=photo]", PHOTO)
    assert fits(page)
    rep.picture("field-order")
    assert english_leftovers(page.locator("main")) == []
    page.click("#order .primary")
    expect(page.locator("#said.good")).to_contain_text("已登记")
    orders = placed(order_site)
    assert len(orders) == before + 1
    assert orders[0]["sales_rep"] == REP or orders[0]["owner"] == REP
    assert order_site.files_of("Order", orders[0]["name"]) == 1
    page.click("nav [data-tab=orders]")
    expect(page.locator("#orders .rows > li").first).to_contain_text(orders[0]["name"])
    expect(page.locator("#orders .rows > li").first).to_contain_text("未确认")
    assert fits(page)
    rep.picture("field-my-orders")


def test_without_network_an_entry_is_kept_and_sent_once(rep: Desk, order_site: OrderSite) -> None:
    """The same number goes to the server again, whatever became of the first answer."""
    page = rep.page
    before = len(placed(order_site))
    fill_order(page, quantity=7)
    page.context.set_offline(True)
    page.click("#order .primary")
    expect(page.locator("#waiting")).to_contain_text("1")
    expect(page.locator("#said")).to_contain_text("没有网络")
    assert len(placed(order_site)) == before
    page.context.set_offline(False)
    expect(page.locator("#said.good")).to_be_visible()
    expect(page.locator("#waiting")).to_be_hidden()
    assert len(placed(order_site)) == before + 1


def test_an_answer_that_was_lost_makes_no_second_order(rep: Desk, order_site: OrderSite) -> None:
    """The server had it, the phone never heard: it is sent again and is the same order."""
    page = rep.page
    before = len(placed(order_site))
    fill_order(page, quantity=3)
    lost = []

    def lose_the_first_answer(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/order_flow.api.place_order", lose_the_first_answer)
    page.click("#order .primary")
    expect(page.locator("#said")).to_contain_text("没有网络")
    assert lost == [200]
    page.reload()
    expect(page.locator("#said.good")).to_be_visible()
    assert len(placed(order_site)) == before + 1


def test_a_refused_order_says_why_and_comes_back_into_its_form(rep: Desk, order_site: OrderSite) -> None:
    page = rep.page
    before = len(placed(order_site))
    fill_order(page)
    page.fill("[data-lines] [name=quantity]", "0")
    page.click("#order .primary")
    refused = page.locator("#refused li")
    expect(refused).to_contain_text(REPS_CUSTOMER)
    rep.picture("field-refused")
    refused.locator("button:has-text('更正')").click()
    expect(page.locator("#order [name=contact_person]")).to_have_value("李店长")
    page.fill("[data-lines] [name=quantity]", "1")
    page.click("#order .primary")
    expect(page.locator("#said.good")).to_be_visible()
    expect(refused).to_have_count(0)
    assert len(placed(order_site)) == before + 1


def test_a_corrected_order_keeps_all_that_was_entered(rep: Desk, order_site: OrderSite) -> None:
    """What the server refused comes back with lines, address and photo; nothing is typed twice."""
    page = rep.page
    before = len(placed(order_site))
    fill_order(page)
    page.fill("[data-lines] [name=quantity]", "0")
    page.set_input_files("#order [name=photo]", PHOTO)
    entered = {
        name: page.input_value(f"#order [name={name}]")
        for name in ("channel", "customer_text", "payment_term", "contact_person", "province", "city")
    }
    page.click("#order .primary")
    refused = page.locator("#refused li")
    expect(refused).to_have_count(1)
    refused.locator("button:has-text('更正')").click()
    for name, value in entered.items():
        expect(page.locator(f"#order [name={name}]")).to_have_value(value)
    expect(page.locator("#order [name=address_line]")).to_have_value("迎宾南路8号")
    expect(page.locator("[data-lines] [name=price]")).to_have_value("29.9")
    page.fill("[data-lines] [name=quantity]", "4")
    page.click("#order .primary")
    expect(page.locator("#said.good")).to_be_visible()
    orders = placed(order_site)
    assert len(orders) == before + 1
    assert order_site.files_of("Order", orders[0]["name"]) == 1


def test_a_picture_that_cannot_be_read_loses_nothing(rep: Desk, order_site: OrderSite) -> None:
    page = rep.page
    fill_order(page)
    garbage: FilePayload = {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.set_input_files("#order [name=photo]", garbage)
    page.click("#order .primary")
    expect(page.locator("#said.bad")).to_contain_text("照片无法读取")
    expect(page.locator("#order [name=contact_person]")).to_have_value("李店长")


def sign(page: Page) -> None:
    canvas = page.locator("canvas:visible")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 30, steps=5)
    page.mouse.move(box["x"] + 220, box["y"] + 90, steps=5)
    page.mouse.up()


def test_goods_are_handed_over_with_a_signature(rep: Desk, order_site: OrderSite) -> None:
    """R-303, R-305, R-379."""
    page = rep.page
    order, shipment = order_site.shipped_for_the_rep()
    page.click("nav [data-tab=deliver]")
    page.click(f"#deliver .rows button:has-text('{shipment}')")
    expect(page.locator("#deliver form [name=received_by]")).to_have_value("黄经理")
    page.fill("#deliver [name=received_by]", "前台王小姐")
    sign(page)
    page.set_input_files("#deliver [name=photo]", PHOTO)
    assert fits(page)
    rep.picture("field-delivery")
    assert english_leftovers(page.locator("#deliver form[data-kind=delivery]")) == []
    page.click("#deliver .primary")
    expect(page.locator("#said.good")).to_be_visible()
    stored = order_site.document("Shipment", shipment)
    assert (stored["shipment_state"], stored["received_by"]) == ("Delivered", "前台王小姐")
    assert stored["signature"].startswith("data:image/png;base64,")
    assert stored["proof_photo"].startswith("/private/files/")
    assert order_site.standing(order)["workflow_state"] == "Received"


def test_the_receiver_is_called_before_anybody_sets_out(rep: Desk, order_site: OrderSite) -> None:
    """R-302: not reached first, then agreed; the list shows it, and the shipment keeps both."""
    page = rep.page
    _order, shipment = order_site.shipped_for_the_rep()
    page.click("nav [data-tab=deliver]")
    row = page.locator(f"#deliver .rows button:has-text('{shipment}')")
    row.click()
    expect(page.locator("#deliver [data-call]")).to_have_attribute("href", re.compile(r"^tel:1\d+"))
    page.click("#deliver [data-agree]")
    form = page.locator("form[data-kind=agreement]")
    form.locator("[name=agreed_for]").fill("")
    form.locator("[value=agreed]").click()
    expect(page.locator("#said.bad")).to_be_visible()
    form.locator("[value=unreached]").click()
    expect(page.locator("#said.good")).to_be_visible()
    row.click()
    page.click("#deliver [data-agree]")
    form.locator("[name=agreed_for]").fill("2031-03-04T15:30")
    assert fits(page)
    rep.picture("field-agreement")
    assert english_leftovers(form) == []
    form.locator("[value=agreed]").click()
    expect(row).to_contain_text("✓ 2031-03-04 15:30")
    stored = order_site.document("Shipment", shipment)
    assert (stored["agreed_for"], stored["calls_unanswered"]) == ("2031-03-04 15:30:00", 1)


def test_trouble_is_reported_from_the_list_of_orders(rep: Desk, order_site: OrderSite) -> None:
    """R-306, R-307."""
    page = rep.page
    order, _shipment = order_site.shipped_for_the_rep()
    page.click("nav [data-tab=orders]")
    page.fill("#orders [data-find=orders]", order)
    page.click(f"#orders .rows button:has-text('{order}')")
    page.select_option("#orders [name=kind]", "Damage")
    page.fill("#orders [name=description]", "外箱压坏")
    page.click("#orders .primary")
    expect(page.locator("#said.good")).to_be_visible()
    assert order_site.cases_of(order) == ["Damage"]


def test_whoever_is_not_logged_in_logs_in_first(browser: Browser, order_site: OrderSite) -> None:
    page = browser.new_page()
    page.goto(f"{order_site.url}/field")
    page.wait_for_url(f"{order_site.url}/login?redirect-to=/field*")
    page.close()
