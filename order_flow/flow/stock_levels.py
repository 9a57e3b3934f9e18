"""Stock figures by product and warehouse: written many at a time, read with their age (R-254)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.money import to_decimal
from order_flow.domain.stock import Bin, ReservationState, StockSource

ROWS_PER_STATEMENT = 500

# A reservation that WDT's figure leaves out already is not taken off again (domain.stock.counts_against).
_CLAIMED = """
    select r.product, r.warehouse, sum(r.quantity) as claimed from `tabStock Reservation` r
    join `tabStock Level` l on l.product = r.product and l.warehouse = r.warehouse
    where r.product in %(products)s and r.reservation_state = %(active)s and r.order_id != %(order)s
        and (l.source = %(hand)s or r.known_outside_since is null or r.known_outside_since > l.read_at)
    group by r.product, r.warehouse"""
_LEVELS = """
    select l.product, l.warehouse, l.available, w.priority from `tabStock Level` l
    join `tabWarehouse` w on w.name = l.warehouse
    where l.product in %(products)s and w.disabled = 0 and w.is_defect = 0
    order by l.product, l.warehouse"""


@dataclass(frozen=True, slots=True)
class Level:
    """One figure: quantities in the product's unit, ``read_at`` in Shanghai's wall clock."""

    product: str
    warehouse: str
    physical: Decimal
    available: Decimal


def set_levels(levels: Sequence[Level], source: StockSource, read_at: datetime | None = None) -> None:
    """Store figures, many in one statement; an older figure never replaces a newer one.

    Args:
        levels: at most one for each product and warehouse; both exist.
        source: who says so.
        read_at: the moment the figures are of; now where it is not given.
    """
    now, user = now_datetime(), frappe.session.user
    columns = "name, creation, modified, owner, modified_by, product, warehouse, physical, available, source"
    place = f"({', '.join(['%s'] * 11)})"
    for start in range(0, len(levels), ROWS_PER_STATEMENT):
        part = levels[start : start + ROWS_PER_STATEMENT]
        values: list[Any] = []
        for level in part:
            values += [frappe.generate_hash(length=10), now, now, user, user, level.product, level.warehouse]
            values += [float(level.physical), float(level.available), source.value, read_at or now]
        # read_at last: an assignment in this list sees what those before it have set.
        frappe.db.sql(
            f"""insert into `tabStock Level` ({columns}, read_at) values {", ".join([place] * len(part))}
            on duplicate key update
                physical = if(read_at is null or values(read_at) >= read_at, values(physical), physical),
                available = if(read_at is null or values(read_at) >= read_at, values(available), available),
                source = if(read_at is null or values(read_at) >= read_at, values(source), source),
                modified = values(modified),
                read_at = if(read_at is null or values(read_at) >= read_at, values(read_at), read_at)""",
            values,
        )


def free_bins(products: Iterable[str], *, order: str = "") -> dict[str, list[Bin]]:
    """What is free by product and warehouse, in two statements, as it is stored now.

    Args:
        products: product codes.
        order: an order whose own reservations do not count against it.

    Returns:
        Bins by product; a product that no usable warehouse keeps is missing.
    """
    return _bins(products, order, lock="")


def locked_bins(products: Iterable[str], *, order: str = "") -> dict[str, list[Bin]]:
    """The same with the figures' rows locked in one order for everybody, so that nobody claims them besides.

    Reservations are read past the transaction's snapshot: whoever waited for the locks sees what the one
    before has claimed (R-264).
    """
    return _bins(products, order, lock="for update")


def _bins(products: Iterable[str], order: str, lock: str) -> dict[str, list[Bin]]:
    wanted = sorted(set(products))
    if not wanted:
        return {}
    values = _values(wanted, order)
    rows = frappe.db.sql(f"{_LEVELS} {lock}", values)
    if not rows:
        return {}
    shared = "lock in share mode" if lock else ""
    claimed = {
        (product, warehouse): to_decimal(quantity)
        for product, warehouse, quantity in frappe.db.sql(f"{_CLAIMED} {shared}", values)
    }
    found: dict[str, list[Bin]] = {}
    for product, warehouse, available, priority in rows:
        free = to_decimal(available) - claimed.get((product, warehouse), Decimal(0))
        found.setdefault(product, []).append(Bin(warehouse, free, int(priority or 0)))
    return found


def free_by_product(products: Iterable[str], *, order: str = "") -> Mapping[str, Decimal]:
    """What is free of each product over all usable warehouses, in one statement; see ``free_bins``."""
    wanted = sorted(set(products))
    if not wanted:
        return {}
    rows = frappe.db.sql(
        f"""select level.product, sum(level.available) - coalesce(sum(claims.claimed), 0)
        from ({_LEVELS}) level left join ({_CLAIMED}) claims
            on claims.product = level.product and claims.warehouse = level.warehouse
        group by level.product""",
        _values(wanted, order),
    )
    return {product: to_decimal(free) for product, free in rows}


def _values(products: Sequence[str], order: str) -> dict[str, Any]:
    return {
        "products": tuple(products),
        "active": ReservationState.ACTIVE.value,
        "hand": StockSource.HAND.value,
        "order": order,
    }


def age_of(products: Iterable[str]) -> dict[str, datetime]:
    """The moment of the oldest figure of each product, in Shanghai's wall clock."""
    rows = frappe.db.sql(
        """select product, min(read_at) from `tabStock Level`
        where product in %s and read_at is not null group by product""",
        (tuple(sorted(set(products))) or ("",),),
    )
    return dict(rows)
