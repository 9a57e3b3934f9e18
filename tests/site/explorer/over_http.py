"""A share of the advice is taken over HTTP, as the person's own browser or program would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import frappe

from order_flow.domain.states import Role
from tests.site.explorer.world import Happened, Result, World
from tests.site.support.rest_client import Callers, message_of

EVERY: Final = 4
"""One piece of advice of so many goes over HTTP; the others are taken in this process, which is faster."""
REFUSED: Final = (403, 409, 417)

Body = Callable[[World], dict[str, Any]]


def _payment(world: World) -> dict[str, Any]:
    order = world.stored()
    missing = Decimal(str(order.total)) - Decimal(str(order.paid_amount or 0))
    world.payments += 1
    return {"amount": str(missing), "reference": f"R-{world.order}-{world.payments}"}


def _parcel(world: World) -> dict[str, Any]:
    world.parcels += 1
    return {"carrier": "SF", "waybill_number": f"D-{world.order}-{world.parcels}"}


METHODS: Final[dict[str, tuple[str, Body]]] = {
    "confirm": ("api.confirm", lambda world: {}),
    "pay rest": ("api.record_payment", _payment),
    "ship": ("api.ship", _parcel),
    "receive": ("api.confirm_receipt", lambda world: {}),
    "release": ("api.release_hold", lambda world: {}),
    "to planning": ("api.gates.release_to_planning", lambda world: {}),
}


@dataclass
class Wire:
    """Takes every so many-th act over HTTP.

    Args:
        callers: one connection a role.
    """

    callers: Callers
    _asked: int = 0
    taken: int = 0

    def takes(self, act: str) -> bool:
        """Whether this act goes over the wire."""
        self._asked += act in METHODS
        return act in METHODS and self._asked % EVERY == 1

    def do(self, world: World, role: Role, act: str) -> Happened:
        """Do an act as a person of a role.

        Raises:
            AssertionError: the answer is neither success nor a refusal.
        """
        method, body = METHODS[act]
        values = body(world)
        frappe.db.commit()
        answer = self.callers.of(role).post(f"method/order_flow.{method}", order=world.order, **values)
        # What this process has read of the order is older than what the web process wrote.
        frappe.db.rollback()
        self.taken += 1
        if answer.ok:
            return Happened(act, Result.DONE, "over HTTP")
        assert answer.status_code in REFUSED, f"HTTP {answer.status_code}: {answer.text[:300]}"
        return Happened(act, Result.REFUSED, message_of(answer))
