"""What a failure means while reading: one record is set aside, or the whole account is held (design 5)."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm
from order_flow.integrations.errors import Misconfigured, UnreadableAnswer
from order_flow.integrations.wdt import records
from order_flow.integrations.wdt.fields import UnreadableField
from order_flow.outbox import registry
from order_flow.outbox.registry import AccountType
from order_flow.sync.compare import runs as reconcile_runs
from order_flow.sync.wdt import read as wdt_read
from tests.site.support.builders import WDT_ACCOUNT
from tests.site.support.sync_lab import Lab


def state_of_account() -> Any:
    """Whether the account is paused or rests."""
    frappe.db.rollback()
    fields = ["paused", "pause_reason", "resting_until"]
    return frappe.db.get_value("WDT Account", WDT_ACCOUNT, fields, as_dict=True)


def known_order(lab: Lab, **values: Any) -> Any:
    """A confirmed order that WDT has a trade of."""
    order = lab.order(payment_term="Cash on Delivery", **values)
    confirm(order.name)
    frappe.db.commit()
    lab.tell_wdt()
    lab.wdt.settle()
    return order


def set_aside(stream: str) -> list[dict[str, Any]]:
    """Payloads of the records of a stream that were set aside."""
    frappe.db.rollback()
    rows = frappe.get_all(
        "Sync Discrepancy",
        {"account": WDT_ACCOUNT, "state": "Open", "kind": "Unreadable Record"},
        pluck="payload",
    )
    return [kept for kept in map(json.loads, rows) if kept["stream"] == stream]


def test_a_limit_of_the_far_side_rests_the_account_while_reading(lab: Lab) -> None:
    """docs/operations.md: the rest is the account's, so the other streams are not asked either."""
    lab.wdt.arm("rate_limit", endpoint="sales_trade_query", times=1)
    lab.read_wdt()
    held = state_of_account()
    assert (held.paused, held.resting_until is not None) == (0, True)
    streams = frappe.get_all("Sync Position", {"account": WDT_ACCOUNT}, pluck="stream")
    assert streams == [wdt_read.TRADES_STREAM]
    assert lab.read_wdt() == {}, "an account that rests is not called"
    frappe.db.set_value("WDT Account", WDT_ACCOUNT, "resting_until", None)
    frappe.db.commit()


@pytest.mark.parametrize("job", ["read", "compare"])
def test_wrong_credentials_pause_the_account_while_reading(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, job: str
) -> None:
    known_order(lab)

    def refused(_account: str, _sink: object, _use: object) -> Any:
        raise Misconfigured("sign error")

    monkeypatch.setattr(registry, "_factories", {AccountType.WDT: refused})
    if job == "read":
        lab.read_wdt()
    else:
        reconcile_runs.run("WDT Account", WDT_ACCOUNT)
    held = state_of_account()
    assert (held.paused, held.pause_reason) == (1, "sign error")
    frappe.db.set_value("WDT Account", WDT_ACCOUNT, {"paused": 0, "pause_reason": None})
    frappe.db.commit()


def test_an_order_that_cannot_be_read_is_asked_about_first_and_holds_up_nobody(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are compared, the position moves on, and the unread one comes first next time."""
    bad, *others = [known_order(lab).name for _number in range(3)]
    asked: list[str] = []
    real = registry.open_port

    class Spoiled:
        """The real port, but for one order."""

        def __init__(self, port: Any) -> None:
            self.port = port

        def trades_of(self, tid: str) -> Any:
            asked.append(tid)
            if tid == bad:
                raise UnreadableAnswer("field trade_status should be filled", record={"trade_no": "JY1"})
            return self.port.trades_of(tid)

        def stockouts_of(self, tid: str) -> Any:
            return self.port.stockouts_of(tid)

    monkeypatch.setattr(registry, "open_port", lambda *arguments: Spoiled(real(*arguments)))
    found = reconcile_runs.run("WDT Account", WDT_ACCOUNT)
    assert found["unread"] == 1
    assert set(others) <= set(asked)
    position = frappe.get_doc("Sync Position", {"account": WDT_ACCOUNT, "stream": reconcile_runs.STREAM})
    assert json.loads(position.waiting) == [bad]
    assert "trade_status" in position.last_error
    frappe.db.rollback()
    asked.clear()
    reconcile_runs.run("WDT Account", WDT_ACCOUNT)
    assert asked[0] == bad


def test_one_shipment_that_cannot_be_read_is_set_aside_and_the_others_come(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F2: neither the stream of stockouts nor that of notices stops; a person reads it again."""
    bad, good = known_order(lab), known_order(lab)
    for order in (bad, good):
        lab.ship_in_wdt(order.name)
    real = records.stockout

    def spoiled(record: Any) -> Any:
        if record.get("src_tids") == bad.name:
            raise UnreadableField("num", None, "filled")
        return real(record)

    monkeypatch.setattr(records, "stockout", spoiled)
    lab.read_wdt()
    lab.read_wdt()
    assert frappe.db.count("Shipment", {"order_id": good.name, "shipment_state": "Shipped"}) == 1
    assert frappe.db.count("Shipment", {"order_id": bad.name, "shipment_state": "Shipped"}) == 0
    assert set_aside(wdt_read.STOCKOUTS_STREAM)
    assert [row["tid"] for row in lab.wdt.sync_rows()] == [bad.name], "its notice is not acknowledged"
