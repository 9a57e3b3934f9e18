"""Every shipped default that a builder of the tests or the demo overrides, with its reason.

A default that nobody runs under is a default that nobody knows: the explorer's accounts, channel and settings
have none of these rows, and ``test_defaults.py`` fails on an override that is not named here.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Override(NamedTuple):
    """One field that a builder sets to something else than a new document has.

    Args:
        doctype: of the document.
        name: the document that a builder makes.
        field: what differs.
        why: what the shipped value would make impossible or slow.
    """

    doctype: str
    name: str
    field: str
    why: str


_SIMULATOR = "the far side is a simulator on a free port of this machine"
_FAST = "tests of the wire send hundreds of messages within seconds; the explorer keeps to the shipped limit"

OVERRIDDEN: Final = (
    Override("WDT Account", "Test WDT", "base_url", _SIMULATOR),
    Override("WDT Account", "Test WDT", "calls_per_minute", _FAST),
    Override("U8 Account", "Test U8", "base_url", _SIMULATOR),
    Override("U8 Account", "Test U8", "calls_per_minute", _FAST),
    Override(
        "U8 Account", "Test U8", "settle_seconds", "a lost answer is looked up at once, not after minutes"
    ),
    Override("WDT Account", "Explorer WDT", "base_url", _SIMULATOR),
    Override("U8 Account", "Explorer U8", "base_url", _SIMULATOR),
)
"""Nothing else of these documents may differ from a new one."""

WATCHED: Final = (
    ("WDT Account", "Test WDT"),
    ("U8 Account", "Test U8"),
    ("Sales Channel", "Test Shop"),
    ("Sales Channel", "Test Counter"),
    ("WDT Account", "Explorer WDT"),
    ("U8 Account", "Explorer U8"),
    ("Sales Channel", "Explorer"),
    ("Order Flow Settings", "Order Flow Settings"),
)
"""The documents that the tests of orders run under."""
