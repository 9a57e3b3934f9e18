"""Flow Profile: one company procedure with its gates, its evidence, its numbering."""

from __future__ import annotations

from collections import Counter

import frappe
from frappe import _

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.terms.plan import check_payment_terms


class FlowProfile(EntryDocument):
    """One company procedure; channels link to it."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.evidence_policy.evidence_policy import EvidencePolicy
        from order_flow.order_flow.doctype.gate_policy.gate_policy import GatePolicy
        from order_flow.order_flow.doctype.payment_term_policy.payment_term_policy import PaymentTermPolicy
        from order_flow.order_flow.doctype.sales_policy.sales_policy import SalesPolicy

        agree_delivery: DF.Check
        bank_charges_tolerance: DF.Currency
        claim_days: DF.Int
        customer_notices: DF.Check
        days_before_lc_expiry: DF.Int
        description: DF.SmallText | None
        discount_limit: DF.Percent
        evidence: DF.Table[EvidencePolicy]
        gates: DF.Table[GatePolicy]
        large_order_amount: DF.Currency
        number_pattern: DF.Literal["Technical", "ADD"]
        payment_terms: DF.Table[PaymentTermPolicy]
        planning_release: DF.Check
        price_tolerance: DF.Percent
        profile_name: DF.Data
        reservation_days: DF.Int
        reserve_stock: DF.Check
        sales_policy: DF.Table[SalesPolicy]
        ship_date_tolerance_days: DF.Int
        shipped_parts: DF.SmallText | None
        warehouse_stages: DF.Check
    # end: auto-generated types

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
