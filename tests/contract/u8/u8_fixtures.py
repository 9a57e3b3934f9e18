"""A running U8 stand-in and a bare caller of it, for contract tests (u8-openapi 1)."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from simulators.core import RunningServer, Store
from simulators.u8 import DEMO, LedgerKey, U8Simulator

Json = dict[str, Any]
DEADLINE_SECONDS = 10

CUSTOMER = "C001"
PRODUCT = "P001"

SALE_ORDER: Json = {
    "businesstype": "普通销售",
    "typecode": "01",
    "custcode": CUSTOMER,
    "deptcode": "01",
    "entry": [
        {
            "inventorycode": PRODUCT,
            "quantity": "20",
            "taxunitprice": "33.33",
            "taxrate": "17",
            "bgift": "0",
            "rowno": "1",
        }
    ],
}
RECEIVABLE: Json = {
    "cust_vendor_code": CUSTOMER,
    "amount": "39000",
    "digest": "W1",
    "entry": [
        {
            "cust_vendor_code": CUSTOMER,
            "amount": "3000",
            "currency_rate": "10",
            "natamount": "30000",
            "subjectcode": "6001",
        },
        {"cust_vendor_code": CUSTOMER, "amount": "9000", "natamount": "9000"},
    ],
}
RECEIPT: Json = {
    "vouchtype": "48",
    "customercode": CUSTOMER,
    "amount": "1500",
    "digest": "W1",
    "balancecode": "2",
    "entry": [
        {"type": "0", "customercode": CUSTOMER, "amount": "1000", "iamt_s": "0"},
        {"type": "1", "customercode": CUSTOMER, "amount": "500", "iamt_s": "0"},
    ],
}


def changed(document: Json, **head: Any) -> Json:
    """Copy of a document with other head fields; a value of None removes the field."""
    copy = {**deepcopy(document), **head}
    return {name: value for name, value in copy.items() if value is not None}


def with_line(document: Json, **line: Any) -> Json:
    """Copy of a document with other fields in its first line; None removes a field."""
    copy = deepcopy(document)
    merged = {**copy["entry"][0], **line}
    copy["entry"][0] = {name: value for name, value in merged.items() if value is not None}
    return copy


@dataclass
class U8Caller:
    """Plain calls against a stand-in, without any of the app's client code.

    Args:
        url: base address.
        key: ledger to call.
    """

    url: str
    key: LedgerKey = DEMO
    session: requests.Session = field(default_factory=requests.Session)
    token: str = ""

    def fetch_token(self) -> str:
        """Get a new token and use it from now on."""
        answer = self.get(
            "/system/token",
            from_account=self.key.from_account,
            app_key=self.key.app_key,
            app_secret=self.key.app_secret,
        )
        self.token = answer["token"]["id"]
        return self.token

    def get(self, path: str, **query: str) -> Json:
        """GET without common parameters."""
        return self._json(self.session.get(self.url + path, params=query, timeout=DEADLINE_SECONDS))

    def common(self) -> dict[str, str]:
        """Common query parameters (u8-openapi 1.3)."""
        return {
            "from_account": self.key.from_account,
            "to_account": self.key.to_account,
            "app_key": self.key.app_key,
            "token": self.token,
            "ds_sequence": str(self.key.ds_sequence),
        }

    def read(self, path: str, **query: str) -> Json:
        """GET below /api with common parameters."""
        return self.get(f"/api/{path}", **{**self.common(), **query})

    def post(self, path: str, body: Any, **query: str) -> Json:
        """POST below /api with common parameters."""
        response = self.session.post(
            f"{self.url}/api/{path}", params={**self.common(), **query}, json=body, timeout=DEADLINE_SECONDS
        )
        return self._json(response)

    def add(self, resource: str, content: Json, **query: str) -> Json:
        """Add a record at once under a fresh tradeid unless told otherwise."""
        query = {"sync": "1", **query}
        if "biz_id" not in query and "tradeid" not in query:
            query["tradeid"] = self.fetch_trade()
        return self.post(f"{resource}/add", {resource: content}, **query)

    def fetch_trade(self) -> str:
        """A new tradeid."""
        names = ("from_account", "app_key", "token")
        answer = self.get("/system/tradeid", **{name: self.common()[name] for name in names})
        return str(answer["trade"]["id"])

    def admin(self, method: str, path: str, body: Any = None, **query: str) -> Json:
        """Call the admin endpoint; anything but HTTP 200 fails the test."""
        response = self.session.request(
            method, f"{self.url}/_admin/{path}", params=query, json=body, timeout=DEADLINE_SECONDS
        )
        return self._json(response)

    def set(self, **knobs: Any) -> None:
        """Change knobs."""
        self.admin("POST", "settings", knobs)

    def turn_clock(self, seconds: float) -> None:
        """Turn the simulated clock forward."""
        self.admin("POST", "clock", {"advance_seconds": seconds})

    def arm(self, kind: str, **rule: Any) -> None:
        """Arm one fault."""
        self.admin("POST", "faults", {"kind": kind, **rule})

    def documents(self, resource: str = "saleorder") -> list[Json]:
        """What is really stored."""
        return list(self.admin("GET", "u8/documents", resource=resource)["documents"])

    @staticmethod
    def _json(response: requests.Response) -> Json:
        assert response.status_code == 200, f"HTTP {response.status_code}: {response.text[:300]}"
        return dict(response.json())


@pytest.fixture(scope="session")
def u8_server() -> Iterator[RunningServer]:
    """One stand-in for the whole run; use ``u8_simulator``, which starts every test afresh."""
    store = Store(":memory:")
    with RunningServer(U8Simulator(store)) as server:
        yield server
    store.close()


@pytest.fixture
def u8_simulator(u8_server: RunningServer) -> RunningServer:
    """A stand-in on a free loopback port, reset: an empty demo ledger, default knobs, no faults."""
    u8_server.simulator.reset()
    return u8_server


@pytest.fixture
def u8(u8_simulator: RunningServer) -> Iterator[U8Caller]:
    """A caller with a token, one customer and two articles in the demo ledger."""
    caller = U8Caller(u8_simulator.url)
    caller.admin(
        "POST", "u8/archives", {"resource": "customer", "records": [{"code": CUSTOMER, "name": "测试客户"}]}
    )
    articles = [{"code": code, "name": f"商品{code}", "sort_code": "01"} for code in (PRODUCT, "P002")]
    caller.admin("POST", "u8/archives", {"resource": "inventory", "records": articles})
    caller.fetch_token()
    yield caller
    caller.session.close()


def refused(answer: Json, *words: str, code: str = "20005") -> None:
    """Assert that an answer is a refusal with this code whose text contains the words."""
    assert answer.get("errcode") == code, answer
    for word in words:
        assert word in answer["errmsg"], answer


def accepted(answer: Json) -> Json:
    """Assert that an answer is a success and return it."""
    assert answer.get("errcode") == "0", answer
    return answer
