"""The U8 client and posting against the stand-in, with both clocks turned together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from order_flow.domain.orders.facts import OrderFacts
from order_flow.integrations.errors import OutcomeUnknown, Transient
from order_flow.integrations.rate_limit import Unlimited
from order_flow.integrations.transport import AttemptRecord, Timeouts, Transport
from order_flow.integrations.u8.client import U8Client
from order_flow.integrations.u8.connection import Connection
from order_flow.integrations.u8.mapping import customer_card, posting_documents
from order_flow.integrations.u8.port import U8Document
from order_flow.integrations.u8.posting import Done, Posting, Stopped, Waiting, in_doubt
from order_flow.integrations.u8.settings import PostingProfile, U8Settings
from simulators.core import CHINA
from tests.contract.u8.u8_fixtures import U8Caller
from tests.unit.u8.u8_samples import SETTINGS, with_behaviour

ARTICLES = ("P001", "P002", "P003", "P-FREIGHT", "P-FEE")
READ_SECONDS = 0.5
MOST_STEPS = 60


def prepared(u8: U8Caller) -> None:
    """Give the demo ledger the articles of the sample orders."""
    articles = [{"code": code, "name": code, "sort_code": "01"} for code in ARTICLES]
    u8.admin("POST", "u8/archives", {"resource": "inventory", "records": articles})


@dataclass
class Site:
    """Our side of the wire: client, posting, the attempts it logged and its clock.

    Args:
        u8: the stand-in's plain caller.
        settings: the ledger's settings; the address is filled in.
    """

    u8: U8Caller
    settings: U8Settings = SETTINGS
    now: datetime = field(default_factory=lambda: datetime.now(CHINA))
    attempts: list[AttemptRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = replace(self.settings, base_url=self.u8.url)
        self.client = self.new_client()
        self.posting = Posting(self.client, self.settings.behaviour)

    def new_client(self) -> U8Client:
        """A client of its own token, as another worker process has it."""
        transport = Transport(
            self.settings.account, self.attempts.append, Unlimited(), Timeouts(2.0, READ_SECONDS, 5.0)
        )
        return U8Client(self.settings, Connection(self.settings, transport, clock=self._seconds))

    def _seconds(self) -> float:
        return self.now.timestamp()

    def turn(self, seconds: float) -> None:
        """Let time pass on both sides."""
        self.now += timedelta(seconds=seconds)
        self.u8.turn_clock(seconds)

    def documents(self, facts: OrderFacts) -> tuple[U8Document, ...]:
        """What the order posts."""
        return posting_documents(facts, self.settings)

    def step(
        self, facts: OrderFacts, document: U8Document, progress: Mapping[str, Any]
    ) -> Done | Waiting | Stopped:
        """One step at the present time."""
        return self.posting.step(document, customer_card(facts), progress, self.now)

    def drive(
        self, facts: OrderFacts, document: U8Document, progress: Mapping[str, Any] | None = None
    ) -> Done | Stopped:
        """Repeat steps, as the outbox does, until it is done or a person is needed."""
        saved: Mapping[str, Any] = progress or {}
        for _ in range(MOST_STEPS):
            outcome = self.step(facts, document, saved)
            if isinstance(outcome, Done):
                return outcome
            if isinstance(outcome, Stopped) and not isinstance(outcome.error, Transient | OutcomeUnknown):
                return outcome
            saved = outcome.progress
            self.turn(outcome.retry_after if isinstance(outcome, Waiting) else 5)
        raise AssertionError(f"{document.key} is not finished after {MOST_STEPS} steps: {saved}")

    def post(self, facts: OrderFacts) -> tuple[Done | Stopped, ...]:
        """Post all documents of an order one after the other."""
        return tuple(self.drive(facts, document) for document in self.documents(facts))

    def cut_off(self, progress: Mapping[str, Any]) -> Mapping[str, Any]:
        """Progress as it stands after a worker died in the middle of a step."""
        return in_doubt(progress, self.now)


def money_site(u8: U8Caller, **behaviour: Any) -> Site:
    """A site that posts receivables and receipts."""
    settings = replace(SETTINGS, profile=PostingProfile.RECEIVABLE_AND_RECEIPT)
    return Site(u8, with_behaviour(settings, **behaviour))


def sales_site(u8: U8Caller, **behaviour: Any) -> Site:
    """A site that posts sale orders."""
    return Site(u8, with_behaviour(SETTINGS, **behaviour))
