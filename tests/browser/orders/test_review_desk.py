"""A department head answers a review at the desk, in Chinese, in a real browser (R-088, R-092, K-25)."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import CLERK, PASSWORD, OrderSite


def open_checklist(desk: Desk, checklist: str) -> Page:
    """Open a checklist and wait for the facts of its order."""
    desk.open(f"review-checklist/{checklist}")
    desk.page.wait_for_selector(".review-order:visible")
    return desk.page


def test_a_head_sees_the_order_and_answers_with_one_click(quality_head: Desk, order_site: OrderSite) -> None:
    """Order facts on top, the own question next, Yes."""
    _order, checklist = order_site.reviewed_order()
    page = open_checklist(quality_head, checklist)
    quality_head.picture("review-checklist")
    expect(page.locator(".review-order")).to_contain_text("保温杯")
    expect(page.locator("[data-fieldname=waiting_for] .control-value")).to_have_text(
        "技术, 计划, 采购, 生产, 质量"
    )
    question = page.locator(".review-question")
    expect(question).to_have_count(1)
    expect(question).to_contain_text("能否达到客户的品质要求？")
    question.get_by_role("button", name="是", exact=True).click()
    expect(page.locator(".review-question")).to_contain_text("答复：是")
    assert quality_head.errors == []


def test_a_refusal_asks_for_its_reason(quality_head: Desk, order_site: OrderSite) -> None:
    """No goes back to the order desk with the reason."""
    _order, checklist = order_site.reviewed_order()
    page = open_checklist(quality_head, checklist)
    page.locator(".review-question").get_by_role("button", name="否", exact=True).click()
    dialog = page.locator(".modal-dialog:visible")
    dialog.locator("textarea:visible").fill("达不到客户的盐雾要求")
    dialog.locator(".btn-primary:visible").click()
    expect(page.locator(".indicator-pill:visible").first).to_contain_text("不通过")
    assert quality_head.errors == []


def test_the_order_shows_where_its_review_stands(
    browser: Browser, order_site: OrderSite, host: HostState
) -> None:
    """R-015: standing and link on the order's form."""
    order, checklist = order_site.reviewed_order()
    with logged_in(browser, order_site.url, CLERK, PASSWORD, host.screenshot_dir) as desk:
        desk.open(f"order/{order}")
        line = desk.page.locator(".order-review:visible")
        expect(line).to_contain_text("等待")
        expect(line).to_contain_text("质量")
        line.get_by_role("link").click()
        desk.page.wait_for_selector(".review-order:visible")
        assert checklist in desk.page.url
        assert desk.errors == []


def test_the_list_shows_what_waits_for_my_department(quality_head: Desk, order_site: OrderSite) -> None:
    """One click on the list; an answered review leaves it."""
    waiting, answered = order_site.reviewed_order()[1], order_site.reviewed_order()[1]
    page = open_checklist(quality_head, answered)
    page.locator(".review-question").get_by_role("button", name="是", exact=True).click()
    expect(page.locator(".review-question")).to_contain_text("答复：是")
    quality_head.open("review-checklist")
    page.get_by_role("button", name="等待本部门答复").click()
    expect(page.locator(f".list-row-container:visible [data-name='{waiting}']").first).to_be_visible()
    expect(page.locator(f".list-row-container:visible [data-name='{answered}']")).to_have_count(0)
    assert quality_head.errors == []
