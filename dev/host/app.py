"""The app on the bench: linked from the checkout, installed on both sites, migrated when its files change."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from dev import sites
from dev.build_tools import uv_install
from dev.errors import HostError
from dev.host import database, services
from dev.host.frappe_command import frappe_argv, site_env
from dev.host.steps import Step, StepLog, tree_inputs
from dev.state import HostState

APP: Final = "order_flow"
TABLE_OF_APP: Final = "tabOrder"
# What `migrate` reads: definitions of documents, hooks, patches, and the tables behind the workflows.
MIGRATED_FILES: Final = (
    "order_flow/**/*.json",
    # A form's script comes with its meta, which the site keeps in its cache until it is migrated.
    "order_flow/order_flow/**/*.js",
    "order_flow/*.py",
    "order_flow/*.txt",
    "order_flow/patches/**/*",
    "order_flow/workflow/**/*",
    "order_flow/domain/**/*.py",
    "order_flow/translations/*.csv",
)


def is_in_checkout(state: HostState) -> bool:
    """Whether the checkout holds an app that can be installed."""
    return (state.root / APP / "hooks.py").exists()


def _link_app(state: HostState, log: StepLog) -> None:
    if not is_in_checkout(state):
        return
    link = state.bench / "apps" / APP
    if not link.is_symlink():
        link.symlink_to(state.root)
    uv_install(state, log, "--no-build-isolation", "--editable", state.root)
    (state.sites_path / "apps.txt").write_text(f"frappe\n{APP}\n", encoding="utf-8")


LINK: Final = Step(
    name="app",
    run=_link_app,
    inputs=lambda state: tree_inputs(state.root, ["setup.py", "pyproject.toml", f"{APP}/hooks.py"]),
    is_whole=lambda state: (state.bench / "apps" / APP).exists() or not is_in_checkout(state),
    cure="Read the log: setup.py or pyproject.toml could not be used.",
)


def _install_or_migrate(state: HostState, log: StepLog) -> None:
    if not is_in_checkout(state):
        return
    services.start(services.STORES, state)
    names = (state.demo_site, state.test_site)
    with ThreadPoolExecutor(len(names)) as pool:
        results = list(pool.map(lambda site: _update_site(state, log, site), names))
    problems = [problem for problem in results if problem]
    if problems:
        raise HostError("The app could not be installed.", " ".join(problems), f"Read {log.path}.")


def _update_site(state: HostState, log: StepLog, site: str) -> str | None:
    """Install the app on a site, or migrate the site; gives the problem, if there is one."""
    # Forced: an install that broke off left parts behind, which a plain second one refuses.
    install = ["install-app", APP, "--force"]
    command = ["migrate"] if APP in installed_apps(state, site) else install
    argv = frappe_argv(state, "--site", site, *command)
    done = subprocess.run(
        argv,
        cwd=state.sites_path,
        env=site_env(state),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    log.write(f"== {site}: {' '.join(command)}\n{_without_progress(done.stdout)}\n{done.stderr}")
    if done.returncode == 0:
        return None
    last_line = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
    return f"{site}: {' '.join(command)}: {last_line}"


def _without_progress(output: str) -> str:
    """Frappe redraws its progress bars thousands of times; a log needs none of them."""
    lines = output.replace("\r", "\n").splitlines()
    return "\n".join(line for line in lines if not line.startswith("Updating "))


def installed_apps(state: HostState, site: str) -> list[str]:
    """Apps that are installed on a site.

    Raises:
        subprocess.CalledProcessError: the site cannot be asked.
    """
    argv = frappe_argv(state, "--site", site, "list-apps", "--format", "json")
    done = subprocess.run(
        argv, cwd=state.sites_path, env=site_env(state), check=True, capture_output=True, text=True
    )
    apps: list[str] = json.loads(done.stdout)[site]
    return apps


def _migrated_inputs(state: HostState) -> Iterable[str | Path]:
    return tree_inputs(state.root, MIGRATED_FILES)


def _is_on_sites(state: HostState) -> bool:
    """A site that was made anew in between holds no table of the app, whatever the stamp says."""
    databases = (sites.DEMO_DATABASE, sites.TEST_DATABASE)
    return not is_in_checkout(state) or all(
        database.has_table(state, name, TABLE_OF_APP) for name in databases
    )


INSTALL: Final = Step(
    name="app-on-sites",
    run=_install_or_migrate,
    inputs=_migrated_inputs,
    is_whole=_is_on_sites,
    cure="Read the log: it holds what Frappe said for each site.",
)
