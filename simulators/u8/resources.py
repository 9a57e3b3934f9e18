"""Resources as data: title, calls, list key and list filters (u8-openapi 1.3, 1.6, 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, unique
from typing import Final

from simulators.u8.contract import Archive, DocumentType, Module, Operation


@unique
class Match(Enum):
    """How a list filter compares."""

    EXACT = "exact"
    BEGIN = "begin"
    END = "end"
    KEYWORD = "keyword"
    STATE = "state"


@dataclass(frozen=True)
class Filter:
    """One list parameter: its name, the field it looks at and the comparison."""

    parameter: str
    field: str
    match: Match


@dataclass(frozen=True)
class Resource:
    """One resource behind ``/api/<name>/<operation>``.

    Args:
        kind: archive or document; its value is the name in the URL and the wrapper key.
        title: Chinese name, shown inside 20002 texts.
        key_field: field that identifies a record.
        operations: calls that are published.
        filters: parameters of the list call.
        date_field: field that decides the accounting period; documents only.
        module: sub-ledger whose month closing counts; documents only.
    """

    kind: Archive | DocumentType
    title: str
    key_field: str
    operations: frozenset[Operation]
    filters: tuple[Filter, ...] = ()
    date_field: str = ""
    module: Module | None = None

    @property
    def name(self) -> str:
        """Name in the URL and wrapper key of a body."""
        return self.kind.value

    @property
    def list_name(self) -> str:
        """Name in the URL of the list call and key of the array (u8-openapi 1.6)."""
        return f"{self.name}list" if isinstance(self.kind, DocumentType) else self.name


def _ranges(names: str) -> tuple[Filter, ...]:
    return tuple(
        Filter(f"{name}_{match.value}", name, match)
        for name in names.split()
        for match in (Match.BEGIN, Match.END)
    )


def _plain(match: Match, names: str) -> tuple[Filter, ...]:
    return tuple(Filter(name, name, match) for name in names.split())


_ADDABLE: Final = frozenset({Operation.GET, Operation.BATCH_GET, Operation.ADD})
_READABLE: Final = frozenset({Operation.GET, Operation.BATCH_GET})
_LISTED: Final = frozenset({Operation.BATCH_GET})
_REVIEWED: Final = frozenset(Operation)
_DEFINES: Final = " ".join(f"define{number}" for number in range(1, 17))
_STATE: Final = Filter("state", "state", Match.STATE)
_TIMESTAMPS: Final = (
    Filter("timestamp_begin", "timestamp", Match.BEGIN),
    Filter("timestamp_end", "timestamp", Match.END),
)
_CODE_AND_NAME: Final = (*_ranges("code"), *_plain(Match.KEYWORD, "name"))


def _documents() -> Iterable[Resource]:
    yield Resource(
        DocumentType.SALE_ORDER,
        "销售订单",
        "code",
        _REVIEWED,
        (
            *_ranges("code date dpremodatebt dpredatebt"),
            _STATE,
            *_plain(Match.EXACT, f"custcode personcode deptcode fhstatus {_DEFINES}"),
            *_plain(Match.KEYWORD, "cusname personname deptname memo maker verifier closer"),
            *_TIMESTAMPS,
        ),
        "date",
        Module.SALES,
    )
    yield Resource(
        DocumentType.RECEIVABLE,
        "应收单",
        "code",
        _REVIEWED,
        (
            *_ranges("code date"),
            _STATE,
            *_plain(Match.EXACT, "cust_vendor_code deptcode personcode"),
            *_plain(Match.KEYWORD, "cusname deptname personname digest"),
        ),
        "date",
        Module.RECEIVABLES,
    )
    yield Resource(
        DocumentType.RECEIPT,
        "收款单",
        "vouchcode",
        _REVIEWED,
        (
            *_ranges("vouchcode vouchdate"),
            *_plain(Match.EXACT, "vouchtype customercode personcode departmentcode"),
            *_plain(Match.KEYWORD, "customername digest"),
        ),
        "vouchdate",
        Module.RECEIVABLES,
    )


def _archives() -> Iterable[Resource]:
    yield Resource(Archive.CUSTOMER, "客户档案", "code", _ADDABLE, _CODE_AND_NAME)
    yield Resource(
        Archive.INVENTORY,
        "存货档案",
        "code",
        _ADDABLE,
        (
            *_CODE_AND_NAME,
            *_plain(Match.KEYWORD, "invaddcode specs sort_name"),
            *_plain(Match.EXACT, "sort_code"),
            *_ranges("start_date modifydate"),
        ),
    )
    for archive, title in (
        (Archive.CUSTOMER_CLASS, "客户分类"),
        (Archive.INVENTORY_CLASS, "存货分类"),
        (Archive.UNIT, "计量单位"),
        (Archive.DEPARTMENT, "部门档案"),
        (Archive.PERSON, "人员档案"),
        (Archive.SALE_TYPE, "销售类型"),
        (Archive.SETTLE_STYLE, "结算方式"),
        (Archive.WAREHOUSE, "仓库档案"),
        (Archive.ACCOUNT, "会计科目"),
    ):
        yield Resource(archive, title, "code", _READABLE, _CODE_AND_NAME)
    yield Resource(
        Archive.PERIOD,
        "会计期间",
        "key",
        _LISTED,
        _plain(Match.EXACT, "cacc_id iyear iid dbegin dend"),
    )
    yield Resource(
        Archive.SALES_CLOSING,
        "销售月末结账",
        "key",
        _LISTED,
        (
            *_plain(Match.EXACT, "iyear"),
            *_ranges("iperiod"),
        ),
    )


RESOURCES: Final[dict[str, Resource]] = {
    resource.name: resource for resource in (*_documents(), *_archives())
}
LISTS: Final[dict[str, Resource]] = {resource.list_name: resource for resource in RESOURCES.values()}
