"""One order as the site has it against what WDT shows (requirements 2.1-B, wdt-openapi 2.1 - 2.3). Pure.

An order of ours may be several trades over there (split) and a trade may hold several orders (merged), so
everything is counted by ``src_tid`` + ``src_oid``, the numbers of the order's present edition. What is
expected is worked out from the order itself, not by the mapping that pushes it, so that a mistake in the
mapping shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from order_flow.domain.amounts import ZERO, round_money
from order_flow.domain.message import Message, joined
from order_flow.domain.orders.facts import OrderFacts
from order_flow.domain.orders.outside_numbers import as_told, own_name, told_number
from order_flow.domain.states import CALLED_OFF_STATES, OrderState, PaymentFamily
from order_flow.integrations.wdt.codes import TradeStatus
from order_flow.integrations.wdt.port import SalesTrade, Stockout
from order_flow.integrations.wdt.stages import WarehouseStage
from order_flow.integrations.wdt.state_map import agrees, as_ours, order_stage
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind
from order_flow.sync.comparison import Aspect, Difference, SiteOrder, waybill_aspect

_PRICE_STEP = Decimal("0.0001")
_AMOUNT_WORDS = {
    "goods": Message("the value of the goods"),
    "receivable": Message("the total"),
    "paid": Message("the amount paid"),
}
_Figures = tuple[Decimal, Decimal | None]
"""Quantity and price of a line; the price is None where WDT leaves it out."""
_NOT_SHIPPED_THERE = Message("Shipped at the desk; a person has the task to ship it in WDT too.")


@dataclass(frozen=True, slots=True)
class WdtView:
    """What WDT shows of one order, and what must be known to judge it.

    Args:
        currency: currency of all amounts over there.
        tells_completed: whether completion, and the money with it, is told to this account.
        trades: all sales trades with lines of the order.
        stockouts: all stockouts with lines of the order.
        withdrawn: trades of its earlier editions, none of which may live.
        read_up_to: WDT's changes up to here have been read back (aware); None where never.
        missing_after: an order younger than this may not be a trade yet.
        now: aware time of the comparison.
    """

    currency: str
    tells_completed: bool
    trades: tuple[SalesTrade, ...]
    stockouts: tuple[Stockout, ...]
    read_up_to: datetime | None
    missing_after: timedelta
    now: datetime
    withdrawn: tuple[SalesTrade, ...] = ()


def compare_with_wdt(site: SiteOrder, wdt: WdtView) -> tuple[Difference, ...]:
    """Compare state, lines, amounts and shipments.

    Args:
        site: our side.
        wdt: what was read.

    Returns:
        The differences; those that are honest delay carry the reason.
    """
    earlier = {told_number(site.facts.order_id, edition) for edition in range(site.edition)}
    site = replace(site, facts=as_told(site.facts, site.edition))
    tid = site.facts.order_id
    if not wdt.trades:
        found = _missing(site, wdt)
    else:
        trades = tuple(as_ours(trade, tid) for trade in wdt.trades)
        stage = order_stage(trades, wdt.stockouts)
        living = [trade for trade in trades if trade.status is not TradeStatus.CANCELLED]
        found = _state(site, stage, replace(wdt, trades=trades)) if stage is not None else []
        if site.facts.state not in CALLED_OFF_STATES and living:
            found += [*_lines(site, living, wdt), *_amounts(site, living, wdt), *_paid(site, living, wdt)]
        found += [*_shipped(site, wdt), *_waybills(site, wdt)]
    found += _withdrawn(site, wdt, earlier)
    delay = site.queue_delay(AccountType.WDT) or _unread_changes(wdt)
    return tuple(replace(one, delay=one.delay or delay) for one in found)


def _unread_changes(wdt: WdtView) -> str:
    changes = [trade.modified for trade in wdt.trades] + [stockout.modified for stockout in wdt.stockouts]
    newest = max((moment for moment in changes if moment is not None), default=None)
    if newest is None or (wdt.read_up_to is not None and newest <= wdt.read_up_to):
        return ""
    return Message("WDT changed the order at {0}, which is not read back yet.", f"{newest:%Y-%m-%d %H:%M:%S}")


def _difference(
    site: SiteOrder,
    kind: DiscrepancyKind,
    aspect: str,
    summary: str,
    ours: Any,
    theirs: Any,
    delay: str = "",
) -> Difference:
    return Difference(
        kind=kind,
        aspect=aspect,
        account_type=AccountType.WDT,
        account=site.wdt_account,
        summary=summary,
        site=ours,
        wdt=theirs,
        delay=delay,
    )


def _missing(site: SiteOrder, wdt: WdtView) -> list[Difference]:
    facts = site.facts
    if facts.state in CALLED_OFF_STATES:
        # WDT never made a trade of it, so nothing of it can leave.
        return []
    young = wdt.now - site.created_at < wdt.missing_after
    minutes = int(wdt.missing_after.total_seconds() // 60)
    text = Message(
        "WDT has no trade of order {0} ({1}). Look there among the raw orders that could not be submitted, "
        "e.g. for an article WDT does not know, then push it again.",
        facts.order_id,
        Message(facts.state.value),
    )
    delay = Message("WDT may take {0} minutes to make a trade of a new order.", minutes) if young else ""
    ours = {"state": facts.state.value, "lines": len(facts.lines), "total": facts.total}
    return [_difference(site, DiscrepancyKind.MISSING_IN_WDT, Aspect.STATE, text, ours, None, delay)]


def _state(site: SiteOrder, stage: WarehouseStage, wdt: WdtView) -> list[Difference]:
    facts = site.facts
    if agrees(facts.state, stage, wdt.trades):
        return []
    unknown = stage is WarehouseStage.UNKNOWN
    kind = DiscrepancyKind.UNKNOWN_STATE if unknown else DiscrepancyKind.STATE_DIFFERS
    text = Message(
        "Order {0} is {1} here, WDT shows it as {2}.",
        facts.order_id,
        Message(facts.state.value),
        Message(stage.value),
    )
    theirs = [
        {"trade": trade.trade_no, "status": trade.status_code, "frozen": trade.is_frozen}
        for trade in wdt.trades
    ]
    desk_only = any(shipment.only_here for shipment in site.shipments_there)
    return [
        _difference(
            site,
            kind,
            Aspect.STATE,
            text,
            {"state": facts.state.value, "payment": facts.payment_status.value},
            {"stage": stage.value, "trades": theirs},
            _NOT_SHIPPED_THERE if desk_only else "",
        )
    ]


def _withdrawn(site: SiteOrder, wdt: WdtView, earlier: set[str]) -> list[Difference]:
    """An edition that was replaced must be cancelled over there, or the goods leave twice."""
    living = [
        trade
        for trade in wdt.withdrawn
        if trade.status is not TradeStatus.CANCELLED
        and any(line.actual_quantity and line.src_tid in earlier for line in trade.lines)
    ]
    if not living:
        return []
    numbers = ", ".join(trade.trade_no for trade in living)
    text = Message(
        "WDT still works on an earlier edition of order {0} (trade {1}). Cancel it there, or the goods leave "
        "twice.",
        site.facts.order_id,
        numbers,
    )
    theirs = [{"trade": trade.trade_no, "status": trade.status_code} for trade in living]
    return [
        _difference(
            site, DiscrepancyKind.STATE_DIFFERS, Aspect.WITHDRAWN, text, {"edition": site.edition}, theirs
        )
    ]


def _sums(pairs: Sequence[tuple[str, Decimal]]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for key, amount in pairs:
        totals[key] += amount
    return {key: amount for key, amount in totals.items() if amount}


def _price(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_PRICE_STEP, rounding=ROUND_HALF_UP)


def _converter(facts: OrderFacts, currency: str) -> Callable[[Decimal], Decimal]:
    """Return how an amount of the order reads in another currency, to the cent."""
    rate = Decimal(1) if facts.currency == currency else facts.exchange_rate
    return lambda amount: round_money(amount * rate)


def _lines(site: SiteOrder, living: Sequence[SalesTrade], wdt: WdtView) -> list[Difference]:
    facts = site.facts
    rate = Decimal(1) if facts.currency == wdt.currency else facts.exchange_rate
    by_hand = {told_number(line, site.edition): part for line, part in site.booked_by_hand.items()}
    there = [
        replace(line, quantity=line.quantity - by_hand.get(line.line_id, ZERO))
        for line in facts.lines
        if not line.cancelled
    ]
    ordered = {line.line_id: line for line in there if line.quantity}
    theirs = [line for trade in living for line in trade.lines_of(facts.order_id)]
    found = _sums([(line.src_oid, line.actual_quantity) for line in theirs])
    prices = {line.src_oid: _price(line.price) for line in theirs}
    products = {line.src_oid: line.spec_no for line in theirs}
    ours_shown: dict[str, Any] = {}
    theirs_shown: dict[str, Any] = {}
    for oid in sorted(ordered.keys() | found.keys()):
        line = ordered.get(oid)
        mine = (line.quantity, _price(line.unit_price * rate)) if line else None
        other = (found[oid], prices[oid]) if oid in found else None
        if not _same_line(mine, other):
            ours_shown[oid] = _line_shown(mine, line.product_code if line else "")
            theirs_shown[oid] = _line_shown(other, products.get(oid, ""))
    if not ours_shown:
        return []
    first = ", ".join(list(ours_shown)[:5])
    text = Message("{0} line(s) of order {1} differ in WDT: {2}.", len(ours_shown), facts.order_id, first)
    return [_difference(site, DiscrepancyKind.LINES_DIFFER, Aspect.LINES, text, ours_shown, theirs_shown)]


def _same_line(mine: _Figures | None, other: _Figures | None) -> bool:
    """Equal in quantity and price; a price that WDT leaves out is not another price."""
    if mine is None or other is None:
        return mine is other
    return mine[0] == other[0] and (other[1] is None or mine[1] == other[1])


def _line_shown(pair: _Figures | None, product: str) -> dict[str, str] | None:
    if pair is None:
        return None
    price = "" if pair[1] is None else f"{pair[1]:f}"
    return {"product": product, "quantity": f"{pair[0]:f}", "price": price}


def _total(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum to the cent, None where a part of it is unknown."""
    known = [amount for amount in amounts if amount is not None]
    return round_money(sum(known, ZERO)) if len(known) == len(amounts) else None


