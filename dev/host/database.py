"""MariaDB of the host's own: its data folder, its root password, dumps of sites."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from dev.host import services
from dev.host.steps import Step, StepLog
from dev.state import HostState


def make_database(state: HostState, log: StepLog) -> None:
    """Make an empty data folder, start the stores and give MariaDB's root its password."""
    services.stop(services.STORES, state)
    shutil.rmtree(state.db_data, ignore_errors=True)
    command = ["mariadb-install-db", "--no-defaults", f"--datadir={state.db_data}"]
    command += ["--auth-root-authentication-method=normal", "--skip-test-db"]
    log.run([*command, "--user=root"] if os.geteuid() == 0 else command)
    services.start(services.STORES, state)
    query(state, f"ALTER USER root@localhost IDENTIFIED BY '{state.db_root_password}'", password="")


def client_argv(state: HostState, *args: str, program: str = "mariadb") -> list[str]:
    """Command line of a MariaDB client as root over the host's own socket."""
    return [program, "--no-defaults", f"--socket={state.db_socket}", "--user=root", *args]


def client_env(password: str) -> dict[str, str]:
    """Environment that carries the password, which must not show in the list of processes."""
    return {**os.environ, "MYSQL_PWD": password}


def query(state: HostState, sql: str, *, password: str | None = None) -> str:
    """Run SQL as root and return the output, tab-separated without a heading.

    Raises:
        subprocess.CalledProcessError: the server refused it.
    """
    env = client_env(state.db_root_password if password is None else password)
    argv = client_argv(state, "--batch", "--skip-column-names", f"--execute={sql}")
    return subprocess.run(
        argv, env=env, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout


def dump(state: HostState, database: str, target: Path) -> None:
    """Write one database as SQL to `target`."""
    argv = client_argv(state, "--single-transaction", "--quick", database, program="mariadb-dump")
    with target.open("wb") as file:
        subprocess.run(argv, env=client_env(state.db_root_password), check=True, stdout=file)


def load_dump(state: HostState, database: str, password: str, source: Path, log: StepLog) -> None:
    """Make a database with a user of the same name and fill it from a dump; an old one is dropped."""
    statements = [
        f"DROP DATABASE IF EXISTS `{database}`",
        f"CREATE DATABASE `{database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
        f"CREATE OR REPLACE USER '{database}'@'localhost' IDENTIFIED BY '{password}'",
        f"GRANT ALL PRIVILEGES ON `{database}`.* TO '{database}'@'localhost'",
    ]
    query(state, "; ".join(statements))
    log.run(client_argv(state, database), env=client_env(state.db_root_password), stdin=source)


def copy(source: HostState, target: HostState) -> None:
    """Copy all databases to another part of the host, file by file; the target's server must not run.

    The source's server is down for that second: files of a running one do not belong together.
    """
    was_running = services.stop(["mariadb"], source)
    try:
        shutil.rmtree(target.db_data, ignore_errors=True)
        shutil.copytree(source.db_data, target.db_data)
    finally:
        services.start(was_running, source)


def is_there(state: HostState) -> bool:
    """Whether the data folder was made."""
    return (state.db_data / "mysql").exists()


def has_table(state: HostState, database: str, table: str) -> bool:
    """Whether a database holds a table; read from the data folder, so that no server has to run.

    Args:
        state: the host.
        database: its name.
        table: its name, of letters only: others are written in another way on the disk.
    """
    return (state.db_data / database / f"{table}.frm").exists()


DATABASE = Step(
    name="database",
    run=make_database,
    inputs=lambda state: [state.db_root_password],
    is_whole=is_there,
    cure="Read the log and .bench/log/mariadb.log.",
)
