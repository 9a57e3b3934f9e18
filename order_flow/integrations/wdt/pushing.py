"""How orders are put into pushes, and what becomes of each (wdt-openapi 1.5, 2.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from order_flow.domain.message import Message
from order_flow.integrations.errors import (
    IntegrationError,
    Misconfigured,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Transient,
)
from order_flow.integrations.wdt.port import PushResult, RawTrade
from order_flow.integrations.wdt.refusals import (
    NO_REASON,
    errors_by_order,
    is_complete_list,
    named_in,
    readable,
    says_nothing,
)

OK = "0"
UNCLEAR_ANSWER = "unclear-answer"
"""Code of the doubt about an order that a successful answer leaves open: looked up, not pushed again."""
TEXT_SHOWN = 200
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


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What WDT said to one call.

    Args:
        code: "0" for success.
        message: its text or list of per-order errors.
        stored: orders it says to have created or changed; None where it gives no figures.
    """

    code: str
    message: str
    stored: int | None = None


class Push:
    """One push of any number of orders: sends the batches and keeps what became of each tid.

    A refused batch is never taken as a whole. Orders that the refusal names are rejected and the others are
    sent again without them, because nothing says whether they were stored and an unchanged repeat is
    harmless. Where it names none, halves are sent until the refused order stands alone.

    An answer of success counts for an order only where it leaves nothing open about it: without a word, with
    a whole list that does not name it, or with figures that cover everything that was sent.

    Args:
        send: makes one call.
        refuse: class of a refusal, by its code and message.
    """

    def __init__(self, send: Callable[[Batch], PushAnswer], refuse: Refuse) -> None:
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
                if not self._settled:
                    raise
                self._give_up(batch, calls[number + 1 :], error)
                break
        return PushResult(frozenset(self._accepted), dict(self._rejected), dict(self._failed))

    @property
    def _settled(self) -> set[str]:
        return {*self._accepted, *self._rejected, *self._failed}

    def _push(self, batch: Batch) -> None:
        answer = self._send(batch)
        tids = [trade.tid for trade in batch]
        errors = errors_by_order(answer.message, tids)
        if not errors and answer.code != OK:
            errors = named_in(answer.message, tids)
        for tid, reason in errors.items():
            self._judge(tid, reason)
        rest = tuple(trade for trade in batch if trade.tid not in errors)
        if answer.code == OK:
            self._taken(rest, answer, len(batch))
        elif errors and rest:
            self._push(rest)
        elif not errors:
            self._split(batch, self._refuse(answer.code, answer.message))

    def _judge(self, tid: str, reason: str) -> None:
        """One order's own error; what concerns every order counts for the account.

        Raises:
            IntegrationError: the account is the reason, not the order.
        """
        error = self._refuse("", reason)
        if isinstance(error, Misconfigured | RateLimited):
            raise error
        if isinstance(error, Rejected):
            self._rejected[tid] = reason
        else:
            self._failed[tid] = error

    def _taken(self, rest: Batch, answer: PushAnswer, sent: int) -> None:
        sure = says_nothing(answer.message) or is_complete_list(answer.message) or answer.stored == sent
        for trade in rest:
            if sure:
                self._accepted.add(trade.tid)
            else:
                self._failed[trade.tid] = OutcomeUnknown(
                    Message(
                        "WDT answered with success and a text that leaves open whether it took order {0}: "
                        "{1}. It is looked up before it is sent again.",
                        trade.tid,
                        readable(answer.message)[:TEXT_SHOWN],
                    ),
                    code=UNCLEAR_ANSWER,
                )

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
        settled = self._settled
        self._failed.update({trade.tid: error for trade in batch if trade.tid not in settled})
        later = (
            Transient(Message("Not sent, because the call before it failed: {0}", error.message))
            if isinstance(error, OutcomeUnknown)
            else error
        )
        self._failed.update({trade.tid: later for waiting in unsent for trade in waiting})
