"""Plays the stories: looks at both sides, does what can be done, waits for the rest, never sleeps blindly.

One look a round: the orders of the run in one list call, their open outbox rows in another, and the trades of
those whose next deed is in the warehouse. What is ready is done by a few threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from dev.demo.case import Case
from dev.demo.deeds import DOINGS, StoryBroken
from dev.demo.limits import QUICK
from dev.demo.rest import Caller, Refusal
from dev.demo.setting import WDT_ACCOUNT, Person
from dev.demo.stage import Stage
from dev.errors import HostError

THREADS: Final = 6
ROUND_SECONDS: Final = 0.7
REPORT_SECONDS: Final = 5.0
SUBMIT_SECONDS: Final = 5.0
"""WDT turns pushed orders into trades after this time; the demo lets it pass at once."""
ORDER_FIELDS: Final = (
    "name", "external_number", "workflow_state as state", "payment_status", "delivery_status",
    "settlement_status", "cancel_requested", "total", "paid_amount", "wdt_trade_status", "wdt_stage",
    "u8_status", "u8_documents",
)  # fmt: skip
ROW_FIELDS: Final = (
    "name", "document", "action", "account", "state", "attempts", "last_error_kind", "last_error",
)  # fmt: skip
FINISHED_ROWS: Final = ("Done", "Superseded")


class Director:
    """Leads the cases of one run to their ends.

    Args:
        stage: people and sides.
        cases: the orders; those that need the most time come first.
        prefix: what all their external numbers begin with.
    """

    def __init__(self, stage: Stage, cases: Sequence[Case], prefix: str) -> None:
        self._stage = stage
        self._cases = cases
        self._prefix = prefix
        self._reader: Caller = stage.people[Person.INTEGRATION]
        self._started = time.monotonic()
        self._last_report = self._started
        self._last_read = 0.0
        self._wdt_moved = threading.Event()
        self._steps = 0
        self._lock = threading.Lock()

    def play(self) -> None:
        """Play until every case is over, or nothing has happened for too long.

        Cases that did not get there carry a failure with the site's own answer to 'why'.
        """
        quiet_since, fingerprint = time.monotonic(), ""
        with ThreadPoolExecutor(THREADS) as pool:
            while True:
                began = time.monotonic()
                self._look()
                running = [case for case in self._cases if not case.is_over]
                if not running:
                    return
                list(pool.map(self._advance, running))
                self._report(running)
                now = self._fingerprint()
                if now != fingerprint:
                    quiet_since, fingerprint = time.monotonic(), now
                if time.monotonic() - quiet_since > self._stage.limits.patience_seconds:
                    self._give_up(running)
                    return
                self._let_time_pass(running)
                # The condition is the next look; this only keeps looks from following each other too fast.
                time.sleep(max(0.0, ROUND_SECONDS - (time.monotonic() - began)))

    def _look(self) -> None:
        placed = {case.number: case for case in self._cases if case.name}
        if not placed:
            return
        for row in self._reader.rows(
            "Order", ORDER_FIELDS, [["external_number", "like", f"{self._prefix}%"]]
        ):
            if row["external_number"] in placed:
                placed[row["external_number"]].standing = row
        by_name = {case.name: case for case in placed.values()}
        open_rows: dict[str, list[dict[str, object]]] = {}
        for row in self._reader.rows(
            "Sync Outbox", ROW_FIELDS, [["state", "not in", FINISHED_ROWS], ["document_type", "=", "Order"]]
        ):
            open_rows.setdefault(row["document"], []).append(row)
        for name, case in by_name.items():
            case.open_rows = open_rows.get(name, [])
            if dead := [row for row in case.open_rows if row["state"] == "Dead"]:
                case.failure = f"outbox row {dead[0]['name']} is dead: {dead[0]['last_error']}"

    def _advance(self, case: Case) -> None:
        """Do what is ready of one case, one deed after the other."""
        while (act := case.next_act) is not None:
            doing = DOINGS[act.deed]
            try:
                if doing.looks_at_wdt:
                    case.trades, case.stockouts = self._stage.wdt.trades_of(case.name)
                if not doing.ready(case):
                    return
                doing.perform(self._stage, case, act)
            except (Refusal, StoryBroken, HostError) as error:
                case.failure = f"{act.deed.name}: {error}"
                return
            case.position += 1
            with self._lock:
                self._steps += 1
            if doing.moves_wdt:
                self._wdt_moved.set()
                return

    def _let_time_pass(self, running: Sequence[Case]) -> None:
        """WDT's background work is due; the site reads WDT when there is something to read."""
        if any(case.uses_wdt for case in running):
            self._stage.wdt.turn_clock(SUBMIT_SECONDS)
        waiting = any(case.uses_wdt and _waits_for_reading(case) for case in running)
        late = time.monotonic() - self._last_read > self._stage.limits.read_again_seconds
        hurried = self._wdt_moved.is_set() and self._stage.limits is QUICK
        if hurried or (waiting and late):
            self._wdt_moved.clear()
            self._last_read = time.monotonic()
            self._stage.people[Person.INTEGRATION].call(
                "order_flow.api.sync.read_now", wdt_account=WDT_ACCOUNT
            )

    def _fingerprint(self) -> str:
        return str(
            [(case.position, case.state, len(case.open_rows), bool(case.failure)) for case in self._cases]
        )

    def _report(self, running: Sequence[Case]) -> None:
        now = time.monotonic()
        if now - self._last_report < REPORT_SECONDS:
            return
        self._last_report = now
        waits: dict[str, int] = {}
        for case in running:
            act = case.next_act
            rows = sorted({f"{row['action']} {row['state']}" for row in case.open_rows})
            name = act.deed.name.lower() if act else (", ".join(rows) or f"to be {case.end}")
            waits[name] = waits.get(name, 0) + 1
        told = "; ".join(
            f"{count} {name}" for name, count in sorted(waits.items(), key=lambda entry: -entry[1])
        )
        done = len(self._cases) - len(running)
        print(
            f"  {now - self._started:5.0f} s  {done:3} of {len(self._cases)} finished, "
            f"{self._steps} steps; next: {told}",
            flush=True,
        )

    def _give_up(self, running: Sequence[Case]) -> None:
        for case in running:
            why = self._reader.ask("order_flow.api.why", order=case.name) if case.name else {}
            act = case.next_act
            case.failure = (
                f"nothing moved for {self._stage.limits.patience_seconds:.0f} s before "
                f"{act.deed.name if act else case.end}: {why.get('sentence', 'it was never placed')}"
            )


def _waits_for_reading(case: Case) -> bool:
    act = case.next_act
    return case.name != "" and (act is None or not DOINGS[act.deed].looks_at_wdt)
