"""Count customer codes in the transaction that uses them; the sequence lost codes of refused ones."""

from __future__ import annotations

import frappe

from order_flow.flow.customers.codes import SERIES, go_on_behind_stored_codes
from order_flow.flow.records.numbers import raise_number

_SEQUENCE = "customer_code_seq"


def execute() -> None:
    """Go on behind the highest code, also one whose customer was deleted."""
    go_on_behind_stored_codes()
    if frappe.db.sql("show tables like %s", _SEQUENCE):
        following = frappe.db.sql(f"select next_not_cached_value from `{_SEQUENCE}`")[0][0]
        raise_number(SERIES, int(following) - 1)
        frappe.db.sql_ddl(f"drop sequence `{_SEQUENCE}`")
