"""`make test`: the checks of pre-commit over all files, then pytest once over all tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from dev.build import CHECK_STEPS, STEPS, build
from dev.host import services
from dev.host.frappe_command import site_env
from dev.host.lock import host_lock
from dev.state import HostState

# Cheap ones first: a broken rule shows before the site tests have spent their minutes.
TEST_FOLDERS: Final = ("tests/unit", "tests/contract", "tests/site", "tests/browser")
WITHOUT_SITE: Final = ("tests/unit",)
CHOSEN: Final = "ONLY"
"""Environment variable with the tests to run: paths and further words for pytest, separated by blanks."""


def check(state: HostState) -> int:
    """Style, types and unit tests: what a change is held against while it is made.

    Returns:
        0 when everything passed, else 1.
    """
    with host_lock(state):
        build(state, CHECK_STEPS)
    checks = _run(state, "check", _checks_argv(state))
    tests = _run(state, "pytest-unit", [*_pytest(state), *WITHOUT_SITE])
    return 1 if checks or tests else 0


def run_tests(state: HostState) -> int:
    """Bring the host up as far as the tests need it, check and test everything.

    Returns:
        0 when every check and every test passed, else 1.
    """
    with host_lock(state, "test.lock"), leave_running_what_ran(state):
        chosen = os.environ.get(CHOSEN, "").split()
        with host_lock(state):
            build(state, STEPS if chosen else CHECK_STEPS)
            services.start(services.TESTING, state)
        # Whoever names tests is in the middle of a change; `make check` has the rest.
        checks = 0 if chosen else _run(state, "check", _checks_argv(state))
        tests = _run(state, "pytest", [*_pytest(state), *(chosen or _all_tests(state))])
    if checks:
        print(
            "make test failed: the checks that ran before pytest found problems (see above)", file=sys.stderr
        )
    return 1 if checks or tests else 0


@contextmanager
def leave_running_what_ran(state: HostState) -> Iterator[None]:
    """Afterwards stop what was not running before, and only that."""
    before = {service.name for service in services.ALL if services.running(service.name, state)}
    try:
        yield
    finally:
        services.stop([service.name for service in services.ALL if service.name not in before], state)


def _checks_argv(state: HostState) -> list[str]:
    return [str(state.tools_bin / "pre-commit"), "run", "--all-files", "--color", "never"]


def _pytest(state: HostState) -> list[str]:
    return [str(state.env_python), "-m", "pytest", f"--junitxml={state.home / 'junit.xml'}"]


def _all_tests(state: HostState) -> list[str]:
    return [folder for folder in TEST_FOLDERS if (state.root / folder).is_dir()]


def _run(state: HostState, name: str, argv: Sequence[str]) -> int:
    """Run a program, its output on the terminal and in .bench/log/NAME.log; returns its exit code."""
    log = state.log_dir / f"{name}.log"
    print(f"== {name} (log: {log})", flush=True)
    with (
        log.open("w", encoding="utf-8") as file,
        subprocess.Popen(
            argv,
            cwd=state.root,
            env=_test_env(state),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None  # PIPE was asked for
        for line in process.stdout:
            sys.stdout.write(line)
            file.write(line)
    return process.returncode


def _test_env(state: HostState) -> dict[str, str]:
    # Git refuses a checkout that another user owns (root in a container) unless it is told.
    trust = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": str(state.root),
    }
    return site_env(state) | trust | {"PRE_COMMIT_HOME": str(state.home / "pre-commit")}
