"""Texts that jobs store for people: a job has no reader whose language it could take, so the site's it is."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.message import Message


def site_language() -> str:
    """The language of the site, which whoever has set none of their own reads."""
    return str(frappe.db.get_default("lang") or "en")


def in_site_language(text: str) -> str:
    """A text as it is stored.

    Args:
        text: a ``Message`` is translated; any other text (the far side's words) stays as it is.
    """
    if not isinstance(text, Message):
        return text
    language = site_language()
    return text.in_words(lambda template: str(_(template, lang=language)))
