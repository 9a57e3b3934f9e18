"""The processes of the host: how each is started, when it is ready, and how all are stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dev.errors import HostError
from dev.host.frappe_command import frappe_argv, site_env
from dev.host.ports import answers, http_answers, is_free
from dev.host.process import ProcessRecord, is_alive, load_record, start_detached, wait_until
from dev.host.process import stop as stop_process
from dev.host.programs import find_program
from dev.host.steps import digest_of, tree_inputs
from dev.state import HostState, load

READY_SECONDS: Final = 60.0
GUNICORN_OPTIONS: Final = (
    "--worker-class",
    "gthread",
    "--workers",
    "1",
    "--threads",
    "8",
    "--timeout",
    "120",
)
# Gunicorn opens its port before it has loaded Frappe.
PING: Final = "/api/method/ping"
WORKER_COMMAND: Final = ("worker", "--queue", "short,default,long")
CODE_PATTERNS: Final = ("order_flow/**/*.py", "dev/wsgi.py")
SIMULATORS: Final = ("wdt", "u8")
STORE_SUFFIX: Final = ".db"
SIMULATOR_PATTERNS: Final = ("simulators/**/*",)


@dataclass(frozen=True)
class Service:
    """One process of the host.

    Args:
        name: also the name of its log and of its record.
        argv: its command line.
        port_name: field of the state with the port that answers when it is ready; None: no port.
        ping: path that answers 200 when a web server is ready; None: an open port is enough.
        code: glob patterns of the code it runs: when that changes, a running one is started anew.
        exists: whether there is anything to start in this checkout.
        env: what it adds to the environment.
    """

    name: str
    argv: Callable[[HostState], Sequence[str]]
    port_name: str | None = None
    ping: str | None = None
    code: Sequence[str] = ()
    exists: Callable[[HostState], bool] = lambda _state: True
    env: Callable[[HostState], Mapping[str, str]] = lambda _state: {}

    def port(self, state: HostState) -> int | None:
        """The loopback port it listens on; None when it opens none."""
        return state.ports()[self.port_name] if self.port_name else None


def _mariadb(state: HostState) -> list[str]:
    argv = [
        find_program("mariadbd") or "mariadbd",
        "--no-defaults",
        f"--datadir={state.db_data}",
        f"--socket={state.db_socket}",
        f"--port={state.db_port}",
        f"--pid-file={state.run_dir / 'mariadb.pid'}",
        # At its start it deletes the temporary tables it finds: those of another host would be gone.
        f"--tmpdir={state.run_dir}",
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


def _redis(name: str) -> Service:
    port_name = name.replace("-", "_") + "_port"

    def argv(state: HostState) -> list[str]:
        port = str(state.ports()[port_name])
        return ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    return Service(name, argv, port_name)


def _web(name: str, port_name: str, site: Callable[[HostState], str]) -> Service:
    def argv(state: HostState) -> list[str]:
        address = f"127.0.0.1:{state.ports()[port_name]}"
        gunicorn = [
            str(state.env_python),
            "-m",
            "gunicorn",
            "--bind",
            address,
            "--chdir",
            str(state.sites_path),
        ]
        return [*gunicorn, *GUNICORN_OPTIONS, "dev.wsgi:application"]

    def env(state: HostState) -> dict[str, str]:
        return {"ORDER_FLOW_DEFAULT_SITE": site(state)}

    return Service(name, argv, port_name, ping=PING, code=CODE_PATTERNS, env=env)


def _simulator(name: str) -> Service:
    def argv(state: HostState) -> list[str]:
        options = ["--port", str(state.ports()[f"{name}_port"])]
        options += ["--db", str(state.home / f"{name}{STORE_SUFFIX}")]
        return [str(state.env_python), "-m", f"simulators.{name}", *options]

    return Service(
        name,
        argv,
        f"{name}_port",
        code=SIMULATOR_PATTERNS,
        exists=lambda state: (state.root / "simulators" / name / "__main__.py").exists(),
    )


def empty_simulators(state: HostState) -> None:
    """End both stand-ins and forget what is in them.

    It belongs to the site that was there before: the numbers of a new site's orders would be taken.
    """
    stop(SIMULATORS, state)
    for name in SIMULATORS:
        for part in state.home.glob(f"{name}{STORE_SUFFIX}*"):
            part.unlink()


def _frappe_process(name: str, *command: str) -> Service:
    return Service(name, lambda state: frappe_argv(state, *command), code=CODE_PATTERNS)


ALL: Final = (
    Service("mariadb", _mariadb, "db_port"),
    _redis("redis-cache"),
    _redis("redis-queue"),
    _redis("redis-test-queue"),
    _simulator("wdt"),
    _simulator("u8"),
    _web("web", "web_port", lambda state: state.demo_site),
    # A process of its own, because Frappe keeps one queue connection per process.
    _web("web-test", "test_web_port", lambda state: state.test_site),
    _frappe_process("worker-1", *WORKER_COMMAND),
    _frappe_process("worker-2", *WORKER_COMMAND),
    _frappe_process("scheduler", "schedule"),
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
            "Stop that process; or `make clean` and `make up` choose other ports.",
        )
    start_detached(
        service.name,
        service.argv(state),
        cwd=state.sites_path if state.sites_path.exists() else state.root,
        env=site_env(state) | {"PYTHONPATH": str(state.root)} | dict(service.env(state)),
        log=state.log_dir / f"{service.name}.log",
        run_dir=state.run_dir,
        fingerprint=fingerprint,
    )
    return True


def _wait_ready(service: Service, state: HostState) -> None:
    if not service.exists(state):
        return

    def settled() -> bool:
        return running(service.name, state) is None or _is_ready(service, state)

    if not wait_until(settled, READY_SECONDS) or running(service.name, state) is None:
        raise HostError(
            f"{service.name} did not get ready.",
            f"It ended, or did not answer within {READY_SECONDS:.0f} s.",
            f"Read {state.log_dir / (service.name + '.log')}.",
        )


def _is_ready(service: Service, state: HostState) -> bool:
    port = service.port(state)
    if port is None:
        return True
    return http_answers(port, service.ping) if service.ping else answers(port)


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
