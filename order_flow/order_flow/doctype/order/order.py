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

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.order_item.order_item import OrderItem

        above_standard_quality: DF.Check
        address_line: DF.Data
        amended_from: DF.Link | None
        availability_confirmed: DF.Check
        buyer_message: DF.SmallText | None
        cancel_answer: DF.SmallText | None
        cancel_reason: DF.Literal[
            "",
            "Customer's Change of Mind",
            "Shortage",
            "Quality",
            "Non-payment",
            "Customer's Objection",
            "Entry Error",
            "Cancelled in WDT",
            "Deleted by Owner",
            "Declined by Management",
        ]
        cancel_remark: DF.SmallText | None
        cancel_requested: DF.Check
        cancel_requested_at: DF.Datetime | None
        cancel_requested_by: DF.Link | None
        cancelled_at: DF.Datetime | None
        channel: DF.Link
        city: DF.Data
        commercial_class: DF.Literal["General", "Special Terms"]
        completed_at: DF.Datetime | None
        confirmed_at: DF.Datetime | None
        contact: DF.Link | None
        contact_person: DF.Data
        contract_number: DF.Data | None
        credit_check: DF.Literal["Not Assessed", "Passed", "Failed"]
        credit_checked_at: DF.Datetime | None
        credit_checked_by: DF.Link | None
        credit_checked_total: DF.Currency
        credited_amount: DF.Currency
        currency: DF.Link
        customer: DF.Link
        customer_address: DF.Link | None
        customer_confirmed_on: DF.Date | None
        customer_name: DF.Data | None
        customer_order_number: DF.Data | None
        data_check: DF.Literal["", "Passed", "Warnings", "Blocked"]
        data_checked_at: DF.Datetime | None
        delivery_start: DF.Date | None
        delivery_status: DF.Literal["Not Shipped", "Partly Shipped", "Shipped"]
        deposit_amount: DF.Currency
        deposit_due: DF.Currency
        deposit_percent: DF.Percent
        deposit_received_on: DF.Date | None
        discount: DF.Currency
        discount_reason: DF.SmallText | None
        district: DF.Data | None
        drawings_confirmed_at: DF.Datetime | None
        drawings_confirmed_by: DF.Link | None
        drawings_content: DF.Data | None
        due_days: DF.Int
        due_rule: DF.Literal["", "Days after Shipment", "Days after Month End"]
        email: DF.Data | None
        emergency_cause: DF.Literal[
            "", "Equipment Failure", "Material Shortage", "Production Delay", "Urgent Customer Need", "Other"
        ]
        exchange_rate: DF.Float
        expected_arrival: DF.Date | None
        external_number: DF.Data | None
        freight: DF.Currency
        hands: DF.SmallText | None
        held_by: DF.Link | None
        held_since: DF.Datetime | None
        hold_reason: DF.SmallText | None
        intake_body: DF.Code | None
        invoice_title: DF.Data | None
        items: DF.Table[OrderItem]
        labelling: DF.SmallText | None
        late_penalty: DF.Check
        lc_expiry_date: DF.Date | None
        lc_received_on: DF.Date | None
        letter_of_credit: DF.Link | None
        lines_total: DF.Currency
        mobile: DF.Data
        needs_new_design: DF.Check
        on_hold: DF.Check
        open_amount: DF.Currency
        order_kind: DF.Literal["Product Sale", "After-sales Service", "Complaint", "Refund Request"]
        order_number: DF.Data | None
        ordered_at: DF.Datetime
        other_fees: DF.Currency
        overdue_told: DF.Date | None
        packing: DF.SmallText | None
        paid_amount: DF.Currency
        paid_at: DF.Datetime | None
        payment_due_date: DF.Date | None
        payment_family: DF.Literal["Pay First", "Pay Later"]
        payment_status: DF.Literal["Unpaid", "Partly Paid", "Paid", "Overpaid"]
        payment_term: DF.Literal[
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
        phone: DF.Data | None
        planned_ship_date: DF.Date | None
        planning_released_at: DF.Datetime | None
        planning_released_by: DF.Link | None
        postal_code: DF.Data | None
        product_discontinued: DF.Check
        product_state: DF.Literal["Existing", "To Be Developed"]
        product_type: DF.Data | None
        production_start: DF.Date | None
        project_order: DF.Check
        promised_date: DF.Date | None
        province: DF.Data
        quotation_number: DF.Data | None
        received_at: DF.Datetime | None
        refund_decided: DF.Check
        region: DF.Literal["", "CN", "NA", "LA", "EU", "SE", "AU", "ME", "AF", "UN"]
        reputation_at_stake: DF.Check
        requested_delivery_at: DF.Datetime | None
        response_days: DF.Int
        rest_called_off: DF.Check
        review_checklist: DF.Link | None
        review_round: DF.Int
        review_status: DF.Literal["", "In Review", "Agreed", "Refused", "Withdrawn"]
        sailing_date: DF.Date | None
        sales_rep: DF.Link | None
        seller_memo: DF.SmallText | None
        settlement_status: DF.Literal["Open", "Settled"]
        shipment_due: DF.Currency
        shipped_amount: DF.Currency
        shipped_at: DF.Datetime | None
        shortened_cycle: DF.Check
        special_request: DF.SmallText | None
        special_request_settled: DF.Check
        tax_included: DF.Check
        tax_number: DF.Data | None
        tax_total: DF.Currency
        technical_class: DF.Literal["Regular", "Non-regular"]
        tight_date: DF.Check
        total: DF.Currency
        trade: DF.Literal["Domestic", "Foreign"]
        transport_mode: DF.Literal[
            "", "Express", "Road", "Rail", "Sea", "Air", "Customer Collects", "Own Vehicle"
        ]
        u8_account: DF.Link | None
        u8_documents: DF.SmallText | None
        u8_posted_at: DF.Datetime | None
        u8_status: DF.Literal["", "Waiting", "Posted"]
        urgency: DF.Literal["Normal", "Expedited", "Urgent"]
        urgent_approved_at: DF.Datetime | None
        urgent_approved_by: DF.Link | None
        urgent_handler: DF.Link | None
        wdt_accepted: DF.Check
        wdt_account: DF.Link | None
        wdt_changed_at: DF.Datetime | None
        wdt_edition: DF.Int
        wdt_pushed_status: DF.Int
        wdt_read_at: DF.Datetime | None
        wdt_sealed: DF.Check
        wdt_stage: DF.Data | None
        wdt_told_digest: DF.Data | None
        wdt_trade_number: DF.Data | None
        wdt_trade_status: DF.Int
        wishes_expected_on: DF.Date | None
        workflow_state: DF.Literal[
            "Unconfirmed",
            "Under Review",
            "Confirmed",
            "Paid",
            "Shipped",
            "Received",
            "Completed",
            "Voided",
            "Cancelled",
        ]
    # end: auto-generated types

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
