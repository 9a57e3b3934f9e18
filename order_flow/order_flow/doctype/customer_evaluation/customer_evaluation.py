"""Customer Evaluation: ability to pay, cooperation and profit of a customer in a quarter (R-252)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.customers.evaluation import EvaluationState
from order_flow.flow.customers.evaluations import end_clock_of_the_quarter, judged
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused


class CustomerEvaluation(EntryDocument):
    """Figures written by the job, and the grade that a person gives."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        ability_to_pay: DF.Literal["", "A", "B", "C", "D"]
        cancellations: DF.Int
        changes: DF.Int
        cooperation: DF.Literal["", "A", "B", "C", "D"]
        customer: DF.Link
        customer_name: DF.Data | None
        evaluated_at: DF.Datetime | None
        evaluated_by: DF.Link | None
        evaluation_state: DF.Literal["Prepared", "Evaluated"]
        late_orders: DF.Int
        lines_without_cost: DF.Int
        margin_percent: DF.Percent
        orders: DF.Int
        overall: DF.Literal["", "A", "B", "C", "D"]
        overdue_amount: DF.Currency
        profit: DF.Literal["", "A", "B", "C", "D"]
        quarter: DF.Int
        remark: DF.SmallText | None
        turnover: DF.Currency
        year: DF.Int
    # end: auto-generated types

    def validate(self) -> None:
        """The overall grade is the judgement; once given it may be corrected, not taken back."""
        before = self.get_doc_before_save()
        if self.overall:
            judged(self)
        elif before and before.overall:
            frappe.throw(
                _("The evaluation of {0} has been given. Correct the grade instead of removing it.").format(
                    self.customer_name
                ),
                StepRefused,
            )

    def on_update(self) -> None:
        """The last one of a quarter ends its clock."""
        before = self.get_doc_before_save()
        if self.overall and (before is None or before.evaluation_state == EvaluationState.PREPARED):
            end_clock_of_the_quarter(self)


def on_doctype_update() -> None:
    """Create the index that tells whether anybody of a quarter is left."""
    frappe.db.add_index(
        "Customer Evaluation", ["year", "quarter", "evaluation_state"], index_name="quarter_state"
    )
