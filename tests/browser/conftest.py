"""A Chromium that is logged in to the desk of the test site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState

from dev.browser import Desk, chromium, logged_in
from dev.host import services
from dev.state import HostState
from tests.browser.order_site import CLERK, MANAGER, PASSWORD, QUALITY_HEAD, OrderSite

SLOW_MACHINE = r"^TimeoutError: .*Timeout \d+ms exceeded"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test that ran out of time in the browser, and for nothing else, run once more (ADR 0034)."""
    again = pytest.mark.flaky(reruns=1, only_rerun=[SLOW_MACHINE])
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(again)


@pytest.fixture(scope="session")
def site_url(host: HostState) -> str:
    """Address of the test site's web server; started when `make test` did not."""
    services.start(services.TESTING, host)
    return host.test_web_url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """Who has logged in already in this run; the login itself is tested by whoever comes first."""
    return {}


@pytest.fixture
def desk(
    browser: Browser, site_url: str, host: HostState, sessions: dict[str, StorageState]
) -> Iterator[Desk]:
    """The desk, with Administrator logged in through the login form."""
    login = ("Administrator", host.admin_password)
    with logged_in(browser, site_url, *login, host.screenshot_dir, sessions=sessions) as desk:
        yield desk


@pytest.fixture(scope="session")
def order_site(site_url: str, host: HostState) -> Iterator[OrderSite]:
    """The test site with its people and what an order needs."""
    site = OrderSite(site_url, host.admin_password)
    site.prepare()
    yield site
    site.close()


@pytest.fixture
def clerk(
    browser: Browser, order_site: OrderSite, host: HostState, sessions: dict[str, StorageState]
) -> Iterator[Desk]:
    """The order clerk's desk: order desk and finance, as in a small company."""
    login = (CLERK, PASSWORD)
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, sessions=sessions) as desk:
        yield desk


@pytest.fixture
def manager(
    browser: Browser, order_site: OrderSite, host: HostState, sessions: dict[str, StorageState]
) -> Iterator[Desk]:
    """The desk of a sales manager."""
    login = (MANAGER, PASSWORD)
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, sessions=sessions) as desk:
        yield desk


@pytest.fixture
def quality_head(
    browser: Browser, order_site: OrderSite, host: HostState, sessions: dict[str, StorageState]
) -> Iterator[Desk]:
    """The desk of the person who answers for quality and reacts to findings."""
    login = (QUALITY_HEAD, PASSWORD)
    with logged_in(browser, order_site.url, *login, host.screenshot_dir, sessions=sessions) as desk:
        yield desk
