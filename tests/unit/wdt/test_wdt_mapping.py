"""Orders turned into raw orders: whole payloads, the equation, refusals (wdt-openapi 2.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from order_flow.domain.orders.facts import OrderFacts
from order_flow.domain.states import PaymentStatus, PaymentTerm
from order_flow.integrations.errors import Rejected
from order_flow.integrations.wdt.codes import DeliveryTerm, RawTradeStatus
from order_flow.integrations.wdt.mapping import line_amount, raw_trade, receivable
from order_flow.integrations.wdt.port import RawTrade
from order_flow.integrations.wdt.records import trade_payload
from order_flow.integrations.wdt.settings import TradeRules
from tests.unit.wdt.wdt_samples import NOW, PAID_ON, RECEIVER, line, order, payment

CENTS = st.integers(0, 1_000_000).map(lambda cents: Decimal(cents) / 100)


def mapped(facts: OrderFacts, status: RawTradeStatus = RawTradeStatus.READY, **rules: Any) -> RawTrade:
    return raw_trade(facts, status, TradeRules(**rules), NOW)


def updated(facts: OrderFacts, status: RawTradeStatus = RawTradeStatus.READY) -> RawTrade:
    """A push of an order that WDT knows already."""
    return raw_trade(facts, status, TradeRules(), NOW, RawTradeStatus.UNPAID)


def line_payload(number: int, **changes: Any) -> dict[str, Any]:
    """What a line of ``wdt_samples.line`` becomes, apart from its figures."""
    code = f"P-{number:03d}"
    return {
        "oid": f"L{number:04d}",
        "goods_id": code,
        "spec_id": code,
        "goods_no": code,
        "spec_no": code,
        "goods_name": f"产品{number}",
        "spec_name": "红色",
        "adjust_amount": "0.0000",
        "discount": "0.0000",
        "share_discount": "0.0000",
        "status": 30,
        "refund_status": 0,
        "remark": "",
    } | changes


HEAD: dict[str, Any] = {
    "tid": "SO-0001",
    "trade_status": 30,
    "pay_status": 0,
    "delivery_term": 1,
    "trade_time": "2025-01-01 08:30:00",
    "pay_time": "0000-00-00 00:00:00",
    "buyer_nick": "001",
    "receiver_name": "测试收件人",
    "receiver_province": "浙江省",
    "receiver_city": "杭州市",
    "receiver_district": "西湖区",
    "receiver_address": "文三路1号",
    "receiver_mobile": "13800000000",
    "receiver_telno": "",
    "receiver_zip": "",
    "buyer_message": "",
    "seller_memo": "单号:W-1",
    "post_amount": "0.0000",
    "cod_amount": "0.0000",
    "ext_cod_fee": "0.0000",
    "other_amount": "0.0000",
    "paid": "0.0000",
}


def test_a_new_unpaid_order() -> None:
    payload = trade_payload(mapped(order(line(1, "3", "10")), RawTradeStatus.UNPAID))
    assert payload == HEAD | {
        "trade_status": 10,
        "order_list": [line_payload(1, num="3.0000", price="10.0000", status=10)],
    }


def test_a_paid_order_with_discounts_freight_and_fees() -> None:
    facts = order(
        line(1, "3", "10", discount="1"),
        line(2, "2", "20"),
        line(3, "1", "0"),
        freight="8",
        other_fees="-0.5",
        discount="10",
        payment_status=PaymentStatus.PAID,
        payments=(payment("66.50"),),
    )
    assert trade_payload(mapped(facts)) == HEAD | {
        "pay_status": 2,
        "pay_time": "2025-01-01 10:00:00",
        "post_amount": "8.0000",
        "other_amount": "-0.5000",
        "paid": "66.5000",
        "order_list": [
            line_payload(1, num="3.0000", price="10.0000", discount="1.0000", share_discount="4.2000"),
            # The last line that is worth anything takes the remainder, so the shares give exactly 10.
            line_payload(2, num="2.0000", price="20.0000", share_discount="5.8000"),
            line_payload(3, num="1.0000", price="0.0000"),
        ],
    }


def test_cash_on_delivery_collects_what_is_not_paid() -> None:
    facts = order(
        line(1, "1", "100"),
        payment_term=PaymentTerm.CASH_ON_DELIVERY,
        payment_status=PaymentStatus.PARTLY_PAID,
        payments=(payment("30"),),
    )
    assert trade_payload(mapped(facts)) == HEAD | {
        "pay_status": 1,
        "delivery_term": 2,
        "pay_time": "2025-01-01 10:00:00",
        "cod_amount": "70.0000",
        "paid": "30.0000",
        "order_list": [line_payload(1, num="1.0000", price="100.0000")],
    }


def test_prices_without_tax_put_the_tax_into_the_adjustment() -> None:
    facts = order(line(1, "3", "10", tax_included=False), tax_included=False)
    payload = trade_payload(mapped(facts))
    assert payload["order_list"] == [line_payload(1, num="3.0000", price="10.0000", adjust_amount="3.9000")]
    assert facts.total == Decimal("33.90")


def test_rounding_and_a_price_of_more_than_four_decimals_go_into_the_adjustment() -> None:
    payload = trade_payload(mapped(order(line(1, "7", "0.33335"))))
    # 7 * 0.33335 = 2.33345, our line says 2.33; WDT sees 7 * 0.3334 = 2.3338.
    assert payload["order_list"] == [line_payload(1, num="7.0000", price="0.3334", adjust_amount="-0.0038")]


def test_a_cancelled_line_keeps_number_and_price_and_is_worth_nothing() -> None:
    cancelled = replace(line(2, "2", "20", discount="4"), cancelled=True)
    facts = order(line(1, "3", "10"), cancelled, discount="3")
    assert [item.oid for item in mapped(facts).lines] == ["L0001"]  # WDT never heard of the other
    payload = trade_payload(updated(facts))
    assert payload["order_list"] == [
        line_payload(1, num="3.0000", price="10.0000", share_discount="3.0000"),
        line_payload(2, num="2.0000", price="20.0000", adjust_amount="-40.0000", status=80),
    ]


@pytest.mark.parametrize(
    ("status", "line_status"),
    [(RawTradeStatus.UNPAID, 90), (RawTradeStatus.READY, 80), (RawTradeStatus.CLOSED, 90)],
)
def test_status_of_a_cancelled_line(status: RawTradeStatus, line_status: int) -> None:
    cancelled = replace(line(2, "2", "20"), cancelled=True)
    trade = updated(order(line(1, "3", "10"), cancelled), status)
    assert [item.status for item in trade.lines] == [status, line_status]


@pytest.mark.parametrize("status", [RawTradeStatus.REFUNDED, RawTradeStatus.CLOSED])
def test_a_cancelled_order_cancels_every_line(status: RawTradeStatus) -> None:
    trade = mapped(order(line(1, "3", "10"), line(2, "1", "5")), status)
    assert {trade.trade_status, *(item.status for item in trade.lines)} == {status}


def test_a_foreign_order_is_converted_at_its_own_rate_and_still_adds_up() -> None:
    facts = order(
        line(1, "3", "9.99"),
        line(2, "1", "0.01"),
        freight="1.11",
        discount="0.05",
        currency="USD",
        exchange_rate=Decimal("7.1234"),
        payment_status=PaymentStatus.PAID,
        payments=(payment("10.01"), payment("21.03")),
    )
    trade = mapped(facts)
    assert facts.total == Decimal("31.04")
    assert receivable(trade) == trade.paid == Decimal("221.11")  # 31.04 * 7.1234 = 221.110...
    assert trade.post_amount == Decimal("7.91")
    assert trade.lines[0].price == Decimal("71.1628")


def test_terms_follow_the_settings() -> None:
    facts = order(line(1, "1", "5"), payment_term=PaymentTerm.MONTHLY_ACCOUNT)
    assert mapped(facts).delivery_term is DeliveryTerm.INSTALMENTS
    own = {PaymentTerm.MONTHLY_ACCOUNT: DeliveryTerm.MONTHLY_ACCOUNT}
    trade = mapped(facts, delivery_terms=own)
    assert (trade.delivery_term, trade.cod_amount) == (DeliveryTerm.MONTHLY_ACCOUNT, Decimal(0))


def test_what_was_paid_too_much_stays_in_our_ledger() -> None:
    facts = order(line(1, "1", "5"), payment_status=PaymentStatus.OVERPAID, payments=(payment("6"),))
    assert mapped(facts).paid == Decimal("5.00")


def test_times_in_the_future_are_clamped() -> None:
    late = replace(payment("5"), received_on=PAID_ON + timedelta(days=9))
    facts = order(
        line(1, "1", "5"),
        ordered_at=NOW + timedelta(seconds=1),
        payment_status=PaymentStatus.PAID,
        payments=(late,),
    )
    trade = mapped(facts)
    assert trade.trade_time == trade.pay_time == NOW


def test_texts_are_cleaned_free_text_is_cut() -> None:
    facts = order(
        replace(line(1, "1", "5"), product_name="名" * 300, specification="规" * 101),
        buyer_message="😀请轻放\n" + "长" * 2000,
        receiver=replace(RECEIVER, name="小😀明 "),
    )
    trade = mapped(facts)
    assert trade.receiver_name == "小明"
    assert trade.buyer_message == "请轻放 " + "长" * 1020
    assert (len(trade.lines[0].goods_name), len(trade.lines[0].spec_name)) == (255, 100)


def test_a_landline_serves_where_there_is_no_mobile() -> None:
    trade = mapped(order(line(1, "1", "5"), receiver=replace(RECEIVER, mobile="", phone="0571-1234567")))
    assert (trade.receiver_mobile, trade.receiver_telno) == ("0571-1234567", "0571-1234567")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (order(line(1, "1", "5"), total=Decimal("5.01")), r"does not add up.*5\.0000.*5\.01"),
        (order(line(1, "1", "5"), order_id="S" * 41), "Order Number has 41 characters, WDT takes 40"),
        (order(line(1, "1", "5"), customer_code=""), "Customer is empty"),
        (order(line(1, "1", "5"), receiver=replace(RECEIVER, mobile="138****0000")), "masked"),
        (order(line(1, "1", "5"), receiver=replace(RECEIVER, mobile="")), "Mobile is empty"),
        (order(line(1, "1", "5"), receiver=replace(RECEIVER, name="😀")), "Contact Person holds nothing"),
        (order(line(1, "1", "5"), receiver=replace(RECEIVER, address="路" * 257)), "Address has 257"),
        (order(line(1, "1", "5"), receiver=replace(RECEIVER, district="")), "District is empty"),
        (order(replace(line(1, "1", "5"), line_id="L" * 41)), "Line has 41"),
        (order(replace(line(1, "1", "5"), product_code="P" * 41)), "Product has 41"),
        (order(replace(line(1, "1", "5"), product_code="")), "Product is empty"),
        (order(line(1, "0.00001", "100000")), r"Quantity 0\.00001 needs more digits"),
        (order(line(1, "-1", "5")), "Quantity is negative"),
        (order(replace(line(1, "1", "0"), quantity=Decimal(0))), "more than zero"),
        (order(line(1, "1", "5"), freight="-1"), "Freight is negative"),
        (order(line(1, "1", "5"), payments=(payment("-1"),)), "Paid is negative"),
        (order(line(1, "1", "0"), discount="1", total=Decimal(-1)), "no line worth anything"),
        (order(), "has no line"),
        (order(line(1, "1", "5"), currency="USD", exchange_rate=Decimal(0)), "no exchange rate"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_figures(facts: OrderFacts, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        mapped(facts)


@hypothesis_settings(max_examples=60)
@given(
    figures=st.lists(
        st.tuples(
            st.integers(1, 99_999).map(lambda value: Decimal(value) / 1000),
            st.integers(1, 10_000_000).map(lambda value: Decimal(value) / 100_000),
            st.sampled_from(["0", "1", "6", "13"]),
        ),
        min_size=1,
        max_size=6,
    ),
    freight=CENTS,
    share=st.integers(0, 100),
    rate=st.integers(1, 99_999).map(lambda value: Decimal(value) / 1000),
    tax_included=st.booleans(),
)
def test_the_equation_holds_for_every_order(
    figures: list[tuple[Decimal, Decimal, str]],
    freight: Decimal,
    share: int,
    rate: Decimal,
    tax_included: bool,
) -> None:
    """Sum of the lines plus freight is the order's total, exactly, whatever the prices (wdt-openapi 2.1)."""
    lines = [
        line(number, str(quantity), str(price), tax=tax, tax_included=tax_included)
        for number, (quantity, price, tax) in enumerate(figures, 1)
    ]
    goods = sum((item.gross for item in lines), Decimal(0))
    discount = (goods * share / 100).quantize(Decimal("0.01"))
    facts = order(*lines, freight=str(freight), discount=str(discount), tax_included=tax_included)
    domestic = mapped(facts)
    assert receivable(domestic) == facts.total
    assert sum((item.share_discount for item in domestic.lines), Decimal(0)) == discount
    for item, source in zip(domestic.lines, lines, strict=True):
        assert line_amount(item) == source.gross - item.share_discount
        assert -item.adjust_amount.as_tuple().exponent <= 4


@hypothesis_settings(max_examples=60)
@given(
    prices=st.lists(
        st.integers(100, 1_000_000).map(lambda value: Decimal(value) / 100), min_size=1, max_size=6
    ),
    rate=st.integers(1, 99_999).map(lambda value: Decimal(value) / 1000),
)
def test_a_converted_order_is_worth_its_converted_total(prices: list[Decimal], rate: Decimal) -> None:
    lines = [line(number, "3", str(price)) for number, price in enumerate(prices, 1)]
    facts = order(*lines, currency="USD", exchange_rate=rate)
    assert abs(receivable(mapped(facts)) - facts.total * rate) <= Decimal("0.005")
