"""Named steps that run once per state of their inputs, and pick up where they stopped."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dev.errors import HostError
from dev.state import HostState

TAIL_LINES: Final = 15
NAME_WIDTH: Final = 22


@dataclass
class StepLog:
    """The log file of one step; everything a step runs writes here instead of the terminal."""

    path: Path

    def write(self, text: str) -> None:
        """Append one line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(text.rstrip("\n") + "\n")

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: Path | None = None,
        hidden: Sequence[str] = (),
    ) -> None:
        """Run a program without a terminal, its output into the log.

        Args:
            argv: program and arguments.
            cwd: working folder; the caller's when left out.
            env: the whole environment; the caller's when left out.
            stdin: file to read from; nothing when left out.
            hidden: arguments that the log must not show.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        self.write("$ " + " ".join("***" if part in hidden else str(part) for part in argv))
        with self.path.open("ab") as output:
            source = stdin.open("rb") if stdin else subprocess.DEVNULL
            try:
                subprocess.run(
                    [str(part) for part in argv],
                    cwd=cwd,
                    env=None if env is None else dict(env),
                    stdin=source,
                    stdout=output,
                    stderr=output,
                    check=True,
                )
            finally:
                if not isinstance(source, int):
                    source.close()

    def tail(self, count: int = TAIL_LINES) -> list[str]:
        """The last lines; a progress bar that rewrote its line counts as its last state only."""
        if not self.path.exists():
            return []
        text = self.path.read_text(encoding="utf-8", errors="replace")
        return [line.rpartition("\r")[2] for line in text.splitlines()[-count:]]


@dataclass(frozen=True)
class Step:
    """One step of building the host.

    Args:
        name: shown to the user; also the name of the log and of the stamp.
        run: does the work; must be able to start over after a half-done run.
        inputs: gives everything the result depends on; the step runs again when it changes.
        is_whole: whether the result is really there, whatever the stamp says.
        cure: what a user should do when the step fails.
    """

    name: str
    run: Callable[[HostState, StepLog], None]
    inputs: Callable[[HostState], Iterable[str | Path]]
    is_whole: Callable[[HostState], bool]
    cure: str


class StepFailed(HostError):
    """A step did not finish; names the step, its log with the last lines, and the likely cure."""


@dataclass
class Runner:
    """Runs steps in order; a digest includes those it builds on, so that a change runs on downstream."""

    state: HostState
    digests: dict[str, str] = field(default_factory=dict)

    def run_all(self, steps: Sequence[tuple[Step, Sequence[str]]]) -> None:
        """Run every step that is not up to date.

        Args:
            steps: each step with the names of the earlier steps it builds on.
        """
        for number, (step, after) in enumerate(steps, start=1):
            digest = digest_of([*step.inputs(self.state), *(self.digests[name] for name in after)])
            self.digests[step.name] = digest
            self._bring_up_to_date(step, digest, f"[{number:2}/{len(steps)}]")

    def _bring_up_to_date(self, step: Step, digest: str, prefix: str) -> None:
        label = f"{prefix} {step.name.ljust(NAME_WIDTH, '.')}"
        if stamped_digest(self.state, step.name) == digest and step.is_whole(self.state):
            print(f"{label} ready", flush=True)
            return
        started = time.monotonic()
        clear_stamp(self.state, step.name)
        log = StepLog(self.state.log_dir / f"{step.name}.log")
        log.path.parent.mkdir(parents=True, exist_ok=True)
        log.path.write_text("", encoding="utf-8")
        try:
            step.run(self.state, log)
        except (HostError, subprocess.CalledProcessError, OSError) as error:
            print(f"{label} failed", flush=True)
            raise _failure(step, log, error) from error
        write_stamp(self.state, step.name, digest)
        print(f"{label} {time.monotonic() - started:.1f} s", flush=True)


def _failure(step: Step, log: StepLog, error: Exception) -> StepFailed:
    why, cure = str(error), step.cure
    if isinstance(error, HostError):
        why, cure = f"{error.what} {error.why}", error.cure
    elif isinstance(error, subprocess.CalledProcessError):
        # Not the whole command: the log has it, with its passwords hidden.
        why = f"{Path(error.cmd[0]).name} exited with {error.returncode}."
    lines = "\n".join(f"    | {line}" for line in log.tail())
    if lines:
        print(lines, file=sys.stderr)
    cure = f"{cure} Then run the same command again: it goes on from this step."
    return StepFailed(f"The step '{step.name}' failed (log: {log.path}).", why, cure)


def digest_of(inputs: Iterable[str | Path]) -> str:
    """SHA-256 over texts and over the content of files, in the given order."""
    total = hashlib.sha256()
    for item in inputs:
        content = item.read_bytes() if isinstance(item, Path) else item.encode()
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def tree_inputs(root: Path, patterns: Sequence[str]) -> list[str | Path]:
    """Files below `root` that match the glob patterns, each with its relative path, sorted."""
    files = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    found: list[str | Path] = []
    for path in sorted(files):
        if "__pycache__" not in path.parts and "dist" not in path.parts:
            found += [str(path.relative_to(root)), path]
    return found


def _stamp_path(state: HostState, name: str) -> Path:
    return state.home / "stamps" / f"{name}.json"


def stamped_digest(state: HostState, name: str) -> str | None:
    """Digest of the inputs with which a step last finished; None when it never did."""
    path = _stamp_path(state, name)
    if not path.exists():
        return None
    return str(json.loads(path.read_text(encoding="utf-8"))["digest"])


def write_stamp(state: HostState, name: str, digest: str) -> None:
    """Remember that a step finished with these inputs."""
    path = _stamp_path(state, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"digest": digest}) + "\n", encoding="utf-8")


def clear_stamp(state: HostState, name: str) -> None:
    """Forget a step's result, so that an interrupted run starts the step over."""
    _stamp_path(state, name).unlink(missing_ok=True)
