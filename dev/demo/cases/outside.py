"""WDT's people in a story, and how long the site may take to hear of what happened outside."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from dev.demo.rest import Caller
from dev.demo.setting import WDT_ACCOUNT
from dev.demo.simulators import CANCELLED, REVIEW, WdtPeople

PATIENCE_SECONDS: Final = 90.0
LOOK_AGAIN_SECONDS: Final = 0.5
READ_AGAIN_SECONDS: Final = 3.0
SUBMIT_SECONDS: Final = 5.0
"""Simulated time in which WDT makes a trade of what was pushed."""
AT_REVIEW: Final = frozenset({"audit", "split", "merge", "gift"})
"""What people can do only with a trade that waits for review, e.g. once its payment was pushed."""


class Outside:
    """The warehouse's people of WDT.

    Args:
        wdt: WDT's side.
        reader: may start the site's reading of WDT.
    """

    def __init__(self, wdt: WdtPeople, reader: Caller) -> None:
        self._wdt = wdt
        self._reader = reader
        self._read_at = 0.0

    def act(self, verb: str, order: str, which: int, options: Mapping[str, Any]) -> dict[str, Any]:
        """Do something with a trade of an order, as soon as it is there.

        Returns:
            What WDT says of the trade afterwards.

        Raises:
            HostError: WDT does not let them, or never got the order.
        """
        number = self.settled(lambda: self._trade(order, which, waits=verb in AT_REVIEW))
        return self._wdt.do(verb, number or order, **options)

    def settled(self, look: Callable[[], str]) -> str:
        """Look until something is there, or patience ends; the site reads WDT meanwhile."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := look()) and time.monotonic() < deadline:
            self.hear()
            time.sleep(LOOK_AGAIN_SECONDS)
        return found

    def hear(self) -> None:
        """Let WDT's background work happen and the site read it, not too often."""
        if time.monotonic() - self._read_at < READ_AGAIN_SECONDS:
            return
        self._read_at = time.monotonic()
        self._wdt.turn_clock(SUBMIT_SECONDS)
        self._reader.call("order_flow.api.sync.read_now", wdt_account=WDT_ACCOUNT)

    def _trade(self, order: str, which: int, *, waits: bool) -> str:
        trades, _stockouts = self._wdt.trades_of(order)
        living = [trade for trade in trades if trade["status"] != CANCELLED]
        if which >= len(living) or (waits and living[which]["status"] != REVIEW):
            return ""
        return str(living[which]["trade_no"])
