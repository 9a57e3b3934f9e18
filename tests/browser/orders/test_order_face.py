"""Where an order stands, on its form, the board and the calendar, and lines pasted from a spreadsheet."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from dev.browser import Desk
from tests.browser.order_site import CHANNEL, CUSTOMER, OrderSite
from tests.browser.orders.test_order_desk import english_leftovers, open_order

PASTE = """(target, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""


def stations(page: Page) -> list[str]:
    """Words of the stations in their order."""
    return page.locator(".order-standing:visible .order-stage span:first-child").all_inner_texts()


def test_the_bar_shows_the_way_of_the_order(clerk: Desk, order_site: OrderSite) -> None:
    """R-015, R-027: done, current and coming stations, in the words of the desk."""
    order = order_site.new_order()
    order_site.call("confirm", order=order)
    open_order(clerk, order)
    assert stations(clerk.page) == ["未确认", "已确认", "已支付", "已发货", "已完成"]
    expect(clerk.page.locator(".order-stage-current:visible")).to_contain_text("已确认")
    clerk.picture("order-stages")
    assert english_leftovers(clerk.page.locator(".order-standing:visible")) == []
    assert clerk.errors == []


def test_a_called_off_order_shows_its_end(clerk: Desk, order_site: OrderSite) -> None:
    order = order_site.new_order()
    order_site.call("request_cancellation", order=order, reason="Customer's Change of Mind")
    open_order(clerk, order)
    assert stations(clerk.page) == ["未确认", "已作废"]
    expect(clerk.page.locator(".order-stage-called-off:visible")).to_be_visible()


def test_the_board_and_the_calendar_open(clerk: Desk, order_site: OrderSite) -> None:
    order = order_site.new_order()
    clerk.open("order/view/kanban/Open Orders by State")
    expect(clerk.page.locator(".kanban-column:visible").first).to_be_visible()
    expect(clerk.page.locator(f".kanban-card-wrapper[data-name='{order}']")).to_be_visible()
    clerk.picture("order-board")
    clerk.open("order/view/calendar/default")
    expect(clerk.page.locator(".fc-view:visible")).to_be_visible()
    clerk.picture("order-calendar")
    assert clerk.errors == []


def test_lines_are_pasted_from_a_spreadsheet(clerk: Desk, order_site: OrderSite) -> None:
    """Three columns by their headings; the rest comes from the product."""
    page = clerk.page
    clerk.open("order/new")
    page.wait_for_selector("[data-fieldname='channel'] input:visible")
    page.evaluate(
        "async ([channel, customer]) => { await cur_frm.set_value('channel', channel);"
        " const [found] = await frappe.db.get_list('Customer', {filters: {customer_name: customer}});"
        " await cur_frm.set_value('customer', found.name); }",
        [CHANNEL, CUSTOMER],
    )
    cells = "产品\t数量\t单价\nTEST-UIA\t3\t12.5\nTEST-UIB\t4\t20\n"
    grid = page.locator(".form-grid:visible", has=page.locator("[data-fieldname='product']")).first
    if not grid.locator(".grid-body .rows .grid-row").count():
        grid.locator(".grid-add-row").click()
    grid.locator(".grid-body .rows .grid-row [data-fieldname='product']").first.click()
    cell = grid.locator(".grid-body .rows .grid-row input[data-fieldname='product']:visible").first
    cell.evaluate(PASTE, cells)
    page.wait_for_function(
        "() => cur_frm.doc.items.length >= 2 && cur_frm.doc.items.every((row) => row.product_name)"
    )
    rows = page.evaluate(
        "() => cur_frm.doc.items.map((row) =>"
        " [row.product, row.product_name, Number(row.quantity), Number(row.unit_price)])"
    )
    assert [row for row in rows if row[0]] == [["TEST-UIA", "保温杯", 3, 12.5], ["TEST-UIB", "雨伞", 4, 20]]
    clerk.picture("order-lines-pasted")
    assert clerk.errors == []


def test_the_timeline_speaks_the_readers_words(clerk: Desk, order_site: OrderSite) -> None:
    """What changed is told in Chinese, and nothing about values that were empty before and after."""
    order = order_site.new_order()
    order_site.call("confirm", order=order)
    open_order(clerk, order)
    timeline = clerk.page.locator(".new-timeline:visible")
    expect(timeline).to_contain_text("已确认")
    told = timeline.inner_text()
    # The form says itself what can be done; the framework's alert about the workflow says nothing to a clerk.
    expect(clerk.page.get_by_text("不可编辑")).to_have_count(0)
    clerk.picture("order-timeline")
    assert "Confirmed" not in told
    assert "Unconfirmed" not in told
    assert "“”" not in told.replace(" ", "")
    assert clerk.errors == []
