"""Shipment: goods of one order that leave together; partial shipment is arithmetic on its lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import validate_workflow
from frappe.utils import cstr, flt, now_datetime

from order_flow.domain.gates.model import Origin
from order_flow.domain.money import ZERO
from order_flow.domain.numbering import technical_shipment_name
from order_flow.domain.shipments import (
    LEFT_WAREHOUSE,
    SHIPMENT_TRANSITIONS,
    WAREHOUSE_STAGES,
    ShipmentState,
    follows_by_hand,
)
from order_flow.domain.states import SHIPPED_STATES, OrderState
from order_flow.flow.delivery_cases import note_deviation
from order_flow.flow.dispatch_instructions import prepare_instruction, refuse_without_stages, tell_house
from order_flow.flow.packing_table import check_stage, derive_weights
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shipments import (
    apply_shipments,
    ask_warehouse_to_ship,
    check_dispatch,
    check_lines_fit,
    close_ship_tasks,
)
from order_flow.flow.steps import locked_order
from order_flow.flow.stock_issue import issue, take_back
from order_flow.flow.values import number_of

NUMBER_SEQUENCE = "_number_seq"
_BY_METHOD = (
    "packed", "inspection", "inspected_by", "inspected_at", "inspection_remark", "delivered_at",
    "received_by", "proof_kind", "signature", "proof_photo", "delivered_place", "delivered_by",
    "delivery_remark", "delivery_request", "claim_until",
)  # fmt: skip
"""What was scanned, inspected and handed over is recorded by its methods, one deed after the other."""
_READ_FROM_WDT = ("led_by", "wdt_account", "wdt_trade_number", "confirmed_by_wdt", "issued_from")
"""Facts of WDT's; whoever could write them could ship past the gates of the desk."""


