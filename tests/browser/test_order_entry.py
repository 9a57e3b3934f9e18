"""A clerk takes an order by typing: what is known is filled in, what is wrong is said (R-015, R-016)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import CHANNEL, CLERK, CUSTOMER, PASSWORD, PRODUCTS, OrderSite
from tests.browser.test_order_desk import english_leftovers

ADDRESS = "情侣中路88号"
PERSON = "梁小姐"
FORM = ".form-page:visible"
LINE = ".grid-row-open .form-in-grid"


@pytest.fixture(scope="module")
def order_site(site_url: str, host: HostState) -> Iterator[OrderSite]:
    """The test site with a clerk and a customer who has an address and a contact."""
    site = OrderSite(site_url, host.admin_password)
    site.prepare()
    site.ensure_address(ADDRESS, PERSON, "13800000088")
    yield site
    site.close()


@pytest.fixture
def clerk(browser: Browser, order_site: OrderSite, host: HostState) -> Iterator[Desk]:
    """The order clerk's desk."""
    with logged_in(browser, order_site.url, CLERK, PASSWORD, host.screenshot_dir) as desk:
        yield desk


def new_form(desk: Desk) -> Page:
    """An empty order."""
    desk.open("order/new")
    desk.page.wait_for_selector(".form-page:visible [data-fieldname='customer'] input")
    desk.page.wait_for_load_state("networkidle")
    return desk.page


def choose(page: Page, within: str, fieldname: str, text: str) -> None:
    """Type into a link field and take the suggestion that the desk marks."""
    control = page.locator(f"{within} [data-fieldname='{fieldname}']:has(input[role='combobox'])").last
    field = control.locator("input")
    field.click()
    field.fill(text)
    control.locator(f"li[aria-selected='true']:has-text('{text}')").wait_for()
    field.press("Enter")
    # A late answer to the typing would open the suggestions again over what comes next.
    page.wait_for_load_state("networkidle")
    field.blur()
    expect(control.locator("ul")).to_be_hidden()


def value(page: Page, fieldname: str) -> str:
    """What the form holds."""
    return str(page.evaluate("(name) => cur_frm.doc[name] || ''", fieldname))


def type_line(page: Page, product: str, quantity: str, price: str) -> None:
    """The first line, in its own form."""
    page.locator(f"{FORM} [data-fieldname='items'] .grid-row[data-idx='1'] .btn-open-row").click()
    choose(page, LINE, "product", product)
    for fieldname, text in (("unit_price", price), ("quantity", quantity)):
        field = page.locator(f"{LINE} input[data-fieldname='{fieldname}']")
        field.fill(text)
        field.blur()
    page.locator(".grid-row-open .grid-collapse-row").click()


def test_an_order_is_typed_and_saved(clerk: Desk, order_site: OrderSite) -> None:
    """The customer's address and contact, the channel's terms and the product's data need no typing."""
    page = new_form(clerk)
    choose(page, FORM, "customer", CUSTOMER)
    choose(page, FORM, "channel", CHANNEL)
    page.wait_for_function("(address) => cur_frm.doc.address_line === address", arg=ADDRESS)
    page.wait_for_function("(person) => cur_frm.doc.contact_person === person", arg=PERSON)
    assert value(page, "mobile") == "13800000088"
    assert value(page, "payment_term") == "Online Payment"
    type_line(page, PRODUCTS[0][0], "4", "12.50")
    clerk.picture("order-entry")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".order-why:visible")
    order = value(page, "name")
    standing = order_site.standing(order)
    assert (standing["total"], standing["city"], standing["items"][0]["product_name"]) == (
        50,
        "珠海市",
        "保温杯",
    )
    assert clerk.errors == []


def test_what_is_missing_is_said_in_chinese(clerk: Desk) -> None:
    page = new_form(clerk)
    page.keyboard.press("Control+s")
    message = page.locator(".msgprint:visible")
    message.wait_for()
    assert english_leftovers(message) == []
    clerk.picture("order-entry-missing")
    assert clerk.errors == []


def test_a_line_without_quantity_is_refused_with_the_way_out(clerk: Desk, order_site: OrderSite) -> None:
    """R-042: the message names the line and what to do; nothing typed is lost."""
    page = new_form(clerk)
    choose(page, FORM, "customer", CUSTOMER)
    choose(page, FORM, "channel", CHANNEL)
    page.wait_for_function("(address) => cur_frm.doc.address_line === address", arg=ADDRESS)
    type_line(page, PRODUCTS[0][0], "0", "12.50")
    page.keyboard.press("Control+s")
    message = page.locator(".msgprint:visible")
    message.wait_for()
    expect(message).to_contain_text("1")
    assert english_leftovers(message) == []
    clerk.picture("order-entry-refused")
    assert value(page, "address_line") == ADDRESS
