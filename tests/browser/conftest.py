"""A Chromium that is logged in to the desk of the test site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

from dev import services
from dev.state import HostState
from tests.browser.desk import Desk

CHROMIUM_ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGE_TIMEOUT_MS: Final = 60_000


@pytest.fixture(scope="session")
def site_url(host: HostState) -> str:
    """Address of the test site's web server; started when `make test` did not."""
    services.start(services.TESTING, host)
    return host.test_web_url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = shutil.which("chromium")
    assert program, "chromium is not installed; `make up` installs it"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def desk(browser: Browser, site_url: str, host: HostState) -> Iterator[Desk]:
    """The desk, with Administrator logged in through the login form."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(PAGE_TIMEOUT_MS)
    page = context.new_page()
    desk = Desk(page, site_url, host.screenshot_dir)
    page.on("pageerror", lambda error: desk.errors.append(str(error)))
    page.goto(f"{site_url}/login")
    page.fill("#login_email", "Administrator")
    page.fill("#login_password", host.admin_password)
    page.click(".btn-login:visible")
    page.wait_for_url(f"{site_url}/app**")
    yield desk
    context.close()
