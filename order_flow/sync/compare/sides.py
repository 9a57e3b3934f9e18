"""Reads the three sides of several orders: documents here, trades and stockouts in WDT, documents in U8.

The site's side costs five statements however many orders there are. A side that cannot be read is reported
as unread with its reason, never as agreeing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe

from order_flow.domain.amounts import to_decimal
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE
from order_flow.domain.message import Message
from order_flow.domain.orders.outside_numbers import told_number
from order_flow.flow.outside.loading import load_order_facts
from order_flow.integrations.errors import IntegrationError, NoCallLeft, Rejected, UnreadableAnswer
from order_flow.integrations.rate_limit import CallUse
from order_flow.integrations.u8.port import DateRange, RemoteDocument, U8Port
from order_flow.integrations.wdt.codes import CLOSING_STATUSES, TradeStatus
from order_flow.integrations.wdt.port import WdtPort
from order_flow.outbox.accounts.care import state_of
from order_flow.outbox.clock import database_now
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import position_of
from order_flow.outbox.reading.readers import account_port, hold_account
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import CLAIMABLE_STATES
from order_flow.outbox.transaction import end_reading
from order_flow.site_time import site_now, site_zone
from order_flow.sync.compare.ledger_lists import LedgerLists, keep_lists, read_lists
from order_flow.sync.compare.u8 import U8View, expected_documents, keys_of
from order_flow.sync.compare.wdt import WdtView
from order_flow.sync.comparison import SiteOrder, SiteShipment, Stop, Unread
from order_flow.sync.ports import u8_settings, wdt_settings
from order_flow.sync.wdt.read import STOCKOUTS_STREAM, TRADES_STREAM

OPEN_ORDER_LOOK_BACK = timedelta(days=35)
"""How far back the ledger is searched for documents of orders that are not completed: a month and some days,
because an open order may be as old as it likes and the ledger has no search by key over all its time."""
DEFAULT_MISSING_MINUTES = 30


def load_site_orders(names: Iterable[str]) -> dict[str, SiteOrder]:
    """Our side of several orders, in five statements.

    Args:
        names: order names.

    Returns:
        The orders by name.

    Raises:
        OrderMissing: an order does not exist.
    """
    loaded = load_order_facts(names)
    shipments = _shipments(loaded)
    queued = _queued(loaded)
    return {
        name: SiteOrder(
            facts=order.facts,
            wdt_account=order.wdt_account,
            u8_account=order.u8_account,
            created_at=order.created_at,
            changed_at=order.changed_at,
            edition=order.wdt_edition,
            wdt_sealed=order.wdt_sealed,
            wdt_closed=order.wdt_pushed_status in CLOSING_STATUSES,
            rest_called_off=order.rest_called_off,
            shipments=shipments.get(name, ()),
            queued=queued.get(name, {}),
        )
        for name, order in loaded.items()
    }


def _shipments(orders: Iterable[str]) -> dict[str, tuple[SiteShipment, ...]]:
    rows = frappe.db.sql(
        """select s.order_id, s.name, coalesce(s.wdt_trade_number, ''), coalesce(s.waybill_number, ''),
            i.order_item, i.quantity
        from `tabShipment` s join `tabShipment Item` i on i.parent = s.name and i.parenttype = 'Shipment'
        where s.order_id in %s and s.shipment_state in %s and s.delivery_case is null order by s.name""",
        (tuple(orders), tuple(state.value for state in LEFT_WAREHOUSE)),
    )
    quantities: dict[tuple[str, str, str, str], dict[str, Decimal]] = defaultdict(dict)
    for order, name, trade, waybill, line, quantity in rows:
        lines = quantities[order, name, trade, waybill]
        lines[line] = lines.get(line, Decimal(0)) + to_decimal(quantity)
    found: dict[str, tuple[SiteShipment, ...]] = {}
    for (order, name, trade, waybill), lines in quantities.items():
        found[order] = (*found.get(order, ()), SiteShipment(name, trade, waybill, lines))
    return found


def _queued(orders: Iterable[str]) -> dict[str, dict[AccountType, tuple[str, ...]]]:
    rows = frappe.db.sql(
        """select document, account_type, action, state from `tabSync Outbox`
        where document_type = 'Order' and document in %s and state in %s order by name""",
        (tuple(orders), tuple(state.value for state in CLAIMABLE_STATES)),
    )
    found: dict[str, dict[AccountType, tuple[str, ...]]] = defaultdict(dict)
    for order, account_type, action, state in rows:
        side = AccountType(account_type)
        found[order][side] = (*found[order].get(side, ()), Message("{0} ({1})", action, Message(state)))
    return found


def read_wdt(account: str, orders: Sequence[SiteOrder], use: CallUse) -> dict[str, WdtView | Unread]:
    """Read trades and stockouts of orders, one or two calls each; no transaction is open meanwhile.

    Args:
        account: the WDT Account.
        orders: orders of this account.
        use: whose share of the calls is used.

    Returns:
        By order what WDT shows, or why it could not be read.
    """
    document = frappe.get_cached_doc("WDT Account", account)
    empty = WdtView(
        currency="",
        tells_completed=bool(document.tell_completed),
        trades=(),
        stockouts=(),
        read_up_to=_read_up_to(account),
        missing_after=timedelta(minutes=_missing_minutes()),
        now=database_now(),
    )

    def read(port: WdtPort) -> dict[str, WdtView | Unread]:
        view = replace(empty, currency=wdt_settings(document).trade.currency)
        return _each(AccountType.WDT, account, orders, lambda order: _wdt_view(port, view, order))

    return _with_port(AccountType.WDT, account, orders, use, read)


def _wdt_view(port: WdtPort, view: WdtView, order: SiteOrder) -> WdtView:
    name = order.facts.order_id
    tid = told_number(name, order.edition)
    trades = port.trades_of(tid)
    # Nothing has left on either side: the stockouts are only papers, and a call is saved.
    some_left = order.shipments or any(trade.status_code >= TradeStatus.SHIPPED for trade in trades)
    earlier = (port.trades_of(told_number(name, edition)) for edition in range(order.edition))
    return replace(
        view,
        trades=trades,
        stockouts=port.stockouts_of(tid) if some_left else (),
        withdrawn=tuple(trade for found in earlier for trade in found),
    )


def _missing_minutes() -> int:
    setting = frappe.db.get_single_value("Order Flow Settings", "trade_missing_after_minutes")
    return int(setting or DEFAULT_MISSING_MINUTES)


def _read_up_to(account: str) -> datetime | None:
    """Return what both streams have read: a trade's change may bring a shipment with it."""
    positions = [
        position_of(Stream(AccountType.WDT, account, name)) for name in (TRADES_STREAM, STOCKOUTS_STREAM)
    ]
    read = [position for position in positions if position is not None]
    return min(read) if len(read) == len(positions) else None


