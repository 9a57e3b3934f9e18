"""What happens to an order when an outside call goes wrong: nothing lost, nothing doubled (design 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm, confirm_receipt
from order_flow.domain.states import OrderState
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending.interventions import send_again
from tests.site.support.builders import U8_ACCOUNT, WDT_ACCOUNT, pay_in_full
from tests.site.support.sync_lab import Lab

FAULTS = ["drop_before", "drop_after_commit", "garbage", "http_5xx", "duplicate", "reorder", "rate_limit"]
READS = ["sales_trade_query", "logistics_sync_query", "logistics_sync_ack", "stockout_order_query_trade"]
LEDGER_CALLS = ["system/token", "api/customer/*", "api/saleorder/add", "api/saleorderlist/*", "result"]


def paid_order(lab: Lab) -> Any:
    """Confirmed, paid, known to WDT."""
    order = lab.order()
    confirm(order.name)
    pay_in_full(order)
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    return order


def awake(account_type: str, account: str) -> None:
    """Time enough has passed for an account that rests."""
    frappe.db.rollback()
    frappe.db.set_value(account_type, account, "resting_until", None)
    frappe.db.commit()


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("endpoint", READS)
def test_reading_back_survives(lab: Lab, endpoint: str, kind: str) -> None:
    """One call of a run goes wrong; the next one stores the shipment once (wdt-openapi 2.4)."""
    order = paid_order(lab)
    lab.ship_in_wdt(order.name)
    lab.wdt.arm(kind, endpoint=endpoint, times=1)
    lab.read_wdt()
    lab.wdt.admin("DELETE", "faults")
    awake("WDT Account", WDT_ACCOUNT)
    lab.read_wdt()
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    assert frappe.db.count("Shipment", {"order_id": order.name}) == 1
    assert lab.wdt.sync_rows() == []
    assert lab.discrepancies(order) == []


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("endpoint", LEDGER_CALLS)
def test_posting_survives(lab: Lab, endpoint: str, kind: str) -> None:
    """One call of a posting goes wrong; in the end the ledger has one document (R-025, u8-openapi 6)."""
    order = paid_order(lab)
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    confirm_receipt(order.name)
    frappe.db.commit()
    lab.u8.arm(kind, endpoint=endpoint, times=1)
    lab.post_u8()
    documents = [found for found in lab.u8.documents("saleorder") if order.name in str(found)]
    assert len(documents) == 1
    assert lab.reload(order).u8_status == "Posted"


@pytest.fixture
def impatient(lab: Lab) -> Iterator[None]:
    """Both accounts wait a second for an answer, so that a late one is too late."""
    _wait_for_answers(1)
    yield
    _wait_for_answers(30)


def _wait_for_answers(seconds: int) -> None:
    frappe.db.rollback()
    for account_type, account in (("WDT Account", WDT_ACCOUNT), ("U8 Account", U8_ACCOUNT)):
        frappe.db.set_value(account_type, account, "timeout_seconds", seconds)
        frappe.clear_document_cache(account_type, account)
    frappe.db.commit()


LATE = {"args": {"seconds": 1.5, "when": "after"}, "times": 1}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("endpoint", ["trade_push", *READS])
def test_wdt_answers_too_late(lab: Lab, endpoint: str) -> None:
    """It was carried out and nobody waited for the answer: in the end one trade, one shipment (design 5)."""
    lab.wdt.arm("delay", endpoint=endpoint, **LATE)
    order = paid_order(lab)
    lab.ship_in_wdt(order.name)
    for _run in range(2):
        lab.read_wdt()
    assert len(lab.wdt.trades(order.name)) == 1
    assert lab.reload(order).workflow_state == OrderState.SHIPPED
    assert frappe.db.count("Shipment", {"order_id": order.name}) == 1
    assert (lab.wdt.sync_rows(), lab.open_rows(), lab.discrepancies(order)) == ([], [], [])


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("endpoint", LEDGER_CALLS)
def test_u8_answers_too_late(lab: Lab, endpoint: str) -> None:
    """Booked, and the answer came when nobody waited any more: one document (R-025)."""
    order = received_order(lab)
    lab.u8.arm("delay", endpoint=endpoint, **LATE)
    lab.post_u8()
    documents = [found for found in lab.u8.documents("saleorder") if order.name in str(found)]
    assert len(documents) == 1
    assert lab.reload(order).u8_status == "Posted"


def received_order(lab: Lab) -> Any:
    """Completed, not posted."""
    order = paid_order(lab)
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    confirm_receipt(order.name)
    frappe.db.commit()
    return order


def test_u8_down_for_an_hour(lab: Lab) -> None:
    """The completed order waits in sight, with the reason, and is posted once when U8 is back (design 5)."""
    order = received_order(lab)
    lab.u8.arm("down_until", args={"seconds": 3600})
    for _quarter in range(3):
        while lab.send_once(AccountType.U8, U8_ACCOUNT):
            pass
        (waiting,) = [row for row in lab.open_rows() if row.action == "u8_posting"]
        assert (waiting.state in ("Waiting", "Unknown"), bool(waiting.last_error)) == (True, True)
        lab.turn(timedelta(minutes=15))
    lab.turn(timedelta(minutes=30))
    lab.post_u8()
    assert len([found for found in lab.u8.documents("saleorder") if order.name in str(found)]) == 1
    assert lab.reload(order).u8_status == "Posted"


def test_a_lost_acknowledgement_is_repeated(lab: Lab) -> None:
    """The shipment was stored, the acknowledgement lost: the notice comes back and stores nothing new."""
    order = paid_order(lab)
    lab.ship_in_wdt(order.name)
    lab.wdt.arm("drop_before", endpoint="logistics_sync_ack", times=1)
    lab.read_wdt()
    assert len(lab.wdt.sync_rows()) == 1
    lab.read_wdt()
    assert lab.wdt.sync_rows() == []
    assert frappe.db.count("Shipment", {"order_id": order.name}) == 1


def test_messages_of_one_order_stay_in_order(lab: Lab) -> None:
    """The first push fails: the second one of the same order does not overtake it (design 5)."""
    lab.wdt.arm("http_5xx", endpoint="trade_push", times=1)
    order = lab.order()
    confirm(order.name)
    frappe.db.commit()
    lab.send_once(AccountType.WDT, WDT_ACCOUNT)
    states = [state for _action, _revision, state in lab.rows(order)]
    assert states[1] == "Pending"
    lab.tell_wdt()
    log = " ".join(lab.wdt.inside(order.name)["log"])
    assert log.index("10") < log.index("30")


def test_wrong_secret_pauses_the_account(lab: Lab) -> None:
    """Wrong credentials stop the account, tell a person, and burn no attempts (model-codebases 6.15)."""
    frappe.db.rollback()
    account = frappe.get_doc("WDT Account", WDT_ACCOUNT)
    account.appsecret = "wrong"
    account.save()
    frappe.db.commit()
    try:
        order = lab.order()
        while lab.send_once(AccountType.WDT, WDT_ACCOUNT):
            pass
        frappe.db.rollback()
        paused, reason = frappe.db.get_value("WDT Account", WDT_ACCOUNT, ["paused", "pause_reason"])
        assert paused == 1
        assert reason
        assert "demo-secret" not in reason
    finally:
        frappe.db.rollback()
        account.reload()
        account.appsecret = "demo-secret-001"
        account.save()
        frappe.db.commit()
    assert frappe.db.get_value("WDT Account", WDT_ACCOUNT, "paused") == 0
    lab.tell_wdt()
    lab.wdt.settle()
    assert len(lab.wdt.trades(order.name)) == 1


def test_closed_month_is_told_to_a_person(lab: Lab) -> None:
    """The month is closed: the row says so and waits for a person; opened again, it is posted once."""
    order = paid_order(lab)
    lab.ship_in_wdt(order.name)
    lab.read_wdt()
    confirm_receipt(order.name)
    frappe.db.commit()
    year = frappe.utils.now_datetime().year
    months = list(range(1, 13))
    lab.u8.admin("POST", "u8/periods", {"module": "SA", "year": year, "closed": months})
    lab.post_u8()
    row = frappe.get_all(
        "Sync Outbox", {"document": order.name, "account": U8_ACCOUNT}, ["name", "state", "last_error"]
    )[0]
    assert (row.state, bool(row.last_error)) == ("Dead", True)
    assert lab.reload(order).workflow_state == OrderState.COMPLETED
    lab.u8.admin("POST", "u8/periods", {"module": "SA", "year": year, "closed": []})
    send_again([row.name])
    frappe.db.commit()
    lab.post_u8()
    assert lab.reload(order).u8_status == "Posted"
