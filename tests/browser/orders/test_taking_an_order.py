"""A clerk takes an order: pasted receiver and lines, the total in sight while typing (R-040, R-041)."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from dev.browser import Desk
from tests.browser.order_site import CHANNEL, CUSTOMER
from tests.browser.orders.test_order_desk import english_leftovers
from tests.browser.orders.test_order_entry import new_form
from tests.browser.orders.test_order_face import PASTE

RECEIVER = "王先生 139-1234-5678 广东省珠海市香洲区迎宾南路1号"


def begun(desk: Desk) -> Page:
    """A new order of the test's customer and channel."""
    page = new_form(desk)
    page.evaluate(
        "async ([channel, customer]) => { await cur_frm.set_value('channel', channel);"
        " const [found] = await frappe.db.get_list('Customer', {filters: {customer_name: customer}});"
        " await cur_frm.set_value('customer', found.name); }",
        [CHANNEL, CUSTOMER],
    )
    return page


def first_cell(page: Page) -> Locator:
    """The product cell of the first line, open for typing."""
    grid = page.locator(".form-grid:visible", has=page.locator("[data-fieldname='product']")).first
    if not grid.locator(".grid-body .rows .grid-row").count():
        grid.locator(".grid-add-row").click()
    grid.locator(".grid-body .rows .grid-row [data-fieldname='product']").first.click()
    return grid.locator(".grid-body .rows .grid-row input[data-fieldname='product']:visible").first


def lines(page: Page) -> list[list[object]]:
    """Product, quantity and price of each line."""
    rows = page.evaluate(
        "() => cur_frm.doc.items.map((row) => [row.product, Number(row.quantity), Number(row.unit_price)])"
    )
    return [row for row in rows if row[0]]


def test_the_total_stands_below_the_lines_while_they_are_typed(clerk: Desk) -> None:
    page = begun(clerk)
    first_cell(page).evaluate(PASTE, "编码\t数量\t单价\nTEST-UIA\t3\t12.5\nTEST-UIB\t4\t20\n")
    totals = page.locator(".order-totals:visible")
    expect(totals).to_contain_text("¥ 117.50")
    expect(totals).to_contain_text("7")
    page.evaluate("() => frappe.model.set_value('Order Item', cur_frm.doc.items[0].name, 'quantity', 5)")
    expect(totals).to_contain_text("¥ 142.50")
    page.evaluate("() => cur_frm.set_value('freight', 8)")
    expect(totals).to_contain_text("¥ 150.50")
    assert english_leftovers(totals) == []
    clerk.picture("order-totals")
    assert clerk.errors == []


def test_rows_without_headings_are_shown_before_they_are_taken(clerk: Desk) -> None:
    page = begun(clerk)
    first_cell(page).evaluate(PASTE, "TEST-UIA\t保温杯\t20\t10.5\n查无此货\t?\t1\t2\n")
    dialog = page.locator(".modal-dialog:visible")
    expect(dialog.locator(".order-paste-faults")).to_contain_text("没有产品“查无此货”")
    expect(dialog.locator(".order-paste-lines")).to_contain_text("20")
    clerk.picture("order-paste-preview")
    assert english_leftovers(dialog) == []
    dialog.get_by_role("button", name="采用 1 行").click()
    expect(dialog).not_to_be_visible()
    # The price is a price: it never lands in the quantity.
    assert lines(page) == [["TEST-UIA", 20, 10.5]]
    assert clerk.errors == []


def test_a_receiver_is_pasted_in_one_go(clerk: Desk) -> None:
    page = begun(clerk)
    page.locator(".order-receiver-box:visible").click()
    dialog = page.locator(".modal-dialog:visible")
    dialog.locator("textarea[data-fieldname='text']").fill(RECEIVER)
    clerk.picture("order-receiver")
    dialog.get_by_role("button", name="采用").click()
    page.wait_for_function("() => cur_frm.doc.address_line === '迎宾南路1号'")
    fields = ("contact_person", "mobile", "province", "city", "district")
    shown = page.evaluate("(fields) => fields.map((field) => cur_frm.doc[field])", list(fields))
    assert shown == ["王先生", "13912345678", "广东省", "珠海市", "香洲区"]
    assert clerk.errors == []


def test_receiver_lines_and_money_stand_on_one_page(clerk: Desk) -> None:
    """In the sequence in which an order is told: customer, receiver, lines, money; the rest below."""
    page = begun(clerk)
    tops = page.evaluate(
        "() => ['customer', 'contact_person', 'items', 'payment_term', 'contract_number'].map((field) =>"
        " cur_frm.get_field(field).$wrapper.closest('.form-section').get(0).getBoundingClientRect().top)"
    )
    assert tops == sorted(tops)
    assert page.locator("[data-fieldname='contact_person']:visible").count() > 0
    clerk.picture("order-new")
