"""Links for customers: a random token, known again by its fingerprint, shows one order (R-298)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import add_days, cint, get_datetime, get_url, now_datetime

from order_flow.domain.amounts import to_decimal
from order_flow.domain.customers.links import TOKEN_BYTES, LinkPurpose, fingerprint_of, is_open, waits_for
from order_flow.domain.goods.shipments import LEFT_WAREHOUSE
from order_flow.domain.orders.stages import Standing
from order_flow.domain.orders.state_words import Audience
from order_flow.domain.states import (
    DeliveryStatus,
    OrderState,
    PaymentFamily,
    PaymentStatus,
    may_arrive,
)
from order_flow.flow.orders.standing import stage_bar
from order_flow.flow.orders.state_words import state_words, words_of_state
from order_flow.outbox.language import site_language

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

LINK = "Customer Link"
PAGE = "/track"
DEFAULT_DAYS = 60
_PAID = (PaymentStatus.PAID, PaymentStatus.OVERPAID)


class LinkUnknown(frappe.PermissionError):
    """No such link, expired, revoked, or made for something else: whoever guesses learns nothing."""

    http_status_code = 404


def unknown_link() -> LinkUnknown:
    return LinkUnknown(_("This link does not open anything (any more). Ask us for a new one."))


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that opens its page."""

    name: str
    order: str
    purpose: LinkPurpose


def issue(order: str, purpose: LinkPurpose) -> str:
    """Make a link to an order.

    Args:
        order: the order's name; the caller has checked that the user may show it.
        purpose: what its holder may do.

    Returns:
        The address. It is stored nowhere: a lost link is replaced by a new one.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    days = cint(frappe.db.get_single_value("Order Flow Settings", "customer_link_days")) or DEFAULT_DAYS
    frappe.get_doc(
        {
            "doctype": LINK,
            "order_id": order,
            "purpose": purpose.value,
            "expires_at": add_days(now_datetime(), days),
            "token_hash": fingerprint_of(token),
        }
    ).insert(ignore_permissions=True)  # the right to show the order was checked by the caller
    return str(get_url(f"{PAGE}?{urlencode({'t': token})}"))


def resolve(token: str) -> OpenLink:
    """Find what a link opens.

    Args:
        token: as the address carries it.

    Raises:
        LinkUnknown: nothing that opens; why is not said.
    """
    # Looked up by fingerprint: how long it takes tells nothing about the token.
    found = frappe.db.get_value(
        LINK,
        {"token_hash": fingerprint_of(token or "")},
        ["name", "order_id", "purpose", "expires_at", "revoked"],
        as_dict=True,
    )
    if not found or not is_open(
        expires_at=get_datetime(found.expires_at), revoked=bool(found.revoked), now=now_datetime()
    ):
        raise unknown_link()
    return OpenLink(found.name, found.order_id, LinkPurpose(found.purpose))


def revoke(order: str, purposes: Iterable[LinkPurpose] = tuple(LinkPurpose)) -> int:
    """Close the links of an order.

    Args:
        order: the order's name.
        purposes: only those that were made for one of them.

    Returns:
        How many were open.
    """
    meant = {"order_id": order, "revoked": 0, "purpose": ("in", [purpose.value for purpose in purposes])}
    names = frappe.get_all(LINK, meant, pluck="name")
    if names:
        frappe.db.set_value(LINK, {"name": ("in", names)}, "revoked", 1)
    return len(names)


def still_open(order: str) -> int:
    """Count the links of an order that open their page."""
    now = now_datetime()
    return int(frappe.db.count(LINK, {"order_id": order, "revoked": 0, "expires_at": (">", now)}))


def view(link: OpenLink, language: str) -> dict[str, Any]:
    """Return what a customer sees of his order: no prices, no names of our people, nothing of other orders.

    Args:
        link: as ``resolve`` gives it.
        language: the reader's.

    Returns:
        Values for the page. Five statements, however many lines and parcels there are.
    """
    order = frappe.get_doc("Order", link.order)
    state, family = OrderState(order.workflow_state), PaymentFamily(order.payment_family)
    sentence = waits_for(
        state,
        family,
        paid=PaymentStatus(order.payment_status) in _PAID,
        on_hold=bool(order.on_hold),
        cancel_requested=bool(order.cancel_requested),
    )
    return {
        "number": order.order_number or order.name,
        "their_number": order.customer_order_number,
        "state": state_words(order, Audience.CUSTOMER, language),
        "sentence": _(sentence, language),
        "promised_date": order.promised_date,
        "stages": _stages(order, language),
        "lines": [
            {
                "name": line.product_name or line.product,
                "specification": line.specification or "",
                "unit": line.unit or "",
                "quantity": f"{to_decimal(line.quantity).normalize():f}",
                "shipped": f"{to_decimal(line.shipped_quantity).normalize():f}",
            }
            for line in order.items
        ],
        "parcels": _parcels(order.name),
        "may_confirm": link.purpose is LinkPurpose.RECEIPT
        and may_arrive(state, family, DeliveryStatus(order.delivery_status)),
    }


def _stages(order: Order, language: str) -> list[dict[str, Any]]:
    """The stations in the customer's words; those that he reads as one are one, with its latest day."""
    shown: list[dict[str, Any]] = []
    for stage in stage_bar(order):
        words = words_of_state(OrderState(stage["state"]), Audience.CUSTOMER, order.channel, language)
        if shown and shown[-1]["words"] == words:
            if stage["standing"] != Standing.AHEAD:
                shown[-1] = {**stage, "words": words}
        else:
            shown.append({**stage, "words": words})
    return shown


def _parcels(order: str) -> list[dict[str, Any]]:
    """Return what has left; the stages of the house are no matter of the customer's."""
    parcels = frappe.get_all(
        "Shipment",
        filters={"order_id": order, "shipment_state": ("in", [state.value for state in LEFT_WAREHOUSE])},
        fields=["name", "shipment_state", "carrier", "waybill_number", "shipped_at", "delivered_at"],
        order_by="creation",
    )
    events: dict[str, list[Any]] = {}
    if parcels:
        for row in frappe.get_all(
            "Shipment Event",
            filters={"parent": ("in", [parcel.name for parcel in parcels]), "parenttype": "Shipment"},
            fields=["parent", "event", "at", "place", "source", "remark"],
            order_by="at desc",
        ):
            events.setdefault(row.parent, []).append(row)
    return [{**parcel, "events": events.get(parcel.name, [])} for parcel in parcels]


def language_of(link: OpenLink) -> str:
    """The language of the order's customer, or the site's."""
    customer = frappe.db.get_value("Order", link.order, "customer")
    return str(frappe.db.get_value("Customer", customer, "language") or site_language())


def note_use(link: OpenLink) -> None:
    """Remember when the link was used last."""
    frappe.db.set_value(LINK, link.name, "last_used_at", now_datetime(), update_modified=False)
