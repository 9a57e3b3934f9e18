"""Opens the port of an account from its document: settings, secrets, shared limits, attempt log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe

from order_flow.domain.message import Message
from order_flow.domain.states import PaymentTerm
from order_flow.integrations.errors import Misconfigured
from order_flow.integrations.messaging.client import MessagingClient
from order_flow.integrations.messaging.port import MessagingPort
from order_flow.integrations.rate_limit import CallUse
from order_flow.integrations.tracking.client import TrackingClient
from order_flow.integrations.tracking.port import TrackingPort
from order_flow.integrations.transport import Route, Timeouts, Transport
from order_flow.integrations.u8.client import U8Client
from order_flow.integrations.u8.connection import Connection
from order_flow.integrations.u8.port import U8Port
from order_flow.integrations.u8.settings import (
    Amounts,
    Behaviour,
    KeyMode,
    LedgerCodes,
    PostingProfile,
    U8Settings,
)
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.codes import DeliveryTerm, RawRefundStatus, StockoutStatus
from order_flow.integrations.wdt.port import WdtPort
from order_flow.integrations.wdt.settings import (
    DELIVERY_TERMS,
    CodAmount,
    NumberField,
    PartSync,
    PushSwitch,
    TradeRules,
    WdtSettings,
)
from order_flow.outbox.accounts.checks import listed
from order_flow.outbox.limiter import SharedRateLimiter
from order_flow.outbox.registry import AccountType
from order_flow.rehearsal import is_rehearsal
from order_flow.sync.own_lines import own_lines
from order_flow.sync.tokens import SharedTokenStore

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.u8_account.u8_account import U8Account
    from order_flow.order_flow.doctype.wdt_account.wdt_account import WDTAccount

CONNECT_SECONDS = 5.0
CARRIER_NOT_CHOSEN = -1
NUMBER_FIELDS = {
    "Seller Memo": NumberField.SELLER_MEMO,
    "Buyer Message": NumberField.BUYER_MESSAGE,
    "Not Told": NumberField.NONE,
}
_SERVICE_TAX = Decimal(13)
USES: dict[AccountType, frozenset[CallUse]] = {
    AccountType.WDT: frozenset(CallUse),
    AccountType.U8: frozenset({CallUse.SENDING, CallUse.COMPARING, CallUse.ASKING}),
    AccountType.TRACKING: frozenset({CallUse.READING}),
    AccountType.MESSAGING: frozenset({CallUse.SENDING}),
}
"""What accounts of each type are called for; each use has its share of the calls (``rate_limit``)."""


def _secret(account: Any, fieldname: str) -> str:
    """The decrypted secret of an account.

    Raises:
        Misconfigured: it was never entered.
    """
    secret = account.get_password(fieldname, raise_exception=False)
    if not secret:
        raise Misconfigured(
            Message(
                "{0} {1} has no {2}. Enter it on the account; it then resumes.",
                account.doctype,
                account.name,
                fieldname,
            )
        )
    return str(secret)


def trade_rules(account: WDTAccount) -> TradeRules:
    """How orders of a WDT Account are told; needs no secret, so it serves the entry of orders as well."""
    monthly = DeliveryTerm(_leading_number(account.monthly_delivery_term, DeliveryTerm.INSTALMENTS))
    refund = RawRefundStatus(_leading_number(account.cancelled_line_refund, RawRefundStatus.NONE))
    return TradeRules(
        delivery_terms={**DELIVERY_TERMS, PaymentTerm.MONTHLY_ACCOUNT: monthly},
        cod_amount=CodAmount(account.cod_amount or CodAmount.WITH_FEES),
        cancelled_line_refund=refund,
        logistics_type=CARRIER_NOT_CHOSEN if account.carrier_not_chosen else None,
        number_field=NUMBER_FIELDS[account.own_number_field or "Seller Memo"],
    )


def _leading_number(option: str | None, otherwise: int) -> int:
    """The code in front of an option's words."""
    return int(option.split()[0]) if option else int(otherwise)


def _statuses(text: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in listed(text))


def wdt_settings(account: WDTAccount) -> WdtSettings:
    """A WDT Account document as the client's settings.

    Raises:
        Misconfigured: something the client cannot do without is missing.
    """
    try:
        return WdtSettings(
            account=account.name,
            base_url=account.base_url.rstrip("/"),
            sid=account.seller_account,
            appkey=account.appkey,
            appsecret=_secret(account, "appsecret"),
            shop_no=account.shop_no,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=float(account.timeout_seconds or 30),
            calls_per_minute=account.calls_per_minute or 60,
            push_switch=PushSwitch.STRICT if account.strict_push else PushSwitch.TOLERANT,
            part_sync=PartSync.YES if account.part_shipments else None,
            page_size=account.page_size or 100,
            push_batch=account.batch_size or 50,
            overlap=timedelta(minutes=account.window_overlap_minutes or 0),
            trade=trade_rules(account),
            trade_window=timedelta(minutes=account.trade_window_minutes or 60),
            stockout_window=timedelta(hours=account.stockout_window_hours or 720),
            stock_window=timedelta(hours=account.stock_window_hours or 720),
            in_house_statuses=_statuses(account.in_house_statuses) or (StockoutStatus.REVIEWED,),
            stockout_statuses_by_order=_statuses(account.stockout_statuses) or (None,),
        )
    except ValueError as error:
        raise Misconfigured(str(error)) from error


