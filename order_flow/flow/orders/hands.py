"""Who had a hand in an order: kept with it, and asked where a second person decides (K-14, R-092)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from order_flow.domain.access.four_eyes import hands_of, with_hands
from order_flow.domain.changes.model import ChangeState
from order_flow.flow.orders.entry import content_changed

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order


def keep_hands(order: Order) -> None:
    """Add to an order who writes it, takes it or gives it away in this save.

    Args:
        order: the Order document in the middle of its save, its system fields checked.
    """
    before = order.get_doc_before_save()
    people = [order.owner or frappe.session.user, order.sales_rep]
    if before is not None:
        people.append(before.sales_rep)
        if not order.flags.system_fields_open and content_changed(order):
            people.append(frappe.session.user)
    order.hands = with_hands(order.hands, *people)


def hands_on_order(name: str) -> frozenset[str]:
    """Everybody who ever owned, wrote, held or gave away an order, or proposed a change that was applied.

    Args:
        name: the order.
    """
    order = frappe.db.get_value("Order", name, ["owner", "sales_rep", "hands"], as_dict=True) or {}
    applied = {"order_id": name, "change_state": ChangeState.APPLIED.value}
    proposers = frappe.get_all("Change Notice", applied, pluck="owner")
    return hands_of(order.get("hands")) | {
        person for person in (order.get("owner"), order.get("sales_rep"), *proposers) if person
    }
