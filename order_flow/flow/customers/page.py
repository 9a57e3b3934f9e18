"""What the holder of a customer's link may do: confirm, answer, report (R-303, R-304, K-20, K-22)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import getdate

from order_flow.domain.amounts import to_decimal
from order_flow.domain.customers.links import LinkPurpose
from order_flow.domain.goods.delivery import CaseKind, in_time
from order_flow.domain.goods.shortages import OFFERS, Decision
from order_flow.domain.states import (
    CALLED_OFF_STATES,
    RECEIVED_STATES,
    DeliveryStatus,
    OrderState,
    OrderStep,
    PaymentFamily,
    may_arrive,
)
from order_flow.flow.deliveries.cases import claims_end, open_case
from order_flow.flow.lifecycle.steps import take_step
from order_flow.flow.notices.links import OpenLink, unknown_link
from order_flow.flow.records.order import locked_order
from order_flow.flow.refusals import StepRefused
from order_flow.flow.shortages.decisions import answer_by_link, offers

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

LONGEST_WORDS = 1000
_REPORTING = frozenset({LinkPurpose.RECEIPT, LinkPurpose.TRACKING})
"""Who got goods may say what is wrong with them, with either link."""


def confirm_arrival(link: OpenLink) -> str:
    """The customer says that all goods came (R-303, R-304); saying it again changes nothing.

    Returns:
        The order's name.

    Raises:
        LinkUnknown: the link is only for looking.
        StepRefused: the goods have not left yet.
    """
    if link.purpose is not LinkPurpose.RECEIPT:
        raise unknown_link()
    order = locked_order(link.order)
    state, family = OrderState(order.workflow_state), PaymentFamily(order.payment_family)
    if state in RECEIVED_STATES:
        return str(order.name)
    if not may_arrive(state, family, DeliveryStatus(order.delivery_status)):
        frappe.throw(
            _("Order {0} has not been shipped completely yet. Confirm when all goods are there.").format(
                order.order_number or order.name
            ),
            StepRefused,
        )
    take_step(
        order, OrderStep.CONFIRM_RECEIPT, by_system=True, remark=_("Confirmed by the customer with a link.")
    )
    return str(order.name)


def answer_offer(link: OpenLink, shortage: str, agreed: bool, remark: str) -> str:
    """The customer answers what is offered for goods that are short (K-20).

    Args:
        link: a link for such answers.
        shortage: name of the Shortage.
        agreed: whether he takes the offer.
        remark: what he wants to add.

    Returns:
        The order's name.

    Raises:
        LinkUnknown: the link is for something else.
        StepRefused: it was answered already, or belongs to another order.
    """
    if link.purpose is not LinkPurpose.SHORTAGE:
        raise unknown_link()
    order = locked_order(link.order)
    answer_by_link(shortage, order.name, agreed=agreed, remark=remark[:LONGEST_WORDS])
    return str(order.name)


def offers_to(link: OpenLink) -> list[dict[str, str]]:
    """Return what the page of such a link asks: nothing for links with another purpose."""
    if link.purpose is not LinkPurpose.SHORTAGE:
        return []
    lines = {
        line.name: line.product_name or line.product
        for line in frappe.get_all(
            "Order Item", filters={"parent": link.order}, fields=["name", "product", "product_name"]
        )
    }
    return [
        {
            "name": row.name,
            "goods": lines.get(row.order_item, ""),
            "missing": f"{to_decimal(row.missing).normalize():f}",
            "offer": _(OFFERS[Decision(row.decision)]),
            "new_date": str(row.new_date or ""),
        }
        for row in offers(link.order)
    ]


def may_report(link: OpenLink) -> bool:
    """Whether the page offers to report a problem: from the dispatch to the end of the claim period (K-22).

    Args:
        link: as ``resolve`` gives it.
    """
    if link.purpose not in _REPORTING:
        return False
    fields = ["workflow_state", "delivery_status"]
    order = frappe.db.get_value("Order", link.order, fields, as_dict=True)
    return _something_left(order) and in_time(getdate(), claims_end(link.order))


def _something_left(order: Order) -> bool:
    parcels = DeliveryStatus(order.delivery_status) is not DeliveryStatus.NOT_SHIPPED
    return parcels and OrderState(order.workflow_state) not in CALLED_OFF_STATES


def report_problem(link: OpenLink, text: str) -> str:
    """The customer says that something is missing, broken or wrong: after-sales gets it (R-303).

    Args:
        link: a link for looking, as it is sent with the dispatch, or for the receipt.
        text: in the customer's words; mandatory.

    Returns:
        The order's name; its state stays, nobody takes a receipt for granted.

    Raises:
        LinkUnknown: the link is for something else.
        StepRefused: nothing was said, nothing has left yet, or the claim period is over.
    """
    if link.purpose not in _REPORTING:
        raise unknown_link()
    if not text.strip():
        frappe.throw(_("Say what is missing, broken or wrong."), StepRefused)
    order = locked_order(link.order)
    if not _something_left(order):
        frappe.throw(_("Nothing of this order has left yet. Please call us."), StepRefused)
    until = claims_end(order.name)
    if not in_time(getdate(), until):
        frappe.throw(
            _("Claims about this order were possible until {0}. Please call us.").format(
                frappe.format(until, {"fieldtype": "Date"})
            ),
            StepRefused,
        )
    words = text.strip()[:LONGEST_WORDS]
    # The holder of the link is the customer; who may was asked by the link itself.
    open_case(order, CaseKind.OTHER, _("The customer reports: {0}").format(words))
    return str(order.name)
