"""Order: the document that lives through the flow. Rules are in ``domain``, their application in ``flow``."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.workflow import validate_workflow

from order_flow.domain.orders.numbering import technical_order_name
from order_flow.domain.states import OrderState
from order_flow.flow.access.sight import hide_from_print
from order_flow.flow.gates.evidence import confirmed_on
from order_flow.flow.lifecycle.follow_facts import follow_save
from order_flow.flow.lifecycle.steps import check_transition, stored_state
from order_flow.flow.money.guards import refuse_change_under_money
from order_flow.flow.orders.entry import (
    check_edit,
    check_lines,
    compute_amounts,
    content_changed,
    fill_from_masters,
    warn_of_gaps,
)
from order_flow.flow.orders.hands import keep_hands
from order_flow.flow.orders.masters import forget_masters, unknown_links
from order_flow.flow.orders.numbers import give_order_number
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.records.exact_keys import ensure_exact_keys
from order_flow.flow.records.guards import guard_system_fields, refuse_hidden_changes
from order_flow.flow.refusals import StepRefused
from order_flow.flow.reviews.promises import check_promised_date
from order_flow.flow.terms.figures import derive_from_content
from order_flow.flow.terms.plan import derive_times
from order_flow.order_flow.doctype.order.lines import LinesSavedTogether
from order_flow.order_flow.doctype.order.order_indexes import ensure_indexes
from order_flow.order_flow.doctype.order.outside_hints import hint_at_refusals
from order_flow.order_flow.doctype.order.telling import tell_entry, tell_save

NUMBER_SEQUENCE = "_number_seq"


class Order(LinesSavedTogether, EntryDocument):
    """One order from entry to completion (requirements 2.1)."""

    workflow_state: str

    def autoname(self) -> None:
        """Unique by a database sequence: no lock that concurrent entries would queue at (R-101)."""
        number = frappe.db.get_next_sequence_val(self.doctype, slug=NUMBER_SEQUENCE)
        self.name = technical_order_name(number)
        self.order_number = self.name

    def get_invalid_links(self, is_submittable: bool = False) -> tuple[list[object], list[object]]:
        """Let the framework ask for links, one statement each, only where something is not known already."""
        if unknown_links(self):
            return super().get_invalid_links(is_submittable)  # type: ignore[no-any-return]
        return [], []

    def validate_higher_perm_levels(self) -> None:
        """Prices that somebody may not write are refused, not dropped."""
        refuse_hidden_changes(self)
        super().validate_higher_perm_levels()

    def before_insert(self) -> None:
        """The start of every order, whatever a client sends along."""
        self.workflow_state = self.workflow_state or OrderState.UNCONFIRMED.value

    def before_validate(self) -> None:
        """Fill and compute while the content is still open."""
        if self.is_new() or stored_state(self) is OrderState.UNCONFIRMED:
            fill_from_masters(self)
            forget_masters(self)

    def validate(self) -> None:
        """The rules of a draft, or of the confirmation of one."""
        guard_system_fields(self)
        keep_hands(self)
        self.flags.transition = check_transition(self)
        if self.flags.transition and self.flags.transition.target is OrderState.CONFIRMED:
            self.customer_confirmed_on = confirmed_on(self)
            derive_times(self)
            give_order_number(self)
        if self.is_new() or stored_state(self) is OrderState.UNCONFIRMED:
            refuse_change_under_money(self)
            check_lines(self)
            compute_amounts(self)
            derive_from_content(self, self.get_doc_before_save())
            check_promised_date(self)
            warn_of_gaps(self)
            hint_at_refusals(self)
        if not self.is_new():
            check_edit(self, stored_state(self) or OrderState.UNCONFIRMED)

    def before_update_after_submit(self) -> None:
        """The rules of a confirmed order; its content changes with a change notice only."""
        guard_system_fields(self)
        check_edit(self, stored_state(self) or OrderState.UNCONFIRMED)
        keep_hands(self)
        derive_times(self)
        self.flags.transition = check_transition(self)

    def before_cancel(self) -> None:
        """Cancelling is a step like every other, and changes nothing else on the way."""
        guard_system_fields(self)
        check_edit(self, stored_state(self) or OrderState.UNCONFIRMED)
        self.flags.transition = check_transition(self)

    def validate_update_after_submit(self) -> None:
        """Compare with the database, line by line, only where somebody may have changed the content."""
        if not self.flags.system_fields_open or content_changed(self):
            super().validate_update_after_submit()

    def validate_workflow(self) -> None:
        """The framework asks the user's roles; steps that follow from facts have none to ask.

        Its own method would also derive a state from the document status, for which it loads the whole
        Workflow. ``check_transition`` has refused every save whose state and status do not fit already.
        """
        if not self.flags.by_system and self.meta.get_workflow():
            validate_workflow(self)

    def after_insert(self) -> None:
        """A new order is told to WDT (R-016) and waits for somebody."""
        tell_entry(self)

    def on_update(self) -> None:
        """After a draft's save or the confirmation."""
        tell_save(self)

    def on_update_after_submit(self) -> None:
        """After a later step."""
        tell_save(self)

    def on_cancel(self) -> None:
        """After the cancellation."""
        tell_save(self)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """End every save, whoever saves, by following the facts (``flow/lifecycle/follow_facts``)."""
        saved = super().save(*args, **kwargs)
        follow_save(self)
        return saved

    def before_print(self, settings: Any = None) -> None:
        """A picker prints slips and lists, never prices."""
        hide_from_print(self)

    def on_trash(self) -> None:
        """Orders and their papers are kept (R-149, R-382, K-08)."""
        frappe.throw(
            _(
                "Order {0} cannot be deleted: orders are kept for the retention time. "
                "Use 'Delete Order' on the order to hide an unconfirmed one."
            ).format(self.name),
            StepRefused,
        )


def on_doctype_update() -> None:
    """Indexes and the number sequence, created once."""
    ensure_exact_keys("Order")
    frappe.db.create_sequence("Order", slug=NUMBER_SEQUENCE, check_not_exists=True, cache=20)
    ensure_indexes()
