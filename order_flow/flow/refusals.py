"""How a refusal reaches a person: translated, with every open gate at once and who can free it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

import frappe
from frappe import _

from order_flow.domain.changes.model import Obstacle
from order_flow.domain.errors import OrderFlowError
from order_flow.domain.gates.model import CheckPoint, OpenGate
from order_flow.domain.gates.registry import ABOUT_MONEY
from order_flow.domain.message import one_stop
from order_flow.domain.states import ORDER, OrderState, OrderStep, PaymentFamily, Role
from order_flow.flow.access.sight import sees_money
from order_flow.flow.wording import enumerated, named_roles


class StepRefused(frappe.ValidationError):
    """The lifecycle table, a gate or a rule of the order says no; nothing was changed (R-026)."""


class ArgumentsRefused(StepRefused):
    """An argument of a call is missing, unknown or of a wrong type."""


class DuplicateDiffers(frappe.ValidationError):
    """The same outside number came with a different content."""

    http_status_code = 409


def gate_sentence(gate: OpenGate) -> str:
    """One open gate in the reader's language, with the roles that can free it."""
    text, freed_by = _gate_text(gate), _role_names(gate.freed_by)
    if gate.by_change:
        text += " " + _("The order is confirmed and not edited any more: enter it with a change notice.")
    if not freed_by:
        return text
    if not gate.can_be_overridden_by:
        return _("{0} (can be freed by: {1})").format(text, freed_by)
    return _("{0} (can be freed by: {1}; can be overridden by: {2})").format(
        text, freed_by, _role_names(gate.can_be_overridden_by)
    )


def _gate_text(gate: OpenGate) -> str:
    if gate.code in ABOUT_MONEY and not sees_money():
        return _("'{0}' is open; its figures are for the office only.").format(_(gate.code.label))
    words = _(gate.template).format(**{name: _translated(value) for name, value in gate.params.items()})
    return one_stop(words)


def _role_names(roles: Iterable[Role]) -> str:
    return named_roles(roles)


def _translated(value: object) -> object:
    """Words in the reader's language: of several each for itself, with a plus those that belong together."""
    if isinstance(value, tuple):
        return enumerated(
            " + ".join(_(word) for word in part) if isinstance(part, tuple) else _(part) for part in value
        )
    return _(value) if isinstance(value, str) else value


def refuse_gates(order: str, step: OrderStep | CheckPoint, gates: Sequence[OpenGate]) -> NoReturn:
    """Refuse a step with all its open gates.

    Args:
        order: the order's name.
        step: the refused step, or the check point it would pass.
        gates: at least one open gate.

    Raises:
        StepRefused: always.
    """
    reasons = "<br>".join(gate_sentence(gate) for gate in gates)
    frappe.throw(
        _("Order {0} cannot take the step '{1}' now: {2}").format(order, _(step.value), reasons),
        StepRefused,
        title=_("Not Possible Now"),
    )


def refuse_step(order: str, step: OrderStep, state: OrderState, family: PaymentFamily) -> NoReturn:
    """Refuse a step that the table does not have, naming the states that allow it (R-026).

    Raises:
        StepRefused: always.
    """
    allowed = enumerated(_(state.value) for state in dict.fromkeys(ORDER.sources_of(step, family)))
    frappe.throw(
        _("Order {0} is {1}; the step '{2}' is possible only from: {3}. Nothing was changed.").format(
            order, _(state.value), _(step.value), allowed or _("no state of this payment family")
        ),
        StepRefused,
        title=_("Not Possible Now"),
    )


def refuse_state(order: str, source: OrderState, target: OrderState, steps: Sequence[OrderStep]) -> NoReturn:
    """Refuse a state that no step leads to from here, naming the steps that exist (R-026).

    Raises:
        StepRefused: always.
    """
    possible = enumerated(_(step.value) for step in steps) or _("none, the order is finished")
    frappe.throw(
        _("Order {0} cannot go from {1} to {2}. Possible steps now: {3}. Nothing was changed.").format(
            order, _(source.value), _(target.value), possible
        ),
        StepRefused,
        title=_("Not Possible Now"),
    )


def refuse_rule(error: OrderFlowError) -> NoReturn:
    """Turn a refusal of a pure rule into a translated message.

    Raises:
        StepRefused: always.
    """
    params = {name: _translated(value) for name, value in error.params.items()}
    frappe.throw(one_stop(_(error.template).format(**params)), StepRefused, title=_("Not Possible Now"))


def obstacle_sentence(obstacle: Obstacle) -> str:
    """One obstacle of a change in the reader's language."""
    return _(obstacle.template).format(
        **{name: _translated(value) for name, value in obstacle.params.items()}
    )


def refuse_obstacles(subject: str, obstacles: Sequence[Obstacle]) -> NoReturn:
    """Refuse a change with everything that stands in its way.

    Args:
        subject: the notice's or order's name.
        obstacles: at least one.

    Raises:
        StepRefused: always.
    """
    reasons = "<br>".join(obstacle_sentence(obstacle) for obstacle in obstacles)
    frappe.throw(
        _("{0} cannot go on now: {1}").format(subject, reasons), StepRefused, title=_("Not Possible Now")
    )


def refuse_faults(faults: Sequence[str], title: str = "") -> None:
    """Refuse what was entered, naming every fault on a line of its own; quiet where there is none.

    Args:
        faults: sentences in the reader's language.
        title: of the dialog, in the reader's language.

    Raises:
        StepRefused: there are faults.
    """
    if faults:
        frappe.throw("<br>".join(faults), StepRefused, title=title or None)


def refuse_without_role(roles: Iterable[str], text: str) -> None:
    """Refuse a user who has none of some roles.

    Args:
        roles: who may.
        text: the refusal, translated, with one place for the roles.

    Raises:
        frappe.PermissionError: naming the roles.
    """
    wanted = {str(role) for role in roles}
    if wanted.isdisjoint(frappe.get_roles()):
        frappe.throw(text.format(named_roles(sorted(wanted))), frappe.PermissionError)


def only(roles: Iterable[Role], what: str) -> None:
    """Refuse who has none of the roles for a deed that is no step of a lifecycle.

    Args:
        roles: who may.
        what: the deed, in the reader's language.

    Raises:
        frappe.PermissionError: naming the roles.
    """
    # The place of the roles stays open for the refusal to fill.
    refuse_without_role(roles, _("{0} is done by: {1}. Ask one of them.").format(what, "{0}"))


def refuse_without_entry(doctype: str) -> None:
    """Refuse somebody who may not enter documents of a kind.

    Args:
        doctype: the kind.

    Raises:
        frappe.PermissionError: always where the user may not create one.
    """
    # Not has_permission(throw=True): in older versions that is no PermissionError, and answers 417.
    if not frappe.has_permission(doctype, "create"):
        frappe.throw(
            _("Your roles may not enter this: {0}. Ask the order desk.").format(_(doctype)),
            frappe.PermissionError,
        )


def refuse_without_sight(doctype: str) -> None:
    """Refuse somebody who may read no document of a kind. Which of them a reader may see is another question.

    Args:
        doctype: the kind.

    Raises:
        frappe.PermissionError: always where the user may read none.
    """
    if not frappe.has_permission(doctype, "read"):
        frappe.throw(
            _("Your roles may not see this: {0}. Ask the order desk.").format(_(doctype)),
            frappe.PermissionError,
        )
