"""A worker killed at every moment of real work: nothing lost, nothing doubled (R-352).

Each test lets an order become due for one message, kills the worker that tells it at one moment, lets the
next worker go on after the lease, and looks at both sides. An ordinary run takes every few moments;
``EVERY_MOMENT=1`` takes all of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, confirm_receipt, record_payment, request_cancellation
from order_flow.domain.states import OrderState
from order_flow.flow.cancelling.requests import CancelReason
from tests.site.support.builders import U8_ACCOUNT, pay_in_full
from tests.site.support.kill_lab import killed_at, moments_of
from tests.site.support.sync_lab import Lab


def released(lab: Lab) -> Any:
    """Entered, confirmed, paid; WDT knows nothing of it yet."""
    order = lab.order()
    confirm(order.name)
    pay_in_full(order)
    frappe.db.commit()
    return order


def known_to_wdt(lab: Lab) -> Any:
    """Released and a trade over there, waiting for its review."""
    order = released(lab)
    lab.tell_wdt()
    lab.wdt.settle()
    return order


def asked_to_cancel(lab: Lab) -> Any:
    """A cancellation that WDT has not heard of."""
    order = known_to_wdt(lab)
    request_cancellation(order.name, CancelReason.CHANGE_OF_MIND.value)
    frappe.db.commit()
    return order


def shipped_there(lab: Lab) -> Any:
    """Shipped in WDT, not read back."""
    order = known_to_wdt(lab)
    lab.read_wdt()  # so that the run under test reads one window of each stream, not a day of them
    lab.ship_in_wdt(order.name)
    return order


def received(lab: Lab) -> Any:
    """Completed; neither WDT nor U8 knows."""
    order = shipped_there(lab)
    lab.read_wdt()
    confirm_receipt(order.name)
    frappe.db.commit()
    return order


def received_in_parts(lab: Lab) -> Any:
    """Completed, paid in two parts, in a ledger that books receivables and receipts."""
    frappe.db.set_value("U8 Account", U8_ACCOUNT, "posting_profile", "Receivable + Receipt")
    frappe.db.commit()
    frappe.clear_document_cache("U8 Account", U8_ACCOUNT)
    order = lab.order()
    confirm(order.name)
    record_payment(order.name, 100, "FIRST")
    record_payment(order.name, str(Decimal(str(order.total)) - 100), "SECOND")
    frappe.db.commit()
    lab.tell_wdt()
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    confirm_receipt(order.name)
    frappe.db.commit()
    return order


def documents(lab: Lab, order: Any, resource: str) -> int:
    """How many documents of the order the ledger has."""
    return sum(1 for found in lab.u8.documents(resource) if order.name in str(found))


def one_trade_of_all_lines(lab: Lab, order: Any) -> None:
    """WDT has the order once, with every line once."""
    lab.wdt.settle()
    (trade,) = lab.wdt.trades(order.name)
    assert trade["trade_status"] == "30"
    assert len(trade["goods_list"]) == len(order.items)
    assert Decimal(trade["paid"]) == Decimal(str(order.total))


def cancelled_on_both_sides(lab: Lab, order: Any) -> None:
    """Neither side ships it any more."""
    assert lab.reload(order).workflow_state == OrderState.CANCELLED
    assert {trade["trade_status"] for trade in lab.wdt.trades(order.name)} == {"5"}


def completed_there(lab: Lab, order: Any) -> None:
    """WDT heard of the completion."""
    lab.wdt.settle()
    assert [trade["trade_status"] for trade in lab.wdt.trades(order.name)] == ["110"]


def one_sale_order(lab: Lab, order: Any) -> None:
    """The ledger has the order once (R-025)."""
    assert documents(lab, order, "saleorder") == 1
    assert lab.reload(order).u8_status == "Posted"


def one_receivable_two_receipts(lab: Lab, order: Any) -> None:
    """Every money fact is booked once (R-025)."""
    assert (documents(lab, order, "oughtreceive"), documents(lab, order, "accept")) == (1, 2)
    assert lab.reload(order).u8_status == "Posted"


def one_shipment(lab: Lab, order: Any) -> None:
    """The parcel is stored once and acknowledged."""
    frappe.db.rollback()
    assert frappe.db.count("Shipment", {"order_id": order.name}) == 1
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    assert lab.wdt.sync_rows() == []


@dataclass(frozen=True)
class Work:
    """One kind of message.

    Args:
        start: makes an order that is due for it.
        do: a worker tells it (or reads it).
        check: asserts that it arrived once.
        moments: how many moments undisturbed work has, at which a worker can be killed.
        step: an ordinary run takes every so manieth of them.
    """

    start: Callable[[Lab], Any]
    do: Callable[[Lab], Any]
    check: Callable[[Lab, Any], None]
    moments: int
    step: int

    def chosen(self) -> range:
        """The moments of this run."""
        return range(1, self.moments + 1, 1 if os.environ.get("EVERY_MOMENT") else self.step)


WORK = {
    "push": Work(released, Lab.tell_wdt, one_trade_of_all_lines, 19, 3),
    "cancellation": Work(asked_to_cancel, Lab.tell_wdt, cancelled_on_both_sides, 23, 3),
    "completion": Work(received, Lab.tell_wdt, completed_there, 7, 2),
    "sale order": Work(received, Lab.post_u8, one_sale_order, 45, 5),
    "receivable and receipts": Work(received_in_parts, Lab.post_u8, one_receivable_two_receipts, 99, 11),
    "reading back": Work(shipped_there, Lab.read_wdt, one_shipment, 10, 2),
}


@pytest.fixture
def no_token(lab: Lab) -> None:
    """Every worker starts without a token, so that its calls are the same each time."""
    frappe.cache().delete_keys("order_flow:u8_token")


@pytest.mark.usefixtures("no_token")
@pytest.mark.parametrize(
    ("name", "moment"),
    [(name, moment) for name, work in WORK.items() for moment in work.chosen()],
)
def test_worker_killed_at_any_moment(lab: Lab, name: str, moment: int) -> None:
    """Killed there, the next worker brings it to its end; the outbox comes to rest (design 5)."""
    work = WORK[name]
    order = work.start(lab)
    assert killed_at(lab, lambda: work.do(lab), moment)
    work.do(lab)
    work.check(lab, order)
    assert [row for row in lab.open_rows() if row.state == "Dead"] == []
    assert lab.discrepancies(order) == []


@pytest.mark.usefixtures("no_token")
@pytest.mark.parametrize("name", WORK)
def test_no_moment_is_left_out(lab: Lab, name: str) -> None:
    """The moments above are all there are: undisturbed work passes exactly so many."""
    work = WORK[name]
    order = work.start(lab)
    assert moments_of(lab, lambda: work.do(lab)) == work.moments
    work.check(lab, order)
