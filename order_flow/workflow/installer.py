"""Writes the desk workflow; running it again changes nothing."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.workflow.definition import (
    DOCUMENT_TYPE,
    STATE_FIELD,
    STYLE_OF_STATE,
    WORKFLOW_NAME,
    action_names,
    state_rows,
    transition_rows,
)


def install_workflows() -> None:
    """Create or correct the Workflow of Order and the states and actions it names."""
    for state in STYLE_OF_STATE:
        _ensure(
            "Workflow State",
            state.value,
            {"workflow_state_name": state.value, "style": STYLE_OF_STATE[state]},
        )
    for action in action_names():
        _ensure("Workflow Action Master", action, {"workflow_action_name": action})
    _install_order_workflow()


def _ensure(doctype: str, name: str, values: dict[str, Any]) -> None:
    if not frappe.db.exists(doctype, name):
        frappe.get_doc({"doctype": doctype, **values}).insert(
            ignore_permissions=True  # runs on install and migrate only, never for a request
        )


def _wanted() -> dict[str, Any]:
    return {
        "workflow_name": WORKFLOW_NAME,
        "document_type": DOCUMENT_TYPE,
        "workflow_state_field": STATE_FIELD,
        "is_active": 1,
        "override_status": 0,
        "send_email_alert": 0,
        "states": [
            {"state": row.state, "doc_status": row.doc_status, "allow_edit": row.allow_edit}
            for row in state_rows()
        ],
        "transitions": [
            {
                "state": row.state,
                "action": row.action,
                "next_state": row.next_state,
                "allowed": row.allowed,
                "condition": row.condition,
                "allow_self_approval": 1,
            }
            for row in transition_rows()
        ],
    }


def _install_order_workflow() -> None:
    wanted = _wanted()
    if not frappe.db.exists("Workflow", WORKFLOW_NAME):
        frappe.get_doc({"doctype": "Workflow", **wanted}).insert(
            ignore_permissions=True  # runs on install and migrate only, never for a request
        )
        return
    workflow = frappe.get_doc("Workflow", WORKFLOW_NAME)
    if _differs(workflow, wanted):
        workflow.update(wanted)
        workflow.save(ignore_permissions=True)  # runs on install and migrate only, never for a request


def _differs(workflow: Any, wanted: dict[str, Any]) -> bool:
    """Compare the tables the lifecycle decides; an administrator may still switch mails on."""
    for table in ("states", "transitions"):
        stored = [
            {key: (row.get(key) or "") for key in wanted_row}
            for row, wanted_row in zip(workflow.get(table), wanted[table], strict=False)
        ]
        if len(workflow.get(table)) != len(wanted[table]) or stored != [
            {key: value or "" for key, value in row.items()} for row in wanted[table]
        ]:
            return True
    return workflow.document_type != DOCUMENT_TYPE or workflow.workflow_state_field != STATE_FIELD


def remove_workflows() -> None:
    """Remove what install wrote, for a clean uninstall; states and actions that others may share stay."""
    if frappe.db.exists("Workflow", WORKFLOW_NAME):
        frappe.delete_doc("Workflow", WORKFLOW_NAME, force=True)