def u8_settings(account: U8Account) -> U8Settings:
    """A U8 Account document as the client's settings.

    Raises:
        Misconfigured: a value cannot be used, or the secret is missing.
    """
    return replace(u8_rules(account), app_secret=_secret(account, "app_secret"))


def u8_rules(account: U8Account) -> U8Settings:
    """A U8 Account document without its secret: what says how orders are posted.

    Raises:
        Misconfigured: a value cannot be used.
    """
    try:
        return U8Settings(
            account=account.name,
            base_url=account.base_url.rstrip("/"),
            from_account=account.from_account,
            to_account=account.to_account,
            app_key=account.app_key,
            app_secret="",
            ds_sequence=int(account.ds_sequence or 1),
            profile=PostingProfile(account.posting_profile),
            codes=LedgerCodes(
                department=account.department_code or "",
                sale_type=account.sale_type_code or "",
                business_type=account.business_type or "",
                person=account.person_code or "",
                customer_class=account.customer_class_code or "",
                freight_item=account.freight_item_code or "",
                fee_item=account.fees_item_code or "",
                settlement_style=account.settlement_style_code or "",
                revenue_subject=account.revenue_subject_code or "",
                tax_subject=account.tax_subject_code or "",
                receivable_subject=account.receivable_subject_code or "",
                cash_subject=account.receipt_subject_code or "",
            ),
            amounts=Amounts(price_decimals=account.price_decimals or 4, service_tax_percent=_SERVICE_TAX),
            behaviour=Behaviour(
                sync=bool(account.synchronous),
                resend_after_search=bool(account.search_is_reliable),
                verify_after_add=bool(account.verify_documents),
                settle_seconds=float(account.settle_seconds or 0),
                read_seconds=float(account.timeout_seconds or 30),
                calls_per_minute=account.calls_per_minute or 60,
                key_mode=KeyMode((account.key_mode or KeyMode.BIZ_ID).split()[0]),
                key_field=account.key_field or "",
                token_codes=frozenset(listed(account.token_codes)),
                nothing_found_codes=frozenset(listed(account.nothing_found_codes)),
                dispatch_date=bool(account.tell_dispatch_date),
                row_field=(account.row_field or "rowno").split()[0],
            ),
        )
    except ValueError as error:
        raise Misconfigured(str(error)) from error


def open_wdt(account: str, sink: Callable[[Any], None], use: CallUse) -> WdtPort:
    """Port factory of WDT accounts (``outbox/registry``)."""
    settings = wdt_settings(frappe.get_cached_doc("WDT Account", account))
    limiter = _limiter(AccountType.WDT, settings.calls_per_minute, use)
    timeouts = Timeouts(connect=settings.connect_timeout, read=settings.read_timeout)
    document = frappe.get_cached_doc("WDT Account", account)
    transport = Transport(account, sink, limiter, timeouts, route_of(document))
    return WdtClient(settings, transport, own_lines=own_lines)


def open_u8(account: str, sink: Callable[[Any], None], use: CallUse) -> U8Port:
    """Port factory of U8 accounts (``outbox/registry``)."""
    settings = u8_settings(frappe.get_cached_doc("U8 Account", account))
    limiter = _limiter(AccountType.U8, settings.behaviour.calls_per_minute, use)
    timeouts = Timeouts(connect=settings.behaviour.connect_seconds, read=settings.behaviour.read_seconds)
    route = route_of(frappe.get_cached_doc("U8 Account", account))
    transport = Transport(account, sink, limiter, timeouts, route)
    return U8Client(settings, Connection(settings, transport, SharedTokenStore(settings)))


def open_tracking(account: str, sink: Callable[[Any], None], use: CallUse) -> TrackingPort:
    """Port factory of tracking accounts (``outbox/registry``)."""
    document = frappe.get_cached_doc(AccountType.TRACKING.value, account)
    transport = _plain_transport(document, sink, use)
    return TrackingClient(document.base_url, _secret(document, "api_key"), transport)


def open_messaging(account: str, sink: Callable[[Any], None], use: CallUse) -> MessagingPort:
    """Port factory of messaging accounts (``outbox/registry``)."""
    document = frappe.get_cached_doc(AccountType.MESSAGING.value, account)
    transport = _plain_transport(document, sink, use)
    return MessagingClient(document.base_url, _secret(document, "api_key"), transport)


def _limiter(account_type: AccountType, calls_per_minute: int, use: CallUse) -> SharedRateLimiter:
    return SharedRateLimiter(account_type, calls_per_minute, use, USES[account_type])


def _plain_transport(document: Any, sink: Callable[[Any], None], use: CallUse) -> Transport:
    limiter = _limiter(AccountType(document.doctype), document.calls_per_minute or 60, use)
    timeouts = Timeouts(connect=CONNECT_SECONDS, read=float(document.timeout_seconds or 15))
    return Transport(document.name, sink, limiter, timeouts, route_of(document))


def route_of(account: Any) -> Route:
    """The way of an account's calls: the company's proxy and authorities from Order Flow Settings."""
    settings = frappe.get_cached_doc("Order Flow Settings")
    if is_rehearsal():
        # Not by the proxy either: it would take a call for this machine to another one.
        return Route(closed=True)
    proxy = "" if account.get("without_proxy") else settings.get_password("proxy", raise_exception=False)
    return Route(proxy=proxy or "", certificates=settings.certificate_authorities or "")
