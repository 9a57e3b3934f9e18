"""The master data of the bench and the order that every measurement takes: five lines, told to WDT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import frappe

from order_flow.domain.states import OrderStep, PaymentTerm
from order_flow.flow.lifecycle.steps import take_step

WDT_ACCOUNT: Final = "Bench WDT"
U8_ACCOUNT: Final = "Bench U8"
CHANNEL: Final = "Bench Shop"
PRODUCTS: Final = tuple(f"BENCH-{letter}" for letter in "ABCDE")
CUSTOMER_NAME: Final = "Bench Customer"
NOWHERE: Final = "http://127.0.0.1:1"
CALLS_PER_MINUTE: Final = 6_000_000
"""So high that the limiter of our own never waits; the far side's speed is what is measured."""


def ensure_master_data() -> None:
    """Create and commit what the orders of the bench refer to, where it is missing."""
    common = {"calls_per_minute": CALLS_PER_MINUTE}
    _ensure("WDT Account", WDT_ACCOUNT, _wdt_account() | common)
    _ensure("U8 Account", U8_ACCOUNT, _u8_account() | common)
    _ensure(
        "Sales Channel",
        CHANNEL,
        {"channel_name": CHANNEL, "wdt_account": WDT_ACCOUNT, "u8_account": U8_ACCOUNT},
    )
    for code in PRODUCTS:
        _ensure("Product", code, {"product_code": code, "product_name": f"Product {code}", "tax_percent": 13})
    if not frappe.db.get_value("Customer", {"customer_name": CUSTOMER_NAME}):
        frappe.get_doc({"doctype": "Customer", "customer_name": CUSTOMER_NAME}).insert()
    frappe.db.commit()


def _wdt_account() -> dict[str, Any]:
    return {
        "account_name": WDT_ACCOUNT,
        "base_url": f"{NOWHERE}/openapi2/",
        "sid": "demo-sid",
        "appkey": "demo-appkey",
        "appsecret": "demo-secret-001",
        "shop_no": "web01",
        "seller_account": "demo-sid",
    }


def _u8_account() -> dict[str, Any]:
    return {
        "account_name": U8_ACCOUNT,
        "base_url": NOWHERE,
        "from_account": "dev-demo",
        "to_account": "ent-demo",
        "app_key": "opa0123456789abcdef",
        "app_secret": "u8-demo-secret-001",
    }


def _ensure(doctype: str, name: str, values: Mapping[str, Any]) -> None:
    if not frappe.db.exists(doctype, name):
        frappe.get_doc({"doctype": doctype, **values}).insert()


def customer() -> str:
    """Code of the customer of the bench."""
    return str(frappe.db.get_value("Customer", {"customer_name": CUSTOMER_NAME}))


def order_values(customer_code: str) -> dict[str, Any]:
    """What a person or a shop enters for an order of five lines."""
    return {
        "doctype": "Order",
        "customer": customer_code,
        "channel": CHANNEL,
        "payment_term": PaymentTerm.ONLINE.value,
        "contact_person": "黄经理",
        "mobile": "13800000000",
        "province": "广东省",
        "city": "珠海市",
        "district": "香洲区",
        "address_line": "情侣中路1号",
        "items": [
            {"product": code, "quantity": number, "unit_price": 10.5 * number}
            for number, code in enumerate(PRODUCTS, 1)
        ],
    }


def create_order(values: Mapping[str, Any]) -> str:
    """Insert and commit one order; returns its name."""
    order = frappe.get_doc(dict(values)).insert()
    frappe.db.commit()
    return str(order.name)


def confirm_order(name: str) -> None:
    """Load, confirm and commit one order, as the REST method does."""
    take_step(frappe.get_doc("Order", name, for_update=True), OrderStep.CONFIRM)
    frappe.db.commit()
