"""What a comparison of the three sides is made of: what we say, what differs, what is honest delay.

Pure: values only, no database and no network. The site's side comes from documents, the other two from
reading WDT and U8; nothing here is told what was pushed (design 5, R-034, R-351).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from order_flow.domain.message import Message, joined
from order_flow.domain.orders.facts import OrderFacts
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind


class Verdict(StrEnum):
    """What came of comparing one order."""

    AGREED = "agreed"
    PENDING = "pending"
    """They differ, and why is known: something is still queued, or not read back yet."""
    UNREAD = "unread"
    """A side could not be read, so nothing can be said about it."""
    DIFFERS = "differs"


class Aspect(StrEnum):
    """Which part of an order differs; identifies a discrepancy together with its kind and account."""

    STATE = "state"
    LINES = "lines"
    AMOUNT = "amount"
    PAID = "paid"
    SHIPMENTS = "shipments"
    WAYBILLS = "waybills"
    WITHDRAWN = "withdrawn editions"


def waybill_aspect(trade: str) -> str:
    """The aspect of one parcel's waybill; an order may have several.

    Args:
        trade: number of the WDT trade that the parcel is.
    """
    return f"{Aspect.WAYBILLS}:{trade}"


@dataclass(frozen=True, slots=True)
class SiteShipment:
    """Goods of one order that have left the warehouse according to the site."""

    name: str
    trade_number: str
    """The WDT trade it was read from or confirmed by; empty for a shipment only the desk knows of."""
    waybill: str
    quantities: Mapping[str, Decimal]
    """By order line id."""

    @property
    def only_here(self) -> bool:
        """Made at the desk and not yet shown by WDT: a person has the task to ship it there too."""
        return not self.trade_number


@dataclass(frozen=True, slots=True)
class SiteOrder:
    """Our side of one order.

    Args:
        facts: the order.
        wdt_account, u8_account: where it is to be known; "" for nowhere.
        edition: under which number WDT knows it now (``domain/orders/outside_numbers``).
        created_at: when it was entered here (aware).
        changed_at: its document's change time, to notice a change during the comparison.
        shipments: what has left.
        wdt_sealed: a part of it was called off over there, and what is left keeps shares of freight and
            discount that nobody documents.
        wdt_closed: WDT took its closing status and went on all the same: it can be told nothing more, money
            included.
        rest_called_off: only what had left is still ordered.
        queued: by account type, what the outbox still has to tell, in an operator's words. Given up rows
            are not among them: what they leave open is a difference.
    """

    facts: OrderFacts
    wdt_account: str
    u8_account: str
    created_at: datetime
    changed_at: datetime
    edition: int = 0
    wdt_sealed: bool = False
    wdt_closed: bool = False
    rest_called_off: bool = False
    shipments: tuple[SiteShipment, ...] = ()
    queued: Mapping[AccountType, tuple[str, ...]] = field(default_factory=dict)

    @property
    def shipments_there(self) -> tuple[SiteShipment, ...]:
        """Return what WDT shows or will show.

        Where the rest was called off and its number over there takes nothing more, goods that left at the
        desk are booked out of WDT's stock by hand: a person has that task, and no trade ever shows them.
        """
        if not (self.wdt_sealed and self.rest_called_off):
            return self.shipments
        return tuple(shipment for shipment in self.shipments if not shipment.only_here)

    @property
    def booked_by_hand(self) -> Mapping[str, Decimal]:
        """Quantities by line id that no trade ever shows."""
        there = self.shipments_there
        found: dict[str, Decimal] = {}
        for shipment in self.shipments:
            if shipment not in there:
                for line, quantity in shipment.quantities.items():
                    found[line] = found.get(line, Decimal(0)) + quantity
        return found

    def queue_delay(self, account_type: AccountType) -> str:
        """Return what is still to be told there; empty where nothing waits."""
        waiting = self.queued.get(account_type, ())
        return Message("Still to be told: {0}.", joined(waiting, ", ")) if waiting else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing the sides do not agree on.

    Args:
        kind, aspect: identity together with the order and the account.
        account_type, account: the side that was read.
        summary: what differs and what that may mean, in an operator's words.
        site, wdt, u8: the truths side by side (JSON values); None where a side has none.
        delay: why the difference is expected to vanish by itself; empty where it is a real one.
    """

    kind: DiscrepancyKind
    aspect: str
    account_type: AccountType
    account: str
    summary: str
    site: Any = None
    wdt: Any = None
    u8: Any = None
    delay: str = ""


class Stop(StrEnum):
    """Why a comparison asked no further; the orders behind it were not asked about at all."""

    NO_CALL_LEFT = "no call left"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Unread:
    """A side that could not be read, with the reason in an operator's words.

    Args:
        reason: what happened.
        stop: why reading ended before this order; None where only this order could not be read.
    """

    reason: str
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing one order with the sides that know it."""

    order: str
    differences: tuple[Difference, ...] = ()
    unread: Mapping[AccountType, str] = field(default_factory=dict)
    """By account type, why that side could not be read."""
    read: frozenset[AccountType] = frozenset()
    """The sides that were read; an order without an account of a side is not known there."""
    stopped: Mapping[AccountType, Stop] = field(default_factory=dict)
    """By account type, why that side was not asked about this order."""

    @property
    def verdict(self) -> Verdict:
        """A real difference counts most, then a side that was not read, then honest delay."""
        if any(not difference.delay for difference in self.differences):
            return Verdict.DIFFERS
        if self.unread:
            return Verdict.UNREAD
        return Verdict.PENDING if self.differences else Verdict.AGREED

    def real(self) -> tuple[Difference, ...]:
        """The differences that a person must hear of."""
        return tuple(difference for difference in self.differences if not difference.delay)
