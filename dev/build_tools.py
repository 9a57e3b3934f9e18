"""First steps of the build: Debian packages, tools, the Frappe source, the bench and its environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dev.errors import HostError
from dev.frappe_source import BRANCH, REQUIREMENT, TREE_SHA256, make_source, source_dir
from dev.host import services
from dev.host.programs import PROGRAMS, missing_packages
from dev.host.steps import Step, StepLog
from dev.state import HostState

HERE: Final = Path(__file__).parent
TOOL_REQUIREMENTS: Final = HERE / "requirements-tools.txt"
ENV_REQUIREMENTS: Final = HERE / "requirements-dev.txt"
CONSTRAINTS: Final = HERE / "constraints.txt"
APT_INSTALL: Final = HERE / "apt-install.sh"
YARN: Final = "yarn@1.22.22"
FRAPPE_PATH: Final = "FRAPPE_PATH"
FRAPPE_BRANCH: Final = "FRAPPE_BRANCH"


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


_LOCAL_PATHS: Final = ("/", "./", "../", "~")


def chosen_frappe() -> tuple[str, str] | None:
    """Another Frappe the user asked for: (path or address, branch); an empty path is the official one."""
    path, branch = os.environ.get(FRAPPE_PATH, ""), os.environ.get(FRAPPE_BRANCH, "")
    return (path, branch or BRANCH) if path or branch else None


def warning_of_snapshot() -> str:
    """Say beside every login that the default host is no place for real data; empty for another Frappe."""
    if chosen_frappe() is not None:
        return ""
    return (
        "For trying and testing only, not for real data: this Frappe is a snapshot of August 2023 with known "
        "holes (docs/install.md)."
    )


def _make_source(state: HostState, log: StepLog) -> None:
    if chosen_frappe() is None:
        make_source(state, log)


def _source_inputs(_state: HostState) -> Iterable[str | Path]:
    chosen = chosen_frappe()
    if chosen is None:
        return [REQUIREMENT, TREE_SHA256]
    path, branch = chosen
    return [path, branch, _local_revision(path, branch)]


def _local_revision(path: str, branch: str) -> str:
    """The commit that a local Frappe's branch points to; empty for an address.

    Raises:
        HostError: no such folder or branch, told before the bench that stands is taken down.
    """
    if not Path(path).is_dir() and not path.startswith(_LOCAL_PATHS):
        return ""
    git = ["git", "-c", f"safe.directory={Path(path).resolve()}", "-C", path, "rev-parse", branch]
    done = subprocess.run(git, capture_output=True, text=True, check=False)
    if done.returncode:
        raise HostError(
            f"{FRAPPE_PATH} cannot be used.",
            f"{path} has no branch {branch}: {done.stderr.strip()}",
            f"Set {FRAPPE_PATH} to a git checkout of Frappe 15 and {FRAPPE_BRANCH} to one of its branches.",
        )
    return done.stdout.strip()


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
    services.stop(state=state)
    shutil.rmtree(state.bench, ignore_errors=True)
    if chosen_frappe():
        # A Frappe with a package.json: bench installs its packages and builds its assets with yarn.
        log.run(["npm", "install", "--prefix", _yarn_dir(state), YARN])
    frappe_path, branch = chosen_frappe() or (str(source_dir(state)), BRANCH)
    log.run(
        [state.tools_bin / "python", "-c", BENCH_INIT, state.bench, frappe_path, branch, sys.executable],
        cwd=state.home,
        env=tool_env(state),
    )


def tool_env(state: HostState) -> dict[str, str]:
    """Environment in which `bench` finds `uv`, `uv` the pinned versions, and Frappe's asset build `yarn`."""
    added = f"{state.tools_bin}:{_yarn_dir(state) / 'node_modules' / '.bin'}"
    env = {**os.environ, "PATH": f"{added}:{os.environ.get('PATH', '')}"}
    # The versions were pinned for the snapshot; another Frappe asks for others.
    return env if chosen_frappe() else env | {"UV_CONSTRAINT": str(CONSTRAINTS)}


def _yarn_dir(state: HostState) -> Path:
    return state.home / "yarn"


BENCH: Final = Step(
    name="bench",
    run=_init_bench,
    inputs=lambda _state: [BENCH_INIT, CONSTRAINTS, sys.version],
    is_whole=lambda state: state.env_python.exists() and (state.bench / "apps" / "frappe").exists(),
    cure="Read the log; if a package could not be fetched, check that pip and uv reach PyPI.",
)


def uv_install(state: HostState, log: StepLog, *what: str | Path) -> None:
    """Install into the bench's environment.

    Args:
        state: the host.
        log: log of the step.
        what: the options and requirements of `uv pip install`.

    Raises:
        subprocess.CalledProcessError: a package could not be fetched or fits no other.
    """
    log.run(["uv", "pip", "install", "--python", state.env_python, *what], env=tool_env(state))


def _fill_env(state: HostState, log: StepLog) -> None:
    uv_install(state, log, "--requirement", ENV_REQUIREMENTS)


ENV: Final = Step(
    name="env",
    run=_fill_env,
    inputs=lambda _state: [ENV_REQUIREMENTS],
    is_whole=lambda state: (state.env_python.parent / "pytest").exists(),
    cure="Check that uv reaches PyPI.",
)
