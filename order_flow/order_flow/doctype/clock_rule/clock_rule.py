"""Clock Rule: one limit of a company's procedure (requirements 2.6, R-224..R-253, K-09)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.clocks.model import DAY_UNITS, NOT_RAISED_YET, WORKING_UNITS, Basis, ClockKind, Unit
from order_flow.flow.clocks.rules import forget_rules, unknown_words
from order_flow.flow.clocks.store import void_of_rule
from order_flow.flow.records.entry_document import EntryDocument


class ClockRule(EntryDocument):
    """Which limit runs between which events, who must act, who hears of it, for which orders."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.clock_rule_condition.clock_rule_condition import ClockRuleCondition
        from order_flow.order_flow.doctype.clock_rule_event.clock_rule_event import ClockRuleEvent
        from order_flow.order_flow.doctype.clock_rule_pause.clock_rule_pause import ClockRulePause
        from order_flow.order_flow.doctype.clock_rule_profile.clock_rule_profile import ClockRuleProfile
        from order_flow.order_flow.doctype.clock_rule_rung.clock_rule_rung import ClockRuleRung

        amount: DF.Float
        anchor_field: DF.Data | None
        basis: DF.Literal["After the Start", "Before a Date", "After a Date"]
        code: DF.Data
        conditions: DF.Table[ClockRuleCondition]
        description: DF.SmallText | None
        early_is_missed: DF.Check
        enabled: DF.Check
        is_standard: DF.Check
        kind: DF.Literal["Deadline", "Period"]
        ladder: DF.Table[ClockRuleRung]
        moved_by: DF.Literal[
            "",
            "Order Received",
            "Order Checked",
            "Order Logged",
            "Order Confirmed",
            "Order Signed",
            "Order Paid",
            "Order Shipped",
            "Order Completed",
            "Order Cancelled",
            "Cancellation Requested",
            "Cancellation Answered",
            "Evidence Received",
            "Drawings Confirmed",
            "Deposit Received",
            "Letter of Credit Known",
            "Feasibility Checked",
            "Review Opened",
            "Review Finished",
            "Review Agreed",
            "Documents Handed Over",
            "Cycles and Date Fixed",
            "Released With Open Points",
            "Open Points Settled",
            "Customer Change",
            "Technical Change",
            "Change Answered",
            "Technical Change Answered",
            "Promised Date Set",
            "Internal Order Issued",
            "Released to Planning",
            "Tasks Broken Down",
            "Production Plan Received",
            "Objections to the Plan Closed",
            "Delivery Followed Up",
            "Production Step Planned",
            "Production Step Prepared",
            "Packing Planned",
            "Packing Warned",
            "Production Finished",
            "Arrival Planned",
            "Supplier Contacted",
            "Arrival Delay Known",
            "Arrival Delay Reported",
            "Supplier Dispatch Agreed",
            "Supplier Dispatch Checked",
            "Supplier Progress Reported",
            "Quality Finding",
            "Finding Handled",
            "Finding Reported",
            "Finding Settled",
            "Ship Date Set",
            "Dispatch Instructed",
            "Dispatch Missed",
            "Missed Dispatch Reported",
            "Dispatch Receipt Arrived",
            "Customer Told of Dispatch",
            "Receipt Signed",
            "Service Requested",
            "Service Request Passed On",
            "Customer Contacted",
            "Month Ended",
            "Month Assessed",
            "Quarter Ended",
            "Customers Evaluated",
        ]
        opens_amount: DF.Float
        owner_role: DF.Link
        pauses: DF.Table[ClockRulePause]
        profiles: DF.Table[ClockRuleProfile]
        restart: DF.Literal["Once", "After Each Stop", "From the Latest Start"]
        source: DF.Data | None
        start_event: DF.Literal[
            "Order Received",
            "Order Checked",
            "Order Logged",
            "Order Confirmed",
            "Order Signed",
            "Order Paid",
            "Order Shipped",
            "Order Completed",
            "Order Cancelled",
            "Cancellation Requested",
            "Cancellation Answered",
            "Evidence Received",
            "Drawings Confirmed",
            "Deposit Received",
            "Letter of Credit Known",
            "Feasibility Checked",
            "Review Opened",
            "Review Finished",
            "Review Agreed",
            "Documents Handed Over",
            "Cycles and Date Fixed",
            "Released With Open Points",
            "Open Points Settled",
            "Customer Change",
            "Technical Change",
            "Change Answered",
            "Technical Change Answered",
            "Promised Date Set",
            "Internal Order Issued",
            "Released to Planning",
            "Tasks Broken Down",
            "Production Plan Received",
            "Objections to the Plan Closed",
            "Delivery Followed Up",
            "Production Step Planned",
            "Production Step Prepared",
            "Packing Planned",
            "Packing Warned",
            "Production Finished",
            "Arrival Planned",
            "Supplier Contacted",
            "Arrival Delay Known",
            "Arrival Delay Reported",
            "Supplier Dispatch Agreed",
            "Supplier Dispatch Checked",
            "Supplier Progress Reported",
            "Quality Finding",
            "Finding Handled",
            "Finding Reported",
            "Finding Settled",
            "Ship Date Set",
            "Dispatch Instructed",
            "Dispatch Missed",
            "Missed Dispatch Reported",
            "Dispatch Receipt Arrived",
            "Customer Told of Dispatch",
            "Receipt Signed",
            "Service Requested",
            "Service Request Passed On",
            "Customer Contacted",
            "Month Ended",
            "Month Assessed",
            "Quarter Ended",
            "Customers Evaluated",
        ]
        stop_events: DF.Table[ClockRuleEvent]
        stop_may_come_first: DF.Check
        title: DF.Data
        to_end_of_day: DF.Check
        unit: DF.Literal[
            "Minutes", "Hours", "Calendar Days", "Months", "Working Minutes", "Working Hours", "Working Days"
        ]
        working_calendar: DF.Link
    # end: auto-generated types

    @property
    def off_because(self) -> str:
        """Say why a shipped limit is switched off and cannot be switched on (a virtual field)."""
        if self.start_event not in NOT_RAISED_YET:
            return ""
        return str(
            _("Nothing tells '{0}' yet: no document holds its date. The limit could never begin.").format(
                _(self.start_event)
            )
        )

    def onload(self) -> None:
        """Tell whoever opens a rule that the engine leaves it out."""
        if word := unknown_words(self):
            frappe.msgprint(
                _(
                    "This limit is left out for every order: {0}. Choose events and units from the lists, "
                    "or switch it off."
                ).format(word),
                indicator="orange",
                title=_("Limit Left Out"),
            )

    def validate(self) -> None:
        """Refuse here what the engine cannot measure, not when a clock should start."""
        if self.enabled and self.start_event in NOT_RAISED_YET:
            frappe.throw(self.off_because)
        if not self.amount and Unit(self.unit) not in DAY_UNITS:
            frappe.throw(_("A limit of zero {0} can never be met. Enter the limit.").format(_(self.unit)))
        if ClockKind(self.kind) is ClockKind.DEADLINE and not self.stop_events:
            frappe.throw(_("A deadline without an event that stops it would be late for ever. Add one."))
        self._check_date_limit()
        self._check_ladder()
        before = self.get_doc_before_save()
        shipped = before.is_standard if before else 0
        if bool(self.is_standard) != bool(shipped) and not self.flags.shipped:
            frappe.throw(_("Only the app itself ships rules. Leave 'Comes With the App' as it is."))
        meta = frappe.get_meta("Order")
        for row in self.conditions:
            if not meta.has_field(row.fieldname) and not self.flags.shipped:
                frappe.throw(
                    _("Orders have no field '{0}'. Use the name of a field of the order.").format(
                        row.fieldname
                    )
                )

    def _check_date_limit(self) -> None:
        if Basis(self.basis) is Basis.AFTER_START:
            return
        if self.pauses:
            frappe.throw(_("A limit that is counted from a date cannot rest. Remove the pause reasons."))
        hours = Unit(self.unit) in WORKING_UNITS - DAY_UNITS
        if Basis(self.basis) is Basis.BEFORE_DATE and hours:
            frappe.throw(
                _("Before a date a limit is counted in days, months, hours or minutes, not in {0}.").format(
                    _(self.unit)
                )
            )

    def _check_ladder(self) -> None:
        told = [(row.percent, row.minutes_late) for row in self.ladder]
        if told != sorted(told):
            frappe.throw(_("Put the rows of 'Who Hears When' in the order of time: the earliest first."))

    def on_update(self) -> None:
        """A limit that is switched off takes its running clocks along; they stay on record as void."""
        forget_rules()
        before = self.get_doc_before_save()
        if before is None:
            return
        profiles = {row.flow_profile for row in before.profiles} - {row.flow_profile for row in self.profiles}
        if before.enabled and not self.enabled:
            void_of_rule(self.name, None)
        elif profiles:
            void_of_rule(self.name, sorted(profiles))

    def on_trash(self) -> None:
        """A shipped rule would come back with the next update."""
        if self.is_standard:
            frappe.throw(
                _("Clock Rule {0} belongs to the app and would come back. Switch it off instead.").format(
                    self.name
                )
            )
        forget_rules()
