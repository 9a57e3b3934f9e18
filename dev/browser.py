"""A Chromium on the desk: the browser tests and the pictures of the documents use the same one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright

from dev.errors import HostError

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
WIDGETS_DRAWN: Final = """() => {
    const shown = (widget, what) =>
        [...widget.querySelectorAll(what)].filter((node) => node.getClientRects().length);
    const says = (node) => node.innerText.trim() !== __('Loading...');
    const all = (widgets, drawn) => [...document.querySelectorAll(widgets)].every(drawn);
    return all('.number-widget-box', (card) => shown(card, '.number').length)
        && all('.dashboard-widget-box', (chart) =>
            shown(chart, '.frappe-chart').length || shown(chart, '.chart-loading-state').some(says));
}"""
"""Whether every number and chart that a workspace holds is to be seen; true also where there is none."""
WIDE: Final[ViewportSize] = {"width": 1440, "height": 900}


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
        """Take a screenshot into the folder of screenshots, as NAME.png."""
        self.screenshot_dir.mkdir(parents=True, exist_ok=True)
        path = self.screenshot_dir / f"{name}.png"
        self.page.screenshot(path=path)
        return path


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Debian's Chromium, without a window, for as long as the block lasts.

    Args:
        more: further arguments of the program, e.g. for a camera of its own.

    Raises:
        HostError: it is not installed.
    """
    program = shutil.which("chromium")
    if program is None:
        raise HostError("There is no browser.", "chromium is not installed.", "`make up` installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*CHROMIUM_ARGUMENTS, *more])
        try:
            yield browser
        finally:
            browser.close()


def _log_in(page: Page, url: str, user: str, password: str) -> None:
    page.goto(f"{url}/login")
    page.fill("#login_email", user)
    page.fill("#login_password", password)
    page.click(".btn-login:visible")
    # Frappe 16 has the desk at another address.
    page.wait_for_url(re.compile(rf"{re.escape(url)}/(app|desk)\b"))


@contextmanager
def logged_in(
    browser: Browser,
    url: str,
    user: str,
    password: str,
    screenshot_dir: Path,
    viewport: ViewportSize = WIDE,
    sessions: dict[str, StorageState] | None = None,
) -> Iterator[Desk]:
    """A desk with somebody logged in through the login form, for as long as the block lasts.

    Args:
        browser: a running browser.
        url: address of the site, without a trailing slash.
        user: login name.
        password: of that user.
        screenshot_dir: where pictures go.
        viewport: size of the window in CSS pixels.
        sessions: cookies by user, where logins are remembered: who is in it need not log in again.
    """
    known = (sessions or {}).get(user)
    context = browser.new_context(
        viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", storage_state=known
    )
    context.set_default_timeout(PAGE_TIMEOUT_MS)
    page = context.new_page()
    desk = Desk(page, url, screenshot_dir)
    page.on("pageerror", lambda error: desk.errors.append(str(error)))
    if known is None:
        _log_in(page, url, user, password)
        if sessions is not None:
            sessions[user] = context.storage_state()
    try:
        yield desk
    finally:
        context.close()
