"""Each role opens the places of its main job in Chinese: nothing fails, nobody is told what he may not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from dev.browser import Desk, logged_in
from dev.state import HostState
from tests.browser.order_site import PASSWORD, OrderSite
from tests.browser.orders.test_order_desk import LATIN_WORD, english_leftovers


@dataclass(frozen=True)
class Job:
    """What somebody does all day.

    Args:
        routes: where; ``{order}`` and ``{shipment}`` stand for one on its way.
        unseen: fields of the order that this role must not see.
    """

    routes: tuple[str, ...]
    unseen: tuple[str, ...] = ()


ORDER, SHIPMENT = "order/{order}", "shipment/{shipment}"
JOBS = {
    "Order Desk": Job(("order-flow", "order/new", ORDER, "shortage", "order-file")),
    "Sales": Job((ORDER, "query-report/Customer Exposure")),
    "Sales Manager": Job((ORDER, "query-report/Order Performance", "gate-override")),
    "Finance": Job(("finance-work", ORDER, "letter-of-credit/new", "query-report/Due List")),
    "Warehouse": Job(
        ("warehouse-work", ORDER, SHIPMENT, "query-report/Picking Plan"), unseen=("total", "paid_amount")
    ),
    "Logistics": Job(("query-report/Dispatch Schedule", "delivery-case")),
    "Planning": Job((ORDER, "query-report/Work Queue", "allocation-run")),
    "Quality": Job(("review-checklist", SHIPMENT)),
    "Order Auditor": Job(("query-report/Order Log", ORDER)),
}
FIELDS = """() => [...document.querySelectorAll('.page-container .frappe-control[data-fieldname]')]
    .filter((control) => control.offsetParent).map((control) => control.dataset.fieldname)"""


DATA = frozenset(
    {
        "field",
        "rep",
        "only",
        "order",
        "test",
        "example",
        "com",
        "Test",
        "Customer",
        "PAY",
        "ADD",
        "PCD",
        "Total",
    }
)
"""Parts of addresses, names and numbers that other tests gave to people, customers, payments and orders; and
the framework's own word in the sums below a report, which is English in every language."""
HASH = re.compile(r"[a-f]{1,8}")
NAMES_OF_ROWS = """() => {
    const rows = window.cur_frm?.doc ? Object.values(cur_frm.doc).filter(Array.isArray).flat() : [];
    const documents = [...rows, ...(window.cur_list?.data || [])];
    return documents.flatMap(row => Object.values(row)).filter(value => /^[0-9a-z]{10}$/.test(value));
}"""
"""Names that the framework drew by lot: of hexadecimal digits in the snapshot, of all letters
in newer releases."""


@pytest.fixture(scope="module")
def on_its_way(order_site: OrderSite) -> dict[str, str]:
    """An order with a shipment."""
    order, shipment = order_site.shipped_for_the_rep()
    return {"order": order, "shipment": shipment}


@pytest.fixture
def person(
    request: pytest.FixtureRequest, browser: Browser, order_site: OrderSite, host: HostState
) -> Iterator[Desk]:
    """The desk of somebody who has one role only."""
    user = order_site.person_of(request.getfixturevalue("role"))
    with logged_in(browser, order_site.url, user, PASSWORD, host.screenshot_dir) as desk:
        yield desk


def settled(page: Page) -> None:
    """The page has drawn what it asked for."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => !document.querySelector('.freeze-message-container, #freeze.in')")


@pytest.mark.parametrize("role", list(JOBS))
def test_the_places_of_a_job_open(role: str, person: Desk, on_its_way: dict[str, str]) -> None:
    """No page error, no message, no English; what a role must not see is not there."""
    page, job = person.page, JOBS[role]
    found: dict[str, object] = {}
    for route in job.routes:
        person.open(route.format(**on_its_way))
        settled(page)
        told = page.locator(".msgprint:visible").all_inner_texts()
        words = english_leftovers(page.locator(".page-container:visible .layout-main").last)
        drawn = {word for name in page.evaluate(NAMES_OF_ROWS) for word in LATIN_WORD.findall(name)}
        english = [word for word in words if word not in DATA | drawn and not HASH.fullmatch(word)]
        if told or english:
            found[route] = (told, english)
        if route == ORDER:
            shown = page.evaluate(FIELDS)
            assert not set(job.unseen) & set(shown)
            expect(page.locator(".order-why:visible")).to_contain_text(on_its_way["order"])
    person.picture(f"role-{role.lower().replace(' ', '-')}")
    assert found == {}
    assert person.errors == []


@pytest.mark.parametrize("role", ["Warehouse"])
def test_the_list_shows_a_picker_no_sums(role: str, person: Desk, on_its_way: dict[str, str]) -> None:
    """Not even a zero that looks like one (R-268)."""
    person.open("order")
    row = person.page.locator(f".list-row-container:has([data-name='{on_its_way['order']}']):visible")
    expect(row).to_contain_text("–")
    assert "0.00" not in row.inner_text()
