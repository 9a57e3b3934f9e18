"""Everything about one U8 ledger that differs from company to company or that no public source settles.

Each default follows the best public source (u8-openapi); the fields whose truth is unknown say so, so that
a company can correct them on its account record without a new release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import MappingProxyType

from order_flow.integrations.window import SHANGHAI

CHINA = SHANGHAI
"""Ledger dates carry no zone; China local time is assumed (u8-openapi 2)."""

MIN_PRICE_DECIMALS = 2
MAX_PRICE_DECIMALS = 8


class PostingProfile(StrEnum):
    """By which U8 documents a finished order becomes known to finance (u8-openapi 4).

    One profile a ledger: the same money posted by two profiles would be booked twice.
    """

    SALES_ORDER = "Sales Order"
    RECEIVABLE_AND_RECEIPT = "Receivable + Receipt"


class KeyMode(StrEnum):
    """Which of the two idempotency handles an add carries (u8-openapi 1.4)."""

    BIZ_ID = "biz_id"
    """Our own key; the reference prefers it because it is known before the first call."""
    TRADE_ID = "tradeid"
    """A key issued by the platform; it is stored before the document is sent."""


class Rounding(StrEnum):
    """How U8 rounds exact halves; unknown for sales documents (u8-openapi 7.12)."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN


class RefundPosting(StrEnum):
    """What happens to a payment with a negative amount; the API documents no refund (u8-openapi 4)."""

    PAYMENT_VOUCHER = "Payment Voucher"
    """An ``accept`` of vouchtype 49 for the customer, the natural form."""
    BY_HAND = "By Hand"
    """The order is refused with the request to post it in U8."""


