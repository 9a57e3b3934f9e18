"""One build at a time in one checkout."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from dev.errors import HostError
from dev.host.process import wait_until
from dev.state import HostState

WAIT_SECONDS: Final = 600.0


@contextmanager
def host_lock(state: HostState, name: str = "lock", wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold one of the checkout's locks; the kernel frees it when the holder ends, however it ends.

    Args:
        state: the host.
        name: file name below `.bench/`.
        wait: seconds to wait for another run to end.

    Raises:
        HostError: another run held it all that time.
    """
    path = state.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        if not _take(file):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            print(f"waiting for the run of process {holder} in this checkout", flush=True)
            if not wait_until(lambda: _take(file), wait):
                raise HostError(
                    "Another run is at work in this checkout.",
                    f"Process {holder} has held {path} for more than {wait:.0f} s.",
                    "Wait until it ends, or stop it.",
                )
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _take(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
