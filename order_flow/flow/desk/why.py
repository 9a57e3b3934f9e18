"""Why does this order not move: one sentence, with who can free it (design 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import frappe
from frappe import _

from order_flow.domain.gates.lifecycle import cancellation_gate
from order_flow.domain.gates.model import CheckPoint, GateCode, OpenGate, Origin, check_point_of
from order_flow.domain.gates.registry import RULES, Verdict
from order_flow.domain.goods.delivery import CaseState
from order_flow.domain.money.credit_notes import APPROVER_ROLES, CreditNoteState
from order_flow.domain.states import (
    FINAL_STATES,
    ORDER,
    ROLES_OF_STEP,
    DeliveryStatus,
    OrderState,
    OrderStep,
    PaymentFamily,
    Role,
)
from order_flow.flow.clocks.view import clock_lines, late_sentences
from order_flow.flow.deliveries.cases import SETTLERS
from order_flow.flow.desk.outbox_words import outcome_words
from order_flow.flow.gates.facts import gate_facts
from order_flow.flow.gates.judging import judge_planning, judge_step
from order_flow.flow.lifecycle.planning import RELEASER_ROLES, waits_for_planning
from order_flow.flow.lifecycle.steps import origin_of
from order_flow.flow.outside.facts import parcels_only_here
from order_flow.flow.profiles import profile_name
from order_flow.flow.refusals import gate_sentence
from order_flow.flow.tasks.giving import OPEN
from order_flow.flow.wording import named_roles
from order_flow.integrations.wdt.codes import CLOSING_STATUSES, TradeStatus
from order_flow.outbox.accounts.discrepancies import unfit_shipment
from order_flow.outbox.registry import Action
from order_flow.outbox.states import UNFINISHED_STATES, RowState

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

_PUTS_PARCELS_RIGHT = (Role.WAREHOUSE.value, Role.LOGISTICS.value, Role.ORDER_DESK.value)
_ABOUT_SHIPPING = (GateCode.GOODS_NOT_SHIPPED, GateCode.OTHER_SIDE_LEADS)
_SIDEWAYS = frozenset({OrderStep.CANCEL, OrderStep.RETURN_TO_ENTRY, OrderStep.SEND_TO_REVIEW})


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that an order waits for."""

    code: str
    text: str
    freed_by: tuple[str, ...]
    check_point: str = ""
    """Where the company's policy asks for it; empty for what is no matter of policy."""
    can_be_overridden_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """The answer for one order."""

    order: str
    state: str
    sentence: str
    reasons: tuple[Reason, ...]
    next_step: str = ""
    """The step that comes next; empty where the order is finished."""
    taken_by: tuple[str, ...] = ()
    """The roles that take it, as soon as nothing stops it."""

    def as_dict(self) -> dict[str, Any]:
        """For REST and the form."""
        return asdict(self)


def next_step(state: OrderState, family: PaymentFamily) -> OrderStep | None:
    """The step that takes an order forward from a state; None where it is finished."""
    forward = [step for step in ORDER.steps_from(state, family) if step not in _SIDEWAYS]
    if state is OrderState.SHIPPED and family is PaymentFamily.PAY_LATER:
        return OrderStep.CONFIRM_RECEIPT
    return forward[0] if forward else None


def why(order: Order) -> Why:
    """Say what an order waits for: its gates, its late clocks, the next step's people, the outside systems.

    Args:
        order: the Order document.

    Returns:
        The reasons and their sentence.
    """
    state, family = OrderState(order.workflow_state), PaymentFamily(order.payment_family)
    step = None if order.cancel_requested else next_step(state, family)
    gates = _cancellation_reasons(order) if order.cancel_requested else _gate_reasons(order, state, family)
    there = _OverThere(order, gates=frozenset(gate.code for gate in gates))
    if state not in FINAL_STATES and (unfit := _unfit_reason(order)):
        # The rest is not to be shipped: it has left over there, perhaps with what left here.
        gates = [unfit, *(gate for gate in gates if gate.code != GateCode.GOODS_NOT_SHIPPED)]
    elif state not in FINAL_STATES and (nowhere := _stuck_reason(there)):
        gates = [nowhere, *(gate for gate in gates if gate.code not in _ABOUT_SHIPPING)]
    reasons = [*gates, *_late_reasons(order), *_outside_reasons(order)]
    still_open = open_matters(order) if state in FINAL_STATES else []
    if state in FINAL_STATES:
        sentence = _finished(order, state, reasons, still_open)
    elif gates:
        sentence = _("Order {0} is {1}. {2}").format(order.name, _(state.value), _texts(reasons))
    else:
        # What only an outside system or a clock waits for stops nobody here: who goes on is said first.
        waits = _("Order {0} is {1} and waits for '{2}' by {3}.").format(
            order.name,
            _(state.value),
            _(step.value) if step else "-",
            named_roles(ROLES_OF_STEP[step]) if step else "-",
        )
        sentence = f"{waits} {_texts(reasons)}".strip()
    return Why(
        order=order.name,
        state=state.value,
        sentence=sentence,
        reasons=(*reasons, *still_open),
        next_step=step.value if step else "",
        taken_by=tuple(role.value for role in ROLES_OF_STEP[step]) if step else (),
    )


