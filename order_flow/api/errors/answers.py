"""Adds the code and the plain sentence to what a refused call answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from frappe import _
from frappe.utils import strip_html

from order_flow.api.errors.codes import MEANINGS, code_of

_FIRST_REFUSAL: Final = 400


def name_error(response: Any, request: Any) -> None:
    """After each request: a refusal below ``/api`` gets ``error`` with a code, a sentence and the status.

    Args:
        response: the answer, changed here.
        request: what was sent.
    """
    if response is None or response.status_code < _FIRST_REFUSAL or not request.path.startswith("/api/"):
        return
    if response.mimetype != "application/json":
        return
    said = json.loads(response.get_data() or b"{}")
    if not isinstance(said, dict) or isinstance(said.get("message"), dict):
        # What a method says with a status of its own, e.g. a probe, is an answer.
        return
    code = code_of(response.status_code, str(said.get("exc_type") or ""))
    sentence = _sentence(said) or MEANINGS[code].in_words(_)
    error = {"code": code.value, "message": sentence, "status": response.status_code}
    response.set_data(json.dumps({**said, "error": error}))


def _sentence(said: Mapping[str, Any]) -> str:
    """Return what the refusal tells a person, without markup; "" where it says nothing."""
    try:
        messages = [json.loads(message) for message in json.loads(said.get("_server_messages") or "[]")]
    except (TypeError, ValueError):
        return ""
    texts = [str(message.get("message") or "") for message in messages if isinstance(message, dict)]
    return " ".join(strip_html(text.replace("<br>", " ")) for text in texts if text)
