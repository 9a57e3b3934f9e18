"""How long a person waits: pages of the desk in a real browser, each opened anew, at many orders."""

from __future__ import annotations

import secrets
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import frappe
from frappe.utils.password import update_password
from playwright.sync_api import Page

from dev.bench.site import BENCH_SITE
from dev.browser import WIDGETS_DRAWN, Desk, chromium, logged_in
from dev.host import services
from dev.state import HostState

USER: Final = "Administrator"
ROUNDS: Final = 3
WORKSPACE: Final = "order-flow"
IN_THE_DESK: Final = "workspace_in_desk"
CARDS_AND_CHARTS: Final = f"() => !!document.querySelector('.dashboard-widget-box') && ({WIDGETS_DRAWN})()"
LIST: Final = "() => document.querySelectorAll('.list-row-container .list-row').length > 0"
FORM: Final = "() => !!document.querySelector('.order-why') && !!document.querySelector('.order-standing')"


def page_ms(state: HostState) -> Mapping[str, float]:
    """Milliseconds from calling an address until its page shows what it is for; the median of some rounds.

    Scripts and styles lie in the browser's cache after the first page, as on any working day; data never do.
    The workspace is measured twice: with the whole desk loaded anew, where half a second is a fixed wait of
    the framework's page editor, and chosen from within the desk, as people open it all day.

    Args:
        state: the running host; its web server serves the bench's site by its name.

    Returns:
        By page: the workspace with all its cards and charts, the same chosen in the desk, list, form.
    """
    password = secrets.token_hex(12)
    update_password(USER, password)
    frappe.db.commit()
    services.start(("web",), state)
    address = f"http://{BENCH_SITE}:{urlsplit(state.web_url).port}"
    order = str(frappe.get_all("Order", pluck="name", order_by="creation desc", limit=1)[0])
    pages = {
        "workspace": (WORKSPACE, CARDS_AND_CHARTS),
        "list": ("order", LIST),
        "form": (f"order/{order}", FORM),
    }
    with chromium() as browser, logged_in(browser, address, USER, password, state.screenshot_dir) as desk:
        opened = {
            name: _median(partial(_opened, desk, route, drawn)) for name, (route, drawn) in pages.items()
        }
        return opened | {IN_THE_DESK: _median(partial(_chosen, desk))}


def _median(measure: Callable[[], float]) -> float:
    measure()
    return statistics.median(measure() for _round in range(ROUNDS))


def _chosen(desk: Desk) -> float:
    page: Page = desk.page
    page.evaluate("() => frappe.set_route('List', 'Order')")
    page.wait_for_function(LIST, polling=20)
    page.wait_for_load_state("networkidle")
    # What was drawn before must not count as drawn.
    page.evaluate("() => document.querySelectorAll('.widget').forEach((widget) => widget.remove())")
    started = time.perf_counter()
    page.evaluate(f"() => {{ frappe.set_route('{WORKSPACE}'); }}")
    page.wait_for_function(CARDS_AND_CHARTS, polling=20)
    return (time.perf_counter() - started) * 1000


def _opened(desk: Desk, route: str, drawn: str) -> float:
    page: Page = desk.page
    page.goto("about:blank")
    started = time.perf_counter()
    desk.open(route)
    page.wait_for_function(drawn, polling=20)
    return (time.perf_counter() - started) * 1000
