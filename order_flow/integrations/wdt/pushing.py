"""How orders are put into pushes, and what becomes of each (wdt-openapi 1.5, 2.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from order_flow.integrations.errors import IntegrationError, OutcomeUnknown, Rejected, Transient
from order_flow.integrations.wdt.port import PushResult, RawTrade
from order_flow.integrations.wdt.refusals import NO_REASON, errors_by_order

OK = "0"
Batch = tuple[RawTrade, ...]
Refuse = Callable[[str, str], IntegrationError]
"""Makes the error of a code and a message."""


def batches(trades: Sequence[RawTrade], size: int, per_buyer: int) -> Iterator[Batch]:
    """Cut orders into calls: at most ``size`` each, at most ``per_buyer`` of one buyer, in their order.

    Args:
        trades: what to push.
        size: most orders of one call, positive.
        per_buyer: most orders of one buyer_nick in one call, positive.
    """
    waiting = list(trades)
    while waiting:
        taken: list[RawTrade] = []
        left: list[RawTrade] = []
        of_buyer: Counter[str] = Counter()
        for trade in waiting:
            if len(taken) < size and of_buyer[trade.buyer_nick] < per_buyer:
                of_buyer[trade.buyer_nick] += 1
                taken.append(trade)
            else:
                left.append(trade)
        yield tuple(taken)
        waiting = left


class Push:
    """One push of any number of orders: sends the batches and keeps what became of each tid.

    A refused batch is never taken as a whole. Orders that the refusal names are rejected and the others are
    sent again without them, because nothing says whether they were stored and an unchanged repeat is
    harmless. Where it names none, halves are sent until the refused order stands alone.

    Args:
        send: makes one call; returns code ("0" for success) and message.
        refuse: class of a refused call.
    """

    def __init__(self, send: Callable[[Batch], tuple[str, str]], refuse: Refuse) -> None:
        self._send = send
        self._refuse = refuse
        self._accepted: set[str] = set()
        self._rejected: dict[str, str] = {}
        self._failed: dict[str, IntegrationError] = {}

    def run(self, calls: Sequence[Batch]) -> PushResult:
        """Send all batches.

        Args:
            calls: the batches; no tid occurs twice.

        Returns:
            What became of each tid.

        Raises:
            IntegrationError: a call failed before anything was answered.
        """
        for number, batch in enumerate(calls):
            try:
                self._push(batch)
            except IntegrationError as error:
                if not self._accepted and not self._rejected:
                    raise
                self._give_up(batch, calls[number + 1 :], error)
                break
        return PushResult(frozenset(self._accepted), dict(self._rejected), dict(self._failed))

    def _push(self, batch: Batch) -> None:
        code, message = self._send(batch)
        errors = errors_by_order(message, (trade.tid for trade in batch))
        self._rejected.update(errors)
        rest = tuple(trade for trade in batch if trade.tid not in errors)
        if code == OK:
            self._accepted.update(trade.tid for trade in rest)
        elif errors and rest:
            self._push(rest)
        elif not errors:
            self._split(batch, self._refuse(code, message))

    def _split(self, batch: Batch, error: IntegrationError) -> None:
        if not isinstance(error, Rejected):
            raise error
        if len(batch) == 1:
            self._rejected[batch[0].tid] = error.message or NO_REASON
            return
        middle = len(batch) // 2
        self._push(batch[:middle])
        self._push(batch[middle:])

    def _give_up(self, batch: Batch, unsent: Sequence[Batch], error: IntegrationError) -> None:
        settled = self._accepted | self._rejected.keys()
        self._failed.update({trade.tid: error for trade in batch if trade.tid not in settled})
        later = (
            Transient(f"Not sent, because the call before it failed: {error.message}")
            if isinstance(error, OutcomeUnknown)
            else error
        )
        self._failed.update({trade.tid: later for waiting in unsent for trade in waiting})
