"""The demo site's REST interface as one person or system sees it."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

import requests

from dev.errors import HostError

TIMEOUT_SECONDS: Final = 120.0
AWAY_SECONDS: Final = 60.0
"""How long the web server may be away, e.g. because it is started anew."""
AGAIN_SECONDS: Final = 0.5
_BREAKS: Final = re.compile(r"<br\s*/?>|</li>|</p>")
_TAGS: Final = re.compile(r"<[^>]+>")


class Refusal(Exception):
    """The site refused a request.

    Args:
        status: HTTP status.
        text: what the site said, without markup; where it gives several reasons, a line for each.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"HTTP {status}: {text}")
        self.status = status
        self.text = text


class Caller:
    """One user of the site.

    Args:
        base_url: address of the site, without a trailing slash.
        name: who this is, for messages.
        authorization: value of the Authorization header; empty before a login.
        language: what the site answers in. The site settles it by a header, before it looks at the token.
    """

    def __init__(self, base_url: str, name: str, authorization: str = "", language: str = "en") -> None:
        self.base_url = base_url
        self.name = name
        self._authorization = authorization
        self._language = language
        self._local = threading.local()

    def login(self, password: str) -> None:
        """Start a session with a password, for this thread.

        Raises:
            Refusal: wrong password.
        """
        self._request("POST", "/api/method/login", {"usr": self.name, "pwd": password})

    def call(self, method: str, /, **arguments: Any) -> Any:
        """Call a whitelisted method by POST and return its answer.

        Raises:
            Refusal: the site refused.
        """
        return self._request("POST", f"/api/method/{method}", arguments).get("message")

    def ask(self, method: str, /, **arguments: Any) -> Any:
        """Call a whitelisted method by GET and return its answer; raises as ``call``."""
        return self._request("GET", f"/api/method/{method}", params=arguments).get("message")

    def insert(self, doctype: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Create a document and return it; raises as ``call``."""
        return dict(self._request("POST", f"/api/resource/{doctype}", values)["data"])

    def read(self, doctype: str, name: str) -> dict[str, Any]:
        """Read a whole document; raises as ``call``."""
        return dict(self._request("GET", f"/api/resource/{doctype}/{quote(name)}")["data"])

    def change(self, doctype: str, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Write values into a document and return it; raises as ``call``."""
        return dict(self._request("PUT", f"/api/resource/{doctype}/{quote(name)}", values)["data"])

    def save(self, doctype: str, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Create the document, or write the values into the one that exists; raises as ``call``."""
        if self.rows(doctype, ["name"], [["name", "=", name]]):
            return self.change(doctype, name, values)
        return self.insert(doctype, values)

    def rows(
        self, doctype: str, fields: Iterable[str], filters: Iterable[Iterable[Any]] = ()
    ) -> list[dict[str, Any]]:
        """All documents that fit the filters, with some fields; raises as ``call``."""
        params = {
            "fields": json.dumps(list(fields)),
            "filters": json.dumps([list(condition) for condition in filters]),
            "limit_page_length": 0,
        }
        return list(self._request("GET", f"/api/resource/{doctype}", params=params)["data"])

    def _request(
        self,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        answer = self._answer(verb, path, body, params)
        if answer.status_code != requests.codes.ok:
            raise Refusal(answer.status_code, message_of(answer.text))
        return dict(answer.json())

    def _answer(
        self,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None,
        params: Mapping[str, Any] | None,
    ) -> requests.Response:
        """Send, and send again while the web server is away: every call of the demo may be repeated."""
        deadline = time.monotonic() + AWAY_SECONDS
        while True:
            try:
                return self._session().request(
                    verb, self.base_url + path, json=body, params=params, timeout=TIMEOUT_SECONDS
                )
            except requests.RequestException as error:
                if time.monotonic() > deadline or not isinstance(error, requests.ConnectionError):
                    raise HostError(
                        f"The site did not answer {verb} {path}.",
                        str(error),
                        "Look at the web server's log below .bench/log, then run `make demo` again.",
                    ) from error
            time.sleep(AGAIN_SECONDS)

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            session = requests.Session()
            session.headers["Accept-Language"] = self._language
            if self._authorization:
                session.headers["Authorization"] = self._authorization
            self._local.session = session
        found: requests.Session = self._local.session
        return found


def message_of(text: str) -> str:
    """What a person should read of an error answer: the site's messages, else its exception.

    Args:
        text: body of the answer.
    """
    try:
        content = json.loads(text)
    except ValueError:
        return text[:300]
    if not isinstance(content, dict):
        return text[:300]
    if "_server_messages" in content:
        messages = [json.loads(entry) for entry in json.loads(content["_server_messages"])]
        said = [str(entry.get("message", "")) for entry in messages if isinstance(entry, dict)]
        return _TAGS.sub(" ", _BREAKS.sub("\n", " ".join(said)))
    return str(content.get("exception") or content.get("message") or text)[:600]
