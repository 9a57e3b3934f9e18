"""Flow Profile: one company procedure with its gates, its evidence, its numbering."""

from __future__ import annotations

from collections import Counter

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.terms.plan import check_payment_terms


class FlowProfile(EntryDocument):
    """One company procedure; channels link to it."""

    def validate(self) -> None:
        """One row a gate: of two, nobody could say which one counts; payment terms make 100 percent."""
        check_payment_terms(self)
        counted = Counter(row.gate for row in self.gates)
        if twice := [gate for gate, count in counted.items() if count > 1]:
            frappe.throw(
                _("These gates stand in the table twice: {0}. Keep one row of each.").format(
                    ", ".join(_(gate) for gate in twice)
                )
            )
