"""What the two kinds of account documents have in common."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import frappe
from frappe import _

_SEPARATORS = re.compile(r"[,,、;;\s]+")
_CODE = re.compile(r"[0-9]{1,9}")
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


def listed(text: str | None) -> tuple[str, ...]:
    """The parts of a list that a person typed with commas, also Chinese ones, between them."""
    return tuple(part for part in _SEPARATORS.split(text or "") if part)


def check_codes(account: Any, fieldnames: Iterable[str]) -> None:
    """Refuse lists of codes that are no lists of whole numbers.

    Args:
        account: the account document in its validate.
        fieldnames: the fields that hold such lists.

    Raises:
        frappe.ValidationError: naming the field and what stands in it.
    """
    for fieldname in fieldnames:
        wrong = [part for part in listed(account.get(fieldname)) if not _CODE.fullmatch(part)]
        if wrong:
            frappe.throw(
                _("{0}: '{1}' is not a code. Enter whole numbers with commas between, e.g. 55,53.").format(
                    _(account.meta.get_label(fieldname)), wrong[0]
                )
            )


def check_proxy(address: str) -> None:
    """Refuse a proxy that no call could use.

    Raises:
        frappe.ValidationError: it is not an address of a proxy for HTTP; it is not shown, for it may hold a
            password.
    """
    parts = urlsplit(address)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        frappe.throw(_("The proxy is not a web address. Enter it like http://user:password@proxy:3128."))


def check_certificates(text: str) -> None:
    """Refuse a text that holds no certificate.

    Raises:
        frappe.ValidationError: it cannot be read as PEM.
    """
    try:
        ssl.create_default_context(cadata=text)
    except (ssl.SSLError, ValueError):
        frappe.throw(
            _(
                "The certificate authorities cannot be read. Enter them as PEM text, as in a .pem or .crt "
                "file."
            )
        )
