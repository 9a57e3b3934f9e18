"""What WDT and U8 will refuse is named while an order is entered, everything at once (D10)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from order_flow.domain.message import Message
from order_flow.domain.orders.facts import OrderFacts
from order_flow.domain.states import PaymentStatus, PaymentTerm
from order_flow.integrations.errors import Rejected
from order_flow.integrations.u8 import field_rules as u8
from order_flow.integrations.u8.settings import PostingProfile
from order_flow.integrations.wdt.codes import RawRefundStatus, RawTradeStatus
from order_flow.integrations.wdt.mapping import order_problems, raw_trade
from order_flow.integrations.wdt.records import trade_payload
from order_flow.integrations.wdt.settings import CodAmount, NumberField, TradeRules
from tests.unit.repository.translatable import read_table
from tests.unit.u8 import u8_samples
from tests.unit.wdt import wdt_samples
from tests.unit.wdt.wdt_samples import NOW, RECEIVER, line, order


def receiver(**changes: str) -> OrderFacts:
    return order(line(1, "1", "5"), receiver=replace(RECEIVER, **changes))


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        (receiver(name="Shenzhen Very Long Trading Company Limited"), "contact_person", "42 characters"),
        (receiver(name="😀"), "contact_person", "emoji"),
        (receiver(mobile="138****0000"), "mobile", "masked"),
        (receiver(district=""), "district", "empty"),
        (receiver(address="路" * 257), "address_line", "257"),
        (order(line(1, "1", "5"), freight="0.00001"), "freight", "more digits"),
        (order(line(1, "1", "0"), discount="1", total=Decimal(-1)), "total", "no line worth anything"),
        (order(), "items", "no line"),
        (order(line(1, "1", "5"), currency="USD", exchange_rate=Decimal(0)), "total", "exchange rate"),
    ],
)
def test_what_wdt_refuses_is_told_by_the_field_of_the_form(
    facts: OrderFacts, field: str, reason: str
) -> None:
    problems = order_problems(facts)
    assert [problem.field for problem in problems] == [field]
    assert reason in problems[0].text


def test_a_good_order_has_no_problem() -> None:
    assert order_problems(order(line(1, "1", "5"))) == ()
    assert u8.order_problems(u8_samples.order(), u8_samples.SETTINGS) == ()


def test_everything_is_named_at_once_and_by_line() -> None:
    facts = order(
        replace(line(1, "1", "5"), product_name="😀"),
        line(2, "1", "5"),
        receiver=replace(RECEIVER, name="", mobile="1**"),
    )
    problems = order_problems(facts)
    assert [(problem.field, problem.line) for problem in problems] == [
        ("contact_person", ""),
        ("mobile", ""),
        ("product_name", "L0001"),
    ]
    with pytest.raises(Rejected) as refused:
        raw_trade(facts, RawTradeStatus.UNPAID, TradeRules(), NOW)
    assert all(problem.text in refused.value.message for problem in problems)


@pytest.mark.parametrize("city", ["东莞市", "中山市", "儋州市", "嘉峪关市"])
def test_a_city_without_districts_needs_none(city: str) -> None:
    facts = receiver(city=city, district="")
    assert order_problems(facts) == ()
    assert raw_trade(facts, RawTradeStatus.UNPAID, TradeRules(), NOW).receiver_district == city


@pytest.mark.parametrize("code", ["A B", "A&B", "A'B", "A%B", "A（B", "", "P" * 61])
def test_product_codes_that_u8_cannot_read(code: str) -> None:
    facts = u8_samples.order(u8_samples.line(1, "1", "5", product_code=code))
    problems = u8.order_problems(facts, u8_samples.SETTINGS)
    assert [(problem.field, problem.line) for problem in problems] == [("product", "L1")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_code": "C" * 21}, "customer"),
        ({"customer_name": " "}, "customer"),
        ({"freight": Decimal(-1)}, "total"),
        ({"discount": Decimal(9999)}, "total"),
        ({"currency": "USD", "exchange_rate": Decimal(0)}, "currency"),
        ({"currency": "USD", "exchange_rate": Decimal(7)}, "currency"),
        ({"total": Decimal(1)}, "total"),
    ],
)
def test_what_u8_refuses_is_told_by_the_field_of_the_form(changes: dict[str, object], field: str) -> None:
    problems = u8.order_problems(u8_samples.order(**changes), u8_samples.SETTINGS)
    assert [problem.field for problem in problems] == [field]


def test_a_foreign_order_is_posted_as_money_documents() -> None:
    settings = replace(u8_samples.SETTINGS, profile=PostingProfile.RECEIVABLE_AND_RECEIPT)
    facts = u8_samples.order(currency="USD", exchange_rate=Decimal(7))
    assert u8.order_problems(facts, settings) == ()


def test_problems_are_told_in_the_language_of_the_entry() -> None:
    table = {row[0]: row[1] for row in read_table("zh")}
    text = order_problems(receiver(mobile="138****0000"))[0].text
    assert text.in_words(lambda english: table.get(english, english)) == (
        "订单 SO-0001:手机含有脱敏符号“*”,无法拨打。请填写完整号码。"
    )


def test_a_message_stays_translatable_when_it_is_part_of_another() -> None:
    outer = Message("{0} Correct it.", Message("Line {0}", 3))
    assert outer == "Line 3 Correct it."
    assert (
        outer.in_words({"{0} Correct it.": "{0}请更正。", "Line {0}": "行{0}"}.__getitem__) == "行3请更正。"
    )


class TestOwnNumbers:
    """F11: the warehouse finds an order by the number that the customer gives."""

    def test_shop_and_customer_numbers_stand_before_the_memo(self) -> None:
        facts = order(line(1, "1", "5"), seller_memo="急", customer_order_number="PO-7")
        trade = raw_trade(facts, RawTradeStatus.UNPAID, TradeRules(), NOW)
        assert trade.seller_memo == "单号:W-1 PO-7 急"

    def test_a_number_that_is_there_is_not_repeated(self) -> None:
        facts = order(line(1, "1", "5"), seller_memo="see W-1", customer_order_number="SO-0001")
        assert raw_trade(facts, RawTradeStatus.UNPAID, TradeRules(), NOW).seller_memo == "see W-1"

    def test_a_long_memo_is_cut_and_not_the_number(self) -> None:
        trade = raw_trade(
            order(line(1, "1", "5"), seller_memo="长" * 2000), RawTradeStatus.UNPAID, TradeRules(), NOW
        )
        assert trade.seller_memo.startswith("单号:W-1 长")
        assert len(trade.seller_memo) == 1024

    @pytest.mark.parametrize(
        ("where", "message", "memo"),
        [(NumberField.BUYER_MESSAGE, "单号:W-1", ""), (NumberField.NONE, "", "")],
    )
    def test_the_field_is_a_setting(self, where: NumberField, message: str, memo: str) -> None:
        trade = raw_trade(
            order(line(1, "1", "5")), RawTradeStatus.UNPAID, TradeRules(number_field=where), NOW
        )
        assert (trade.buyer_message, trade.seller_memo) == (message, memo)


class TestFactsToCheck:
    """F10: where public clients disagree the account's setting decides."""

    def test_what_the_courier_collects(self) -> None:
        facts = order(
            line(1, "1", "100"),
            other_fees="3",
            payment_term=PaymentTerm.CASH_ON_DELIVERY,
            payment_status=PaymentStatus.PARTLY_PAID,
            payments=(wdt_samples.payment("40"),),
        )
        collected = [
            raw_trade(facts, RawTradeStatus.READY, TradeRules(cod_amount=amount), NOW).cod_amount
            for amount in CodAmount
        ]
        assert collected == [Decimal("63.00"), Decimal("60.00")]

    def test_carrier_code(self) -> None:
        trades = [
            raw_trade(order(line(1, "1", "5")), RawTradeStatus.UNPAID, TradeRules(logistics_type=code), NOW)
            for code in (None, -1)
        ]
        assert ["logistics_type" in trade_payload(trade) for trade in trades] == [False, True]

    def test_a_line_taken_back_after_its_release(self) -> None:
        cancelled = replace(line(2, "1", "5"), cancelled=True)
        rules = TradeRules(cancelled_line_refund=RawRefundStatus.REFUNDED)
        trade = raw_trade(
            order(line(1, "1", "5"), cancelled), RawTradeStatus.READY, rules, NOW, RawTradeStatus.READY
        )
        assert [(item.status, item.refund_status) for item in trade.lines] == [(30, 0), (80, 5)]
