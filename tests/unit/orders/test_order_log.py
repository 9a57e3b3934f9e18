"""Completeness and punctuality of the register and of the tracking of shipments (R-036, R-102..R-109)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from order_flow.domain.money.chinese_amount import in_capitals
from order_flow.domain.orders.forms import SHIPPED_LABELS, Form
from order_flow.domain.orders.log import (
    LOG_COLUMNS,
    LogSubject,
    Punctuality,
    WithoutCarrier,
    days_until_written,
    days_without_receipt,
    deviation_days,
    missing_columns,
    missing_tracking,
    punctuality,
)

MONDAY = date(2026, 3, 2)
FULL = dict.fromkeys(LOG_COLUMNS, "x")
WEB, CONTRACT = LogSubject(planned=False, letter_of_credit=False), LogSubject(True, True)


@pytest.mark.parametrize(
    ("written", "expected", "days"),
    [
        (datetime(2026, 3, 2, 23, 59), Punctuality.SAME_DAY, 0),
        (datetime(2026, 3, 3, 0, 1), Punctuality.NEXT_DAY, 1),
        (datetime(2026, 3, 3, 23, 59), Punctuality.NEXT_DAY, 1),
        (datetime(2026, 3, 4, 0, 0), Punctuality.LATE, 2),
        (datetime(2026, 3, 1, 8, 0), Punctuality.SAME_DAY, 0),
    ],
)
def test_the_same_or_the_next_day(written: datetime, expected: Punctuality, days: int) -> None:
    """R-102, R-103, R-107: days count, not hours; what was written ahead is in time."""
    happened = datetime(2026, 3, 2, 23, 30)
    assert (punctuality(happened, written), days_until_written(happened, written)) == (expected, days)


@pytest.mark.parametrize(
    ("empty", "subject", "expected"),
    [
        ("contact", WEB, ("contact",)),
        ("promised_date", WEB, ()),
        ("promised_date", CONTRACT, ("promised_date",)),
        ("lc_expiry_date", WEB, ()),
        ("lc_expiry_date", CONTRACT, ("lc_expiry_date",)),
        ("", CONTRACT, ()),
    ],
)
def test_columns_that_must_not_stay_empty(empty: str, subject: LogSubject, expected: tuple[str, ...]) -> None:
    """R-102, R-104, R-105: who needs which column; an L/C order needs its expiry."""
    row: dict[str, Any] = {**FULL, empty: None}
    assert missing_columns(row, subject) == expected


def test_six_columns_of_the_register_are_always_needed() -> None:
    """R-105: number, customer, contact, time, detail; the state is never empty."""
    assert set(missing_columns({}, WEB)) >= {
        "order_number",
        "customer_name",
        "contact",
        "ordered_at",
        "product_detail",
    }


def test_tracking_names_carrier_and_waybill_unless_the_customer_collects() -> None:
    """R-107, R-036."""
    row = {"carrier": "SF", "waybill_number": ""}
    assert missing_tracking(row, "Express") == ("waybill_number",)
    assert missing_tracking(row, WithoutCarrier.CUSTOMER_COLLECTS.value) == ()


@pytest.mark.parametrize(
    ("planned", "shipped", "expected"),
    [
        (MONDAY, date(2026, 3, 5), 3),
        (MONDAY, date(2026, 3, 1), -1),
        (MONDAY, None, 8),
        (date(2026, 3, 10), None, None),
        (None, MONDAY, None),
    ],
)
def test_deviation_from_the_plan(planned: date | None, shipped: date | None, expected: int | None) -> None:
    """R-107: late is above zero; goods that are not due have no deviation."""
    assert deviation_days(planned, shipped, date(2026, 3, 10)) == expected


def test_the_signed_receipt_is_missed_from_the_shipment_on() -> None:
    """R-109."""
    today = date(2026, 3, 10)
    assert days_without_receipt(MONDAY, None, today) == 8
    assert days_without_receipt(MONDAY, today, today) is None
    assert days_without_receipt(None, None, today) is None


def test_codes_are_those_of_the_list_of_forms() -> None:
    """R-108, K-11: section 9; the codes of the text are aliases."""
    assert {form: label.code.rpartition("-")[2] for form, label in SHIPPED_LABELS.items()} == {
        Form.CONFIRMATION: "003.F4E",
        Form.STATUS_TRACKING: "002.F1E",
        Form.REVIEW_CHECKLIST: "003.F3E",
        Form.CHANGE_NOTICE: "002.F2E",
        Form.ORDER_LOG: "002.F3E",
        Form.PICK_SLIP: "01",
        Form.DELIVERY_NOTE: "02",
        Form.DISPATCH_NOTICE: "03",
        Form.PACKING_LIST: "04",
        Form.SHORTAGE_LIST: "05",
        Form.CARTON_LABEL: "06",
    }
    assert SHIPPED_LABELS[Form.CONFIRMATION].alias == "ADD-PCD-SD-003.F5E"
    assert SHIPPED_LABELS[Form.REVIEW_CHECKLIST].alias == "ADD-PCD-SD-003.F4E"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.30", "叁角整"),
        ("1", "壹元整"),
        ("10.05", "壹拾元零伍分"),
        ("1234.56", "壹仟贰佰叁拾肆元伍角陆分"),
        ("10050.30", "壹万零伍拾元叁角整"),
        ("100000", "壹拾万元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("1000000050", "壹拾亿零伍拾元整"),
        ("20300.00", "贰万零叁佰元整"),
        ("-12", "负壹拾贰元整"),
    ],
)
def test_amounts_in_capitals(amount: str, expected: str) -> None:
    """R-113: as contracts write them."""
    assert in_capitals(Decimal(amount)) == expected


@given(some.integers(0, 10**16))
def test_capitals_never_double_a_zero_nor_end_with_one(cents: int) -> None:
    """R-113: each amount has its own words."""
    words = in_capitals(Decimal(cents) / 100)
    assert "零零" not in words
    assert "零元" not in words or words == "零元整"


@pytest.mark.parametrize("amount", ["0.001", "1e16"])
def test_what_is_no_amount_to_the_cent_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="to the cent"):
        in_capitals(Decimal(amount))
