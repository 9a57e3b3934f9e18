"""Shipment: goods of one order that leave together; partial shipment is arithmetic on its lines."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from order_flow.domain.gates import Origin
from order_flow.domain.money import ZERO, to_decimal
from order_flow.domain.shipments import LEFT_WAREHOUSE, SHIPMENT_TRANSITIONS, ShipmentState
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shipments import apply_shipments, ask_warehouse_to_ship, check_dispatch, check_lines_fit
from order_flow.flow.steps import locked_order


class Shipment(Document):
    """One shipment with its lines and its history."""

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
            quantities[item.order_item] = quantities.get(item.order_item, ZERO) + to_decimal(item.quantity)
        return quantities

    def validate(self) -> None:
        """States follow the table, quantities fit what is open."""
        before = self.get_doc_before_save()
        self._check_state(before)
        order = locked_order(self.order_id)
        self.customer = order.customer
        self.customer_name = order.customer_name
        self.flags.left_before = bool(before and before.state in LEFT_WAREHOUSE)
        if not self.flags.from_wdt and self.origin is Origin.WDT and self.is_new():
            frappe.throw(_("Shipments led by WDT are read from WDT. Leave 'Led By' out."), StepRefused)
        if self.state in LEFT_WAREHOUSE and not self.flags.left_before:
            check_dispatch(order, self.origin)
        if self.state is not ShipmentState.VOIDED:
            counted = before.leaving() if before and self.flags.left_before else {}
            check_lines_fit(order, self.leaving(), counted)
        if self.state is ShipmentState.DELIVERED and not self.delivered_at:
            self.delivered_at = now_datetime()

    def _check_state(self, before: Shipment | None) -> None:
        if before is None or before.state is self.state:
            return
        allowed = SHIPMENT_TRANSITIONS[before.state]
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

    def on_update(self) -> None:
        """Goods that leave or come back change their order."""
        left = self.state in LEFT_WAREHOUSE
        if left == bool(self.flags.left_before):
            return
        order = apply_shipments(self.order_id, self.origin)
        if left and self.origin is Origin.SITE:
            ask_warehouse_to_ship(order, self)

    def on_trash(self) -> None:
        """Shipments are kept (R-382)."""
        frappe.throw(_("Shipments are kept. Void a wrong one instead of deleting it."), StepRefused)


def on_doctype_update() -> None:
    """Shipments of an order by state, and the trade they were read from."""
    frappe.db.add_index("Shipment", ["order_id", "shipment_state"], index_name="order_state")
    frappe.db.add_index("Shipment", ["wdt_trade_number"], index_name="wdt_trade")
