"""Review Template: which orders are reviewed, who is asked what, and by when (K-13)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import flt

from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused
from order_flow.flow.sign_offs.templates import forget_templates


class ReviewTemplate(EntryDocument):
    """Data of a company; the engine is ``domain/reviews/model``."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.review_question.review_question import ReviewQuestion

        amount_above: DF.Currency
        amount_up_to: DF.Currency
        briefing_required: DF.Check
        enabled: DF.Check
        first_order: DF.Check
        flow_profile: DF.Link | None
        forbids_own_order: DF.Check
        form_code: DF.Data | None
        form_code_alias: DF.Data | None
        locks_promised_date: DF.Check
        meeting_required: DF.Check
        payment_family: DF.Literal["", "Pay First", "Pay Later"]
        payment_term: DF.Literal[
            "",
            "Online Payment",
            "Postal Remittance",
            "Bank Transfer",
            "Cash",
            "Card",
            "Prepayment",
            "Deposit and Balance",
            "Letter of Credit",
            "Cash on Delivery",
            "Instalments",
            "Monthly Account",
        ]
        product_state: DF.Literal["", "Existing", "To Be Developed"]
        project_order: DF.Check
        purpose: DF.SmallText | None
        questions: DF.Table[ReviewQuestion]
        relationship: DF.Literal["", "New", "Existing"]
        shortened_cycle: DF.Check
        study_days: DF.Int
        technical_class: DF.Literal["", "Regular", "Non-regular"]
        template_name: DF.Data
    # end: auto-generated types

    def validate(self) -> None:
        """A template that could never apply or asks nobody is a mistake."""
        if flt(self.amount_up_to) and flt(self.amount_up_to) <= flt(self.amount_above):
            frappe.throw(
                _("No order is above {0} and up to {1}. Correct the amounts.").format(
                    self.amount_above, self.amount_up_to
                ),
                StepRefused,
            )
        if not (self.questions or self.briefing_required or self.meeting_required):
            frappe.throw(_("The template asks nobody. Add a question or a meeting."), StepRefused)
        if self.study_days and not self.meeting_required:
            frappe.throw(_("Study days need a review meeting. Set both or none."), StepRefused)
        asked = [(row.department, (row.question or "").strip()) for row in self.questions]
        twice = {department for department, question in asked if asked.count((department, question)) > 1}
        if twice:
            frappe.throw(
                _("{0} is asked the same question twice. Remove one of them.").format(
                    ", ".join(_(department) for department in sorted(twice))
                ),
                StepRefused,
            )

    def on_update(self) -> None:
        """The next order is judged by the new rules."""
        forget_templates()

    def on_trash(self) -> None:
        """Reviews name their templates, and a shipped one would come back with the next update."""
        frappe.throw(
            _("Templates are kept. Take the tick from 'Enabled' instead of deleting it."), StepRefused
        )
