"""The site between both simulators: real documents, real outbox, real HTTP; only time is turned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe
import pytest

from order_flow.domain.orders.outside_numbers import told_number
from order_flow.outbox.clock import database_now
from order_flow.outbox.registry import AccountType
from order_flow.outbox.sending.relay import next_due
from order_flow.outbox.sending.worker import Checkpoint, Relay, pass_by
from order_flow.outbox.states import RowState
from order_flow.sync.wdt import read as wdt_read
from simulators.core import RunningServer
from tests.contract.u8.u8_fixtures import U8Caller
from tests.contract.wdt.wdt_fixtures import WdtCaller
from tests.site.support.builders import PRODUCTS, U8_ACCOUNT, WDT_ACCOUNT, WDT_CHANNEL, new_order
from tests.site.support.committed_orders import remove_orders

MOST_ROUNDS = 200
"""A queue that is not empty after so many turns of the clock is stuck."""


@dataclass
class Lab:
    """Drives one WDT and one U8 account of the test site against the simulators."""

    wdt: WdtCaller
    u8: U8Caller
    offset: timedelta = timedelta(0)
    orders: list[str] = field(default_factory=list)
    checkpoint: Checkpoint = pass_by

    def now(self) -> datetime:
        """Database time, turned by what the waits so far took."""
        return database_now() + self.offset

    def order(self, **overrides: Any) -> Any:
        """A committed order of the channel that is linked to both systems."""
        order = new_order(**{"channel": WDT_CHANNEL, **overrides})
        self.orders.append(order.name)
        frappe.db.commit()
        return order

    def tell_wdt(self) -> None:
        """Send what WDT is to be told, waiting by turning the clock."""
        self._drain(AccountType.WDT, WDT_ACCOUNT)

    def post_u8(self) -> None:
        """Post what U8 is to get, waiting by turning the clock."""
        self._drain(AccountType.U8, U8_ACCOUNT)

    def send_once(self, account_type: AccountType, account: str) -> int:
        """One batch of the relay at the turned time."""
        frappe.db.commit()
        return Relay(account_type, account, clock=self.now, checkpoint=self.checkpoint).run_once()

    def _drain(self, account_type: AccountType, account: str) -> None:
        for _round in range(MOST_ROUNDS):
            while self.send_once(account_type, account):
                pass
            due_in = next_due(account_type, account)
            frappe.db.rollback()
            if due_in is None:
                return
            self.turn(max(timedelta(seconds=1), due_in - self.offset))
            if self._all_dead(account):
                return
        raise AssertionError(f"the outbox of {account} does not come to rest: {self.open_rows()}")

    def _all_dead(self, account: str) -> bool:
        states = set(frappe.get_all("Sync Outbox", filters={"account": account}, pluck="state"))
        frappe.db.rollback()
        return states <= {RowState.DONE, RowState.SUPERSEDED, RowState.DEAD}

    def turn(self, by: timedelta) -> None:
        """Let time pass here and in both simulators."""
        self.offset += by
        self.wdt.turn_clock(by.total_seconds())
        self.u8.turn_clock(by.total_seconds())

    def read_wdt(self) -> dict[str, int]:
        """One run of the readers."""
        frappe.db.commit()
        return wdt_read.run(WDT_ACCOUNT)

    def warehouse(self, order: str, *verbs: str, edition: int = 0, **options: Any) -> None:
        """People in the warehouse: audit, print, pick, scan, weigh, ship ..."""
        for verb in verbs:
            self.wdt.verb(verb, tid=told_number(order, edition), **(options if verb == verbs[-1] else {}))

    def ship_in_wdt(self, order: str, edition: int = 0, **options: Any) -> None:
        """The whole way through the warehouse."""
        self.wdt.settle()
        verbs = ("audit", "print", "pick", "scan", "weigh", "ship")
        self.warehouse(
            order,
            *verbs,
            edition=edition,
            **{"logistics_code": "SF", "logistics_no": f"SF-{order}", **options},
        )

    def reload(self, order: Any) -> Any:
        """The order as stored."""
        frappe.db.rollback()
        return frappe.get_doc("Order", order.name)

    def rows(self, order: Any) -> list[tuple[str, str, str]]:
        """Action, revision and state of the order's outbox rows."""
        frappe.db.rollback()
        return [
            (row.action, row.revision, row.state)
            for row in frappe.get_all(
                "Sync Outbox",
                filters={"document": order.name},
                fields=["action", "revision", "state"],
                order_by="name",
            )
        ]

    def open_rows(self) -> list[Any]:
        """Rows that are not finished."""
        frappe.db.rollback()
        return list(
            frappe.get_all(
                "Sync Outbox",
                filters={
                    "account": ("in", [WDT_ACCOUNT, U8_ACCOUNT]),
                    "state": ("not in", [RowState.DONE.value, RowState.SUPERSEDED.value]),
                },
                fields=["document", "action", "state", "last_error"],
            )
        )

    def discrepancies(self, order: Any) -> list[str]:
        """Kinds of the open discrepancies of an order."""
        frappe.db.rollback()
        return list(
            frappe.get_all(
                "Sync Discrepancy", filters={"document": order.name, "state": "Open"}, pluck="kind"
            )
        )


@pytest.fixture
def lab(
    site: Any, wdt: WdtCaller, u8: U8Caller, wdt_server: RunningServer, u8_server: RunningServer
) -> Iterator[Lab]:
    """Both accounts point at fresh simulators that know the articles of the tests."""
    _point("WDT Account", WDT_ACCOUNT, f"{wdt_server.url}/openapi2/")
    _point("U8 Account", U8_ACCOUNT, u8_server.url)
    frappe.db.set_value(
        "U8 Account",
        U8_ACCOUNT,
        {"posting_profile": "Sales Order", "freight_item_code": "FREIGHT", "settle_seconds": 0},
    )
    frappe.db.sql("delete from `tabSync Outbox` where account in %s", ((WDT_ACCOUNT, U8_ACCOUNT),))
    frappe.db.sql("delete from `tabSync Position` where account in %s", ((WDT_ACCOUNT, U8_ACCOUNT),))
    frappe.db.sql("delete from `tabSync Discrepancy` where account in %s", ((WDT_ACCOUNT, U8_ACCOUNT),))
    frappe.db.commit()
    frappe.clear_cache()
    wdt.admin("POST", "wdt/specs", {"specs": [{"spec_no": code} for code in PRODUCTS]})
    u8.admin(
        "POST",
        "u8/archives",
        {
            "resource": "inventory",
            "records": [
                {
                    "code": code,
                    "name": code,
                    "sort_code": "02",
                    "unitgroup_code": "01",
                    "unitgroup_type": "0",
                    "main_measure": "01",
                }
                for code in PRODUCTS
            ],
        },
    )
    laboratory = Lab(wdt, u8)
    yield laboratory
    frappe.db.rollback()
    remove_orders(laboratory.orders)


def _point(doctype: str, name: str, url: str) -> None:
    frappe.db.set_value(
        doctype,
        name,
        {"base_url": url, "paused": 0, "pause_reason": None, "resting_until": None, "enabled": 1},
    )
