"""The rows of a change notice: what they may touch, what stands there now, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from order_flow.domain.amounts import to_decimal
from order_flow.domain.changes.model import (
    OPEN_CHANGE_STATES,
    ChangeAction,
    LineProgress,
    Touch,
)
from order_flow.domain.changes.rules import QUANTITY, OrderAtChange, overlap
from order_flow.domain.states import OrderState
from order_flow.flow.changes.values import (
    DOCTYPE_OF_LEVEL,
    changeable_field,
    number_text,
    quantity_of,
    text_of,
    value_of,
)
from order_flow.flow.refusals import StepRefused, refuse_faults

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_kind.change_kind import ChangeKind
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.order.order import Order
    from order_flow.order_flow.doctype.order_item.order_item import OrderItem

NEW_LINE_FIELDS = (
    "product",
    "specification",
    "model",
    "customer_product_code",
    "quantity",
    "unit_price",
    "discount",
    "tax_percent",
    "is_gift",
    "requested_date",
    "promised_date",
    "packing",
    "label_requirement",
    "remark",
)
"""What a row that adds a line brings along."""


def touch_of(row: Any) -> Touch:
    """One row as the rules see it."""
    return Touch(ChangeAction(row.action), row.order_item or "", row.fieldname or "")


def touches_of(notice: ChangeNotice) -> tuple[Touch, ...]:
    """Everything that a notice changes."""
    return tuple(touch_of(row) for row in notice.changes)


def new_quantities(notice: ChangeNotice) -> dict[str, Decimal]:
    """The new quantity by line id, for the lines whose quantity changes."""
    return {
        row.order_item: quantity_of(row.new_value)
        for row in notice.changes
        if row.order_item and row.fieldname == QUANTITY
    }


def order_at_change(order: Order) -> OrderAtChange:
    """An order as the rules of changes see it."""
    return OrderAtChange(
        name=order.name,
        state=OrderState(order.workflow_state),
        cancel_requested=bool(order.cancel_requested),
        lines={line.name: progress_of(line) for line in order.items},
    )


def progress_of(line: OrderItem) -> LineProgress:
    """Return how far one order line is."""
    return LineProgress(
        number=line.idx,
        ordered=to_decimal(line.quantity),
        purchased=to_decimal(line.purchased_quantity),
        in_work=to_decimal(line.in_work_quantity),
        packed=to_decimal(line.packed_quantity),
        shipped=to_decimal(line.shipped_quantity),
        invoiced=to_decimal(line.invoiced_quantity),
    )


def fill_rows(notice: ChangeNotice, order: Order, kind: ChangeKind) -> None:
    """Check every row of a draft against its kind and the order, and write down what stands there now.

    Args:
        notice: the Change Notice document.
        order: the Order document.
        kind: the Change Kind document.

    Raises:
        StepRefused: naming every row at fault.
    """
    allowed = {(row.level, row.fieldname or "") for row in kind.fields_allowed}
    lines = {line.name: line for line in order.items}
    faults = [
        _("Row {0}: {1}").format(row.idx, fault)
        for row in notice.changes
        if (fault := _fault_of(row, lines, allowed) or _fill(row, order, lines))
    ]
    faults += _repeated(notice.changes)
    refuse_faults(faults, _("Changes Incomplete"))


def _fault_of(row: Any, lines: dict[str, Any], allowed: set[tuple[str, str]]) -> str | None:
    touch = touch_of(row)
    whole_line = touch.action is not ChangeAction.SET
    if whole_line:
        row.fieldname = None
    if touch.action is ChangeAction.ADD_LINE:
        row.order_item = None
    elif (touch.line or touch.action is ChangeAction.REMOVE_LINE) and touch.line not in lines:
        return _("The order has no such line. Choose one of its lines.")
    if not whole_line and not touch.field:
        return _("Choose the field that changes.")
    key = (touch.level.value, "" if whole_line else touch.field)
    if key not in allowed:
        return _(
            "This kind of change may not touch '{0}'. Choose another kind, or make a second notice."
        ).format(_label(touch))
    return None


def _label(touch: Touch) -> str:
    if touch.action is not ChangeAction.SET:
        return str(_(touch.action.value))
    df = frappe.get_meta(DOCTYPE_OF_LEVEL[touch.level]).get_field(touch.field)
    return str(_(df.label)) if df and df.label else touch.field


def _fill(row: Any, order: Order, lines: dict[str, Any]) -> str | None:
    touch = touch_of(row)
    line = lines.get(touch.line)
    row.item_label = (
        _("Order") if line is None else f"{line.idx}: {line.product} {line.product_name or ''}".strip()
    )
    row.field_label = _label(touch)
    if touch.action is ChangeAction.ADD_LINE:
        row.item_label = f"{row.product or ''}".strip()
        row.old_value = row.new_value = None
        if row.tax_percent in (None, ""):
            row.tax_percent = _usual_tax(order, row.product)
        return None if row.product else _("Choose the product of the new line.")
    if touch.action is ChangeAction.REMOVE_LINE:
        row.old_value, row.new_value = line_text(line) if line else None, None
        return None
    df = changeable_field(touch.level, touch.field)
    if df is None:
        return _("'{0}' is no field that a notice can change.").format(touch.field)
    row.old_value = text_of((line or order).get(touch.field), df)
    row.new_value = text_of(value_of(row.new_value, df, row.field_label), df)
    if row.new_value == row.old_value:
        return _("'{0}' is {1} already.").format(row.field_label, row.old_value or "-")
    return None


def _usual_tax(order: Order, product: str | None) -> float:
    """Written down with the draft: an empty rate and a rate of 0 look the same once they are stored."""
    of_product = frappe.get_cached_value("Product", product, "tax_percent") if product else None
    of_channel = frappe.get_cached_doc("Sales Channel", order.channel).default_tax_percent
    return float(to_decimal(of_product) or to_decimal(of_channel))


def line_text(line: OrderItem) -> str:
    """A whole line in one text, to see whether it is still the one that was to be cancelled."""
    price = number_text(line.unit_price)
    discount = f" - {number_text(line.discount)}" if line.discount else ""
    return f"{line.product} × {number_text(line.quantity)} @ {price}{discount}"


def _repeated(rows: Iterable[Any]) -> list[str]:
    known = [row for row in rows if ChangeAction(row.action) is not ChangeAction.ADD_LINE]
    counted = Counter(touch_of(row) for row in known)
    removed = {row.order_item for row in known if ChangeAction(row.action) is ChangeAction.REMOVE_LINE}
    twice = [
        row.idx
        for row in known
        if counted[touch_of(row)] > 1
        or (row.order_item in removed and ChangeAction(row.action) is ChangeAction.SET)
    ]
    if not twice:
        return []
    return [
        _("Rows {0} change the same thing. Keep one of them.").format(
            ", ".join(str(number) for number in twice)
        )
    ]


def stale_rows(notice: ChangeNotice, order: Order) -> list[str]:
    """Return what differs from the notice's old values, because the order changed meanwhile.

    Args:
        notice: the Change Notice document.
        order: the Order document as it is now.

    Returns:
        One sentence per difference, translated.
    """
    lines = {line.name: line for line in order.items}
    found = []
    for row in notice.changes:
        touch = touch_of(row)
        if touch.action is ChangeAction.ADD_LINE:
            continue
        line = lines.get(touch.line)
        if touch.line and line is None:
            found.append(_("{0} is not on the order any more.").format(row.item_label))
            continue
        if touch.action is ChangeAction.REMOVE_LINE:
            now = line_text(line) if line else ""
        else:
            df = changeable_field(touch.level, touch.field)
            now = text_of((line or order).get(touch.field), df) if df else ""
        if now != (row.old_value or ""):
            found.append(
                _("{0}, {1}: the notice was written for {2}, now it is {3}.").format(
                    row.item_label, row.field_label, row.old_value or "-", now or "-"
                )
            )
    return found


def refuse_overlap(notice: ChangeNotice) -> None:
    """Refuse a second open notice on a line or field; the order's row is locked by the caller.

    Raises:
        StepRefused: naming the other notice.
    """
    # A locking read: a notice that was stored after this transaction began must be seen.
    rows = frappe.db.sql(
        """select notice.name, line.action, line.order_item, line.fieldname
        from `tabChange Notice` notice
        straight_join `tabChange Notice Line` line force index (parent) on line.parent = notice.name
        where notice.order_id = %s and notice.change_state in %s and notice.name != %s
        lock in share mode""",
        (notice.order_id, tuple(state.value for state in OPEN_CHANGE_STATES), notice.name or ""),
        as_dict=True,
    )
    others: dict[str, list[Touch]] = {}
    for row in rows:
        others.setdefault(row.name, []).append(touch_of(row))
    own = touches_of(notice)
    for name, touches in others.items():
        if overlap(own, touches):
            frappe.throw(
                _(
                    "Change notice {0} of this order is still open and touches the same line or field. "
                    "Finish or withdraw it first."
                ).format(name),
                StepRefused,
                title=_("Not Possible Now"),
            )
