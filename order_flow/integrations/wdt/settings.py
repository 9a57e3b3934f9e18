"""What one WDT account needs to be talked to. Facts the reference marks C or D are settings here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum, StrEnum

from order_flow.domain.states import PaymentTerm
from order_flow.integrations.wdt.codes import DeliveryTerm, RawRefundStatus, StockoutStatus


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


class CodAmount(StrEnum):
    """What the courier collects: public clients disagree on ``cod_amount`` (wdt-openapi 2.1)."""

    WITH_FEES = "Everything Unpaid"
    WITHOUT_FEES = "Goods and Freight Only"
    """Other fees are settled otherwise."""


class NumberField(StrEnum):
    """Field of a pushed order that carries the shop's and the customer's own numbers."""

    SELLER_MEMO = "seller_memo"
    BUYER_MESSAGE = "buyer_message"
    NONE = ""


@dataclass(frozen=True, slots=True)
class TradeRules:
    """How an order becomes a raw order: facts on which public clients disagree are settings.

    Args:
        currency: currency of all amounts over there; orders in another are converted at their own rate.
        delivery_terms: how each payment term is told.
        cod_amount: what the courier collects.
        cancelled_line_refund: ``refund_status`` of a line that was cancelled after its release (status 80).
        logistics_type: carrier code told with every order; None leaves the field out.
        number_field: where the shop's and the customer's own order numbers go.
    """

    currency: str = "CNY"
    delivery_terms: Mapping[PaymentTerm, DeliveryTerm] = field(default_factory=lambda: DELIVERY_TERMS)
    cod_amount: CodAmount = CodAmount.WITH_FEES
    cancelled_line_refund: RawRefundStatus = RawRefundStatus.NONE
    logistics_type: int | None = None
    number_field: NumberField = NumberField.SELLER_MEMO


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
    in_house_statuses: tuple[int, ...] = (StockoutStatus.REVIEWED,)
    """Statuses of stockouts that are being worked on; sibling editions have one for each step (5)."""
    stockout_statuses_by_order: tuple[int | None, ...] = (None,)
    """Asked one after the other for one order. The reference leaves open whether a question without a
    status gives stockouts that are still in the warehouse (2.3): where it does not, add ``REVIEWED``."""
    overlap: timedelta = timedelta(minutes=5)
    """How far a new window reaches back over the last one."""

    trade: TradeRules = field(default_factory=TradeRules)

    def __post_init__(self) -> None:
        for name in ("account", "base_url", "sid", "appkey", "appsecret", "shop_no"):
            if not getattr(self, name):
                raise ValueError(f"the WDT account has no {name}: fill it in on the WDT Account")
