"""What is read with a lock concerns one order: its neighbours can store theirs at the same moment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe

from dev.bench.statements import recorded_statements
from order_flow.flow.money.payments import record_payment
from order_flow.flow.terms.facts import fact_values, stored_facts
from tests.site.support.builders import new_order


def test_what_has_left_is_read_by_keys_however_few_lines_there_are(site: Any) -> None:
    """A small table is scanned where nobody forbids it, and a scan locks the lines of all orders."""
    order = new_order()
    with recorded_statements() as statements:
        stored_facts(order.name)
    (read,) = [one for one in statements if "share mode" in one.lower()]
    plan = frappe.db.sql(f"explain {read}", fact_values(order.name), as_dict=True)
    # Money, credit notes, shipments and their lines; the fifth row is their union.
    kinds = [row.type for row in plan if row.select_type != "UNION RESULT"]
    assert len(kinds) == 4 and set(kinds) <= {"ref", "range", "const"}


def test_a_new_reference_is_looked_for_without_a_lock(site: Any) -> None:
    """A lock on what is not there holds the place where the next order's payment goes."""
    order = new_order()
    with recorded_statements() as statements:
        record_payment(order.name, Decimal(5), "REF-1", received_on=None, kind="Payment", method="")
    looks = [one.lower() for one in statements if "reference_key" in one and one.lower().startswith("select")]
    assert looks and not [one for one in looks if "share mode" in one or "for update" in one]
