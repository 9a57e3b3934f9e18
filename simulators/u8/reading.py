"""Answers to get and batch_get: filters, pages and the look of values (u8-openapi 1.3, 1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from simulators.u8.contract import Archive, DocumentState, DocumentType, EmptyFields, Module
from simulators.u8.fields import ARCHIVE_FIELDS, DOCUMENT_HEADS, DOCUMENT_LINES, NUMERIC, Field
from simulators.u8.knobs import Knobs
from simulators.u8.ledger import Document, Ledger
from simulators.u8.records import Record, calendar_day
from simulators.u8.refusal import no_match, parameter
from simulators.u8.resources import Filter, Match, Resource

PAGING: Final = frozenset({"page_index", "rows_per_page"})
_FIRST_PAGE: Final = "1"
_USUAL_ROWS: Final = "20"
_COUNTED: Final = frozenset({"timestamp", "iperiod"})
_TOTALS: Final = frozenset({"money", "sum"})
_MIXTURE: Final = (EmptyFields.OMIT, EmptyFields.NULL, EmptyFields.BLANK)

Shown = dict[str, object]


@dataclass(frozen=True)
class Reading:
    """Reads from one ledger.

    Args:
        ledger: where from.
        knobs: behaviour the references leave open.
    """

    ledger: Ledger
    knobs: Knobs

    def get(self, resource: Resource, code: str) -> Shown:
        """One record under its resource name; documents with their lines.

        Raises:
            Refusal: 20002 when there is none.
        """
        if isinstance(resource.kind, DocumentType):
            document = self.ledger.document(resource, code)
            if document is None:
                raise no_match(resource.title)
            shown = self._shown(_full_head(document), DOCUMENT_HEADS[resource.kind])
            lines = DOCUMENT_LINES[resource.kind]
            return {resource.name: {**shown, "entry": [self._shown(line, lines) for line in document.lines]}}
        record = self.ledger.archive_row(resource.kind, code)
        if record is None:
            raise no_match(resource.title)
        return {resource.name: self._shown(record, ARCHIVE_FIELDS.get(resource.kind, ()))}

    def batch_get(self, resource: Resource, query: Mapping[str, str]) -> Shown:
        """One page of the matching records; document rows come without lines.

        Args:
            resource: what to list.
            query: list parameters only, without the common ones.

        Raises:
            Refusal: 20002 when nothing matches; a parameter refusal for bad paging or unknown filters.
        """
        filters = self._filters(resource, query)
        table, rows = self._all(resource, filters)
        for wanted, text in filters:
            rows = [row for row in rows if _matches(row, wanted, text)]
        index = _positive(query, "page_index", _FIRST_PAGE)
        size = _positive(query, "rows_per_page", _USUAL_ROWS)
        if size > self.knobs.max_rows_per_page:
            raise parameter(f"rows_per_page不能超过{self.knobs.max_rows_per_page}")
        page = rows[(index - 1) * size : index * size]
        if not page:
            raise no_match(resource.title)
        return {
            "page_index": str(index),
            "rows_per_page": str(size),
            "row_count": str(len(rows)),
            "page_count": str(-(-len(rows) // size)),
            resource.list_name: [self._shown(row, table) for row in page],
        }

    def _all(
        self, resource: Resource, filters: list[tuple[Filter, str]]
    ) -> tuple[tuple[Field, ...], list[Record]]:
        if isinstance(resource.kind, DocumentType):
            contained = [text for wanted, text in filters if wanted.match in (Match.EXACT, Match.KEYWORD)]
            documents = self.ledger.documents(resource, contained)
            return DOCUMENT_HEADS[resource.kind], [_full_head(document) for document in documents]
        if resource.kind is Archive.SALES_CLOSING:
            return (), self._sales_closing()
        return ARCHIVE_FIELDS.get(resource.kind, ()), self.ledger.archive_rows(resource.kind)

    def _sales_closing(self) -> list[Record]:
        """Month-end rows; real field names were never seen (u8-openapi 7.10), these follow the filters."""
        closed = {
            (year, month)
            for module, year, month in self.ledger.closed_months()
            if module == Module.SALES.value
        }
        periods = [(int(p["iyear"]), int(p["iid"])) for p in self.ledger.archive_rows(Archive.PERIOD)]
        return [
            {"iyear": str(year), "iperiod": str(month), "bflag": "1" if (year, month) in closed else "0"}
            for year, month in periods
        ]

    def _filters(self, resource: Resource, query: Mapping[str, str]) -> list[tuple[Filter, str]]:
        table = {entry.parameter: entry for entry in resource.filters}
        unknown = sorted(set(query) - set(table) - PAGING)
        if unknown and self.knobs.unknown_filters_refused:
            raise parameter(f"不支持的查询参数:{','.join(unknown)}")
        chosen = [(table[name], text) for name, text in query.items() if name in table and text]
        for entry, text in chosen:
            if "date" in entry.field and calendar_day(text) is None:
                raise parameter(f"{entry.parameter}不是yyyy-MM-dd格式的日期:{text}")
            if entry.field in _COUNTED and not text.isdecimal():
                raise parameter(f"{entry.parameter}不是数字:{text}")
        return chosen

    def _shown(self, record: Record, table: tuple[Field, ...]) -> Shown:
        numeric = {field.name for field in table if field.kind in NUMERIC} | _TOTALS
        shown: Shown = {}
        for position, field in enumerate(table):
            if field.name in record:
                continue
            self._show_empty(shown, field.name, position)
        for name, value in record.items():
            shown[name] = f"{Decimal(value):.4f}" if name in numeric else value
        return shown

    def _show_empty(self, shown: Shown, name: str, position: int) -> None:
        style = self.knobs.empty_fields
        if style is EmptyFields.MIXED:
            style = _MIXTURE[position % len(_MIXTURE)]
        if style is EmptyFields.NULL:
            shown[name] = None
        elif style is EmptyFields.BLANK:
            shown[name] = ""


def _full_head(document: Document) -> Record:
    return {**document.head, "state": document.state.value}


def _positive(query: Mapping[str, str], name: str, default: str) -> int:
    text = query.get(name) or default
    if not text.isdecimal() or int(text) < 1:
        raise parameter(f"{name}必须是正整数:{text}")
    return int(text)


def _matches(row: Record, wanted: Filter, text: str) -> bool:
    value = row.get(wanted.field, "")
    match wanted.match:
        case Match.STATE:
            state = DocumentState.from_filter(text)
            return state is not None and value == state.value
        case Match.KEYWORD:
            return text in value
        case Match.EXACT:
            return value == text
        case Match.BEGIN:
            return value != "" and _ordered(wanted.field, text, value)
        case Match.END:
            # A time of the last day belongs to the range although its text is longer.
            day = value[: len(text)] if "date" in wanted.field else value
            return value != "" and _ordered(wanted.field, day, text)


def _ordered(field: str, low: str, high: str) -> bool:
    return int(low) <= int(high) if field in _COUNTED else low <= high
