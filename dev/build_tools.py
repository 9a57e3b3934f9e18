"""First steps of the build: Debian packages, tools, the Frappe source, the bench and its environment."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dev.errors import HostError
from dev.frappe_source import BRANCH, REQUIREMENT, TREE_SHA256, make_source, source_dir
from dev.state import HostState
from dev.steps import Step, StepLog

HERE: Final = Path(__file__).parent
TOOL_REQUIREMENTS: Final = HERE / "requirements-tools.txt"
ENV_REQUIREMENTS: Final = HERE / "requirements-dev.txt"
APT_INSTALL: Final = HERE / "apt-install.sh"
# Program that proves a package is there -> Debian package that brings it.
PROGRAMS: Final = {
    "mariadbd": "mariadb-server",
    "redis-server": "redis-server",
    "chromium": "chromium",
    "git": "git",
    "node": "nodejs",
    "npm": "npm",
}
CJK_FONT_DIR: Final = Path("/usr/share/fonts/opentype/noto")
FRAPPE_PATH: Final = "FRAPPE_PATH"
FRAPPE_BRANCH: Final = "FRAPPE_BRANCH"


def missing_packages() -> list[str]:
    """Debian packages that this machine still needs."""
    missing = [package for program, package in PROGRAMS.items() if find_program(program) is None]
    if not any(CJK_FONT_DIR.glob("NotoSansCJK*")):
        missing.append("fonts-noto-cjk")
    if find_spec("ensurepip") is None:
        missing.append("python3-venv")
    return missing


def find_program(name: str) -> str | None:
    """Path of a program; Debian keeps servers outside the path of ordinary users."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _install_packages(_state: HostState, log: StepLog) -> None:
    missing = missing_packages()
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise HostError(
            "Programs are missing.",
            f"Not found: {', '.join(missing)}.",
            "Install them with your package manager.",
        )
    as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    log.run([*as_root, "sh", APT_INSTALL, *missing])


PACKAGES: Final = Step(
    name="packages",
    run=_install_packages,
    inputs=lambda _state: [*PROGRAMS, *PROGRAMS.values()],
    is_whole=lambda _state: not missing_packages(),
    cure="Check the network and that apt-get works (as root, or with sudo that asks no password).",
)


def _make_tools(state: HostState, log: StepLog) -> None:
    folder = state.tools_bin.parent
    shutil.rmtree(folder, ignore_errors=True)
    log.run([sys.executable, "-m", "venv", folder])
    log.run(
        [state.tools_bin / "python", "-m", "pip", "install", "--quiet", "--requirement", TOOL_REQUIREMENTS]
    )


TOOLS: Final = Step(
    name="tools",
    run=_make_tools,
    inputs=lambda _state: [TOOL_REQUIREMENTS, sys.version],
    is_whole=lambda state: (state.tools_bin / "bench").exists() and (state.tools_bin / "uv").exists(),
    cure="Check that pip reaches PyPI.",
)


def chosen_frappe() -> tuple[str, str] | None:
    """Another Frappe the user asked for: (path or address, branch); an empty path is the official one."""
    path, branch = os.environ.get(FRAPPE_PATH, ""), os.environ.get(FRAPPE_BRANCH, "")
    return (path, branch or BRANCH) if path or branch else None


def _make_source(state: HostState, log: StepLog) -> None:
    if chosen_frappe() is None:
        make_source(state, log)


def _source_inputs(_state: HostState) -> Iterable[str | Path]:
    return chosen_frappe() or [REQUIREMENT, TREE_SHA256]


SOURCE: Final = Step(
    name="frappe-source",
    run=_make_source,
    inputs=_source_inputs,
    is_whole=lambda state: chosen_frappe() is not None or (source_dir(state) / ".git").exists(),
    cure="Check that pip reaches PyPI, or set FRAPPE_PATH to a Frappe 15 checkout.",
)

# `bench init` as a command refuses to run as root; the function behind it works for every user.
BENCH_INIT: Final = """
import sys
from bench.utils.system import init
path, frappe_path, branch, python = sys.argv[1:]
init(
    path, frappe_path=frappe_path or None, frappe_branch=branch, python=python, skip_assets=True,
    no_backups=True, no_procfile=True, skip_redis_config_generation=True,
)
"""


def _init_bench(state: HostState, log: StepLog) -> None:
    shutil.rmtree(state.bench, ignore_errors=True)
    frappe_path, branch = chosen_frappe() or (str(source_dir(state)), BRANCH)
    log.run(
        [state.tools_bin / "python", "-c", BENCH_INIT, state.bench, frappe_path, branch, sys.executable],
        cwd=state.home,
        env=tool_env(state),
    )


def tool_env(state: HostState) -> dict[str, str]:
    """Environment in which `bench` finds `uv`."""
    return {**os.environ, "PATH": f"{state.tools_bin}:{os.environ.get('PATH', '')}"}


BENCH: Final = Step(
    name="bench",
    run=_init_bench,
    inputs=lambda _state: [BENCH_INIT, sys.version],
    is_whole=lambda state: state.env_python.exists() and (state.bench / "apps" / "frappe").exists(),
    cure="Read the log; if a package could not be fetched, check that pip and uv reach PyPI.",
)


def _fill_env(state: HostState, log: StepLog) -> None:
    log.run(
        [
            state.tools_bin / "uv",
            "pip",
            "install",
            "--python",
            state.env_python,
            "--requirement",
            ENV_REQUIREMENTS,
        ]
    )


ENV: Final = Step(
    name="env",
    run=_fill_env,
    inputs=lambda _state: [ENV_REQUIREMENTS],
    is_whole=lambda state: (state.env_python.parent / "pytest").exists(),
    cure="Check that uv reaches PyPI.",
)
