"""Working Calendar: when people work; the clocks' working time is measured on it (R-224..R-253)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.clocks.working_time import NoWorkingTime, next_working_day
from order_flow.flow.clocks.rules import calendar_of, forget_rules
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import refuse_rule


class WorkingCalendar(EntryDocument):
    """Hours, days of rest and public holidays of one place."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.working_calendar_day.working_calendar_day import WorkingCalendarDay
        from order_flow.order_flow.doctype.working_interval.working_interval import WorkingInterval

        calendar_name: DF.Data
        days: DF.Table[WorkingCalendarDay]
        entered_until: DF.Int
        holiday_source: DF.Literal["China", "None"]
        intervals: DF.Table[WorkingInterval]
        known_until: DF.Int
        rest_friday: DF.Check
        rest_monday: DF.Check
        rest_saturday: DF.Check
        rest_sunday: DF.Check
        rest_thursday: DF.Check
        rest_tuesday: DF.Check
        rest_wednesday: DF.Check
    # end: auto-generated types

    def validate(self) -> None:
        """Hours lie apart from each other, and somebody works at all."""
        calendar = calendar_of(self)
        for interval in calendar.intervals:
            if interval.opens >= interval.closes:
                frappe.throw(
                    _("The hours from {0} to {1} end before they begin. Correct them.").format(
                        interval.opens, interval.closes
                    )
                )
        for one, other in zip(calendar.intervals, calendar.intervals[1:], strict=False):
            if other.opens < one.closes:
                frappe.throw(
                    _("The hours that begin at {0} and at {1} overlap. Correct them.").format(
                        one.opens, other.opens
                    )
                )
        try:
            next_working_day(calendar, frappe.utils.getdate())
        except NoWorkingTime as error:
            refuse_rule(error)
        self.known_until = calendar.known_until

    def onload(self) -> None:
        """A newer library knows more years than the stored number says."""
        self.known_until = calendar_of(self).known_until

    def on_update(self) -> None:
        """Clocks that start from now on are measured anew; running ones keep their stored times."""
        forget_rules()

    def on_trash(self) -> None:
        """The framework refuses a calendar that rules use."""
        forget_rules()