def read_u8(account: str, orders: Sequence[SiteOrder], use: CallUse) -> dict[str, U8View | Unread]:
    """Read every document that carries a key of the orders, by listing the ledger over their dates.

    Listing, not searching by key: a second document of the same money shows whatever its date. All three
    kinds are listed whatever the profile, so the interface account must be allowed to read them.

    Args:
        account: the U8 Account.
        orders: orders of this account.
        use: whose share of the calls is used.

    Returns:
        By order what the ledger shows, or why it could not be read.
    """
    document = frappe.get_cached_doc("U8 Account", account)

    def read(port: U8Port) -> dict[str, U8View | Unread]:
        settings = u8_settings(document)
        codes = settings.codes
        view = U8View(
            profile=settings.profile,
            currency=settings.amounts.ledger_currency,
            service_items=frozenset({codes.freight_item, codes.fee_item} - {""}),
        )
        lists = read_lists(account, port, _window(orders), orders)
        listed = lists.by_key()

        def read_one(order: SiteOrder) -> U8View:
            _require_judgeable(lists, order)
            return _u8_view(port, view, order, lists, listed)

        found = _each(AccountType.U8, account, orders, read_one)
        keep_lists(account, lists, [order for order in orders if _had_no_call(found[order.facts.order_id])])
        return found

    return _with_port(AccountType.U8, account, orders, use, read)


