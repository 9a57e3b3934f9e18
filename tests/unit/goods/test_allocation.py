"""Which order gets what: strategies, warehouses, whole orders, and nothing given twice (R-257, R-258)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.goods.allocation import (
    AllocationKey,
    AllocationReason,
    LineClaim,
    OrderClaim,
    Place,
    allocate,
    in_sequence,
)

D = Decimal
MORNING = datetime(2026, 11, 26, 9)
KEY, REASON = AllocationKey, AllocationReason


def claim(order: str, quantity: int = 5, product: str = "P", **values: object) -> OrderClaim:
    base = OrderClaim(order, MORNING, (LineClaim(f"{order}-1", product, D(quantity)),))
    return replace(base, **values)  # type: ignore[arg-type]


EARLY = claim("EARLY", promised_on=date(2026, 12, 9), rating="C", value=D(100))
LATE = claim(
    "LATE", confirmed_at=MORNING + timedelta(hours=1), promised_on=date(2026, 12, 1), rating="A", value=D(10)
)
URGENT = claim("URGENT", confirmed_at=MORNING + timedelta(hours=2), urgent=True)


@pytest.mark.parametrize(
    ("keys", "sequence"),
    [
        ((KEY.FIRST_CONFIRMED,), ["EARLY", "LATE", "URGENT"]),
        ((KEY.URGENCY, KEY.FIRST_CONFIRMED), ["URGENT", "EARLY", "LATE"]),
        ((KEY.PROMISED_DATE,), ["LATE", "EARLY", "URGENT"]),
        ((KEY.CUSTOMER_RATING,), ["LATE", "EARLY", "URGENT"]),
        ((KEY.VALUE,), ["EARLY", "LATE", "URGENT"]),
        ((), ["EARLY", "LATE", "URGENT"]),
    ],
)
def test_a_strategy_is_a_list_of_keys(keys: tuple[AllocationKey, ...], sequence: list[str]) -> None:
    assert [found.order for found in in_sequence([URGENT, LATE, EARLY], keys)] == sequence


def test_who_comes_first_gets_it_and_every_line_says_why() -> None:
    answers = allocate([LATE, EARLY, claim("NONE", 5, "Q"), claim("Z")], {"P": [Place("W", D(7))]})
    assert [(a.order, sum(a.taken.values(), D(0)), a.short, a.reason) for a in answers] == [
        ("EARLY", 5, 0, REASON.ALL),
        ("NONE", 0, 5, REASON.NOT_KEPT),
        ("Z", 2, 3, REASON.PART),
        ("LATE", 0, 5, REASON.NOTHING),
    ]


def test_a_whole_order_gets_everything_or_nothing_and_the_next_one_gets_its_goods() -> None:
    both = replace(EARLY, lines=(LineClaim("1", "P", D(5)), LineClaim("2", "Q", D(2))))
    places = {"P": [Place("W", D(5))], "Q": [Place("W", D(1))]}
    answers = {(a.order, a.line): a for a in allocate([both, LATE], places, whole_orders=True)}
    assert answers["EARLY", "1"].reason is REASON.WHOLE_ORDER
    assert answers["EARLY", "1"].taken == {}
    assert answers["LATE", "LATE-1"].taken == {"W": D(5)}


def test_the_nearest_warehouse_gives_first_where_the_company_wants_it() -> None:
    far, near, same = (
        Place("A", D(9), 0, "北京市"),
        Place("B", D(2), 5, "广东省", "广州市"),
        Place("C", D(2), 9, "广东省", "珠海市"),
    )
    wanted = claim("O", province="广东省", city="珠海市")
    (nearest,) = allocate([wanted], {"P": [far, near, same]}, nearest_first=True)
    (first,) = allocate([wanted], {"P": [far, near, same]})
    assert nearest.taken == {"C": D(2), "B": D(2), "A": D(1)}
    assert first.taken == {"A": D(5)}


_orders = st.lists(
    st.builds(
        lambda number, lines, hours, urgent: OrderClaim(
            f"O{number}",
            MORNING + timedelta(hours=hours),
            tuple(
                LineClaim(f"O{number}-{n}", product, quantity) for n, (product, quantity) in enumerate(lines)
            ),
            urgent=urgent,
        ),
        st.integers(0, 99),
        st.lists(st.tuples(st.sampled_from("PQR"), st.decimals(1, 9, places=1)), min_size=1, max_size=4),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda order: order.order,
)
_places = st.dictionaries(
    st.sampled_from("PQ"),
    st.lists(
        st.builds(Place, st.sampled_from("VWX"), st.decimals(-3, 20, places=1), st.integers(0, 2)),
        max_size=3,
        unique_by=lambda place: place.warehouse,
    ),
)


@given(_orders, _places, st.booleans(), st.randoms())
def test_never_more_than_free_whatever_the_sequence_of_the_claims(
    orders: list[OrderClaim], places: dict[str, list[Place]], whole: bool, random: object
) -> None:
    answers = allocate(orders, places, whole_orders=whole)
    shuffled = list(orders)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert allocate(shuffled, places, whole_orders=whole) == answers
    for product, found in places.items():
        for place in found:
            given_out = sum(
                (a.taken.get(place.warehouse, D(0)) for a in answers if a.product == product), D(0)
            )
            assert given_out <= max(place.free, D(0))
    assert len(answers) == sum(len(order.lines) for order in orders)
    assert all(D(0) <= a.short <= a.wanted for a in answers)
    if whole:
        for order in orders:
            mine = [a for a in answers if a.order == order.order]
            assert all(a.short == 0 for a in mine) or all(not a.taken for a in mine)
