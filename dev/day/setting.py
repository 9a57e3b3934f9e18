"""Accounts with every setting as shipped, and both far sides as stand-ins of this process."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final
from unittest import mock

import frappe

from dev.demo.simulators import Admin
from order_flow.integrations.rate_limit import CallUse, InProcessRateLimiter
from order_flow.sync import ports
from simulators.core import RunningServer, Store
from simulators.u8 import U8Simulator
from simulators.wdt.simulator import WdtSimulator

WDT_ACCOUNT: Final = "Day WDT"
U8_ACCOUNT: Final = "Day U8"
CHANNEL: Final = "Day Shop"
PRODUCTS: Final = ("DAY-CUP", "DAY-CAN", "DAY-LID")
CUSTOMERS: Final = tuple(f"Day Customer {number}" for number in range(1, 21))
WDT_CALLS_PER_MINUTE: Final = 60
"""The far side's own limit: it refuses what our limiter lets through by mistake."""
STEP_MINUTES: Final = {"audit": 10, "print": 15, "pick": 20, "scan": 20, "weigh": 5, "ship": 30}
"""How long the warehouse takes for each step."""


@dataclass(frozen=True)
class FarSides:
    """Both stand-ins, serving."""

    wdt: WdtSimulator
    u8: U8Simulator


@contextmanager
def far_sides() -> Iterator[FarSides]:
    """Start both stand-ins on free loopback ports and point the day's accounts at them."""
    with ExitStack() as stack:
        wdt, u8 = WdtSimulator(Store(":memory:")), U8Simulator(Store(":memory:"))
        servers = [stack.enter_context(RunningServer(one)) for one in (wdt, u8)]
        wdt.settings.update(
            {
                "calls_per_minute": float(WDT_CALLS_PER_MINUTE),
                "auto": True,
                "auto_seconds": {step: minutes * 60 for step, minutes in STEP_MINUTES.items()},
            }
        )
        Admin(servers[0].url).post("wdt/specs", {"specs": [{"spec_no": code} for code in PRODUCTS]})
        Admin(servers[1].url).post("u8/archives", _articles())
        _enter_accounts(f"{servers[0].url}/openapi2/", servers[1].url)
        stack.enter_context(_counted_in_turned_time())
        yield FarSides(wdt, u8)


def _articles() -> dict[str, Any]:
    """The day's products as the ledger must know them before it takes a document."""
    common = {"sort_code": "02", "unitgroup_code": "01", "unitgroup_type": "0", "main_measure": "01"}
    records = [{"code": code, "name": code, **common} for code in PRODUCTS]
    return {"resource": "inventory", "records": records}


def _enter_accounts(wdt_url: str, u8_url: str) -> None:
    """Nothing but address and credentials is entered: all limits are the shipped defaults."""
    _ensure(
        "WDT Account",
        WDT_ACCOUNT,
        {
            "account_name": WDT_ACCOUNT,
            "seller_account": "demo-sid",
            "appkey": "demo-appkey",
            "appsecret": "demo-secret-001",
            "shop_no": "web01",
            "base_url": wdt_url,
        },
    )
    _ensure(
        "U8 Account",
        U8_ACCOUNT,
        {
            "account_name": U8_ACCOUNT,
            "from_account": "dev-demo",
            "to_account": "ent-demo",
            "app_key": "opa0123456789abcdef",
            "app_secret": "u8-demo-secret-001",
            "base_url": u8_url,
        },
    )
    accounts = {"wdt_account": WDT_ACCOUNT, "u8_account": U8_ACCOUNT}
    _ensure("Sales Channel", CHANNEL, {"channel_name": CHANNEL, **accounts})
    for code in PRODUCTS:
        _ensure("Product", code, {"product_code": code, "product_name": f"Product {code}", "tax_percent": 13})
    for name in CUSTOMERS:
        if not frappe.db.exists("Customer", {"customer_name": name}):
            frappe.get_doc({"doctype": "Customer", "customer_name": name}).insert()
    for doctype, name, url in (("WDT Account", WDT_ACCOUNT, wdt_url), ("U8 Account", U8_ACCOUNT, u8_url)):
        frappe.db.set_value(doctype, name, {"base_url": url, "paused": 0, "resting_until": None})
        for stored in ("Sync Outbox", "Sync Position", "Sync Discrepancy", "Sync Attempt"):
            frappe.db.delete(stored, {"account": name})
    frappe.db.commit()
    frappe.clear_cache()


def _ensure(doctype: str, name: str, values: Mapping[str, Any]) -> None:
    if not frappe.db.exists(doctype, name):
        frappe.get_doc({"doctype": doctype, **values}).insert()


def customer_codes() -> list[str]:
    """Codes of the day's customers."""
    codes: list[str] = frappe.get_all("Customer", {"customer_name": ("in", CUSTOMERS)}, pluck="name")
    return codes


@contextmanager
def _counted_in_turned_time() -> Iterator[None]:
    """Count calls in this process, whose time is turned; Redis keeps to real time. The rule is the same."""
    counted: dict[str, deque[tuple[float, CallUse]]] = {}

    def limiter(
        _account_type: str, calls: int, use: CallUse, uses: Collection[CallUse]
    ) -> InProcessRateLimiter:
        return InProcessRateLimiter(calls, use=use, uses=uses, counted=counted)

    with mock.patch.object(ports, "SharedRateLimiter", limiter):
        yield