def _left_out(
    site: SiteOrder, living: Sequence[SalesTrade], aspect: Aspect, names: Sequence[str]
) -> Difference:
    """Figures that WDT does not show cannot be compared; that is said, not taken for zero."""
    numbers = ", ".join(trade.trade_no for trade in living)
    text = Message(
        "WDT's trade {0} of order {1} came without {2}; that could not be compared. Look at the trade in "
        "WDT.",
        numbers,
        site.facts.order_id,
        joined([_AMOUNT_WORDS[name] for name in names], ", "),
    )
    kind = DiscrepancyKind.UNREADABLE_RECORD
    return _difference(site, kind, aspect, text, None, {"trade": numbers, "left_out": list(names)})


def _is_ours_alone(trade: SalesTrade, tid: str) -> bool:
    return all(line.src_tid == tid for line in trade.lines if line.src_oid)


def _amounts(site: SiteOrder, living: Sequence[SalesTrade], wdt: WdtView) -> list[Difference]:
    """The goods' worth by lines; the whole receivable where no trade holds another order as well."""
    if site.wdt_sealed:
        return []
    facts, tid = site.facts, site.facts.order_id
    converted = _converter(facts, wdt.currency)
    total = converted(facts.total)
    ours = {"goods": total - converted(facts.freight) - converted(facts.other_fees)}
    lines = [line for trade in living for line in trade.lines_of(tid) if line.actual_quantity]
    theirs = {"goods": _total([line.share_amount for line in lines])}
    if all(_is_ours_alone(trade, tid) for trade in living):
        ours["receivable"] = total
        theirs["receivable"] = _total([trade.receivable for trade in living])
    unknown = sorted(name for name, amount in theirs.items() if amount is None)
    if unknown:
        return [_left_out(site, living, Aspect.AMOUNT, unknown)]
    if ours == theirs:
        return []
    text = Message("Order {0} is worth {1} {2} here; WDT has another amount.", tid, total, wdt.currency)
    return [_difference(site, DiscrepancyKind.AMOUNT_DIFFERS, Aspect.AMOUNT, text, ours, theirs)]


