"""Runs the bench, prints the table, writes .bench/bench.json; exit code 1 where a limit does not hold."""

from __future__ import annotations

import os
import platform
import sys
import time
from typing import Any, Final

import frappe

from dev.bench import browsing, bulk, orders, pages, relay_speed, site, twin, workload
from dev.bench.report import Figure, table, write
from dev.bench.timing import Comparison
from dev.errors import HostError
from dev.host import services
from dev.host.lock import host_lock
from dev.host.steps import Runner
from dev.state import HostState, load
from order_flow.outbox.states import RowState

FEW_ORDERS: Final = 1_000
MANY_ORDERS: Final = 100_000
RELAY_ORDERS: Final = 1_500
RELAY_WORKERS: Final = (1, 2)
LIMIT_CREATE, AIM_CREATE = 1.5, 1.3
LIMIT_CONFIRM, AIM_CONFIRM = 2.0, 1.5
LIMIT_WORKSPACE_MS, AIM_WORKSPACE_MS = 1_000, 500


def run(state: HostState) -> tuple[list[Figure], dict[str, Any]]:
    """Measure everything on the bench site.

    Returns:
        The figures and the details for the file.
    """
    with site.connected(state):
        bulk.empty_tables()
        workload.ensure_master_data()
        twin.make_twin()
        frappe.clear_cache()
        relayed = _relay_figures(state)
        progress(f"orders against the framework, {FEW_ORDERS} orders stored")
        few, statements_few = _at(FEW_ORDERS)
        request = orders.compare_with_twin(orders.as_in_a_request)
        twins = orders.twin_statements()
        progress(f"filling up to {MANY_ORDERS} orders")
        many, statements_many = _at(MANY_ORDERS)
        progress("the desk's first pages, and a batch of the allocation")
        desk = [*_page_figures(), *_browser_figures(state)]
        server = str(frappe.db.sql("SELECT VERSION()")[0][0])
        # A hundred thousand orders need not stay on the disk.
        bulk.empty_tables()
    figures = [
        *_against("", few, "at 1,000 orders, all looked up before"),
        *_against("_in_request", request, "at 1,000 orders, nothing looked up before"),
        *_against("_at_100000", many, "at 100,000 orders"),
        *_statement_figures(statements_few, statements_many, twins),
        *relayed,
        *desk,
    ]
    details = {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "mariadb": server},
        "frappe": frappe.__version__,
        "orders_per_comparison": orders.BLOCKS * orders.ROUNDS,
        "ratios_by_block": {
            "create": [round(ratio, 3) for ratio in few.create.ratios],
            "confirm": [round(ratio, 3) for ratio in few.confirm.ratios],
        },
        "statements": {"create": list(statements_few.create), "confirm": list(statements_few.confirm)},
    }
    return figures, details


def progress(text: str) -> None:
    """Say what is being measured."""
    print(f"bench: {text}", flush=True)


def _at(count: int) -> tuple[orders.Against, orders.StepStatements]:
    model = workload.create_order(workload.order_values(workload.customer()))
    bulk.fill_up_to(count, model, RowState.DONE.value)
    against = orders.compare_with_twin(orders.as_in_a_long_job)
    return against, orders.order_statements()


def _page_figures() -> list[Figure]:
    parts = pages.workspace_ms()
    slowest = max(parts, key=lambda name: parts[name])
    remark = f"ms, the workspace's {len(parts)} cards and charts one after the other, {MANY_ORDERS:,} orders"
    return [
        Figure("workspace_ms", sum(parts.values()), f"{remark}; slowest: {slowest} {parts[slowest]:.0f} ms"),
        Figure(
            "order_list_ms", pages.list_ms(), f"ms, first page of the open orders at {MANY_ORDERS:,} orders"
        ),
        Figure(
            "allocation_10000_lines_ms",
            pages.allocation_ms(),
            f"ms, {pages.PRODUCTS:,} products, {pages.WAREHOUSES} warehouses, without the database",
        ),
    ]


def _browser_figures(state: HostState) -> list[Figure]:
    remark = f"ms in Chromium until drawn, {MANY_ORDERS:,} orders; all but in_desk with the desk loaded anew"
    limits = {browsing.IN_THE_DESK: (LIMIT_WORKSPACE_MS, AIM_WORKSPACE_MS)}
    return [
        Figure(f"browser_{name}_ms", value, remark, *limits.get(name, (None, None)))
        for name, value in browsing.page_ms(state).items()
    ]


def _relay_figures(state: HostState) -> list[Figure]:
    figures = []
    with relay_speed.wdt_simulator(state) as url:
        for workers in RELAY_WORKERS:
            progress(f"relay, {RELAY_ORDERS} orders, {workers} worker(s)")
            result = relay_speed.measure_relay(state, url, RELAY_ORDERS, workers)
            suffix = "" if workers == 1 else f"_{workers}_workers"
            remark = (
                f"{result.orders} orders in {result.seconds:.1f} s, {workers} process(es), "
                f"{result.far_side_share:.0%} of it waiting for WDT's answer"
            )
            figures.append(Figure(f"relay_orders_per_second{suffix}", result.orders_per_second, remark))
            if workers == 1:
                figures.append(Figure("peak_rss_mb", result.peak_rss_mb, "MiB, the worker of that run"))
    return figures


def _against(suffix: str, against: orders.Against, conditions: str) -> list[Figure]:
    return [
        _ratio(f"create_vs_framework{suffix}", against.create, conditions, LIMIT_CREATE, AIM_CREATE),
        _ratio(f"confirm_vs_framework{suffix}", against.confirm, conditions, LIMIT_CONFIRM, AIM_CONFIRM),
    ]


def _ratio(name: str, comparison: Comparison, conditions: str, limit: float, aim: float) -> Figure:
    remark = (
        f"{comparison.our_ms:.1f} ms to {comparison.their_ms:.1f} ms {conditions}; "
        f"blocks {min(comparison.ratios):.2f} to {max(comparison.ratios):.2f}"
    )
    return Figure(name, comparison.ratio, remark, limit, aim)


def _statement_figures(
    few: orders.StepStatements, many: orders.StepStatements, twins: orders.StepStatements
) -> list[Figure]:
    figures = []
    for step in ("create", "confirm"):
        at_few, at_many, of_twin = (len(getattr(found, step)) for found in (few, many, twins))
        remark = f"statements with the commit, {FEW_ORDERS:,} orders stored; the twin's: {of_twin}"
        figures.append(Figure(f"sql_{step}", at_few, remark))
        remark = f"the same at {MANY_ORDERS:,} orders"
        figures.append(Figure(f"sql_{step}_at_100000", at_many, remark, at_few, at_few))
    return figures


def main() -> int:
    """Bring the bench site up, measure, report; returns the exit code."""
    try:
        state = load()
        # Not beside `make test`, whose fault tests restart the database.
        with host_lock(state, "test.lock"):
            started = time.monotonic()
            services.start(site.SERVICES, state)
            Runner(state).run_all([(site.SITE_STEP, ())])
            figures, details = run(state)
    except HostError as error:
        print(error.report(), file=sys.stderr)
        return 1
    seconds = time.monotonic() - started
    write(state.home / "bench.json", figures, details | {"seconds": round(seconds, 1)})
    print(table(figures))
    print(f"bench: {seconds:.0f} s, written to {state.home / 'bench.json'}")
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
