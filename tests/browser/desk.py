"""The desk as the browser tests see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page


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
