"""What WDT contradicts is told at once: a discrepancy, and a task for whoever settles it (R-034, K-02).

The task hangs on the discrepancy and ends with it, whoever closes it and for whatever reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import frappe

from order_flow.domain.message import Message
from order_flow.domain.states import Role
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.tasks.giving import end_task, end_tasks_of, keep_task
from order_flow.integrations.wdt.port import SalesTrade
from order_flow.outbox.accounts.discrepancies import Finding, raise_discrepancy
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind
from order_flow.sync.comparison import waybill_aspect

if TYPE_CHECKING:
    from order_flow.order_flow.doctype.order.order import Order

DISCREPANCY: Final = "Sync Discrepancy"
ASKED_AT_ONCE: Final[Mapping[DiscrepancyKind, Role]] = {
    DiscrepancyKind.CONTRADICTION: Role.ORDER_DESK,
    DiscrepancyKind.MISSING_ON_SITE: Role.ORDER_DESK,
}
"""Kinds that never vanish by themselves, with who decides about them."""


def report(
    order: Order, kind: DiscrepancyKind, aspect: str, text: Message, trades: Sequence[SalesTrade]
) -> None:
    """Say that WDT shows an order in a way that cannot be followed here.

    Args:
        order: the Order document.
        kind: what does not agree.
        aspect: which part of it.
        text: what happened and what to do.
        trades: what WDT shows; may be empty.
    """
    tell(
        Finding(
            kind=kind,
            account_type=AccountType.WDT,
            account=order.wdt_account or "",
            document_type=order.doctype,
            document=order.name,
            aspect=aspect,
            summary=text,
            site_value={"state": order.workflow_state, "payment": order.payment_status},
            wdt_value=[{"trade": trade.trade_no, "status": trade.status_code} for trade in trades] or None,
        )
    )


def tell(finding: Finding) -> int:
    """Raise a discrepancy, and ask whoever settles its kind.

    Returns:
        Its name.
    """
    name = raise_discrepancy(finding)
    if (role := ASKED_AT_ONCE.get(finding.kind)) is not None:
        order = finding.document if finding.document_type == "Order" else None
        about = frappe._dict(doctype=DISCREPANCY, name=str(name), order_id=order)
        keep_task(role, about, TaskReason.DISCREPANCY, Message("{0}", finding.summary))
    return name


def closed(names: Iterable[int]) -> None:
    """Withdraw what people were asked about discrepancies that are closed now.

    Called by ``outbox/accounts/discrepancies``, in the transaction that closes them.

    Args:
        names: of the Sync Discrepancies.
    """
    ended = [str(name) for name in names]
    end_tasks_of(DISCREPANCY, ended)
    about_waybills = {"name": ("in", ended), "aspect": ("like", f"{waybill_aspect('')}%")}
    for order, aspect in frappe.get_all(DISCREPANCY, about_waybills, ["document", "aspect"], as_list=True):
        trade = aspect.removeprefix(waybill_aspect(""))
        for shipment in frappe.get_all(
            "Shipment", {"order_id": order, "wdt_trade_number": trade}, pluck="name"
        ):
            end_task(frappe._dict(doctype="Shipment", name=shipment), TaskReason.WAYBILL_DIFFERS)
