"""`make openapi`: the OpenAPI description of every endpoint, as a file in docs that git leaves out."""

from __future__ import annotations

import subprocess
from typing import Final

from dev.build import build
from dev.host.frappe_command import site_env
from dev.host.lock import host_lock
from dev.state import HostState

MODULE: Final = "order_flow.api.openapi"
FILE: Final = ("docs", "openapi.json")


def openapi(state: HostState) -> int:
    """Write the description; no site and no service is needed for it.

    Returns:
        0 when it was written, else 1; a file of before stays then.
    """
    with host_lock(state):
        build(state)
    argv = [str(state.env_python), "-m", MODULE]
    written = subprocess.run(
        argv, cwd=state.root, env=site_env(state), check=False, stdout=subprocess.PIPE, text=True
    )
    if written.returncode:
        return 1
    path = state.root.joinpath(*FILE)
    path.write_text(written.stdout, encoding="utf-8")
    print(f"written: {path}")
    return 0
