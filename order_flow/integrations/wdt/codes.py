"""The numbers WDT speaks, each named once (wdt-openapi 2.1 to 2.6, tags A to C)."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class RawTradeStatus(IntEnum):
    """``trade_status`` of a pushed raw order and of each of its lines (wdt-openapi 2.1)."""

    UNPAID = 10
    DEPOSIT_PAID = 20
    READY = 30
    """Paid, or to be shipped before payment (cash on delivery): the warehouse may start."""
    PARTLY_SHIPPED = 40
    SHIPPED = 50
    SIGNED = 60
    COMPLETED = 70
    REFUNDED = 80
    """Cancelled after it was released or paid."""
    CLOSED = 90
    """Cancelled before payment."""


CLOSING_STATUSES = frozenset({RawTradeStatus.REFUNDED, RawTradeStatus.CLOSED})
"""After one of them a number takes nothing more, also where its goods leave all the same."""


class PayStatus(IntEnum):
    """``pay_status`` of a pushed raw order."""

    UNPAID = 0
    PARTLY_PAID = 1
    PAID = 2


class DeliveryTerm(IntEnum):
    """``delivery_term``: whether goods wait for money. 4 is known from one source only (tag C)."""

    PAY_FIRST = 1
    CASH_ON_DELIVERY = 2
    INSTALMENTS = 3
    MONTHLY_ACCOUNT = 4


class RawRefundStatus(IntEnum):
    """``refund_status`` of one pushed order line."""

    NONE = 0
    WITHDRAWN = 1
    APPLIED = 2
    WAITING_FOR_RETURN = 3
    WAITING_FOR_RECEIPT = 4
    REFUNDED = 5


class TradeStatus(IntEnum):
    """``trade_status`` of a sales trade (wdt-openapi 2.2)."""

    CANCELLED = 5
    WAITING_FOR_PAYMENT = 10
    WAITING_FOR_BALANCE = 12
    WAITING_FOR_WAREHOUSE = 13
    WAITING_UNPAID = 15
    DELAYED_REVIEW = 16
    PREORDER_PREPARATION = 19
    PREPARATION = 20
    OUTSOURCING_PREPARATION = 21
    GRAB_PREPARATION = 22
    PREORDER = 25
    WAITING_FOR_GRAB = 27
    CUSTOMER_REVIEW = 30
    FINANCE_REVIEW = 35
    WAITING_FOR_HANDOVER = 40
    HANDING_OVER = 45
    HANDED_OVER = 50
    UNCONFIRMED_BY_WAREHOUSE = 53
    REVIEWED = 55
    DISPATCHING = 90
    SHIPPED = 95
    SIGNED = 100
    PARTLY_SETTLED = 105
    COMPLETED = 110
    SHIPPED_ABNORMALLY = 113


class StockoutStatus(IntEnum):
    """``status`` of a sales stockout (wdt-openapi 2.3)."""

    CANCELLED = 5
    REVIEWED = 55
    SHIPPED = 95
    PARTLY_SETTLED = 105
    COMPLETED = 110
    SHIPPED_ABNORMALLY = 113


class ConsignBit(IntFlag):
    """``consign_status``: which warehouse steps are done."""

    EXAMINED = 1
    WEIGHED = 2
    OUT_OF_STOCK_POSTED = 4
    SHOP_INFORMED = 8
    PICKED = 16
    RAW_ORDER_COMPLETED = 1 << 30


class BadReason(IntFlag):
    """``bad_reason`` of a sales trade: what a person over there has to look at."""

    NO_STOCK_RECORD = 1
    ADDRESS = 2
    INVOICE = 4
    WAREHOUSE = 8
    REMARK = 16
    GOODS_SWAPPED = 32
    REFUND = 64
    GOODS_SWAPPED_AUTOMATICALLY = 128
    SHOP_ALREADY_SHIPPED = 256
    GIFT_OR_GRAB = 512


class BlockReason(IntFlag):
    """``block_reason`` of a stockout: the parcel is to be stopped."""

    REFUND_APPLIED = 1
    REFUNDED = 2
    ADDRESS = 4
    INVOICE = 8
    CARRIER = 16
    WAREHOUSE = 32
    REMARK = 64
    GOODS_SWAPPED = 128
    REFUND_WITHDRAWN = 256
    GIFT = 2048
    SHOP_ALREADY_SHIPPED = 4096


class PrintStatus(IntEnum):
    """Whether a paper of a stockout is printed."""

    NO = 0
    PRINTING = 1
    DONE = 2
    NOT_NEEDED = 3


class RefundStatus(IntEnum):
    """``refund_status`` of a sales trade."""

    NONE = 0
    APPLIED = 1
    PARTLY_REFUNDED = 2
    REFUNDED = 3
    CLOSED_UNPAID = 4


class SyncStatus(IntEnum):
    """``sync_status`` of a shipment notice; only WAITING may be handled and acknowledged."""

    WAITING = 0
    SUBMIT_FAILED = 1
    SYNC_FAILED = 2
    DONE = 3
    DONE_BY_HAND = 4
    CANCELLED_BY_HAND = 5
