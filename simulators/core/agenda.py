"""Asynchronous work that becomes due by the simulated clock."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulators.core.clock import SimulatedClock
from simulators.core.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS core_job (
    id INTEGER PRIMARY KEY, due REAL NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, payload TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS core_job_due ON core_job (due);
CREATE INDEX IF NOT EXISTS core_job_key ON core_job (key);
"""


@dataclass(frozen=True)
class Job:
    """One piece of work.

    Args:
        id: sequence number.
        due: simulated time it becomes due, epoch seconds.
        kind: what to do.
        key: on what.
        payload: further data.
    """

    id: int
    due: float
    kind: str
    key: str
    payload: dict[str, object]


class Agenda:
    """The queue of waiting work, kept in the store.

    Args:
        store: the simulator's database.
        clock: decides what is due.
    """

    def __init__(self, store: Store, clock: SimulatedClock) -> None:
        self._store = store
        self._clock = clock
        store.script(SCHEMA)

    def put(
        self, kind: str, key: str, seconds: float = 0.0, payload: dict[str, object] | None = None
    ) -> None:
        """Plan work.

        Args:
            kind: what to do; ``Simulator.run_due`` gets it back.
            key: on what.
            seconds: how long from now, simulated.
            payload: further JSON-able data.
        """
        due = (self._clock.now() + timedelta(seconds=seconds)).timestamp()
        self._store.execute(
            "INSERT INTO core_job (due, kind, key, payload) VALUES (?, ?, ?, ?)",
            due, kind, key, json.dumps(payload or {}),
        )  # fmt: skip

    def take_due(self) -> Job | None:
        """Remove and return the earliest due job, or None when nothing is due."""
        now = self._clock.now().timestamp()
        row = self._store.row("SELECT * FROM core_job WHERE due <= ? ORDER BY due, id LIMIT 1", now)
        if row is None:
            return None
        self._store.execute("DELETE FROM core_job WHERE id = ?", row["id"])
        return Job(row["id"], row["due"], row["kind"], row["key"], json.loads(row["payload"]))

    def cancel(self, key: str) -> None:
        """Forget all work on this key."""
        self._store.execute("DELETE FROM core_job WHERE key = ?", key)

    def has(self, key: str) -> bool:
        """Whether any work on this key waits."""
        return self._store.row("SELECT 1 FROM core_job WHERE key = ? LIMIT 1", key) is not None

    def waiting(self) -> list[Job]:
        """All waiting jobs, earliest first."""
        rows = self._store.rows("SELECT * FROM core_job ORDER BY due, id")
        return [Job(r["id"], r["due"], r["kind"], r["key"], json.loads(r["payload"])) for r in rows]


def due_text(job: Job, clock: SimulatedClock) -> str:
    """When a job is due, for people (HH:MM:SS of the simulated day)."""
    return datetime.fromtimestamp(job.due, clock.now().tzinfo).strftime("%m-%d %H:%M:%S")
