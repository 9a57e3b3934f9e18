"""The kinds of product that the ADD procedure numbers; the list is the company's to extend (R-098)."""

from __future__ import annotations

from typing import Final

import frappe

LETTER_OF_TYPE: Final = {"Shock Absorber": "S", "Spare Part": "P", "CKD Kit": "C"}
"""减振器, 零部件, CKD 散件."""


def ensure_product_types() -> None:
    """Create the shipped product types on a site that has none; a list that is kept stays as it is."""
    if frappe.db.count("Product Type"):
        return
    for name, letter in LETTER_OF_TYPE.items():
        frappe.get_doc({"doctype": "Product Type", "product_type": name, "number_letter": letter}).insert(
            ignore_permissions=True  # runs on install and migrate only, never for a request
        )
