"""The language of what is stored for others: jobs and tasks speak the site's, not their author's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe

from order_flow.outbox import language


@contextmanager
def speaking_site_language() -> Iterator[None]:
    """Write texts that others will read; also a decorator of functions that only write such texts."""
    before = frappe.local.lang
    frappe.local.lang = language.site_language()
    try:
        yield
    finally:
        frappe.local.lang = before


def job_begins(**_job: Any) -> None:
    """A background job has no reader of its own: what it stores is in the site's language."""
    frappe.local.lang = language.site_language()
