"""Claim, send, settle: the worker's side of the outbox (design 5, R-352).

::

    claim      short transaction: rows become ours until the lease ends
    look up    rows whose outcome is unknown: does the far side have them?
    prepare    read the documents as they are now
    send       no transaction is open
    settle     short transaction per row, valid only while the lease is still ours

A worker may end at any point. Before the claim is stored nothing happened; after it the lease runs out and
the next worker looks the row up before it sends anything. A deadlock is repeated inside the short
transactions, so that the framework's habit to re-run a whole job never repeats a send.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import frappe

from order_flow.domain.message import Message
from order_flow.integrations.errors import (
    Blocked,
    IntegrationError,
    NoCallLeft,
    OutcomeUnknown,
    Rejected,
    Transient,
)
from order_flow.outbox import registry
from order_flow.outbox.accounts import care as accounts
from order_flow.outbox.clock import Clock, database_now
from order_flow.outbox.handler import (
    ActionHandler,
    Again,
    Done,
    Failed,
    Found,
    NotFound,
    OutboxRow,
    Prepared,
)
from order_flow.outbox.policy import (
    RetryPolicy,
    Stage,
    Verdict,
    judge,
    judge_blocked,
    judge_lost_worker,
    judge_patience,
    judge_unsure,
    kind_of,
    patience_after,
    portions,
)
from order_flow.outbox.sending import settlement
from order_flow.outbox.sending.attempts import StoredAttempts
from order_flow.outbox.sending.claims import Appetite, claim
from order_flow.outbox.sending.results import Result, error_of, log_defect, verdict_of
from order_flow.outbox.states import ErrorKind, RowState
from order_flow.outbox.transaction import end_reading, in_transaction, is_connection_lost, require_clean

FAILURES_BEFORE_REST = 3
"""Calls in a row that fail as a whole before the account rests: the rows of an account that does not answer
should not each find out by themselves."""
OUTAGE_REST = 60.0
MOST_BLOCKED_ROWS = 3
"""Rows in a row that a firewall refuses before the account is taken for the reason after all."""


class Point(StrEnum):
    """Places where a test may stop a worker."""

    CLAIMED = "claimed"
    LOOKED_UP = "looked up"
    PREPARED = "prepared"
    SENT = "sent"
    SETTLING = "settling"
    SETTLED = "settled"


Checkpoint = Callable[[Point], None]


def pass_by(point: Point) -> None:
    """The checkpoint of everyday work."""


def account_policy() -> RetryPolicy:
    """The retry numbers, with the limit of attempts from Order Flow Settings."""
    limit = frappe.db.get_single_value("Order Flow Settings", "attempts_before_dead")
    return RetryPolicy(max_attempts=int(limit)) if limit else RetryPolicy()


class Relay:
    """Sends the due rows of one account, one batch after the other.

    Args:
        account_type: DocType of the account.
        account: its name.
        clock: time that decides what is due; tests turn it.
        policy: retry numbers; None takes the site's.
        checkpoint: called at every ``Point``.
    """

    def __init__(
        self,
        account_type: str,
        account: str,
        clock: Clock = database_now,
        policy: RetryPolicy | None = None,
        checkpoint: Checkpoint = pass_by,
    ) -> None:
        self.account_type = account_type
        self.account = account
        self._clock = clock
        self._policy = policy or account_policy()
        self._checkpoint = checkpoint
        self._log = StoredAttempts(account_type, account)
        self._port: Any = None
        self._failed_calls = 0
        self._blocked_rows = 0
        self.next_call_in: float | None = None
        """Where our own limit stopped the last batch: in how many seconds a call may be free."""

    def run_once(self) -> int:
        """Claim one batch, send it, settle it.

        Returns:
            How many rows were claimed; 0 where nothing is due or the account may not be called.

        Raises:
            OutsideTransactionRequired: the connection holds uncommitted changes.
        """
        require_clean()
        self.next_call_in = None
        rows = claim(self.account_type, self.account, appetite_of, self._clock())
        if not rows:
            return 0
        self._checkpoint(Point.CLAIMED)
        try:
            handler = registry.handler_of(rows[0].action)
        except registry.UnknownAction as error:
            self._settle_all(rows, self._defect(rows, error, Stage.PREPARE), None)
            return len(rows)
        self._log.covering(rows)
        self._work_on(rows, handler)
        return len(rows)

    def _work_on(self, rows: Sequence[OutboxRow], handler: ActionHandler[Any, Any]) -> None:
        results = self._lost_workers(rows)
        rows = [row for row in rows if row.name not in results]
        unclear = [row for row in rows if row.outcome_unknown and not handler.repeatable]
        for row in unclear:
            result = self._look_up(row, handler)
            if result is not None:
                results[row.name] = result
        to_send = [row for row in rows if row.name not in results]
        # Looked-up rows are settled first: they need no send, and a failing one must not delay them.
        self._settle_all([row for row in rows if row.name in results], results, handler)
        self._send_in_portions(to_send, handler)

    def _send_in_portions(self, rows: Sequence[OutboxRow], handler: ActionHandler[Any, Any]) -> None:
        """Send rows that failed before in small company, after those that never did."""
        ready = sorted(rows, key=lambda row: row.attempts)
        ends_at = time.monotonic() + handler.lease_seconds / 2
        for part in portions([row.attempts for row in ready], handler.batch_size):
            portion = ready[part]
            if self._failed_calls >= FAILURES_BEFORE_REST or time.monotonic() > ends_at:
                error = Transient(
                    Message("Not sent, because calls before it failed. It is tried again later.")
                )
                results = self._raised(portion, error, Stage.PREPARE)
            else:
                results = self._send(portion, handler)
            self._settle_all(portion, results, handler)

    def _lost_workers(self, rows: Sequence[OutboxRow]) -> dict[int, Result]:
        results: dict[int, Result] = {}
        for row in rows:
            if row.claimed_from is RowState.LEASED:
                verdict = judge_lost_worker(row.attempts, self._policy)
                if verdict is not None:
                    results[row.name] = verdict
        return results

    def _look_up(self, row: OutboxRow, handler: ActionHandler[Any, Any]) -> Result | None:
        """Ask the far side about one row; None means it certainly does not have it."""
        try:
            found = handler.look_up(row, self._open_port())
        except Exception as error:
            return self._raised([row], error, Stage.LOOK_UP)[row.name]
        finally:
            end_reading()
        self._checkpoint(Point.LOOKED_UP)
        if isinstance(found, NotFound):
            return None
        if isinstance(found, Found):
            digest = Message("Found there; an earlier attempt had arrived.")
            return Done(reference=found.reference, digest=digest, facts=found.facts)
        return judge_unsure(found.reason, row.attempts, self._policy, random.random())

    def _send(self, rows: Sequence[OutboxRow], handler: ActionHandler[Any, Any]) -> dict[int, Result]:
        try:
            prepared: Prepared[Any] = handler.prepare(rows)
        except Exception as error:
            end_reading()
            return self._apart_or_failed(rows, handler, error, Stage.PREPARE)
        end_reading()
        self._checkpoint(Point.PREPARED)
        answers: dict[int, Any] = dict(prepared.answers)
        if prepared.work is not None:
            stage = Stage.PREPARE
            try:
                port = self._open_port()
                stage = Stage.SEND
                answers.update(handler.send(prepared.work, port))
                self._failed_calls = 0
            except Exception as error:
                end_reading()
                if stage is not Stage.SEND or not isinstance(error, Blocked):
                    return self._apart_or_failed(rows, handler, error, stage, answers)
                answers.update({row.name: error for row in rows if row.name not in answers})
            end_reading()
        self._checkpoint(Point.SENT)
        blocked = [row for row in rows if isinstance(error_of(answers.get(row.name)), Blocked)]
        passed = [row for row in rows if row not in blocked]
        if any(isinstance(answers.get(row.name), Done | Again) for row in passed):
            self._blocked_rows = 0
        results = {row.name: self._result_of(row, answers.get(row.name)) for row in passed}
        return results | self._blocked(blocked, handler, answers) if blocked else results

    def _blocked(
        self, rows: Sequence[OutboxRow], handler: ActionHandler[Any, Any], answers: Mapping[int, Any]
    ) -> dict[int, Result]:
        """Find out whether what stands between us and the far side dislikes one row, or every call."""
        first = rows[0]
        error = error_of(answers[first.name]) or OutcomeUnknown(first.document)
        try:
            for_all = self._blocked_rows >= MOST_BLOCKED_ROWS or not handler.answers(self._open_port())
        except IntegrationError as failure:
            return self._raised(rows, failure, Stage.SEND)
        finally:
            end_reading()
        if for_all:
            return {row.name: self._judged(row, error, Stage.SEND) for row in rows}
        if len(rows) > 1:
            middle = len(rows) // 2
            return self._send(rows[:middle], handler) | self._send(rows[middle:], handler)
        self._blocked_rows += 1
        refusal = self._judged(first, judge_blocked(first.document, error), Stage.SEND)
        answer = answers[first.name]
        return {first.name: (refusal, answer.progress) if isinstance(answer, Failed) else refusal}

    def _apart_or_failed(
        self,
        rows: Sequence[OutboxRow],
        handler: ActionHandler[Any, Any],
        error: Exception,
        stage: Stage,
        answers: Mapping[int, Any] | None = None,
    ) -> dict[int, Result]:
        """One row may have spoilt the batch: try each alone where that is safe; else all share it."""
        nothing_sent = isinstance(error, Rejected) or (
            stage is Stage.PREPARE and kind_of(error) is ErrorKind.DEFECT
        )
        if len(rows) > 1 and nothing_sent:
            results: dict[int, Result] = {}
            for row in rows:
                results.update(self._send([row], handler))
            return results
        answered = {row.name: row for row in rows if answers and row.name in answers}
        results = {name: self._result_of(row, (answers or {})[name]) for name, row in answered.items()}
        rest = [row for row in rows if row.name not in answered]
        return results | self._raised(rest, error, stage)

    def _raised(self, rows: Sequence[OutboxRow], error: Exception, stage: Stage) -> dict[int, Result]:
        if kind_of(error) is ErrorKind.DEFECT:
            return self._defect(rows, error, stage)
        if isinstance(error, Transient | OutcomeUnknown) and not isinstance(error, NoCallLeft):
            self._failed_calls += 1
        return {row.name: self._judged(row, error, stage) for row in rows}

    def _defect(self, rows: Sequence[OutboxRow], error: Exception, stage: Stage) -> dict[int, Result]:
        if is_connection_lost(error):
            raise error
        log_defect(error, rows)
        return {row.name: self._judged(row, error, stage) for row in rows}

    def _result_of(self, row: OutboxRow, answer: Any) -> Result:
        if isinstance(answer, Done):
            return answer
        if isinstance(answer, Again):
            after = patience_after(answer.after, row.polls, self._policy)
            return judge_patience(row.polls, self._policy) or Again(after, answer.progress)
        if isinstance(answer, Failed):
            return self._judged(row, answer.error, Stage.SEND), answer.progress
        if isinstance(answer, IntegrationError):
            return self._judged(row, answer, Stage.SEND)
        mistake = TypeError(f"the handler of {row.action} gave {answer!r} for row {row.name}")
        return self._defect([row], mistake, Stage.SEND)[row.name]

    def _judged(self, row: OutboxRow, error: BaseException, stage: Stage) -> Verdict:
        if isinstance(error, NoCallLeft):
            self.next_call_in = error.retry_after or self._policy.rate_limit_delay
        return judge(error, stage, row.attempts, self._policy, random.random())

    def _settle_all(
        self,
        rows: Sequence[OutboxRow],
        results: Mapping[int, Result],
        handler: ActionHandler[Any, Any] | None,
    ) -> None:
        for row in rows:
            self._settle(row, results[row.name], handler)
        self._hold_account([verdict_of(results[row.name]) for row in rows])

    def _settle(self, row: OutboxRow, result: Result, handler: ActionHandler[Any, Any] | None) -> None:
        try:
            in_transaction(lambda: self._store(row, result, handler))
        except settlement.LeaseLost as lost:
            frappe.logger("order_flow", allow_site=True).warning(str(lost))
        except Exception as error:
            if is_connection_lost(error):
                raise
            log_defect(error, [row])
            self._settle_unstored(row, result, error)
        self._checkpoint(Point.SETTLED)

    def _settle_unstored(self, row: OutboxRow, result: Result, error: Exception) -> None:
        """Store at least the row where what follows could not be stored (a mistake in apply or gave_up)."""
        verdict = verdict_of(result) or self._judged(row, error, Stage.STORE)
        try:
            in_transaction(lambda: settlement.store_failure(row, verdict, None, None, self._clock()))
        except settlement.LeaseLost as lost:
            frappe.logger("order_flow", allow_site=True).warning(str(lost))

    def _store(self, row: OutboxRow, result: Result, handler: ActionHandler[Any, Any] | None) -> None:
        now = self._clock()
        if isinstance(result, Done) and handler is not None:
            settlement.store_done(row, result, handler, now)
        elif isinstance(result, Again) and handler is not None:
            settlement.store_again(row, result, handler, now)
        elif isinstance(result, Verdict):
            settlement.store_failure(row, result, None, handler, now)
        elif isinstance(result, tuple):
            settlement.store_failure(row, result[0], result[1], handler, now)
        self._checkpoint(Point.SETTLING)

    def _hold_account(self, verdicts: Sequence[Verdict | None]) -> None:
        """Pause or rest the account where a failure was not the row's."""
        failures = [verdict for verdict in verdicts if verdict is not None]
        pausing = next((verdict for verdict in failures if verdict.pauses), None)
        if pausing is not None:
            in_transaction(lambda: accounts.pause_account(self.account_type, self.account, pausing.reason))
        rest = max((verdict.rest for verdict in failures), default=0.0)
        if self._failed_calls >= FAILURES_BEFORE_REST:
            rest = max(rest, OUTAGE_REST)
            self._failed_calls = 0
        if rest:
            now = self._clock()
            in_transaction(lambda: accounts.rest_account(self.account_type, self.account, rest, now))

    def _open_port(self) -> Any:
        if self._port is None:
            self._port = registry.open_port(self.account_type, self.account, self._log)
            end_reading()
        return self._port


def appetite_of(action: str) -> Appetite:
    """How much of an action one claim takes; an unregistered action is claimed to be shown as stuck."""
    try:
        handler = registry.handler_of(action)
    except registry.UnknownAction:
        return Appetite(rows=1, lease_seconds=ActionHandler.lease_seconds)
    return Appetite(rows=handler.batch_size, lease_seconds=handler.lease_seconds)
