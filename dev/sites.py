"""The two sites: `demo` for people and the demo run, `test` for the tests, with a queue of its own."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path
from typing import Any, Final

from dev.host import database, services
from dev.host.frappe_command import frappe_argv, site_env
from dev.host.steps import Step, StepLog
from dev.state import SECOND, SECOND_TEST_SITE, HostState, host_file, second_part

FINISH_SITE: Final = Path(__file__).with_name("finish_site.py")
DEMO_DATABASE: Final = "order_flow_demo"
TEST_DATABASE: Final = "order_flow_test"
SITE_FOLDERS: Final = ("public/files", "private/files", "private/backups", "logs", "locks")


def template(state: HostState) -> Path:
    """Dump of a fresh site without the app."""
    return state.base / "template" / "site.sql"


def write_common_config(state: HostState) -> None:
    """Write the settings that both sites share: where the database and the queues are."""
    path = state.sites_path / "common_site_config.json"
    config = _read(path) | {
        "db_host": "127.0.0.1",
        "db_port": state.db_port,
        "redis_cache": state.redis_cache_url,
        "redis_queue": state.redis_queue_url,
        "redis_socketio": state.redis_cache_url,
        "webserver_port": state.web_port,
        "default_site": state.demo_site,
        "developer_mode": 0,
        "live_reload": False,
        # Twice a minute: a job of each minute that started late would else be due just after the next tick.
        "scheduler_tick_interval": 30,
        # Nothing on this host may write to real addresses.
        "mute_emails": 1,
    }
    _write(path, config)


def _make_demo_site(state: HostState, log: StepLog) -> None:
    write_common_config(state)
    services.start(services.STORES, state)
    services.empty_simulators(state)
    shutil.rmtree(state.sites_path / state.demo_site, ignore_errors=True)
    argv = [
        *("new-site", state.demo_site, "--force", "--db-name", DEMO_DATABASE, "--db-root-username", "root"),
        *("--db-root-password", state.db_root_password, "--admin-password", state.admin_password),
    ]
    log.run(
        frappe_argv(state, *argv),
        cwd=state.sites_path,
        env=site_env(state),
        hidden=(state.db_root_password, state.admin_password),
    )
    log.run([state.env_python, FINISH_SITE, state.demo_site], cwd=state.sites_path, env=site_env(state))
    template(state).parent.mkdir(parents=True, exist_ok=True)
    database.dump(state, DEMO_DATABASE, template(state))


def _make_test_site(state: HostState, log: StepLog) -> None:
    make_fresh_site(state, log, state.test_site, TEST_DATABASE)


def make_fresh_site(state: HostState, log: StepLog, site: str, database_name: str) -> None:
    """Make a site without the app from the template, in about a second; an old one of that name goes.

    Args:
        state: the host.
        log: where the database client writes.
        site: the site's name.
        database_name: the database, and its user, that become the site's.
    """
    services.start(services.STORES, state)
    folder = state.sites_path / site
    shutil.rmtree(folder, ignore_errors=True)
    for name in SITE_FOLDERS:
        (folder / name).mkdir(parents=True)
    password = secrets.token_hex(12)
    database.load_dump(state, database_name, password, template(state), log)
    # What was cached of an older site of that name, its list of apps for one, is not true any more.
    log.run(["redis-cli", "-p", str(state.redis_cache_port), "flushall"])
    # The dump holds passwords that were encrypted with the demo site's key.
    config = _read(state.sites_path / state.demo_site / "site_config.json") | {
        "db_name": database_name,
        # Frappe 16 names it by itself.
        "db_user": database_name,
        "db_password": password,
        "pause_scheduler": 1,
        "allow_tests": True,
    }
    _write(folder / "site_config.json", config | _stores_of_tests(state))


def _stores_of_tests(state: HostState) -> dict[str, Any]:
    """Settings of a test site: the stores of its own part of the host, and a queue without workers."""
    return {
        "db_port": state.db_port,
        "redis_cache": state.redis_cache_url,
        "redis_queue": state.redis_test_queue_url,
        "redis_socketio": state.redis_cache_url,
    }


def _copy_test_site(state: HostState, _log: StepLog) -> None:
    """Give the second part of the host a copy of the test site: files, database and all."""
    second = second_part(state)
    services.stop(state=second)
    database.copy(state, second)
    folder = state.sites_path / second.test_site
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(state.sites_path / state.test_site, folder)
    config = folder / "site_config.json"
    _write(config, _read(config) | _stores_of_tests(second))


def drop_site(state: HostState, site: str, database_name: str) -> None:
    """Remove a site that `make_fresh_site` made, with its database and its user."""
    database.query(
        state,
        f"DROP DATABASE IF EXISTS `{database_name}`; DROP USER IF EXISTS '{database_name}'@'localhost'",
    )
    shutil.rmtree(state.sites_path / site, ignore_errors=True)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


DEMO_SITE_STEP: Final = Step(
    name="demo-site",
    run=_make_demo_site,
    inputs=lambda state: [FINISH_SITE, state.demo_site, state.admin_password],
    is_whole=lambda state: (
        (state.sites_path / state.demo_site / "site_config.json").exists() and template(state).exists()
    ),
    cure="Read the log; `make stop` and `make up` start the database anew.",
)
TEST_SITE_STEP: Final = Step(
    name="test-site",
    run=_make_test_site,
    inputs=lambda state: [state.test_site],
    is_whole=lambda state: (state.sites_path / state.test_site / "site_config.json").exists(),
    cure="Read the log; `make stop` and `make up` start the database anew.",
)
SECOND_SITE_STEP: Final = Step(
    name="second-test-site",
    run=_copy_test_site,
    inputs=lambda _state: [SECOND_TEST_SITE],
    is_whole=lambda state: (
        (state.sites_path / SECOND_TEST_SITE / "site_config.json").exists()
        and host_file(state.root, SECOND).exists()
        and database.is_there(second_part(state))
    ),
    cure="Remove .bench/second.",
)
