"""``U8Port`` over the OpenAPI platform (u8-openapi 1, 3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from order_flow.domain.message import Message
from order_flow.integrations.errors import Blocked, OutcomeUnknown, Rejected, Transient
from order_flow.integrations.transport import Effect
from order_flow.integrations.u8.answers import Answer, Verdict, plain_text
from order_flow.integrations.u8.connection import Call, Connection
from order_flow.integrations.u8.keys import carries_key
from order_flow.integrations.u8.numbers import number_of
from order_flow.integrations.u8.port import (
    FIRST_PLACE,
    CustomerCard,
    DateRange,
    DocumentPage,
    ListPlace,
    Posted,
    RemoteDocument,
    Submitted,
    U8Document,
    U8DocumentKind,
)
from order_flow.integrations.u8.reading import FIELDS, listed_document, remote_document
from order_flow.integrations.u8.settings import KeyMode, U8Settings

_CUSTOMER = "customer"
_CUSTOMER_KEY = "C-"
READINGS_OF_A_LIST = 4
"""How often a list is read whose number of rows changes under the reading."""
EMPTY: tuple[object, ...] = (None, "", [], {})
_SYNC: Mapping[bool, str] = MappingProxyType({False: "0", True: "1"})


class U8Client:
    """One ledger over HTTP.

    Args:
        settings: the ledger.
        connection: the account's way to the platform.
    """

    def __init__(self, settings: U8Settings, connection: Connection) -> None:
        self._settings = settings
        self._connection = connection

    def answers(self) -> bool:
        """Tell whether the platform itself answers a question; False where something else does."""
        try:
            self._connection.call(Call(f"{_CUSTOMER}/get", Effect.READ, params={"id": "0"}))
        except Blocked:
            return False
        return True

    def customer_exists(self, code: str) -> bool:
        """Tell whether U8 has a customer with this code (u8-openapi 3.1)."""
        return self._get(_CUSTOMER, code) is not None

    def add_customer(self, card: CustomerCard) -> Posted | Submitted:
        """Create a customer (u8-openapi 3.1). U8 keeps codes unique, so an unclear outcome is harmless.

        Raises:
            Transient: also where it may have been created; ask ``customer_exists`` first next time.
        """
        record = {
            "code": card.code,
            "name": card.name,
            "abbrname": card.abbreviation,
            "sort_code": self._settings.codes.customer_class,
            "address": card.address,
            "contact": card.contact,
            "phone": card.phone,
            "mobile": card.mobile,
        }
        filled = {name: value for name, value in record.items() if value}
        try:
            return self._add(_CUSTOMER, filled, f"{_CUSTOMER_KEY}{card.code}", self.reserve_transaction())
        except OutcomeUnknown as unclear:
            raise Transient(
                Message(
                    "It is unclear whether customer {0} was created; it is checked before it is tried "
                    "again. {1}",
                    card.code,
                    unclear.message,
                ),
                code=unclear.code,
                retry_after=unclear.retry_after,
            ) from unclear

    def missing_items(self, codes: Collection[str]) -> set[str]:
        """Those of the article codes that U8 does not have, one call each (u8-openapi 3.2)."""
        return {code for code in codes if self._get("inventory", code) is None}

    def reserve_transaction(self) -> str:
        """A tradeid where the account works with those, else "" (u8-openapi 1.4)."""
        if self._settings.behaviour.key_mode is KeyMode.BIZ_ID:
            return ""
        return self._connection.transaction_id()

    def submit(self, document: U8Document, transaction: str = "") -> Posted | Submitted:
        """Send a document under its key (u8-openapi 1.4, 1.5).

        Args:
            document: what to add.
            transaction: the reserved tradeid where the account works with those.

        Raises:
            OutcomeUnknown: no clear answer, or the platform still works on this key.
        """
        return self._add(document.kind.value, document.payload, document.key, transaction)

    def poll(self, submitted: Submitted) -> Posted | Submitted:
        """Ask for the result of an add.

        Raises:
            Rejected: U8 refused it.
            OutcomeUnknown: the platform no longer knows the result, or cannot say.
        """
        answer = self._connection.result(submitted.url)
        if answer.verdict is Verdict.RUNNING:
            return submitted
        if answer.verdict is Verdict.NOT_FOUND:
            raise OutcomeUnknown(
                Message(
                    "The platform no longer knows the result of this add; the document is looked up by its "
                    "key."
                ),
                code=answer.code,
            )
        return self._outcome("result", answer)

    def find(self, kind: U8DocumentKind, key: str, on_date: date) -> RemoteDocument | None:
        """Look a document up by our key, see ``U8Port.find``.

        The platform's filters are keyword filters, so each hit is compared with the whole key.
        """
        key_field = self._settings.behaviour.key_field
        filters = {self._search_field(kind): key}
        text_field = FIELDS[kind].free_text
        hits = [
            document
            for document in self._documents(kind, DateRange(on_date, on_date), filters)
            if plain_text(document.raw.get(key_field.lower())) == key
            or carries_key(plain_text(document.raw.get(text_field)), key)
        ]
        if len(hits) > 1:
            numbers = ", ".join(document.number for document in hits)
            raise Rejected(
                Message(
                    "U8 has {0} documents {1} with key {2}: {3}. The same money may be booked twice: delete "
                    "the surplus ones in U8, then look it up again",
                    len(hits),
                    kind.value,
                    key,
                    numbers,
                )
            )
        return hits[0] if hits else None

    def get(self, kind: U8DocumentKind, number: str) -> RemoteDocument | None:
        """Read one document by its number (u8-openapi 1.3)."""
        record = self._get(kind.value, number)
        return None if record is None else self._document(kind, record)

    def verify(self, document: RemoteDocument) -> None:
        """Review a document (u8-openapi 1.3); receipts need their voucher type besides the number."""
        action = {"voucher_code": document.number}
        if document.kind is U8DocumentKind.RECEIPT:
            action["voucher_type"] = plain_text(document.raw.get(FIELDS[document.kind].sign_field))
        resource = document.kind.value
        call = Call(f"{resource}/verify", Effect.WRITE, body={resource: action})
        answer = self._connection.call(call)
        if answer.verdict is not Verdict.OK:
            raise answer.error(call.endpoint, Effect.WRITE)

    def document_pages(
        self, kind: U8DocumentKind, window: DateRange, place: ListPlace = FIRST_PLACE
    ) -> Iterator[DocumentPage]:
        """All documents of a kind in the window, page by page from a place on (u8-openapi 1.6).

        Where a list became shorter, a document was deleted and another one moved to a page that was read
        already: the list is read anew from its first page.
        """
        for _attempt in range(READINGS_OF_A_LIST):
            rows_before, read = place.rows, (place.page - 1) * self._settings.behaviour.rows_per_page
            for number, page in self._numbered_pages(f"{kind.value}list", self._dated(kind, window), place):
                promised = page.text_field("row_count")
                rows = int(promised) if promised.isascii() and promised.isdecimal() else 0
                if rows < rows_before:
                    break
                rows_before, read = rows, number * self._settings.behaviour.rows_per_page
                found = self._page_rows(f"{kind.value}list", page)
                last = self._is_last(page, number, len(found))
                yield DocumentPage(
                    tuple(listed_document(kind, row, self._settings.behaviour.key_field) for row in found),
                    None if last else ListPlace(number + 1, rows),
                    begins=number == 1,
                )
                if last:
                    return
            else:
                if read >= rows_before:
                    # U8 answered that nothing is there: an empty list, or nothing behind a full last page.
                    yield DocumentPage((), None, begins=read == 0)
                    return
            place = FIRST_PLACE
        raise Transient(
            Message("{0}: the list changes faster than it can be read. It is asked again later.", kind.value)
        )

    def _add(
        self, resource: str, record: Mapping[str, Any], key: str, transaction: str
    ) -> Posted | Submitted:
        behaviour = self._settings.behaviour
        # Never both: the platform forbids it, and either alone is the only idempotency handle (1.4).
        handle = {"tradeid": transaction} if behaviour.key_mode is KeyMode.TRADE_ID else {"biz_id": key}
        call = Call(
            f"{resource}/add",
            Effect.WRITE,
            params={**handle, "sync": _SYNC[behaviour.sync]},
            body={resource: dict(record)},
        )
        return self._outcome(call.endpoint, self._connection.call(call))

    def _outcome(self, endpoint: str, answer: Answer) -> Posted | Submitted:
        if answer.verdict is not Verdict.OK:
            raise answer.error(endpoint, Effect.WRITE)
        url = answer.text_field("url")
        if url:
            return Submitted(url, self._ping_after(answer))
        number = answer.text_field("id")
        if not number:
            raise OutcomeUnknown(
                Message(
                    "{0}: U8 reports success but names neither a document nor a result address; the document "
                    "is looked up by its key.",
                    endpoint,
                )
            )
        return Posted(number)

    def _ping_after(self, answer: Answer) -> float:
        try:
            seconds = float(number_of(answer.fields.get("ping_after")))
        except ValueError:
            # A pause that cannot be read is no reason to doubt an accepted document.
            seconds = 0.0
        return seconds if seconds > 0 else self._settings.behaviour.ping_after

    def _get(self, resource: str, code: str) -> Mapping[str, Any] | None:
        call = Call(f"{resource}/get", Effect.READ, params={"id": code})
        answer = self._connection.call(call)
        if answer.verdict is Verdict.NOT_FOUND:
            return None
        if answer.verdict is not Verdict.OK:
            raise answer.error(call.endpoint, Effect.READ)
        record = answer.fields.get(resource)
        if isinstance(record, list) and len(record) == 1:
            record = record[0]
        if isinstance(record, Mapping) and record:
            return record
        if record in EMPTY and answer.code:
            return None
        raise _unreadable(call.endpoint, resource)

    def _search_field(self, kind: U8DocumentKind) -> str:
        """Only sale orders publish a filter on user-defined fields (u8-openapi 3.3, 3.6, 3.7)."""
        key_field = self._settings.behaviour.key_field
        return key_field if kind is U8DocumentKind.SALE_ORDER and key_field else FIELDS[kind].free_text

    def _documents(
        self, kind: U8DocumentKind, window: DateRange, filters: Mapping[str, str]
    ) -> Iterator[RemoteDocument]:
        seen: set[str] = set()
        for row in self._rows(f"{kind.value}list", {**self._dated(kind, window), **filters}):
            document = self._document(kind, row)
            # Pages shift while they are read, so one may come again.
            if document.number not in seen:
                seen.add(document.number)
                yield document

    def _dated(self, kind: U8DocumentKind, window: DateRange) -> dict[str, str]:
        date_field = FIELDS[kind].date
        return {
            f"{date_field}_begin": window.first.isoformat(),
            f"{date_field}_end": window.last.isoformat(),
        }

    def _rows(self, name: str, filters: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """All rows of a list; read once more where its number of rows changed meanwhile.

        A document that is deleted while the pages are read moves another one to a page that was read already.
        """
        for _attempt in range(READINGS_OF_A_LIST):
            totals: set[int] = set()
            read = 0
            for page in self._pages(name, filters):
                rows = self._page_rows(name, page)
                read += len(rows)
                promised = page.text_field("row_count")
                if promised.isascii() and promised.isdecimal():
                    totals.add(int(promised))
                yield from rows
            if len(totals) <= 1 and all(read >= total for total in totals):
                return
        raise Transient(
            Message("{0}: the list changes faster than it can be read. It is asked again later.", name)
        )

    def _pages(self, name: str, filters: Mapping[str, str]) -> Iterator[Answer]:
        return (page for _number, page in self._numbered_pages(name, filters, FIRST_PLACE))

    def _numbered_pages(
        self, name: str, filters: Mapping[str, str], place: ListPlace
    ) -> Iterator[tuple[int, Answer]]:
        behaviour = self._settings.behaviour
        endpoint = self._settings.paths.get(name, name) + "/batch_get"
        for number in range(place.page, behaviour.page_limit + 1):
            paging = {"page_index": str(number), "rows_per_page": str(behaviour.rows_per_page)}
            page = self._connection.call(Call(endpoint, Effect.READ, params={**filters, **paging}))
            if page.verdict is Verdict.NOT_FOUND:
                return
            if page.verdict is not Verdict.OK:
                raise page.error(endpoint, Effect.READ)
            yield number, page
            if self._is_last(page, number, len(self._page_rows(name, page))):
                return
        raise Rejected(
            Message("{0}: more than {1} pages; choose a shorter period", endpoint, behaviour.page_limit)
        )

    def _page_rows(self, name: str, page: Answer) -> list[Any]:
        """Rows of a page; none where it says so in any of the known ways (u8-openapi 1.6)."""
        rows = page.fields.get(name)
        if isinstance(rows, Mapping):
            rows = rows.get("entry", [rows]) if rows else []
        if isinstance(rows, list):
            return rows
        promised = page.text_field("row_count")
        if rows in EMPTY and page.code and promised in ("", "0"):
            return []
        raise _unreadable(name, name)

    def _is_last(self, page: Answer, number: int, rows: int) -> bool:
        pages = page.text_field("page_count")
        if pages.isascii() and pages.isdecimal():
            return number >= int(pages)
        return rows < self._settings.behaviour.rows_per_page

    def _document(self, kind: U8DocumentKind, record: Mapping[str, Any]) -> RemoteDocument:
        if not isinstance(record, Mapping):
            raise _unreadable(kind.value, kind.value)
        return remote_document(kind, record, self._settings.behaviour.key_field)


def _unreadable(endpoint: str, name: str) -> Transient:
    return Transient(
        Message("{0}: U8's answer has no {1}. The question is asked again later.", endpoint, name)
    )
