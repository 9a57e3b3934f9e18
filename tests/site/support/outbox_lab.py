"""A laboratory for the outbox: a far side on loopback that counts arrivals, a handler that tells it things,
and workers as processes of their own that can be killed at any point.

The far side is deliberately naive: it books whatever arrives, as often as it arrives. So a doubled message
shows, and only the outbox can prevent it.
"""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import frappe

from dev.state import ROOT, HostState
from order_flow.integrations.errors import Rejected
from order_flow.integrations.rate_limit import CallUse, Unlimited
from order_flow.integrations.transport import AttemptSink, Effect, Request, Timeouts, Transport
from order_flow.outbox import registry
from order_flow.outbox.clock import database_now
from order_flow.outbox.handler import (
    ActionHandler,
    Answer,
    Done,
    Found,
    LookUp,
    NotFound,
    OutboxRow,
    Prepared,
)
from order_flow.outbox.sending.enqueue import enqueue
from order_flow.outbox.sending.worker import Relay
from order_flow.outbox.states import RowState
from tests import injected

ACCOUNT_TYPE = "WDT Account"
BOOK = "lab_book"
"""One message a call, not repeatable: an unknown outcome must be looked up."""
BOOK_MANY = "lab_book_many"
"""Up to ten messages a call."""
DOCUMENT_TYPE = "Order"


class Mood(StrEnum):
    """How the far side behaves."""

    GOOD = "good"
    DOWN = "down"
    """Answers HTTP 503 without booking (a load balancer with nothing behind it)."""
    COMMIT_THEN_SILENCE = "commit then silence"
    """Books and answers too late for the caller."""
    COMMIT_THEN_500 = "commit then 500"
    LIMITED = "limited"
    CLOSED = "closed"
    """Answers HTTP 401."""


@dataclass
class FarSide:
    """What the far side has booked, in order of arrival."""

    url: str = ""
    mood: Mood = Mood.GOOD
    arrivals: list[str] = field(default_factory=list)
    calls: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    released: threading.Event = field(default_factory=threading.Event)
    rejected: frozenset[str] = frozenset()

    def count(self) -> Counter[str]:
        """How often each key was booked."""
        with self.lock:
            return Counter(self.arrivals)

    def book(self, keys: Sequence[str]) -> dict[str, str]:
        """Book keys; returns what each became."""
        with self.lock:
            self.arrivals += [key for key in keys if key not in self.rejected]
        return {key: "rejected" if key in self.rejected else f"R-{key}" for key in keys}


@contextmanager
def far_side() -> Iterator[FarSide]:
    """Run a far side on a free loopback port."""
    state = FarSide()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _request_handler(state))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _request_handler(state: FarSide) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with state.lock:
                state.calls += 1
            refusal = {Mood.DOWN: 503, Mood.LIMITED: 429, Mood.CLOSED: 401}.get(state.mood)
            if state.mood is not Mood.GOOD:
                injected.count(f"far side: {state.mood.value}")
            if refusal:
                self._answer(refusal, {}, {"Retry-After": "120"} if refusal != 401 else {})
                return
            if self.path == "/find":
                self._answer(200, {key: key in state.count() for key in body["keys"]})
                return
            booked = state.book(body["keys"])
            if state.mood is Mood.COMMIT_THEN_500:
                self._answer(500, {})
                return
            if state.mood is Mood.COMMIT_THEN_SILENCE:
                state.released.wait(30)
            self._answer(200, booked)

        def _answer(
            self, status: int, payload: Mapping[str, Any], headers: Mapping[str, str] | None = None
        ) -> None:
            body = json.dumps(payload).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            # One write for head and body: two would wait for the caller's delayed acknowledgement.
            self._headers_buffer.append(b"\r\n" + body)
            self.flush_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test output quiet."""

    return Handler


@dataclass
class LabPort:
    """The lab's client: two calls."""

    url: str
    transport: Transport

    def book(self, keys: Sequence[str]) -> dict[str, str]:
        """Book keys over there."""
        return self._call("book", Effect.WRITE, keys)

    def find(self, keys: Sequence[str]) -> dict[str, Any]:
        """Which keys are booked."""
        return self._call("find", Effect.READ, keys)

    def _call(self, endpoint: str, effect: Effect, keys: Sequence[str]) -> dict[str, Any]:
        request = Request(endpoint, "POST", f"{self.url}/{endpoint}", effect, json={"keys": list(keys)})
        payload = self.transport.call(request).payload
        assert isinstance(payload, dict)
        return payload


