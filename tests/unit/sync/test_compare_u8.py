"""Site against U8, one change at a time (R-025, R-345, u8-openapi 3, 4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from order_flow.domain.states import OrderState
from order_flow.integrations.u8.port import RemoteLine, U8DocumentKind
from order_flow.integrations.u8.settings import PostingProfile
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind as Kind
from order_flow.sync.compare.u8 import U8View, compare_with_u8
from order_flow.sync.comparison import Comparison, Difference, SiteOrder, Verdict
from tests.unit.sync.comparison_samples import SALE, document, in_u8, on_site, paid_order
from tests.unit.wdt.wdt_samples import payment

DONE = on_site(paid_order(OrderState.COMPLETED))
MONEY = PostingProfile.RECEIVABLE_AND_RECEIPT
RECEIVABLE = document(U8DocumentKind.RECEIVABLE, "SO-0001", "83")
RECEIPT = document(U8DocumentKind.RECEIPT, "PAY-1", "83")


def found(site: SiteOrder, u8: U8View) -> set[tuple[Kind, str, bool]]:
    """Kind, aspect and whether it is only a delay."""
    return {(one.kind, one.aspect, bool(one.delay)) for one in compare_with_u8(site, u8)}


def test_one_sale_order_agrees() -> None:
    """Exactly one document with customer, total and goods (R-025)."""
    assert found(DONE, in_u8(SALE)) == set()


def test_receivable_and_receipts_agree() -> None:
    """The money profile: one receivable and one receipt a payment."""
    assert found(DONE, in_u8(RECEIVABLE, RECEIPT, profile=MONEY)) == set()


def test_missing_document() -> None:
    """A queued posting is honest delay, a lost one is not."""
    assert found(DONE, in_u8()) == {(Kind.MISSING_IN_U8, "saleorder S-SO-0001", False)}
    queued = replace(DONE, queued={AccountType.U8: ("u8_posting (Waiting)",)})
    assert found(queued, in_u8()) == {(Kind.MISSING_IN_U8, "saleorder S-SO-0001", True)}


def test_second_document_is_never_a_delay() -> None:
    """The same money twice is found whatever its number or date, and whatever is queued (R-025)."""
    twin = replace(SALE, number="N-2", date=None)
    queued = replace(DONE, queued={AccountType.U8: ("u8_posting (Waiting)",)})
    assert found(queued, in_u8(SALE, twin)) == {(Kind.DUPLICATE_IN_U8, "saleorder S-SO-0001", False)}


def test_same_money_by_two_profiles() -> None:
    """A receivable beside the sale order books the money a second time (design 5)."""
    assert found(DONE, in_u8(SALE, RECEIVABLE)) == {(Kind.DUPLICATE_IN_U8, "oughtreceive R-SO-0001", False)}


def test_order_posted_before_the_profile_was_changed() -> None:
    """Its whole set under the former profile is right as it is."""
    assert found(DONE, in_u8(SALE, profile=MONEY)) == set()
    assert found(DONE, in_u8(RECEIVABLE, profile=PostingProfile.SALES_ORDER)) == {
        (Kind.MISSING_IN_U8, "accept P-PAY-1", False)
    }


@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.VOIDED, OrderState.CANCELLED])
def test_nothing_is_posted_before_completion(state: OrderState) -> None:
    """Only completed orders are in the ledger (R-025)."""
    assert found(on_site(paid_order(state)), in_u8()) == set()
    assert found(on_site(paid_order(state)), in_u8(SALE)) == {
        (Kind.STATE_DIFFERS, "saleorder S-SO-0001", False)
    }


@pytest.mark.parametrize("changes", [{"amount": Decimal("82.99")}, {"customer_code": "002"}])
def test_money_or_customer_differs(changes: dict) -> None:
    """The head says whose money it is and how much."""
    assert found(DONE, in_u8(replace(SALE, **changes))) == {
        (Kind.AMOUNT_DIFFERS, "saleorder S-SO-0001", False)
    }


@pytest.mark.parametrize(
    "lines",
    [
        SALE.lines[:2],
        (RemoteLine("P-001", Decimal("2"), Decimal("28.12")), *SALE.lines[1:]),
        (RemoteLine("P-009", Decimal("3"), Decimal("28.12")), *SALE.lines[1:]),
        (),
    ],
)
def test_goods_differ(lines: tuple[RemoteLine, ...]) -> None:
    """The lines are the order's goods and add up to its total."""
    assert found(DONE, in_u8(replace(SALE, lines=lines))) == {
        (Kind.LINES_DIFFER, "saleorder S-SO-0001", False)
    }


def test_charge_in_two_lines() -> None:
    """A price that cannot be written exactly comes as two lines of the same article (u8-openapi 2.1)."""
    halves = (
        RemoteLine("P-001", Decimal("2"), Decimal("18.75")),
        RemoteLine("P-001", Decimal("1"), Decimal("9.37")),
    )
    assert found(DONE, in_u8(replace(SALE, lines=(*halves, *SALE.lines[1:])))) == set()


def test_refund_is_a_receipt_of_its_own() -> None:
    """Money paid back stands as a negative receipt."""
    refund = replace(payment("-13"), payment_id="PAY-2")
    site = replace(DONE, facts=replace(DONE.facts, payments=(payment("83"), refund)))
    back = document(U8DocumentKind.RECEIPT, "PAY-2", "-13")
    assert found(site, in_u8(RECEIVABLE, RECEIPT, back, profile=MONEY)) == set()
    assert found(site, in_u8(RECEIVABLE, RECEIPT, profile=MONEY)) == {
        (Kind.MISSING_IN_U8, "accept P-PAY-2", False)
    }


def test_foreign_money_may_round_by_parts() -> None:
    """A converted receivable is booked part by part; one cent is rounding, two are not."""
    facts = replace(DONE.facts, currency="USD", exchange_rate=Decimal("7.123"))
    site = replace(DONE, facts=facts)
    receipt = replace(RECEIPT, amount=Decimal("591.21"))
    near = replace(RECEIVABLE, amount=Decimal("591.20"))
    far = replace(RECEIVABLE, amount=Decimal("591.19"))
    assert found(site, in_u8(near, receipt, profile=MONEY)) == set()
    assert found(site, in_u8(far, receipt, profile=MONEY)) == {
        (Kind.AMOUNT_DIFFERS, "oughtreceive R-SO-0001", False)
    }


def test_verdict() -> None:
    """A real difference outweighs an unread side, that outweighs a delay."""
    real = Difference(Kind.STATE_DIFFERS, "state", AccountType.WDT, "WDT", "differs")
    late = replace(real, delay="queued")
    unread = {AccountType.U8: "U8 does not answer."}
    assert Comparison("A").verdict is Verdict.AGREED
    assert Comparison("A", (late,)).verdict is Verdict.PENDING
    assert Comparison("A", (late,), unread).verdict is Verdict.UNREAD
    assert Comparison("A", (late, real), unread).verdict is Verdict.DIFFERS


@pytest.mark.parametrize("absent", [{"quantity": None}, {"gross": None}])
def test_a_figure_that_u8_left_out_is_not_compared_as_zero(absent: dict) -> None:
    """Nobody can say whether the lines differ; that is what is said."""
    lines = (replace(SALE.lines[0], **absent), *SALE.lines[1:])
    assert found(DONE, in_u8(replace(SALE, lines=lines))) == {
        (Kind.UNREADABLE_RECORD, "saleorder S-SO-0001", False)
    }
