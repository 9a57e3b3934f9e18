"""Measures how many orders a second the relay tells a WDT that answers at once."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import frappe

from dev.bench import bulk, workload
from dev.errors import HostError
from dev.host.frappe_command import site_env
from dev.host.ports import answers, free_ports
from dev.host.process import wait_until
from dev.state import HostState
from order_flow.outbox.states import RowState

READY_SECONDS: Final = 20.0
WORKER_SECONDS: Final = 120.0
_MS_PER_SECOND: Final = 1000


@dataclass(frozen=True)
class RelayFigures:
    """What one run of worker processes did.

    Args:
        workers: how many processes.
        orders: how many orders WDT was told.
        seconds: from the first worker's start to the last one's end.
        far_side_share: part of the workers' time in which they waited for WDT's answer, 0..1.
        peak_rss_mb: largest resident memory of a worker, in MiB.
    """

    workers: int
    orders: int
    seconds: float
    far_side_share: float
    peak_rss_mb: float

    @property
    def orders_per_second(self) -> float:
        """Orders by seconds."""
        return self.orders / self.seconds


@contextmanager
def wdt_simulator(state: HostState) -> Iterator[str]:
    """A WDT stand-in of the bench's own on a free port, in memory; gives its address."""
    (port,) = free_ports(1, seed=f"{state.root} bench")
    argv = [str(state.env_python), "-m", "simulators.wdt", "--port", str(port)]
    log = state.log_dir / "bench-wdt.log"
    with log.open("ab") as output:
        process = subprocess.Popen(argv, cwd=state.root, env=site_env(state), stdout=output, stderr=output)
    try:
        if (
            not wait_until(lambda: answers(port) or process.poll() is not None, READY_SECONDS)
            or process.poll()
        ):
            raise HostError(
                "The bench's WDT simulator did not get ready.", "It does not answer.", f"Read {log}."
            )
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def measure_relay(state: HostState, url: str, orders: int, workers: int) -> RelayFigures:
    """Queue one message for each of some new orders and let worker processes send them.

    Args:
        state: the host.
        url: address of the WDT simulator.
        orders: how many orders.
        workers: how many processes share the work.

    Returns:
        The figures.

    Raises:
        HostError: a worker failed, or messages are left.
    """
    _point_account_at(url)
    # The model's own message is settled by hand, so that exactly the copies are due.
    bulk.empty_tables()
    model = workload.create_order(workload.order_values(workload.customer()))
    bulk.fill_up_to(orders + 1, model, RowState.PENDING.value)
    frappe.db.set_value("Sync Outbox", {"document": model}, "state", RowState.DONE.value)
    frappe.db.commit()
    reports = _run_workers(state, workers)
    frappe.db.rollback()
    left = frappe.db.sql("SELECT state, COUNT(*) FROM `tabSync Outbox` GROUP BY state")
    if dict(left) != {RowState.DONE.value: orders + 1}:
        raise HostError(
            "The relay did not deliver every message.",
            f"States: {dict(left)}.",
            "Read Sync Outbox of the bench site.",
        )
    busy = sum(report["ended"] - report["started"] for report in reports)
    waited = frappe.db.sql("SELECT SUM(elapsed_ms / rows_in_call) FROM `tabSync Attempt`")[0][0]
    return RelayFigures(
        workers=workers,
        orders=orders,
        seconds=max(report["ended"] for report in reports) - min(report["started"] for report in reports),
        far_side_share=float(waited) / _MS_PER_SECOND / busy,
        peak_rss_mb=max(report["peak_rss_mb"] for report in reports),
    )


def _point_account_at(url: str) -> None:
    account = frappe.get_doc("WDT Account", workload.WDT_ACCOUNT)
    account.base_url = f"{url}/openapi2/"
    # What a run that broke off left behind.
    account.paused = 0
    account.save()
    frappe.db.commit()


def _run_workers(state: HostState, count: int) -> list[dict[str, Any]]:
    argv = [str(state.env_python), "-m", "dev.bench.relay_worker", workload.WDT_ACCOUNT]
    processes = [
        subprocess.Popen(argv, cwd=state.root, env=site_env(state), stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    reports = []
    try:
        for process in processes:
            output, _ = process.communicate(timeout=WORKER_SECONDS)
            if process.returncode:
                raise HostError(
                    "A worker of the bench failed.", f"Its exit code was {process.returncode}.", "See above."
                )
            reports.append(json.loads(output.splitlines()[-1]))
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return reports