def _paid(site: SiteOrder, living: Sequence[SalesTrade], wdt: WdtView) -> list[Difference]:
    """Money WDT was to hear of. A trade that was split or merged keeps shares nobody documents."""
    facts = site.facts
    if site.wdt_sealed or len(wdt.trades) != 1 or not living or not _is_ours_alone(living[0], facts.order_id):
        return []
    if living[0].paid is None:
        return [_left_out(site, living, Aspect.PAID, ["paid"])]
    ours = _converter(facts, wdt.currency)(max(min(facts.paid, facts.total), ZERO))
    theirs = round_money(living[0].paid)
    if theirs == ours:
        return []
    if theirs < ours and (site.wdt_closed or not _money_was_told(facts, wdt.tells_completed)):
        return []
    if theirs > ours and any(payment.amount < ZERO for payment in facts.payments):
        # Money paid back after the goods left is the ledger's matter; WDT keeps what was paid.
        return []
    text = Message(
        "Order {0} is paid with {1} {2} here, WDT shows {3}.", facts.order_id, ours, wdt.currency, theirs
    )
    return [
        _difference(site, DiscrepancyKind.AMOUNT_DIFFERS, Aspect.PAID, text, {"paid": ours}, {"paid": theirs})
    ]


def _money_was_told(facts: OrderFacts, tells_completed: bool) -> bool:
    """Pay first: told when it is complete. Pay later: told with the completion (requirements 2.1-A)."""
    if facts.family is PaymentFamily.PAY_FIRST:
        return facts.state in (OrderState.PAID, OrderState.SHIPPED, OrderState.COMPLETED)
    return tells_completed and facts.state is OrderState.COMPLETED


