"""The shipped blocks of the workspaces; their code is in public/js and comes with each version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import frappe

from order_flow.outbox.people import OPERATOR_ROLES


@dataclass(frozen=True, slots=True)
class Block:
    """What a workspace shows beside cards and charts.

    Args:
        css_class: of the element that the script fills.
        script: file below ``public/js``.
        draws: the script's function.
        roles: who sees it; everybody where there are none.
    """

    css_class: str
    script: str
    draws: str
    roles: tuple[str, ...] = ()


SYNC_HEALTH: Final = "Sync Health"
FIRST_STEPS: Final = "First Steps"
MY_TASKS: Final = "My Tasks"
BLOCKS: Final[Mapping[str, Block]] = {
    SYNC_HEALTH: Block("sync-health", "sync_health.js", "draw_sync_health", OPERATOR_ROLES),
    FIRST_STEPS: Block("first-steps", "first_steps.js", "draw_first_steps"),
    MY_TASKS: Block("my-tasks", "my_tasks.js", "draw_my_tasks"),
}


def ensure_blocks() -> None:
    """Create each block where it is missing, for those who may ask what it shows."""
    for name, block in BLOCKS.items():
        if not frappe.db.exists("Custom HTML Block", name):
            _create(name, block)


def _create(name: str, block: Block) -> None:
    document = frappe.new_doc("Custom HTML Block")
    path = f"/assets/order_flow/js/{block.script}"
    document.update(
        {
            "html": f'<div class="{block.css_class}"></div>',
            "script": f'frappe.require("{path}", () => {block.draws}(root_element));',
            "private": 0,
            "roles": [{"role": role} for role in block.roles],
        }
    )
    document.name = name
    document.flags.name_set = True
    document.insert(ignore_permissions=True)  # runs on install and migrate only, never for a request


def remove_blocks() -> None:
    """The framework would keep the blocks, whose code is gone then."""
    for name in BLOCKS:
        if frappe.db.exists("Custom HTML Block", name):
            # Uninstall only; the workspace that shows it goes with the app as well, but later.
            frappe.delete_doc("Custom HTML Block", name, force=True, ignore_permissions=True)
