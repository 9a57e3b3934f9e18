"""Builds what site tests need: people by role, channels with and without accounts, orders in any state."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO
from typing import Any

import frappe
from PIL import Image, ImageDraw

from order_flow.api.orders import record_payment, ship
from order_flow.domain.states import OrderState, OrderStep, PaymentFamily, PaymentTerm, Role
from order_flow.flow.cancelling.requests import CancelReason, request_cancellation
from order_flow.flow.customers.codes import SERIES, go_on_behind_stored_codes
from order_flow.flow.lifecycle.steps import take_step

OFFLINE_CHANNEL = "Test Counter"
"""No outside accounts."""
WDT_CHANNEL = "Test Shop"
"""With the WDT and U8 accounts of the tests."""
WDT_ACCOUNT = "Test WDT"
U8_ACCOUNT = "Test U8"
PRODUCTS = ("TEST-A", "TEST-B", "TEST-C", "TEST-D", "TEST-E")

TERM_OF_FAMILY = {
    PaymentFamily.PAY_FIRST: PaymentTerm.ONLINE,
    PaymentFamily.PAY_LATER: PaymentTerm.CASH_ON_DELIVERY,
}


def user_of(role: Role) -> str:
    """The test user who has only this role."""
    return f"{role.value.lower().replace(' ', '.')}@test.example.com"


def ensure_people() -> None:
    """One user a role; the framework's onboarding mails stay off."""
    frappe.flags.mute_emails = True
    for role in Role:
        if not frappe.db.exists("User", user_of(role)):
            user = frappe.get_doc(
                {
                    "doctype": "User",
                    "email": user_of(role),
                    "first_name": role.value,
                    "send_welcome_email": 0,
                    "language": "en",
                    "roles": [{"role": role.value}],
                }
            )
            user.flags.ignore_password_policy = True
            user.insert(ignore_permissions=True)
        # The framework makes the first user of a site its System Manager; "who may not" needs one role each.
        frappe.db.delete("Has Role", {"parent": user_of(role), "role": ("!=", role.value)})
        frappe.clear_cache(user=user_of(role))


@contextmanager
def also_in_role(user: str, role: Role) -> Iterator[None]:
    """Give somebody a second role within a test; what follows the test must not find it in the cache."""
    frappe.get_doc("User", user).add_roles(role.value)
    try:
        yield
    finally:
        frappe.db.rollback()
        frappe.clear_cache(user=user)


def reuse_customer_codes() -> None:
    """Start the codes behind the stored customers: those of tests that were taken back are free again.

    Deleted customers keep theirs, and after some runs on one site the 999 codes of R-049 would be used up.
    """
    frappe.db.delete("Number Counter", {"name": SERIES})
    go_on_behind_stored_codes()
    frappe.db.commit()


def ensure_master_data() -> None:
    """Accounts, channels, products and one customer of the tests."""
    _ensure(
        "WDT Account",
        WDT_ACCOUNT,
        {
            "account_name": WDT_ACCOUNT,
            "base_url": "http://127.0.0.1:1/openapi2/",
            "seller_account": "demo-sid",
            "appkey": "demo-appkey",
            "appsecret": "demo-secret-001",
            "shop_no": "web01",
            "calls_per_minute": 60000,
        },
    )
    _ensure(
        "U8 Account",
        U8_ACCOUNT,
        {
            "account_name": U8_ACCOUNT,
            "base_url": "http://127.0.0.1:1",
            "from_account": "dev-demo",
            "to_account": "ent-demo",
            "app_key": "opa0123456789abcdef",
            "app_secret": "u8-demo-secret-001",
            "calls_per_minute": 60000,
        },
    )
    _ensure("Sales Channel", OFFLINE_CHANNEL, {"channel_name": OFFLINE_CHANNEL})
    _ensure(
        "Sales Channel",
        WDT_CHANNEL,
        {"channel_name": WDT_CHANNEL, "wdt_account": WDT_ACCOUNT, "u8_account": U8_ACCOUNT},
    )
    for code in PRODUCTS:
        _ensure("Product", code, {"product_code": code, "product_name": f"Product {code}", "tax_percent": 13})
    test_customer()


def _ensure(doctype: str, name: str, values: Mapping[str, Any]) -> None:
    if not frappe.db.exists(doctype, name):
        frappe.get_doc({"doctype": doctype, **values}).insert()


def test_customer() -> str:
    """Code of the customer of the tests."""
    known = frappe.db.get_value("Customer", {"customer_name": "Test Customer"})
    if known:
        return str(known)
    return str(frappe.get_doc({"doctype": "Customer", "customer_name": "Test Customer"}).insert().name)


test_customer.__test__ = False  # type: ignore[attr-defined]


@contextmanager
def acting_as(user: str) -> Iterator[None]:
    """Do something as another user."""
    before = frappe.session.user
    frappe.set_user(user)
    try:
        yield
    finally:
        frappe.set_user(before)


def order_values(**overrides: Any) -> dict[str, Any]:
    """Fields of a complete order of five lines."""
    values: dict[str, Any] = {
        "doctype": "Order",
        "customer": test_customer(),
        "channel": OFFLINE_CHANNEL,
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
    return values | overrides


def new_order(**overrides: Any) -> Any:
    """An inserted order."""
    return frappe.get_doc(order_values(**overrides)).insert()


def order_in(state: OrderState, family: PaymentFamily, **overrides: Any) -> Any:
    """An order that was led to a state by the ordinary steps, as Administrator."""
    order = new_order(payment_term=TERM_OF_FAMILY[family].value, **overrides)
    _lead(order, state, family)
    return frappe.get_doc("Order", order.name)


def _lead(order: Any, state: OrderState, family: PaymentFamily) -> None:
    if state is OrderState.UNCONFIRMED:
        return
    if state is OrderState.UNDER_REVIEW:
        take_step(order, OrderStep.SEND_TO_REVIEW)
        return
    if state is OrderState.VOIDED:
        request_cancellation(order.name, CancelReason.CHANGE_OF_MIND)
        return
    take_step(order, OrderStep.CONFIRM)
    if state is OrderState.CONFIRMED:
        return
    if state is OrderState.CANCELLED:
        request_cancellation(order.name, CancelReason.CHANGE_OF_MIND)
        return
    if family is PaymentFamily.PAY_FIRST:
        pay_in_full(order)
        if state is OrderState.PAID:
            return
    ship(order.name, carrier="SF", waybill_number=f"SF{order.name}")
    if state is OrderState.SHIPPED:
        return
    take_step(frappe.get_doc("Order", order.name), OrderStep.CONFIRM_RECEIPT)
    if state is OrderState.COMPLETED and family is PaymentFamily.PAY_LATER:
        pay_in_full(order)


def pay_in_full(order: Any) -> dict[str, Any]:
    """Record and confirm the whole total."""
    return record_payment(order.name, str(Decimal(str(order.total))), f"PAY-{order.name}")


def drawn_signature() -> str:
    """A signature as a pad sends it: a small picture with a stroke."""
    picture = Image.new("RGBA", (60, 20))
    ImageDraw.Draw(picture).line((5, 15, 55, 5), fill="black", width=2)
    content = BytesIO()
    picture.save(content, "PNG")
    return "data:image/png;base64," + b64encode(content.getvalue()).decode()