def _left(wdt: WdtView) -> list[Stockout]:
    return [stockout for stockout in wdt.stockouts if stockout.status_code >= TradeStatus.SHIPPED]


def _shown(quantities: Mapping[str, Decimal]) -> dict[str, str]:
    return {line: f"{quantity:f}" for line, quantity in sorted(quantities.items())}


def _shipped(site: SiteOrder, wdt: WdtView) -> list[Difference]:
    tid = site.facts.order_id
    ours = _sums([pair for shipment in site.shipments_there for pair in shipment.quantities.items()])
    theirs = _sums(
        [
            (own_name(line.src_oid)[0], line.quantity)
            for stockout in _left(wdt)
            for line in stockout.lines_of(tid)
        ]
    )
    if ours == theirs:
        return []
    desk_only = [shipment.name for shipment in site.shipments_there if shipment.only_here]
    text = Message(
        "What has left of order {0} differs: the site counts {1} line(s), WDT {2}.",
        tid,
        len(ours),
        len(theirs),
    )
    return [
        _difference(
            site,
            DiscrepancyKind.SHIPMENT_DIFFERS,
            Aspect.SHIPMENTS,
            text,
            _shown(ours),
            _shown(theirs),
            _NOT_SHIPPED_THERE if desk_only else "",
        )
    ]


def _waybills(site: SiteOrder, wdt: WdtView) -> list[Difference]:
    """Waybills of the parcels both sides know; WDT may have none for goods that were collected."""
    known = {shipment.trade_number: shipment.waybill for shipment in site.shipments if shipment.trade_number}
    theirs = {
        stockout.trade_no: stockout.logistics_no
        for stockout in _left(wdt)
        if stockout.logistics_no
        and known.get(stockout.trade_no, stockout.logistics_no) != stockout.logistics_no
    }
    order = site.facts.order_id
    return [
        _difference(
            site,
            DiscrepancyKind.SHIPMENT_DIFFERS,
            waybill_aspect(trade),
            Message("WDT shows another waybill for order {0}: {1}.", order, waybill),
            {trade: known[trade]},
            {trade: waybill},
        )
        for trade, waybill in theirs.items()
    ]
