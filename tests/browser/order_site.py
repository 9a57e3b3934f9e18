"""The test site as the browser tests of the desk need it, prepared over REST like any integrator would."""

from __future__ import annotations

import itertools
from typing import Any, Final
from uuid import uuid4

import requests

ADMINISTRATOR: Final = "administrator@test.example.com"
CLERK: Final = "clerk@test.example.com"
PASSWORD: Final = "clerk-of-the-tests-1"
QUALITY_HEAD: Final = "quality-head@test.example.com"
MANAGER: Final = "sales-manager@test.example.com"
CHANNEL: Final = "浏览器测试渠道"
REVIEWED_CHANNEL: Final = "浏览器评审渠道"
"""Its orders are reviewed by five departments."""
CLOCKED_CHANNEL: Final = "浏览器时限渠道"
"""Its orders have the limits of 订单管理办法."""
STOCKED_CHANNEL: Final = "浏览器库存渠道"
"""Its orders claim what is in store."""
EMPTY_STORE: Final = "UI-EMPTY"
CUSTOMER: Final = "珠海市香洲贸易公司"
REP: Final = "field-rep@test.example.com"
REPS_CUSTOMER: Final = "拱北便利店"
"""In the care of the rep."""
PRODUCTS: Final = (("TEST-UIA", "保温杯", "6901234567892"), ("TEST-UIB", "雨伞", ""))
"""Code, name, barcode."""
_TIMEOUT: Final = 60


