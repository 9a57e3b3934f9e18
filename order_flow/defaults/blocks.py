"""The shipped blocks of the workspaces; their code is in public/js and comes with each version."""

from __future__ import annotations

from typing import Final

import frappe

from order_flow.outbox.people import OPERATOR_ROLES

SYNC_HEALTH: Final = "Sync Health"
_SCRIPT: Final = (
    """frappe.require("/assets/order_flow/js/sync_health.js", () => draw_sync_health(root_element));"""
)


def ensure_blocks() -> None:
    """Create the block where it is missing, for those who may ask what it shows."""
    if frappe.db.exists("Custom HTML Block", SYNC_HEALTH):
        return
    block = frappe.new_doc("Custom HTML Block")
    block.update(
        {
            "html": '<div class="sync-health"></div>',
            "script": _SCRIPT,
            "private": 0,
            "roles": [{"role": role} for role in OPERATOR_ROLES],
        }
    )
    block.name = SYNC_HEALTH
    block.flags.name_set = True
    block.insert(ignore_permissions=True)  # runs on install and migrate only, never for a request


def remove_blocks() -> None:
    """The framework would keep the block, whose code is gone then."""
    if frappe.db.exists("Custom HTML Block", SYNC_HEALTH):
        # Uninstall only; the workspace that shows it goes with the app as well, but later.
        frappe.delete_doc("Custom HTML Block", SYNC_HEALTH, force=True, ignore_permissions=True)
