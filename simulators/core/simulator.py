"""Base of a simulator: runs one request through faults, due work, the business rules and the journal."""

import random
import threading
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Mapping

from simulators.core import clock as clock_module
from simulators.core.agenda import Agenda, Job
from simulators.core.clock import SimulatedClock
from simulators.core.faults import FaultEngine, FaultKind, FaultRule
from simulators.core.journal import Journal
from simulators.core.message import Answer, Request
from simulators.core.page import Section
from simulators.core.settings import Settings
from simulators.core.store import Store

OVERTAKEN_BY_SECONDS = 0.1
SIDE_KINDS = frozenset({FaultKind.TOKEN_LOSS, FaultKind.REPLAY_POLICY})


class Simulator(ABC):
    """One simulated outside system. See the package docstring for how to build one.

    Args:
        store: its database; what it holds from an earlier run is kept.
    """

    name: str = ""
    schema: str = ""
    tables: tuple[str, ...] = ()
    defaults: Mapping[str, object] = {}
    secret_parameters: frozenset[str] = frozenset()

    def __init__(self, store: Store) -> None:
        self.store = store
        store.script(self.schema)
        self.settings = Settings(store, {**clock_module.DEFAULTS, **self.defaults})
        self.clock = SimulatedClock(self.settings)
        self.agenda = Agenda(store, self.clock)
        self.faults = FaultEngine()
        self.journal = Journal(self.secret_parameters)
        self._overtaken = threading.Condition()
        self._answered = 0
        self._resets = 0
        with store.transaction():
            self.preload()

    @abstractmethod
    def preload(self) -> None:
        """Write demo data that is not there yet; runs on every start and after a reset."""

    @abstractmethod
    def handle(self, request: Request) -> Answer:
        """Answer one business call; runs inside one transaction."""

    def run_due(self, job: Job) -> None:
        """Carry out one due job of the agenda; runs inside a transaction."""
        raise NotImplementedError(f"{self.name} planned {job.kind} but has no run_due")

    def settings_changed(self) -> None:  # noqa: B027 - most simulators need nothing here
        """Called after the admin endpoint or the command line changed settings."""

    def state(self) -> dict[str, object]:
        """What is in the simulator, for ``GET /_admin/state``."""
        return {}

    def sections(self) -> list[Section]:
        """Tables of the HTML page."""
        return []

    def admin(self, request: Request, parts: list[str]) -> Answer | None:
        """Own admin paths below ``/_admin/``; None when unknown."""
        return None

    def rate_limited(self, request: Request) -> Answer:
        """The vendor's answer to too many calls."""
        return Answer({"error": "too many requests"}, 429)

    def side_fault(self, rule: FaultRule, request: Request) -> Answer | None:
        """Apply token_loss or replay_policy before the request; an answer ends the request."""
        return None

    def endpoint_name(self, request: Request) -> str:
        """Name used by fault rules and the journal: the path without its leading slash."""
        return request.path.strip("/")

    def advance(self) -> None:
        """Run all work that is due by the simulated clock."""
        while True:
            with self.store.transaction():
                job = self.agenda.take_due()
                if job is None:
                    return
                self.run_due(job)

    def reset(self) -> None:
        """Empty everything and preload again, as freshly started; requests still under way are dropped."""
        with self.store.transaction():
            self._resets += 1
            for table in (*self.tables, "core_job"):
                self.store.execute(f"DELETE FROM {table}")
            self.settings.reset()
            self.faults.clear()
            self.journal.clear()
            self.preload()

    def respond(self, request: Request) -> Answer | None:
        """Answer a business request with all armed faults applied.

        Returns:
            The answer, or None: close the connection without one.
        """
        started, resets = time.perf_counter(), self._resets
        endpoint = self.endpoint_name(request)
        haystack = "\n".join(request.parameters.values()) if self.faults.rules() else ""
        request.faults = self.faults.take(endpoint, haystack, self.clock.now().timestamp())
        processed, sent = self._run(request, resets)
        if resets != self._resets:
            return None
        self.journal.add(
            at=self.clock.wall().isoformat(timespec="milliseconds"),
            method=request.method,
            endpoint=endpoint,
            parameters=request.parameters,
            status=sent.status if sent else 0,
            answer=processed.payload if processed else None,
            faults=[rule.kind.value for rule in request.faults],
            milliseconds=(time.perf_counter() - started) * 1000,
        )
        return sent

    def answer_sent(self) -> None:
        """The server sent (or dropped) an answer: an answer that is held to be overtaken may go now."""
        with self._overtaken:
            self._answered += 1
            self._overtaken.notify_all()

    def _run(self, request: Request, resets: int) -> tuple[Answer | None, Answer | None]:
        """The answer the rules gave (None: not processed) and the one to send (None: drop)."""
        for rule in request.faults:
            ended, answer = self._before(rule, request)
            if ended:
                return None, answer
        processed = self._process(request, resets)
        for rule in request.faults:
            if rule.kind is FaultKind.DUPLICATE:
                again = self._process(request, resets)
                processed = again if rule.text("answer", "last") == "last" else processed
        sent: Answer | None = processed
        for rule in request.faults:
            sent = self._after(rule, sent)
            if sent is None:
                break
        return processed, sent

    def _process(self, request: Request, resets: int) -> Answer:
        try:
            self.advance()
            with self.store.transaction():
                # A request that was delayed across a reset must not leave its mark on the next test.
                return self.handle(request) if resets == self._resets else Answer(None, 503)
        except Exception as error:
            # A fault of the simulator itself must be seen by the test that met it, not end the server.
            traceback.print_exc()
            return Answer({"simulator_error": f"{type(error).__name__}: {error}"}, 500)

    def _before(self, rule: FaultRule, request: Request) -> tuple[bool, Answer | None]:
        """Apply a fault ahead of the effect: (whether the request ends here, its answer)."""
        kind, early = rule.kind, rule.text("when", "before") == "before"
        if kind is FaultKind.DELAY and early:
            time.sleep(rule.number("seconds", 1))
        elif kind is FaultKind.HANG and early:
            time.sleep(rule.number("seconds", 30))
            return True, None
        elif kind is FaultKind.DROP_BEFORE:
            return True, None
        elif kind is FaultKind.HTTP_5XX and early:
            return True, _gateway_error(int(rule.number("status", 502)))
        elif kind is FaultKind.FIREWALL:
            return True, _firewall_page(int(rule.number("status", 405)))
        elif kind is FaultKind.GARBAGE and rule.text("when", "after") == "before":
            return True, _garbled(rule, Answer({}))
        elif kind is FaultKind.RATE_LIMIT:
            return True, self.rate_limited(request)
        elif kind is FaultKind.DOWN_UNTIL:
            dropped = rule.text("mode", "status") == "drop"
            return True, None if dropped else _gateway_error(int(rule.number("status", 503)))
        elif kind in SIDE_KINDS:
            answer = self.side_fault(rule, request)
            return answer is not None, answer
        return False, None

    def _after(self, rule: FaultRule, answer: Answer | None) -> Answer | None:
        """Apply a fault behind the effect to the answer that would be sent."""
        kind, late = rule.kind, rule.text("when", "before") == "after"
        if answer is None or kind is FaultKind.DROP_AFTER_COMMIT:
            return None
        if kind is FaultKind.DELAY and late:
            time.sleep(rule.number("seconds", 1))
        elif kind is FaultKind.HANG and late:
            time.sleep(rule.number("seconds", 30))
            return None
        elif kind is FaultKind.HTTP_5XX and late:
            return _gateway_error(int(rule.number("status", 502)))
        elif kind is FaultKind.GARBAGE and rule.text("when", "after") == "after":
            return _garbled(rule, answer)
        elif kind is FaultKind.REORDER:
            return self._reordered(rule, answer)
        return answer

    def _reordered(self, rule: FaultRule, answer: Answer) -> Answer:
        if rule.text("mode", "reverse") == "hold":
            with self._overtaken:
                before = self._answered
                self._overtaken.wait_for(lambda: self._answered > before, timeout=rule.number("seconds", 5))
            # The other caller gets time to read its answer, so that it is ahead on its side too.
            time.sleep(OVERTAKEN_BY_SECONDS)
            return answer
        if not isinstance(answer.payload, dict):
            return answer
        shuffled = rule.text("mode", "reverse") == "shuffle"
        generator = random.Random(rule.seed)
        payload: dict[str, object] = {}
        for key, value in answer.payload.items():
            if isinstance(value, list):
                value = generator.sample(value, len(value)) if shuffled else value[::-1]
            payload[key] = value
        return Answer(payload, answer.status, answer.content_type)


def _gateway_error(status: int) -> Answer:
    return Answer(f"<html><body><h1>{status} gateway error</h1></body></html>", status, "text/html")


def _firewall_page(status: int) -> Answer:
    text = "很抱歉,您提交的请求可能对网站造成威胁,请求已被管理员设置的策略阻断"
    return Answer(f"<!doctype html><html><body>{text}</body></html>", status, "text/html")


def _garbled(rule: FaultRule, answer: Answer) -> Answer:
    mode = rule.text("mode", "invalid")
    if mode == "html":
        return Answer("<html><body>502 Bad Gateway</body></html>", 200, "text/html")
    text = answer.encoded().decode("utf-8")
    if mode == "truncated":
        return Answer(text[: max(1, len(text) // 2)], 200, "text/plain")
    return Answer("{'code': 0, message: <?php", 200, "text/plain")
