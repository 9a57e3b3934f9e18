"""Answers a request whose body is not JSON: the framework reads bodies before it knows caller and method.

It answers 500 with a traceback, before any hook of an app but the one after the request (D11).
"""

from __future__ import annotations

import json
from typing import Any

import frappe
import frappe.api
from frappe import _, auth

from order_flow.domain.message import Message
from order_flow.flow.orders.refused_intakes import tell_of_refused_call
from order_flow.outbox.language import in_site_language

INTAKE = "/api/method/order_flow.api.place_order"
_REFUSED = 417
_FAILED = 500


def refuse_unreadable_body(response: Any, request: Any) -> None:
    """After each request: say what is wrong with a body that could not be read.

    Args:
        response: the framework's answer, changed here.
        request: what was sent.
    """
    if response is None or response.status_code != _FAILED or not request.path.startswith("/api/"):
        return
    fault = _fault_of(request)
    if not fault:
        return
    text = Message(
        "The request's body is not JSON: {0}. Nothing was stored; correct it and send it again.", fault
    )
    response.status_code = _REFUSED
    response.mimetype = "application/json"
    message = json.dumps({"message": text.in_words(_), "indicator": "red"})
    response.data = json.dumps({"exc_type": "UnreadableBody", "_server_messages": json.dumps([message])})
    if request.path == INTAKE:
        _tell_of(in_site_language(text))


def _fault_of(request: Any) -> str:
    """Return what makes a body no JSON; "" where it is, or was not said to be."""
    if "application/json" not in (request.content_type or ""):
        return ""
    try:
        json.loads(request.get_data(as_text=True))
    except ValueError as error:
        return str(error)
    return ""


def _tell_of(reason: str) -> None:
    """Have the order desk told, where the sender proves who it is."""
    try:
        _find_out_who_calls()
    except Exception:
        # Whatever is wrong with the key: nobody is known then, and the answer says enough.
        return
    tell_of_refused_call({}, reason)
    # The task is given once this request's transaction is taken back, as for every refusal.
    frappe.db.rollback()


def _find_out_who_calls() -> None:
    """Do what the framework leaves out where the body cannot be read."""
    frappe.local.form_dict = frappe._dict()
    frappe.local.http_request = auth.HTTPRequest()
    # Older versions keep it in another module.
    validate = getattr(auth, "validate_auth", None) or frappe.api.validate_auth
    validate()
