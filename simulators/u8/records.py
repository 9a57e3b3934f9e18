"""Reading one head, line or archive record of a body: types, required fields, codes (u8-openapi 1.7, 3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol

from simulators.u8.contract import AMOUNT_DECIMALS, QUANTITY_DECIMALS, Archive
from simulators.u8.fields import NUMERIC, Field, Kind
from simulators.u8.refusal import eai

Record = dict[str, str]
"""A checked record: canonical text by field name, fields without value left out."""

_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,10})?")
_INTEGER: Final = re.compile(r"\d{1,9}")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LOWEST_PRINTABLE: Final = 32


class Codes(Protocol):
    """What a record may refer to."""

    def refuses(self, archive: Archive, code: str) -> bool:
        """Whether a document that names this code is turned away."""


@dataclass(frozen=True)
class RecordReader:
    """Turns one JSON object into a checked record.

    Args:
        key: document key shown in refusals.
        codes: master data of the ledger.
        price_decimals: decimals of prices in this ledger (u8-openapi 2.1).
        special_characters: characters EAI cannot parse (u8-openapi 6).
    """

    key: str
    codes: Codes
    price_decimals: int
    special_characters: str

    def read(self, raw: object, fields: tuple[Field, ...], where: str) -> Record:
        """Checked record.

        Args:
            raw: value found in the body.
            fields: table of the allowed fields.
            where: place for the error text, for example ``entry[1]``.

        Raises:
            Refusal: 20005 with the name of the field (u8-openapi 1.7).
        """
        if not isinstance(raw, Mapping):
            raise eai(self.key, f"{where}不是有效的单据数据")
        table = {field.name: field for field in fields}
        record: Record = {}
        for name, value in raw.items():
            field = table.get(name)
            if field is None:
                raise eai(self.key, f"{where}字段不存在或值格式不正确,({name})")
            text = self._text(field, value)
            if text:
                record[name] = self._checked(field, text)
        for field in fields:
            if field.required and field.name not in record:
                raise eai(self.key, f"{where}必填字段为空,({field.name})")
        return record

    def _text(self, field: Field, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
            return format(value, "f") if isinstance(value, Decimal) else str(value)
        raise self._bad(field, str(value))

    def _checked(self, field: Field, text: str) -> str:
        if field.read_only:
            raise eai(self.key, f"字段由系统填写,不允许传入,({field.name})")
        if any(sign in self.special_characters or ord(sign) < _LOWEST_PRINTABLE for sign in text):
            raise eai(self.key, f"字段不存在或值格式不正确,包含特殊字符,({field.name})")
        if field.kind in NUMERIC:
            return self._number(field, text)
        if field.kind is Kind.DATE:
            return self._date(field, text)
        if field.kind is Kind.INTEGER and not _INTEGER.fullmatch(text):
            raise self._bad(field, text)
        if field.kind is Kind.CHOICE and text not in field.choices:
            raise self._bad(field, text)
        if len(text) > field.length:
            raise eai(self.key, f"字段长度超过{field.length},({field.name})")
        if field.archive is not None and self.codes.refuses(field.archive, text):
            raise eai(self.key, f"{text}不存在或不合法,({field.name})")
        return text

    def _number(self, field: Field, text: str) -> str:
        if not _NUMBER.fullmatch(text):
            raise self._bad(field, text)
        limit = {
            Kind.AMOUNT: AMOUNT_DECIMALS,
            Kind.QUANTITY: QUANTITY_DECIMALS,
            Kind.PRICE: self.price_decimals,
        }.get(field.kind)
        value = Decimal(text)
        if field.kind is Kind.RATE and value < 0:
            raise self._bad(field, text)
        if limit is not None and value != round(value, limit):
            raise eai(self.key, f"小数位数超过{limit}位,({field.name})")
        return format(value, "f")

    def _date(self, field: Field, text: str) -> str:
        if calendar_day(text) is None:
            raise self._bad(field, text)
        return text

    def _bad(self, field: Field, text: str) -> Exception:
        return eai(self.key, f"字段不存在或值格式不正确,({field.name}):{text[:40]}")


def calendar_day(text: str) -> date | None:
    """The day a ``yyyy-MM-dd`` text names, or None when it is something else (u8-openapi 2)."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None


def decimal_of(record: Record, name: str, default: str = "0") -> Decimal:
    """Number stored under ``name``, or the default when it is not there."""
    return Decimal(record.get(name, default))
