"""Applies an approved change notice to its order: one transaction under the order's lock (R-126..R-144)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.changes.model import ChangeAction
from order_flow.domain.changes.outside import OutsidePath
from order_flow.domain.clocks.model import ClockEvent
from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.access.sight import role_sees_money
from order_flow.flow.changes.projection import copied, put_changes
from order_flow.flow.changes.rows import touch_of
from order_flow.flow.changes.values import changeable_field
from order_flow.flow.changes.versions import content_of, keep_version
from order_flow.flow.clocks.events import happened
from order_flow.flow.deliveries.following import follow_change
from order_flow.flow.lifecycle.follow_facts import recording_facts
from order_flow.flow.outside import announce
from order_flow.flow.profiles import profile_name
from order_flow.flow.records.order import record_event, save_internally
from order_flow.flow.tasks.giving import keep_task
from order_flow.flow.terms.figures import derive_from_content

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.order.order import Order

APPLIED_EVENT = "Change Applied"


def apply_changes(notice: ChangeNotice, order: Order) -> None:
    """Write an approved notice into its order, keep the old content, and tell everybody concerned.

    Args:
        notice: the Change Notice document in the middle of the save that applies it; everything was
            checked.
        order: the Order document, locked.

    Raises:
        StepRefused: the changed order would not be a valid one; nothing is stored then.
    """
    with recording_facts(order):
        _apply(notice, order)


def _apply(notice: ChangeNotice, order: Order) -> None:
    before, before_content = copied(order), content_of(order)
    put_changes(order, notice)
    derive_from_content(order, before)
    # The framework refuses changed content of a submitted document; this is the one way that may (K-07).
    order.flags.ignore_validate_update_after_submit = True
    save_internally(order)
    _remember_new_lines(notice, order)
    follow_change(order)
    notice.order_version = keep_version(order, before_content, notice.name)
    notice.outside_path = announce.changed(order, before, notice.name).value
    notice.applied_by, notice.applied_at = frappe.session.user, now_datetime()
    record_event(
        order,
        APPLIED_EVENT,
        order.workflow_state,
        order.workflow_state,
        f"{notice.name}, {notice.kind}: {summary(notice)}",
    )
    _tell_warehouse(notice, order)
    if notice.old_promised_date != notice.new_promised_date:
        # The date is the order's: its clocks move, the notice has none of this kind.
        happened(ClockEvent.PROMISED_DATE_SET, order.name, profile=profile_name(order))


def _remember_new_lines(notice: ChangeNotice, order: Order) -> None:
    """The rows that added lines learn which ones they became: the last of the order, in the same sequence."""
    rows = [row for row in notice.changes if ChangeAction(row.action) is ChangeAction.ADD_LINE]
    for row, line in zip(rows, order.items[len(order.items) - len(rows) :], strict=True):
        row.order_item = line.name
        row.item_label = f"{line.idx}: {line.product} {line.product_name or ''}".strip()


def summary(notice: ChangeNotice) -> str:
    """Return what a notice changes, in one line."""
    return "; ".join(_row_text(row) for row in notice.changes)


def summary_for(role: Role, notice: ChangeNotice) -> str:
    """Return what a notice changes, in one line; without prices for a role that may not see them."""
    if role_sees_money(role):
        return summary(notice)
    return "; ".join(_row_text_without_money(row) for row in notice.changes)


def _row_text_without_money(row: Any) -> str:
    if ChangeAction(row.action) is ChangeAction.REMOVE_LINE:
        return f"- {row.item_label}"
    field = row.fieldname and changeable_field(touch_of(row).level, row.fieldname)
    return f"{row.item_label}, {row.field_label}" if field and field.permlevel else _row_text(row)


def _row_text(row: Any) -> str:
    action = ChangeAction(row.action)
    if action is ChangeAction.ADD_LINE:
        return f"+ {row.product} × {row.quantity:g}"
    if action is ChangeAction.REMOVE_LINE:
        return f"- {row.old_value}"
    return f"{row.item_label}, {row.field_label}: {row.old_value or '-'} → {row.new_value or '-'}"


def _tell_warehouse(notice: ChangeNotice, order: Order) -> None:
    """Ask people in the warehouse for what no message can do over there (wdt-openapi 2.8)."""
    path = OutsidePath(notice.outside_path)
    if path is OutsidePath.WAREHOUSE_ASKED:
        keep_task(
            Role.WAREHOUSE,
            order,
            TaskReason.STOP_PARCEL,
            Message(
                "Order {0} was changed ({1}) after WDT reviewed it. Stop its parcel in WDT (reject the "
                "stock-out); the new version follows by itself as soon as the old one is cancelled there.",
                order.name,
                notice.name,
            ),
        )
    elif path is OutsidePath.BY_HAND:
        keep_task(
            Role.WAREHOUSE,
            order,
            TaskReason.CHANGE_BY_HAND,
            Message(
                "Order {0} was changed ({1}), and a part of it has left already. Change the rest in WDT by "
                "hand: {2}",
                order.name,
                notice.name,
                summary_for(Role.WAREHOUSE, notice),
            ),
        )
