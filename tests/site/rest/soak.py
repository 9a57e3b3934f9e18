"""`make soak CALLS=20`: calls every method so often at most, with drawn arguments; prints what had no answer.

SEED=1 the chance, SECONDS=900 the time after which no further method is begun.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import frappe

from dev.host import services
from dev.state import load
from order_flow.api.openapi.document import description
from order_flow.domain.changes.model import ChangeStep
from order_flow.domain.customers.links import LinkPurpose
from order_flow.domain.goods.delivery import CaseKind, ProofKind
from order_flow.domain.goods.shipments import ShipmentStep
from order_flow.domain.goods.shortages import Decision
from order_flow.domain.money.payments import OverpaymentAnswer, PaymentKind
from order_flow.domain.reviews.sign_offs import Answer
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily
from order_flow.flow.cancelling.requests import CancelReason
from tests.site.explorer.soak import connect
from tests.site.rest.any_call import AnyCaller
from tests.site.support.builders import order_in
from tests.site.support.committed_orders import remove_orders
from tests.site.support.rest_client import Callers

USUAL_SECONDS: Final = 900.0
STATES: Final = (
    OrderState.UNCONFIRMED,
    OrderState.CONFIRMED,
    OrderState.SHIPPED,
    OrderState.COMPLETED,
)
_OF_ORDERS: Final = {"payment": "Order Payment", "shipment": "Shipment", "notice": "Change Notice"}
_MASTERS: Final = {"channel": "Sales Channel", "customer": "Customer", "products": "Product"}
_WORDS: Final[Mapping[str, Sequence[Any]]] = {
    "amount": ("1", "0.01", "-1", "0", 100, 1e30, "1e5", "10000000000"),
    "quantity": (1, "0.5", -1, 1e12),
    "reason": [reason.value for reason in CancelReason],
    "kind": [*PaymentKind, *CaseKind, *ProofKind, "Quantity", "Delivery Date"],
    "step": [*OrderStep, *ShipmentStep, *ChangeStep],
    "answer": [*OverpaymentAnswer, *Answer],
    "decision": list(Decision),
    "result": ("Passed", "Failed", "Accepted", "Rejected"),
    "purpose": list(LinkPurpose),
    "carrier": ("SF", "顺丰速运"),
    "waybill_number": ("D-ANY-1", "D-ANY-2"),
    "day": ("2026-12-24", "2026-02-30", "0001-01-01", "9999-12-31"),
    "received_on": ("2026-11-01 10:00:00", "1900-01-01 00:00:00", "9999-12-31 23:59:59"),
    "until": ("2026-12-24", "9999-12-31"),
    "items": ([], [{}], [{"order_item": "x", "quantity": 1}], "[]", [{"product": "x", "quantity": "1e9"}]),
    "quantities": ({}, {"x": 1}, {"x": "y"}),
    "weights": ({}, {"1": "2.5"}, {"1": {}}),
    "filters": ("{}", "[]", "[[]]", '[["Order", "name", "like", "%"]]', "nonsense"),
    "chart_name": ("Orders by Day", "Orders by Department"),
    "doctype": ("Order", "Shipment", "No Such"),
    "file_format_type": ("CSV", "Excel"),
    "report_name": ("Due List", "No Such"),
    "account_type": ("WDT Account", "U8 Account", "Order"),
    "currency": ("CNY",),
}
"""Words that a rule further in knows, good and bad ones."""


@contextmanager
def stored_documents() -> Iterator[Mapping[str, Sequence[Any]]]:
    """Committed orders of several states with what hangs on them; taken away afterwards.

    Yields:
        Names by the argument that takes them.
    """
    frappe.set_user("Administrator")
    orders = [order_in(state, PaymentFamily.PAY_LATER).name for state in STATES]
    frappe.db.commit()
    try:
        names: dict[str, Sequence[Any]] = {**_WORDS, "order": orders}
        for argument, doctype in _OF_ORDERS.items():
            names[argument] = frappe.get_all(doctype, {"order_id": ("in", orders)}, pluck="name")
        for argument, doctype in _MASTERS.items():
            names[argument] = frappe.get_all(doctype, pluck="name", limit=3)
        frappe.db.rollback()
        yield names
    finally:
        frappe.db.rollback()
        remove_orders(orders)


def main() -> int:
    """Call, and print how it went; 0 where everything was answered."""
    each, chance = int(os.environ["CALLS"]), int(os.environ.get("SEED", "1"))
    seconds = float(os.environ.get("SECONDS", USUAL_SECONDS))
    state = load()
    services.start(["mariadb", "redis-cache", "redis-test-queue", "web-test"], state)
    connect(state)
    headers = dict(Callers(state.test_web_url).of("Administrator").session.headers)
    with stored_documents() as stored:
        caller = AnyCaller(state.test_web_url, headers, stored, chance)
        caller.call_all(description(), each, seconds)
    for fault in caller.faults:
        print(fault)
    print(f"soak: {caller.calls} calls, {caller.by_status}, {len(caller.faults)} without an answer")
    return 1 if caller.faults else 0


if __name__ == "__main__":
    sys.exit(main())
