"""Names and codes of the U8 OpenAPI contract (u8-openapi 1.2 - 1.8, 3).

Everything here is published or observed, except the members of :class:`AssumedCode`: no public source
gives the code of an expired token, a bad parameter or a repeated key (u8-openapi 7.2). Those are stand-in
values, can be changed through the settings, and a client must not build on them.
"""

from enum import StrEnum, unique
from typing import Final, Self
from zoneinfo import ZoneInfo

LEDGER_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""U8 answers carry no time zone; China local time is assumed (u8-openapi 2)."""

TOKEN_LIFE_SECONDS: Final = 7200
"""A token lives two hours and the figure is nested inside ``token`` in seconds (u8-openapi 1.2)."""

PRICE_DECIMALS: Final = 4
QUANTITY_DECIMALS: Final = 4
AMOUNT_DECIMALS: Final = 2
STALE_TAX_RATE: Final = "16"
"""The head tax rate of a sale order still defaults to the rate of 2018 (u8-openapi 2.1)."""


@unique
class ErrorCode(StrEnum):
    """Error codes that public sources show (u8-openapi 1.7); ``errcode`` is a string."""

    OK = "0"
    PLATFORM = "10001"
    NO_MATCH = "20002"
    EAI = "20005"
    RUNNING = "30025"


@unique
class AssumedCode(StrEnum):
    """Stand-ins for codes that no public source names (u8-openapi 7.2); settings may replace each value."""

    TOKEN = "10002"
    PARAMETER = "10003"
    PERMISSION = "10004"
    DUPLICATE_KEY = "30026"


@unique
class Operation(StrEnum):
    """Calls a resource may offer (u8-openapi 1.3)."""

    GET = "get"
    BATCH_GET = "batch_get"
    ADD = "add"
    VERIFY = "verify"
    UNVERIFY = "unverify"


READING: Final = frozenset({Operation.GET, Operation.BATCH_GET})


@unique
class Archive(StrEnum):
    """Master data resources; the value is the resource name in the URL (u8-openapi 3.1, 3.2, 3.9)."""

    CUSTOMER = "customer"
    CUSTOMER_CLASS = "customerclass"
    INVENTORY = "inventory"
    INVENTORY_CLASS = "inventoryclass"
    UNIT = "unit"
    DEPARTMENT = "department"
    PERSON = "person"
    SALE_TYPE = "saletype"
    SETTLE_STYLE = "settlestyle"
    WAREHOUSE = "warehouse"
    ACCOUNT = "code"
    PERIOD = "period"
    SALES_CLOSING = "mendsa"


@unique
class DocumentType(StrEnum):
    """Business documents this stand-in keeps (u8-openapi 3.3, 3.6, 3.7)."""

    SALE_ORDER = "saleorder"
    RECEIVABLE = "oughtreceive"
    RECEIPT = "accept"


@unique
class Module(StrEnum):
    """Sub-ledgers whose months close separately (u8-openapi 4, "Period closing")."""

    SALES = "SA"
    RECEIVABLES = "AR"


@unique
class DocumentState(StrEnum):
    """Review state as the answers show it; ``filter_name`` is the form list filters use (u8-openapi 3.3)."""

    OPENING = "开立"
    APPROVED = "审核"

    @property
    def filter_name(self) -> str:
        """English name of the state, as one published script passes it to the list call."""
        return {DocumentState.OPENING: "Opening", DocumentState.APPROVED: "Approved"}[self]

    @classmethod
    def from_filter(cls, text: str) -> Self | None:
        """State named by a list filter in either form, or None when no document can have it."""
        return next((state for state in cls if text in (state.value, state.filter_name)), None)


@unique
class VoucherKind(StrEnum):
    """``vouchtype`` of an accept document (u8-openapi 3.7)."""

    RECEIPT = "48"
    PAYMENT = "49"


@unique
class ReplayPolicy(StrEnum):
    """What a second add with an already used key gets. The real answer is unknown (u8-openapi 1.4, 7.1)."""

    SAME_ID = "same_id"
    ERROR = "error"
    DUPLICATE = "duplicate"


@unique
class KeyScope(StrEnum):
    """How far a tradeid or biz_id must be unique; unknown in reality (u8-openapi 7.1)."""

    LEDGER = "ledger"
    RESOURCE = "resource"


@unique
class EmptyFields(StrEnum):
    """How an answer shows a field without value; all three occur in reality (u8-openapi 1.6)."""

    OMIT = "omit"
    NULL = "null"
    BLANK = "blank"
    MIXED = "mixed"


@unique
class IdStyle(StrEnum):
    """Meaning of ``id`` in the answer to a document add; unknown in reality (u8-openapi 7.6)."""

    NUMBER = "number"
    INTERNAL = "internal"
