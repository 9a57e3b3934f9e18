"""The probe, the figures for a monitor, and the two mails to the operators."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe
import pytest
from prometheus_client.parser import text_string_to_metric_families

from order_flow.domain.site_health import SiteFigures
from order_flow.domain.states import Role
from order_flow.flow.outside import site_health
from tests.site.support.rest_client import Callers
from tests.unit.rest.test_site_health import WELL

PROBE = "method/order_flow.api.operations.probe"
METRICS = "method/order_flow.api.operations.metrics"


def test_a_guest_learns_only_whether_it_is_well(callers: Callers) -> None:
    for caller in (callers.of(None), callers.of(Role.SALES)):
        answer = caller.get(PROBE)
        ok = answer.json()["message"]["ok"]
        assert answer.json() == {"message": {"ok": ok}}
        assert answer.status_code == (200 if ok else 503)


def test_an_operator_reads_what_is_wrong(callers: Callers) -> None:
    said = callers.of(Role.INTEGRATION).get(PROBE).json()["message"]
    assert said["ok"] == (not said["faults"])
    assert set(said) == {"ok", "faults", "longest_wait_seconds", "paused_accounts", "workers"}


def test_metrics_are_for_operators(callers: Callers) -> None:
    for caller in (callers.of(None), callers.of(Role.SALES), callers.of(Role.FINANCE)):
        assert caller.get(METRICS).status_code == 403
    answer = callers.of(Role.INTEGRATION).get(METRICS)
    assert answer.headers["Content-Type"].startswith("text/plain")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert {"order_flow_fault", "order_flow_outbox_rows", "order_flow_database_bytes"} <= set(families)
    assert families["order_flow_database_bytes"].samples[0].value > 0
    assert len(families["order_flow_fault"].samples) == 5


@pytest.fixture
def mails(site: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be sent; the site forgets what it told."""
    sent: list[dict[str, Any]] = []
    frappe.db.set_global("order_flow_site_faults", None)
    monkeypatch.setattr(site_health, "can_mail", lambda: True)
    monkeypatch.setattr(frappe, "sendmail", lambda **mail: sent.append(mail))
    return sent


def measure(monkeypatch: pytest.MonkeyPatch, figures: SiteFigures) -> None:
    monkeypatch.setattr(site_health, "figures", lambda: figures)


def test_operators_are_told_once_each_way(
    mails: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(monkeypatch, WELL)
    site_health.tell_operators()
    assert mails == []
    measure(monkeypatch, replace(WELL, paused_accounts=("WDT-1",)))
    site_health.tell_operators()
    site_health.tell_operators()
    told = [mail for mail in mails if "paused" in mail["message"] or "暂停" in mail["message"]]
    assert told == mails and mails
    first = len(mails)
    measure(monkeypatch, WELL)
    site_health.tell_operators()
    site_health.tell_operators()
    assert len(mails) == 2 * first
    assert all("WDT-1" not in mail["message"] for mail in mails)


def test_the_real_site_is_measured_with_few_statements(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site_health.figures()  # what the framework looks up once for a site is not counted
    asked: list[str] = []
    sql = frappe.db.sql

    def counting(query: Any, *args: Any, **kwargs: Any) -> Any:
        asked.append(str(query))
        return sql(query, *args, **kwargs)

    monkeypatch.setattr(frappe.db, "sql", counting)
    site_health.figures()
    assert len(asked) <= 7
