"""Deeds that a person tells: an event, the end of a clock, a pause, the planned day of dispatch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _

from order_flow.domain.clocks.manual_events import (
    EVENTS_BY_HAND,
    PAUSERS,
    PAUSES_BY_HAND,
    SHIP_DATE_SETTERS,
    may_tell,
)
from order_flow.domain.clocks.model import OPEN_STATES, ClockEvent, ClockState, PauseReason
from order_flow.domain.clocks.plan import NO_REFERENCE, Reference
from order_flow.domain.message import Message
from order_flow.domain.states import CALLED_OFF_STATES, SHIPPED_STATES, OrderState, Role
from order_flow.flow.clocks.events import happened, paused, resumed
from order_flow.flow.clocks.rules import rules_named
from order_flow.flow.clocks.store import CLOCK
from order_flow.flow.lifecycle.rest_due import ask_for_the_rest
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.order import locked_order, record_event, save_internally
from order_flow.flow.refusals import StepRefused, refuse_without_role

SHIP_DATE_EVENT = "Set Ship Date"


def tell(name: str, event: ClockEvent, remark: str, reference: Reference | None = None) -> None:
    """Say that something happened to an order.

    Args:
        name: the order.
        event: one of ``EVENTS_BY_HAND``.
        remark: what was done, with whom; stored with the event.
        reference: the paper it happened to.

    Raises:
        StepRefused: nobody tells this event by hand, or the order is called off.
        frappe.PermissionError: not this user's to tell.
    """
    refuse_without_deeds()
    _check_teller(event)
    order = _living_order(name)
    record_event(order, event.value, order.workflow_state, order.workflow_state, remark)
    happened(event, name, profile=profile_name(order), reference=reference)


def finish(clock: str, remark: str) -> None:
    """End one clock by the deed that the user's role may tell of; ending it twice changes nothing.

    Args:
        clock: its name.
        remark: what was done; mandatory.

    Raises:
        StepRefused: facts alone end this clock, or nothing was said.
        frappe.PermissionError: not this user's to end.
    """
    refuse_without_deeds()
    row = frappe.db.get_value(
        CLOCK,
        clock,
        ["rule", "order_id", "state", "reference_type", "reference_name", "flow_profile", "title"],
        as_dict=True,
    )
    if row is None:
        frappe.throw(_("There is no clock {0}.").format(clock), frappe.DoesNotExistError)
    if row.order_id:
        frappe.get_doc("Order", row.order_id).check_permission("read")
    if ClockState(row.state) not in OPEN_STATES:
        return
    if not remark.strip():
        frappe.throw(_("Say what was done before you close the clock."), StepRefused)
    event = _deed_that_ends(row)
    reference = (row.reference_type or "", row.reference_name or "")
    if row.order_id:
        tell(row.order_id, event, remark, reference if reference != NO_REFERENCE else None)
    else:
        happened(event, "", profile=row.flow_profile, reference=reference)


def _deed_that_ends(row: Any) -> ClockEvent:
    """The deed by which the user ends a clock; refused where there is none, or it is not this user's."""
    rule = rules_named([row.rule]).get(row.rule)
    if rule is None:
        frappe.throw(
            _("Clock Rule {0} has words that this version does not know. Have it corrected first.").format(
                row.rule
            ),
            StepRefused,
        )
    by_hand = [event for event in EVENTS_BY_HAND if event in rule.stops]
    if not by_hand:
        frappe.throw(
            _("'{0}' ends by itself when this has happened: {1}. It is not closed by hand.").format(
                _(row.title), ", ".join(_(event.value) for event in sorted(rule.stops)) or "-"
            ),
            StepRefused,
        )
    _refuse_others(role for event in by_hand for role in EVENTS_BY_HAND[event])
    roles = frappe.get_roles()
    return next(event for event in by_hand if may_tell(event, roles))


def refuse_without_deeds() -> None:
    """Refuse who may tell of nothing by hand, before anything is looked up.

    Raises:
        frappe.PermissionError: naming the roles that tell of something.
    """
    _refuse_others(role for roles in EVENTS_BY_HAND.values() for role in roles)


def refuse_without_pauses() -> None:
    """Refuse who may let no clock rest; see ``refuse_without_deeds``."""
    _refuse_others(PAUSERS)


def refuse_without_dates() -> None:
    """Refuse who may plan no day of dispatch; see ``refuse_without_deeds``."""
    _refuse_others(SHIP_DATE_SETTERS)


def _refuse_others(roles: Iterable[Role]) -> None:
    refuse_without_role(roles, _("This is told by: {0}. Ask one of them."))


def _check_teller(event: ClockEvent) -> None:
    if event not in EVENTS_BY_HAND:
        frappe.throw(
            _("'{0}' is not told by hand: the app knows it from the document itself.").format(_(event.value)),
            StepRefused,
        )
    _refuse_others(EVENTS_BY_HAND[event])


def _living_order(name: str) -> Any:
    order = locked_order(name)
    order.check_permission("read")
    if OrderState(order.workflow_state) in CALLED_OFF_STATES:
        frappe.throw(
            _("Order {0} is {1}; nothing happens to it any more.").format(name, _(order.workflow_state)),
            StepRefused,
        )
    return order


def pause(name: str, reason: PauseReason, remark: str) -> None:
    """Let an order's clocks rest, e.g. while the customer thinks (R-226).

    Args:
        name: the order.
        reason: one of ``PAUSES_BY_HAND``.
        remark: what is asked or discussed; mandatory.

    Raises:
        StepRefused: no such reason, nothing said, or the order is called off.
        frappe.PermissionError: not this user's to pause.
    """
    _check_pauser(reason)
    if not remark.strip():
        frappe.throw(_("Say what the order waits for."), StepRefused)
    order = _living_order(name)
    paused(reason, name, profile=profile_name(order))
    record_event(order, reason.value, order.workflow_state, order.workflow_state, remark)


def resume(name: str, reason: PauseReason, remark: str = "") -> None:
    """Let the clocks go on; resuming twice changes nothing. See ``pause``."""
    _check_pauser(reason)
    order = _living_order(name)
    resumed(reason, name, profile=profile_name(order))
    words = remark or Message(reason.value)
    record_event(order, "Clocks Go On", order.workflow_state, order.workflow_state, words)


def _check_pauser(reason: PauseReason) -> None:
    refuse_without_pauses()
    if reason not in PAUSES_BY_HAND:
        frappe.throw(
            _("Clocks rest for '{0}' by themselves, not by hand.").format(_(reason.value)), StepRefused
        )


def set_ship_date(name: str, day: date) -> None:
    """Plan the day of dispatch; its clocks follow it (R-244, R-249, K-19).

    Args:
        name: the order.
        day: the planned day.

    Raises:
        StepRefused: the order has shipped or is called off.
        frappe.PermissionError: not this user's to plan.
    """
    refuse_without_dates()
    order = _living_order(name)
    if OrderState(order.workflow_state) in SHIPPED_STATES:
        frappe.throw(
            _("Order {0} is {1}; its dispatch cannot be planned any more.").format(
                name, _(order.workflow_state)
            ),
            StepRefused,
        )
    order.planned_ship_date = day
    save_internally(order)
    record_event(order, SHIP_DATE_EVENT, order.workflow_state, order.workflow_state, str(day))
    happened(ClockEvent.SHIP_DATE_SET, name, profile=profile_name(order))
    ask_for_the_rest(order)
