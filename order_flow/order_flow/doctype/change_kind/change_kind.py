"""Change Kind: which departments a change concerns, what it may touch, what it needs (R-129..R-140)."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.domain.changes.model import Involvement, Level
from order_flow.domain.changes.rules import PROMISED_DATES
from order_flow.domain.reviews.sign_offs import Department
from order_flow.flow.changes.values import DOCTYPE_OF_LEVEL, changeable_field
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.refusals import StepRefused, refuse_faults


class ChangeKind(EntryDocument):
    """One kind of change; its rows are the company's rules."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.change_kind_department.change_kind_department import (
            ChangeKindDepartment,
        )
        from order_flow.order_flow.doctype.change_kind_field.change_kind_field import ChangeKindField

        apply_at_once: DF.Check
        customer_answer: DF.Check
        customer_request: DF.Check
        departments: DF.Table[ChangeKindDepartment]
        enabled: DF.Check
        fields_allowed: DF.Table[ChangeKindField]
        flow_profile: DF.Link | None
        informed_at_once: DF.Check
        kind_name: DF.Data
        re_review: DF.Literal["Never", "Decided on the Notice", "Always"]
        source: DF.SmallText | None
        supplementary_contract: DF.Check
    # end: auto-generated types

    def validate(self) -> None:
        """Only fields that exist and may change; promised dates only with planning and the customer."""
        self._check_fields()
        self._check_departments()
        self._check_promised_dates()

    def _check_fields(self) -> None:
        faults = []
        for row in self.fields_allowed:
            level = Level(row.level)
            if level not in DOCTYPE_OF_LEVEL:
                row.fieldname = None
            elif changeable_field(level, row.fieldname or "") is None:
                faults.append(
                    _("Row {0}: '{1}' is no field that a notice can change.").format(
                        row.idx, row.fieldname or "-"
                    )
                )
        refuse_faults(faults)

    def _check_departments(self) -> None:
        faults = [
            _("Row {0}: write the question that {1} answers.").format(row.idx, _(row.department))
            for row in self.departments
            if Involvement(row.involvement) is Involvement.ANSWERS and not (row.question or "").strip()
        ]
        refuse_faults(faults)

    def _check_promised_dates(self) -> None:
        promises = any(row.fieldname in PROMISED_DATES for row in self.fields_allowed)
        planning_answers = any(
            Department(row.department) is Department.PLANNING
            and Involvement(row.involvement) is Involvement.ANSWERS
            for row in self.departments
        )
        if promises and not (planning_answers and self.customer_answer):
            frappe.throw(
                _(
                    "A promised date changes only with planning's answer and the customer's agreement. Add "
                    "planning, and tick that the customer has to agree."
                ),
                StepRefused,
            )

    def on_trash(self) -> None:
        """Kinds in use are disabled, not deleted; the framework refuses linked ones."""
        if frappe.db.exists("Change Notice", {"kind": self.name}):
            frappe.throw(
                _("The kind of change '{0}' is in use. Disable it instead.").format(_(self.name)), StepRefused
            )
