"""`make day`: a day of orders under the shipped limits; exit code 1 where the sides differ."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta
from typing import Final

from dev.bench import bulk, site
from dev.day.run import run_day
from dev.errors import HostError
from dev.host import services
from dev.host.lock import host_lock
from dev.host.steps import Runner
from dev.state import load
from order_flow.site_time import site_zone

ORDERS: Final = 2_000
FIRST_HOUR: Final = 8


def main() -> int:
    """Run the day on the bench's own site and print its figures."""
    orders = int(os.environ.get("ORDERS") or ORDERS)
    state = load()
    try:
        with host_lock(state, "test.lock"):
            Runner(state).run_all([(site.SITE_STEP, ())])
            services.start(site.SERVICES, state)
            with site.connected(state):
                bulk.empty_tables()
                # Not on the full second: the framework compares times as texts, with their fractions.
                tomorrow = datetime.now(site_zone()) + timedelta(days=1)
                began = time.perf_counter()
                outcome = run_day(
                    orders, tomorrow.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=1)
                )
                seconds = time.perf_counter() - began
                bulk.empty_tables()
    except HostError as error:
        print(error.report(), file=sys.stderr)
        return 1
    print(outcome.text())
    print(f"real time          {seconds:.0f} s")
    return 0 if outcome.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
