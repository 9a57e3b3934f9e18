"""What one WDT account needs to be talked to. Facts the reference marks C or D are settings here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum, StrEnum

from order_flow.domain.states import PaymentTerm
from order_flow.integrations.wdt.codes import DeliveryTerm, StockoutStatus


class TradeEndpoint(StrEnum):
    """Which of the two trade queries is asked (wdt-openapi 2.2)."""

    OWN_SHOPS = "sales_trade_query"
    ALL_SHOPS = "trade_query"
    """For client versions before V2.8.2.0."""


class PushSwitch(IntEnum):
    """``switch`` of trade_push; what strict refuses is not documented (wdt-openapi 9.3)."""

    TOLERANT = 0
    STRICT = 1


class PartSync(IntEnum):
    """``is_part_sync_able`` of logistics_sync_query: whether the shop can take split shipments."""

    NO = 0
    YES = 1


DELIVERY_TERMS: Mapping[PaymentTerm, DeliveryTerm] = {
    PaymentTerm.ONLINE: DeliveryTerm.PAY_FIRST,
    PaymentTerm.POSTAL_REMITTANCE: DeliveryTerm.PAY_FIRST,
    PaymentTerm.BANK_TRANSFER: DeliveryTerm.PAY_FIRST,
    PaymentTerm.CASH: DeliveryTerm.PAY_FIRST,
    PaymentTerm.CARD: DeliveryTerm.PAY_FIRST,
    PaymentTerm.PREPAYMENT: DeliveryTerm.PAY_FIRST,
    PaymentTerm.DEPOSIT_AND_BALANCE: DeliveryTerm.PAY_FIRST,
    PaymentTerm.LETTER_OF_CREDIT: DeliveryTerm.PAY_FIRST,
    PaymentTerm.CASH_ON_DELIVERY: DeliveryTerm.CASH_ON_DELIVERY,
    PaymentTerm.INSTALMENTS: DeliveryTerm.INSTALMENTS,
    PaymentTerm.MONTHLY_ACCOUNT: DeliveryTerm.INSTALMENTS,
}
"""How each payment term is told to WDT: the vendor's table for pushing knows only 1 to 3."""


@dataclass(frozen=True, slots=True)
class WdtSettings:
    """One WDT account: where it is, who we are there, and its limits.

    Times are seconds unless the name says otherwise.
    """

    account: str
    """Our own name of the account: key of the rate limit and of the log."""
    base_url: str
    """For example ``https://api.wangdian.cn/openapi2``."""
    sid: str
    appkey: str
    appsecret: str = field(repr=False)
    shop_no: str

    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    calls_per_minute: int = 60
    rest_after_rate_limit: float = 300.0
    """The vendor advises 5 to 10 minutes of rest (wdt-openapi 1.4)."""

    trade_endpoint: TradeEndpoint = TradeEndpoint.OWN_SHOPS
    push_switch: PushSwitch = PushSwitch.TOLERANT
    part_sync: PartSync | None = None
    """None leaves the parameter out, as the reference advises."""
    page_size: int = 100
    push_batch: int = 50
    push_batch_per_buyer: int = 30
    acknowledge_batch: int = 50
    shipment_notices_per_call: int = 100
    trade_window: timedelta = timedelta(minutes=60)
    stockout_window: timedelta = timedelta(days=30)
    stock_window: timedelta = timedelta(days=30)
    """Of stock and of goods."""
    stockout_statuses_by_order: tuple[StockoutStatus | None, ...] = (None,)
    """Asked one after the other for one order. The reference leaves open whether a question without a
    status gives stockouts that are still in the warehouse (2.3): where it does not, add ``REVIEWED``."""
    overlap: timedelta = timedelta(minutes=5)
    """How far a new window reaches back over the last one."""

    currency: str = "CNY"
    """Currency of all amounts over there; orders in another are converted at their own rate."""
    delivery_terms: Mapping[PaymentTerm, DeliveryTerm] = field(default_factory=lambda: DELIVERY_TERMS)

    def __post_init__(self) -> None:
        for name in ("account", "base_url", "sid", "appkey", "appsecret", "shop_no"):
            if not getattr(self, name):
                raise ValueError(f"the WDT account has no {name}: fill it in on the WDT Account")
