"""The programs that check the JavaScript: eslint and prettier, pinned, from npm.

Only checks need them, so `make demo` and `make up` do not wait for them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from dev.host.steps import Step, StepLog
from dev.state import HostState

HERE: Final = Path(__file__).parent / "js"
PACKAGE_FILES: Final = (HERE / "package.json", HERE / "package-lock.json", HERE / ".npmrc")
PROGRAMS: Final = ("eslint", "prettier")


def _folder(state: HostState) -> Path:
    # eslint.config.mjs and .pre-commit-config.yaml name this folder too.
    return state.home / "js-tools"


def _install(state: HostState, log: StepLog) -> None:
    folder = _folder(state)
    folder.mkdir(parents=True, exist_ok=True)
    for file in PACKAGE_FILES:
        shutil.copy(file, folder)
    log.run(["npm", "ci", "--ignore-scripts"], cwd=folder)


TOOLS: Final = Step(
    name="js-tools",
    run=_install,
    inputs=lambda _state: PACKAGE_FILES,
    is_whole=lambda state: all(
        (_folder(state) / "node_modules" / ".bin" / program).exists() for program in PROGRAMS
    ),
    cure="Check that npm reaches its registry and that node is 18.18 or newer.",
)
