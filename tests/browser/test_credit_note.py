"""A credit note from the order to finance's decision, by people of one role each."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import PASSWORD, OrderSite


def buttons(desk: Desk) -> list[str]:
    """What the form offers."""
    desk.page.wait_for_load_state("networkidle")
    return [text.strip() for text in desk.page.locator(".page-actions button:visible").all_inner_texts()]


def test_goods_are_credited_by_their_lines_and_finance_decides(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    """Nobody types the number of a line; what was proposed is not edited any more."""
    order, _shipment = order_site.shipped_for_the_rep()
    after_sales = (order_site.person_of("After-sales"), PASSWORD)
    with logged_in(browser, order_site.url, *after_sales, host.screenshot_dir) as desk:
        page = desk.page
        desk.open("credit-note/new")
        choice = page.locator("[data-fieldname=order_id] input:visible").first
        choice.fill(order)
        page.locator(f"[role=listbox] :text('{order}')").first.click()
        page.wait_for_function("(order) => cur_frm.doc.order_id === order", arg=order)
        page.get_by_role("button", name="取订单明细").click()
        rows = page.locator("[data-fieldname=items] .grid-body .grid-row")
        expect(rows).to_have_count(2)
        page.locator("[data-fieldname=remark] textarea:visible").fill("外箱压坏")
        desk.picture("credit-note-new")
        page.keyboard.press("Control+s")
        page.wait_for_url("**/credit-note/CN*")
        expect(page.locator(".title-area .indicator-pill:visible")).to_contain_text("待审批")
        assert "保存" not in buttons(desk)
        assert desk.errors == []
    (note,) = order_site.rows(f'Credit Note?filters=[["order_id","=","{order}"]]&fields=["name","amount"]')
    assert note["amount"] == 179.4
    finance = (order_site.person_of("Finance"), PASSWORD)
    with logged_in(browser, order_site.url, *finance, host.screenshot_dir) as desk:
        desk.open(f"credit-note/{note['name']}")
        desk.page.get_by_role("button", name="批准红字单").click()
        desk.page.locator(".modal-dialog:visible .btn-primary:visible").click()
        expect(desk.page.locator(".title-area .indicator-pill:visible")).to_contain_text("已批准")
        desk.picture("credit-note-approved")
    assert order_site.standing(order)["credited_amount"] == 179.4
