"""The shipped choice of modules for who only works on orders: the side bar shows our workspaces alone."""

from __future__ import annotations

from typing import Final

import frappe

PROFILE: Final = "Order Work"
MODULE: Final = "Order Flow"


def ensure_module_profile() -> None:
    """Create the profile where it is missing; an administrator gives it to users, or changes it."""
    if frappe.db.exists("Module Profile", PROFILE):
        return
    others = frappe.get_all("Module Def", filters={"name": ("!=", MODULE)}, pluck="name", order_by="name")
    frappe.get_doc(
        {
            "doctype": "Module Profile",
            "module_profile_name": PROFILE,
            "block_modules": [{"module": module} for module in others],
        }
    ).insert(ignore_permissions=True)  # runs on install and migrate only, never for a request


def remove_module_profile() -> None:
    """Take the profile away with the app; whoever had it chooses his modules by himself again."""
    frappe.db.set_value("User", {"module_profile": PROFILE}, "module_profile", None)
    frappe.delete_doc("Module Profile", PROFILE, ignore_missing=True)
