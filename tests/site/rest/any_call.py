"""Calls every method with whatever its own description allows, and with what it does not, over real HTTP.

Schemathesis draws the calls from the OpenAPI description. Names of documents would never be hit by chance, so
a part of them is taken from what is stored.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode

LOOPBACK: Final = ("127.0.0.1", "localhost")
TIMEOUT_SECONDS: Final = 60
_FIRST_FAILURE: Final = 500
_SAYS_UNWELL: Final = ("/api/method/order_flow.api.operations.probe", 503)
"""The probe's answer where no worker runs, as on a test site: a finding of its own, not a failure."""
_PHASES: Final = (Phase.explicit, Phase.generate)
"""Without making failures shorter: each call changes what the next one finds."""


class NotHere(RuntimeError):
    """The site is not on this machine."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A call that the site had no answer to."""

    operation: str
    status: int
    sent: str
    answer: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.status}\n  sent {self.sent}\n  got {self.answer}"


@dataclass
class AnyCaller:
    """Draws and sends calls, until their number or the time is used up.

    Args:
        base_url: the site, on this machine.
        headers: whose calls they are.
        stored: names of documents, and other values that say something, by the argument that takes them.
        chance: of the drawing.
    """

    base_url: str
    headers: Mapping[str, str]
    stored: Mapping[str, Sequence[Any]]
    chance: int = 1
    calls: int = 0
    by_status: dict[int, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        if urlsplit(self.base_url).hostname not in LOOPBACK:
            raise NotHere(f"{self.base_url} is not on this machine; such calls are for a test site only")

    def call_all(self, description: Mapping[str, Any], each: int, seconds: float) -> None:
        """Call every method.

        Args:
            description: of the methods, OpenAPI.
            each: calls that each gets at most.
            seconds: after which no further method is begun.
        """
        ends = time.monotonic() + seconds
        for found in schemathesis.openapi.from_dict(dict(description)).get_all_operations():
            if time.monotonic() > ends:
                return
            self._call(found.ok(), each)

    def _call(self, operation: APIOperation[Any, Any, Any], each: int) -> None:
        cases = st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        )

        @seed(self.chance)
        @settings(
            max_examples=each,
            database=None,
            deadline=None,
            phases=_PHASES,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @given(case=cases, data=st.data())
        def send(case: Case, data: st.DataObject) -> None:
            self._name_stored(case, data)
            self._send(operation, case)

        send()

    def _name_stored(self, case: Case, data: st.DataObject) -> None:
        """Put names of stored documents where the call names some, three times of four."""
        for place in (case.body, case.query):
            if not isinstance(place, dict):
                continue
            for name in sorted(self.stored.keys() & place.keys()):
                if self.stored[name] and data.draw(st.integers(0, 3)):
                    place[name] = data.draw(st.sampled_from(list(self.stored[name])))

    def _send(self, operation: APIOperation[Any, Any, Any], case: Case) -> None:
        answer = case.call(base_url=self.base_url, headers=dict(self.headers), timeout=TIMEOUT_SECONDS)
        self.calls += 1
        self.by_status[answer.status_code] = self.by_status.get(answer.status_code, 0) + 1
        unwell = (operation.path, answer.status_code) == _SAYS_UNWELL
        if answer.status_code >= _FIRST_FAILURE and not unwell:
            sent = json.dumps({"body": case.body, "query": case.query}, default=str, ensure_ascii=True)
            self.faults.append(Fault(operation.label, answer.status_code, sent[:1500], answer.text[-1500:]))
