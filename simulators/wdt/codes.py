"""Code tables of openapi2 (wdt-openapi 1.4, 2.1-2.5, 2.8)."""

from enum import IntEnum, IntFlag


class PushStatus(IntEnum):
    """``trade_status`` of a pushed order or line (wdt-openapi 2.1)."""

    UNPAID = 10
    DEPOSIT_PAID = 20
    RELEASED = 30
    PART_SHIPPED = 40
    SHIPPED = 50
    SIGNED = 60
    COMPLETED = 70
    REFUNDED = 80
    CLOSED = 90


CANCELLING = frozenset({PushStatus.REFUNDED, PushStatus.CLOSED})

_P = PushStatus
# From 30 only 70 or 80 may follow (vendor note); 90 closes an order that was never paid; 80 needs a payment.
MAY_FOLLOW: dict[PushStatus, frozenset[PushStatus]] = {
    _P.UNPAID: frozenset({_P.DEPOSIT_PAID, _P.RELEASED, _P.CLOSED}),
    _P.DEPOSIT_PAID: frozenset({_P.RELEASED, _P.REFUNDED, _P.CLOSED}),
    _P.RELEASED: frozenset({_P.COMPLETED, _P.REFUNDED}),
    _P.PART_SHIPPED: frozenset({_P.SHIPPED, _P.SIGNED, _P.COMPLETED, _P.REFUNDED}),
    _P.SHIPPED: frozenset({_P.SIGNED, _P.COMPLETED, _P.REFUNDED}),
    _P.SIGNED: frozenset({_P.COMPLETED, _P.REFUNDED}),
    _P.COMPLETED: frozenset({_P.REFUNDED}),
    _P.REFUNDED: frozenset(),
    _P.CLOSED: frozenset(),
}


class TradeStatus(IntEnum):
    """``trade_status`` of a sales trade and ``status`` of its stockout (wdt-openapi 2.2, 2.3)."""

    CANCELLED = 5
    WAITING_PAYMENT = 10
    WAITING_BALANCE = 12
    REVIEW = 30
    FINANCE_REVIEW = 35
    AUDITED = 55
    SHIPPED = 95
    COMPLETED = 110


# What the status filter of the queries accepts (wdt-openapi 2.2).
FILTER_STATUSES = frozenset(
    {5, 10, 12, 13, 15, 16, 19, 20, 21, 22, 25, 27, 30, 35, 40, 45, 50, 53, 55, 95, 105, 110, 113}
)
STOCKOUT_FILTER_STATUSES = frozenset({5, 55, 95, 105, 110, 113})
SHIPPED_STATUSES = (95, 105, 110, 113)

# Columns of the table wdt-openapi 2.8.
LAST_UNAUDITED = 35
LAST_IN_WAREHOUSE = 94


class ProcessStatus(IntEnum):
    """``process_status`` of a raw order (wdt-openapi 2.1)."""

    WAITING = 10
    SUBMITTED = 20
    PART_SHIPPED = 30
    SHIPPED = 40
    PART_SETTLED = 50
    COMPLETED = 60
    CANCELLED = 70


class RawBadReason(IntFlag):
    """Why a raw order is not submitted (wdt-openapi 2.1)."""

    COUNT_MISMATCH = 2
    NO_WAREHOUSE = 4
    NO_LINES = 8
    UNMATCHED_GOODS = 16  # our own bit: the vendor only says such orders stay unsubmitted


class BadReason(IntFlag):
    """``bad_reason`` of a trade (wdt-openapi 2.2)."""

    NO_STOCK = 1
    ADDRESS = 2
    INVOICE = 4
    WAREHOUSE = 8
    REMARK = 16
    GOODS_SWAPPED = 32
    REFUND = 64
    GOODS_AUTO_SWAPPED = 128
    SHOP_SHIPPED = 256
    GIFT = 512
    AMOUNTS = 1024  # our own bit: the ERP shows amounts that do not add up, its bit is not published


class BlockReason(IntFlag):
    """``block_reason`` (截停) of a stockout (wdt-openapi 2.3)."""

    REFUND_APPLIED = 1
    REFUNDED = 2
    ADDRESS = 4
    INVOICE = 8
    LOGISTICS = 16
    WAREHOUSE = 32
    REMARK = 64
    GOODS_SWAPPED = 128
    REFUND_CANCELLED = 256
    GIFT = 2048
    SHOP_SHIPPED = 4096


class Consign(IntFlag):
    """``consign_status`` bits (wdt-openapi 2.2)."""

    EXAMINED = 1
    WEIGHED = 2
    SHIPPED = 4
    SYNCED = 8
    SORTED = 16
    RAW_COMPLETED = 1073741824


class LineRefund(IntEnum):
    """``refund_status`` of a line (wdt-openapi 2.1)."""

    NONE = 0
    CANCELLED = 1
    APPLIED = 2
    WAITING_RETURN = 3
    WAITING_RECEIPT = 4
    REFUNDED = 5


REFUND_RUNNING = frozenset({LineRefund.APPLIED, LineRefund.WAITING_RETURN, LineRefund.WAITING_RECEIPT})


class OrderRefund(IntEnum):
    """``refund_status`` of a trade (wdt-openapi 2.2)."""

    NONE = 0
    APPLIED = 1
    PART = 2
    FULL = 3
    CLOSED = 4


class PrintStatus(IntEnum):
    """Print state of slip, dispatch note and pick list (wdt-openapi 2.3)."""

    NO = 0
    PRINTING = 1
    DONE = 2
    NOT_NEEDED = 3


class DeliveryTerm(IntEnum):
    """``delivery_term`` (wdt-openapi 2.1)."""

    PAY_FIRST = 1
    CASH_ON_DELIVERY = 2
    INSTALMENTS = 3


class PayStatus(IntEnum):
    """``pay_status`` (wdt-openapi 2.1)."""

    UNPAID = 0
    PART = 1
    PAID = 2


class SyncStatus(IntEnum):
    """``sync_status`` of a logistics row (wdt-openapi 2.4)."""

    WAITING = 0
    SUBMIT_FAILED = 1
    FAILED = 2
    DONE = 3
    SET_DONE = 4
    CANCELLED = 5


class Code(IntEnum):
    """Answer codes (wdt-openapi 1.4); which one the real side uses is only partly known.

    3, 4, 6 and 7 are from the table that the vendor publishes for its flagship edition.
    """

    OK = 0
    BAD_INPUT = 1
    PASSWORD_NEEDED = 3
    DATABASE = 4
    ADDRESS_REFUSED = 6
    TIME = 7
    SAME_BUYER = 99
    BUSINESS = 100
    DISABLED = 1007
    NO_ACCOUNT = 2030
    BAD_SIGN = 2060
    BAD_TIMESTAMP = 2100
    NO_SHOP = 2310
    BAD_VALUE = 2830
    NO_RANGE = 2900


OWN_PLATFORM = 127
ZERO_TIME = "0000-00-00 00:00:00"