@dataclass(frozen=True, slots=True)
class LedgerCodes:
    """U8 archive codes that the documents carry (u8-openapi 3.3, 3.6, 3.7). Empty means: not sent.

    Args:
        department: department code, required by U8 on a sale order.
        sale_type: ``typecode``, required on a sale order.
        business_type: ``businesstype``, required on a sale order.
        person: sales person.
        customer_class: class of customers that are created.
        freight_item: inventory code of the service line that carries freight.
        fee_item: inventory code of the service line that carries other fees.
        settlement_style: ``balancecode`` of receipts whose method has no own entry.
        settlement_styles: payment method to settlement style code.
        revenue_subject: GL account of the receivable's lines.
        tax_subject: GL account of the output tax; empty keeps net and tax in one line.
        receivable_subject: GL account that the receipt clears (line ``itemcode``).
        cash_subject: GL account that the money went to (head ``balanceitemcode``).
    """

    department: str = ""
    sale_type: str = ""
    business_type: str = "普通销售"
    person: str = ""
    customer_class: str = ""
    freight_item: str = ""
    fee_item: str = ""
    settlement_style: str = ""
    settlement_styles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    revenue_subject: str = ""
    tax_subject: str = ""
    receivable_subject: str = ""
    cash_subject: str = ""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How this ledger counts money (u8-openapi 2.1).

    Args:
        price_decimals: decimals of unit prices, a ledger setting (4 in the published examples).
        rounding: mode for exact halves.
        service_tax_percent: tax rate of freight and fee lines, in percent.
        ledger_currency: local currency code of the ledger.
        ledger_currency_name: its name in U8, as ``currency_name`` carries it.
        currency_names: currency code to U8 currency name, for foreign orders.
        sale_order_currency_field: head field for the currency of a sale order; no source names one, so a
            foreign order is refused while it is empty.
        sale_order_rate_field: head field for the exchange rate of a sale order, likewise.
    """

    price_decimals: int = 4
    rounding: Rounding = Rounding.HALF_UP
    service_tax_percent: Decimal = Decimal(13)
    ledger_currency: str = "CNY"
    ledger_currency_name: str = "人民币"
    currency_names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sale_order_currency_field: str = ""
    sale_order_rate_field: str = ""

    def __post_init__(self) -> None:
        if not MIN_PRICE_DECIMALS <= self.price_decimals <= MAX_PRICE_DECIMALS:
            raise ValueError(
                f"price decimals must be {MIN_PRICE_DECIMALS} to {MAX_PRICE_DECIMALS}, "
                f"not {self.price_decimals}"
            )


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the client deals with what the platform leaves open (u8-openapi 7).

    Args:
        sync: ask for the final answer at once (``sync=1``) instead of a result URL.
        key_mode: which idempotency handle an add carries.
        max_polls: polls of a result URL before its outcome counts as unclear; the SDK stops at 20.
        ping_after: seconds between polls where the answer does not say.
        settle_seconds: how long after a doubt a search that finds nothing is not yet believed, because the
            far side may still be working on the document.
        resend_after_search: whether a search that finds nothing allows sending the same key again. Switch it
            off where the key search cannot be trusted; a person then decides.
        search_before_add: look for the key before the first add as well, so that a lost record of an earlier
            attempt (a restored backup, a second site) cannot book twice.
        read_back: read a new document back and compare customer and amount before it counts as done.
        verify_after_add: review the document after the add; implies reading it back.
        create_customers: create a customer that U8 does not know.
        rows_per_page: page size of lists; no public maximum.
        page_limit: pages after which a list that never ends is given up.
        key_field: user-defined head field that carries the key readably; define1 holds 20 characters. Empty
            where the ledger has none to spare; memo and digest carry the key anyway.
        connect_seconds: time to reach the platform.
        read_seconds: time to wait for an answer; the .NET SDK waits 100 s.
        calls_per_minute: own pace; no public limit is known.
        token_codes: error codes that mean an expired token; none is published, so the text decides too.
        nothing_found_codes: error codes that mean that nothing matches, besides 20002 and the usual words.
        dispatch_date: send the planned day of dispatch (``dpredatebt``) with a sale order; some ledgers
            demand it.
        row_field: name of a sale order line's number; older documents say ``irowno``.
    """

    sync: bool = False
    key_mode: KeyMode = KeyMode.BIZ_ID
    max_polls: int = 20
    ping_after: float = 3.0
    settle_seconds: float = 600.0
    resend_after_search: bool = True
    search_before_add: bool = True
    read_back: bool = True
    verify_after_add: bool = False
    create_customers: bool = True
    rows_per_page: int = 100
    page_limit: int = 1000
    key_field: str = "define1"
    connect_seconds: float = 10.0
    read_seconds: float = 100.0
    calls_per_minute: int = 300
    token_codes: frozenset[str] = frozenset()
    nothing_found_codes: frozenset[str] = frozenset({"20006"})
    dispatch_date: bool = False
    row_field: str = "rowno"


@dataclass(frozen=True, slots=True)
class U8Settings:
    """One U8 ledger as this site reaches it.

    Args:
        account: name of the account record, for limits, logs and messages.
        base_url: platform address, without a trailing path, e.g. ``https://api.yonyouup.com``.
        from_account: caller id, the developer account (u8-openapi 1.3).
        to_account: provider id, the enterprise account.
        app_key: key of the app.
        app_secret: secret of the app; only the token call carries it.
        ds_sequence: number of the data source, i.e. the ledger.
        profile: by which documents orders are posted.
        refunds: how money paid back is posted.
        codes: archive codes of the ledger.
        amounts: decimals, rounding, tax and currency.
        behaviour: how open points of the platform are handled.
        paths: ``"<resource>list"`` to another list path, where a ledger's version differs (u8-openapi 3.5).
    """

    account: str
    base_url: str
    from_account: str
    to_account: str
    app_key: str
    app_secret: str = field(repr=False)
    ds_sequence: int = 1
    profile: PostingProfile = PostingProfile.SALES_ORDER
    refunds: RefundPosting = RefundPosting.PAYMENT_VOUCHER
    codes: LedgerCodes = field(default_factory=LedgerCodes)
    amounts: Amounts = field(default_factory=Amounts)
    behaviour: Behaviour = field(default_factory=Behaviour)
    paths: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
