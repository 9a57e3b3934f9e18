"""Review Checklist 合同/订单评审检查清单: what departments were asked and said (R-076, R-092)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.reviews.model import ReviewStatus
from order_flow.domain.reviews.sign_offs import Standing
from order_flow.flow.orders.hands import hands_on_order
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.checklists import close_review, closed_sentence, judge
from order_flow.flow.reviews.tasks import follow_review


class ReviewChecklist(EntryDocument):
    """One round of one order's review; changed by answers, meetings and its order only."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.department_answer.department_answer import DepartmentAnswer
        from order_flow.order_flow.doctype.review_meeting.review_meeting import ReviewMeeting

        answers: DF.Table[DepartmentAnswer]
        briefing_required: DF.Check
        closed_at: DF.Datetime | None
        customer_name: DF.Data | None
        delivery_date: DF.Date | None
        forbids_own_order: DF.Check
        form_code: DF.Data | None
        form_code_alias: DF.Data | None
        locks_promised_date: DF.Check
        meeting_from: DF.Date | None
        meeting_required: DF.Check
        meetings: DF.Table[ReviewMeeting]
        opened_at: DF.Datetime | None
        opened_by: DF.Link | None
        order_id: DF.Link
        outcome: DF.SmallText | None
        production_date: DF.Date | None
        purchase_date: DF.Date | None
        reason: DF.SmallText | None
        round: DF.Int
        status: DF.Literal["In Review", "Agreed", "Refused", "Withdrawn"]
        templates: DF.SmallText | None
        waiting_for: DF.SmallText | None
    # end: auto-generated types

    def autoname(self) -> None:
        """The order's number and the round, so that two reviews of one round cannot exist."""
        self.name = f"{self.order_id}-R{self.round}"

    def validate(self) -> None:
        """Only the app's own methods write here; the standing follows from what they wrote."""
        if not self.flags.answers_open:
            frappe.throw(
                _("A review checklist is filled with its buttons only: answers, meetings, open points."),
                StepRefused,
            )
        judge(self)

    def on_update(self) -> None:
        """The departments' tasks follow, and the order hears of the end of its review."""
        follow_review(self)
        before = self.get_doc_before_save()
        was_open = before is None or ReviewStatus(before.status) is ReviewStatus.OPEN
        if was_open and ReviewStatus(self.status) in (ReviewStatus.AGREED, ReviewStatus.REFUSED):
            close_review(self)

    def answers_closed(self) -> str:
        """Why no department answers any more; empty while they do."""
        status = ReviewStatus(self.status)
        return "" if status is ReviewStatus.OPEN else closed_sentence(self, status)

    def barred_people(self) -> frozenset[str]:
        """Return who must not answer, because it is their own order and the template forbids it."""
        if not self.forbids_own_order:
            return frozenset()
        return hands_on_order(self.order_id)

    def answers_changed(self, standing: Standing) -> None:
        """Nothing more: the standing was derived in the save, and the order told after it."""

    def on_trash(self) -> None:
        """Reviews are kept (R-382)."""
        frappe.throw(_("Reviews are kept for the retention time and cannot be deleted."), StepRefused)


def on_doctype_update() -> None:
    """Create the indexes for what is open, and for what was opened in a time."""
    frappe.db.add_index("Review Checklist", ["status", "opened_at"], index_name="status_opened")
    frappe.db.add_index("Review Checklist", ["opened_at"], index_name="opened")
