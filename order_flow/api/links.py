"""Customer links for the desk, and what their holders may do without a login: thin (R-298, R-303, R-304)."""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from typing import Any

import frappe
from frappe import _

from order_flow.api.endpoint import Verb, endpoint, guest_endpoint
from order_flow.domain.customers.links import LinkPurpose
from order_flow.domain.states import ROLES_OF_STEP, OrderStep, Role
from order_flow.flow.customers import page as customer_deeds
from order_flow.flow.notices import links as customer_links
from order_flow.flow.records.choices import choice
from order_flow.flow.refusals import refuse_without_role

GIVERS = (Role.ORDER_DESK, Role.SALES, Role.SALES_MANAGER, Role.AFTER_SALES)
GIVERS_OF = {
    **dict.fromkeys(LinkPurpose, GIVERS),
    # Who may not confirm a receipt gets no link that confirms it.
    LinkPurpose.RECEIPT: tuple(role for role in GIVERS if role in ROLES_OF_STEP[OrderStep.CONFIRM_RECEIPT]),
}
"""Who makes a link of which purpose, and closes those of that purpose."""
DEEDS_PER_DAY = 50
PROBLEMS_PER_DAY = 5
"""Each limit is the link's: whoever holds it may call from any address, and say it came from another."""


def _shown_order(order: str) -> None:
    frappe.get_doc("Order", order).check_permission("read")
    refuse_without_role(
        [role.value for role in GIVERS], _("Links for customers are given out by: {0}. Ask one of them.")
    )


def _customers_own(t: str) -> customer_links.OpenLink:
    """The link, in the hands of somebody who is not one of ours."""
    link = customer_links.resolve(t)
    user = frappe.session.user
    if user != "Guest" and frappe.get_cached_value("User", user, "user_type") == "System User":
        frappe.throw(
            _("You are logged in as an employee. This link is for the customer; work on the order instead."),
            frappe.PermissionError,
        )
    return link


@endpoint(Verb.POST, of="Order")
def create_link(order: str, purpose: str = LinkPurpose.TRACKING.value) -> dict[str, Any]:
    """Make a link that shows one order to whoever holds it.

    Args:
        order: the order's name.
        purpose: ``Tracking`` to look and report problems, or ``Receipt`` to let the holder confirm the
            arrival as well.

    Returns:
        ``{"url"}``; it is shown once and stored nowhere.

    Raises:
        frappe.PermissionError: the caller may not see the order, or gives out no links.
    """
    _shown_order(order)
    wanted = choice(LinkPurpose, purpose, _("Purpose"))
    refuse_without_role(
        [role.value for role in GIVERS_OF[wanted]],
        _("Links that confirm a receipt are given out by: {0}. Ask one of them."),
    )
    return {"url": customer_links.issue(order, wanted)}


@endpoint(Verb.POST, of="Order")
def revoke_links(order: str) -> dict[str, Any]:
    """Close the links of an order, of those purposes that the caller also gives out.

    Args:
        order: the order's name.

    Returns:
        ``{"revoked", "left"}``: how many were closed, and how many only others may close.

    Raises:
        frappe.PermissionError: as for ``create_link``.
    """
    _shown_order(order)
    mine = {Role(name) for name in frappe.get_roles() if name in set(Role)}
    purposes = [purpose for purpose, givers in GIVERS_OF.items() if not mine.isdisjoint(givers)]
    revoked = customer_links.revoke(order, purposes)
    return {"revoked": revoked, "left": customer_links.still_open(order)}


@guest_endpoint(Verb.POST, key="t", limit=DEEDS_PER_DAY)
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
    customer_deeds.confirm_arrival(_customers_own(t))
    return {"done": True}


@guest_endpoint(Verb.POST, key="t", limit=PROBLEMS_PER_DAY)
def report_problem(t: str, text: str) -> dict[str, Any]:
    """The holder of a tracking or receipt link says what is missing, broken or wrong.

    Args:
        t: the link's token.
        text: in the holder's words.

    Returns:
        ``{"done": True}``.

    Raises:
        LinkUnknown: nothing that opens (404).
        StepRefused: nothing was said.
    """
    customer_deeds.report_problem(_customers_own(t), text)
    return {"done": True}


@guest_endpoint(Verb.POST, key="t", limit=DEEDS_PER_DAY)
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
    customer_deeds.answer_offer(_customers_own(t), shortage, bool(agreed), remark)
    return {"done": True}
