"""Whatever the order of events, an order is confirmed exactly when no gate is open (issue 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe.utils import add_days, nowdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from order_flow.domain.gates.model import CheckPoint, GateCode
from order_flow.domain.gates.overrides import OverrideKind
from order_flow.domain.states import OrderState, OrderStep, Role
from order_flow.flow.lifecycle.holds import hold, release
from order_flow.flow.lifecycle.overriding import override_gate
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from tests.site.support.builders import acting_as, user_of
from tests.site.support.gate_orders import MADE, PRICE, line, prove, unproven_order

ENOUGH, TOO_FEW = 50, 5
LOW = 11.0


@dataclass
class Model:
    """What a person would keep in his head about the order."""

    name: str
    quantity: float = ENOUGH
    price: float = PRICE
    dated: bool = True
    held: bool = False
    proven: set[tuple[float, float]] = field(default_factory=set)
    approved_prices: set[float] = field(default_factory=set)

    def may_be_confirmed(self) -> bool:
        """In words of the procedure, not of the gates."""
        price_agreed = self.price == PRICE or self.price in self.approved_prices
        known = (self.quantity, self.price) in self.proven
        return not self.held and self.dated and self.quantity >= 10 and price_agreed and known


def edit(model: Model, **values: Any) -> None:
    """The order desk edits the draft."""
    order = frappe.get_doc("Order", model.name)
    order.promised_date = add_days(nowdate(), 30) if model.dated else None
    order.items[0].update(values)
    order.save()


def set_quantity(model: Model, quantity: float) -> None:
    """Another quantity."""
    model.quantity = quantity
    edit(model, quantity=quantity)


def set_price(model: Model, price: float) -> None:
    """Another price."""
    model.price = price
    edit(model, unit_price=price)


def set_date(model: Model, dated: float) -> None:
    """A promised date, or none."""
    model.dated = bool(dated)
    edit(model)


def confirm_by_customer(model: Model, _value: float) -> None:
    """The customer's letter for the order as it is."""
    prove(model.name)
    model.proven.add((model.quantity, model.price))


def approve_price(model: Model, _value: float) -> None:
    """The manager lets the price pass, where it needs him."""
    try:
        with acting_as(user_of(Role.SALES_MANAGER)):
            override_gate(
                model.name,
                GateCode.PRICE_NOT_AGREED,
                CheckPoint.CONFIRM,
                kind=OverrideKind.AGREED_EXCEPTION,
                reason="agreed",
            )
    except StepRefused:
        assert model.price == PRICE
    else:
        model.approved_prices.add(model.price)


def toggle_hold(model: Model, _value: float) -> None:
    """Held, or let go."""
    if model.held:
        release(model.name)
    else:
        hold(model.name, "credit")
    model.held = not model.held


EVENTS = st.one_of(
    st.tuples(st.just(set_quantity), st.sampled_from([ENOUGH, TOO_FEW])),
    st.tuples(st.just(set_price), st.sampled_from([PRICE, LOW])),
    st.tuples(st.just(set_date), st.sampled_from([0.0, 1.0])),
    st.tuples(st.sampled_from([confirm_by_customer, approve_price, toggle_hold]), st.just(0.0)),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(events=st.lists(EVENTS, min_size=2, max_size=8))
def test_an_open_gate_never_lets_a_confirmation_through(site: Any, events: list[Any]) -> None:
    """R-002, R-003, R-057, R-067, R-390: tried after every event, refused while anything is open."""
    order = unproven_order(items=[line(MADE[0], quantity=ENOUGH)])
    model = Model(order.name)
    for act, value in events:
        act(model, value)
        frappe.db.savepoint("attempt")
        try:
            with acting_as(user_of(Role.ORDER_DESK)):
                take_step(locked_order(model.name), OrderStep.CONFIRM)
        except StepRefused:
            frappe.db.rollback(save_point="attempt")
            confirmed = False
        else:
            confirmed = True
        assert confirmed == model.may_be_confirmed(), (act.__name__, value, model)
        if confirmed:
            state = frappe.db.get_value("Order", model.name, "workflow_state")
            assert state == OrderState.CONFIRMED
            return
