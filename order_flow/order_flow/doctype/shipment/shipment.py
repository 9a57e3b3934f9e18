"""Shipment: goods of one order that leave together; partial shipment is arithmetic on its lines."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.workflow import validate_workflow
from frappe.utils import now_datetime

from order_flow.domain.amounts import ZERO
from order_flow.domain.gates.model import Origin
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE, ShipmentState
from order_flow.domain.orders.numbering import technical_shipment_name
from order_flow.flow.deliveries.replacements import check_replacement
from order_flow.flow.lifecycle.inbox import follow_shipment_inbox
from order_flow.flow.parcels.entry import follow_goods, follow_stages, name_lines
from order_flow.flow.records.entry_document import EntryDocument
from order_flow.flow.records.exact_keys import ensure_exact_keys
from order_flow.flow.records.order import locked_order
from order_flow.flow.records.values import number_of
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shipments.guards import (
    check_proven,
    check_taken_back,
    check_transition,
    guard_system_fields,
)
from order_flow.flow.shipments.instructions import tell_house
from order_flow.flow.shipments.leaving import check_lines_fit, check_past_the_house, fit_to_open
from order_flow.sync.wdt.unfit_shipments import read_again_once_voided
from order_flow.sync.wdt.waybills import waybill_corrected

NUMBER_SEQUENCE = "_number_seq"


class Shipment(EntryDocument):
    """One shipment with its lines and its history."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from order_flow.order_flow.doctype.shipment_event.shipment_event import ShipmentEvent
        from order_flow.order_flow.doctype.shipment_item.shipment_item import ShipmentItem
        from order_flow.order_flow.doctype.shipment_packing.shipment_packing import ShipmentPacking
        from order_flow.order_flow.doctype.shipment_parcel.shipment_parcel import ShipmentParcel

        agreed_for: DF.Datetime | None
        agreed_with: DF.Data | None
        arrive_by: DF.Datetime | None
        call_request: DF.Data | None
        calls_unanswered: DF.Int
        carrier: DF.Data | None
        carrier_code: DF.Data | None
        claim_until: DF.Date | None
        computed_weight: DF.Float
        confirmed_by_wdt: DF.Check
        customer: DF.Link | None
        customer_name: DF.Data | None
        delivered_at: DF.Datetime | None
        delivered_by: DF.Link | None
        delivered_place: DF.Data | None
        delivery_case: DF.Link | None
        delivery_place: DF.SmallText | None
        delivery_remark: DF.SmallText | None
        delivery_request: DF.Data | None
        events: DF.Table[ShipmentEvent]
        inspected_at: DF.Datetime | None
        inspected_by: DF.Link | None
        inspection: DF.Literal["", "Passed", "Failed"]
        inspection_remark: DF.SmallText | None
        issued_from: DF.SmallText | None
        items: DF.Table[ShipmentItem]
        led_by: DF.Literal["Site", "WDT"]
        mode_reason: DF.Data | None
        order_id: DF.Link
        packed: DF.Table[ShipmentPacking]
        parcels: DF.Table[ShipmentParcel]
        planned_on_call: DF.SmallText | None
        planned_ship_date: DF.Date | None
        proof_kind: DF.Literal["", "Signature", "Identity Document", "Order Number"]
        proof_photo: DF.AttachImage | None
        received_by: DF.Data | None
        remark: DF.SmallText | None
        shipment_state: DF.Literal[
            "Waiting for Print",
            "Picking",
            "Scanning",
            "Weighing",
            "Shipped",
            "In Transit",
            "Delivered",
            "Exception",
            "Voided",
        ]
        shipped_at: DF.Datetime | None
        spare_parts: DF.SmallText | None
        tracking_read_at: DF.Datetime | None
        transport_mode: DF.Literal[
            "", "Express", "Urgent Express", "Road", "Rail", "Sea", "Air", "Customer Collects", "Own Vehicle"
        ]
        warehouse: DF.Data | None
        waybill_number: DF.Data | None
        wdt_account: DF.Link | None
        wdt_trade_number: DF.Data | None
        weight: DF.Float
    # end: auto-generated types

    def autoname(self) -> None:
        """Unique by a database sequence: shipments of different orders never wait for each other."""
        number = frappe.db.get_next_sequence_val(self.doctype, slug=NUMBER_SEQUENCE)
        self.name = technical_shipment_name(number)

    @property
    def state(self) -> ShipmentState:
        """Return where the shipment stands."""
        return ShipmentState(self.shipment_state)

    @property
    def origin(self) -> Origin:
        """Return which side ships."""
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
        check_transition(self, before)
        self.flags.left_before = bool(before and before.state in LEFT_WAREHOUSE)
        order = locked_order(self.order_id)
        self.customer = order.customer
        self.customer_name = order.customer_name
        order.flags.shipment = self
        name_lines(self, order)
        guard_system_fields(self, before)
        if self.origin is Origin.SITE:
            follow_stages(self, before, order)
        if self.state in LEFT_WAREHOUSE and not self.flags.left_before:
            self.shipped_at = self.shipped_at or now_datetime()
        if self.state is ShipmentState.VOIDED:
            check_taken_back(self, order)
        elif self.delivery_case:
            check_replacement(self, order)
        else:
            counted = before.leaving() if before and self.flags.left_before else {}
            fit_to_open(self, order, counted)
            check_lines_fit(order, self.leaving(), counted)
            if before is None and self.origin is Origin.SITE:
                check_past_the_house(order, self.leaving())
        check_proven(self, before)

    def has_stages(self) -> bool:
        """Whether its goods went over the packing table, so that there is something to weigh and inspect."""
        return bool(self.packed)

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
        follow_shipment_inbox(self)
        follow_goods(self)
        waybill_corrected(self)
        read_again_once_voided(self)

    def on_trash(self) -> None:
        """Shipments are kept (R-382)."""
        frappe.throw(_("Shipments are kept. Void a wrong one instead of deleting it."), StepRefused)


def on_doctype_update() -> None:
    """The numbers, shipments of an order by state, and the trade they were read from."""
    ensure_exact_keys("Shipment")
    frappe.db.create_sequence("Shipment", slug=NUMBER_SEQUENCE, check_not_exists=True, cache=20)
    frappe.db.add_index("Shipment", ["order_id", "shipment_state"], index_name="order_state")
    frappe.db.add_index("Shipment", ["wdt_trade_number"], index_name="wdt_trade")
