"""What the app would tell a CRM and ask of it, if a company connects one (R-346).

No vendor is chosen, nothing depends on it, and no account of it exists: a company that has a CRM writes a
client for this port and registers it in the outbox's tables (``outbox/registry``), as WDT and U8 are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from order_flow.domain.orders.facts import OrderFacts


@dataclass(frozen=True, slots=True)
class CrmCustomer:
    """A customer as a CRM knows it."""

    reference: str
    name: str
    phone: str = ""
    mobile: str = ""


class CrmPort(Protocol):
    """The few calls. All raise the classes of ``integrations/errors.py``."""

    def find_customer(self, name: str, mobile: str) -> CrmCustomer | None:
        """Look a customer up, None where the CRM has none."""
        ...

    def push_order(self, facts: OrderFacts) -> str:
        """Tell the CRM of an order or of its new state; an upsert by ``facts.order_id``.

        Returns:
            The CRM's own reference of the order.
        """
        ...
