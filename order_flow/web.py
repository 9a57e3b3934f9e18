"""Answers of pages that are opened by a secret address: for nobody's cache, index or referrer (R-298)."""

from __future__ import annotations

from typing import Any

PRIVATE_PAGES = ("track",)
NOT_FOUND_PAGE = "404"
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def keep_private(response: Any, request: Any) -> None:
    """After each request: the pages above tell machines on the way to forget them."""
    if _page(request.path) not in PRIVATE_PAGES and response.headers.get("X-Page-Name") not in PRIVATE_PAGES:
        return
    response.headers.update(HEADERS)
    # The framework keeps its page for wrong addresses in the cache, and answers 200 from there.
    if response.headers.get("X-Page-Name") == NOT_FOUND_PAGE:
        response.status_code = 404


def _page(path: str) -> str:
    """The page that the framework finds for a path: it takes ``/track.html`` and ``/track/`` as well."""
    return path.strip("/ ").removesuffix(".html").lower()
