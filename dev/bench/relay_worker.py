"""A worker process of the bench: sends what is due for one account and says what it took.

Usage: ``python -m dev.bench.relay_worker ACCOUNT``; the last line of its output is JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Sequence

import frappe

from dev.bench.site import connected
from dev.state import load
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending import relay

KIB_PER_MIB = 1024


def main(arguments: Sequence[str]) -> int:
    """Run the relay job until nothing is due; returns the exit code."""
    (account,) = arguments
    with connected(load()):
        started = time.time()
        rows = 0
        while sent := relay.run(AccountType.WDT, account):
            rows += sent
        ended = time.time()
        frappe.db.rollback()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB
    print(json.dumps({"rows": rows, "started": started, "ended": ended, "peak_rss_mb": peak}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
