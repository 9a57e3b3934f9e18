"""What every simulator shares: HTTP server, store, clock, agenda, settings, faults, journal, admin, page.

How to build a simulator on it::

    class MySimulator(Simulator):
        name = "u8"
        schema = "CREATE TABLE IF NOT EXISTS document (...);"   # idempotent, run on every start
        tables = ("document",)                                  # emptied by reset
        defaults = {"ping_after": 3}                            # knobs, see Settings
        secret_parameters = frozenset({"app_secret", "token"})  # masked in the journal

        def preload(self) -> None: ...                # demo accounts and master data, inside a transaction
        def handle(self, request) -> Answer: ...      # one business call, inside ONE transaction
        def run_due(self, job) -> None: ...           # one due piece of asynchronous work (self.agenda)
        def state(self) -> dict: ...                  # GET /_admin/state
        def sections(self) -> list[Section]: ...      # tables of the HTML page GET /
        def admin(self, request, parts) -> Answer | None: ...   # /_admin/<parts...> of your own, or None
        def rate_limited(self, request) -> Answer: ...
        def side_fault(self, rule, request) -> Answer | None: ...   # token_loss, replay_policy, ...

    simulator = MySimulator(Store(":memory:"))
    with RunningServer(simulator) as server:          # free loopback port, own thread
        print(server.url)

    if __name__ == "__main__":                        # python -m simulators.u8 --port P --db FILE
        sys.exit(run_command(MySimulator))

Inside a simulator: ``self.store`` (SQLite: ``execute``, ``rows``, ``row``, ``transaction()``, re-entrant),
``self.clock.now()`` (simulated), ``self.clock.wall()``, ``self.clock.stamp()`` (what to write into records),
``self.agenda.put(kind, key, seconds, payload)``, ``self.settings["knob"]``, ``request.faults`` (rules that
fired on this request), ``request.form``/``request.query``/``request.json()``. Raise ``AdminError`` from
admin verbs. A ``handle`` that raises is rolled back and answered with HTTP 500 and the error's text.

Admin endpoint (JSON, no signature, loopback only by default)::

    GET|POST|DELETE /_admin/faults     [{"endpoint": "trade_*", "kind": "drop_after_commit", "times": 1,
                                         "match": "W1", "args": {}}]   kinds and args: see faults.FaultKind
    GET|DELETE      /_admin/requests   ring of the last calls (?endpoint=glob&limit=n), masked
    GET|POST        /_admin/clock      {"advance_seconds": 3600}
    GET|POST        /_admin/settings   {"knob": value}
    POST            /_admin/reset      as freshly started, preload() runs again
    GET             /_admin/state
"""

from simulators.core.agenda import Agenda, Job
from simulators.core.clock import CHINA, SimulatedClock
from simulators.core.command import run_command
from simulators.core.errors import AdminError
from simulators.core.faults import FaultKind, FaultRule
from simulators.core.message import Answer, Request
from simulators.core.page import Section
from simulators.core.server import RunningServer
from simulators.core.settings import Settings
from simulators.core.simulator import Simulator
from simulators.core.store import Store

__all__ = [
    "CHINA",
    "AdminError",
    "Agenda",
    "Answer",
    "FaultKind",
    "FaultRule",
    "Job",
    "Request",
    "RunningServer",
    "Section",
    "Settings",
    "SimulatedClock",
    "Simulator",
    "Store",
    "run_command",
]
