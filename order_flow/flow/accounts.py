"""What the two kinds of account documents have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import frappe
from frappe import _

_SCHEMES = frozenset({"http", "https"})


def check_base_url(account: Any) -> None:
    """Refuse an address that no call could use.

    Raises:
        frappe.ValidationError: naming the account.
    """
    parts = urlsplit(account.base_url or "")
    if parts.scheme not in _SCHEMES or not parts.netloc:
        frappe.throw(
            _("{0} is not a web address. Enter it with http:// or https:// as the provider gave it.").format(
                account.base_url
            )
        )


def resume_when_corrected(account: Any, fieldnames: Iterable[str]) -> None:
    """Lift the pause that wrong settings caused as soon as one of them was changed.

    Args:
        account: the account document in its validate.
        fieldnames: the settings that can have caused the pause.
    """
    if account.paused and any(account.has_value_changed(fieldname) for fieldname in fieldnames):
        account.paused = 0
        account.pause_reason = None
