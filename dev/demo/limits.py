"""How fast the demo's accounts may call: as fast as they can, or `LIMITS=shipped`, as a new account is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from dev.errors import HostError

VARIABLE: Final = "LIMITS"
SHIPPED: Final = "shipped"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is written into the accounts, and how patient the demo is with them.

    Args:
        both, wdt, u8: fields of the accounts.
        read_again_seconds: how soon the site is asked again to read WDT when somebody still waits for it;
            the button's runs take calls from the same minute.
        compare_again_seconds: how soon the three sides are compared again where one had no call left.
        patience_seconds: how long nothing at all may happen before the run is given up.
    """

    both: dict[str, int] = field(default_factory=dict)
    wdt: dict[str, int] = field(default_factory=dict)
    u8: dict[str, int] = field(default_factory=dict)
    read_again_seconds: float = 6.0
    compare_again_seconds: float = 2.0
    patience_seconds: float = 900.0


QUICK: Final = Limits(
    both={"calls_per_minute": 60_000, "timeout_seconds": 10},
    wdt={"read_every_minutes": 1, "window_overlap_minutes": 1},
    u8={"settle_seconds": 20},
)
"""The simulators are on this machine: nobody waits for a minute to pass."""
AS_SHIPPED: Final = Limits(
    both={"calls_per_minute": 60, "timeout_seconds": 30},
    wdt={"read_every_minutes": 5, "window_overlap_minutes": 5},
    u8={"settle_seconds": 600},
    read_again_seconds=60.0,
    compare_again_seconds=60.0,
    patience_seconds=1800.0,
)
"""The defaults of a new account; a unit test compares them with the DocTypes."""


def chosen_limits() -> Limits:
    """The limits that the environment names; the quick ones where it names none.

    Raises:
        HostError: it names something else.
    """
    text = os.environ.get(VARIABLE, "")
    if text not in ("", SHIPPED):
        cure = f"{VARIABLE}={SHIPPED}, or leave it out."
        raise HostError(f"{VARIABLE}={text} is not known.", "There is only one word for it.", cure)
    return AS_SHIPPED if text == SHIPPED else QUICK
