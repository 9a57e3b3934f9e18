"""The customer's page on a phone of 360 pixels, without a login (R-298, R-303)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.state import HostState
from tests.browser.order_site import OrderSite

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone that nobody is logged in on; page errors fail the test."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
    context.close()


def shipped(order_site: OrderSite) -> str:
    order = order_site.new_order(payment_term="Cash on Delivery")
    order_site.call("confirm", order=order)
    order_site.call("ship", order=order, carrier="顺丰速运", waybill_number=f"SF{order}")
    return order


def test_the_customer_looks_and_confirms(phone: Page, order_site: OrderSite, host: HostState) -> None:
    order = shipped(order_site)
    phone.goto(order_site.link(order, "Receipt"))
    expect(phone.locator("h1")).to_contain_text(order)
    expect(phone.locator("main")).to_contain_text("您的货物正在运输途中")
    expect(phone.locator("main")).to_contain_text(f"SF{order}")
    assert "29.9" not in phone.content()
    sideways = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert phone.evaluate(sideways) <= 0
    host.screenshot_dir.mkdir(parents=True, exist_ok=True)
    phone.screenshot(path=host.screenshot_dir / "customer-page.png", full_page=True)
    phone.tap("[data-deed='confirm_arrival']")
    expect(phone.locator("#answer")).to_have_text("谢谢，我们已记录。")
    assert order_site.standing(order)["workflow_state"] == "Received"


def test_what_was_typed_stays_when_the_connection_is_lost(phone: Page, order_site: OrderSite) -> None:
    order = shipped(order_site)
    phone.goto(order_site.link(order, "Receipt"))
    phone.fill("#problem", "少了一箱")
    phone.context.set_offline(True)
    phone.tap("[data-deed='report_problem']")
    expect(phone.locator("#answer")).to_contain_text("请重试")
    assert phone.input_value("#problem") == "少了一箱"
    phone.context.set_offline(False)
    phone.tap("[data-deed='report_problem']")
    expect(phone.locator("#answer")).to_have_text("谢谢，我们已记录。")


def test_a_guessed_address_shows_nothing(phone: Page, order_site: OrderSite) -> None:
    for guess in ("guessed", "guessed-again"):
        answer = phone.goto(f"{order_site.url}/track?t={guess}")
        assert answer is not None
        assert answer.status == 404
        expect(phone.locator(".stages")).to_have_count(0)


def test_the_customer_answers_about_goods_that_are_short(
    phone: Page, order_site: OrderSite, host: HostState
) -> None:
    """K-20: the offer in his words, one tap, and the question is closed."""
    order = order_site.short_order()
    phone.goto(order_site.link(order, "Shortage Answer"))
    offer = phone.locator("[data-offer]")
    expect(offer).to_contain_text("先发其余货品，缺货部分后发。")
    phone.screenshot(path=host.screenshot_dir / "customer-offer.png", full_page=True)
    offer.locator("textarea").fill("请上午送")
    offer.locator("[data-agreed='1']").tap()
    expect(phone.locator("#answer")).to_have_text("谢谢，我们已记录。")
    expect(offer.locator("[data-agreed='0']")).to_be_disabled()
    assert order_site.shortages_of(order) == ["Agreed"]
    phone.reload()
    expect(phone.locator("[data-offer]")).to_have_count(0)
