"""Site against WDT, one change at a time (requirements 2.1-B, R-034, R-351, wdt-openapi 2.1 - 2.3, 2.8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from order_flow.domain.states import OrderState, PaymentFamily, PaymentTerm
from order_flow.integrations.wdt.codes import StockoutStatus, TradeStatus
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind as Kind
from order_flow.sync.compare.wdt import WdtView, compare_with_wdt
from order_flow.sync.comparison import Aspect, SiteOrder, SiteShipment, waybill_aspect
from tests.unit.sync.comparison_samples import (
    LINES,
    NOW,
    WAYBILL,
    in_wdt,
    on_site,
    paid_order,
    shipped_in_wdt,
    stockout,
    told,
    trade,
    trade_line,
)
from tests.unit.wdt.wdt_samples import payment

SHIPPED = paid_order(OrderState.SHIPPED)
T = TradeStatus


def found(site: SiteOrder, wdt: WdtView) -> set[tuple[Kind, str, bool]]:
    """Kind, aspect and whether it is only a delay."""
    return {(one.kind, one.aspect, bool(one.delay)) for one in compare_with_wdt(site, wdt)}


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (OrderState.PAID, T.CUSTOMER_REVIEW),
        (OrderState.PAID, T.REVIEWED),
        (OrderState.CONFIRMED, T.REVIEWED),
        (OrderState.UNCONFIRMED, T.WAITING_FOR_PAYMENT),
        (OrderState.UNDER_REVIEW, T.CUSTOMER_REVIEW),
    ],
)
def test_states_that_agree_before_shipping(state: OrderState, status: TradeStatus) -> None:
    """A waiting trade contradicts no open order of ours; one in the warehouse no released one."""
    assert found(on_site(paid_order(state)), in_wdt(trade(status))) == set()


@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.RECEIVED, OrderState.COMPLETED])
@pytest.mark.parametrize("status", [T.SHIPPED, T.COMPLETED])
def test_shipped_agrees_with_their_completed(state: OrderState, status: TradeStatus) -> None:
    """WDT's completed is our shipped: same moment, other word (R-034)."""
    wdt = in_wdt(trade(status), stockouts=(stockout(StockoutStatus(int(status))),))
    assert found(on_site(paid_order(state)), wdt) == set()


@pytest.mark.parametrize(
    ("state", "status", "kind"),
    [
        (OrderState.UNCONFIRMED, T.REVIEWED, Kind.STATE_DIFFERS),
        (OrderState.PAID, T.CANCELLED, Kind.STATE_DIFFERS),
        (OrderState.VOIDED, T.CUSTOMER_REVIEW, Kind.STATE_DIFFERS),
        (OrderState.CANCELLED, T.REVIEWED, Kind.STATE_DIFFERS),
    ],
)
def test_states_that_differ(state: OrderState, status: TradeStatus, kind: Kind) -> None:
    """Neither side may go on with what the other called off, or ahead of what was released."""
    assert found(on_site(paid_order(state)), in_wdt(trade(status))) == {(kind, Aspect.STATE, False)}


def test_unknown_state_is_never_guessed() -> None:
    """A code nobody told us about is a case for a person (R-034, R-350)."""
    assert found(on_site(paid_order()), in_wdt(trade(77))) == {(Kind.UNKNOWN_STATE, Aspect.STATE, False)}


@pytest.mark.parametrize("state", [OrderState.VOIDED, OrderState.CANCELLED])
def test_called_off_on_both_sides(state: OrderState) -> None:
    """No trade at all and a cancelled trade both agree with a called-off order (R-023)."""
    assert found(on_site(paid_order(state)), in_wdt()) == set()
    assert found(on_site(paid_order(state)), in_wdt(trade(T.CANCELLED))) == set()


def test_emptied_lines_of_a_merged_trade() -> None:
    """A merged trade lives on without our lines: cancelled for us before review, a request only after it."""
    emptied = tuple(replace(line, actual_quantity=Decimal(0)) for line in LINES)
    other = trade_line("X1", "1", "5", "5", src_tid="SO-0002")
    cancelled = on_site(paid_order(OrderState.CANCELLED))
    assert found(cancelled, in_wdt(trade(T.CUSTOMER_REVIEW, (*emptied, other)))) == set()
    assert found(cancelled, in_wdt(trade(T.REVIEWED, (*emptied, other)))) == {
        (Kind.STATE_DIFFERS, Aspect.STATE, False)
    }


def test_missing_trade_is_a_delay_at_first() -> None:
    """WDT makes trades of raw orders in the background; after the setting's minutes it is missing."""
    fresh = on_site(paid_order(), created_at=NOW - timedelta(minutes=29))
    assert found(fresh, in_wdt()) == {(Kind.MISSING_IN_WDT, Aspect.STATE, True)}
    old = on_site(paid_order(), created_at=NOW - timedelta(minutes=30))
    assert found(old, in_wdt()) == {(Kind.MISSING_IN_WDT, Aspect.STATE, False)}


