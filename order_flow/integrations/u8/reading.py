"""Documents as U8 returns them: string numbers, mixed-case names, null, empty and missing fields (1.6, 2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from order_flow.domain.amounts import ZERO
from order_flow.domain.message import Message
from order_flow.integrations.errors import Rejected
from order_flow.integrations.u8.answers import lower_names, plain_text
from order_flow.integrations.u8.keys import LETTERS
from order_flow.integrations.u8.numbers import known_number
from order_flow.integrations.u8.port import (
    KEY_LENGTH,
    RemoteDocument,
    RemoteLine,
    U8DocumentKind,
    UnreadableDocument,
)

_OUR_KEY = re.compile(rf"(?<![\w-])[{LETTERS}]-[A-Za-z0-9][\w-]{{0,{KEY_LENGTH - 3}}}(?![\w-])", re.ASCII)
_APPROVED = frozenset({"审核", "已审核", "approved", "关闭", "closed"})
"""Review states in both forms that scripts were seen to use (u8-openapi 3.3); closed implies reviewed."""


@dataclass(frozen=True, slots=True)
class DocumentFields:
    """Names of one document's fields (u8-openapi 3.3, 3.6, 3.7)."""

    number: str
    date: str
    customer: str
    amount: str
    free_text: str
    sign_field: str = ""
    negative_value: str = ""


FIELDS: Mapping[U8DocumentKind, DocumentFields] = MappingProxyType(
    {
        U8DocumentKind.SALE_ORDER: DocumentFields("code", "date", "custcode", "sum", "memo"),
        U8DocumentKind.RECEIVABLE: DocumentFields(
            "code", "date", "cust_vendor_code", "amount", "digest", "bdebitcredit", "0"
        ),
        U8DocumentKind.RECEIPT: DocumentFields(
            "vouchcode", "vouchdate", "customercode", "amount", "digest", "vouchtype", "49"
        ),
    }
)


def remote_document(kind: U8DocumentKind, record: Mapping[str, Any], key_field: str) -> RemoteDocument:
    """Read one document of a get or list answer.

    Args:
        kind: which document.
        record: the answer's object.
        key_field: user-defined field that carries our key; may be empty.

    Raises:
        Rejected: it has no number, or an amount or date that cannot be read.
    """
    fields = lower_names(record)
    names = FIELDS[kind]
    number = plain_text(fields.get(names.number))
    if not number:
        raise Rejected(
            Message("U8 returned a {0} without {1}: look at the logged answer", kind.value, names.number)
        )
    try:
        lines = _lines(kind, fields.get("entry"))
        amount = _amount(names, fields, lines)
        on_date = _date(fields.get(names.date))
    except ValueError as cause:
        raise Rejected(Message("U8's {0} {1} cannot be read: {2}", kind.value, number, str(cause))) from cause
    return RemoteDocument(
        kind=kind,
        number=number,
        key=_key(plain_text(fields.get(key_field.lower())), plain_text(fields.get(names.free_text))),
        date=on_date,
        customer_code=plain_text(fields.get(names.customer)),
        amount=amount,
        verified=bool(plain_text(fields.get("verifier")))
        or plain_text(fields.get("state")).lower() in _APPROVED,
        lines=lines,
        raw=fields,
    )


def listed_document(
    kind: U8DocumentKind, record: object, key_field: str
) -> RemoteDocument | UnreadableDocument:
    """Read one row of a list; one that cannot be understood concerns nobody but itself.

    Args:
        kind, key_field: as for ``remote_document``.
        record: the row.
    """
    if not isinstance(record, Mapping):
        return UnreadableDocument(kind, "", "", Message("It is not a record."), record)
    try:
        return remote_document(kind, record, key_field)
    except Rejected as error:
        fields, names = lower_names(record), FIELDS[kind]
        key = _key(plain_text(fields.get(key_field.lower())), plain_text(fields.get(names.free_text)))
        return UnreadableDocument(kind, plain_text(fields.get(names.number)), key, error.message, record)


def _lines(kind: U8DocumentKind, entries: object) -> tuple[RemoteLine, ...]:
    if kind is not U8DocumentKind.SALE_ORDER or not isinstance(entries, list):
        return ()
    rows = [lower_names(entry) for entry in entries if isinstance(entry, Mapping)]
    return tuple(
        RemoteLine(
            item_code=plain_text(row.get("inventorycode")),
            quantity=known_number(row.get("quantity")),
            gross=known_number(row.get("sum")),
        )
        for row in rows
    )


def _amount(names: DocumentFields, fields: Mapping[str, Any], lines: tuple[RemoteLine, ...]) -> Decimal:
    amount = known_number(plain_text(fields.get(names.amount)))
    if amount is None:
        parts = [line.gross for line in lines if line.gross is not None]
        if not parts or len(parts) < len(lines):
            raise ValueError(f"it has neither {names.amount} nor lines that all have an amount")
        amount = sum(parts, ZERO)
    is_negative = names.sign_field and plain_text(fields.get(names.sign_field)) == names.negative_value
    return -amount if is_negative else amount


def _date(value: object) -> date | None:
    text = plain_text(value)
    return date.fromisoformat(text[:10]) if text else None


def _key(own_field: str, free_text: str) -> str:
    if _OUR_KEY.fullmatch(own_field):
        return own_field
    found = _OUR_KEY.search(free_text)
    return found.group() if found else ""
