"""Takes the pictures of the documents: `python -m dev.pictures`, called by `make pictures`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize

from dev.browser import WIDGETS_DRAWN, Desk, chromium, logged_in
from dev.demo.rest import Refusal
from dev.errors import HostError
from dev.pictures.cast import (
    ASKED_TO_CANCEL,
    CLERK,
    ENGLISH_CLERK,
    OPERATOR,
    PASSWORD,
    WAITS_FOR_MONEY,
    Cast,
    Viewer,
)
from dev.state import ROOT, HostState, load

FOLDER: Final = ROOT / "docs" / "pictures"
WINDOW: Final[ViewportSize] = {"width": 1200, "height": 800}
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
LARGEST_BYTES: Final = 250_000
WHY: Final = ".order-why:visible"
ROW: Final = ".list-row-container:visible"
SHOW_ME_AROUND: Final = "button:has-text('带我看看'):visible"
TOUR: Final = "#driver-popover-item:visible"
FORM: Final = ".form-page:visible .form-section:not(.empty-section) .control-label:visible"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture.

    Args:
        name: of the file, without its ending.
        viewer: at whose desk.
        route: of the desk, once the orders are there.
        ready: selector of what must be seen first.
        window: its size in CSS pixels.
        press: selector of what is pressed before; nothing where it is empty.
    """

    name: str
    viewer: Viewer
    route: Callable[[Cast], str]
    ready: str
    window: ViewportSize
    press: str = ""


def _order(title: str) -> Callable[[Cast], str]:
    return lambda cast: f"order/{cast.order(title)}"


def _at(route: str) -> Callable[[Cast], str]:
    return lambda _cast: route


SHOTS: Final = (
    Shot("workspace-zh", CLERK, _at("order-flow"), ".number-widget-box .number", WINDOW),
    Shot("order-list-zh", CLERK, _at("order"), ROW, WINDOW),
    Shot("order-form-zh", CLERK, _order(WAITS_FOR_MONEY), WHY, WINDOW),
    Shot("order-cancel-request-zh", CLERK, _order(ASKED_TO_CANCEL), WHY, WINDOW),
    Shot("order-form-phone-zh", CLERK, _order(WAITS_FOR_MONEY), WHY, PHONE),
    Shot("order-tour-zh", CLERK, _at("order/new"), TOUR, WINDOW, SHOW_ME_AROUND),
    Shot(
        "dispatch-schedule-zh", OPERATOR, _at("query-report/Dispatch Schedule"), ".dt-row-0:visible", WINDOW
    ),
    Shot("workspace", ENGLISH_CLERK, _at("order-flow"), ".number-widget-box .number", WINDOW),
    Shot("order-list", ENGLISH_CLERK, _at("order"), ROW, WINDOW),
    Shot("order-form", ENGLISH_CLERK, _order(WAITS_FOR_MONEY), WHY, WINDOW),
    Shot("order-cancel-request", ENGLISH_CLERK, _order(ASKED_TO_CANCEL), WHY, WINDOW),
    Shot("sync-outbox-zh", OPERATOR, lambda cast: f"sync-outbox/{cast.dead_message()}", FORM, WINDOW),
    Shot(
        "sync-discrepancy-zh", OPERATOR, lambda cast: f"sync-discrepancy/{cast.contradiction()}", FORM, WINDOW
    ),
)


def take(browser: Browser, state: HostState, cast: Cast, shot: Shot) -> None:
    """Take one picture of the desk.

    Raises:
        HostError: the page reported an error, or the picture is too heavy for the documents.
    """
    with logged_in(browser, state.web_url, shot.viewer.email, PASSWORD, FOLDER, shot.window) as desk:
        desk.open(shot.route(cast))
        if shot.press:
            desk.page.click(shot.press)
        desk.page.wait_for_selector(shot.ready)
        settle(desk.page)
        keep(desk, shot.name)


def take_simulator(browser: Browser, name: str, url: str) -> None:
    """Take the page of a simulator; raises as ``take``."""
    page = browser.new_page(viewport=WINDOW)
    page.goto(url)
    keep(Desk(page, url, FOLDER), name)
    page.close()


def settle(page: Page) -> None:
    """Wait until nothing is being loaded or moves any more."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(WIDGETS_DRAWN)
    for notice in page.locator(".desk-alert .close:visible").all():
        notice.click()
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")


def keep(desk: Desk, name: str) -> None:
    """Write the picture and say how large it is; raises as ``take``."""
    path = desk.picture(name)
    size = path.stat().st_size
    if desk.errors or size > LARGEST_BYTES:
        raise HostError(
            f"The picture {name} is not fit for the documents.",
            "; ".join(desk.errors) or f"It has {size} bytes; at most {LARGEST_BYTES} are allowed.",
            f"Open {desk.page.url} and look at it.",
        )
    print(f"  {path.relative_to(ROOT)} {size // 1000} kB", flush=True)


def main() -> int:
    """Play the orders, take the pictures, tidy up; the exit code says whether all were taken."""
    try:
        state = load()
        cast = Cast(state)
        cast.enter()
        with chromium() as browser:
            for shot in SHOTS:
                take(browser, state, cast, shot)
            take_simulator(browser, "simulator-wdt", f"{state.wdt_url}/")
            take_simulator(browser, "simulator-u8", f"{state.u8_url}/")
        cast.leave()
    except HostError as error:
        print(error.report(), file=sys.stderr)
        return 1
    except Refusal as refusal:
        print(
            "error: the site refused to play for the pictures.\n"
            f"  why:  {refusal}\n  cure: look at .bench/log/web.log, then run `make pictures` again.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
