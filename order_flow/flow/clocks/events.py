"""Tells the clocks of an order what happened: the one door for every part that knows a fact.

A part calls ``happened`` where it stores the fact, in the same transaction. It costs no statement where no
active rule of the order's profile listens to the event.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import get_datetime, now_datetime

from order_flow.domain.clocks.model import (
    EVENT_OF_STEP,
    Basis,
    ClockEvent,
    ClockRule,
    ClockState,
    PauseReason,
    Purpose,
)
from order_flow.domain.clocks.plan import NO_REFERENCE, Clock, Reference, plan
from order_flow.domain.clocks.times import Schedule, elapsed, moved_on, schedule
from order_flow.domain.states import OrderState, OrderStep
from order_flow.flow.clocks import store as clock_store
from order_flow.flow.clocks.rules import calendar_named, rules_of
from order_flow.flow.clocks.store import Place, Resumed, Stored
from order_flow.flow.profiles import profile_name

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def happened(
    event: ClockEvent,
    order: str,
    *,
    profile: str,
    reference: tuple[str, str] | None = None,
    at: datetime | None = None,
) -> None:
    """Start, move and stop the clocks that listen to an event. Telling it twice changes nothing.

    Args:
        event: what happened.
        order: the order's name.
        profile: the order's Flow Profile, whose rules listen.
        reference: DocType and name of the paper it happened to (a change, a finding, a letter of credit),
            where an order may have several; each has clocks of its own.
        at: when, in the site's time; now where it is left out.
    """
    listening = [rule for rule in rules_of(profile) if rule.listens_to(event)]
    if not listening:
        return
    moment = _moment(at)
    paper = reference or NO_REFERENCE
    # Nothing can run on an order that is being created.
    is_new = event is ClockEvent.ORDER_RECEIVED
    stored = [] if is_new else clock_store.clocks_of(order, [rule.code for rule in listening])
    facts = _facts(event, order, listening, paper)

    def times(rule: ClockRule, purpose: Purpose) -> Schedule | None:
        if not rule.applies_to(facts):
            return None
        anchor = facts.get(rule.anchor_field) if rule.basis is not Basis.AFTER_START else None
        return schedule(rule, calendar_named(rule.calendar), moment, anchor, purpose)

    result = plan(
        event,
        listening,
        [row.clock for row in stored],
        reference=paper,
        at=moment,
        scheduler=times,
        calendar_of=lambda rule: calendar_named(rule.calendar),
    )
    clock_store.stop(result.stops, stored, moment)
    place = Place(order, paper, profile)
    clock_store.answer_before(result.answered_before, place, moment)
    clock_store.start(result.starts, place, moment)


def _moment(at: datetime | None) -> datetime:
    """Whole seconds: people read these times."""
    return (at or now_datetime()).replace(microsecond=0)


def _facts(event: ClockEvent, order: str, rules: Sequence[ClockRule], reference: Reference) -> dict[str, Any]:
    """Return what the rules that may start a clock ask of the order and of the paper, one statement each."""
    starting = [rule for rule in rules if event in (rule.start, rule.moved_by)]
    anchors = {rule.anchor_field for rule in starting if rule.basis is not Basis.AFTER_START}
    wanted = anchors | {row.fieldname for rule in starting for row in rule.conditions}
    facts = _values("Order", order, wanted)
    if reference != NO_REFERENCE:
        facts.update(_values(*reference, anchors))
    return facts


def _values(doctype: str, name: str, wanted: set[str]) -> dict[str, Any]:
    fields = [field for field in sorted(wanted) if frappe.get_meta(doctype).has_field(field)]
    if not fields:
        return {}
    row = frappe.db.get_value(doctype, name, fields, as_dict=True) or {}
    return {field: _without_seconds_of_midnight(value) for field, value in row.items() if value is not None}


def _without_seconds_of_midnight(value: Any) -> Any:
    """A moment at midnight is meant as a day."""
    if isinstance(value, datetime) and value == datetime.combine(value.date(), datetime.min.time()):
        return value.date()
    return value


def listens(event: ClockEvent, profile: str) -> bool:
    """Tell whether any active limit of a profile waits for an event."""
    return any(rule.listens_to(event) for rule in rules_of(profile))


def paused(
    reason: PauseReason,
    order: str,
    *,
    profile: str,
    reference: tuple[str, str] | None = None,
    at: datetime | None = None,
) -> None:
    """Let the clocks rest whose rules accept the reason; see ``happened`` for the arguments."""
    rules = _resting_rules(reason, profile)
    if rules:
        stored = _of_paper(clock_store.clocks_of(order, list(rules)), reference)
        clock_store.pause([row for row in stored if row.clock.is_open], reason, _moment(at))


def resumed(
    reason: PauseReason,
    order: str,
    *,
    profile: str,
    reference: tuple[str, str] | None = None,
    at: datetime | None = None,
) -> None:
    """Let the clocks go on that rested for this reason only; see ``happened`` for the arguments."""
    rules = _resting_rules(reason, profile)
    if not rules:
        return
    moment = _moment(at)
    stored = _of_paper(clock_store.clocks_of(order, list(rules)), reference)
    resting = [row for row in stored if row.clock.state is ClockState.PAUSED and reason.value in row.reasons]
    clock_store.resume([_resumed(rules[row.clock.rule], row, reason, moment) for row in resting], moment)


def _resting_rules(reason: PauseReason, profile: str) -> dict[str, ClockRule]:
    return {rule.code: rule for rule in rules_of(profile) if reason in rule.pauses}


def _of_paper(stored: Sequence[Stored], reference: Reference | None) -> list[Stored]:
    paper = reference or NO_REFERENCE
    return [row for row in stored if paper in (NO_REFERENCE, row.clock.reference)]


def _resumed(rule: ClockRule, row: Stored, reason: PauseReason, at: datetime) -> Resumed:
    clock: Clock = row.clock
    still = row.reasons - {reason.value}
    if still or clock.paused_at is None:
        return Resumed(clock.name, still)
    calendar, since = calendar_named(rule.calendar), clock.paused_at
    until = max(at, since)

    def later(moment: datetime) -> datetime:
        return moved_on(calendar, rule.unit, moment, since, until)

    calls = {name: later(moment) for name, moment in row.calls.items()}
    rested = elapsed(calendar, rule.unit, since, until)
    return Resumed(clock.name, still, later(clock.due_at), rested, calls)


def order_received(order: Order) -> None:
    """Tell the clocks of a new order; they count from the moment the customer ordered, not from its entry.

    Args:
        order: the Order document, inserted.
    """
    received = min(get_datetime(order.ordered_at), now_datetime())
    happened(ClockEvent.ORDER_RECEIVED, order.name, profile=profile_name(order), at=received)


def step_happened(order: Order, step: OrderStep) -> None:
    """Tell the clocks of a step of the lifecycle, and of the end that it may have led to.

    Args:
        order: the Order document, saved in its new state.
        step: the step it took.
    """
    if event := EVENT_OF_STEP.get(step):
        happened(event, order.name, profile=profile_name(order))
    if event is ClockEvent.ORDER_CONFIRMED and order.promised_date:
        happened(ClockEvent.PROMISED_DATE_SET, order.name, profile=profile_name(order))
    if OrderState(order.workflow_state) is OrderState.COMPLETED:
        happened(ClockEvent.ORDER_COMPLETED, order.name, profile=profile_name(order))


def tell_of_deposit(order: Order) -> None:
    """Tell the clocks that the deposit came in with this save, before they hear of a step.

    Args:
        order: the Order document at the end of a save.
    """
    before = order.get_doc_before_save()
    if order.deposit_received_on and before is not None and not before.deposit_received_on:
        happened(ClockEvent.DEPOSIT_RECEIVED, order.name, profile=profile_name(order))
