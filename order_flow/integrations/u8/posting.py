"""Posting one document exactly once, in steps that can be interrupted anywhere (R-025, u8-openapi 1.4 - 1.5).

The caller stores the progress after every step, whatever its outcome, and passes it to the next one; where a
step was cut off (a worker died) it marks the progress with ``in_doubt``. A doubt is settled by asking the
saved result address, then by searching the key, and only then - if the ledger's settings trust the search -
by sending the same key again; otherwise a person is asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from order_flow.domain.message import Message
from order_flow.integrations.errors import IntegrationError, OutcomeUnknown, Rejected, Transient
from order_flow.integrations.u8.port import (
    CustomerCard,
    Posted,
    RemoteDocument,
    Submitted,
    U8Document,
    U8Port,
)
from order_flow.integrations.u8.progress import Progress
from order_flow.integrations.u8.settings import Behaviour


@dataclass(frozen=True, slots=True)
class Done:
    """The document stands in U8 under ``number``, once."""

    number: str
    payload_digest: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not finished: store ``progress`` and call again after ``retry_after`` seconds."""

    retry_after: float
    progress: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stopped:
    """The step failed: store ``progress`` whatever becomes of it.

    Args:
        error: why, by what the caller must do; OutcomeUnknown also stays in the progress, so the next step
            looks the document up first even if the caller forgets the error.
        progress: what the next step must know.
    """

    error: IntegrationError
    progress: Mapping[str, Any]


Outcome = Done | Waiting | Stopped


class PersonNeeded(Rejected):
    """A person must act before this document is sent again; then it starts afresh from ``state``."""

    def __init__(self, message: str, code: str, state: Progress) -> None:
        super().__init__(message, code=code)
        self.state = state


class StillWorking(OutcomeUnknown):
    """The platform has not finished after the usual number of questions."""


