"""Records what proves that a customer confirmed an order, for its content of that moment (R-003, K-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.gates.evidence import PROVES_NO_ORDER, WITHOUT_PAPER, EvidenceKind
from order_flow.domain.states import CALLED_OFF_STATES, OrderState, Role
from order_flow.flow.clocks.events import happened
from order_flow.flow.gates.evidence import content_of
from order_flow.flow.lifecycle.follow_facts import follow_facts
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.order import locked_order, record_event
from order_flow.flow.records.values import time_of
from order_flow.flow.refusals import StepRefused, refuse_without_role

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order_evidence.order_evidence import OrderEvidence

EVIDENCE_EVENT = "Evidence"
RECORDER_ROLES = frozenset(
    role.value for role in (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER, Role.INTEGRATION)
)


def record_evidence(
    name: str, kind: str, received_from: str, *, received_at: str = "", attachment: str = "", remark: str = ""
) -> str:
    """Record what proves the customer's confirmation of the order as it is now.

    Args:
        name: the order.
        kind: an ``EvidenceKind``.
        received_from: who confirmed, in the customer's house.
        received_at: ``YYYY-MM-DD HH:MM:SS`` in Asia/Shanghai; now where empty.
        attachment: address of the uploaded paper; mandatory for kinds with a paper.
        remark: free words, for a spoken confirmation what was said.

    Returns:
        The name of the Order Evidence.

    Raises:
        StepRefused: unknown kind, nobody named, no paper, a time to come, or an order that was called off.
        frappe.PermissionError: the user's roles may not record evidence.
    """
    refuse_without_role(RECORDER_ROLES, _("Evidence is recorded by: {0}."))
    order = locked_order(name)
    if OrderState(order.workflow_state) in CALLED_OFF_STATES:
        frappe.throw(
            _("Order {0} is {1}; there is nothing left to confirm.").format(name, _(order.workflow_state)),
            StepRefused,
        )
    wanted = _kind(kind)
    at = time_of(received_at, _("Received At")) if received_at else now_datetime()
    _check(wanted, received_from, at, attachment, remark)
    evidence = frappe.get_doc(
        {
            "doctype": "Order Evidence",
            "order_id": name,
            "kind": wanted.value,
            "received_from": received_from.strip(),
            "received_at": at,
            "attachment": attachment or None,
            "remark": remark,
            "recorded_by": frappe.session.user,
            "content": content_of(order),
        }
    )
    evidence.flags.made_by_method = True
    evidence.insert(ignore_permissions=True)  # the roles were asked above; nobody has the plain right
    record_event(
        order,
        EVIDENCE_EVENT,
        order.workflow_state,
        order.workflow_state,
        _("{0} from {1}").format(_(wanted.value), evidence.received_from),
    )
    if wanted not in PROVES_NO_ORDER:
        happened(ClockEvent.EVIDENCE_RECEIVED, name, profile=profile_name(order), at=at)
    follow_facts(order)
    return str(evidence.name)


def _kind(kind: str) -> EvidenceKind:
    try:
        return EvidenceKind(kind)
    except ValueError:
        frappe.throw(
            _("'{0}' is no kind of evidence. Choose one of: {1}.").format(
                kind, ", ".join(_(known.value) for known in EvidenceKind)
            ),
            StepRefused,
        )


def _check(kind: EvidenceKind, received_from: str, at: Any, attachment: str, remark: str) -> None:
    if not received_from.strip():
        frappe.throw(_("Say who confirmed the order on the customer's side."), StepRefused)
    if at > now_datetime():
        frappe.throw(_("Evidence cannot have come in the future. Correct the time."), StepRefused)
    if kind in WITHOUT_PAPER:
        if not remark.strip() and not attachment:
            frappe.throw(_("Write down what the customer said: {0}.").format(_(kind.value)), StepRefused)
    elif not _may_use_file(attachment):
        frappe.throw(_("{0} needs its paper. Upload it and attach it.").format(_(kind.value)), StepRefused)


def _may_use_file(address: str) -> bool:
    """Tell whether an uploaded file exists that this user may read."""
    names = frappe.get_all("File", {"file_url": address}, pluck="name") if address else []
    return any(frappe.get_doc("File", name).has_permission("read") for name in names)


def guard_evidence(evidence: OrderEvidence) -> None:
    """Refuse evidence that is written, changed or removed past ``record_evidence``.

    Raises:
        StepRefused: always, except inside that method.
    """
    if not evidence.flags.made_by_method:
        frappe.throw(
            _("Evidence is recorded on the order and stays as it is. Record the newer one beside it."),
            StepRefused,
        )
