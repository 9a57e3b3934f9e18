"""Field tables of the resources: what an add may and must carry (u8-openapi 3, required marks of C2).

Text lengths are those of the U8 database columns, which EAI enforces; they come from general knowledge of
the product, not from the API pages. A field that is not in a table is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, unique
from typing import Final

from simulators.u8.contract import Archive, DocumentType, VoucherKind


@unique
class Kind(Enum):
    """How a value is written and shown."""

    TEXT = "text"
    DATE = "date"
    AMOUNT = "amount"
    PRICE = "price"
    QUANTITY = "quantity"
    RATE = "rate"
    NUMBER = "number"
    INTEGER = "integer"
    CHOICE = "choice"


NUMERIC: Final = frozenset({Kind.AMOUNT, Kind.PRICE, Kind.QUANTITY, Kind.RATE, Kind.NUMBER})


@dataclass(frozen=True)
class Field:
    """One field of a head, line or archive.

    Args:
        name: JSON name, spelling as published.
        kind: type of the value.
        required: refused when missing or empty.
        length: longest text in characters.
        archive: the value must be a code of this archive.
        choices: allowed values of a CHOICE.
        read_only: shown in answers, refused in an add.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    length: int = 255
    archive: Archive | None = None
    choices: tuple[str, ...] = ()
    read_only: bool = False


def _text(names: str, length: int = 255) -> tuple[Field, ...]:
    return tuple(Field(name, length=length) for name in names.split())


def _of(kind: Kind, names: str) -> tuple[Field, ...]:
    return tuple(Field(name, kind) for name in names.split())


def _code(name: str, archive: Archive, *, required: bool = False) -> Field:
    return Field(name, required=required, length=60, archive=archive)


def _flag(name: str, *, required: bool = False) -> Field:
    return Field(name, Kind.CHOICE, required=required, choices=("0", "1"))


_TEXT_DEFINES: Final = {
    1: 20, 2: 20, 3: 20, 8: 4, 9: 8, 10: 60, 11: 120, 12: 120, 13: 120, 14: 120,
    22: 60, 23: 60, 24: 60, 25: 60, 28: 120, 29: 120, 30: 120, 31: 120, 32: 120, 33: 120,
}  # fmt: skip
_DATE_DEFINES: Final = frozenset({4, 6, 36, 37})
_NUMBER_DEFINES: Final = frozenset({5, 7, 15, 16, 26, 27, 34, 35})


def _define(number: int) -> Field:
    name = f"define{number}"
    if number in _DATE_DEFINES:
        return Field(name, Kind.DATE)
    if number in _NUMBER_DEFINES:
        return Field(name, Kind.NUMBER)
    return Field(name, length=_TEXT_DEFINES[number])


def _defines(numbers: Iterable[int]) -> tuple[Field, ...]:
    return tuple(_define(number) for number in numbers)


HEAD_DEFINES: Final = _defines(range(1, 17))
LINE_DEFINES: Final = _defines(range(22, 38))
_FREE_ITEMS: Final = tuple(Field(f"free{number}", length=20) for number in range(1, 11))
_SELF_DEFINES: Final = tuple(Field(f"self_define{number}", length=120) for number in range(1, 17))
_TIMES: Final = tuple(Field(name, read_only=True) for name in ("createsystime", "verifysystime"))

BUSINESS_TYPES: Final = ("普通销售", "委托代销", "直运业务", "分期收款")
"""Only 普通销售 is shown in public examples; the others are the product's own list of sale businesses."""

SALE_ORDER_HEAD: Final = (
    Field("code", length=30),
    Field("date", Kind.DATE),
    Field("businesstype", Kind.CHOICE, required=True, choices=BUSINESS_TYPES),
    _code("typecode", Archive.SALE_TYPE, required=True),
    Field("typename", length=20),
    Field("state", read_only=True),
    _code("custcode", Archive.CUSTOMER, required=True),
    *_text("cusname", 98),
    *_text("cusabbname", 60),
    _code("deptcode", Archive.DEPARTMENT, required=True),
    _code("personcode", Archive.PERSON),
    *_of(Kind.DATE, "dpremodatebt dpredatebt"),
    *_text("sendaddress"),
    *_text("ccusperson ccuspersoncode caddcode", 30),
    Field("taxrate", Kind.RATE),
    *_text("memo"),
    Field("maker", length=20),
    Field("verifier", read_only=True),
    Field("closer", read_only=True),
    *_TIMES,
    *HEAD_DEFINES,
)

SALE_ORDER_LINE: Final = (
    _code("inventorycode", Archive.INVENTORY, required=True),
    Field("quantity", Kind.QUANTITY, required=True),
    *_text("unitcode", 35),
    *_of(Kind.RATE, "unitrate taxrate discountrate discountrate2"),
    *_of(Kind.QUANTITY, "num"),
    *_of(Kind.PRICE, "quotedprice unitprice taxunitprice natunitprice"),
    *_of(Kind.AMOUNT, "money tax sum discount natmoney nattax natsum natdiscount"),
    _flag("bgift", required=True),
    Field("rowno", Kind.INTEGER, required=True),
    *_text("ccontractid", 64),
    *_FREE_ITEMS,
    *LINE_DEFINES,
)