def _window(orders: Sequence[SiteOrder]) -> DateRange:
    today = site_now().date()
    oldest = today - OPEN_ORDER_LOOK_BACK
    first = min(
        order.facts.completed_at.astimezone(site_zone()).date()
        if order.facts.completed_at
        else max(order.facts.ordered_at.astimezone(site_zone()).date(), oldest)
        for order in orders
    )
    # Money received on a later day is dated then; a clock over there may be ahead of ours.
    return DateRange(min(first, today), today + timedelta(days=1))


def _require_judgeable(lists: LedgerLists, order: SiteOrder) -> None:
    """Refuse to judge an order by lists that may not show all of it."""
    for _kind, key in keys_of(order.facts):
        if key in lists.unreadable:
            raise Rejected(
                Message("U8's document with key {0} cannot be read: {1}", key, lists.unreadable[key])
            )
    if not lists.can_judge(order):
        # Not a failure: the order changed since the reading began, the next minute reads anew.
        lists.overtaken = True
        raise NoCallLeft(
            Message(
                "Order {0} changed while the lists of U8 were read. It is compared next.",
                order.facts.order_id,
            )
        )


def _u8_view(
    port: U8Port,
    view: U8View,
    order: SiteOrder,
    lists: LedgerLists,
    listed: Mapping[str, list[RemoteDocument]],
) -> U8View:
    found = [document for _kind, key in keys_of(order.facts) for document in listed.get(key, [])]
    goods = {
        document.key
        for document in expected_documents(order.facts, view.profile, view.currency)
        if document.quantities and len(listed.get(document.key, [])) == 1
    }
    return replace(
        view,
        documents=tuple(_with_lines(port, lists, one) if one.key in goods else one for one in found),
    )


def _with_lines(port: U8Port, lists: LedgerLists, document: RemoteDocument) -> RemoteDocument:
    """A list has heads only. A document that vanished since it was listed stays without lines."""
    if document.lines:
        return document
    whole = port.get(document.kind, document.number) or document
    # A run that has no call left for the next order does not ask for this one again.
    lists.documents[document.kind][document.number] = whole
    return whole


def _each(
    account_type: AccountType, account: str, orders: Sequence[SiteOrder], read: Callable[[SiteOrder], Any]
) -> dict[str, Any]:
    """One unreadable answer concerns its order only; any other failure would meet the next order as well."""
    found: dict[str, Any] = {}
    for order in orders:
        name = order.facts.order_id
        try:
            found[name] = read(order)
        except (Rejected, UnreadableAnswer) as error:
            found[name] = Unread(error.message)
        except IntegrationError as error:
            rest = [other for other in orders if other.facts.order_id not in found]
            return found | _stopped(account_type, account, rest, error)
    return found


def _had_no_call(found: Any) -> bool:
    return isinstance(found, Unread) and found.stop is Stop.NO_CALL_LEFT


def _stopped(
    account_type: AccountType, account: str, orders: Sequence[SiteOrder], error: IntegrationError
) -> dict[str, Any]:
    """The orders that were not asked about, and why; what the far side said may hold its account."""
    hold_account(account_type, account, error)
    stop = Stop.NO_CALL_LEFT if isinstance(error, NoCallLeft) else Stop.FAILED
    return {order.facts.order_id: Unread(error.message, stop) for order in orders}


def _with_port(
    account_type: AccountType,
    account: str,
    orders: Sequence[SiteOrder],
    use: CallUse,
    read: Callable[[Any], dict[str, Any]],
) -> dict[str, Any]:
    """Open the account's port and read; what was called is logged whatever happens."""
    obstacle = state_of(account_type, account).obstacle(database_now())
    end_reading()
    if obstacle:
        return {order.facts.order_id: Unread(obstacle, Stop.FAILED) for order in orders}
    with account_port(account_type, account, use) as open_port:
        try:
            return read(open_port())
        except IntegrationError as error:
            return _stopped(account_type, account, orders, error)
