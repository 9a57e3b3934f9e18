"""How often somebody without a login may call: counted by the framework, refused in words of ours."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit


class CalledTooOften(frappe.ValidationError):
    """More calls than one secret, or one address, has."""

    http_status_code = 429


def count_call(*, limit: int, seconds: int, key: str | None = None) -> None:
    """Count this call.

    Args:
        limit: calls that there are.
        seconds: in how long.
        key: the argument by whose value is counted; by network address where it is left out.

    Raises:
        CalledTooOften: this is one too many; in the reader's language.
    """
    counted: Any = rate_limit(key=key, limit=limit, seconds=seconds, ip_based=key is None)(_nothing)
    try:
        counted()
    except frappe.ValidationError:
        # The framework says it in words of its own, of which it has no translation.
        frappe.clear_last_message()
        frappe.throw(
            _("This link was used too often. Wait a while and try again, or call us."), CalledTooOften
        )


def _nothing() -> None:
    """Do nothing: the framework calls this for a call that is within the limit."""
