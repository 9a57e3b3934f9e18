"""`make soak`: many drawn stories of orders on the test site; goes on where it was stopped.

SCHEDULES=10000 how many in all, SEED=1 the chance, FRESH=1 forgets the run before; see tests/site/explorer.
CALLS=20 calls the methods of REST instead, each so often, with drawn arguments; see tests/site/rest/soak.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from dev.build import build
from dev.host import services
from dev.host.frappe_command import site_env
from dev.host.lock import host_lock
from dev.state import HostState
from dev.testing import leave_running_what_ran

STORIES: Final = "tests.site.explorer.soak"
ANY_CALLS: Final = "tests.site.rest.soak"
CALLS: Final = "CALLS"


def soak(state: HostState) -> int:
    """Bring the test site up and play; the exit code says whether everything ended well.

    Returns:
        0 when no story failed and every call was answered, else 1.
    """
    with host_lock(state, "test.lock"), leave_running_what_ran(state):
        with host_lock(state):
            build(state)
            services.start(services.TESTING, state)
        sys.stdout.flush()
        argv = [str(state.env_python), "-m", ANY_CALLS if os.environ.get(CALLS) else STORIES]
        return subprocess.run(argv, cwd=state.root, env=site_env(state)).returncode
