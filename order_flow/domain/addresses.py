"""Where an interface's address leads to."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_on_this_machine(address: str) -> bool:
    """Tell the address of a stand-in from one that leads out of the machine.

    Args:
        address: of an interface; one that cannot be read leads out.

    Returns:
        True for ``localhost`` and the loopback addresses, written as numbers.
    """
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
