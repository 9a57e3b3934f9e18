"""The site's figures in the text format that Prometheus and its kin read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import frappe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from order_flow.domain.site_health import SiteFault, faults_of
from order_flow.flow.outside.site_health import figures
from order_flow.outbox.accounts.discrepancies import open_count
from order_flow.outbox.states import UNFINISHED_STATES

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_PREFIX: Final = "order_flow"


class _Site(Collector):
    """Measures when it is asked."""

    def collect(self) -> Iterator[Metric]:
        """Give each figure once; what is unknown is left out, never zero."""
        measured = figures()
        faults = faults_of(measured)
        fault = _gauge("fault", ["kind"])
        for kind in SiteFault:
            fault.add_metric([kind.value], float(kind in faults))
        yield fault
        yield _gauge("outbox_longest_wait_seconds", measured.longest_wait.total_seconds())
        yield _gauge("accounts_paused", len(measured.paused_accounts))
        yield _gauge("discrepancies_open", open_count())
        if measured.scheduler_silence is not None:
            silence = measured.scheduler_silence.total_seconds()
            yield _gauge("scheduler_silence_seconds", silence)
        if measured.workers is not None:
            yield _gauge("workers", measured.workers)
        yield _rows()
        if (size := _database_bytes()) is not None:
            yield _gauge("database_bytes", size)


def metrics_text() -> bytes:
    """Write the figures of this moment."""
    registry = CollectorRegistry()
    registry.register(_Site())
    return bytes(generate_latest(registry))


def _gauge(name: str, content: float | list[str]) -> GaugeMetricFamily:
    labels, value = (content, None) if isinstance(content, list) else (None, content)
    return GaugeMetricFamily(f"{_PREFIX}_{name}", _texts()[name], value=value, labels=labels)


@cache
def _texts() -> Mapping[str, str]:
    """What each figure is, for the makers of a monitor, in English."""
    texts: dict[str, str] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return texts


def _rows() -> GaugeMetricFamily:
    rows = _gauge("outbox_rows", ["account_type", "account", "state"])
    counted = frappe.db.sql(
        """select account_type, account, state, count(*) from `tabSync Outbox`
        where state in %s group by account_type, account, state""",
        (UNFINISHED_STATES,),
    )
    for account_type, account, state, count in counted:
        rows.add_metric([account_type, account, state], count)
    return rows


def _database_bytes() -> float | None:
    size = frappe.db.sql(
        """select sum(data_length + index_length) from information_schema.tables
        where table_schema = database()"""
    )[0][0]
    return float(size) if size is not None else None
