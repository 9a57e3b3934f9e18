"""The page behind a customer's link; it knows nobody and shows one order (R-298, R-380)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.rate_limiter import rate_limit

from order_flow.flow.customer_deeds import may_report, offers_to
from order_flow.flow.customer_links import LinkUnknown, language_of, note_use, resolve, view

no_cache = 1
LOOKS_PER_MINUTE = 60


def get_context(context: Any) -> None:
    """Fill the page.

    Raises:
        frappe.PageDoesNotExistError: the link opens nothing; guessing looks like any wrong address.
    """
    context.no_cache = 1
    context.token = frappe.form_dict.get("t") or ""
    try:
        link = _looked_up()
    except LinkUnknown:
        raise frappe.PageDoesNotExistError from None
    frappe.local.lang = context.lang = language_of(link)
    context.update(view(link, frappe.local.lang))
    context.offers = offers_to(link)
    context.may_report = may_report(link)
    note_use(link)
    # The framework rolls a GET back; that a link was used is worth a commit of its own.
    frappe.db.commit()


@rate_limit(limit=LOOKS_PER_MINUTE, seconds=60)
def _looked_up(t: str = "") -> Any:
    return resolve(t)
