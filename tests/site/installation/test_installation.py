"""The app comes to a fresh site, is migrated again, and leaves it; and where it refuses to come (issue 2)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from dev.host import database, services
from dev.host.frappe_command import frappe_argv, site_env
from dev.host.steps import StepLog
from dev.sites import drop_site, make_fresh_site
from dev.state import HostState

SITE, DATABASE = "fresh.localhost", "order_flow_fresh"
APP = "order_flow"

BOOKKEEPING = {
    "tabInstalled Application",
    "tabScheduled Job Type",
    "tabDefaultValue",
    "tabDeleted Document",
    "tabPatch Log",
}
"""Where the framework keeps account of commands that were run; nothing else may differ."""
WATCHED_PARTS = {
    "tabSingles": "doctype = 'Order Flow Settings'",
    "tabVersion": "ref_doctype <> 'Installed Applications'",
}
"""Tables of which the framework rewrites the other rows with every command."""


@dataclass(frozen=True)
class FreshSite:
    """A site of its own for one module's tests."""

    host: HostState

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        """A command of the framework on the site."""
        return subprocess.run(
            frappe_argv(self.host, "--site", SITE, *args),
            cwd=self.host.sites_path,
            env=site_env(self.host),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def query(self, sql: str) -> list[list[str]]:
        """Rows of a query on the site's database."""
        output = database.query(self.host, f"use `{DATABASE}`; {sql}")
        return [line.split("\t") for line in output.splitlines()]

    def contents(self) -> dict[str, str]:
        """A checksum over all rows of every table, and the sequences there are; times of changes included."""
        kinds = dict(
            self.query(
                "select table_name, table_type from information_schema.tables "
                f"where table_schema = '{DATABASE}'"
            )
        )
        tables = sorted(name for name, kind in kinds.items() if kind == "BASE TABLE")
        sums = self.query(f"checksum table {', '.join(f'`{name}`' for name in tables)}")
        for name, part in WATCHED_PARTS.items():
            kinds[name] = repr(self.query(f"select * from `{name}` where {part} order by 1, 2"))
        found = {name.partition(".")[2]: checksum for name, checksum in sums}
        return found | {name: kind for name, kind in kinds.items() if kind != "BASE TABLE"}


@pytest.fixture(scope="module")
def fresh(host: HostState, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreshSite]:
    """A site without the app, made from the host's template."""
    services.start(["mariadb", "redis-cache", "redis-test-queue"])
    log = StepLog(tmp_path_factory.mktemp("fresh") / "site.log")
    make_fresh_site(host, log, SITE, DATABASE)
    site = FreshSite(host)
    # An earlier site of this name may have left its installed apps in the cache.
    assert site.run("clear-cache").returncode == 0
    try:
        yield site
    finally:
        drop_site(host, SITE, DATABASE)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """Tables that came, went, or hold other rows."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def own_names(host: HostState) -> set[str]:
    """DocTypes that the checkout defines."""
    definitions = Path(host.root, APP, APP, "doctype").glob("*/*.json")
    return {json.loads(path.read_text(encoding="utf-8"))["name"] for path in definitions}


def test_another_apps_shipment_is_refused_and_nothing_changes(fresh: FreshSite) -> None:
    """Where ERPNext's Shipment lives, the app says so and leaves everything as it was (design 6)."""
    fresh.query("insert into `tabDocType` (name, module, istable) values ('Shipment', 'Stock', 0)")
    before = fresh.contents()
    refused = fresh.run("install-app", APP)
    after = fresh.contents()
    fresh.query("delete from `tabDocType` where name = 'Shipment'")
    assert refused.returncode != 0
    assert "Shipment (Stock)" in refused.stdout + refused.stderr
    assert "ERPNext" in refused.stdout + refused.stderr
    assert changed(before, after) == set()


def test_install_migrate_again_and_uninstall(fresh: FreshSite) -> None:
    """It installs, a migrate afterwards changes nothing, and leaving takes everything along (issue 2)."""
    before = fresh.contents()
    installed = fresh.run("install-app", APP)
    assert installed.returncode == 0, installed.stderr[-2000:]
    found = {name for (name,) in fresh.query("select name from tabDocType where module = 'Order Flow'")}
    assert found == own_names(fresh.host)
    assert ["Order Lifecycle", "1"] in fresh.query("select name, is_active from tabWorkflow")

    complete = fresh.contents()
    again = fresh.run("migrate", "--skip-search-index")
    assert again.returncode == 0, again.stderr[-2000:]
    assert changed(complete, fresh.contents()) - BOOKKEEPING == set()

    ours = "select name from `tabScheduled Job Type` where method like 'order_flow.%'"
    assert fresh.query(ours)
    removed = fresh.run("uninstall-app", APP, "--yes", "--no-backup")
    assert removed.returncode == 0, removed.stderr[-2000:]
    assert fresh.query(ours) == []
    assert changed(before, fresh.contents()) - BOOKKEEPING == set()
