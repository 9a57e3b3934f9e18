"""Long-running processes that outlive the shell, and that only we can stop.

A process is remembered by pid, start time and boot: a pid that the kernel handed to another program later has
another start time and is never touched.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from dev.errors import HostError

POLL_SECONDS: Final = 0.05
_STAT_STATE = 0
_STAT_START_TIME = 19


@dataclass(frozen=True)
class ProcessRecord:
    """What identifies one process for good.

    Args:
        name: the service's name.
        pid: process id; also its process group, because it leads a session of its own.
        start_ticks: field 22 of /proc/PID/stat, in clock ticks since boot.
        boot_id: the kernel's id of this boot.
        fingerprint: of the code the process runs; a change asks for a restart.
    """

    name: str
    pid: int
    start_ticks: int
    boot_id: str
    fingerprint: str = ""

    def save(self, run_dir: Path) -> None:
        """Write the record to `run_dir`/NAME.json."""
        run_dir.mkdir(parents=True, exist_ok=True)
        record_path(run_dir, self.name).write_text(json.dumps(asdict(self)) + "\n", encoding="utf-8")


def record_path(run_dir: Path, name: str) -> Path:
    """Where the record of a service lives."""
    return run_dir / f"{name}.json"


def load_record(run_dir: Path, name: str) -> ProcessRecord | None:
    """Read a service's record; None when it was never started or was stopped."""
    path = record_path(run_dir, name)
    if not path.exists():
        return None
    return ProcessRecord(**json.loads(path.read_text(encoding="utf-8")))


def boot_id() -> str:
    """The kernel's random id of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def start_ticks(pid: int) -> int | None:
    """Start time of a living process in clock ticks since boot; None when it ended (or is a zombie)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The program's name stands in brackets and may itself contain blanks and brackets.
    fields = stat.rpartition(")")[2].split()
    if fields[_STAT_STATE] in ("Z", "X"):
        return None
    return int(fields[_STAT_START_TIME])


def is_alive(record: ProcessRecord) -> bool:
    """Whether exactly the recorded process still runs."""
    return record.boot_id == boot_id() and start_ticks(record.pid) == record.start_ticks


def start_detached(
    name: str,
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
    run_dir: Path,
    fingerprint: str = "",
) -> ProcessRecord:
    """Start a program in a session of its own and write its record.

    Args:
        name: the service's name.
        argv: program and arguments.
        cwd: working folder.
        env: the whole environment.
        log: file that takes its output, appended.
        run_dir: where the record goes.
        fingerprint: see `ProcessRecord`.

    Raises:
        HostError: the program ended at once.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    ticks = start_ticks(process.pid)
    if ticks is None:
        raise HostError(f"{name} ended at once.", f"Its exit code was {process.wait()}.", f"Read {log}.")
    record = ProcessRecord(name, process.pid, ticks, boot_id(), fingerprint)
    record.save(run_dir)
    return record


def stop(record: ProcessRecord, run_dir: Path, timeout: float = 30.0) -> bool:
    """End a recorded process and wait until it is gone; after `timeout` seconds its whole group is killed.

    Returns:
        True when it was running. A record whose process is gone is only removed.
    """
    was_alive = is_alive(record)
    if was_alive:
        os.kill(record.pid, signal.SIGTERM)
        if not wait_until(lambda: not is_alive(record), timeout):
            os.killpg(record.pid, signal.SIGKILL)
            wait_until(lambda: not is_alive(record), timeout)
    record_path(run_dir, record.name).unlink(missing_ok=True)
    return was_alive


def wait_until(condition: Callable[[], bool], timeout: float) -> bool:
    """Ask `condition` until it holds or `timeout` seconds have passed; returns whether it held."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
