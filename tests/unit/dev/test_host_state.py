"""Ports, state, locks and services of the host (issue: the host)."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from dev.errors import HostError
from dev.host import services
from dev.host.lock import host_lock
from dev.host.ports import HIGHEST, LOWEST, answers, free_ports, is_free
from dev.state import PORT_NAMES, HostState, host_file, load, load_or_create


def test_ports_are_chosen_once_and_written_down(tmp_path: Path) -> None:
    first = load_or_create(tmp_path)
    assert load_or_create(tmp_path) == first == load(tmp_path)
    ports = first.ports()
    assert len(set(ports.values())) == len(PORT_NAMES)
    assert all(LOWEST <= port < HIGHEST for port in ports.values())
    written = json.loads(host_file(tmp_path).read_text())
    assert written["web_url"] == f"http://127.0.0.1:{first.web_port}"


def test_two_checkouts_share_no_port(tmp_path: Path) -> None:
    one, two = load_or_create(tmp_path / "one"), load_or_create(tmp_path / "two")
    assert not set(one.ports().values()) & set(two.ports().values())


def test_passwords_are_readable_by_the_owner_only(tmp_path: Path) -> None:
    load_or_create(tmp_path)
    assert host_file(tmp_path).stat().st_mode & 0o077 == 0


def test_a_taken_port_is_not_chosen() -> None:
    seed = "a checkout"
    wanted = free_ports(1, seed)[0]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", wanted))
        taken.listen()
        assert not is_free(wanted)
        assert answers(wanted)
        assert free_ports(1, seed) != [wanted]


def test_without_a_host_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="make up"):
        load(tmp_path)


def test_unreadable_state_is_an_error_not_a_new_host(tmp_path: Path) -> None:
    load_or_create(tmp_path)
    host_file(tmp_path).write_text('{"web_port": 1}')
    with pytest.raises(HostError, match="cannot be read"):
        load_or_create(tmp_path)


def test_two_runs_in_one_checkout_do_not_collide(tmp_path: Path) -> None:
    state = load_or_create(tmp_path)
    with host_lock(state):
        with pytest.raises(HostError, match="Another run"), host_lock(state, wait=0.1):
            pass
        with host_lock(state, "test.lock"):
            pass
    with host_lock(state):
        pass


def test_a_service_does_not_start_on_a_port_that_somebody_else_has(tmp_path: Path) -> None:
    state = load_or_create(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", state.redis_queue_port))
        taken.listen()
        with pytest.raises(HostError, match=str(state.redis_queue_port)):
            services.start(["redis-queue"], state)
    assert services.running("redis-queue", state) is None


def test_services_start_once_and_stop_exactly(tmp_path: Path) -> None:
    state = load_or_create(tmp_path)
    try:
        assert services.start(["redis-cache", "redis-queue"], state) == ["redis-cache", "redis-queue"]
        assert services.start(["redis-cache"], state) == []
        assert answers(state.redis_cache_port)
        assert services.stop(["redis-queue"], state) == ["redis-queue"]
        assert services.running("redis-cache", state) is not None
        assert not answers(state.redis_queue_port)
    finally:
        services.stop(state=state)
    assert services.running("redis-cache", state) is None


def test_a_simulator_that_the_checkout_does_not_hold_is_left_out(tmp_path: Path) -> None:
    assert services.start(["wdt"], load_or_create(tmp_path)) == []


def test_a_new_site_meets_empty_simulators(tmp_path: Path) -> None:
    """Order numbers begin again with a new site; what was told under them before must be gone."""
    state = load_or_create(tmp_path)
    kept = state.home / "other.db"
    for path in (kept, *(state.home / name for name in ("wdt.db", "wdt.db-wal", "u8.db"))):
        path.write_text("", encoding="utf-8")
    services.empty_simulators(state)
    assert sorted(path.name for path in state.home.glob("*.db*")) == [kept.name]


def test_every_port_of_the_state_belongs_to_one_service() -> None:
    used = [service.port_name for service in services.ALL if service.port_name]
    assert sorted(used) == sorted(PORT_NAMES)


def test_derived_addresses_follow_the_ports() -> None:
    ports: dict[str, Any] = {name: 21000 + number for number, name in enumerate(PORT_NAMES)}
    state = HostState(root=Path("/x"), admin_password="a", db_root_password="b", **ports)
    assert state.redis_test_queue_url.endswith(str(state.redis_test_queue_port))
    assert state.sites_path == Path("/x/.bench/frappe-bench/sites")


def test_the_database_socket_fits_the_kernels_limit_in_a_deep_checkout() -> None:
    ports: dict[str, Any] = dict.fromkeys(PORT_NAMES, 21000)
    roots = [Path("/x"), Path("/" + "deep/" * 40), Path("/" + "deep/" * 41)]
    states = [HostState(root=root, admin_password="a", db_root_password="b", **ports) for root in roots]
    sockets = [state.db_socket for state in states]
    assert sockets[0] == Path("/x/.bench/run/mariadb.sock")
    assert all(len(bytes(socket)) < 107 for socket in sockets)
    assert len(set(sockets)) == 3
