"""Keeps the framework's Workflow Actions ("waiting for me") with a fixed number of statements and no search.

The framework fills them by asking, for every transition, every user of its role, which grows with the
company; and it looks for what waited before by a search that locks the gaps between documents, so that people
at neighbouring ones wait for each other in a circle. It leaves alone what exists already: so what waits is
written here, from the tables of the domain, before the framework looks. A state in which nobody is asked has
its row too, closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.changes.model import CHANGE, ChangeState
from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.shipments import (
    SHIPMENT_BY_HAND,
    WAREHOUSE_STAGES,
    ShipmentState,
)
from order_flow.domain.money.credit_raise import CREDIT_RAISE, RaiseState
from order_flow.domain.states import ORDER, OrderState, PaymentFamily, Role
from order_flow.flow.records.rows import insert_new_rows

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.credit_raise_request.credit_raise_request import CreditRaiseRequest
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.shipment.shipment import Shipment

_ACTION, _ROLES = "Workflow Action", "Workflow Action Permitted Role"
_ROLE_COLUMNS = (
    "name",
    "creation",
    "modified",
    "owner",
    "modified_by",
    "parent",
    "parenttype",
    "parentfield",
    "idx",
    "role",
)


def waiting_roles(state: OrderState, family: PaymentFamily) -> tuple[Role, ...]:
    """The roles that can take the order further from a state, without those that could only cancel it."""
    return ORDER.roles_at(state, family)


def roles_at_shipment(state: ShipmentState, led_by: Origin) -> tuple[Role, ...]:
    """The roles that can take a shipment further; goods in WDT's house are led by nobody here."""
    if state in WAREHOUSE_STAGES and led_by is not Origin.SITE:
        return ()
    return SHIPMENT_BY_HAND.roles_at(state)


def roles_at_notice(state: ChangeState) -> tuple[Role, ...]:
    """The roles that can take a change notice further."""
    return CHANGE.roles_at(state)


def refresh_inbox(order: Order, before: OrderState) -> None:
    """Close what was waiting before and open what waits now.

    Args:
        order: the Order document, in its new state.
        before: the state that it came from.
    """
    _close(order, before)
    open_inbox(order)


def open_inbox(order: Order) -> None:
    """Write down who may take the order further from its state.

    Args:
        order: the Order document; nothing is waiting for it.
    """
    state = OrderState(order.workflow_state)
    _open(order, state, waiting_roles(state, PaymentFamily(order.payment_family)))


def follow_shipment_inbox(shipment: Shipment) -> None:
    """Write down who may take a shipment further, where its state changed.

    Args:
        shipment: the Shipment at the end of its save.
    """
    before = shipment.get_doc_before_save()
    _follow(
        shipment,
        ShipmentState(before.shipment_state) if before else None,
        ShipmentState(shipment.shipment_state),
        roles_at_shipment(ShipmentState(shipment.shipment_state), Origin(shipment.led_by)),
    )


def follow_notice_inbox(notice: ChangeNotice) -> None:
    """Write down who may take a change notice further, where its state changed.

    Args:
        notice: the Change Notice at the end of its save.
    """
    before, state = notice.get_doc_before_save(), ChangeState(notice.change_state)
    _follow(notice, ChangeState(before.change_state) if before else None, state, roles_at_notice(state))


def follow_raise_inbox(request: CreditRaiseRequest) -> None:
    """Write down who decides next about a credit raise request, where its state changed.

    Args:
        request: the Credit Raise Request at the end of its save.
    """
    before, state = request.get_doc_before_save(), RaiseState(request.workflow_state)
    _follow(
        request, RaiseState(before.workflow_state) if before else None, state, CREDIT_RAISE.roles_at(state)
    )


def _follow(document: Any, before: str | None, state: str, roles: tuple[Role, ...]) -> None:
    if before == state:
        return
    if before is not None:
        _close(document, before)
    _open(document, state, roles)


def _close(document: Any, state: str) -> None:
    frappe.db.sql(
        """update `tabWorkflow Action` set status = 'Completed', completed_by = %s, modified = %s
        where name = %s""",
        (frappe.session.user, now_datetime(), _name(document, state)),
    )


def _open(document: Any, state: str, roles: tuple[Role, ...]) -> None:
    """Two statements; one where nobody is asked."""
    action, now, user = _name(document, state), now_datetime(), frappe.session.user
    status = "Open" if roles else "Completed"
    # A document that goes back to a state waits there again.
    frappe.db.sql(
        """insert into `tabWorkflow Action` (name, creation, modified, owner, modified_by, reference_doctype,
            reference_name, workflow_state, status)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        on duplicate key update status = values(status), completed_by = null, modified = values(modified)""",
        (action, now, now, user, user, document.doctype, document.name, str(state), status),
    )
    if not roles:
        return
    frame = (now, now, user, user, action, _ACTION, "permitted_roles")
    rows = [(f"{action} {role.value}", *frame, idx, role.value) for idx, role in enumerate(roles, 1)]
    insert_new_rows(_ROLES, _ROLE_COLUMNS, rows)


def _name(document: Any, state: str) -> str:
    """The name of what waits in a state.

    It can be told without looking, so that no statement searches the table: a search that locks also locks
    the gaps between the documents.
    """
    return f"{document.name} {state}"
