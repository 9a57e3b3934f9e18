"""Answers of pages that are opened by a secret address: for nobody's cache, index or referrer (R-298)."""

from __future__ import annotations

from typing import Any

PRIVATE_PAGES = ("/track",)
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def keep_private(response: Any, request: Any) -> None:
    """After each request: the pages above tell machines on the way to forget them."""
    if request.path.rstrip("/") in PRIVATE_PAGES:
        response.headers.update(HEADERS)
