"""What the rest of the app may ask of a U8 ledger, and the plain values it exchanges.

``U8Port`` is small on purpose: the outbox and the reconciliation code against it, ``client.U8Client`` speaks
it over HTTP, and another route into U8 (EAI, a private gateway) would be another implementation.

Every method may raise the four errors of ``integrations.errors``; what each means for an add:
``Transient`` nothing was done, ``Rejected`` U8 refused the content, ``Misconfigured`` the account must be
corrected, ``OutcomeUnknown`` it may have been booked - call ``find`` before anything else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

from order_flow.domain.message import Message

KEY_LENGTH = 20
"""Longest key: U8's define1 holds 20 characters, biz_id is assumed to hold 32 (u8-openapi 1.4, 2)."""


class U8DocumentKind(StrEnum):
    """Business documents of U8; the value is the resource name in the URL (u8-openapi 3)."""

    SALE_ORDER = "saleorder"
    RECEIVABLE = "oughtreceive"
    RECEIPT = "accept"

    @property
    def label(self) -> Message:
        """Return what people call it."""
        return _LABELS[self]


_LABELS: Mapping[U8DocumentKind, Message] = MappingProxyType(
    {
        U8DocumentKind.SALE_ORDER: Message("sales order"),
        U8DocumentKind.RECEIVABLE: Message("receivable"),
        U8DocumentKind.RECEIPT: Message("receipt"),
    }
)


@dataclass(frozen=True, slots=True)
class U8Document:
    """One document to be added, complete: sending it needs nothing else.

    Args:
        kind: which document.
        key: stable key of this money fact, at most ``KEY_LENGTH`` characters; goes out as biz_id and stands
            readably in the document, so that it can be found again.
        date: document date in China, the order's completion date.
        customer_code: U8 customer code.
        amount: the total as U8's head shows it: in the document's currency for a sale order, in the ledger's
            for the money documents; negative for money paid back.
        payload: the head with its ``entry`` lines, without the wrapper key; all numbers are strings.
    """

    kind: U8DocumentKind
    key: str
    date: date
    customer_code: str
    amount: Decimal
    payload: Mapping[str, Any]

    @property
    def item_codes(self) -> tuple[str, ...]:
        """The distinct article codes of the lines, in their order; empty for money documents."""
        codes = (line.get("inventorycode", "") for line in self.payload.get("entry", ()))
        return tuple(dict.fromkeys(code for code in codes if code))


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A customer as U8 needs it at least (u8-openapi 3.1)."""

    code: str
    name: str
    abbreviation: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """U8 carried the add out. ``number`` is the answer's id, presumably the document number."""

    number: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """U8 took the add and works on it: ask ``poll`` after ``ping_after`` seconds (u8-openapi 1.5)."""

    url: str
    ping_after: float


@dataclass(frozen=True, slots=True)
class RemoteLine:
    """One line of a sale order as U8 has it; money in the document's currency, None where U8 left it out."""

    item_code: str
    quantity: Decimal | None
    gross: Decimal | None


@dataclass(frozen=True, slots=True)
class RemoteDocument:
    """A document as U8 has it.

    Args:
        kind: which document.
        number: U8's document number.
        key: our key as found in the key field, memo or digest; empty for a document that is not ours.
        date: document date; None where the answer has none.
        customer_code: U8 customer code.
        amount: total as the head shows it (see ``U8Document``); negative for a red receivable and for money
            paid back.
        verified: whether U8 shows it as reviewed.
        lines: its lines; a list row may come without them.
        raw: the answer's own fields, for a person to read.
    """

    kind: U8DocumentKind
    number: str
    key: str
    date: date | None
    customer_code: str
    amount: Decimal
    verified: bool
    lines: tuple[RemoteLine, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class UnreadableDocument:
    """A document of a list that could not be understood: to be set aside, the others go on.

    Args:
        kind: which document.
        number: U8's document number; empty where even that is missing.
        key: our key, as far as one could be found.
        reason: what is wrong with it.
        payload: the row as it came.
    """

    kind: U8DocumentKind
    number: str
    key: str
    reason: str
    payload: object


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where the reading of a list goes on.

    Args:
        page: the page to read next, from 1.
        rows: how many rows the list had before; fewer now means that a document moved to an earlier page.
    """

    page: int = 1
    rows: int = 0


FIRST_PLACE = ListPlace()


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of a list.

    Args:
        documents: what stands on it.
        following: where the next call goes on; None behind the last page.
        begins: whether the list begins here; what was read of it before counts no more.
    """

    documents: tuple[RemoteDocument | UnreadableDocument, ...]
    following: ListPlace | None
    begins: bool


@dataclass(frozen=True, slots=True)
class DateRange:
    """Document dates from ``first`` to ``last``, both included."""

    first: date
    last: date


class U8Port(Protocol):
    """The few things this app asks of a U8 ledger."""

    def answers(self) -> bool:
        """Tell whether the platform itself answers a question; False where something else does."""
        ...

    def customer_exists(self, code: str) -> bool:
        """Tell whether U8 has a customer with this code (u8-openapi 3.1)."""
        ...

    def add_customer(self, card: CustomerCard) -> Posted | Submitted:
        """Create a customer; its code is its key, so repeating is harmless (u8-openapi 3.1)."""
        ...

    def missing_items(self, codes: Collection[str]) -> set[str]:
        """Those of the article codes that U8 does not have (u8-openapi 3.2)."""
        ...

    def reserve_transaction(self) -> str:
        """A transaction id from the platform, or "" where the ledger is addressed with our own key.

        A caller stores it before the first ``submit`` and passes it on every repetition (u8-openapi 1.4).
        """
        ...

    def submit(self, document: U8Document, transaction: str = "") -> Posted | Submitted:
        """Send a document. The same document must always go out under the same key (u8-openapi 1.5)."""
        ...

    def poll(self, submitted: Submitted) -> Posted | Submitted:
        """Ask for the result of a submitted add; Rejected if U8 refused it in the end."""
        ...

    def find(self, kind: U8DocumentKind, key: str, on_date: date) -> RemoteDocument | None:
        """Look a document up by our key.

        Args:
            kind: which document.
            key: the key it was sent with.
            on_date: the document date it was sent with.

        Returns:
            The one document that carries exactly this key, or None.

        Raises:
            Rejected: more than one document carries the key; a person must look.
        """
        ...

    def get(self, kind: U8DocumentKind, number: str) -> RemoteDocument | None:
        """Read one document by its number, None where U8 has none (u8-openapi 1.6, 20002)."""
        ...

    def verify(self, document: RemoteDocument) -> None:
        """Review a document (u8-openapi 1.3); Transient while somebody else has it open."""
        ...

    def document_pages(
        self, kind: U8DocumentKind, window: DateRange, place: ListPlace = FIRST_PLACE
    ) -> Iterator[DocumentPage]:
        """All documents of a kind dated in the window, ours and others, page by page from a place on.

        A document may come twice, because pages shift while they are read.
        """
        ...
