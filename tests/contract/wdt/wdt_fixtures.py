"""A running WDT stand-in and a bare caller of it, for contract tests (wdt-openapi 1)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from simulators.core import RunningServer, Store
from simulators.wdt.signature import signature
from simulators.wdt.simulator import WdtSimulator

Json = dict[str, Any]
DEADLINE_SECONDS = 10
SUBMIT_SECONDS = 6
CHINA = ZoneInfo("Asia/Shanghai")
ZERO_TIME = "0000-00-00 00:00:00"

LINE: Json = {
    "oid": "L1",
    "num": "2",
    "price": "50",
    "status": 30,
    "refund_status": 0,
    "goods_id": "G1",
    "spec_id": "S1",
    "goods_no": "G1",
    "spec_no": "SKU1",
    "goods_name": "保温杯",
    "adjust_amount": "0",
    "discount": "10",
    "share_discount": "5",
}
ORDER: Json = {
    "tid": "W1",
    "trade_status": 30,
    "pay_status": 2,
    "delivery_term": 1,
    "trade_time": "2025-01-01 10:00:00",
    "pay_time": "2025-01-01 10:05:00",
    "buyer_nick": "buyer-1",
    "receiver_name": "收货人",
    "receiver_province": "浙江省",
    "receiver_city": "杭州市",
    "receiver_district": "西湖区",
    "receiver_address": "文三路1号",
    "receiver_mobile": "13800000000",
    "post_amount": "8",
    "cod_amount": "0",
    "ext_cod_fee": "0",
    "other_amount": "0",
    "paid": "93",
    "order_list": [LINE],
}


def line(oid: str, **fields: Any) -> Json:
    """A line of the sample order under another oid; a value of None removes the field."""
    return {name: value for name, value in {**LINE, "oid": oid, **fields}.items() if value is not None}


def order(tid: str = "W1", *, lines: list[Json] | None = None, **head: Any) -> Json:
    """The sample order; ``paid`` follows the lines unless it is given; None removes a field."""
    full = {**deepcopy(ORDER), "tid": tid, **head}
    full["order_list"] = deepcopy(lines) if lines is not None else [line(f"{tid}-1")]
    if "paid" not in head:
        full["paid"] = str(85 * len(full["order_list"]) + 8) if full["pay_status"] == 2 else "0"
    return {name: value for name, value in full.items() if value is not None}


def unpaid(tid: str = "W1", **head: Any) -> Json:
    """The sample order before payment (trade_status 10)."""
    return order(tid, **{"trade_status": 10, "pay_status": 0, "pay_time": ZERO_TIME, **head})


@dataclass
class WdtCaller:
    """Plain signed calls against a stand-in, without any of the app's client code.

    Args:
        url: base address.
        appkey: interface account.
    """

    url: str
    sid: str = "demo-sid"
    appkey: str = "demo-appkey"
    secret: str = "demo-secret-001"
    shop_no: str = "web01"
    session: requests.Session = field(default_factory=requests.Session)

    def signed(self, **parameters: Any) -> dict[str, str]:
        """Common parameters and a signature around business parameters."""
        form = {
            "sid": self.sid,
            "appkey": self.appkey,
            "timestamp": str(int(time.time())),
            **{name: str(value) for name, value in parameters.items()},
        }
        return {**form, "sign": signature(form, self.secret)}

    def post(self, name: str, form: dict[str, str]) -> requests.Response:
        """POST a form as it is."""
        return self.session.post(f"{self.url}/openapi2/{name}.php", data=form, timeout=DEADLINE_SECONDS)

    def call(self, name: str, **parameters: Any) -> Json:
        """A signed call; HTTP 200 whatever the answer says (wdt-openapi 1.3)."""
        response = self.post(name, self.signed(**parameters))
        assert response.status_code == 200, f"HTTP {response.status_code}: {response.text[:300]}"
        return dict(response.json())

    def push(self, *orders: Json, **parameters: Any) -> Json:
        """trade_push to the demo shop."""
        trade_list = json.dumps(orders)
        return self.call("trade_push", **{"shop_no": self.shop_no, "trade_list": trade_list, **parameters})

    def push_ok(self, *orders: Json) -> Json:
        """trade_push that must be accepted whole."""
        answer = self.push(*orders)
        assert answer["code"] == 0, answer
        return answer

    def refused(self, one: Json, *words: str) -> None:
        """Push one order and assert that it is refused under its tid with these words."""
        answer = self.push(one)
        assert answer["code"] != 0, answer
        errors = json.loads(answer["message"])
        assert [error["tid"] for error in errors] == [one.get("tid", "")]
        for word in words:
            assert word in errors[0]["error"], errors

    def submitted(self, *orders: Json) -> Json:
        """Push, let the ERP submit, and return the trade of the first order."""
        self.push_ok(*orders)
        self.settle()
        return self.trade(orders[0]["tid"])

    def settle(self) -> None:
        """Turn the clock past the submit delay."""
        self.turn_clock(SUBMIT_SECONDS)

    def window(self, minutes: float = 30) -> dict[str, str]:
        """start_time and end_time around now."""
        now = datetime.now(CHINA)
        ends = (now - timedelta(minutes=minutes), now + timedelta(seconds=2))
        start, end = (moment.strftime("%Y-%m-%d %H:%M:%S") for moment in ends)
        return {"start_time": start, "end_time": end}

    def trades(self, tid: str) -> list[Json]:
        """Trades of an order number, as the interface shows them."""
        return list(self.call("sales_trade_query", src_tid=tid).get("trades", []))

    def trade(self, tid: str) -> Json:
        """The only trade of an order number."""
        found = self.trades(tid)
        assert len(found) == 1, found
        return found[0]

    def stockout(self, tid: str) -> Json:
        """The living stockout of an order number."""
        rows = self.call("stockout_order_query_trade", src_tid=tid).get("stockout_list", [])
        living = [row for row in rows if row["status"] != "5"]
        assert len(living) == 1, rows
        return dict(living[0])

    def sync_rows(self, **parameters: Any) -> list[Json]:
        """Waiting logistics rows."""
        return list(self.call("logistics_sync_query", limit=100, **parameters).get("trades", []))

    def ack(self, *rows: Json) -> Json:
        """Acknowledge logistics rows."""
        return self.call("logistics_sync_ack", logistics_list=json.dumps(rows))

    def admin(self, method: str, path: str, body: Any = None, **query: str) -> Json:
        """Call the admin endpoint; anything but HTTP 200 fails the test."""
        response = self.admin_raw(method, path, body, **query)
        assert response.status_code == 200, f"HTTP {response.status_code}: {response.text[:300]}"
        return dict(response.json())

    def admin_raw(self, method: str, path: str, body: Any = None, **query: str) -> requests.Response:
        """Call the admin endpoint and look at the answer yourself."""
        url = f"{self.url}/_admin/{path}"
        return self.session.request(method, url, params=query, json=body, timeout=DEADLINE_SECONDS)

    def verb(self, name: str, tid: str = "W1", **options: Any) -> Json:
        """A step of people in the ERP that must succeed."""
        return self.admin("POST", f"wdt/{name}", {"tid": tid, **options})

    def verb_refused(self, name: str, tid: str = "W1", **options: Any) -> str:
        """A step that must be refused because of the state; returns the reason."""
        response = self.admin_raw("POST", f"wdt/{name}", {"tid": tid, **options})
        assert response.status_code == 409, response.text
        return str(response.json()["error"])

    def steps(self, *names: str, tid: str = "W1") -> None:
        """Several steps in a row."""
        for name in names:
            self.verb(name, tid)

    def to_warehouse(self, one: Json | None = None) -> Json:
        """Push an order and audit it; returns its trade."""
        pushed = one or order()
        self.submitted(pushed)
        self.verb("audit", pushed["tid"])
        return self.trade(pushed["tid"])

    def shipped(self, one: Json | None = None) -> Json:
        """Push an order and take it through the warehouse; returns its trade."""
        pushed = one or order()
        self.to_warehouse(pushed)
        self.steps("print", "pick", "scan", "weigh", "ship", tid=pushed["tid"])
        return self.trade(pushed["tid"])

    def inside(self, tid: str = "W1") -> Json:
        """Everything the ERP knows about an order."""
        return self.admin("GET", "wdt/order", tid=tid)

    def set(self, **knobs: Any) -> None:
        """Change knobs."""
        self.admin("POST", "settings", knobs)

    def turn_clock(self, seconds: float) -> None:
        """Turn the simulated clock forward."""
        self.admin("POST", "clock", {"advance_seconds": seconds})

    def arm(self, kind: str, **rule: Any) -> None:
        """Arm one fault."""
        self.admin("POST", "faults", {"kind": kind, **rule})


@pytest.fixture(scope="session")
def wdt_server() -> Iterator[RunningServer]:
    """One stand-in for the whole run; use ``wdt_simulator``, which starts every test afresh."""
    store = Store(":memory:")
    with RunningServer(WdtSimulator(store)) as server:
        yield server
    store.close()


@pytest.fixture
def wdt_simulator(wdt_server: RunningServer) -> RunningServer:
    """A stand-in on a free loopback port, reset: demo account, default knobs, no faults."""
    wdt_server.simulator.reset()
    return wdt_server


@pytest.fixture
def wdt(wdt_simulator: RunningServer) -> Iterator[WdtCaller]:
    """A caller of the demo account."""
    caller = WdtCaller(wdt_simulator.url)
    yield caller
    caller.session.close()