class Posting:
    """Takes documents into one ledger.

    Args:
        port: the ledger.
        behaviour: how doubts are settled there.
    """

    def __init__(self, port: U8Port, behaviour: Behaviour) -> None:
        self._port = port
        self._behaviour = behaviour

    def step(
        self, document: U8Document, customer: CustomerCard, progress: Mapping[str, Any], now: datetime
    ) -> Outcome:
        """Take the next step of a posting. Never raises an IntegrationError.

        Args:
            document: what to post; always built from the same facts.
            customer: its customer, created where U8 lacks it and the settings allow that.
            progress: what the last step returned; empty at first.
            now: the time, with zone.

        Returns:
            Done, Waiting, or Stopped with one of the errors: OutcomeUnknown it may have been booked,
            Rejected a person must correct something, Transient or Misconfigured nothing was booked.
        """
        state = Progress.from_json(progress)
        try:
            if state.doubt_since:
                return self._recover(document, state, now)
            return self._advance(document, customer, state)
        except OutcomeUnknown as error:
            return Stopped(error, state.doubted_since(now).to_json())
        except PersonNeeded as error:
            return Stopped(error, error.state.to_json())
        except IntegrationError as error:
            return Stopped(error, state.to_json())

    def _advance(self, document: U8Document, customer: CustomerCard, state: Progress) -> Done | Waiting:
        if state.number:
            return self._confirmed(document, state)
        if state.url:
            return self._polled(document, state)
        return self._customer_pending(customer, state) or self._added(document, state.unsent())

    def _recover(self, document: U8Document, state: Progress, now: datetime) -> Done | Waiting:
        """Settle a doubt without sending anything."""
        if state.number:
            return self._confirmed(document, state)
        unfinished: StillWorking | None = None
        if state.url:
            try:
                return self._polled(document, replace(state, doubt_since=""))
            except StillWorking as working:
                unfinished = working
            except OutcomeUnknown:
                state = replace(state, url="")
        remote = self._port.find(document.kind, document.key, document.date)
        if remote is not None:
            return self._adopted(document, remote)
        if unfinished is not None:
            raise unfinished
        return self._not_found(document, state, now)

    def _not_found(self, document: U8Document, state: Progress, now: datetime) -> Waiting:
        doubted = state.seconds_of_doubt(now)
        remaining = self._behaviour.settle_seconds - doubted
        if remaining > 0:
            # Not there yet: searched again before it counts as lost.
            return Waiting(min(remaining, max(self._behaviour.ping_after, doubted)), state.to_json())
        if not self._behaviour.resend_after_search:
            raise PersonNeeded(
                Message(
                    "It is unclear whether {0} reached U8: it was sent, and U8 does not show it under its "
                    "key. Look in U8; if it is there mark it as done outside, if not send it again",
                    document.key,
                ),
                "",
                state.unsent(),
            )
        # Stored before anything is sent again: the next doubt must start its own time of settling.
        return Waiting(0.0, state.unsent().to_json())

    def _customer_pending(self, customer: CustomerCard, state: Progress) -> Waiting | None:
        """Make sure that U8 has the customer; None once it has."""
        if not self._behaviour.create_customers:
            return None
        if not state.customer_url and self._port.customer_exists(customer.code):
            return None
        try:
            outcome = self._customer_outcome(customer, state)
        except (Rejected, OutcomeUnknown) as error:
            # Another order of the same new customer may have created it a moment ago.
            if self._port.customer_exists(customer.code):
                return None
            if isinstance(error, Rejected):
                raise PersonNeeded(error.message, error.code, state.unsent()) from error
            return Waiting(self._behaviour.ping_after, state.unsent().to_json())
        if isinstance(outcome, Posted):
            return None
        if state.polls >= self._behaviour.max_polls:
            raise Transient(
                Message(
                    "U8 has not finished creating customer {0}; it is asked again later. Check that the "
                    "open-platform client runs on the U8 server",
                    customer.code,
                ),
            )
        waiting = replace(state.polled(), customer_url=outcome.url, ping_after=outcome.ping_after)
        return Waiting(outcome.ping_after, waiting.to_json())

    def _customer_outcome(self, customer: CustomerCard, state: Progress) -> Posted | Submitted:
        if not state.customer_url:
            return self._port.add_customer(customer)
        return self._port.poll(Submitted(state.customer_url, state.ping_after))

    def _added(self, document: U8Document, state: Progress) -> Done | Waiting:
        if self._behaviour.search_before_add:
            remote = self._port.find(document.kind, document.key, document.date)
            if remote is not None:
                return self._adopted(document, remote)
        if not state.transaction:
            transaction = self._port.reserve_transaction()
            if transaction:
                # Stored before it is used.
                return Waiting(0.0, replace(state, transaction=transaction).to_json())
        outcome = self._port.submit(document, state.transaction)
        return self._after_add(document, state, outcome)

    def _polled(self, document: U8Document, state: Progress) -> Done | Waiting:
        try:
            outcome = self._port.poll(Submitted(state.url, state.ping_after))
        except Rejected as refusal:
            raise PersonNeeded(refusal.message, refusal.code, state.unsent()) from refusal
        if isinstance(outcome, Submitted) and state.polls >= self._behaviour.max_polls:
            raise StillWorking(
                Message(
                    "U8 has not finished {0} after {1} questions. Check that the open-platform client runs "
                    "on the U8 server; nothing is sent again while U8 says it is working",
                    document.key,
                    state.polls,
                )
            )
        return self._after_add(document, state.polled(), outcome)

    def _after_add(
        self, document: U8Document, state: Progress, outcome: Posted | Submitted
    ) -> Done | Waiting:
        if isinstance(outcome, Submitted):
            submitted = replace(state, url=outcome.url, ping_after=outcome.ping_after)
            return Waiting(outcome.ping_after, submitted.to_json())
        numbered = replace(state, number=outcome.number)
        if not (self._behaviour.read_back or self._behaviour.verify_after_add):
            return Done(outcome.number, payload_digest(document))
        if not state.url:
            # Without a result address nothing else would remember the number if the next call failed.
            return Waiting(0.0, numbered.to_json())
        return self._confirmed(document, numbered)

    def _confirmed(self, document: U8Document, state: Progress) -> Done:
        """Read a new document back. The answer's id may be U8's internal key, so the key is tried as well."""
        remote = self._port.get(document.kind, state.number)
        if remote is None or remote.key != document.key:
            remote = self._port.find(document.kind, document.key, document.date)
        if remote is None:
            raise OutcomeUnknown(
                Message(
                    "U8 reported {0} as booked under {1} but shows it neither under this number nor under "
                    "its key; it is looked up again",
                    document.key,
                    state.number,
                )
            )
        return self._adopted(document, remote)

    def _adopted(self, document: U8Document, remote: RemoteDocument) -> Done:
        """Take a document that U8 has as ours, if it says the same."""
        if (remote.customer_code, remote.amount) != (document.customer_code, document.amount):
            raise Rejected(
                Message(
                    "U8 has {0} under key {1} with customer {2} and amount {3}; here it is customer {4} and "
                    "amount {5}. Correct it in U8, then look it up again",
                    remote.number,
                    document.key,
                    remote.customer_code,
                    f"{remote.amount:.2f}",
                    document.customer_code,
                    f"{document.amount:.2f}",
                )
            )
        if self._behaviour.verify_after_add and not remote.verified:
            self._verified(remote)
        return Done(remote.number, payload_digest(document))

    def _verified(self, remote: RemoteDocument) -> None:
        try:
            self._port.verify(remote)
        except Rejected:
            # A person may have reviewed it between our look and our review.
            current = self._port.get(remote.kind, remote.number)
            if current is None or not current.verified:
                raise


def in_doubt(progress: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Progress of a posting whose last step was cut off, so that nobody knows what it did.

    Args:
        progress: what was stored last.
        now: the time, with zone.
    """
    return Progress.from_json(progress).doubted_since(now).to_json()


def payload_digest(document: U8Document) -> str:
    """Fingerprint of what is sent, to prove later that a repetition sent the same."""
    text = json.dumps(document.payload, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
