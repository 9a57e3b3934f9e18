"""The company procedures of the written sources as Flow Profiles (requirements 2, K-14, K-15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import frappe

from order_flow.defaults.money_policies import MONEY, MONEY_GATES
from order_flow.domain.gates.evidence import EvidenceKind
from order_flow.domain.gates.model import CheckPoint, Effect, GateCode
from order_flow.domain.gates.registry import RULES
from order_flow.flow.profiles import EFFECT_FIELDS

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.flow_profile.flow_profile import FlowProfile

WEB_SHOP: Final = "Web Shop"
"""V1.0 as it stands: no gate but those of the lifecycle."""

CLAIM_DAYS: Final = 10
"""Of contracts between companies (K-22)."""

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


def evidence(*sets: tuple[EvidenceKind, ...]) -> tuple[Row, ...]:
    """Rows of the table of evidence; kinds of one set are needed together."""
    return tuple(
        {"kind": kind.value, "together": number} for number, kinds in enumerate(sets, 1) for kind in kinds
    )


_STOP, _WARN = Effect.STOP, Effect.WARN

_CONTENT: Final = (
    gate(GateCode.ORDER_UNCONFIRMED, planning=_STOP),
    gate(GateCode.CUSTOMER_DATA_INCOMPLETE, confirm=_STOP, planning=_STOP),
    gate(GateCode.DIFFERS_FROM_AGREEMENT, confirm=_STOP, planning=_STOP),
    gate(GateCode.PRICE_NOT_AGREED, confirm=_STOP),
    gate(GateCode.AGAINST_SALES_POLICY, confirm=_STOP),
    gate(GateCode.DISCOUNT_NOT_APPROVED, confirm=_STOP),
    gate(GateCode.URGENT_NOT_APPROVED, confirm=_STOP, planning=_STOP),
    gate(GateCode.CONFIRMATION_NOT_PROVEN, confirm=_STOP, planning=_STOP),
)
"""What every procedure but the web shop's asks (R-055..R-058, R-074, R-153, R-390, R-404)."""

_ANNEX: Final = (
    gate(GateCode.CONTRACT_NUMBER_MISSING, confirm=_STOP),
    gate(GateCode.OPEN_POINTS, confirm=_STOP),
    gate(GateCode.BELOW_MINIMUM_QUANTITY, confirm=_STOP),
    gate(GateCode.DATE_TOO_EARLY, confirm=_STOP),
    gate(GateCode.NEW_PRODUCT_NOT_ACCEPTED, confirm=_STOP, planning=_STOP),
    gate(GateCode.NEW_AND_EXISTING_PRODUCTS, confirm=_WARN),
    gate(GateCode.DRAWING_MISSING, planning=_STOP),
    gate(GateCode.LINE_DATA_INCOMPLETE, planning=_STOP),
    gate(GateCode.WISHES_OPEN, planning=_STOP),
    gate(GateCode.DRAWINGS_NOT_CONFIRMED, planning=_STOP),
)
"""ADD's annex to planning (R-002, R-047, R-067..R-071, R-091)."""

_STOCK: Final = (gate(GateCode.STOCK_NOT_AVAILABLE, confirm=_WARN, ship=_STOP),)
"""Goods are made to order as well: short stock is said at the confirmation and stops what would leave
(R-061)."""

_IN_PARTS: Final = (gate(GateCode.PART_SHIPMENT_NOT_AGREED, ship=_STOP),)
"""Goods with missing parts leave with the customer's consent only (R-186)."""

_NOTHING_BROKEN: Final = (gate(GateCode.INSPECTION_FAILED, ship=_STOP),)
"""Whatever the procedure, goods that failed their inspection do not leave (R-279)."""

_AT_THE_DOOR: Final = (
    gate(GateCode.WEIGHT_DIFFERS, ship=_STOP),
    gate(GateCode.NOT_INSPECTED, ship=_WARN),
    *_NOTHING_BROKEN,
)
"""Only goods that leave in stages stand on scales (R-277, R-279)."""