def test_queued_message_explains_a_difference() -> None:
    """What is still to be told is honest delay; what was given up is not queued any more."""
    wdt = in_wdt(trade(T.CANCELLED))
    waiting = on_site(paid_order(), queued={AccountType.WDT: ("wdt_cancellation (Waiting)",)})
    assert found(waiting, wdt) == {(Kind.STATE_DIFFERS, Aspect.STATE, True)}
    other = on_site(paid_order(), queued={AccountType.U8: ("u8_posting (Pending)",)})
    assert found(other, wdt) == {(Kind.STATE_DIFFERS, Aspect.STATE, False)}


@pytest.mark.parametrize(
    ("read_up_to", "delayed"),
    [(NOW - timedelta(hours=3), True), (None, True), (NOW - timedelta(hours=2), False)],
)
def test_change_that_was_not_read_yet(read_up_to: object, delayed: bool) -> None:
    """A change behind the position of the streams will still be read back."""
    wdt = replace(in_wdt(trade(T.CANCELLED)), read_up_to=read_up_to)
    assert found(on_site(paid_order()), wdt) == {(Kind.STATE_DIFFERS, Aspect.STATE, delayed)}


@pytest.mark.parametrize(
    "lines",
    [
        LINES[:1],
        (LINES[0], replace(LINES[1], actual_quantity=Decimal(1))),
        (LINES[0], replace(LINES[1], src_oid="L0009")),
    ],
)
def test_lines_that_differ(lines: tuple) -> None:
    """Lines are joined by oid, and what counts is what is still to be sent."""
    kinds = found(on_site(paid_order()), in_wdt(trade(T.CUSTOMER_REVIEW, lines)))
    assert (Kind.LINES_DIFFER, Aspect.LINES, False) in kinds


def test_price_that_differs() -> None:
    """Same quantity at another price."""
    lines = (LINES[0], replace(LINES[1], price=Decimal("25.0001")))
    (one,) = compare_with_wdt(on_site(paid_order()), in_wdt(trade(T.CUSTOMER_REVIEW, lines)))
    assert (one.kind, one.site, one.wdt) == (
        Kind.LINES_DIFFER,
        {"L0002": {"product": "P-002", "quantity": "2", "price": "25.0000"}},
        {"L0002": {"product": "P", "quantity": "2", "price": "25.0001"}},
    )


def test_gifts_of_theirs_do_not_count() -> None:
    """Gifts that WDT adds have no oid of ours (wdt-openapi 2.2)."""
    gift = trade_line("", "1", "0", "0", src_tid="SO-0001", gift_type=1)
    assert found(on_site(paid_order()), in_wdt(trade(T.REVIEWED, (*LINES, gift)))) == set()


def test_amount_that_differs() -> None:
    """The goods' shares and the receivable are compared to the cent."""
    cheaper = (LINES[0], replace(LINES[1], share_amount=Decimal("46.8650")))
    for wdt in (
        in_wdt(trade(T.REVIEWED, receivable=Decimal("82.99"))),
        in_wdt(trade(T.REVIEWED, cheaper)),
    ):
        assert found(on_site(paid_order()), wdt) == {(Kind.AMOUNT_DIFFERS, Aspect.AMOUNT, False)}


def test_split_order_adds_up() -> None:
    """One order in two trades, one of them shipped, agrees as long as nothing is lost."""
    first = trade(T.SHIPPED, (LINES[0],), receivable=Decimal("36.125"), paid=Decimal(0))
    rest = trade(
        T.CUSTOMER_REVIEW, (LINES[1],), trade_no="JY2", receivable=Decimal("46.875"), paid=Decimal(0)
    )
    parcel = replace(stockout(), lines=stockout().lines[:1])
    site = on_site(paid_order(), shipments=(SiteShipment("SH1", "JY1", WAYBILL, {"L0001": Decimal(3)}),))
    assert found(site, in_wdt(first, rest, stockouts=(parcel,))) == set()


def test_merged_trade_is_compared_by_our_lines() -> None:
    """The receivable of a merged trade is not ours alone; our lines' shares are."""
    other = trade_line("X1", "1", "500", "500", src_tid="SO-0002")
    wdt = in_wdt(trade(T.REVIEWED, (*LINES, other), receivable=Decimal(583), paid=Decimal(583)))
    assert found(on_site(paid_order()), wdt) == set()


