"""Who did what, when, from which state to which: on every step (R-031, R-146)."""

from __future__ import annotations

from typing import Any

from order_flow.api.orders import (
    confirm,
    confirm_receipt,
    hold,
    record_payment,
    release_hold,
    request_cancellation,
    ship,
)
from order_flow.domain.states import OrderState, Role
from order_flow.flow.cancelling.requests import CancelReason
from tests.site.support.builders import acting_as, new_order, user_of

_S = OrderState


def story(site: Any, order: str) -> list[tuple[str, str | None, str, str]]:
    """Step, state before, state after and actor of every event, in the order of their writing."""
    rows = site.get_all(
        "Order Event",
        {"order_id": order},
        ["step", "state_before", "state_after", "actor", "at"],
        order_by="at, creation",
    )
    assert all(row.at for row in rows)
    return [(row.step, row.state_before, row.state_after, row.actor) for row in rows]


def test_every_step_of_a_life_is_written_down(site: Any) -> None:
    """Created, edited, held, released, confirmed, paid, shipped, received: each with its person (R-031)."""
    people = {role: user_of(role) for role in Role}
    with acting_as(people[Role.SALES]):
        order = new_order()
        order.buyer_message = "快一点"
        order.save()
    with acting_as(people[Role.SALES_MANAGER]):
        hold(order.name, "价格待确认")
        release_hold(order.name)
    with acting_as(people[Role.ORDER_DESK]):
        confirm(order.name)
    with acting_as(people[Role.FINANCE]):
        record_payment(order.name, str(order.total), "BANK-7")
    with acting_as(people[Role.WAREHOUSE]):
        ship(order.name, waybill_number="SF7")
    with acting_as(people[Role.AFTER_SALES]):
        confirm_receipt(order.name)
    assert story(site, order.name) == [
        ("Create", None, _S.UNCONFIRMED, people[Role.SALES]),
        ("Edit", _S.UNCONFIRMED, _S.UNCONFIRMED, people[Role.SALES]),
        ("Hold", _S.UNCONFIRMED, _S.UNCONFIRMED, people[Role.SALES_MANAGER]),
        ("Release Hold", _S.UNCONFIRMED, _S.UNCONFIRMED, people[Role.SALES_MANAGER]),
        ("Confirm", _S.UNCONFIRMED, _S.CONFIRMED, people[Role.ORDER_DESK]),
        ("Confirm Payment", _S.CONFIRMED, _S.PAID, people[Role.FINANCE]),
        ("Ship", _S.PAID, _S.SHIPPED, people[Role.WAREHOUSE]),
        ("Confirm Receipt", _S.SHIPPED, _S.COMPLETED, people[Role.AFTER_SALES]),
    ]


def test_a_cancellation_keeps_actor_time_state_before_and_reason(site: Any) -> None:
    """R-146, R-151: on the order and in its events."""
    order = new_order()
    confirm(order.name)
    with acting_as(user_of(Role.SALES_MANAGER)):
        request_cancellation(order.name, CancelReason.SHORTAGE.value, "缺货")
    stored = site.get_doc("Order", order.name)
    assert (stored.cancel_reason, stored.cancel_remark) == (CancelReason.SHORTAGE, "缺货")
    assert stored.cancel_requested_by == user_of(Role.SALES_MANAGER)
    assert stored.cancel_requested_at
    assert stored.cancelled_at
    assert story(site, order.name)[-1] == (
        "Cancel",
        _S.CONFIRMED,
        _S.CANCELLED,
        user_of(Role.SALES_MANAGER),
    )