_IN_WRITING: Final = (
    (EvidenceKind.WRITTEN_CONFIRMATION,),
    (EvidenceKind.RETURNED_ORDER,),
    (EvidenceKind.E_MAIL,),
)

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
        "gates": _NOTHING_BROKEN,
    },
    "ADD Contract": {
        "description": "ADD 订单管理程序: contract customers, written confirmation, review of new customers.",
        "number_pattern": "ADD",
        "ship_date_tolerance_days": 2,
        "planning_release": 1,
        "customer_notices": 1,
        "reserve_stock": 1,
        "claim_days": CLAIM_DAYS,
        "gates": _CONTENT
        + _ANNEX
        + _REVIEWED_BEFORE_PLANNING
        + MONEY_GATES
        + _STOCK
        + _IN_PARTS
        + _AT_THE_DOOR,
        **MONEY,
        "evidence": evidence(*_IN_WRITING),
    },
    "OMM Manufacturing": {
        "description": "订单管理办法: regular and non-regular orders reviewed by the departments.",
        "planning_release": 1,
        "customer_notices": 1,
        "reserve_stock": 1,
        "claim_days": CLAIM_DAYS,
        "gates": _CONTENT + _REVIEWED_BEFORE_CONFIRMATION + MONEY_GATES + _STOCK + _IN_PARTS + _AT_THE_DOOR,
        **MONEY,
        "evidence": evidence((EvidenceKind.SIGNED_CONTRACT,), (EvidenceKind.RETURNED_ORDER,)),
    },
    "Apparel": {
        "description": "服装订单评审: no date is promised for a non-regular style before its review.",
        "planning_release": 1,
        "customer_notices": 1,
        "reserve_stock": 1,
        "claim_days": CLAIM_DAYS,
        "gates": _CONTENT + _REVIEWED_BEFORE_CONFIRMATION + MONEY_GATES + _STOCK + _IN_PARTS + _AT_THE_DOOR,
        **MONEY,
        "evidence": evidence(*_IN_WRITING),
    },
    "PMC": {
        "description": "PMC 订单评审程序: five departments, verbal orders acknowledged in writing.",
        "planning_release": 1,
        "customer_notices": 1,
        "reserve_stock": 1,
        "claim_days": CLAIM_DAYS,
        "gates": _CONTENT + _REVIEWED_BEFORE_PLANNING + MONEY_GATES + _STOCK + _IN_PARTS + _AT_THE_DOOR,
        **MONEY,
        "evidence": evidence(
            *_IN_WRITING,
            (EvidenceKind.SIGNED_CONTRACT,),
            (EvidenceKind.VERBAL_ORDER_RECORD, EvidenceKind.CUSTOMER_ACKNOWLEDGEMENT),
        ),
    },
}
"""Fields of each profile, and rows of its tables."""


def ensure_flow_profiles() -> None:
    """Create the shipped profiles, and add to them what a newer version ships; edits stay as they are."""
    # Rows of gates that this version has no more would keep their profiles from ever being saved again.
    frappe.db.delete("Gate Policy", {"gate": ("not in", [code.label for code in RULES])})
    for name, parts in PROFILES.items():
        known = bool(frappe.db.exists("Flow Profile", name))
        profile = frappe.get_doc("Flow Profile", name) if known else _new_profile(name, parts)
        if _add_parts(profile, parts) or not known:
            profile.flags.ignore_permissions = True  # on install and migrate only, never for a request
            profile.save()


def _new_profile(name: str, parts: Mapping[str, Any]) -> Any:
    fields = {field: value for field, value in parts.items() if not isinstance(value, tuple)}
    return frappe.get_doc({"doctype": "Flow Profile", "profile_name": name, **fields})


def _add_parts(profile: FlowProfile, parts: Mapping[str, Any]) -> bool:
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
    """Return what tells a row from the others of its table: its first value."""
    return str(next(iter(row.values()))).replace(" ", "_")
