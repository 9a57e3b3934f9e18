"""Writes the desk workflows; running it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from order_flow.workflow.change_definition import change_plan
from order_flow.workflow.credit_raise_definition import raise_plan
from order_flow.workflow.definition import WorkflowPlan, order_plan
from order_flow.workflow.shipment_definition import shipment_plan


def plans() -> tuple[WorkflowPlan, ...]:
    """Every Workflow of the app."""
    return (order_plan(), change_plan(), raise_plan(), shipment_plan())


def install_workflows() -> None:
    """Create or correct the app's Workflows and the states and actions they name."""
    for plan in plans():
        for state, style in plan.styles.items():
            _ensure("Workflow State", state, {"workflow_state_name": state, "style": style})
        for action in plan.actions:
            _ensure("Workflow Action Master", action, {"workflow_action_name": action})
        _install(plan)


def _ensure(doctype: str, name: str, values: dict[str, Any]) -> None:
    if not frappe.db.exists(doctype, name):
        frappe.get_doc({"doctype": doctype, **values}).insert(
            ignore_permissions=True  # runs on install and migrate only, never for a request
        )


def _wanted(plan: WorkflowPlan) -> dict[str, Any]:
    return {
        "workflow_name": plan.name,
        "document_type": plan.document_type,
        "workflow_state_field": plan.state_field,
        "is_active": 1,
        "override_status": 0,
        "send_email_alert": 0,
        "states": [
            {"state": row.state, "doc_status": row.doc_status, "allow_edit": row.allow_edit}
            for row in plan.states
        ],
        "transitions": [
            {
                "state": row.state,
                "action": row.action,
                "next_state": row.next_state,
                "allowed": row.allowed,
                "condition": row.condition,
                "allow_self_approval": int(plan.self_approval),
            }
            for row in plan.transitions
        ],
    }


def _install(plan: WorkflowPlan) -> None:
    wanted = _wanted(plan)
    if not frappe.db.exists("Workflow", plan.name):
        frappe.get_doc({"doctype": "Workflow", **wanted}).insert(
            ignore_permissions=True  # runs on install and migrate only, never for a request
        )
        return
    workflow = frappe.get_doc("Workflow", plan.name)
    if _differs(workflow, wanted):
        workflow.update(wanted)
        workflow.save(ignore_permissions=True)  # runs on install and migrate only, never for a request


def _differs(workflow: Any, wanted: dict[str, Any]) -> bool:
    """Compare the tables the domain decides; an administrator may still switch mails on."""
    for table in ("states", "transitions"):
        stored = [
            {key: (row.get(key) or "") for key in wanted_row}
            for row, wanted_row in zip(workflow.get(table), wanted[table], strict=False)
        ]
        if len(workflow.get(table)) != len(wanted[table]) or stored != [
            {key: value or "" for key, value in row.items()} for row in wanted[table]
        ]:
            return True
    return any(workflow.get(key) != wanted[key] for key in ("document_type", "workflow_state_field"))


def remove_workflows() -> None:
    """Remove what install wrote, for a clean uninstall; states and actions of other workflows stay."""
    for plan in plans():
        if frappe.db.exists("Workflow", plan.name):
            frappe.delete_doc("Workflow", plan.name, force=True)
    for plan in plans():
        _remove_unused("Workflow State", plan.styles, "Workflow Document State", "state")
        _remove_unused("Workflow Action Master", plan.actions, "Workflow Transition", "action")


_FRAMEWORKS_OWN = frozenset({"Pending", "Approved", "Rejected", "Approve", "Reject", "Review"})
"""States and actions that come with every site."""


def _remove_unused(doctype: str, names: Iterable[str], row: str, field: str) -> None:
    used = set(frappe.get_all(row, pluck=field)) | _FRAMEWORKS_OWN
    for name in names:
        if name not in used and frappe.db.exists(doctype, name):
            frappe.delete_doc(doctype, name, force=True)
