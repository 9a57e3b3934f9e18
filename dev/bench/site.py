"""A site of the bench's own, so that its generated orders stay away from the demo and the tests."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import frappe

from dev.host import database, services
from dev.host.app import APP, MIGRATED_FILES
from dev.host.frappe_command import frappe_argv, site_env
from dev.host.steps import Step, StepLog, tree_inputs
from dev.sites import SITE_FOLDERS, template
from dev.state import HostState

BENCH_SITE: Final = "bench.localhost"
BENCH_DATABASE: Final = "order_flow_bench"
SERVICES: Final = ("mariadb", "redis-cache", "redis-test-queue")


def _config_path(state: HostState) -> Path:
    return state.sites_path / BENCH_SITE / "site_config.json"


def _make_site(state: HostState, log: StepLog) -> None:
    services.start(SERVICES, state)
    folder = state.sites_path / BENCH_SITE
    shutil.rmtree(folder, ignore_errors=True)
    for name in SITE_FOLDERS:
        (folder / name).mkdir(parents=True)
    password = secrets.token_hex(12)
    database.load_dump(state, BENCH_DATABASE, password, template(state), log)
    # The demo site's key, because the dump holds passwords that were encrypted with it.
    demo = state.sites_path / state.demo_site / "site_config.json"
    config = json.loads(demo.read_text(encoding="utf-8")) | {
        "db_name": BENCH_DATABASE,
        "db_password": password,
        # No worker listens there: only the worker that is measured may send.
        "redis_queue": state.redis_test_queue_url,
        "pause_scheduler": 1,
    }
    _config_path(state).write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    argv = frappe_argv(state, "--site", BENCH_SITE, "install-app", APP, "--force")
    log.run(argv, cwd=state.sites_path, env=site_env(state))


def _inputs(state: HostState) -> Iterable[str | Path]:
    return [BENCH_SITE, template(state), *tree_inputs(state.root, MIGRATED_FILES)]


SITE_STEP: Final = Step(
    name="bench-site",
    run=_make_site,
    inputs=_inputs,
    is_whole=lambda state: _config_path(state).exists(),
    cure="Read the log; `make stop` and `make up` start the database anew.",
)


@contextmanager
def connected(state: HostState) -> Iterator[None]:
    """A connection to the bench site as Administrator; the working folder is the sites folder meanwhile."""
    before = Path.cwd()
    # Frappe finds its logs and its files beside the folder it is started in.
    os.chdir(state.sites_path)
    frappe.init(site=BENCH_SITE, sites_path=str(state.sites_path))
    try:
        frappe.connect()
        frappe.flags.mute_emails = True
        yield
    finally:
        frappe.destroy()
        os.chdir(before)
