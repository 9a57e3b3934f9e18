"""First confirmed, first processed (R-029); approved urgent orders go ahead (R-404)."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from order_flow.domain.orders.classes import Urgency
from order_flow.domain.orders.work_queue import place_in_queue

NINE = datetime(2026, 11, 25, 9)


def test_the_first_confirmed_comes_first() -> None:
    early = place_in_queue(Urgency.NORMAL, False, NINE)
    late = place_in_queue(Urgency.EXPEDITED, False, NINE + timedelta(minutes=1))
    assert early < late


def test_an_approved_urgent_order_goes_ahead() -> None:
    normal = place_in_queue(Urgency.NORMAL, False, NINE)
    assert place_in_queue(Urgency.URGENT, True, NINE + timedelta(days=1)) < normal


def test_an_urgent_order_without_approval_keeps_its_place() -> None:
    normal = place_in_queue(Urgency.NORMAL, False, NINE)
    assert place_in_queue(Urgency.URGENT, False, NINE + timedelta(days=1)) > normal


@given(
    st.lists(
        st.tuples(st.sampled_from(Urgency), st.booleans(), st.datetimes(datetime(2020, 1, 1), NINE)),
        min_size=2,
    )
)
def test_within_a_class_time_alone_decides(orders: list[tuple[Urgency, bool, datetime]]) -> None:
    """Whatever comes together: among those that go ahead and among the others the confirmation decides."""
    queue = sorted(orders, key=lambda order: place_in_queue(*order))
    for ahead in (True, False):
        times = [at for urgency, ok, at in queue if (urgency is Urgency.URGENT and ok) is ahead]
        assert times == sorted(times)