class OrderSite:
    """A REST session of Administrator.

    Args:
        url: address of the site.
        password: Administrator's.
    """

    def __init__(self, url: str, password: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._numbers = itertools.count(1)
        self._run = uuid4().hex[:8]
        self._customer = ""
        self._reps_customer = ""
        self._request("POST", "/api/method/login", {"usr": "Administrator", "pwd": password})

    def _request(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._session.request(verb, self.url + path, json=body, timeout=_TIMEOUT)
        assert answer.ok, f"{verb} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json()

    def link(self, order: str, purpose: str) -> str:
        """Address of a customer's page on this server, whatever name the site thinks it has."""
        path = "/api/method/order_flow.api.links.create_link"
        url = self._request("POST", path, {"order": order, "purpose": purpose})["message"]["url"]
        return f"{self.url}/track?{url.partition('?')[2]}"

    def prepare(self) -> None:
        """Users, channel, products and customer; what is there already stays."""
        self._ensure("Sales Channel", CHANNEL, {"channel_name": CHANNEL})
        self._ensure(
            "Sales Channel", REVIEWED_CHANNEL, {"channel_name": REVIEWED_CHANNEL, "flow_profile": "PMC"}
        )
        self._ensure(
            "Sales Channel",
            CLOCKED_CHANNEL,
            {"channel_name": CLOCKED_CHANNEL, "flow_profile": "OMM Manufacturing"},
        )
        for code, name, barcode in PRODUCTS:
            values = {"product_code": code, "product_name": name, "unit": "个", "barcode": barcode}
            self._ensure("Product", code, values)
        self._customer = self._ensure_customer(CUSTOMER)
        # The framework makes the first person of a site its System Manager, whatever roles were asked for.
        self._ensure_person(ADMINISTRATOR, "系统管理员", ("System Manager",))
        self._ensure_person(CLERK, "订单员", ("Order Desk", "Finance", "Warehouse"))
        self._ensure_person(QUALITY_HEAD, "品质主管", ("Quality",))
        self._ensure_person(MANAGER, "销售经理", ("Sales Manager",))
        self._ensure_person(REP, "巡货员", ("Field Rep",))
        self._reps_customer = self._ensure_customer(REPS_CUSTOMER, sales_rep=REP)

    def person_of(self, role: str) -> str:
        """Somebody who has this role and no other, and reads Chinese; gives the address to log in with."""
        email = f"only-{role.lower().replace(' ', '-')}@test.example.com"
        self._ensure_person(email, role, (role,))
        return email

    def _ensure_person(self, email: str, first_name: str, roles: tuple[str, ...]) -> None:
        self._ensure(
            "User",
            email,
            {
                "email": email,
                "first_name": first_name,
                "language": "zh",
                "send_welcome_email": 0,
                "new_password": PASSWORD,
                "roles": [{"role": role} for role in roles],
            },
        )
        path = f"/api/resource/User/{email}"
        if self._roles_at(path) != set(roles):
            self._request("PUT", path, {"roles": [{"role": role} for role in roles]})
        held = self._roles_at(path)
        assert held == set(roles), f"{email} holds {held}: tests of who may not would prove nothing"

    def _roles_at(self, path: str) -> set[str]:
        return {row["role"] for row in self._request("GET", path)["data"]["roles"]}

    def reviewed_order(self) -> tuple[str, str]:
        """An order whose departments are asked; gives its name and its checklist's."""
        order = self.new_order(channel=REVIEWED_CHANNEL)
        path = "/api/method/order_flow.api.reviews.start_review"
        return order, str(self._request("POST", path, {"order": order})["message"]["checklist"])

    def late_order(self) -> str:
        """An urgent order of long ago, with a quality finding of just now; gives its name."""
        order = self.new_order(channel=CLOCKED_CHANNEL, urgency="Urgent", ordered_at="2026-01-05 09:00:00")
        finding = {"order": order, "event": "Quality Finding", "remark": "划痕"}
        self._request("POST", "/api/method/order_flow.api.clocks.record_event", finding)
        return order

    def _ensure(self, doctype: str, name: str, values: dict[str, Any]) -> None:
        known = self._request("GET", f'/api/resource/{doctype}?filters=[["name","=","{name}"]]')["data"]
        if not known:
            self._request("POST", f"/api/resource/{doctype}", values)

    def _ensure_customer(self, name: str, **fields: Any) -> str:
        path = f'/api/resource/Customer?filters=[["customer_name","=","{name}"]]'
        if known := self._request("GET", path)["data"]:
            return str(known[0]["name"])
        body = {"customer_name": name, **fields}
        return str(self._request("POST", "/api/resource/Customer", body)["data"]["name"])

    def shipped_for_the_rep(self) -> tuple[str, str]:
        """An order of the rep's whose goods are on their way; gives its shipment too."""
        order = self.new_order(customer=self._reps_customer, payment_term="Cash on Delivery", sales_rep=REP)
        self.call("confirm", order=order)
        return order, str(self.call("ship", order=order, carrier="自送")["shipment"])

    def short_order(self) -> str:
        """A confirmed order of two cups with nothing in store, decided: the customer is asked to wait."""
        profile = {"profile_name": STOCKED_CHANNEL, "reserve_stock": 1}
        self._ensure("Flow Profile", STOCKED_CHANNEL, profile)
        channel = {"channel_name": STOCKED_CHANNEL, "flow_profile": STOCKED_CHANNEL}
        self._ensure("Sales Channel", STOCKED_CHANNEL, channel)
        self._ensure("Warehouse", EMPTY_STORE, {"warehouse_code": EMPTY_STORE, "warehouse_name": "空仓库"})
        cup = PRODUCTS[0][0]
        kept = self._request("GET", f'/api/resource/Stock Level?filters=[["product","=","{cup}"]]')["data"]
        if not kept:
            self._request("POST", "/api/resource/Stock Level", {"product": cup, "warehouse": EMPTY_STORE})
        order = self.new_order(channel=STOCKED_CHANNEL)
        self.call("confirm", order=order)
        api = "/api/method/order_flow.api.stock."
        self._request("POST", f"{api}allocate", {"orders": [order]})
        path = f'/api/resource/Shortage?filters=[["order_id","=","{order}"]]'
        (shortage,) = self._request("GET", path)["data"]
        decision = {"decision": "Partial Shipment", "shortage": shortage["name"]}
        self._request("POST", f"{api}decide_shortage", decision)
        return order

    def shortages_of(self, order: str) -> list[str]:
        """States of the shortages of an order."""
        path = f'/api/resource/Shortage?filters=[["order_id","=","{order}"]]&fields=["shortage_state"]'
        return [row["shortage_state"] for row in self._request("GET", path)["data"]]

    def instructed(self, order: str) -> str:
        """A shipment of an order that waits for its papers."""
        path = "/api/method/order_flow.api.shipments.instruct_dispatch"
        return str(self._request("POST", path, {"order": order})["message"]["shipment"])

    def orders_of(self, user: str) -> list[dict[str, Any]]:
        """Orders that a user entered, the newest first."""
        path = (
            f'/api/resource/Order?filters=[["owner","=","{user}"]]&order_by=name desc&limit_page_length=500'
        )
        found: list[dict[str, Any]] = self._request("GET", path + '&fields=["name","owner","sales_rep"]')[
            "data"
        ]
        return found

    def files_of(self, doctype: str, name: str) -> int:
        """How many files hang on a document."""
        filters = f'[["attached_to_doctype","=","{doctype}"],["attached_to_name","=","{name}"]]'
        return len(self._request("GET", f"/api/resource/File?filters={filters}")["data"])

    def cases_of(self, order: str) -> list[str]:
        """Kinds of the delivery cases of an order."""
        path = f'/api/resource/Delivery Case?filters=[["order_id","=","{order}"]]&fields=["kind"]'
        return [row["kind"] for row in self._request("GET", path)["data"]]

    def document(self, doctype: str, name: str) -> dict[str, Any]:
        """A stored document."""
        stored: dict[str, Any] = self._request("GET", f"/api/resource/{doctype}/{name}")["data"]
        return stored

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Rows of a list, by what stands behind ``/api/resource/``."""
        return list(self._request("GET", f"/api/resource/{path}")["data"])

    def new_order(self, channel: str = CHANNEL, **fields: Any) -> str:
        """An unconfirmed order of two lines; gives its name."""
        body = {
            "customer": self._customer,
            "payment_term": "Online Payment",
            "contact_person": "黄经理",
            "mobile": "13800000000",
            "province": "广东省",
            "city": "珠海市",
            "district": "香洲区",
            "address_line": "情侣中路1号",
        } | fields
        lines = [{"product": code, "quantity": 3, "unit_price": 29.9} for code, _name, _barcode in PRODUCTS]
        number = f"UI-{self._run}-{next(self._numbers)}"
        placed = self.call("place_order", channel=channel, external_number=number, order=body, items=lines)
        return str(placed["order"])

    def call(self, method: str, **arguments: Any) -> Any:
        """One of the app's REST methods."""
        return self._request("POST", f"/api/method/order_flow.api.orders.{method}", arguments)["message"]

    def change(self, order: str, **fields: Any) -> None:
        """Edit an unconfirmed order."""
        self._request("PUT", f"/api/resource/Order/{order}", fields)

    def standing(self, order: str) -> dict[str, Any]:
        """The stored order."""
        stored: dict[str, Any] = self._request("GET", f"/api/resource/Order/{order}")["data"]
        return stored

    def close(self) -> None:
        """End the session."""
        self._session.close()
