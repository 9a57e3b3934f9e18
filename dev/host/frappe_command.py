"""Frappe's own commands, run the way `bench` runs them underneath.

`bench SITE-COMMAND` refuses to work as root; the module below it works for every user.
"""

from __future__ import annotations

import os
import subprocess

from dev.state import HostState, load


def frappe_argv(state: HostState, *args: str) -> list[str]:
    """Command line that runs a Frappe command; its working folder has to be `state.sites_path`."""
    return [str(state.env_python), "-m", "frappe.utils.bench_helper", "frappe", *args]


def frappe(site: str, *args: str, state: HostState | None = None) -> None:
    """Run one Frappe command on a site, its output on the terminal.

    Args:
        site: site name, e.g. "demo.localhost".
        args: command and its arguments, e.g. "migrate".
        state: the host; that of this checkout when left out.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    host = state or load()
    subprocess.run(
        frappe_argv(host, "--site", site, *args), cwd=host.sites_path, env=site_env(host), check=True
    )


def site_env(state: HostState) -> dict[str, str]:
    """Environment of everything that runs on the bench's interpreter."""
    path = f"{state.env_python.parent}:{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1", "SITES_PATH": str(state.sites_path)}