def _texts(reasons: list[Reason]) -> str:
    return " ".join(reason.text for reason in reasons)


def _finished(order: Order, state: OrderState, reasons: list[Reason], still_open: list[Reason]) -> str:
    """The sentence about an order whose goods need nothing any more."""
    texts = _texts(reasons)
    if still_open:
        matters = "; ".join(matter.text for matter in still_open)
        template = _("Order {0} is {1}; there is nothing left to do with its goods. Still open: {2}.")
        return f"{template.format(order.name, _(state.value), matters)} {texts}".strip()
    if reasons:
        return _("Order {0} is {1}. {2}").format(order.name, _(state.value), texts)
    return _("Order {0} is {1}; there is nothing left to do.").format(order.name, _(state.value))


def _cancellation_reasons(order: Order) -> list[Reason]:
    """What an order waits for whose cancellation was asked for: the answer, and nothing else."""
    gate = cancellation_gate(gate_facts(order, Origin.SITE), OrderStep.CANCEL)
    return [_reason(gate, None)] if gate else []


def _gate_reasons(order: Order, state: OrderState, family: PaymentFamily) -> list[Reason]:
    """What stops the next step, and the release to planning where it is to come; each gate once."""
    judged: list[tuple[CheckPoint | None, Verdict]] = []
    step = next_step(state, family)
    reasons: dict[tuple[str, str], Reason] = {}
    if waits_for_planning(order):
        planning = judge_planning(order)
        judged.append((CheckPoint.PLANNING, planning))
        if not planning.stops:
            reasons[CheckPoint.PLANNING.value, ""] = _release_reason()
    if step and (transition := ORDER.by_step(step, state, family)):
        point = check_point_of(step, transition.target)
        # What WDT has accepted or shipped already is not asked of WDT any more.
        judged.append((point, judge_step(order, transition, origin_of(order, step))))
    for point, verdict in judged:
        for gate in verdict.stops:
            reasons.setdefault((gate.code, gate.subject), _reason(gate, point))
    return list(reasons.values())


def _release_reason() -> Reason:
    roles = sorted(RELEASER_ROLES)
    text = _("It can be released to planning now by: {0}.").format(named_roles(roles))
    return Reason("release_to_planning", text, tuple(roles))


def _reason(gate: OpenGate, point: CheckPoint | None) -> Reason:
    return Reason(
        code=gate.code.value,
        text=gate_sentence(gate),
        freed_by=tuple(role.value for role in gate.freed_by),
        check_point=point.value if point and gate.code in RULES else "",
        can_be_overridden_by=tuple(role.value for role in gate.can_be_overridden_by),
    )


def _unfit_reason(order: Order) -> Reason | None:
    """Goods that left WDT and fit neither the order nor what left at the desk (R-026)."""
    if not order.wdt_account or DeliveryStatus(order.delivery_status) is DeliveryStatus.SHIPPED:
        return None
    if (unfit := unfit_shipment(order.name)) is None:
        return None
    if parcels_only_here(order.name):
        return Reason("shipment_differs", unfit.summary, _PUTS_PARCELS_RIGHT)
    return Reason("more_left_than_ordered", unfit.summary, (Role.ORDER_DESK.value,))


@dataclass(frozen=True, slots=True)
class _OverThere:
    """What is known of an order at WDT: asked about its goods, or about the message that is next."""

    order: Any
    gates: frozenset[str] = frozenset()
    """Those that stop the order's next step."""
    message: Any = None
    """The row of the outbox whose turn it is; None where the goods are asked about."""


@dataclass(frozen=True, slots=True)
class _Stuck:
    """A case in which nothing of an order can leave at WDT."""

    code: str
    is_so: Callable[[_OverThere], bool]
    words: Callable[[str], str]
    """The sentence, with the number of the order."""
    freed_by: Role

    def reason(self, order: Order) -> Reason:
        """Say it of an order."""
        return Reason(self.code, self.words(order.name), (self.freed_by.value,))


def _shipped_without_rest(there: _OverThere) -> bool:
    """Whether WDT shipped all it has of an old version and can be told of nothing more."""
    order = there.order
    return (
        there.message is None
        and DeliveryStatus(order.delivery_status) is DeliveryStatus.PARTLY_SHIPPED
        and (order.wdt_trade_status or 0) >= TradeStatus.SHIPPED
        and (bool(order.wdt_sealed) or order.wdt_pushed_status in CLOSING_STATUSES)
    )


def _cancelled_over_there(there: _OverThere) -> bool:
    """Whether WDT cancelled its trade of an order that it is to ship and that goes on here."""
    cancelled = there.order.wdt_trade_status == TradeStatus.CANCELLED
    return bool(GateCode.OTHER_SIDE_LEADS in there.gates and cancelled)