def test_foreign_order_is_compared_at_its_own_rate() -> None:
    """USD 83 at 7.1 are CNY 589.30 over there."""
    facts = replace(paid_order(), currency="USD", exchange_rate=Decimal("7.1"))
    lines = (
        replace(LINES[0], price=Decimal("71"), share_amount=Decimal("199.6875")),
        replace(LINES[1], price=Decimal("177.5"), share_amount=Decimal("332.8125")),
    )
    right = trade(T.REVIEWED, lines, receivable=Decimal("589.30"), paid=Decimal("589.30"))
    assert found(on_site(facts), in_wdt(right)) == set()
    wrong = replace(right, receivable=Decimal("83"))
    assert found(on_site(facts), in_wdt(wrong)) == {(Kind.AMOUNT_DIFFERS, Aspect.AMOUNT, False)}


@pytest.mark.parametrize(
    ("state", "theirs", "differs"),
    [
        (OrderState.PAID, "0", True),
        (OrderState.PAID, "83", False),
        (OrderState.CONFIRMED, "0", False),
        (OrderState.CONFIRMED, "84", True),
    ],
)
def test_paid(state: OrderState, theirs: str, differs: bool) -> None:
    """Complete payment is told at once, a part perhaps not yet; more than was paid is never right."""
    kinds = found(on_site(paid_order(state)), in_wdt(trade(T.CUSTOMER_REVIEW, paid=Decimal(theirs))))
    assert kinds == ({(Kind.AMOUNT_DIFFERS, Aspect.PAID, False)} if differs else set())


@pytest.mark.parametrize(("tells", "differs"), [(True, True), (False, False)])
def test_money_of_pay_later_comes_with_completion(tells: bool, differs: bool) -> None:
    """Pay later: WDT hears of the money when the order is completed, if it is told at all."""
    facts = paid_order(
        OrderState.COMPLETED,
        family=PaymentFamily.PAY_LATER,
        payment_term=PaymentTerm.CASH_ON_DELIVERY,
    )
    wdt = replace(shipped_in_wdt(), tells_completed=tells, trades=(trade(T.SHIPPED, paid=Decimal(0)),))
    assert bool(found(on_site(facts), wdt)) is differs


def test_money_paid_back_is_the_ledgers_matter() -> None:
    """A refund after the goods left does not contradict what WDT was paid."""
    facts = replace(SHIPPED, payments=(payment("83"), replace(payment("-10"), payment_id="P2")))
    assert found(on_site(facts), shipped_in_wdt()) == set()


def test_shipment_that_only_one_side_knows() -> None:
    """Goods are counted by line; a shipment of the desk waits for the person who ships it in WDT."""
    assert found(on_site(SHIPPED, shipments=()), shipped_in_wdt()) == {
        (Kind.SHIPMENT_DIFFERS, Aspect.SHIPMENTS, False)
    }
    leaving = {"L0001": Decimal(3), "L0002": Decimal(2)}
    at_desk = on_site(SHIPPED, shipments=(SiteShipment("SH1", "", "SF9", leaving),))
    assert found(at_desk, in_wdt(trade(T.REVIEWED))) == {
        (Kind.STATE_DIFFERS, Aspect.STATE, True),
        (Kind.SHIPMENT_DIFFERS, Aspect.SHIPMENTS, True),
    }


def test_shipment_taken_back_in_wdt() -> None:
    """Recalled goods are on the site's books and not on WDT's."""
    wdt = in_wdt(trade(T.REVIEWED), stockouts=(stockout(StockoutStatus.REVIEWED),))
    assert found(on_site(SHIPPED), wdt) == {
        (Kind.STATE_DIFFERS, Aspect.STATE, False),
        (Kind.SHIPMENT_DIFFERS, Aspect.SHIPMENTS, False),
    }


def test_waybill_that_differs() -> None:
    """The warehouse corrected a waybill and the site does not know."""
    wdt = shipped_in_wdt(stockouts=(replace(stockout(), logistics_no="SF2"),))
    assert found(on_site(SHIPPED), wdt) == {(Kind.SHIPMENT_DIFFERS, waybill_aspect("JY1"), False)}


def test_present_edition_is_compared_and_earlier_ones_must_be_gone() -> None:
    """An edited order lives under its new number; the old one must be cancelled, or goods leave twice."""
    facts = paid_order(OrderState.UNCONFIRMED, payments=())
    site = on_site(facts, edition=1)
    now = trade(T.CUSTOMER_REVIEW, told(facts, 1), paid=Decimal(0))
    gone = trade(T.CANCELLED, paid=Decimal(0))
    alive = trade(T.CUSTOMER_REVIEW, paid=Decimal(0))
    assert found(site, in_wdt(now, withdrawn=(gone,))) == set()
    assert found(site, in_wdt(now, withdrawn=(alive,))) == {(Kind.STATE_DIFFERS, Aspect.WITHDRAWN, False)}
