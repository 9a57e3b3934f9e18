"""Stock figures by product and warehouse: written many at a time, read with their age (R-254)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import now_datetime

from order_flow.domain.amounts import ZERO, to_decimal
from order_flow.domain.goods.allocation import Place
from order_flow.domain.goods.stock import ReservationState, StockSource
from order_flow.flow.stock.safety import tell_of_low_stock

ROWS_PER_STATEMENT = 500

CLAIMED = """
    select r.product, r.warehouse, sum(r.quantity) as claimed from `tabStock Reservation` r
    join `tabStock Level` f on f.product = r.product and f.warehouse = r.warehouse
    where r.reservation_state = %(active)s and (
        f.source = %(hand)s or f.read_at is null
        or r.known_outside_since is null or r.known_outside_since > f.read_at
    ) {conditions}
    group by r.product, r.warehouse"""
"""What still has to be taken off the figures. A figure is of some moment: what WDT knows of since before
that moment, it has left out of its available quantity by itself."""
_CLAIMED = CLAIMED.format(conditions="and r.product in %(products)s and r.order_id != %(order)s")
_LEVELS = """
    select l.product, l.warehouse, l.available, w.priority, w.province, w.city from `tabStock Level` l
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

    Whoever buys and makes goods is told of those that are below their safety stock now (R-255).

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
    tell_of_low_stock(level.product for level in levels)


def locked_places(products: Iterable[str]) -> dict[str, list[Place]]:
    """Return what is free by product and warehouse, with the figures' rows locked in one order for everybody.

    Nobody claims them besides: reservations are read past the transaction's snapshot, so whoever waited for
    the locks sees what the one before has claimed (R-264).

    Args:
        products: product codes.

    Returns:
        Places by product; a product that no usable warehouse keeps is missing.
    """
    wanted = sorted(set(products))
    if not wanted:
        return {}
    values = _values(wanted)
    rows = frappe.db.sql(f"{_LEVELS} for update", values)
    if not rows:
        return {}
    claimed = {
        (product, warehouse): to_decimal(quantity)
        for product, warehouse, quantity in frappe.db.sql(f"{_CLAIMED} lock in share mode", values)
    }
    found: dict[str, list[Place]] = {}
    for product, warehouse, available, priority, province, city in rows:
        free = to_decimal(available) - claimed.get((product, warehouse), ZERO)
        place = Place(warehouse, free, int(priority or 0), province or "", city or "")
        found.setdefault(product, []).append(place)
    return found


def free_by_product(products: Iterable[str], *, order: str = "") -> Mapping[str, Decimal]:
    """Return what is free of each product over all usable warehouses, in one statement.

    Args:
        products: product codes.
        order: an order whose own reservations do not count against it.

    Returns:
        Quantities by product; a product that no usable warehouse keeps is missing.
    """
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


def _values(products: Sequence[str], order: str = "") -> dict[str, Any]:
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
