"""Writes the kinds of change that come with the app, where they are not there yet."""

from __future__ import annotations

from typing import Any

import frappe

from order_flow.defaults.shipped_change_kinds import SHIPPED_KINDS, ShippedKind


def install_change_kinds() -> None:
    """Create the shipped kinds; what an administrator changed or disabled stays as it is."""
    for kind in SHIPPED_KINDS:
        if not frappe.db.exists("Change Kind", kind.name):
            frappe.get_doc(_document(kind)).insert(
                ignore_permissions=True  # runs on install and migrate only, never for a request
            )


def _document(kind: ShippedKind) -> dict[str, Any]:
    return {
        "doctype": "Change Kind",
        "kind_name": kind.name,
        "enabled": 1,
        "flow_profile": kind.flow_profile or None,
        "source": kind.source,
        "departments": [
            {
                "department": row.department.value,
                "involvement": row.involvement.value,
                "question": row.question or None,
            }
            for row in kind.departments
        ],
        "informed_at_once": int(kind.informed_at_once),
        "fields_allowed": [{"level": row.level.value, "fieldname": row.field or None} for row in kind.fields],
        "customer_request": int(kind.needs.customer_request),
        "customer_answer": int(kind.needs.customer_answer),
        "re_review": kind.needs.re_review.value,
        "supplementary_contract": int(kind.needs.supplementary_contract),
        "apply_at_once": int(kind.apply_at_once),
    }
