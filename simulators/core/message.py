"""One HTTP request as a simulator sees it, and its answer."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from simulators.core.faults import FaultRule

FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass
class Request:
    """One received request.

    Args:
        method: HTTP method, upper case.
        target: request target as received, with its query.
        content_type: media type of the body, without parameters, lower case.
        body: body bytes.
        host: Host header, for answers that carry an address.
        faults: fault rules that fired on this request; a simulator may look at them.
    """

    method: str
    target: str
    content_type: str = ""
    body: bytes = b""
    host: str = ""
    faults: list[FaultRule] = field(default_factory=list)

    @cached_property
    def path(self) -> str:
        """Path without query."""
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, str]:
        """Query parameters; empty values are kept, the last of a repeated name wins."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        """Fields of a form body (UTF-8); empty when the body is of another type."""
        if self.content_type != FORM_TYPE:
            return {}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Query and form fields together, with a non-form body under the name ``body``."""
        merged = {**self.query, **self.form}
        if self.body and self.content_type != FORM_TYPE:
            merged["body"] = self.body.decode("utf-8", "replace")
        return merged

    def json(self) -> object:
        """Body parsed as JSON.

        Raises:
            ValueError: the body is not JSON.
        """
        return json.loads(self.body or b"null")


@dataclass
class Answer:
    """What goes back to the caller.

    Args:
        payload: JSON-able object, or text when content_type is not JSON.
        status: HTTP status.
        content_type: media type with charset.
    """

    payload: object
    status: int = 200
    content_type: str = "application/json; charset=utf-8"

    def encoded(self) -> bytes:
        """Body bytes; JSON is written with ASCII escapes as the real services do."""
        if isinstance(self.payload, str) and "json" not in self.content_type:
            return self.payload.encode("utf-8")
        return json.dumps(self.payload, separators=(",", ":")).encode("ascii")
