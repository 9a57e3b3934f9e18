"""What the desk's forms ask besides the REST methods of ``api``: one question per opened form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe.utils import getdate

from order_flow.api.endpoint import Verb, endpoint
from order_flow.api.sync import may_compare
from order_flow.domain.amounts import ZERO
from order_flow.domain.gates.model import CheckPoint, GateCode
from order_flow.domain.orders.line_progress import kinds_recorded_by
from order_flow.flow.access.sight import sees_money
from order_flow.flow.cancelling.requests import ASKABLE_REASONS
from order_flow.flow.clocks.view import form_clocks
from order_flow.flow.desk.actions import DeskAction, actions_for
from order_flow.flow.desk.calendar import order_events
from order_flow.flow.desk.finding import find as found_by_number
from order_flow.flow.desk.money_actions import money_actions_for
from order_flow.flow.desk.pasted_lines import lines_for_form
from order_flow.flow.desk.receivers import former_receivers, receiver_of_text
from order_flow.flow.desk.why import Reason, why
from order_flow.flow.lifecycle.overriding import may_override, part_that_may_pass
from order_flow.flow.money.payments import recorded_payments
from order_flow.flow.orders.standing import sides, stage_bar
from order_flow.flow.outside.facts import open_quantities
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.values import day_of
from order_flow.flow.refusals import gate_sentence, refuse_without_entry
from order_flow.flow.reviews.desk import review_standing
from order_flow.flow.terms.figures import money_of


@endpoint(Verb.GET, of="Order")
def order_form(order: str) -> dict[str, Any]:
    """Everything the order's form shows beside the document itself (R-015, R-027).

    Args:
        order: the order's name.

    Returns:
        ``why`` (as ``api.why``), ``actions`` and ``money_actions`` (names of the buttons), ``open_lines``
        (what is still to be shipped), ``outstanding`` and ``surplus`` (what is still to be paid, or was paid
        too much, in the order's currency; 0 for who may not see prices), ``recorded_payments`` (names of
        those that finance has not decided about),
        ``overridable`` (gates that the user may let the order pass), ``cancel_reasons``, ``progress_kinds``
        (which quantities of its lines the caller records), ``review`` (the latest checklist, its status and
        whom it waits for; nothing where there is none), ``clocks`` (as ``flow.clock_view.form_clocks``),
        ``stages`` and ``sides`` (as ``flow.standing``), ``may_compare`` (whether the caller may compare the
        sides now).

    Raises:
        frappe.PermissionError: the caller may not read the order.
    """
    document = frappe.get_doc("Order", order)
    document.check_permission("read")
    still_open = open_quantities(document)
    standing = why(document)
    passable = overridable(document, standing.reasons)
    actions = (*actions_for(document), *((DeskAction.OVERRIDE,) if passable else ()))
    money = money_of(document) if sees_money() else None
    return {
        "why": standing.as_dict(),
        "actions": [action.value for action in actions],
        "money_actions": [action.value for action in money_actions_for(document)],
        "open_lines": [
            {
                "order_item": line.name,
                "product": line.product,
                "product_name": line.product_name,
                "open": float(still_open[line.name]),
                "quantity": float(still_open[line.name]),
            }
            for line in document.items
            if line.name in still_open
        ],
        "outstanding": float(money.missing if money else ZERO),
        "surplus": float(money.surplus if money else ZERO),
        "recorded_payments": recorded_payments(document.name),
        "overridable": passable,
        "cancel_reasons": [reason.value for reason in ASKABLE_REASONS],
        "review": review_standing(document),
        "progress_kinds": [kind.value for kind in kinds_recorded_by(frappe.get_roles())],
        "clocks": form_clocks(document.name, profile_name(document)),
        "stages": stage_bar(document),
        "sides": sides(document),
        "may_compare": may_compare(),
    }


def overridable(document: Any, reasons: Iterable[Reason]) -> list[dict[str, str]]:
    """The open gates that the user may let an order pass, by code, check point and text (K-14)."""
    passable = [
        {"gate": reason.code, "check_point": reason.check_point, "text": reason.text}
        for reason in reasons
        if reason.can_be_overridden_by and may_override(document, GateCode(reason.code))
    ]
    if part := part_that_may_pass(document):
        point = CheckPoint.SHIP.value
        passable.append({"gate": part.code.value, "check_point": point, "text": gate_sentence(part)})
    return passable


@endpoint(Verb.GET, of="Order")
def order_calendar(
    start: str, end: str, doctype: str = "Order", filters: str = "", field_map: str = "", fields: str = ""
) -> list[dict[str, Any]]:
    """The caller's orders by promised and planned ship date.

    Args:
        start: first day in view, as text of a date or time.
        end: last day in view.
        doctype, filters, field_map, fields: sent by the framework's calendar; what is shown does not depend
            on them.

    Returns:
        Events, see ``flow.calendar.order_events``; of others' orders the reader sees none.
    """
    return order_events(day_of(start, "start"), day_of(end, "end"), getdate())


@endpoint(Verb.GET)
def find(text: str) -> list[dict[str, Any]]:
    """Find what somebody has a number of: orders, shipments, payments, customers, products.

    Args:
        text: a whole number (of ours, of the channel, of the customer, a waybill, a telephone), or its
            beginning, at least three characters.

    Returns:
        Hits that the caller may read, see ``flow.desk.finding.find``.
    """
    return found_by_number(text)


@endpoint(Verb.POST, of="Order")
def read_pasted_lines(text: str) -> dict[str, Any]:
    """Read lines that were pasted into an order's form; nothing is stored.

    A POST, because a thousand lines are more than an address can carry.

    Args:
        text: rows of cells between tabs.

    Returns:
        ``lines``, ``faults`` and ``guessed``, see ``flow.desk.pasted_lines.lines_for_form``.

    Raises:
        StepRefused: nothing to read, or too much.
        frappe.PermissionError: the caller enters no orders.
    """
    refuse_without_entry("Order")
    return lines_for_form(text)


@endpoint(Verb.POST, of="Order")
def read_receiver(text: str) -> dict[str, Any]:
    """Split a pasted receiver into the fields of an order; nothing is stored.

    A POST, so that names and telephones stand in no log of addresses.

    Args:
        text: name, telephone and address in any sequence.

    Returns:
        ``fields`` and ``doubts``, see ``flow.desk.receivers.receiver_of_text``.

    Raises:
        frappe.PermissionError: the caller enters no orders.
    """
    refuse_without_entry("Order")
    return receiver_of_text(text)


@endpoint(Verb.GET, of="Order")
def receivers(customer: str) -> list[dict[str, Any]]:
    """List to whom a customer's last orders went.

    Args:
        customer: its code.

    Returns:
        At most five, newest first; of orders that the caller may read.

    Raises:
        frappe.PermissionError: the caller enters no orders.
    """
    refuse_without_entry("Order")
    return former_receivers(customer)
