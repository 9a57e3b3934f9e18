"""Taking back one's own untouched order: hidden from work, never removed, traceable (R-149, K-08)."""

from __future__ import annotations

from typing import Any

import pytest

from order_flow.api.orders import delete_order, record_payment
from order_flow.domain.states import OrderState, PaymentFamily, Role
from order_flow.flow.cancelling.requests import CancelReason
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import WDT_CHANNEL, acting_as, new_order, order_in, user_of


def test_the_owner_takes_an_untouched_order_back(site: Any) -> None:
    """Voided, with who, when and from which state; the row and its lines stay (R-031, R-149)."""
    sales = user_of(Role.SALES)
    with acting_as(sales):
        order = new_order()
        standing = delete_order(order.name)
    stored = site.get_doc("Order", order.name)
    assert standing["state"] == stored.workflow_state == OrderState.VOIDED
    assert (stored.cancel_reason, stored.cancel_requested_by) == (CancelReason.DELETED, sales)
    assert stored.cancelled_at
    assert len(stored.items) == len(order.items)
    event = site.get_last_doc("Order Event", {"order_id": order.name, "state_after": OrderState.VOIDED})
    assert (event.actor, event.state_before) == (sales, OrderState.UNCONFIRMED)


def test_nobody_takes_anothers_order_back(site: Any) -> None:
    """R-149: its owner only."""
    order = new_order()
    with acting_as(user_of(Role.SALES)), pytest.raises(site.PermissionError):
        delete_order(order.name)
    assert site.db.get_value("Order", order.name, "workflow_state") == OrderState.UNCONFIRMED


@pytest.mark.parametrize(
    "state", [state for state in OrderState if state is not OrderState.UNCONFIRMED], ids=str
)
def test_what_has_moved_is_not_taken_back(site: Any, state: OrderState) -> None:
    """From the first step on it is a cancellation (R-149, K-08)."""
    only_later = state is OrderState.RECEIVED
    order = order_in(state, PaymentFamily.PAY_LATER if only_later else PaymentFamily.PAY_FIRST)
    with pytest.raises(StepRefused):
        delete_order(order.name)
    assert site.db.get_value("Order", order.name, "workflow_state") == state


def test_what_is_paid_is_not_taken_back(site: Any) -> None:
    """R-149: unpaid only."""
    order = new_order()
    record_payment(order.name, "1.00", f"PAY-{order.name}")
    with pytest.raises(StepRefused):
        delete_order(order.name)


def test_what_wdt_knows_is_not_taken_back(site: Any) -> None:
    """R-149: never pushed only; what may be on its way to WDT counts as known there."""
    order = new_order(channel=WDT_CHANNEL)
    site.db.set_value("Order", order.name, "wdt_pushed_status", 10)
    with pytest.raises(StepRefused):
        delete_order(order.name)
    assert site.db.get_value("Order", order.name, "workflow_state") == OrderState.UNCONFIRMED
