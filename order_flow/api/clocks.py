"""Clocks for the desk and for other systems: thin, the rules are in ``flow.clock_deeds``."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.clocks.model import ClockEvent, PauseReason
from order_flow.flow.desk import manual_events as clock_deeds
from order_flow.flow.records.values import day_of
from order_flow.flow.refusals import StepRefused


@endpoint(Verb.POST, of="Order")
def record_event(
    order: str, event: str, remark: str = "", reference_type: str = "", reference_name: str = ""
) -> None:
    """Say that something happened that the app cannot know by itself (R-224..R-248).

    Args:
        order: the order's name.
        event: name of the event, e.g. ``Quality Finding``.
        remark: what was done.
        reference_type: DocType of the paper it happened to, where there is one.
        reference_name: that paper.

    Raises:
        StepRefused: unknown event, one that is not told by hand, or the order is called off.
        frappe.PermissionError: the user's roles may not tell it.
    """
    clock_deeds.refuse_without_deeds()
    paper = (reference_type, reference_name) if reference_type and reference_name else None
    clock_deeds.tell(order, _event(event), remark, paper)


@endpoint(Verb.POST, of="Order")
def finish(clock: str, remark: str) -> None:
    """End one clock by hand; see ``flow.clock_deeds.finish``."""
    clock_deeds.finish(clock, remark)


@endpoint(Verb.POST, of="Order")
def pause(order: str, reason: str, remark: str) -> None:
    """Let an order's clocks rest; see ``flow.clock_deeds.pause``."""
    clock_deeds.refuse_without_pauses()
    clock_deeds.pause(order, _reason(reason), remark)


@endpoint(Verb.POST, of="Order")
def resume(order: str, reason: str, remark: str = "") -> None:
    """Let an order's clocks go on; see ``flow.clock_deeds.resume``."""
    clock_deeds.refuse_without_pauses()
    clock_deeds.resume(order, _reason(reason), remark)


@endpoint(Verb.POST, of="Order")
def set_ship_date(order: str, day: str) -> None:
    """Plan the day of dispatch; see ``flow.clock_deeds.set_ship_date``."""
    clock_deeds.refuse_without_dates()
    clock_deeds.set_ship_date(order, day_of(day, _("Planned Ship Date")))


def _event(word: str) -> ClockEvent:
    try:
        return ClockEvent(word)
    except ValueError:
        frappe.throw(_("'{0}' is not an event that clocks know.").format(word), StepRefused)


def _reason(word: str) -> PauseReason:
    try:
        return PauseReason(word)
    except ValueError:
        frappe.throw(_("'{0}' is not a reason for which clocks rest.").format(word), StepRefused)