RECEIVABLE_HEAD: Final = (
    Field("code", length=30),
    Field("date", Kind.DATE),
    Field("state", read_only=True),
    _flag("bdebitcredit"),
    _code("cust_vendor_code", Archive.CUSTOMER, required=True),
    Field("cusname", read_only=True),
    _code("deptcode", Archive.DEPARTMENT),
    _code("personcode", Archive.PERSON),
    Field("amount", Kind.AMOUNT, required=True),
    Field("natamount", Kind.AMOUNT),
    *_text("digest", 120),
    *_text("operator", 20),
    Field("verifier", read_only=True),
    *_TIMES,
    *HEAD_DEFINES,
)

RECEIVABLE_LINE: Final = (
    _code("cust_vendor_code", Archive.CUSTOMER, required=True),
    Field("amount", Kind.AMOUNT),
    Field("natamount", Kind.AMOUNT, required=True),
    _code("subjectcode", Archive.ACCOUNT),
    *_text("currency_name", 8),
    Field("currency_rate", Kind.RATE),
    _flag("bdebitcredit"),
    *_text("digest", 120),
    _code("deptcode", Archive.DEPARTMENT),
    _code("personcode", Archive.PERSON),
    *_text("item_classcode", 2),
    *_text("item_code", 60),
)

RECEIPT_HEAD: Final = (
    Field("vouchcode", length=30),
    Field("vouchdate", Kind.DATE),
    Field("vouchtype", Kind.CHOICE, required=True, choices=tuple(kind.value for kind in VoucherKind)),
    Field("state", read_only=True),
    _code("customercode", Archive.CUSTOMER, required=True),
    Field("customername", read_only=True),
    _code("departmentcode", Archive.DEPARTMENT),
    _code("personcode", Archive.PERSON),
    Field("amount", Kind.AMOUNT, required=True),
    Field("originalamount", Kind.AMOUNT),
    Field("digest", required=True, length=120),
    _code("balancecode", Archive.SETTLE_STYLE),
    _code("balanceitemcode", Archive.ACCOUNT),
    *_text("itemclasscode", 2),
    *_text("itemcode", 60),
    *_text("oppositebankname bankname"),
    *_text("oppositebankcode bankaccount", 50),
    Field("verifier", read_only=True),
    *_TIMES,
    *HEAD_DEFINES,
)

RECEIPT_LINE: Final = (
    Field("type", Kind.CHOICE, choices=("0", "1", "2")),
    _code("customercode", Archive.CUSTOMER, required=True),
    Field("amount", Kind.AMOUNT, required=True),
    Field("originalamount", Kind.AMOUNT),
    Field("iamt_s", Kind.QUANTITY, required=True),
    Field("iramt_s", Kind.QUANTITY),
    _code("itemcode", Archive.ACCOUNT),
    *_text("project", 60),
    *_text("projectclass", 2),
    _code("departmentcode", Archive.DEPARTMENT),
    _code("personcode", Archive.PERSON),
    *_text("digest", 120),
)

CUSTOMER: Final = (
    Field("code", required=True, length=20),
    Field("name", required=True, length=98),
    *_text("abbrname", 60),
    _code("sort_code", Archive.CUSTOMER_CLASS),
    *_text("domain_code industry ccusmngtypecode", 12),
    *_text("address devliver_site memo"),
    *_text("bank_open bank_acc_number contact phone fax mobile", 100),
    Field("end_date", Kind.DATE),
    *_text("ccusexch_name", 8),
    *tuple(_flag(name) for name in ("bcusdomestic", "bcusoverseas", "bserviceattribute")),
    _code("spec_operator", Archive.PERSON),
    Field("seed_date", read_only=True),
    Field("modifydate", read_only=True),
    *_SELF_DEFINES,
)
"""The child arrays (addresses, banks, ...) of u8-openapi 3.1 are not kept here and are refused."""

INVENTORY: Final = (
    Field("code", required=True, length=60),
    Field("name", required=True),
    *_text("invaddcode specs"),
    _code("sort_code", Archive.INVENTORY_CLASS, required=True),
    Field("unitgroup_code", required=True, length=35),
    Field("unitgroup_type", Kind.CHOICE, required=True, choices=("0", "1", "2")),
    _code("main_measure", Archive.UNIT, required=True),
    *_text("sort_name ccomunitname barcode"),
    _flag("bbarcode"),
    *_of(Kind.PRICE, "ref_sale_price bottom_sale_price"),
    *_of(Kind.RATE, "iimptaxrate tax_rate"),
    *_of(Kind.DATE, "start_date end_date"),
    Field("modifydate", read_only=True),
    _code("defwarehouse", Archive.WAREHOUSE),
    *_SELF_DEFINES,
)

ACTION: Final = (
    Field("voucher_code", required=True, length=30),
    _code("person_code", Archive.PERSON),
    *_text("user_id", 20),
)
"""Body of verify and unverify; ``user_id`` needs an earlier user/login, which this stand-in does not have."""

RECEIPT_ACTION: Final = (
    *ACTION,
    Field("voucher_type", Kind.CHOICE, required=True, choices=tuple(kind.value for kind in VoucherKind)),
)

DOCUMENT_HEADS: Final = {
    DocumentType.SALE_ORDER: SALE_ORDER_HEAD,
    DocumentType.RECEIVABLE: RECEIVABLE_HEAD,
    DocumentType.RECEIPT: RECEIPT_HEAD,
}
DOCUMENT_LINES: Final = {
    DocumentType.SALE_ORDER: SALE_ORDER_LINE,
    DocumentType.RECEIVABLE: RECEIVABLE_LINE,
    DocumentType.RECEIPT: RECEIPT_LINE,
}
ARCHIVE_FIELDS: Final = {Archive.CUSTOMER: CUSTOMER, Archive.INVENTORY: INVENTORY}
