"""The client against the WDT stand-in over HTTP: an order's way and what is read back (wdt-openapi 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from order_flow.domain.orders.facts import OrderFacts
from order_flow.domain.states import PaymentStatus, PaymentTerm
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.codes import (
    BlockReason,
    ConsignBit,
    DeliveryTerm,
    RawTradeStatus,
    StockoutStatus,
    SyncStatus,
    TradeStatus,
)
from order_flow.integrations.wdt.port import Acknowledgement, SalesTrade, ShipmentNotice, Stockout
from order_flow.integrations.wdt.settings import TradeEndpoint
from order_flow.integrations.wdt.stages import WarehouseStage
from order_flow.integrations.wdt.state_map import order_stage
from order_flow.integrations.window import SHANGHAI, Window
from tests.contract.wdt.wdt_client_fixtures import ClientMaker, pushed
from tests.contract.wdt.wdt_fixtures import WdtCaller
from tests.unit.wdt.wdt_samples import line, order, payment

S = RawTradeStatus
STAGES_BY_STEP = {
    "audit": WarehouseStage.WAITING_FOR_PRINT,
    "print": WarehouseStage.PICKING,
    "pick": WarehouseStage.SCANNING,
    "scan": WarehouseStage.WEIGHING,
    "weigh": WarehouseStage.DISPATCHING,
    "ship": WarehouseStage.SHIPPED,
}


def paid(facts: OrderFacts) -> OrderFacts:
    return replace(facts, payment_status=PaymentStatus.PAID, payments=(payment(str(facts.total)),))


def push(client: WdtClient, facts: OrderFacts, status: RawTradeStatus) -> None:
    result = client.push_trades([pushed(facts, status)])
    assert (result.rejected, result.failed) == ({}, {})
    assert result.accepted == {facts.order_id}


def only_trade(client: WdtClient, tid: str = "SO-0001") -> SalesTrade:
    (trade,) = client.trades_of(tid)
    return trade


def only_notice(client: WdtClient) -> ShipmentNotice:
    (notice,) = client.waiting_shipments(100)
    assert isinstance(notice, ShipmentNotice)
    return notice


def recent() -> Window:
    now = datetime.now(SHANGHAI)
    return Window(now - timedelta(minutes=10), now + timedelta(seconds=2))


@pytest.mark.parametrize("pick_sets_bit", [True, False])
def test_the_whole_way_of_a_paid_order(wdt: WdtCaller, wdt_client: WdtClient, pick_sets_bit: bool) -> None:
    """10, 30, review, print, pick, scan, weigh, ship, acknowledge, 70 (R-016, R-017, R-020, 2.1-A)."""
    wdt.set(pick_sets_sorted_bit=pick_sets_bit)
    facts = order(line(1, "3", "10"), line(2, "1", "5"), freight="8")
    push(wdt_client, facts, S.UNPAID)
    assert wdt_client.trades_of("SO-0001") == ()  # submitting is asynchronous
    wdt.settle()
    assert only_trade(wdt_client).status is TradeStatus.WAITING_FOR_PAYMENT

    push(wdt_client, paid(facts), S.READY)
    wdt.settle()
    assert order_stage(wdt_client.trades_of("SO-0001")) is WarehouseStage.WAITING_FOR_REVIEW

    for step, stage in STAGES_BY_STEP.items():
        wdt.verb(step, "SO-0001")
        trades, stockouts = wdt_client.trades_of("SO-0001"), wdt_client.stockouts_of("SO-0001")
        assert order_stage(trades, stockouts) is stage, step

    notice = only_notice(wdt_client)
    assert (notice.tid, notice.oids, notice.is_part) == ("SO-0001", (), False)
    assert (notice.logistics_code, notice.sync_status) == ("SF", SyncStatus.WAITING)
    assert notice.logistics_no == only_trade(wdt_client).logistics_no != ""
    assert wdt_client.acknowledge([Acknowledgement(notice.rec_id)]) == {}
    assert wdt_client.waiting_shipments(100) == ()
    assert only_trade(wdt_client).consign & ConsignBit.SHOP_INFORMED

    push(wdt_client, paid(facts), S.COMPLETED)
    wdt.settle()
    assert only_trade(wdt_client).status is TradeStatus.COMPLETED


FOREIGN = {"currency": "USD", "exchange_rate": Decimal("7.1234")}
COD = PaymentTerm.CASH_ON_DELIVERY
CANCELLED_LINE = replace(line(2, "2", "20", discount="1"), cancelled=True)
ORDERS = {
    "plain": order(line(1, "3", "10")),
    "discounts-and-freight": order(
        line(1, "3", "9.99", discount="1"), line(2, "2", "20"), freight="8", other_fees="-0.5", discount="10"
    ),
    "price-without-tax": order(line(1, "3", "9.99", tax_included=False), tax_included=False),
    "five-decimals": order(line(1, "7", "0.33335")),
    "gift": order(line(1, "1", "10"), replace(line(2, "1", "0"), is_gift=True)),
    "cash-on-delivery": order(line(1, "3", "10"), freight="5", payment_term=COD),
    "monthly-account": order(line(1, "3", "10"), payment_term=PaymentTerm.MONTHLY_ACCOUNT),
    "foreign": order(line(1, "3", "9.99"), line(2, "1", "0.01"), freight="1.11", **FOREIGN),
    "one-line-cancelled": order(line(1, "3", "10"), CANCELLED_LINE, discount="1"),
    "591-lines": order(*(line(number, "2", "1.25") for number in range(1, 592)), discount="7.77"),
}


@pytest.mark.parametrize("name", list(ORDERS))
def test_amounts_and_lines_come_back_as_they_were_meant(
    wdt: WdtCaller, wdt_client: WdtClient, name: str
) -> None:
    facts = ORDERS[name]
    push(wdt_client, facts, S.READY)
    wdt.settle()
    trade = only_trade(wdt_client)
    assert trade.status is TradeStatus.CUSTOMER_REVIEW
    assert trade.bad_reason == 0  # the stand-in flags amounts that do not add up
    sent = pushed(facts, S.READY)
    expected = facts.total if facts.currency == "CNY" else Decimal("221.47")
    assert trade.receivable == expected
    assert trade.cod_amount == sent.cod_amount
    alive = {item.line_id: item for item in facts.lines if not item.cancelled}
    found = {item.src_oid: item for item in trade.lines_of("SO-0001") if item.actual_quantity}
    assert {oid: item.quantity for oid, item in found.items()} == {
        oid: item.quantity for oid, item in alive.items()
    }
    if sent.delivery_term is DeliveryTerm.CASH_ON_DELIVERY:
        assert sent.cod_amount == facts.total


def test_many_lines_keep_their_own_ids(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    """Two lines of one article stay two lines: matching is by oid, never by article (design 4)."""
    twins = [replace(line(number, "1", "5"), product_code="SAME") for number in (1, 2)]
    push(wdt_client, order(*twins), S.READY)
    wdt.settle()
    assert [item.src_oid for item in only_trade(wdt_client).lines] == ["L0001", "L0002"]


def test_a_line_cancelled_later_is_closed_and_the_rest_still_adds_up(
    wdt: WdtCaller, wdt_client: WdtClient
) -> None:
    """One line at 80 before review: that line is zeroed, the others stay (wdt-openapi 2.8)."""
    lines = (line(1, "3", "10"), line(2, "2", "20"))
    push(wdt_client, order(*lines), S.READY)
    wdt.settle()
    now_smaller = order(lines[0], replace(lines[1], cancelled=True))
    result = wdt_client.push_trades([pushed(now_smaller, S.READY, S.READY)])
    assert result.accepted == {"SO-0001"}
    wdt.settle()
    trade = only_trade(wdt_client)
    assert {item.src_oid: item.actual_quantity for item in trade.lines} == {"L0001": 3, "L0002": 0}
    assert trade.status is TradeStatus.CUSTOMER_REVIEW


def test_pushing_again_is_an_update(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    facts = order(line(1, "3", "10"))
    for _ in range(3):
        push(wdt_client, facts, S.READY)
    wdt.settle()
    push(wdt_client, replace(facts, receiver=replace(facts.receiver, address="新路2号")), S.READY)
    wdt.settle()
    assert len(wdt_client.trades_of("SO-0001")) == 1
    assert wdt.inside("SO-0001")["raw"]["pushed"]["receiver_address"] == "新路2号"


@pytest.mark.parametrize(("first", "last"), [(S.UNPAID, S.CLOSED), (S.READY, S.REFUNDED)])
def test_cancelling_before_review(
    wdt: WdtCaller, wdt_client: WdtClient, first: RawTradeStatus, last: RawTradeStatus
) -> None:
    """Not reviewed yet: the trade becomes 5 (wdt-openapi 2.8, R-023)."""
    facts = order(line(1, "3", "10")) if first is S.UNPAID else paid(order(line(1, "3", "10")))
    push(wdt_client, facts, first)
    wdt.settle()
    push(wdt_client, facts, last)
    wdt.settle()
    assert only_trade(wdt_client).status is TradeStatus.CANCELLED


def test_cancelling_in_the_warehouse_is_only_a_request(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    facts = paid(order(line(1, "3", "10")))
    push(wdt_client, facts, S.READY)
    wdt.settle()
    wdt.verb("audit", "SO-0001")
    push(wdt_client, facts, S.REFUNDED)
    wdt.settle()
    (stockout,) = wdt_client.stockouts_of("SO-0001")
    assert stockout.block_reason & BlockReason.REFUNDED
    assert only_trade(wdt_client).status is TradeStatus.REVIEWED
    wdt.verb("confirm_interception", "SO-0001")
    assert only_trade(wdt_client).status is TradeStatus.CANCELLED


def test_freezing_is_seen_as_a_flag(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    push(wdt_client, order(line(1, "3", "10")), S.READY)
    wdt.settle()
    wdt.verb("freeze", "SO-0001")
    trade = only_trade(wdt_client)
    assert trade.is_frozen
    assert trade.status is TradeStatus.CUSTOMER_REVIEW


def test_a_second_review_gives_the_stockout_another_number(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    push(wdt_client, order(line(1, "3", "10")), S.READY)
    wdt.settle()
    wdt.steps("audit", "print", "reject", "audit", tid="SO-0001")
    trades, stockouts = wdt_client.trades_of("SO-0001"), wdt_client.stockouts_of("SO-0001")
    living = [item for item in stockouts if item.status is StockoutStatus.REVIEWED]
    assert len({item.order_no for item in stockouts}) == len(stockouts) == 2
    assert len(living) == 1
    assert order_stage(trades, stockouts) is WarehouseStage.WAITING_FOR_PRINT


def test_a_split_order_is_shipped_in_parts(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    wdt.set(split_shipping=True)
    push(wdt_client, order(line(1, "3", "10"), line(2, "1", "5")), S.READY)
    wdt.settle()
    wdt.steps("audit", "print", "pick", "scan", "weigh", tid="SO-0001")
    wdt.verb("ship", "SO-0001", lines=[{"oid": "L0001", "num": "3"}])
    notice = only_notice(wdt_client)
    assert (notice.is_part, notice.oids) == (True, ("L0001",))
    trades = wdt_client.trades_of("SO-0001")
    assert len(trades) == 2
    assert order_stage(trades, wdt_client.stockouts_of("SO-0001")) is WarehouseStage.WAITING_FOR_REVIEW


def test_merged_orders_are_taken_apart_by_their_lines(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    first = order(line(1, "3", "10"))
    second = order(line(2, "1", "5"), order_id="SO-0002")
    wdt_client.push_trades([pushed(first, S.READY), pushed(second, S.READY)])
    wdt.settle()
    numbers = [only_trade(wdt_client, tid).trade_no for tid in ("SO-0001", "SO-0002")]
    wdt.admin("POST", "wdt/merge", {"trade_no": numbers[0], "other": numbers[1]})
    living = [trade for trade in wdt_client.trades_of("SO-0002") if trade.status is not TradeStatus.CANCELLED]
    assert len(living) == 1
    assert [item.src_oid for item in living[0].lines_of("SO-0001")] == ["L0001"]
    assert [item.src_oid for item in living[0].lines_of("SO-0002")] == ["L0002"]


@pytest.mark.parametrize("endpoint", list(TradeEndpoint))
@pytest.mark.parametrize("page_size", [3, 7, 100])
def test_changes_are_read_page_by_page(
    wdt: WdtCaller, make_client: ClientMaker, endpoint: TradeEndpoint, page_size: int
) -> None:
    client = make_client(page_size=page_size, trade_endpoint=endpoint)
    tids = [f"SO-{number:04d}" for number in range(7)]
    facts = [order(line(number, "1", "5"), order_id=tid) for number, tid in enumerate(tids)]
    result = client.push_trades([pushed(item, S.READY) for item in facts])
    assert result.accepted == set(tids)
    wdt.settle()
    now = datetime.now(SHANGHAI)
    found = list(client.trades_changed(Window(now - timedelta(hours=3), now + timedelta(minutes=1))))
    assert all(isinstance(item, SalesTrade) for item in found)
    assert sorted(item.src_tids[0] for item in found if isinstance(item, SalesTrade)) == tids


def test_shipped_stockouts_are_found_by_the_time_they_left(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    push(wdt_client, order(line(1, "3", "10")), S.READY)
    wdt.settle()
    wdt.verb("audit", "SO-0001")
    now = datetime.now(SHANGHAI)
    window = Window(now - timedelta(days=45), now + timedelta(minutes=1))
    assert list(wdt_client.stockouts_shipped(window)) == []  # reviewed, not shipped
    wdt.steps("print", "pick", "scan", "weigh", "ship", tid="SO-0001")
    (stockout,) = wdt_client.stockouts_shipped(window)
    assert isinstance(stockout, Stockout)
    assert stockout.status is StockoutStatus.SHIPPED
    assert stockout.trade_no == only_trade(wdt_client).trade_no
    assert stockout.trade_id == only_trade(wdt_client).trade_id
    assert [(item.src_oid, item.quantity) for item in stockout.lines_of("SO-0001")] == [("L0001", Decimal(3))]


def test_acknowledging_twice_is_reported_and_harmless(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    push(wdt_client, order(line(1, "3", "10")), S.READY)
    wdt.settle()
    wdt.steps("audit", "print", "pick", "scan", "weigh", "ship", tid="SO-0001")
    notice = only_notice(wdt_client)
    assert wdt_client.acknowledge([Acknowledgement(notice.rec_id)]) == {}
    errors = wdt_client.acknowledge([Acknowledgement(notice.rec_id), Acknowledgement("999")])
    assert set(errors) == {notice.rec_id, "999"}
    assert "非待同步状态" in errors[notice.rec_id]


def test_a_failed_acknowledgement_shows_its_reason_over_there(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    push(wdt_client, order(line(1, "3", "10")), S.READY)
    wdt.settle()
    wdt.steps("audit", "print", "pick", "scan", "weigh", "ship", tid="SO-0001")
    notice = only_notice(wdt_client)
    assert wdt_client.acknowledge([Acknowledgement(notice.rec_id, "order unknown 😀")]) == {}
    (row,) = wdt.inside("SO-0001")["sync_rows"]
    assert (row["sync_status"], row["error_msg"]) == (SyncStatus.SYNC_FAILED, "order unknown")


@pytest.mark.parametrize(
    "knobs",
    [
        {"code_as_string": True},
        {"numbers_as_strings": False},
        {"omit_empty_lists": False},
        {"src_tids_length": 3},
    ],
)
def test_the_form_of_the_answer_does_not_matter(
    wdt: WdtCaller, wdt_client: WdtClient, knobs: dict[str, object]
) -> None:
    wdt.set(**knobs)
    assert wdt_client.trades_of("SO-0001") == ()
    assert wdt_client.waiting_shipments(10) == ()
    push(wdt_client, order(line(1, "3", "10")), S.READY)
    wdt.settle()
    trade = only_trade(wdt_client)
    assert (trade.status, trade.receivable) == (TradeStatus.CUSTOMER_REVIEW, Decimal(30))
    assert list(wdt_client.trades_changed(recent()))


def test_master_data_of_the_demo_account(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    assert "web01" in {shop.shop_no for shop in wdt_client.shops()}
    assert {"WH01", "WH02"} <= {warehouse.warehouse_no for warehouse in wdt_client.warehouses()}
    assert {"SF", "YTO", "ZTO"} <= {carrier.logistics_code for carrier in wdt_client.carriers()}
