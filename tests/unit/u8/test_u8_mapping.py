"""Orders as U8 documents, whole payloads (R-019, R-021, R-044, R-345; u8-openapi 2.1, 3.3, 3.6, 3.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.integrations.errors import Misconfigured, Rejected
from order_flow.integrations.u8.mapping import customer_card, posting_documents
from order_flow.integrations.u8.port import CustomerCard, U8Document, U8DocumentKind
from order_flow.integrations.u8.settings import PostingProfile, RefundPosting
from tests.unit.u8.u8_samples import LATE_EVENING_UTC, SETTINGS, line, order, payment

MONEY = replace(SETTINGS, profile=PostingProfile.RECEIVABLE_AND_RECEIPT)


def test_a_plain_order_as_a_sale_order() -> None:
    """u8-openapi 2.1 example: 20 x 33.33; the date is the completion day in China, not in UTC."""
    assert posting_documents(order(line(1, "20", "666.60", tax_percent=D(17))), SETTINGS) == (
        U8Document(
            kind=U8DocumentKind.SALE_ORDER,
            key="S-SO-2026-00001",
            date=date(2026, 3, 15),
            customer_code="001",
            amount=D("666.60"),
            payload={
                "date": "2026-03-15",
                "businesstype": "普通销售",
                "typecode": "01",
                "custcode": "001",
                "cusname": "测试＜客户＞",
                "deptcode": "01",
                "personcode": "001",
                "taxrate": "17",
                "memo": "S-SO-2026-00001 SO-2026-00001 WEB-77",
                "define1": "S-SO-2026-00001",
                "entry": [
                    {
                        "rowno": "1",
                        "inventorycode": "P001",
                        "quantity": "20",
                        "taxrate": "17",
                        "unitprice": "28.4870",
                        "taxunitprice": "33.3300",
                        "money": "569.74",
                        "tax": "96.86",
                        "sum": "666.60",
                        "natunitprice": "28.4870",
                        "natmoney": "569.74",
                        "nattax": "96.86",
                        "natsum": "666.60",
                        "bgift": "0",
                    }
                ],
            },
        ),
    )


def test_freight_fees_discount_gift_and_a_split_line_add_up() -> None:
    """R-044: the order's discount is inside the prices, freight and fees are service lines."""
    facts = order(
        line(1, "3000", "1000.00"),
        line(2, "1", "0", is_gift=True),
        line(3, "2", "500.00"),
        line(4, "1", "99.00", cancelled=True),
        freight=D("12.00"),
        other_fees=D("3.50"),
        discount=D("100.00"),
    )
    (document,) = posting_documents(facts, SETTINGS)
    lines = [
        (row["inventorycode"], row["quantity"], row["taxunitprice"], row["sum"], row["bgift"])
        for row in document.payload["entry"]
    ]
    assert lines == [
        ("P001", "2700", "0.3111", "839.97", "0"),
        ("P001", "300", "0.3112", "93.36", "0"),
        ("P002", "1", "0.0000", "0.00", "1"),
        ("P003", "2", "233.3350", "466.67", "0"),
        ("P-FREIGHT", "1", "12.0000", "12.00", "0"),
        ("P-FEE", "1", "3.5000", "3.50", "0"),
    ]
    assert sum(D(row["sum"]) for row in document.payload["entry"]) == facts.total == document.amount
    assert [row["rowno"] for row in document.payload["entry"]] == ["1", "2", "3", "4", "5", "6"]
    assert document.item_codes == ("P001", "P002", "P003", "P-FREIGHT", "P-FEE")


def test_a_foreign_sale_order_needs_field_names_that_no_source_gives() -> None:
    facts = order(currency="USD", exchange_rate=D("7.1"))
    with pytest.raises(Misconfigured, match="names no currency field"):
        posting_documents(facts, SETTINGS)
    settings = replace(
        SETTINGS,
        amounts=replace(
            SETTINGS.amounts,
            sale_order_currency_field="cexch_name",
            sale_order_rate_field="iexchrate",
            currency_names={"USD": "美元"},
        ),
    )
    (document,) = posting_documents(facts, settings)
    assert (document.payload["cexch_name"], document.payload["iexchrate"]) == ("美元", "7.1")
    row = document.payload["entry"][0]
    assert (row["sum"], row["natsum"]) == ("666.60", "4732.86")
    assert D(row["natmoney"]) + D(row["nattax"]) == D(row["natsum"])
    assert document.amount == D("666.60")