class Shipment(Document):
    """One shipment with its lines and its history."""

    def autoname(self) -> None:
        """Unique by a database sequence: shipments of different orders never wait for each other."""
        number = frappe.db.get_next_sequence_val(self.doctype, slug=NUMBER_SEQUENCE)
        self.name = technical_shipment_name(number)

    @property
    def state(self) -> ShipmentState:
        """Where the shipment stands."""
        return ShipmentState(self.shipment_state)

    @property
    def origin(self) -> Origin:
        """Which side ships."""
        return Origin(self.led_by)

    def leaving(self) -> dict[str, Decimal]:
        """Quantity by order line id."""
        quantities: dict[str, Decimal] = {}
        for item in self.items:
            quantity = number_of(item.quantity, _("Quantity"))
            quantities[item.order_item] = quantities.get(item.order_item, ZERO) + quantity
        return quantities

    def validate(self) -> None:
        """States follow the table, quantities fit what is open."""
        before = self.get_doc_before_save()
        self._check_state(before)
        self.flags.left_before = bool(before and before.state in LEFT_WAREHOUSE)
        order = locked_order(self.order_id)
        self.customer = order.customer
        self.customer_name = order.customer_name
        order.flags.shipment = self
        self._guard_system_fields(before)
        if self.origin is Origin.SITE:
            self._follow_stages(before, order)
        if self.state in LEFT_WAREHOUSE and not self.flags.left_before:
            self.shipped_at = self.shipped_at or now_datetime()
        if self.state is ShipmentState.VOIDED:
            self._check_taken_back(order)
        else:
            counted = before.leaving() if before and self.flags.left_before else {}
            check_lines_fit(order, self.leaving(), counted)
        self._check_proven(before)

    def _check_proven(self, before: Shipment | None) -> None:
        """A delivery is recorded with who took the goods, not by a state alone (R-303)."""
        newly = self.state is ShipmentState.DELIVERED and (not before or before.state is not self.state)
        if newly and not self.flags.by_method:
            frappe.throw(
                _("Say who received the goods of {0}: use 'Record Delivery' on the shipment.").format(
                    self.name
                ),
                StepRefused,
            )

    def _follow_stages(self, before: Shipment | None, order: Any) -> None:
        """What the house asks of goods that people lead through it (R-277)."""
        if self.state in (ShipmentState.WEIGHING, ShipmentState.SHIPPED):
            derive_weights(self)
        if before is None and self.state in WAREHOUSE_STAGES:
            prepare_instruction(self, order)
        elif before is not None and before.state in WAREHOUSE_STAGES and before.state is not self.state:
            check_stage(self, self.state, order)
        if self.state in LEFT_WAREHOUSE and not self.flags.left_before:
            if before is None:
                refuse_without_stages(order)
            check_dispatch(order)

    def has_stages(self) -> bool:
        """Whether its goods went over the packing table, so that there is something to weigh and inspect."""
        return bool(self.packed)

    def _check_taken_back(self, order: Any) -> None:
        """No step leads back from a shipped order; what WDT takes back is compared and shown (R-026)."""
        state = OrderState(order.workflow_state)
        if self.flags.left_before and not self.flags.from_wdt and state in SHIPPED_STATES:
            frappe.throw(
                _(
                    "Order {0} is {1}: its shipment {2} cannot be voided any more. Goods that come back are "
                    "a return."
                ).format(order.name, _(state.value), self.name),
                StepRefused,
            )

    def _guard_system_fields(self, before: Shipment | None) -> None:
        """What WDT says is read from WDT, and goods that have left are not counted anew (R-387)."""
        if self.flags.from_wdt:
            return
        old = before or frappe.new_doc(self.doctype)
        touched = [name for name in _READ_FROM_WDT if (self.get(name) or None) != (old.get(name) or None)]
        if before and before.order_id != self.order_id:
            touched.append("order_id")
        if self.flags.left_before and before and before.leaving() != self.leaving():
            touched.append("items")
        if not self.flags.by_method:
            touched += [name for name in _BY_METHOD if _content(self, name) != _content(old, name)]
        if touched:
            frappe.throw(
                _("These fields of shipment {0} cannot be changed here: {1}. Void it and ship anew.").format(
                    self.name, ", ".join(_(self.meta.get_label(name)) for name in touched)
                ),
                StepRefused,
            )

    def _check_state(self, before: Shipment | None) -> None:
        if before is None or before.state is self.state:
            return
        allowed = SHIPMENT_TRANSITIONS[before.state]
        if self.origin is Origin.SITE and not self.flags.from_wdt:
            allowed = frozenset(state for state in allowed if follows_by_hand(before.state, state))
        if self.state not in allowed:
            frappe.throw(
                _("Shipment {0} cannot go from {1} to {2}. Possible: {3}.").format(
                    self.name,
                    _(before.state.value),
                    _(self.state.value),
                    ", ".join(_(state.value) for state in sorted(allowed)) or _("nothing, it is finished"),
                ),
                StepRefused,
            )

    def validate_workflow(self) -> None:
        """The framework asks the user's roles; what WDT says, or leaves in one step, has none."""
        at_once = self.is_new() and self.state in LEFT_WAREHOUSE
        if not (self.flags.from_wdt or self.flags.by_system or at_once) and self.meta.get_workflow():
            validate_workflow(self)

    def after_insert(self) -> None:
        """The house hears of new instructions."""
        if self.state is ShipmentState.WAITING_FOR_PRINT and self.origin is Origin.SITE:
            tell_house(self, frappe.get_doc("Order", self.order_id))

    def on_update(self) -> None:
        """Goods that leave or come back change their order."""
        self._close_done_tasks()
        left = self.state in LEFT_WAREHOUSE
        if left == bool(self.flags.left_before):
            return
        (issue if left else take_back)(self)
        order = apply_shipments(self.order_id, self.origin)
        if left:
            note_deviation(self, order)
        if left and self.origin is Origin.SITE:
            ask_warehouse_to_ship(order, self)

    def _close_done_tasks(self) -> None:
        before = self.get_doc_before_save()
        if before and before.state in WAREHOUSE_STAGES and self.state not in WAREHOUSE_STAGES:
            close_ship_tasks(self.name)

    def on_trash(self) -> None:
        """Shipments are kept (R-382)."""
        frappe.throw(_("Shipments are kept. Void a wrong one instead of deleting it."), StepRefused)


def _content(document: Any, name: str) -> Any:
    value = document.get(name)
    if isinstance(value, list):
        return [(row.parcel_number, row.order_item, flt(row.quantity)) for row in value]
    return cstr(value)


def on_doctype_update() -> None:
    """The numbers, shipments of an order by state, and the trade they were read from."""
    frappe.db.create_sequence("Shipment", slug=NUMBER_SEQUENCE, check_not_exists=True, cache=20)
    frappe.db.add_index("Shipment", ["order_id", "shipment_state"], index_name="order_state")
    frappe.db.add_index("Shipment", ["wdt_trade_number"], index_name="wdt_trade")
