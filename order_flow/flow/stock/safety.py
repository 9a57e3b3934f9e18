"""Tells purchasing and planning when a product's stock falls below its safety stock (R-255)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.tasks.giving import end_tasks_of, keep_task

TELLS = (Role.PURCHASING, Role.PLANNING)


def tell_of_low_stock(products: Iterable[str]) -> list[str]:
    """Give a task for each product that is below its safety stock and has no open one yet.

    Args:
        products: codes of products whose figures changed.

    Returns:
        The products that were told of. Tasks of products that have recovered are closed.
    """
    wanted = tuple(sorted(set(products)))
    if not wanted:
        return []
    rows = frappe.db.sql(
        """select p.name, p.safety_stock, sum(l.available) as available,
            exists (select 1 from `tabToDo` t where t.reference_type = 'Product' and t.reference_name = p.name
                and t.status = 'Open' and t.role in %(roles)s) as told
        from `tabProduct` p join `tabStock Level` l on l.product = p.name
        join `tabWarehouse` w on w.name = l.warehouse and w.disabled = 0 and w.is_defect = 0
        where p.name in %(products)s and p.safety_stock > 0
        group by p.name""",
        {"products": wanted, "roles": tuple(role.value for role in TELLS)},
        as_dict=True,
    )
    low = [row for row in rows if row.available < row.safety_stock]
    for row in low:
        if not row.told:
            _tell(row)
    _close({row.name for row in rows if row.told} - {row.name for row in low})
    return [row.name for row in low if not row.told]


def _tell(row: frappe._dict) -> None:
    product = frappe._dict(doctype="Product", name=row.name)
    text = Message(
        "Product {0}: {1} available, the safety stock is {2}. Buy or make more, or lower it.",
        row.name,
        f"{row.available:g}",
        f"{row.safety_stock:g}",
    )
    for role in TELLS:
        keep_task(role, product, TaskReason.LOW_STOCK, text)


def _close(recovered: set[str]) -> None:
    end_tasks_of("Product", sorted(recovered))
