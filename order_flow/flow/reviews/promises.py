"""Who may promise a date, and when: not before the review, and not past it (R-085, K-28)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import getdate

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.reviews.model import ReviewEvent, ReviewStatus
from order_flow.domain.states import ENTRY_STATES, OrderState, Role
from order_flow.flow.clocks.events import happened
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.refusals import StepRefused, refuse_without_role
from order_flow.flow.reviews.open_points import production_moved
from order_flow.flow.sign_offs.templates import matching, templates

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

PROMISER_ROLES = (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER, Role.PLANNING)
SCHEDULER_ROLES = (Role.PLANNING, Role.PRODUCTION)


def check_promised_date(order: Order) -> None:
    """Refuse a promised date, of the order or of a line, before the review that a template asks for (R-085).

    A date that was promised before such a template applied, e.g. while the style was regular, is taken back.
    Costs a statement only where there is a date and a locking template asks for the customer's history.

    Args:
        order: the Order document in the middle of its save.

    Raises:
        StepRefused: naming the templates.
    """
    promised = _promised_days(order)
    if order.flags.system_fields_open or not promised:
        return
    before = order.get_doc_before_save()
    known = _promised_days(before) if before else set()
    if not (locking := promise_locks(order)):
        return
    if not promised <= known:
        frappe.throw(
            _(
                "Nobody promises a date before the review ({0}) is closed. Leave the promised date empty; "
                "it is set when the departments agree."
            ).format(", ".join(_(name) for name in locking)),
            StepRefused,
            title=_("Not Possible Now"),
        )
    _take_promise_back(order, promised, locking)


def _take_promise_back(order: Order, promised: set[date], locking: tuple[str, ...]) -> None:
    """Take back a promise that was made while no review was asked for (R-085)."""
    for place, field in _places(order):
        place.set(field, None)
    words = _(
        "Promised {0} before the review ({1}) was asked for; the departments set the date anew."
    ).format(", ".join(str(day) for day in sorted(promised)), ", ".join(_(name) for name in locking))
    record_event(
        order, ReviewEvent.PROMISE_TAKEN_BACK.value, order.workflow_state, order.workflow_state, words
    )
    if not order.flags.by_system:
        frappe.msgprint(words, title=_(ReviewEvent.PROMISE_TAKEN_BACK.value), indicator="orange")


def _places(order: Order) -> list[tuple[Any, str]]:
    # The expected arrival is told to the customer as well.
    lines = [(line, "promised_date") for line in order.items]
    return [(order, "promised_date"), (order, "expected_arrival"), *lines]


def _promised_days(order: Order) -> set[date]:
    return {getdate(day) for place, field in _places(order) if (day := place.get(field))}


def promise_locks(order: Order) -> tuple[str, ...]:
    """The templates that keep an order's promised date locked; empty once its review is agreed."""
    if order.review_status == ReviewStatus.AGREED.value:
        return ()
    locking = [template for template in templates() if template.locks_promised_date]
    return tuple(template.name for template in matching(order, among=locking))


def promise_date(name: str, day: date) -> None:
    """Promise a date before the order is confirmed, also while it is under review (R-085).

    Args:
        name: the order.
        day: the date.

    Raises:
        StepRefused: a review is still to be closed, or the order is confirmed: then a change notice is due.
        frappe.PermissionError: the user's roles may not promise dates.
    """
    _check_roles(PROMISER_ROLES)
    order = locked_order(name)
    if OrderState(order.workflow_state) not in ENTRY_STATES:
        frappe.throw(
            _("Order {0} is {1}; its promised date changes only through a change notice.").format(
                name, _(order.workflow_state)
            ),
            StepRefused,
        )
    order.promised_date = day
    check_promised_date(order)
    save_internally(order)
    record_event(order, ReviewEvent.PROMISED.value, order.workflow_state, order.workflow_state, str(day))
    happened(ClockEvent.PROMISED_DATE_SET, order.name, profile=profile_name(order))


def set_production_start(name: str, day: date) -> None:
    """Write down when production starts; open points must be settled days before (R-077).

    Args:
        name: the order.
        day: planned first day of production.

    Raises:
        frappe.PermissionError: only planning and production set it.
    """
    _check_roles(SCHEDULER_ROLES)
    order = locked_order(name)
    order.production_start = day
    save_internally(order)
    production_moved(name, day)
    record_event(
        order, ReviewEvent.PRODUCTION_START.value, order.workflow_state, order.workflow_state, str(day)
    )


def _check_roles(roles: tuple[Role, ...]) -> None:
    refuse_without_role(roles, _("This date is set by: {0}. Ask one of them."))
