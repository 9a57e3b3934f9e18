"""Confirms orders in a process of its own, to race for the last pieces: ``test_stock`` starts several."""

from __future__ import annotations

import sys

import frappe

from order_flow.domain.states import OrderStep
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order
from order_flow.outbox.transaction import in_transaction


def main() -> None:
    """Wait for the start, then confirm; arguments: site, its folder, order names."""
    site, sites_path, *orders = sys.argv[1:]
    frappe.init(site=site, sites_path=sites_path)
    frappe.connect()
    frappe.set_user("Administrator")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for name in orders:
        in_transaction(lambda name=name: take_step(locked_order(name), OrderStep.CONFIRM))
    frappe.destroy()
