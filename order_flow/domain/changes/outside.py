"""What WDT can still take of a change, by how far it is over there (wdt-openapi 2.1, 2.8)."""

from __future__ import annotations

from enum import StrEnum


class OutsidePath(StrEnum):
    """How WDT hears of a change. The value stands on the notice."""

    NOT_CONCERNED = "Not Concerned"
    """No account, or nothing changed that WDT knows of."""
    TOLD = "Told"
    """Pushed again under the same number."""
    NEW_EDITION = "New Edition"
    """Withdrawn over there and told anew, because WDT never changes quantity, price or article."""
    WAREHOUSE_ASKED = "Warehouse Asked"
    """Told, but WDT has reviewed the order: people in the warehouse must stop the parcel over there."""
    BY_HAND = "By Hand"
    """No message can say it; a person changes it in WDT."""


def outside_path(
    *,
    account: bool,
    told: bool,
    told_content_changed: bool,
    lines_changed: bool,
    reviewed: bool,
    partly_shipped: bool,
) -> OutsidePath:
    """Choose how WDT hears of a change.

    Args:
        account: the order belongs to a WDT account.
        told: WDT has heard of the order, or may have.
        told_content_changed: something changed that a push carries.
        lines_changed: lines came, went, or changed in article, quantity or price, which a push cannot change.
        reviewed: WDT has reviewed the order and its warehouse works on it.
        partly_shipped: a part of the goods has left, so the order cannot be withdrawn over there.

    Returns:
        The path.
    """
    if not account or not told_content_changed:
        return OutsidePath.NOT_CONCERNED
    if not told:
        return OutsidePath.TOLD
    if lines_changed:
        if partly_shipped:
            return OutsidePath.BY_HAND
        return OutsidePath.WAREHOUSE_ASKED if reviewed else OutsidePath.NEW_EDITION
    if partly_shipped:
        return OutsidePath.BY_HAND
    return OutsidePath.WAREHOUSE_ASKED if reviewed else OutsidePath.TOLD
