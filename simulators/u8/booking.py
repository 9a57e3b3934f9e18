"""Carrying out adds and reviews in a ledger: what EAI does behind the platform (u8-openapi 1.3, 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from simulators.u8 import receivables, sale_order
from simulators.u8.contract import Archive, DocumentState, DocumentType, IdStyle
from simulators.u8.fields import (
    ACTION,
    ARCHIVE_FIELDS,
    DOCUMENT_HEADS,
    DOCUMENT_LINES,
    RECEIPT_ACTION,
)
from simulators.u8.knobs import Knobs
from simulators.u8.ledger import Document, Ledger
from simulators.u8.records import Record, RecordReader, calendar_day
from simulators.u8.refusal import eai, no_match
from simulators.u8.resources import Resource

ENTRY: Final = "entry"
EAI_USER: Final = "EAI"
"""Reviewer shown when a verify names nobody: the default EAI login user (u8-openapi 1.3)."""

_NAMES_FROM_ARCHIVES: Final = (
    ("custcode", Archive.CUSTOMER, "cusname"),
    ("cust_vendor_code", Archive.CUSTOMER, "cusname"),
    ("customercode", Archive.CUSTOMER, "customername"),
    ("deptcode", Archive.DEPARTMENT, "deptname"),
    ("departmentcode", Archive.DEPARTMENT, "department"),
    ("personcode", Archive.PERSON, "personname"),
    ("typecode", Archive.SALE_TYPE, "typename"),
)


def system_time(moment: datetime) -> str:
    """Time as archives and system fields show it, ``yyyy-MM-dd HH:mm:ss.f`` (u8-openapi 2)."""
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 100_000}"


@dataclass(frozen=True)
class Booking:
    """Writes into one ledger.

    Args:
        ledger: where to.
        knobs: behaviour the references leave open.
        moment: time written into records, Asia/Shanghai.
    """

    ledger: Ledger
    knobs: Knobs
    moment: datetime

    def add(self, resource: Resource, raw: Mapping[str, object], key: str) -> str:
        """Check and store a new record.

        Args:
            resource: what it is.
            raw: content under the wrapper key.
            key: tradeid or biz_id.

        Returns:
            ``id`` of the answer: the code of an archive, number or internal key of a document.

        Raises:
            Refusal: 20005 with the reason; nothing is stored then.
        """
        if isinstance(resource.kind, DocumentType):
            return self._add_document(resource, resource.kind, raw, key)
        return self._add_archive(resource, resource.kind, raw)

    def _reader(self, key: str) -> RecordReader:
        return RecordReader(key, self.ledger, self.ledger.price_decimals, self.knobs.special_characters)

    def _add_archive(self, resource: Resource, archive: Archive, raw: Mapping[str, object]) -> str:
        key = str(raw.get("code") or "")
        record = self._reader(key).read(raw, ARCHIVE_FIELDS[archive], resource.name)
        if archive is Archive.CUSTOMER and self.knobs.customer_needs_class:
            for name in ("sort_code", "abbrname"):
                if name not in record:
                    raise eai(key, f"{resource.name}必填字段为空,({name})")
        if self.ledger.archive_row(archive, record["code"]) is not None:
            raise eai(key, f"编码{record['code']}已存在,(code)")
        now = system_time(self.moment)
        created = {"seed_date": now} if archive is Archive.CUSTOMER else {"start_date": now}
        self.ledger.put_archive(archive, record["code"], {**created, **record, "modifydate": now})
        return record["code"]

    def _add_document(
        self, resource: Resource, kind: DocumentType, raw: Mapping[str, object], key: str
    ) -> str:
        wanted = str(raw.get(resource.key_field) or "")
        head, lines = self._read(kind, raw, wanted)
        head = self._dated(resource, head, wanted)
        head, lines = self._completed(kind, head, lines, wanted)
        if wanted and self.ledger.document(resource, wanted) is not None:
            raise eai(wanted, f"单据号{wanted}重复,({resource.key_field})")
        code = wanted or self.ledger.next_number(resource)
        head[resource.key_field] = code
        head["timestamp"] = self.ledger.next_timestamp()
        internal = self.ledger.add_document(resource, code, key, head, lines)
        return code if self.knobs.id_style is IdStyle.NUMBER else str(internal)

    def _read(self, kind: DocumentType, raw: Mapping[str, object], key: str) -> tuple[Record, list[Record]]:
        reader = self._reader(key)
        head = reader.read(
            {name: value for name, value in raw.items() if name != ENTRY}, DOCUMENT_HEADS[kind], "表头"
        )
        entries = raw.get(ENTRY)
        if not isinstance(entries, list) or not entries:
            raise eai(key, f"表体不能为空,({ENTRY})")
        table = DOCUMENT_LINES[kind]
        return head, [reader.read(line, table, f"{ENTRY}[{n}]") for n, line in enumerate(entries, start=1)]

    def _dated(self, resource: Resource, head: Record, key: str) -> Record:
        text = head.get(resource.date_field, f"{self.moment:%Y-%m-%d}")
        self._check_period(resource, text, key)
        return {**head, resource.date_field: text, "createsystime": system_time(self.moment)}

    def _check_period(self, resource: Resource, text: str, key: str) -> None:
        day = calendar_day(text)
        period = None if day is None else self.ledger.period_of(day)
        if period is None:
            raise eai(key, f"单据日期{text}不在会计期间内,({resource.date_field})")
        year, month = int(period["iyear"]), int(period["iid"])
        if resource.module is not None and self.ledger.is_closed(resource.module, year, month):
            raise eai(key, f"单据日期{text}所在会计期间{year}.{month:02d}已结账,({resource.date_field})")

    def _completed(
        self, kind: DocumentType, head: Record, lines: list[Record], key: str
    ) -> tuple[Record, list[Record]]:
        head = {**self._archive_names(head), **head}
        match kind:
            case DocumentType.RECEIVABLE:
                return receivables.complete_receivable(key, head, lines)
            case DocumentType.RECEIPT:
                return receivables.complete_receipt(key, head, lines)
            case DocumentType.SALE_ORDER:
                completed = sale_order.complete_lines(key, head, lines, self.ledger.price_decimals)
                if self.knobs.mismatching_amounts_refused:
                    sale_order.check_sent_amounts(key, lines, completed)
                totals = sale_order.totals(completed)
                return {"maker": EAI_USER, **head, **totals, "fhstatus": "0"}, completed

    def _archive_names(self, head: Record) -> Record:
        names: Record = {}
        for code_field, archive, name_field in _NAMES_FROM_ARCHIVES:
            row = self.ledger.archive_row(archive, head[code_field]) if code_field in head else None
            if row is not None and "name" in row:
                names[name_field] = row["name"]
        return names

    def verify(self, resource: Resource, raw: Mapping[str, object]) -> None:
        """Review a document (u8-openapi 1.3).

        Raises:
            Refusal: 20002 unknown number; 20005 reviewed already, closed month or a bad field.
        """
        document, record = self._target(resource, raw)
        if document.state is DocumentState.APPROVED:
            raise eai(document.code, "单据已审核,不能重复审核")
        verifier = {
            "verifier": record.get("person_code", EAI_USER),
            "verifysystime": system_time(self.moment),
        }
        self._change(document, DocumentState.APPROVED, {**document.head, **verifier})

    def unverify(self, resource: Resource, raw: Mapping[str, object]) -> None:
        """Take a review back.

        Raises:
            Refusal: 20002 unknown number; 20005 not reviewed, closed month or a bad field.
        """
        document, _record = self._target(resource, raw)
        if document.state is DocumentState.OPENING:
            raise eai(document.code, "单据未审核,不能弃审")
        head = {name: value for name, value in document.head.items() if not name.startswith("verif")}
        self._change(document, DocumentState.OPENING, head)

    def _change(self, document: Document, state: DocumentState, head: Record) -> None:
        self.ledger.change_document(document, state, {**head, "timestamp": self.ledger.next_timestamp()})

    def _target(self, resource: Resource, raw: Mapping[str, object]) -> tuple[Document, Record]:
        key = str(raw.get("voucher_code") or "")
        fields = RECEIPT_ACTION if resource.kind is DocumentType.RECEIPT else ACTION
        record = self._reader(key).read(raw, fields, resource.name)
        if "user_id" in record:
            raise eai(key, "用户未登录,(user_id)")
        document = self.ledger.document(resource, record["voucher_code"])
        if document is None or document.head.get("vouchtype") != record.get("voucher_type"):
            raise no_match(resource.title)
        self._check_period(resource, document.head[resource.date_field], key)
        return document, record
