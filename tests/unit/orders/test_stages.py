"""The stage bar of an order (R-015, R-027)."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest

from order_flow.domain.orders.stages import WAYS, Standing, stages
from order_flow.domain.states import TRANSITIONS, OrderState, PaymentFamily

DAY = {state: datetime(2026, 3, number) for number, state in enumerate(OrderState, 1)}


@pytest.mark.parametrize(("family", "state"), [(family, state) for family in WAYS for state in WAYS[family]])
def test_stations_before_are_done_the_own_is_current_later_ones_are_ahead(
    family: PaymentFamily, state: OrderState
) -> None:
    bar = stages(state, family, DAY, reviewed=True)
    here = [stage.state for stage in bar].index(state)
    finished = state is OrderState.COMPLETED
    assert {stage.standing for stage in bar[:here]} <= {Standing.DONE}
    assert bar[here].standing is (Standing.DONE if finished else Standing.CURRENT)
    assert bar[here].at == DAY[state]
    assert {(stage.standing, stage.at) for stage in bar[here + 1 :]} <= {(Standing.AHEAD, None)}


@pytest.mark.parametrize("family", list(PaymentFamily))
def test_each_way_follows_the_table_of_transitions(family: PaymentFamily) -> None:
    """Neighbours are joined by a step, but for the two ways to complete an order (K-04)."""
    joined = {(t.source, t.target) for t in TRANSITIONS if t.branch in (None, family)}
    way = WAYS[family]
    assert all(pair in joined for pair in itertools.pairwise(way))


def test_an_order_that_was_never_reviewed_has_no_such_station() -> None:
    bar = stages(OrderState.CONFIRMED, PaymentFamily.PAY_FIRST, DAY, reviewed=False)
    assert OrderState.UNDER_REVIEW not in [stage.state for stage in bar]


def test_a_called_off_order_shows_what_it_had_reached_and_its_end() -> None:
    reached = {
        OrderState.UNCONFIRMED: DAY[OrderState.UNCONFIRMED],
        OrderState.CANCELLED: DAY[OrderState.CANCELLED],
    }
    bar = stages(OrderState.CANCELLED, PaymentFamily.PAY_LATER, reached, reviewed=False)
    assert [(stage.state, stage.standing) for stage in bar] == [
        (OrderState.UNCONFIRMED, Standing.DONE),
        (OrderState.CANCELLED, Standing.CALLED_OFF),
    ]