def test_receivable_and_one_receipt_for_each_payment() -> None:
    """u8-openapi 3.6, 3.7: heads equal the sums of their lines; receipts carry 48 and the style."""
    facts = order(payments=(payment(1, "600.00"), payment(2, "66.60", method="Cash")))
    receivable, first, second = posting_documents(facts, MONEY)
    assert receivable == U8Document(
        kind=U8DocumentKind.RECEIVABLE,
        key="R-SO-2026-00001",
        date=date(2026, 3, 15),
        customer_code="001",
        amount=D("666.60"),
        payload={
            "date": "2026-03-15",
            "bdebitcredit": "1",
            "cust_vendor_code": "001",
            "amount": "666.60",
            "natamount": "666.60",
            "digest": "R-SO-2026-00001 SO-2026-00001 WEB-77",
            "deptcode": "01",
            "personcode": "001",
            "define1": "R-SO-2026-00001",
            "entry": [
                {
                    "cust_vendor_code": "001",
                    "amount": amount,
                    "natamount": amount,
                    "currency_name": "人民币",
                    "currency_rate": "1",
                    "bdebitcredit": "0",
                    "digest": "R-SO-2026-00001 SO-2026-00001 WEB-77",
                    "subjectcode": subject,
                    "deptcode": "01",
                }
                for amount, subject in (("589.91", "6001"), ("76.69", "222101"))
            ],
        },
    )
    shared = {
        "customercode": "001",
        "amount": "600.00",
        "originalamount": "600.00",
        "digest": "P-pay-1 SO-2026-00001 2026-03-14 Bank Transfer T1",
        "departmentcode": "01",
        "personcode": "001",
    }
    assert first == U8Document(
        kind=U8DocumentKind.RECEIPT,
        key="P-pay-1",
        date=date(2026, 3, 15),
        customer_code="001",
        amount=D("600.00"),
        payload={
            **shared,
            "vouchdate": "2026-03-15",
            "vouchtype": "48",
            "balancecode": "2",
            "balanceitemcode": "1002",
            "define1": "P-pay-1",
            "entry": [{**shared, "type": "0", "iamt_s": "0", "itemcode": "1122"}],
        },
    )
    assert (second.key, second.amount, second.payload["balancecode"]) == ("P-pay-2", D("66.60"), "1")
    assert first.amount + second.amount == receivable.amount


def test_money_that_comes_after_completion_is_dated_on_its_own_day() -> None:
    """The month of the completion may be closed by then (u8-openapi 4); the key stays the payment's."""
    late = payment(1, "666.60", received_on=LATE_EVENING_UTC + timedelta(days=20))
    _, receipt = posting_documents(order(payments=(late,)), MONEY)
    assert (receipt.date, receipt.payload["vouchdate"]) == (date(2026, 4, 4), "2026-04-04")


def test_a_refund_is_a_payment_voucher_or_stops_for_a_person() -> None:
    """u8-openapi 4, reversal: 49 is the natural form, but not documented."""
    facts = order(payments=(payment(1, "700.00"), payment(2, "-33.40")))
    *_, refund = posting_documents(facts, MONEY)
    assert (refund.amount, refund.payload["vouchtype"], refund.payload["amount"]) == (
        D("-33.40"),
        "49",
        "33.40",
    )
    with pytest.raises(Rejected, match="takes refunds by hand"):
        posting_documents(facts, replace(MONEY, refunds=RefundPosting.BY_HAND))


def test_without_a_tax_account_the_receivable_has_one_line() -> None:
    settings = replace(MONEY, codes=replace(MONEY.codes, tax_subject=""))
    receivable, *_ = posting_documents(order(), settings)
    assert [(row["amount"], row["subjectcode"]) for row in receivable.payload["entry"]] == [
        ("666.60", "6001")
    ]


