"""What happens in each minute of the day: customers and the desk act, then the scheduler and its jobs run."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from itertools import count
from typing import Any, Final
from unittest import mock

import frappe

from dev.day.setting import CHANNEL, PRODUCTS, U8_ACCOUNT, WDT_ACCOUNT, customer_codes
from order_flow import tasks
from order_flow.api.orders import confirm, confirm_receipt, record_payment
from order_flow.domain.states import OrderState, PaymentTerm
from order_flow.outbox import bell
from order_flow.outbox.sending import relay
from order_flow.outbox.sending.worker import Relay
from order_flow.outbox.transaction import end_reading

JOBS: Final = frozenset(
    {tasks.READ_JOB, tasks.STOCK_JOB, tasks.RECONCILE_JOB, tasks.PRODUCTS_JOB, tasks.GOODS_JOB, bell.JOB}
)
PAYS_AFTER: Final = timedelta(minutes=2)
CONFIRMED_AFTER: Final = timedelta(minutes=5)
RECEIVED_AFTER: Final = timedelta(minutes=90)
"""Soon, so that a whole life fits into the day."""
COURIER_PAYS_AFTER: Final = timedelta(minutes=30)
EVERY_THIRD: Final = 3
"""Every third order is paid to the courier, the others at checkout, before they are confirmed."""


class People:
    """Customers and the desk: what they do, and when they do it.

    Args:
        arrivals: when orders are placed.
    """

    def __init__(self, arrivals: list[datetime]) -> None:
        self.orders: list[str] = []
        self._plans: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._numbers = count()
        self._customers = customer_codes()
        self._seen_shipped: set[str] = set()
        for moment in arrivals:
            self.plan(moment, self._place)

    def plan(self, moment: datetime, deed: Callable[[datetime], None]) -> None:
        """Do something at a moment."""
        heapq.heappush(self._plans, (moment, next(self._numbers), deed))

    def act(self, now: datetime) -> None:
        """Do what is due, and plan the receipt of what was shipped since."""
        while self._plans and self._plans[0][0] <= now:
            _moment, _number, deed = heapq.heappop(self._plans)
            deed(now)
            frappe.db.commit()
        for row in self._shipped():
            self._seen_shipped.add(row.name)
            self.plan(now + RECEIVED_AFTER, partial(self._receive, row))

    @property
    def idle(self) -> bool:
        """Whether nobody has anything left to do."""
        return not self._plans and len(self._seen_shipped) == len(self.orders)

    def _place(self, now: datetime) -> None:
        number = len(self.orders)
        on_delivery = number % EVERY_THIRD == 0
        term = PaymentTerm.CASH_ON_DELIVERY if on_delivery else PaymentTerm.ONLINE
        codes = PRODUCTS[: 1 + number % len(PRODUCTS)]
        order = frappe.get_doc(
            {
                "doctype": "Order",
                "customer": self._customers[number % len(self._customers)],
                "channel": CHANNEL,
                "payment_term": term.value,
                "contact_person": "黄经理",
                "mobile": "13800000000",
                "province": "广东省",
                "city": "珠海市",
                "district": "香洲区",
                "address_line": f"情侣中路{number + 1}号",
                "items": [
                    {"product": code, "quantity": 1 + place, "unit_price": 9.9 + place}
                    for place, code in enumerate(codes)
                ],
            }
        ).insert()
        self.orders.append(order.name)
        if not on_delivery:
            self.plan(now + PAYS_AFTER, partial(self._pay, order.name))
        self.plan(now + CONFIRMED_AFTER, partial(self._confirm, order.name))

    def _confirm(self, order: str, _now: datetime) -> None:
        confirm(order)

    def _pay(self, order: str, _now: datetime) -> None:
        total = frappe.db.get_value("Order", order, "total")
        record_payment(order, f"{total:.2f}", f"PAY-{order}")

    def _shipped(self) -> list[Any]:
        states = [OrderState.SHIPPED.value]
        rows: list[Any] = frappe.get_all(
            "Order",
            filters={"channel": CHANNEL, "workflow_state": ("in", states)},
            fields=["name", "payment_term"],
            limit_page_length=0,
        )
        end_reading()
        mine = set(self.orders)
        return [row for row in rows if row.name in mine and row.name not in self._seen_shipped]

    def _receive(self, row: Any, now: datetime) -> None:
        confirm_receipt(row.name)
        if row.payment_term == PaymentTerm.CASH_ON_DELIVERY.value:
            self.plan(now + COURIER_PAYS_AFTER, partial(self._pay, row.name))


class Machines:
    """The scheduler of every minute and hour, and the jobs it queues, one after the other."""

    def __init__(self) -> None:
        self._queued: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.runs: Counter[str] = Counter()

    @contextmanager
    def taking_jobs(self) -> Iterator[None]:
        """Take what is queued for the day's accounts; everything else of the framework is left out."""
        with mock.patch.object(frappe, "enqueue", self._take):
            yield

    def _take(self, method: Any, **options: Any) -> None:
        if method in JOBS and options.get("account") in (WDT_ACCOUNT, U8_ACCOUNT):
            named: dict[str, Any] = {
                name: options[name] for name in ("account_type", "account") if name in options
            }
            self._queued[method, *named.values()] = named

    def minute(self, now: datetime) -> None:
        """What the scheduler starts in this minute, and the jobs it leads to."""
        relay.sweep()
        tasks.read_warehouses()
        tasks.read_stock()
        tasks.continue_reconciliations()
        if now.minute == 0:
            tasks.reconcile_accounts()
        end_reading()
        while self._queued:
            method, *_account = key = next(iter(self._queued))
            self._run(method, self._queued.pop(key))

    def _run(self, method: str, named: dict[str, Any]) -> None:
        self.runs[method.rsplit(".", 2)[-2]] += 1
        if method == bell.JOB:
            bell.answer(named["account_type"], named["account"])
            worker = Relay(named["account_type"], named["account"])
            # As the job does, but for its waiting: time stands still here.
            while worker.run_once() and worker.next_call_in is None:
                pass
        else:
            module_name, _, attribute = method.rpartition(".")
            getattr(import_module(module_name), attribute)(**named)
        frappe.db.commit()
