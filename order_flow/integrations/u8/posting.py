"""Posting one document exactly once, in steps that can be interrupted anywhere (R-025, u8-openapi 1.4 - 1.5).

The caller stores the progress between two steps and says how the last one ended: ``advance`` after a step
that ended cleanly, ``recover`` after one that may have booked the document. A doubt is settled by asking the
saved result address, then by searching the key, and only then - if the ledger's settings trust the search -
by sending the same key again; otherwise a person is asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from order_flow.integrations.errors import OutcomeUnknown, Rejected, Transient
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

_SEARCHES_WHILE_SETTLING = 10


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
    reason: str


@dataclass(frozen=True, slots=True)
class Absent:
    """Looked up long enough: U8 does not have it. It may be sent again, with this progress."""

    progress: Mapping[str, Any] = field(default_factory=dict)


class PostingStopped(Rejected):
    """A person must act before this document is sent again.

    Args:
        message: what happened and what to do.
        code: U8's code, if it gave one.
        progress: to be stored, so that what is sent after the correction starts afresh instead of asking for
            the result of the refused attempt again.
    """

    def __init__(self, message: str, code: str, progress: Progress) -> None:
        super().__init__(message, code=code)
        self.progress: Mapping[str, Any] = progress.to_json()


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

    def advance(
        self, document: U8Document, customer: CustomerCard, progress: Mapping[str, Any], now: datetime
    ) -> Done | Waiting:
        """Take the next step of a posting whose last step ended cleanly, or its first.

        Args:
            document: what to post; always built from the same facts.
            customer: its customer, created where U8 lacks it and the settings allow that.
            progress: what the last step returned; empty at first.
            now: the time, with zone.

        Returns:
            Done, or Waiting with the progress to store.

        Raises:
            OutcomeUnknown: it may have been booked: call ``recover`` next.
            PostingStopped, Rejected: a person must correct something.
            Transient, RateLimited, Misconfigured: nothing was booked by this step.
        """
        state = Progress.from_json(progress)
        if state.doubt_since:
            return self.recover(document, progress, now)
        if state.number:
            return self._confirmed(document, state)
        if state.url:
            return self._polled(document, state)
        pending = self._customer_pending(customer, state)
        return pending or self._added(document, state.unsent())

    def recover(self, document: U8Document, progress: Mapping[str, Any], now: datetime) -> Done | Waiting:
        """Take the next step of a posting that may have been booked; arguments and errors as ``advance``."""
        found = self.look_up(document, progress, now)
        if isinstance(found, Absent):
            # Stored before anything is sent again: the next doubt must start its own time of settling.
            return Waiting(0.0, found.progress, f"{document.key} did not reach U8; it is sent again")
        return found

    def look_up(
        self, document: U8Document, progress: Mapping[str, Any], now: datetime
    ) -> Done | Waiting | Absent:
        """Find out whether a document was booked, without sending it.

        Args:
            document: what may have been posted.
            progress: what was stored last.
            now: the time, with zone.

        Returns:
            Done where it is there and agrees, Waiting while it may still appear, Absent where it is not.

        Raises:
            Rejected: it is there with another customer or amount, or twice.
            PostingStopped: U8 refused it, or it is not there and the settings leave the decision to a person.
            StillWorking: the platform still works on it after the usual number of questions.
        """
        state = Progress.from_json(progress)
        if state.number:
            return self._confirmed(document, state)
        unfinished: StillWorking | None = None
        if state.url:
            try:
                return self._polled(document, state)
            except StillWorking as working:
                unfinished = working
            except OutcomeUnknown:
                state = replace(state, url="")
        remote = self._port.find(document.kind, document.key, document.date)
        if remote is not None:
            return self._adopted(document, remote)
        if unfinished is not None:
            raise unfinished
        return self._not_found(document, state.doubted_since(now), now)

    def _not_found(self, document: U8Document, state: Progress, now: datetime) -> Waiting | Absent:
        settle = self._behaviour.settle_seconds
        remaining = settle - state.seconds_of_doubt(now)
        if remaining > 0:
            return Waiting(
                min(remaining, settle / _SEARCHES_WHILE_SETTLING),
                state.to_json(),
                f"It is unclear whether {document.key} reached U8. It is not there yet and is searched again "
                f"for {remaining:.0f} s before it counts as lost",
            )
        if not self._behaviour.resend_after_search:
            raise PostingStopped(
                f"It is unclear whether {document.key} reached U8: it was sent, and U8 does not show it "
                "under its key. Look in U8; if it is there mark it as done outside, if not send it again",
                "",
                state.unsent(),
            )
        return Absent(state.unsent().to_json())

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
                raise PostingStopped(error.message, error.code, state.unsent()) from error
            return Waiting(self._behaviour.ping_after, state.unsent().to_json(), error.message)
        if isinstance(outcome, Posted):
            return None
        if state.polls >= self._behaviour.max_polls:
            raise Transient(
                f"U8 has not finished creating customer {customer.code}; it is asked again later. "
                "Check that the open-platform client runs on the U8 server",
            )
        waiting = replace(state.polled(), customer_url=outcome.url, ping_after=outcome.ping_after)
        return Waiting(outcome.ping_after, waiting.to_json(), f"U8 is creating customer {customer.code}")

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
                reserved = replace(state, transaction=transaction)
                return Waiting(
                    0.0, reserved.to_json(), "A transaction id is reserved and stored before it is used"
                )
        outcome = self._port.submit(document, state.transaction)
        return self._after_add(document, state, outcome)

    def _polled(self, document: U8Document, state: Progress) -> Done | Waiting:
        try:
            outcome = self._port.poll(Submitted(state.url, state.ping_after))
        except Rejected as refusal:
            raise PostingStopped(refusal.message, refusal.code, state.unsent()) from refusal
        if isinstance(outcome, Submitted) and state.polls >= self._behaviour.max_polls:
            raise StillWorking(
                f"U8 has not finished {document.key} after {state.polls} questions. Check that the open-"
                "platform client runs on the U8 server; nothing is sent again while U8 says it is working"
            )
        return self._after_add(document, state.polled(), outcome)

    def _after_add(
        self, document: U8Document, state: Progress, outcome: Posted | Submitted
    ) -> Done | Waiting:
        if isinstance(outcome, Submitted):
            submitted = replace(state, url=outcome.url, ping_after=outcome.ping_after)
            return Waiting(outcome.ping_after, submitted.to_json(), f"U8 is working on {document.key}")
        numbered = replace(state, number=outcome.number)
        if not (self._behaviour.read_back or self._behaviour.verify_after_add):
            return Done(outcome.number, payload_digest(document))
        if not state.url:
            # Without a result address nothing else would remember the number if the next call failed.
            return Waiting(
                0.0, numbered.to_json(), f"U8 booked {document.key} as {outcome.number}; reading it back"
            )
        return self._confirmed(document, numbered)

    def _confirmed(self, document: U8Document, state: Progress) -> Done:
        """Read a new document back. The answer's id may be U8's internal key, so the key is tried as well."""
        remote = self._port.get(document.kind, state.number)
        if remote is None or remote.key != document.key:
            remote = self._port.find(document.kind, document.key, document.date)
        if remote is None:
            raise OutcomeUnknown(
                f"U8 reported {document.key} as booked under {state.number} but shows it neither under this "
                "number nor under its key; it is looked up again"
            )
        return self._adopted(document, remote)

    def _adopted(self, document: U8Document, remote: RemoteDocument) -> Done:
        """Take a document that U8 has as ours, if it says the same."""
        if (remote.customer_code, remote.amount) != (document.customer_code, document.amount):
            raise Rejected(
                f"U8 has {remote.number} under key {document.key} with customer {remote.customer_code} and "
                f"amount {remote.amount:.2f}; here it is customer {document.customer_code} and amount "
                f"{document.amount:.2f}. Correct it in U8, then look it up again"
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


def payload_digest(document: U8Document) -> str:
    """Fingerprint of what is sent, to prove later that a repetition sent the same."""
    text = json.dumps(document.payload, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
