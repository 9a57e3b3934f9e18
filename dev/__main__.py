"""Command line of the host: `python3 -m dev COMMAND`; the Makefile calls it."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from dev.build import build
from dev.build_tools import warning_of_snapshot
from dev.errors import HostError
from dev.host import services
from dev.host.frappe_command import site_env
from dev.host.lock import host_lock
from dev.openapi import openapi
from dev.soak import soak
from dev.state import HostState, host_file, load_or_create, parts
from dev.style.report import style
from dev.testing import check, run_tests

OLDEST_PYTHON: Final = (3, 11)


def up(state: HostState) -> int:
    """Build what is missing and start everything the demo site needs."""
    started = time.monotonic()
    with host_lock(state):
        build(state)
        services.start(services.DEMO, state)
    print(f"host is up after {time.monotonic() - started:.1f} s")
    print_address(state)
    return 0


def print_address(state: HostState) -> None:
    """Say where the desk is and how to log in."""
    print(f"desk: {state.web_url}/app  login: Administrator / {state.admin_password}")
    if warning := warning_of_snapshot():
        print(warning)


def demo(state: HostState) -> int:
    """Bring the host up, run the demo and leave the desk open; the demo's exit code is the result.

    The desk's address stands above: the demo's own summary is the last line (issue 2, section 5).
    """
    up(state)
    return run_module(state, "dev.demo")


def bench(state: HostState) -> int:
    """Bring the host up and print the performance table."""
    up(state)
    return run_module(state, "dev.bench")


def day(state: HostState) -> int:
    """Bring the host up and play a working day in simulated time."""
    up(state)
    return run_module(state, "dev.day")


def pictures(state: HostState) -> int:
    """Bring the host up and take the pictures of the documents."""
    up(state)
    return run_module(state, "dev.pictures")


def run_module(state: HostState, module: str) -> int:
    """Run a module of the checkout with the bench's interpreter; returns its exit code."""
    path = state.root.joinpath(*module.split("."))
    if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists():
        raise HostError(
            f"{module} cannot run.",
            f"There is no {path.name} in {path.parent}.",
            "Check out a whole revision.",
        )
    sys.stdout.flush()
    return subprocess.run([state.env_python, "-m", module], cwd=state.root, env=site_env(state)).returncode


def stop(state: HostState) -> int:
    """End every process that this checkout's host started."""
    stopped = [name for part in parts(state) for name in services.stop(state=part)]
    print("stopped: " + (", ".join(stopped) or "nothing was running"))
    return 0


def status(state: HostState) -> int:
    """Show which processes run and where the desk is."""
    for service in services.ALL:
        record = services.running(service.name, state)
        port = service.port(state)
        print(
            f"{service.name:18} {f'pid {record.pid}' if record else '-':12} {f'port {port}' if port else ''}"
        )
    print_address(state)
    return 0


def clean(state: HostState) -> int:
    """Stop everything and remove `.bench/`."""
    stop(state)
    shutil.rmtree(state.home)
    print(f"removed {state.home}")
    return 0


def _check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise HostError(
            "This Python is too old.",
            f"It is {sys.version.split()[0]}; the host needs {'.'.join(map(str, OLDEST_PYTHON))} or newer.",
            "Name a newer one: make PYTHON=python3.11 up",
        )


COMMANDS: Final[dict[str, Callable[[HostState], int]]] = {
    "up": up,
    "demo": demo,
    "check": check,
    "style": style,
    "test": run_tests,
    "soak": soak,
    "openapi": openapi,
    "bench": bench,
    "day": day,
    "pictures": pictures,
    "stop": stop,
    "status": status,
    "clean": clean,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    parser.add_argument("command", choices=COMMANDS, help="what to do")
    command = parser.parse_args(arguments).command
    try:
        _check_python()
        if command in ("stop", "status", "clean") and not host_file().exists():
            print("there is no host in this checkout")
            return 0
        return COMMANDS[command](load_or_create())
    except HostError as error:
        print(error.report(), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
