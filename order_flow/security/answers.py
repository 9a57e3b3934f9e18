"""Answers before they leave: private pages are for nobody's cache, and a refusal has its reason (R-298)."""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _

PRIVATE_PAGES = ("track",)
FORBIDDEN = 403
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


def say_why(response: Any, request: Any) -> None:
    """After each request: whom the framework refuses without a word is told that it is the roles."""
    if response.status_code != FORBIDDEN or response.mimetype != "application/json":
        return
    if not request.path.startswith("/api/") or frappe.session.user == "Guest":
        return
    said = json.loads(response.get_data())
    if said.get("_server_messages"):
        return
    words = _("Your roles may not do this. Ask the order desk or your administrator.")
    message = json.dumps({"message": words, "title": _("Not Permitted"), "indicator": "red"})
    response.set_data(json.dumps({**said, "_server_messages": json.dumps([message])}))


def _page(path: str) -> str:
    """The page that the framework finds for a path: it takes ``/track.html`` and ``/track/`` as well."""
    return path.strip("/ ").removesuffix(".html").lower()
