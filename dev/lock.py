"""One build at a time in one checkout."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from dev.errors import HostError
from dev.state import HostState


@contextmanager
def host_lock(state: HostState, name: str = "lock") -> Iterator[None]:
    """Hold one of the checkout's locks; the kernel frees it when the holder ends, however it ends.

    Args:
        state: the host.
        name: file name below `.bench/`.

    Raises:
        HostError: another run holds it.
    """
    path = state.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise HostError(
                "Another run is at work in this checkout.",
                f"Process {file.read().strip() or 'unknown'} holds {path}.",
                "Wait until it ends, or stop it.",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