def key_of(row: OutboxRow) -> str:
    """The far side's key of a message."""
    return f"{row.document}/{row.revision}"


class LabHandler(ActionHandler[Sequence[OutboxRow], LabPort]):
    """Books the key of each row."""

    lease_seconds = 60

    def prepare(self, rows: Sequence[OutboxRow]) -> Prepared[Sequence[OutboxRow]]:
        return Prepared(work=tuple(rows))

    def send(self, work: Sequence[OutboxRow], port: LabPort) -> Mapping[int, Answer]:
        booked = port.book([key_of(row) for row in work])
        answers: dict[int, Answer] = {}
        for row in work:
            reference = booked[key_of(row)]
            refused = reference == "rejected"
            answers[row.name] = Rejected("The far side does not want this.") if refused else Done(reference)
        return answers

    def look_up(self, row: OutboxRow, port: LabPort) -> LookUp:
        key = key_of(row)
        return Found(f"R-{key}") if port.find([key])[key] else NotFound()


class ManyLabHandler(LabHandler):
    """The same, ten at once."""

    batch_size = 10


def register_lab(url: str, read_timeout: float = 5.0) -> None:
    """Let the registry serve the lab's actions and open its ports."""

    def open_port(account: str, sink: AttemptSink, _use: CallUse) -> LabPort:
        timeouts = Timeouts(connect=2.0, read=read_timeout)
        return LabPort(url, Transport(account, sink, Unlimited(), timeouts))

    registry.register(BOOK, LabHandler())
    registry.register(BOOK_MANY, ManyLabHandler())
    registry.register_port(ACCOUNT_TYPE, open_port)


def turned(by: timedelta) -> Callable[[], datetime]:
    """The database's clock, turned by some time."""
    return lambda: database_now() + by


def start_worker(
    host: HostState, account: str, url: str, die_at: str = "", ahead: float = 0.0
) -> subprocess.Popen[str]:
    """Start a relay in a process of its own.

    Args:
        host: the host.
        account: whose rows it sends.
        url: address of the far side.
        die_at: the ``Point`` at which it ends itself with SIGKILL; "" for none.
        ahead: seconds by which its clock is turned.
    """
    code = "from tests.site.support.outbox_worker import main; main()"
    arguments = [host.test_site, str(host.sites_path), account, url, die_at, str(ahead)]
    return subprocess.Popen(
        [str(host.env_python), "-c", code, *arguments],
        cwd=host.sites_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(host.home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_worker(host: HostState, account: str, url: str, die_at: str = "", ahead: float = 0.0) -> None:
    """Run such a worker to its end and check that it ended as it should."""
    worker = start_worker(host, account, url, die_at, ahead)
    output, _ = worker.communicate(timeout=60)
    expected = -signal.SIGKILL if die_at else 0
    if worker.returncode == -signal.SIGKILL:
        injected.count("worker killed")
    assert worker.returncode == expected, f"worker ended with {worker.returncode}: {output}"


def put(account: str, document: str, revision: str = "1", action: str = BOOK) -> int:
    """Queue and commit one message."""
    name = enqueue(ACCOUNT_TYPE, account, action, DOCUMENT_TYPE, document, revision, {"wanted": "x"})
    frappe.db.commit()
    assert name is not None
    return name


def row(name: int) -> Any:
    """A row as it is stored now."""
    frappe.db.rollback()
    return frappe.db.sql("SELECT * FROM `tabSync Outbox` WHERE name = %s", (name,), as_dict=True)[0]


def drain(account: str, by: timedelta = timedelta()) -> int:
    """Let a relay work until nothing is due; returns how many rows it worked on."""
    worker = Relay(ACCOUNT_TYPE, account, clock=turned(by))
    total = 0
    while done := worker.run_once():
        total += done
    return total


def rows_unfinished(account: str) -> int:
    """How many rows of the account are not done."""
    frappe.db.rollback()
    return int(frappe.db.count("Sync Outbox", {"account": account, "state": ("!=", RowState.DONE.value)}))
