"""A relay in a process of its own, for the fault tests: ``outbox_lab.start_worker`` starts it."""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta

import frappe

from order_flow.outbox.sending.worker import Point, Relay
from tests.site.support.outbox_lab import ACCOUNT_TYPE, register_lab, turned


def main() -> None:
    """Work until nothing is due; arguments: see ``outbox_lab.start_worker``."""
    site, sites_path, account, url, die_at, ahead = sys.argv[1:7]
    frappe.init(site=site, sites_path=sites_path)
    frappe.connect()
    register_lab(url)

    def checkpoint(point: Point) -> None:
        if point == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    clock = turned(timedelta(seconds=float(ahead)))
    relay = Relay(ACCOUNT_TYPE, account, clock=clock, checkpoint=checkpoint)
    while relay.run_once():
        pass
    frappe.destroy()
