"""The shipped codes of the forms; what an administrator wrote stays (R-108, K-11)."""

from __future__ import annotations

import frappe

from order_flow.domain.orders.forms import SHIPPED_LABELS


def ensure_form_codes() -> None:
    """Create the codes that are not there yet."""
    for form, label in SHIPPED_LABELS.items():
        if frappe.db.exists("Form Code", form.value):
            continue
        frappe.get_doc(
            {
                "doctype": "Form Code",
                "form": form.value,
                "code": label.code,
                "alias": label.alias,
                "copies": "\n".join(label.copies),
            }
        ).insert(ignore_permissions=True)  # runs on install and migrate only, never for a request
