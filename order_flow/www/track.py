"""The page behind a customer's link; it knows nobody and shows one order (R-298, R-380)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from order_flow.api.call_limits import CalledTooOften, count_call
from order_flow.domain.message import Message
from order_flow.flow.customers.page import may_report, offers_to
from order_flow.flow.notices.links import LinkUnknown, language_of, note_use, resolve, view
from order_flow.outbox.language import site_language
from order_flow.papers import seller

no_cache = 1
LOOKS_PER_MINUTE = 60
_NO_LINK = Message("This link does not open anything (any more). Ask us for a new one.")
_TOO_OFTEN = Message("This link was used too often. Wait a while and try again, or call us.")


def get_context(context: Any) -> None:
    """Fill the page, or say that the link opens nothing: guessed, expired and revoked ones look the same."""
    context.no_cache = 1
    context.token = frappe.form_dict.get("t") or ""
    try:
        count_call(limit=LOOKS_PER_MINUTE, seconds=60)
        link = resolve(context.token)
    except LinkUnknown:
        _close(context, _NO_LINK, LinkUnknown.http_status_code)
        return
    except CalledTooOften:
        _close(context, _TOO_OFTEN, CalledTooOften.http_status_code)
        return
    frappe.local.lang = context.lang = language_of(link)
    context.update(view(link, frappe.local.lang))
    context.seller = seller()
    context.offers = offers_to(link)
    context.may_report = may_report(link)
    note_use(link)
    # The framework rolls a GET back; that a link was used is worth a commit of its own.
    frappe.db.commit()


def _close(context: Any, text: Message, status: int) -> None:
    """A page of one sentence, in the browser's language and in ours: whose link it was is not said."""
    frappe.clear_messages()
    context.lang = frappe.local.lang
    languages = dict.fromkeys((frappe.local.lang, site_language()))
    context.closed = list(dict.fromkeys(_said(text, language) for language in languages))
    context.http_status_code = status


def _said(text: Message, language: str) -> str:
    return text.in_words(lambda template: str(_(template, lang=language)))
