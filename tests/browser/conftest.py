"""A Chromium that is logged in to the desk of the test site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from dev import services
from dev.browser import Desk, chromium, logged_in
from dev.state import HostState


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


@pytest.fixture
def desk(browser: Browser, site_url: str, host: HostState) -> Iterator[Desk]:
    """The desk, with Administrator logged in through the login form."""
    with logged_in(browser, site_url, "Administrator", host.admin_password, host.screenshot_dir) as desk:
        yield desk
