"""`make test`: the checks of pre-commit over all files, then pytest over all tests in two processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import Final

from dev.build import CHECK_STEPS, STEPS, TWO_SITES_STEPS, build
from dev.chosen_tests import chosen_arguments
from dev.errors import HostError
from dev.host import services
from dev.host.frappe_command import site_env
from dev.host.lock import host_lock
from dev.state import HostState, parts, second_part

# Cheap ones first: a broken rule shows before the site tests have spent their minutes.
TEST_FOLDERS: Final = ("tests/unit", "tests/contract", "tests/site", "tests/browser")
WITHOUT_SITE: Final = ("tests/unit",)
CHOSEN: Final = "ONLY"
"""Environment variable with the tests to run: see `dev.chosen_tests`."""
PROCESSES: Final = "PROCESSES"
"""Environment variable with the number of processes, 1 or 2: two when left out, one for chosen tests."""
IN_TWO_PROCESSES: Final = (
    *("-p", "tests.two_processes", "--numprocesses=2"),
    # The plug-in leaves each its share of "each": what runs where is not left to chance. None is replaced.
    *("--dist=each", "--max-worker-restart=0"),
)
SLOWEST: Final = "--durations=20"
WHOLE_RUN_SECONDS: Final = 50 * 60
"""A whole run takes less than half an hour; a single test that hangs ends long before (pyproject.toml)."""
LAST_WORDS_SECONDS: Final = 60


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
    chosen = chosen_arguments(os.environ.get(CHOSEN, "").split(), state.root)
    two = _processes(default=1 if chosen else 2) == 2
    with host_lock(state, "test.lock"), leave_running_what_ran(state):
        with host_lock(state):
            build(state, (*(STEPS if chosen else CHECK_STEPS), *(TWO_SITES_STEPS if two else ())))
            services.start(services.TESTING, state)
            if two:
                services.start(services.TESTING, second_part(state))
        # Whoever names tests is in the middle of a change; `make check` has the rest.
        checks = 0 if chosen else _run(state, "check", _checks_argv(state))
        options = [*(IN_TWO_PROCESSES if two else ()), *(() if chosen else (SLOWEST,))]
        tests = _run(state, "pytest", [*_pytest(state), *options, *(chosen or _all_tests(state))])
    if checks:
        print(
            "make test failed: the checks that ran before pytest found problems (see above)", file=sys.stderr
        )
    return 1 if checks or tests else 0


def _processes(default: int) -> int:
    asked = os.environ.get(PROCESSES, "") or str(default)
    if asked not in ("1", "2"):
        raise HostError(
            f"{PROCESSES}={asked} is not possible.",
            "There are two test sites, so tests run in one process or in two.",
            f"Set {PROCESSES} to 1 or 2, or leave it out.",
        )
    return int(asked)


@contextmanager
def leave_running_what_ran(state: HostState) -> Iterator[None]:
    """Afterwards stop what was not running before, and only that."""
    before = {service.name for service in services.ALL if services.running(service.name, state)}
    try:
        yield
    finally:
        services.stop([service.name for service in services.ALL if service.name not in before], state)
        # Nobody but the tests works on the second part.
        for second in parts(state)[1:]:
            services.stop(state=second)


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
        _ended_after(WHOLE_RUN_SECONDS, name, process),
    ):
        assert process.stdout is not None  # PIPE was asked for
        for line in process.stdout:
            sys.stdout.write(line)
            file.write(line)
    return process.returncode


@contextmanager
def _ended_after(seconds: float, name: str, process: subprocess.Popen[str]) -> Iterator[None]:
    """Interrupt a program that takes too long, so that it can say where it stood; later kill it."""

    def interrupt() -> None:
        print(f"{name} is ended: it has not finished within {seconds / 60:.0f} minutes", file=sys.stderr)
        process.send_signal(signal.SIGINT)

    timers = [Timer(seconds, interrupt), Timer(seconds + LAST_WORDS_SECONDS, process.kill)]
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


def _test_env(state: HostState) -> dict[str, str]:
    # Git refuses a checkout that another user owns (root in a container) unless it is told.
    trust = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": str(state.root),
    }
    return site_env(state) | trust | {"PRE_COMMIT_HOME": str(state.base / "pre-commit")}
