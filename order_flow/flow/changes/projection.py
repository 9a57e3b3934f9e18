"""The order as a change notice makes it: the same few lines serve the preview and the application."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import frappe

from order_flow.domain.amounts import to_decimal
from order_flow.domain.changes.model import ChangeAction
from order_flow.domain.changes.rules import term_obstacle
from order_flow.domain.money.terms import branch_of
from order_flow.domain.states import PaymentFamily, PaymentTerm
from order_flow.flow.changes.rows import NEW_LINE_FIELDS, touch_of
from order_flow.flow.changes.values import changeable_field, value_of
from order_flow.flow.orders.entry import check_lines, compute_amounts, fill_lines
from order_flow.flow.refusals import refuse_obstacles
from order_flow.flow.terms.plan import fill_plan, policies_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.order.order import Order

PAYMENT_TERM = "payment_term"
_OF_THE_PRODUCT = ("product_name", "specification", "unit")
"""What a line takes over from its product unless the notice says it."""


def copied(order: Order) -> Any:
    """The same order as a document of its own, which nobody saves."""
    return frappe.get_doc(copy.deepcopy(order.as_dict()))


def put_changes(order: Order, notice: ChangeNotice) -> None:
    """Write a notice's rows into an order and compute its amounts; nothing is saved here.

    Args:
        order: the Order document that takes the changes.
        notice: the Change Notice document with checked rows.

    Raises:
        StepRefused: a product is unknown, a line makes no sense, or the payment family would change.
    """
    lines = {line.name: line for line in order.items}
    touched: list[Any] = []
    for row in notice.changes:
        touch = touch_of(row)
        if touch.action is ChangeAction.REMOVE_LINE:
            order.remove(lines[touch.line])
        elif touch.action is ChangeAction.ADD_LINE:
            line = order.append("items", {name: row.get(name) for name in NEW_LINE_FIELDS})
            touched.append(line)
        else:
            df = changeable_field(touch.level, touch.field)
            place = lines.get(touch.line, order)
            place.set(touch.field, value_of(row.new_value, df, row.field_label))
    touched += _with_new_product(notice, lines)
    for number, line in enumerate(order.items, 1):
        line.idx = number
    _follow_term(order, notice)
    if touched:
        _fill(order, touched)
    check_lines(order)
    # The stored total is of the old content; it is computed anew.
    order.total = 0
    compute_amounts(order)


def _with_new_product(notice: ChangeNotice, lines: dict[str, Any]) -> list[Any]:
    said = {(row.order_item, row.fieldname) for row in notice.changes}
    found = []
    for line_id, line in lines.items():
        if (line_id, "product") in said:
            for name in _OF_THE_PRODUCT:
                if (line_id, name) not in said:
                    line.set(name, None)
            found.append(line)
    return found


def _fill(order: Order, touched: list[Any]) -> None:
    """Only the lines that the notice brings or gives another product: a product that was disabled since the
    confirmation does not stop a change of other lines."""
    channel = frappe.get_cached_doc("Sales Channel", order.channel)
    part = SimpleNamespace(
        customer=order.customer,
        contact=order.contact,
        currency=order.currency,
        items=touched,
        flags=frappe._dict(),
    )
    products = fill_lines(cast("Order", part), to_decimal(channel.default_tax_percent))
    if order.items[0] in touched:
        order.product_type = products[order.items[0].product].product_type


def _follow_term(order: Order, notice: ChangeNotice) -> None:
    """Another term brings its own plan; the branch of the order stays."""
    if all(row.fieldname != PAYMENT_TERM for row in notice.changes):
        return
    term = PaymentTerm(order.payment_term)
    family = branch_of(term, policies_of(order))
    if obstacle := term_obstacle(PaymentFamily(order.payment_family), family):
        refuse_obstacles(order.name, (obstacle,))
    fill_plan(order, term, frappe.get_cached_doc("Customer", order.customer))