def _old_version_waits(there: _OverThere) -> bool:
    """Whether an edition that was withdrawn waits for WDT's answer, and the new one behind it."""
    row = there.message
    return row is not None and _is_waiting(row) and row.action == Action.WDT_WITHDRAWAL


_STUCK: Final = (
    _Stuck(
        "rest_not_in_wdt",
        _shipped_without_rest,
        lambda name: _(
            "WDT has shipped all it has of order {0}, in the version it knew, and cannot be told of the "
            "rest. Call the order off: it keeps what has left. For more goods take a new order."
        ).format(name),
        Role.ORDER_DESK,
    ),
    _Stuck(
        "cancelled_in_wdt",
        _cancelled_over_there,
        lambda name: _(
            "WDT has cancelled its trade of order {0}, which goes on here. Call the order off, or have the "
            "warehouse take the cancellation back in WDT."
        ).format(name),
        Role.ORDER_DESK,
    ),
    _Stuck(
        "old_version_waits",
        _old_version_waits,
        lambda name: _(
            "Order {0} was changed, and WDT has not cancelled its old version yet; the new one is told when "
            "it has. Where WDT's warehouse has the parcel in hand already, it stops it there."
        ).format(name),
        Role.WAREHOUSE,
    ),
)
"""Why nothing of an order can leave over there; the first that is so is said."""


def _stuck_reason(there: _OverThere) -> Reason | None:
    """Why nothing of an order can leave at WDT; None where something can."""
    return next((case.reason(there.order) for case in _STUCK if case.is_so(there)), None)


def _late_reasons(order: Order) -> list[Reason]:
    """Running clocks that are late, with the role that must act (R-253)."""
    lines = clock_lines(order.name, profile_name(order))
    return [Reason(f"late_{rule}", text, (owner,)) for rule, text, owner in late_sentences(lines)]


def _outside_reasons(order: Order) -> list[Reason]:
    """What an outside system has not heard yet: by account the first message, for which the others wait."""
    first: dict[str, Any] = {}
    for row in frappe.get_all(
        "Sync Outbox",
        filters={
            "document_type": order.doctype,
            "document": order.name,
            "state": ("in", [state.value for state in UNFINISHED_STATES]),
        },
        fields=["account", "action", "state", "last_error", "last_error_kind"],
        order_by="name",
    ):
        first.setdefault(row.account, row)
    return [
        _stuck_reason(_OverThere(order, message=row))
        or Reason(
            f"outbox_{row.state.lower()}",
            _("{0} has not been told yet ({1}): {2}").format(
                row.account, _(row.state), outcome_words(row.last_error_kind, row.last_error)
            ),
            ("System Manager",),
        )
        for row in first.values()
        if not _was_asked(row)
    ]


def _was_asked(row: Any) -> bool:
    """A cancellation that WDT was told of waits for its warehouse's answer; the order's own gate says so."""
    return _is_waiting(row) and row.action == Action.WDT_CANCELLATION


def _is_waiting(row: Any) -> bool:
    return bool(row.state == RowState.WAITING and not row.last_error_kind)


_OPEN_MATTERS = """
    select 'Order' as doctype, %(order)s as name, role from `tabToDo`
    where reference_type = 'Order' and reference_name = %(order)s and status = %(open)s and role is not null
    union select 'Shipment', task.reference_name, task.role from `tabShipment` shipment
    join `tabToDo` task on task.reference_type = 'Shipment' and task.reference_name = shipment.name
    where shipment.order_id = %(order)s and task.status = %(open)s and task.role is not null
    union select 'Credit Note', name, null from `tabCredit Note`
    where order_id = %(order)s and note_state = %(proposed)s
    union select 'Delivery Case', name, null from `tabDelivery Case`
    where order_id = %(order)s and case_state != %(closed)s
    order by doctype desc, name, role
"""
_DECIDED_BY = {"Credit Note": APPROVER_ROLES, "Delivery Case": SETTLERS}


def open_matters(order: Order) -> list[Reason]:
    """What is still open about an order whose goods need nothing any more, and by whom; one statement.

    Args:
        order: the Order document.

    Returns:
        Money that goes back and other tasks, credit notes to be decided about, cases that are not settled.
    """
    values = {
        "order": order.name,
        "open": OPEN,
        "proposed": CreditNoteState.PROPOSED.value,
        "closed": CaseState.CLOSED.value,
    }
    roles_of: dict[tuple[str, str], list[str]] = {}
    for doctype, name, role in frappe.db.sql(_OPEN_MATTERS, values):
        decided_by = [each.value for each in _DECIDED_BY.get(doctype, ())]
        roles_of.setdefault((doctype, name), []).extend([role] if role else sorted(decided_by))
    return [_matter(doctype, name, tuple(roles)) for (doctype, name), roles in roles_of.items()]


def _matter(doctype: str, name: str, roles: tuple[str, ...]) -> Reason:
    by = named_roles(roles)
    text = _("a task of {0}").format(by) if doctype == "Order" else f"{_(doctype)} {name} ({by})"
    return Reason(f"open_{doctype.lower().replace(' ', '_')}", text, roles)
