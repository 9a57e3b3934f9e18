"""The page for field reps and drivers, made for a phone; a guest logs in first (R-377 to R-379)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.sessions import get_csrf_token
from frappe.utils import get_fullname

from order_flow.domain.goods.delivery import CaseKind, ProofKind
from order_flow.domain.states import PaymentTerm

no_cache = 1
_OF_THE_HOUSE = (CaseKind.DATE_DEVIATION, CaseKind.TRACKING, CaseKind.PRODUCTION_DELAY)
TROUBLE = tuple(kind for kind in CaseKind if kind not in _OF_THE_HOUSE)


def get_context(context: Any) -> None:
    """Fill the page.

    Raises:
        frappe.Redirect: to the login, which leads back here.
        frappe.PermissionError: the user neither enters orders nor reads shipments.
    """
    if frappe.session.user == "Guest":
        frappe.local.flags.redirect_location = "/login?redirect-to=/field"
        raise frappe.Redirect
    context.may_order = frappe.has_permission("Order", "create")
    context.may_deliver = frappe.has_permission("Shipment", "read")
    if not (context.may_order or context.may_deliver):
        frappe.throw(
            _("This page is for people who take orders or deliver goods. Ask your administrator for a role."),
            frappe.PermissionError,
        )
    context.no_cache = 1
    context.lang = frappe.local.lang
    context.full_name = get_fullname()
    context.csrf_token = get_csrf_token()
    # The token of a new session is worth a commit of its own; the framework rolls a GET back.
    frappe.db.commit()
    context.channels = frappe.get_list("Sales Channel", filters={"enabled": 1}, pluck="name", order_by="name")
    context.payment_terms = [(term.value, _(term.value)) for term in PaymentTerm]
    context.proofs = [(kind.value, _(kind.value)) for kind in ProofKind]
    context.trouble = [(kind.value, _(kind.value)) for kind in TROUBLE]
