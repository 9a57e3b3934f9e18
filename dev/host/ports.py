"""Free TCP ports on the loopback address."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Final

from dev.errors import HostError

# Below the range that Linux hands out for outgoing connections (32768 and up), so that no connection of the
# machine can sit on a chosen port by chance later.
LOWEST: Final = 20000
HIGHEST: Final = 32000


def is_free(port: int) -> bool:
    """Whether nothing listens on a loopback port (1..65535)."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # MariaDB and Redis set it too: a connection in TIME_WAIT does not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int, timeout: float = 0.5) -> bool:
    """Whether something accepts connections on a loopback port within `timeout` seconds."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout):
            return True
    except OSError:
        return False


def http_answers(port: int, path: str, timeout: float = 5.0) -> bool:
    """Whether a loopback web server answers 200 to a path within `timeout` seconds."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def free_ports(count: int, seed: str) -> list[int]:
    """Choose `count` free ports; different seeds (checkouts) start looking at different places.

    Raises:
        HostError: there are not enough free ports.
    """
    found: list[int] = []
    for port in _candidates(seed):
        if is_free(port):
            found.append(port)
        if len(found) == count:
            return found
    raise HostError(
        f"Only {len(found)} of {count} free ports were found.",
        f"Nearly every port from {LOWEST} to {HIGHEST} is taken.",
        "Stop what listens there and run the command again.",
    )


def _candidates(seed: str) -> Iterator[int]:
    span = HIGHEST - LOWEST
    start = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") % span
    for offset in range(span):
        yield LOWEST + (start + offset) % span
