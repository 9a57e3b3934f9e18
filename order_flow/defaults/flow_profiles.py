"""The company procedures of the written sources as Flow Profiles (requirements 2, K-14, K-15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import frappe

from order_flow.domain.gates.model import CheckPoint, Effect, GateCode
from order_flow.flow.profiles import EFFECT_FIELDS

WEB_SHOP: Final = "Web Shop"
"""V1.0 as it stands: no gate but those of the lifecycle."""

Row = Mapping[str, Any]


def gate(
    code: GateCode,
    *,
    confirm: Effect = Effect.OFF,
    planning: Effect = Effect.OFF,
    ship: Effect = Effect.OFF,
    complete: Effect = Effect.OFF,
) -> Row:
    """One row of the table of gates."""
    effects = {
        CheckPoint.CONFIRM: confirm,
        CheckPoint.PLANNING: planning,
        CheckPoint.SHIP: ship,
        CheckPoint.COMPLETE: complete,
    }
    return {"gate": code.label, **{EFFECT_FIELDS[point]: effect.value for point, effect in effects.items()}}


_TO_PLANNING = (gate(GateCode.ORDER_UNCONFIRMED, planning=Effect.STOP),)
_REVIEWED_BEFORE_PLANNING = (
    gate(GateCode.REVIEW_OUTSTANDING, planning=Effect.STOP),
    gate(GateCode.REVIEW_REFUSED, confirm=Effect.STOP, planning=Effect.STOP),
    gate(GateCode.MEETING_NOT_HELD, confirm=Effect.STOP, planning=Effect.STOP),
    gate(GateCode.OPEN_POINTS_LATE, planning=Effect.WARN, ship=Effect.STOP),
)
"""The order is confirmed with the customer first, then the departments clear it (ADD 6.3, PMC 4.3)."""
_REVIEWED_BEFORE_CONFIRMATION = (
    gate(GateCode.REVIEW_OUTSTANDING, confirm=Effect.STOP, planning=Effect.STOP),
    gate(GateCode.REVIEW_REFUSED, confirm=Effect.STOP, planning=Effect.STOP),
    gate(GateCode.MEETING_NOT_HELD, confirm=Effect.STOP, planning=Effect.STOP),
    gate(GateCode.OPEN_POINTS_LATE, planning=Effect.WARN, ship=Effect.STOP),
)
"""Nothing is promised before the departments agree (OMM, apparel 1.1)."""

PROFILES: Final[dict[str, dict[str, Any]]] = {
    WEB_SHOP: {
        "description": "订单流程文档 V1.0: confirmed by the back office, no further gates.",
    },
    "ADD Contract": {
        "description": "ADD 订单管理程序: contract customers, written confirmation, review of new customers.",
        "number_pattern": "ADD",
        "planning_release": 1,
        "gates": _TO_PLANNING + _REVIEWED_BEFORE_PLANNING,
    },
    "OMM Manufacturing": {
        "description": "订单管理办法: regular and non-regular orders reviewed by the departments.",
        "planning_release": 1,
        "gates": _TO_PLANNING + _REVIEWED_BEFORE_CONFIRMATION,
    },
    "Apparel": {
        "description": "服装订单评审: no date is promised for a non-regular style before its review.",
        "planning_release": 1,
        "gates": _TO_PLANNING + _REVIEWED_BEFORE_CONFIRMATION,
    },
    "PMC": {
        "description": "PMC 订单评审程序: five departments, verbal orders acknowledged in writing.",
        "planning_release": 1,
        "gates": _TO_PLANNING + _REVIEWED_BEFORE_PLANNING,
    },
}
"""Fields of each profile, and rows of its tables."""


def ensure_flow_profiles() -> None:
    """Create the shipped profiles, and add to them what a newer version ships; edits stay as they are."""
    for name, parts in PROFILES.items():
        known = bool(frappe.db.exists("Flow Profile", name))
        profile = frappe.get_doc("Flow Profile", name) if known else _new_profile(name, parts)
        if _add_parts(profile, parts) or not known:
            profile.flags.ignore_permissions = True  # on install and migrate only, never for a request
            profile.save()


def _new_profile(name: str, parts: Mapping[str, Any]) -> Any:
    fields = {field: value for field, value in parts.items() if not isinstance(value, tuple)}
    return frappe.get_doc({"doctype": "Flow Profile", "profile_name": name, **fields})


def _add_parts(profile: Any, parts: Mapping[str, Any]) -> bool:
    """Append the rows that this profile was never given; what was deleted or edited since stays so."""
    given = set((profile.shipped_parts or "").split())
    added = []
    for table, rows in parts.items():
        if not isinstance(rows, tuple):
            continue
        for row in rows:
            part = f"{table}:{_key(row)}"
            if part not in given:
                profile.append(table, dict(row))
                added.append(part)
    if added:
        profile.shipped_parts = "\n".join([*sorted(given), *added])
    return bool(added)


def _key(row: Row) -> str:
    """What tells a row from the others of its table: its first value."""
    return str(next(iter(row.values()))).replace(" ", "_")
