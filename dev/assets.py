"""The desk's assets: pinned npm packages, then our own build of every app's bundles.

The snapshot of Frappe brings no package.json and no build scripts (frappe-host reference); a Frappe that
brings its own is built with those.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dev.build_tools import tool_env
from dev.host.app import APP
from dev.host.frappe_command import frappe_argv
from dev.host.steps import Step, StepLog, tree_inputs
from dev.state import HostState

HERE: Final = Path(__file__).parent / "assets"
PACKAGE_FILES: Final = (HERE / "package.json", HERE / "package-lock.json", HERE / ".npmrc")
BUILD_SCRIPT: Final = HERE / "build.mjs"


def _folder(state: HostState) -> Path:
    return state.home / "assets"


def _frappe_dir(state: HostState) -> Path:
    return state.bench / "apps" / "frappe"


def _has_own_build(state: HostState) -> bool:
    return (_frappe_dir(state) / "package.json").exists()


def _install_packages(state: HostState, log: StepLog) -> None:
    if _has_own_build(state):
        return
    folder = _folder(state)
    folder.mkdir(parents=True, exist_ok=True)
    for file in PACKAGE_FILES:
        shutil.copy(file, folder)
    log.run(["npm", "ci", "--ignore-scripts"], cwd=folder)


PACKAGES: Final = Step(
    name="asset-packages",
    run=_install_packages,
    inputs=lambda _state: PACKAGE_FILES,
    is_whole=lambda state: _has_own_build(state) or (_folder(state) / "node_modules").exists(),
    cure="Check that npm reaches its registry and that node is 18 or newer.",
)


def _build(state: HostState, log: StepLog) -> None:
    link_public_folders(state)
    if _has_own_build(state):
        log.run(frappe_argv(state, "build", "--production"), cwd=state.sites_path, env=tool_env(state))
        return
    folder = _folder(state)
    # The desk loads some libraries (code editor, QR reader) from here when they are first needed.
    _link(state.sites_path / "assets" / "node_modules", folder / "node_modules")
    _link(_frappe_dir(state) / "node_modules", folder / "node_modules")
    _link(_frappe_dir(state) / "frappe" / "public" / "node_modules", folder / "node_modules")
    # Node finds imports from the script's place, hence the copy next to node_modules.
    shutil.copy(BUILD_SCRIPT, folder)
    log.run(["node", BUILD_SCRIPT.name, state.bench, *apps_with_public_folder(state)], cwd=folder)


def apps_with_public_folder(state: HostState) -> list[str]:
    """Apps of this bench that bring public files, Frappe first."""
    return [app for app in ("frappe", APP) if (state.bench / "apps" / app / app / "public").exists()]


def link_public_folders(state: HostState) -> None:
    """Make every app's public folder appear below sites/assets."""
    assets = state.sites_path / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    for app in apps_with_public_folder(state):
        _link(assets / app, state.bench / "apps" / app / app / "public")


def _link(link: Path, target: Path) -> None:
    if link.is_symlink():
        link.unlink()
    link.symlink_to(target)


def _build_inputs(state: HostState) -> Iterable[str | Path]:
    return [BUILD_SCRIPT, *tree_inputs(state.root, ["order_flow/public/**/*"])]


BUILD: Final = Step(
    name="assets",
    run=_build,
    inputs=_build_inputs,
    is_whole=lambda state: (state.sites_path / "assets" / "assets.json").exists(),
    cure="Read the log: it names the file that could not be built.",
)
