"""A Chromium that is logged in to the desk of the test site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dev import services
from dev.state import HostState

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


@dataclass
class Desk:
    """A logged-in desk.

    Args:
        page: the browser's page.
        url: address of the site, without a trailing slash.
        screenshot_dir: where `picture` writes.
        errors: JavaScript errors that no code caught, as they came.
    """

    page: Page
    url: str
    screenshot_dir: Path
    errors: list[str] = field(default_factory=list)

    def open(self, route: str) -> None:
        """Open a desk route such as "List/ToDo" and wait until its page is drawn."""
        self.page.goto(f"{self.url}/app/{route}")
        self.page.wait_for_function("() => window.frappe && frappe.router && frappe.container?.page")
        self.page.wait_for_load_state("load")

    def picture(self, name: str) -> Path:
        """Take a screenshot into .bench/screenshots/NAME.png."""
        self.screenshot_dir.mkdir(parents=True, exist_ok=True)
        path = self.screenshot_dir / f"{name}.png"
        self.page.screenshot(path=path)
        return path


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
