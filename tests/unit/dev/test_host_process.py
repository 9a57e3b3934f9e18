"""Processes are ended by who they are, never by a number alone (issue: the host)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dev.errors import HostError
from dev.host.process import (
    ProcessRecord,
    boot_id,
    is_alive,
    load_record,
    record_path,
    start_detached,
    start_ticks,
    stop,
    wait_until,
)

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(600)",
]


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[ProcessRecord]:
    record = start_detached(
        "sleeper", SLEEPER, cwd=tmp_path, env=os.environ, log=tmp_path / "log", run_dir=tmp_path
    )
    yield record
    if is_alive(record):
        os.killpg(record.pid, signal.SIGKILL)


def test_a_started_process_leads_a_session_of_its_own_and_is_written_down(
    sleeper: ProcessRecord, tmp_path: Path
) -> None:
    assert is_alive(sleeper)
    assert os.getsid(sleeper.pid) == sleeper.pid
    assert load_record(tmp_path, "sleeper") == sleeper


def test_stop_ends_the_process_and_forgets_it(sleeper: ProcessRecord, tmp_path: Path) -> None:
    assert stop(sleeper, tmp_path) is True
    assert not is_alive(sleeper)
    assert not record_path(tmp_path, "sleeper").exists()


@pytest.mark.parametrize(
    "other",
    [{"start_ticks": 1}, {"boot_id": "another boot"}],
    ids=["pid used again", "machine started again"],
)
def test_a_pid_that_belongs_to_somebody_else_is_never_touched(
    sleeper: ProcessRecord, tmp_path: Path, other: dict[str, str | int]
) -> None:
    stale = replace(sleeper, **other)  # type: ignore[arg-type]
    assert not is_alive(stale)
    assert stop(stale, tmp_path) is False
    assert is_alive(sleeper)


def test_a_zombie_counts_as_ended() -> None:
    with subprocess.Popen(["true"]) as child:
        assert wait_until(lambda: start_ticks(child.pid) is None, timeout=10)
        assert Path(f"/proc/{child.pid}").exists(), "not yet waited for, so the kernel keeps its entry"


def test_a_process_that_ignores_the_signal_is_killed_after_the_deadline(tmp_path: Path) -> None:
    log = tmp_path / "log"
    record = start_detached("stubborn", STUBBORN, cwd=tmp_path, env=os.environ, log=log, run_dir=tmp_path)
    assert wait_until(lambda: "deaf" in log.read_text(), timeout=10)
    assert stop(record, tmp_path, timeout=0.2) is True
    assert not is_alive(record)


def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises((HostError, FileNotFoundError)):
        start_detached(
            "ghost",
            [str(tmp_path / "no-such-program")],
            cwd=tmp_path,
            env=os.environ,
            log=tmp_path / "log",
            run_dir=tmp_path,
        )
    assert load_record(tmp_path, "ghost") is None


def test_wait_until_gives_up_at_its_deadline() -> None:
    assert wait_until(lambda: False, timeout=0.1) is False
    assert wait_until(lambda: True, timeout=0) is True


def test_boot_id_is_stable() -> None:
    assert boot_id() == boot_id() != ""
