"""Change Notice: the only way in which a confirmed order changes (R-126..R-144, K-07)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.workflow import validate_workflow
from frappe.utils import getdate

from order_flow.domain.changes.model import ChangeState
from order_flow.domain.orders.numbering import change_notice_number
from order_flow.domain.reviews.sign_offs import Standing
from order_flow.flow.access.sight import hide_from_print
from order_flow.flow.changes.apply import apply_changes
from order_flow.flow.changes.follow_up import answers_changed, notice_written, step_taken
from order_flow.flow.changes.guards import guard_notice, refuse_deletion
from order_flow.flow.changes.steps import (
    check_change_transition,
    prepare_draft,
    steps_of_save,
    stored_change_state,
)
from order_flow.flow.lifecycle.inbox import follow_notice_inbox
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.records.numbers import next_number
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from order_flow.sync.wdt.unfit_shipments import read_unfit_again


class ChangeNotice(EntryDocument):
    """One notice from its draft to its effect."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.change_notice_impact.change_notice_impact import ChangeNoticeImpact
        from order_flow.order_flow.doctype.change_notice_line.change_notice_line import ChangeNoticeLine
        from order_flow.order_flow.doctype.department_answer.department_answer import DepartmentAnswer

        answers: DF.Table[DepartmentAnswer]
        applied_at: DF.Datetime | None
        applied_by: DF.Link | None
        approved_at: DF.Datetime | None
        approved_by: DF.Link | None
        change_state: DF.Literal["Draft", "Under Review", "Approved", "Applied", "Rejected", "Withdrawn"]
        changes: DF.Table[ChangeNoticeLine]
        company_loss_approved_at: DF.Datetime | None
        company_loss_approved_by: DF.Link | None
        contract_paper: DF.Attach | None
        currency: DF.Link | None
        customer: DF.Link | None
        customer_answer: DF.Literal["Open", "Agreed", "Refused"]
        customer_answer_paper: DF.Attach | None
        customer_answer_remark: DF.SmallText | None
        customer_answered_on: DF.Date | None
        customer_name: DF.Data | None
        customer_request: DF.Attach | None
        decision_remark: DF.SmallText | None
        impact: DF.Table[ChangeNoticeImpact]
        informed: DF.SmallText | None
        kind: DF.Link
        loss_agreement: DF.Attach | None
        loss_amount: DF.Currency
        loss_borne_by: DF.Literal["", "No Loss", "Customer", "Company"]
        loss_remark: DF.SmallText | None
        new_promised_date: DF.Date | None
        new_total: DF.Currency
        old_promised_date: DF.Date | None
        old_total: DF.Currency
        open_amount: DF.Currency
        order_id: DF.Link
        order_version: DF.Link | None
        outside_path: DF.Literal["", "Not Concerned", "Told", "New Edition", "Warehouse Asked", "By Hand"]
        price_difference: DF.Currency
        quality_fault: DF.Check
        reason: DF.SmallText
        received_amount: DF.Currency
        requested_by: DF.Literal["Customer", "Us"]
        review_checklist: DF.Link | None
        review_decided_by: DF.Link | None
        review_wanted: DF.Literal["", "Yes", "No"]
        sent_at: DF.Datetime | None
        sent_by: DF.Link | None
        supplementary_contract: DF.Literal["", "Not Needed", "To Be Signed", "Signed"]
        talked_with_customer: DF.SmallText | None
    # end: auto-generated types

    def autoname(self) -> None:
        """YYMMDD and the running number of the day (R-106)."""
        today = getdate()
        self.name = change_notice_number(today, next_number(f"Change Notice {today:%y%m%d}"))

    def check_if_latest(self) -> None:
        """Lock the order first, then the notice: always in this sequence, so nobody waits in a ring."""
        if not self.order_id:
            frappe.throw(_("Choose the order that is to change."), StepRefused)
        self.flags.order = locked_order(self.order_id)
        if not self.flags.ignore_permissions:
            self.flags.order.check_permission("read")
        super().check_if_latest()

    def before_insert(self) -> None:
        """The start of every notice, whatever a client sends along."""
        self.change_state = self.change_state or ChangeState.DRAFT.value

    def validate(self) -> None:
        """The rules of a draft, or of the step that this save takes."""
        order = self.flags.order
        guard_notice(self)
        if stored_change_state(self) in (None, ChangeState.DRAFT):
            prepare_draft(self, order)
        self.flags.change_transition = check_change_transition(self, order)

    def before_save(self) -> None:
        """The order changes in the save that calls the notice applied, or neither does."""
        if self.flags.change_transition and ChangeState(self.change_state) is ChangeState.APPLIED:
            apply_changes(self, self.flags.order)

    def validate_workflow(self) -> None:
        """The framework asks the user's roles; steps that follow by themselves have none to ask."""
        if not self.flags.by_system and self.meta.get_workflow():
            validate_workflow(self)

    def after_insert(self) -> None:
        """A draft is known to the order's history and to the clocks."""
        notice_written(self, self.flags.order)

    def on_update(self) -> None:
        """Tell whom the step concerns, in this transaction."""
        follow_notice_inbox(self)
        transition: Any = self.flags.change_transition
        if transition is None:
            return
        for step in steps_of_save(self, transition):
            step_taken(self, self.flags.order, step)
        if ChangeState(self.change_state) is ChangeState.APPLIED:
            read_unfit_again(self.order_id)

    def before_print(self, settings: Any = None) -> None:
        """Prices of before and after are not for everybody who is told of a change."""
        hide_from_print(self)

    def on_trash(self) -> None:
        """Papers are kept."""
        refuse_deletion(self)

    def answers_closed(self) -> str:
        """Why no department may answer now; see ``flow/sign_offs/answers``."""
        state = ChangeState(self.change_state)
        if state is ChangeState.UNDER_REVIEW:
            return ""
        return str(_("Change notice {0} is {1}; nobody is asked now.").format(self.name, _(state.value)))

    def barred_people(self) -> frozenset[str]:
        """Nobody is barred: the planner who proposes a date may answer for planning (K-28)."""
        return frozenset()

    def answers_changed(self, standing: Standing) -> None:
        """Do what follows from an answer; see ``flow/sign_offs/answers``."""
        answers_changed(self, standing)


def on_doctype_update() -> None:
    """The open notices of an order."""
    frappe.db.add_index("Change Notice", ["order_id", "change_state"], index_name="order_change_state")
