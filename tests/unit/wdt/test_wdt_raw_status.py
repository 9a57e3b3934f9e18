"""Which raw status may follow which (wdt-openapi 2.1, 2.8)."""

from __future__ import annotations

import pytest

from order_flow.integrations.errors import Rejected
from order_flow.integrations.wdt.codes import RawTradeStatus
from order_flow.integrations.wdt.raw_status import FIRST, FOLLOWING, next_raw_status

S = RawTradeStatus
REFUSED = "refused"

MATRIX = {
    # last: wanted 10, 20, 30, 70, 80, 90
    None: (S.UNPAID, S.DEPOSIT_PAID, S.READY, S.READY, None, None),
    S.UNPAID: (S.UNPAID, S.DEPOSIT_PAID, S.READY, S.READY, S.CLOSED, S.CLOSED),
    S.DEPOSIT_PAID: (None, S.DEPOSIT_PAID, S.READY, S.READY, S.REFUNDED, S.REFUNDED),
    S.READY: (None, S.READY, S.READY, S.COMPLETED, S.REFUNDED, S.REFUNDED),
    S.COMPLETED: (None, None, None, None, REFUSED, REFUSED),
    S.REFUNDED: (REFUSED, REFUSED, REFUSED, REFUSED, None, None),
    S.CLOSED: (REFUSED, REFUSED, REFUSED, REFUSED, None, None),
}
WANTED = (S.UNPAID, S.DEPOSIT_PAID, S.READY, S.COMPLETED, S.REFUNDED, S.CLOSED)


@pytest.mark.parametrize(
    ("last", "wanted", "expected"),
    [
        (last, wanted, expected)
        for last, row in MATRIX.items()
        for wanted, expected in zip(WANTED, row, strict=True)
    ],
)
def test_the_whole_matrix(last: S | None, wanted: S, expected: object) -> None:
    if expected == REFUSED:
        with pytest.raises(Rejected, match=f"{int(wanted)} cannot follow"):
            next_raw_status(last, wanted)
    else:
        assert next_raw_status(last, wanted) is expected


@pytest.mark.parametrize("wanted", [S.PARTLY_SHIPPED, S.SHIPPED, S.SIGNED])
def test_what_the_warehouse_says_itself_is_never_pushed(wanted: S) -> None:
    for last in MATRIX:
        with pytest.raises(Rejected):
            next_raw_status(last, wanted)


def test_the_first_push_is_below_40() -> None:
    """A first push at 40 or above never becomes a sales trade."""
    assert all(status is None or status < S.PARTLY_SHIPPED for status in FIRST.values())


def test_from_30_only_70_or_80_follow() -> None:
    assert set(FOLLOWING[S.READY].values()) - {None, S.READY} == {S.COMPLETED, S.REFUNDED}
