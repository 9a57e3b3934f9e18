"""What a change means, shown before anybody approves it: what is bought, made and shipped, price and date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.changes.model import ChangeAction
from order_flow.domain.changes.rules import lines_at_risk
from order_flow.flow.changes.projection import copied, put_changes
from order_flow.flow.changes.rows import new_quantities, order_at_change, touches_of

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.change_notice.change_notice import ChangeNotice
    from order_flow.order_flow.doctype.order.order import Order


def show_impact(notice: ChangeNotice, order: Order) -> None:
    """Compute a notice's impact and write it on the notice.

    Args:
        notice: the Change Notice document with checked rows.
        order: the Order document as it is now.

    Raises:
        StepRefused: the changed order would not be a valid one.
    """
    after = copied(order)
    put_changes(after, notice)
    notice.customer, notice.customer_name = order.customer, order.customer_name
    notice.currency = order.currency
    old_total, new_total = to_decimal(order.total), to_decimal(after.total)
    received = to_decimal(order.paid_amount)
    notice.old_total, notice.new_total = float(old_total), float(new_total)
    notice.price_difference = float(new_total - old_total)
    notice.received_amount = float(received)
    notice.open_amount = float(new_total - received)
    notice.old_promised_date, notice.new_promised_date = order.promised_date, after.promised_date
    notice.set("impact", _rows(notice, order))


def _rows(notice: ChangeNotice, order: Order) -> list[dict[str, Any]]:
    touches, quantities = touches_of(notice), new_quantities(notice)
    facts = order_at_change(order).lines
    risky = set(lines_at_risk(facts, touches, quantities))
    removed = {touch.line for touch in touches if touch.action is ChangeAction.REMOVE_LINE}
    concerned = {touch.line for touch in touches} | risky
    rows = []
    for line in order.items:
        if line.name not in concerned:
            continue
        progress = facts[line.name]
        after = ZERO if line.name in removed else quantities.get(line.name, progress.ordered)
        rows.append(
            {
                "line_number": progress.number,
                "product": line.product,
                "order_item": line.name,
                "ordered_quantity": float(progress.ordered),
                "new_quantity": float(after),
                "purchased_quantity": float(progress.purchased),
                "in_work_quantity": float(progress.in_work),
                "packed_quantity": float(progress.packed),
                "shipped_quantity": float(progress.shipped),
                "invoiced_quantity": float(progress.invoiced),
                "at_risk": int(line.name in risky),
            }
        )
    return rows
