"""`make soak`: plays N schedules, goes on where it stopped, tells what failed and what was covered.

SCHEDULES=10000 how many in all, SEED=1 the chance, FRESH=1 forgets the run before. The state stands in
``.bench/soak.json``, failing stories in ``.bench/soak-faults.txt``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import frappe

from dev.host import services
from dev.state import HostState, load
from tests.site.explorer.coverage import Coverage
from tests.site.explorer.over_http import Wire
from tests.site.explorer.schedules import draw
from tests.site.explorer.session import Session, open_session
from tests.site.explorer.shrink import shortest, told
from tests.site.support.builders import ensure_master_data, ensure_people, reuse_customer_codes
from tests.site.support.rest_client import Callers

USUAL = 10_000
REPORT_SECONDS = 15.0


class Soak:
    """A run that can be stopped and goes on later.

    Args:
        home: folder of the state.
        seed: of the chance. What was covered steers the drawing, so that story n of a seed depends on the
            stories before it; its printed line plays it again by itself.
    """

    def __init__(self, home: Path, seed: int) -> None:
        self._state, self._faults = home / "soak.json", home / "soak-faults.txt"
        self.seed, self.played, self.failed = seed, 0, 0
        self.kinds: dict[str, int] = {}
        self.coverage = Coverage()
        if self._state.exists():
            self._take_over(json.loads(self._state.read_text(encoding="utf-8")))

    def _take_over(self, kept: dict[str, Any]) -> None:
        if kept["seed"] == self.seed:
            self.played, self.failed, self.kinds = kept["played"], kept["failed"], kept["kinds"]
            self.coverage = Coverage.of_json(kept["coverage"])

    def run(self, session: Session, wanted: int) -> int:
        """Play until so many schedules were played in all.

        Returns:
            How many of them failed.
        """
        began = shown = time.monotonic()
        first = self.played
        while self.played < wanted:
            self._one(session)
            now = time.monotonic()
            if now - shown > REPORT_SECONDS or self.played == wanted:
                shown = now
                self._keep()
                speed = (self.played - first) / (now - began)
                print(
                    f"  {self.played} of {wanted} schedules, {self.failed} failed, {speed:.2f} a second, "
                    f"pairs {self.coverage.shares()}",
                    flush=True,
                )
        self._keep()
        return self.failed

    def _one(self, session: Session) -> None:
        random = Random(f"{self.seed}-{self.played}")
        start = self.coverage.way_to_one(random) if self.played % 2 else None
        schedule = draw(random, self.coverage.worth, start)
        played = session.play(schedule)
        self.played += 1
        self.coverage.add(played)
        if not played.faults:
            return
        self.failed += 1
        key = ",".join(sorted(played.kinds))
        self.kinds[key] = self.kinds.get(key, 0) + 1
        # The first of a kind are worth making short; a flood of one fault is told by its count.
        short = played
        if self.kinds[key] <= 3:
            print(told(played), "... made shorter:", sep="\n", flush=True)
            short = shortest(played, session.play)
        text = told(short)
        print(text, flush=True)
        with self._faults.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n\n")

    def _keep(self) -> None:
        self._state.write_text(
            json.dumps(
                {
                    "seed": self.seed,
                    "played": self.played,
                    "failed": self.failed,
                    "kinds": self.kinds,
                    "coverage": self.coverage.as_json(),
                }
            ),
            encoding="utf-8",
        )


def connect(state: HostState) -> None:
    """The test site, with the people and master data of the tests."""
    os.chdir(state.sites_path)
    frappe.init(site=state.test_site, sites_path=str(state.sites_path))
    frappe.connect()
    frappe.flags.in_test = False
    ensure_people()
    ensure_master_data()
    frappe.db.commit()
    reuse_customer_codes()


def main() -> int:
    """Play, and print the table; 0 where no schedule failed."""
    state = load()
    wanted, seed = int(os.environ.get("SCHEDULES", USUAL)), int(os.environ.get("SEED", "1"))
    if os.environ.get("FRESH"):
        for name in ("soak.json", "soak-faults.txt"):
            (state.home / name).unlink(missing_ok=True)
    services.start(["mariadb", "redis-cache", "redis-test-queue", "web-test"], state)
    connect(state)
    soak = Soak(state.home, seed)
    print(f"soak: seed {seed}, {soak.played} of {wanted} schedules were played before")
    try:
        with open_session(Wire(Callers(state.test_web_url))) as session:
            failed = soak.run(session, wanted)
    finally:
        print(soak.coverage.table())
        print(f"faults by check: {soak.kinds or 'none'}")
    print(f"soak: {soak.played} schedules, {failed} failed (seed {seed}); {state.home}/soak-faults.txt")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
