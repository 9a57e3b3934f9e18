"""`make soak`: many drawn stories of orders on the test site; goes on where it was stopped.

SCHEDULES=10000 how many in all, SEED=1 the chance, FRESH=1 forgets the run before; see tests/site/explorer.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from dev.build import build
from dev.host import services
from dev.host.frappe_command import site_env
from dev.host.lock import host_lock
from dev.state import HostState
from dev.testing import leave_running_what_ran

MODULE: Final = "tests.site.explorer.soak"


def soak(state: HostState) -> int:
    """Bring the test site up and play; the exit code says whether every story ended well.

    Returns:
        0 when no story failed, else 1.
    """
    with host_lock(state, "test.lock"), leave_running_what_ran(state):
        with host_lock(state):
            build(state)
            services.start(services.TESTING, state)
        sys.stdout.flush()
        argv = [str(state.env_python), "-m", MODULE]
        return subprocess.run(argv, cwd=state.root, env=site_env(state)).returncode
