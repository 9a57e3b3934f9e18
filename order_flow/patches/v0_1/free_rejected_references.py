"""A rejected payment kept its reference for ever; the money that did come could not be recorded under it."""

from __future__ import annotations

import frappe

from order_flow.domain.money.payments import PaymentRecord

_OLD_INDEX = "unique_order_reference"


def execute() -> None:
    """Move the rule that an order takes a reference once to the key that a rejected record leaves empty."""
    frappe.db.sql(
        "update `tabOrder Payment` set reference_key = reference where status != %s",
        (PaymentRecord.REJECTED.value,),
    )
    if frappe.db.sql("show index from `tabOrder Payment` where Key_name = %s", (_OLD_INDEX,)):
        frappe.db.sql_ddl(f"alter table `tabOrder Payment` drop index `{_OLD_INDEX}`")
