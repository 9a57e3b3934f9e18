"""A caller of the site's REST interface: real HTTP against the test site's web server, one per person."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import frappe
import requests
from frappe.utils.password import get_decrypted_password, set_encrypted_password

from order_flow.domain.states import Role
from tests.site.support.builders import user_of

TIMEOUT_SECONDS = 30


class Rest:
    """One person's connection, with a token of his own.

    Args:
        base_url: the web server, without a trailing slash.
        user: who calls; None for a guest. The token is committed, the server reads it from the database.
    """

    def __init__(self, base_url: str, user: str | None) -> None:
        self.base_url = base_url
        self.session = requests.Session()
        # The language is settled before the token is looked at, as for a guest: by this header.
        self.session.headers["Accept-Language"] = "en"
        if user:
            self.session.headers["Authorization"] = f"token {_token(user)}"

    def again(self) -> Rest:
        """The same person on a connection of its own."""
        twin = Rest(self.base_url, None)
        twin.session.headers.update(self.session.headers)
        return twin

    def get(self, path: str, **params: Any) -> requests.Response:
        """GET a path below ``/api``."""
        return self.session.get(f"{self.base_url}/api/{path}", params=params, timeout=TIMEOUT_SECONDS)

    def post(self, path: str, **body: Any) -> requests.Response:
        """POST JSON to a path below ``/api``."""
        return self._send("POST", path, body)

    def put(self, path: str, **body: Any) -> requests.Response:
        """PUT JSON to a path below ``/api``."""
        return self._send("PUT", path, body)

    def delete(self, path: str) -> requests.Response:
        """DELETE a path below ``/api``."""
        return self.session.delete(f"{self.base_url}/api/{path}", timeout=TIMEOUT_SECONDS)

    def call(self, method: str, **body: Any) -> requests.Response:
        """Call one of the app's own methods by its short name."""
        return self.post(f"method/order_flow.api.orders.{method}", **body)

    def _send(self, verb: str, path: str, body: dict[str, Any]) -> requests.Response:
        # Written by json.dumps, which lets NaN and Infinity pass, as careless clients do.
        return self.session.request(
            verb,
            f"{self.base_url}/api/{path}",
            data=json.dumps(body, default=str).encode(),
            headers={"Content-Type": "application/json"},
            timeout=TIMEOUT_SECONDS,
        )


class Callers:
    """One caller a person, made when first asked for.

    Args:
        base_url: the web server of the test site.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._known: dict[str | None, Rest] = {}

    def of(self, user: Role | str | None) -> Rest:
        """The caller of a role's test user, of a named user, or of a guest."""
        name = user_of(user) if isinstance(user, Role) else user
        if name not in self._known:
            self._known[name] = Rest(self.base_url, name)
        return self._known[name]

    def fresh(self, user: Role | str) -> Rest:
        """Another connection of the same person, for calls at one moment."""
        return self.of(user).again()


def message_of(response: requests.Response) -> str:
    """What a refusal tells the caller, without markup."""
    body = response.json()
    messages = json.loads(body.get("_server_messages") or "[]")
    texts = [json.loads(message)["message"] for message in messages] or [body.get("exception") or ""]
    return str(frappe.utils.strip_html(" ".join(texts)))


def _token(user: str) -> str:
    key = frappe.db.get_value("User", user, "api_key")
    secret = get_decrypted_password("User", user, "api_secret", raise_exception=False)
    if not key or not secret:
        key, secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
        frappe.db.set_value("User", user, "api_key", key, update_modified=False)
        set_encrypted_password("User", user, secret, "api_secret")
        frappe.db.commit()
        frappe.clear_document_cache("User", user)
    return f"{key}:{secret}"


def at_once(calls: Sequence[Callable[[], requests.Response]]) -> list[requests.Response]:
    """Send requests at the same moment and wait for all answers."""
    start = Barrier(len(calls))

    def send(call: Callable[[], requests.Response]) -> requests.Response:
        start.wait(timeout=10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(send, calls))
