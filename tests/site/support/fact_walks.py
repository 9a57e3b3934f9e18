"""Walks through every legal sequence of some facts about one order, and compares where they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import frappe

from order_flow.api.orders import confirm, confirm_receipt, record_payment, ship
from order_flow.domain.states import OrderState
from order_flow.flow.refusals import StepRefused
from order_flow.integrations.wdt.codes import TradeStatus
from order_flow.outbox.registry import Action
from order_flow.sync.wdt.apply import apply_trades
from order_flow.sync.wdt.stockouts import apply_stockout
from tests.unit.sync.comparison_samples import NOW, stockout, trade, trade_line

Fact = Callable[[str], object]


_PASSED_OVER = ("Create", "Confirm Receipt")
"""Money that is in before the receipt completes a pay-later order without it (K-04)."""


@dataclass(frozen=True, slots=True)
class End:
    """Where an order stands, as far as everybody must agree on it."""

    state: str
    payment: str
    delivery: str
    settlement: str
    paid: float
    owed: float
    steps: tuple[str, ...]
    """Each step once, whatever came first."""
    told: int
    """The furthest that WDT was told."""
    ledger: tuple[str, ...]
    tasks: tuple[str, ...]


def end_of(order: str) -> End:
    """Read it from the database."""
    stored = frappe.get_doc("Order", order)
    rows = frappe.get_all("Sync Outbox", {"document": order}, ["action", "revision", "payload"])
    pushes = [frappe.parse_json(row.payload)["status"] for row in rows if row.action == Action.WDT_TRADE_PUSH]
    ledger = sorted(row.revision for row in rows if row.action == Action.U8_POSTING)
    steps = frappe.get_all("Order Event", {"order_id": order, "step": ("not in", _PASSED_OVER)}, pluck="step")
    tasks = frappe.get_all("ToDo", {"reference_name": order, "status": "Open"}, pluck="description")
    return End(
        stored.workflow_state,
        stored.payment_status,
        stored.delivery_status,
        stored.settlement_status,
        stored.paid_amount,
        stored.open_amount,
        tuple(sorted(steps)),
        max(pushes, default=0),
        tuple(ledger),
        tuple(sorted(tasks)),
    )


def walk(order: str, facts: Mapping[str, Fact]) -> Iterator[tuple[tuple[str, ...], End]]:
    """Every sequence in which all facts can be told; what is refused at a point is tried later.

    Args:
        order: the order's name.
        facts: what can be told about it; names that begin alike up to their digit are the same fact.

    Yields:
        The sequence and the order's end.
    """
    yield from _walk(order, dict(facts), ())


def _walk(order: str, left: dict[str, Fact], told: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], End]]:
    if not left:
        yield told, end_of(order)
    tried = set()
    for name, fact in left.items():
        if (kind := name.rstrip("0123456789")) in tried:
            continue
        tried.add(kind)
        savepoint = f"walk_{len(told)}"
        frappe.db.savepoint(savepoint)
        try:
            fact(order)
        except StepRefused:
            pass
        else:
            rest = {other: deed for other, deed in left.items() if other != name}
            yield from _walk(order, rest, (*told, name))
        frappe.db.rollback(save_point=savepoint)


def pays(amount: int, reference: str) -> Fact:
    """A part of the money, recorded and confirmed."""
    return lambda order: record_payment(order, amount, reference)


def desk_ships(quantity: int, waybill: str) -> Fact:
    """The desk ships some pieces of the only line."""

    def deed(order: str) -> object:
        line = frappe.db.get_value("Order Item", {"parent": order})
        return ship(order, "SF", waybill, [{"order_item": line, "quantity": quantity}])

    return deed


def wdt_ships(quantity: int, trade_no: str) -> Fact:
    """A stockout of WDT is read: some pieces of the only line have left."""

    def deed(order: str) -> None:
        line = frappe.db.get_value("Order Item", {"parent": order})
        (row,) = stockout(lines=(stockout().lines[0],)).lines
        shown = type(row)(
            row.rec_id, order, line, row.goods_no, row.spec_no, Decimal(quantity), row.share_amount, 0, 0
        )
        apply_stockout(order, stockout(trade_no=trade_no, src_tids=(order,), lines=(shown,)))

    return deed


def trades_are_read(status: TradeStatus) -> Fact:
    """WDT's trades of the order are read; both halves stand at one state."""

    def deed(order: str) -> None:
        line = frappe.db.get_value("Order Item", {"parent": order})
        halves = [
            trade(
                status,
                (trade_line(line, "1", "50", "50", src_tid=order),),
                trade_no=trade_no,
                src_tids=(order,),
                modified=NOW - timedelta(hours=3),
            )
            for trade_no in ("T1", "T2")
        ]
        apply_trades(order, halves)

    return deed


def receipt(order: str) -> None:
    """The customer has the goods; where the order is complete already nothing is left to say."""
    if frappe.db.get_value("Order", order, "workflow_state") == OrderState.CONFIRMED:
        raise StepRefused
    confirm_receipt(order)


CONFIRMS: Fact = confirm
