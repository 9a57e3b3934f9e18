"""The words of an override: why such an exception exists, and whether a point stays open (K-14)."""

from __future__ import annotations

from enum import StrEnum

from order_flow.domain.states import Role


class OverrideKind(StrEnum):
    """Why an order may pass although a gate is open."""

    MANAGER_OVERRIDE = "Manager Override"
    AGREED_EXCEPTION = "Agreed Exception"
    SPECIAL_DISCOUNT = "Special Discount"
    LABEL_OPEN = "Label Open"
    STOCK_UP = "Stock-up"
    URGENT = "Urgent"

    @property
    def leaves_open(self) -> bool:
        """Tell whether a point stays open that has to be settled by a day; the others decide it for good."""
        return self not in (OverrideKind.AGREED_EXCEPTION, OverrideKind.SPECIAL_DISCOUNT)


class OverrideStatus(StrEnum):
    """Whether the point that was left open is settled."""

    OPEN = "Open"
    CLOSED = "Closed"
    """Settled: the override counts no more, and needs to no more."""
    FINAL = "Final"
    """Nothing was left open."""


CLOSER_ROLES = (Role.ORDER_DESK, Role.SALES_MANAGER)
"""Who may say, besides those who could override, that the point is settled."""