def test_a_foreign_receivable_counts_its_head_in_local_currency() -> None:
    """u8-openapi 3.6: the published example adds 3000 x 10 to a head of 39000."""
    facts = order(currency="USD", exchange_rate=D("7.1"), payments=(payment(1, "666.60"),))
    receivable, receipt = posting_documents(facts, MONEY)
    assert receivable.amount == receipt.amount == D("4732.86")
    rows = receivable.payload["entry"]
    assert sum(D(row["amount"]) for row in rows) == D("666.60")
    assert sum(D(row["natamount"]) for row in rows) == D(receivable.payload["amount"]) == D("4732.86")
    assert (receipt.payload["amount"], receipt.payload["originalamount"]) == ("4732.86", "666.60")


def test_an_order_that_moved_no_money_has_no_money_documents() -> None:
    assert posting_documents(order(line(1, "1", "0", is_gift=True)), MONEY) == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"completed_at": None}, "is not completed"),
        ({"total": D("1.00")}, "come to 666.60, the order says 1.00"),
        ({"discount": D("700.00")}, "more than everything it charges"),
        ({"discount": D("-1.00")}, "Enter a surcharge as other fees"),
        ({"freight": D("-1.00")}, "Enter a reduction as a discount"),
        ({"customer_code": ""}, "needs the customer code"),
        ({"customer_code": "A&B"}, "contains '&'"),
        ({"customer_code": "X" * 21}, "longer than the 20 characters"),
        ({"lines": (line(1, "-1", "10.00"),)}, "A return is posted in U8"),
        ({"lines": (line(1, "1", "10.00", product_code="P'1"),)}, "product code"),
        ({"lines": (line(1, "1", "10.00", cancelled=True),)}, "has no line to bill"),
        ({"currency": "USD", "exchange_rate": D(0)}, "has no exchange rate"),
    ],
)
def test_orders_that_cannot_be_posted_say_why(changes: dict[str, object], message: str) -> None:
    settings = MONEY if "currency" in changes else SETTINGS
    with pytest.raises(Rejected, match=message):
        posting_documents(order(**changes), settings)


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ({"department": ""}, "has no Department Code"),
        ({"sale_type": ""}, "has no Sale Type Code"),
        ({"business_type": ""}, "has no Business Type"),
        ({"freight_item": ""}, "has no item code for it"),
    ],
)
def test_a_ledger_without_a_needed_code_is_misconfigured(codes: dict[str, str], message: str) -> None:
    settings = replace(SETTINGS, codes=replace(SETTINGS.codes, **codes))
    with pytest.raises(Misconfigured, match=message):
        posting_documents(order(freight=D("5.00")), settings)


def test_a_customer_card_is_safe_for_eai() -> None:
    """u8-openapi 6: special characters break EAI; free text is made harmless."""
    assert customer_card(order(customer_name='A&B "进出口" 🎉\n公司')) == CustomerCard(
        code="001",
        name="A＆B ＂进出口＂ 〓 公司",
        abbreviation="A＆B ＂进出口＂ 〓 公司",
        address="广东省 深圳市 南山区 科技路1号",
        contact="收货人",
        phone="",
        mobile="13800000000",
    )
    with pytest.raises(Rejected, match="has no name"):
        customer_card(order(customer_name=" "))


@given(
    lines=st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 500_000)), min_size=1, max_size=8),
    discount=st.integers(0, 100),
    freight=st.integers(0, 5000),
)
def test_every_order_is_posted_to_the_cent(lines: list[tuple[int, int]], discount: int, freight: int) -> None:
    """R-044: whatever quantities, amounts, discount and freight, U8's lines add up to the order's total."""
    cents = sum(amount for _, amount in lines)
    facts = order(
        *(
            line(number, str(quantity), str(D(amount).scaleb(-2)))
            for number, (quantity, amount) in enumerate(lines, start=1)
        ),
        freight=D(freight).scaleb(-2),
        discount=(D(cents) * discount / 100).to_integral_value().scaleb(-2),
    )
    (document,) = posting_documents(facts, SETTINGS)
    rows = document.payload["entry"]
    assert sum(D(row["sum"]) for row in rows) == facts.total
    assert all(D(row["money"]) + D(row["tax"]) == D(row["sum"]) for row in rows)
    assert sum(D(row["quantity"]) for row in rows) == sum(quantity for quantity, _ in lines) + bool(freight)
