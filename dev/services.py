"""The processes of the host: how each is started, when it is ready, and how all are stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dev.build_tools import find_program
from dev.errors import HostError
from dev.frappe_command import frappe_argv, site_env
from dev.ports import answers, is_free
from dev.process import (
    ProcessRecord,
    is_alive,
    load_record,
    start_detached,
    wait_until,
)
from dev.process import stop as stop_process
from dev.state import HostState, load
from dev.steps import digest_of, tree_inputs

READY_SECONDS: Final = 60.0
WEB_THREADS: Final = 8
CODE_PATTERNS: Final = ("order_flow/**/*.py", "dev/wsgi.py")
SIMULATOR_PATTERNS: Final = ("simulators/**/*",)


@dataclass(frozen=True)
class Service:
    """One process of the host.

    Args:
        name: also the name of its log and of its record.
        argv: its command line.
        port: loopback port that answers when it is ready; None when it opens none.
        code: glob patterns of the code it runs: when that changes, a running one is started anew.
        exists: whether there is anything to start in this checkout.
        env: added to the environment.
    """

    name: str
    argv: Callable[[HostState], Sequence[str]]
    port: Callable[[HostState], int | None] = lambda _state: None
    code: Sequence[str] = ()
    exists: Callable[[HostState], bool] = lambda _state: True
    env: Callable[[HostState], Mapping[str, str]] = lambda _state: {}


def _mariadb(state: HostState) -> list[str]:
    argv = [
        find_program("mariadbd") or "mariadbd",
        "--no-defaults",
        f"--datadir={state.db_data}",
        f"--socket={state.db_socket}",
        f"--port={state.db_port}",
        f"--pid-file={state.run_dir / 'mariadb.pid'}",
        "--bind-address=127.0.0.1",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
        "--skip-character-set-client-handshake",
        "--innodb-buffer-pool-size=512M",
        # A development host: a crash of the whole machine may lose the last second of commits. A killed
        # mariadbd loses nothing, so the fault tests mean what they say.
        "--innodb-flush-log-at-trx-commit=2",
        "--max-allowed-packet=64M",
    ]
    return [*argv, "--user=root"] if os.geteuid() == 0 else argv


def _redis(port: Callable[[HostState], int]) -> Callable[[HostState], list[str]]:
    def argv(state: HostState) -> list[str]:
        return ["redis-server", "--port", str(port(state)), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    return argv


def _web(port: Callable[[HostState], int]) -> Callable[[HostState], list[str]]:
    def argv(state: HostState) -> list[str]:
        return [
            *(str(state.env_python), "-m", "gunicorn", "--bind", f"127.0.0.1:{port(state)}"),
            *("--worker-class", "gthread", "--workers", "1", "--threads", str(WEB_THREADS), "--timeout", "120"),
            *("--chdir", str(state.sites_path), "--pythonpath", str(state.root), "dev.wsgi:application"),
        ]

    return argv


def _simulator(name: str, port: Callable[[HostState], int]) -> Service:
    def argv(state: HostState) -> list[str]:
        database = state.home / f"{name}.db"
        return [str(state.env_python), "-m", f"simulators.{name}", "--port", str(port(state)), "--db", str(database)]

    return Service(
        name,
        argv,
        port,
        code=SIMULATOR_PATTERNS,
        exists=lambda state: (state.root / "simulators" / name / "__main__.py").exists(),
        env=lambda state: {"PYTHONPATH": str(state.root)},
    )


def _worker(number: int) -> Service:
    return Service(
        f"worker-{number}",
        lambda state: frappe_argv(state, "worker", "--queue", "short,default,long"),
        code=CODE_PATTERNS,
    )


ALL: Final = (
    Service("mariadb", _mariadb, lambda state: state.db_port),
    Service("redis-cache", _redis(lambda state: state.redis_cache_port), lambda state: state.redis_cache_port),
    Service("redis-queue", _redis(lambda state: state.redis_queue_port), lambda state: state.redis_queue_port),
    Service(
        "redis-test-queue", _redis(lambda state: state.redis_test_queue_port), lambda state: state.redis_test_queue_port
    ),
    _simulator("wdt", lambda state: state.wdt_port),
    _simulator("u8", lambda state: state.u8_port),
    Service(
        "web",
        _web(lambda state: state.web_port),
        lambda state: state.web_port,
        code=CODE_PATTERNS,
        env=lambda state: {"ORDER_FLOW_DEFAULT_SITE": state.demo_site},
    ),
    # A process of its own: Frappe keeps one queue connection per process, and the test site has its own queue.
    Service(
        "web-test",
        _web(lambda state: state.test_web_port),
        lambda state: state.test_web_port,
        code=CODE_PATTERNS,
        env=lambda state: {"ORDER_FLOW_DEFAULT_SITE": state.test_site},
    ),
    _worker(1),
    _worker(2),
    Service("scheduler", lambda state: frappe_argv(state, "schedule"), code=CODE_PATTERNS),
)
BY_NAME: Final = {service.name: service for service in ALL}
STORES: Final = ("mariadb", "redis-cache", "redis-queue", "redis-test-queue")
DEMO: Final = (*STORES, "wdt", "u8", "web", "worker-1", "worker-2", "scheduler")
TESTING: Final = (*STORES, "web-test")


def running(name: str, state: HostState | None = None) -> ProcessRecord | None:
    """The record of a service that runs; None when it does not."""
    record = load_record((state or load()).run_dir, name)
    return record if record and is_alive(record) else None


def start(names: Sequence[str], state: HostState | None = None) -> list[str]:
    """Start services in the given order and wait until each is ready; running ones stay as they are,
    except those whose code has changed: they are started anew.

    Args:
        names: names from `BY_NAME`; a simulator that is not in the checkout is left out.
        state: the host; that of this checkout when left out.

    Returns:
        The names that were started.

    Raises:
        HostError: a port is taken by somebody else, or a service did not get ready.
    """
    host = state or load()
    started = [name for name in names if _ensure(BY_NAME[name], host)]
    for name in names:
        _wait_ready(BY_NAME[name], host)
    return started


def _ensure(service: Service, state: HostState) -> bool:
    if not service.exists(state):
        return False
    fingerprint = digest_of(tree_inputs(state.root, service.code))
    record = running(service.name, state)
    if record:
        if record.fingerprint == fingerprint:
            return False
        stop_process(record, state.run_dir)
    port = service.port(state)
    if port is not None and not is_free(port):
        raise HostError(
            f"{service.name} cannot start.",
            f"Port {port} is taken by a process that this checkout did not start.",
            "Stop that process, or run `make stop`, delete .bench/host.json's port and run `make up`.",
        )
    start_detached(
        service.name,
        service.argv(state),
        cwd=state.sites_path if state.sites_path.exists() else state.root,
        env=site_env(state) | dict(service.env(state)),
        log=state.log_dir / f"{service.name}.log",
        run_dir=state.run_dir,
        fingerprint=fingerprint,
    )
    return True


def _wait_ready(service: Service, state: HostState) -> None:
    if not service.exists(state):
        return
    port = service.port(state)

    def settled() -> bool:
        return running(service.name, state) is None or port is None or answers(port)

    if not wait_until(settled, READY_SECONDS) or running(service.name, state) is None:
        raise HostError(
            f"{service.name} did not get ready.",
            f"It ended, or did not answer within {READY_SECONDS:.0f} s.",
            f"Read {state.log_dir / (service.name + '.log')}.",
        )


def stop(names: Sequence[str] | None = None, state: HostState | None = None) -> list[str]:
    """Stop services, the last started first, and wait until they are gone.

    Args:
        names: names from `BY_NAME`; all when left out.
        state: the host; that of this checkout when left out.

    Returns:
        The names that were running.
    """
    host = state or load()
    chosen = [service.name for service in ALL if names is None or service.name in names]
    stopped = []
    for name in reversed(chosen):
        record = load_record(host.run_dir, name)
        if record and stop_process(record, host.run_dir):
            stopped.append(name)
    return stopped
