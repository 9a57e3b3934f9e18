"""Customer links for the desk, and what their holders may do without a login: thin (R-298, R-303, R-304)."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

import frappe
from frappe import _

from order_flow.domain.customer_links import LinkPurpose
from order_flow.domain.states import Role
from order_flow.endpoint import Verb, endpoint, guest_endpoint
from order_flow.flow import customer_deeds, customer_links
from order_flow.flow.choices import choice
from order_flow.flow.refusals import refuse_without_role

GIVERS = (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER, Role.AFTER_SALES)
DEEDS_PER_HOUR = 20


def _shown_order(order: str) -> None:
    frappe.get_doc("Order", order).check_permission("read")
    refuse_without_role(
        [role.value for role in GIVERS], _("Links for customers are given out by: {0}. Ask one of them.")
    )


@endpoint(Verb.POST)
def create_link(order: str, purpose: str = LinkPurpose.TRACKING.value) -> dict[str, Any]:
    """Make a link that shows one order to whoever holds it.

    Args:
        order: the order's name.
        purpose: ``Tracking``, or ``Receipt`` to let the holder confirm the arrival.

    Returns:
        ``{"url"}``; it is shown once and stored nowhere.

    Raises:
        frappe.PermissionError: the caller may not see the order, or gives out no links.
    """
    _shown_order(order)
    return {"url": customer_links.issue(order, choice(LinkPurpose, purpose, _("Purpose")))}


@endpoint(Verb.POST)
def revoke_links(order: str) -> dict[str, Any]:
    """Close all links of an order.

    Args:
        order: the order's name.

    Returns:
        ``{"revoked"}``: how many were open.

    Raises:
        frappe.PermissionError: as for ``create_link``.
    """
    _shown_order(order)
    return {"revoked": customer_links.revoke(order)}


@guest_endpoint(Verb.POST, per_hour=DEEDS_PER_HOUR)
def confirm_arrival(t: str) -> dict[str, Any]:
    """The holder of a receipt link says that all goods came; saying it again changes nothing.

    Args:
        t: the link's token.

    Returns:
        ``{"done": True}``.

    Raises:
        LinkUnknown: nothing that opens (404).
        StepRefused: the goods have not left yet.
    """
    customer_deeds.confirm_arrival(customer_links.resolve(t))
    return {"done": True}


@guest_endpoint(Verb.POST, per_hour=DEEDS_PER_HOUR)
def report_problem(t: str, text: str) -> dict[str, Any]:
    """The holder of a receipt link says what is missing, broken or wrong.

    Args:
        t: the link's token.
        text: in the holder's words.

    Returns:
        ``{"done": True}``.

    Raises:
        LinkUnknown: nothing that opens (404).
        StepRefused: nothing was said.
    """
    customer_deeds.report_problem(customer_links.resolve(t), text)
    return {"done": True}


@guest_endpoint(Verb.POST, per_hour=DEEDS_PER_HOUR)
def answer_offer(t: str, shortage: str, agreed: bool, remark: str = "") -> dict[str, Any]:
    """The holder of such a link answers what is offered for goods that are short (K-20).

    Args:
        t: the link's token.
        shortage: which of the questions.
        agreed: whether he takes the offer.
        remark: what he wants to add.

    Returns:
        ``{"done": True}``.

    Raises:
        LinkUnknown: nothing that opens (404).
        StepRefused: it was answered already.
    """
    customer_deeds.answer_offer(customer_links.resolve(t), shortage, bool(agreed), remark)
    return {"done": True}
