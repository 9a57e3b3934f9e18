"""Faults, admin verbs and the page of the U8 stand-in (u8-openapi 6)."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from simulators.core import RunningServer, Store
from simulators.u8 import DEMO, U8Simulator
from tests.contract.u8.u8_fixtures import DEADLINE_SECONDS, SALE_ORDER, U8Caller, accepted, changed, refused

ADD = "api/saleorder/add"
TOKEN_ERROR = "10002"
ROOT = Path(__file__).resolve().parents[3]


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds, at most DEADLINE_SECONDS."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the condition never came true"


def keys(u8: U8Caller) -> list[str]:
    return [document["key"] for document in u8.documents()]


def add_order(u8: U8Caller, key: str) -> requests.Response:
    query = {**u8.common(), "biz_id": key, "sync": "1"}
    return u8.session.post(f"{u8.url}/{ADD}", params=query, json={"saleorder": SALE_ORDER}, timeout=0.5)


def test_drop_before_leaves_nothing(u8: U8Caller) -> None:
    u8.arm("drop_before", endpoint=ADD, times=1)
    with pytest.raises(requests.ConnectionError):
        add_order(u8, "W1")
    assert keys(u8) == []
    accepted(add_order(u8, "W1").json())


def test_commit_then_no_answer(u8: U8Caller) -> None:
    """u8-openapi 6, "outcome unknown": stored, and the caller only sees a broken line."""
    u8.arm("drop_after_commit", endpoint=ADD, times=1)
    with pytest.raises(requests.ConnectionError):
        add_order(u8, "W1")
    assert keys(u8) == ["W1"]


def test_commit_then_timeout(u8: U8Caller) -> None:
    """u8-openapi 6: the answer comes later than the caller waits."""
    u8.arm("hang", endpoint=ADD, times=1, args={"when": "after", "seconds": 1})
    with pytest.raises(requests.ReadTimeout):
        add_order(u8, "W1")
    assert keys(u8) == ["W1"]


def test_tunnel_down_by_status(u8: U8Caller) -> None:
    """u8-openapi 1.1: without the client on the U8 server there is no access."""
    u8.arm("http_5xx", endpoint="api/*", times=1, args={"status": 504})
    assert add_order(u8, "W1").status_code == 504
    u8.arm("http_5xx", endpoint=ADD, times=1, args={"when": "after"})
    assert add_order(u8, "W2").status_code == 502
    assert keys(u8) == ["W2"]


def test_tunnel_down_by_silence(u8: U8Caller) -> None:
    """u8-openapi 6: hang."""
    u8.arm("hang", endpoint="api/*", times=1, args={"seconds": 1})
    with pytest.raises(requests.ReadTimeout):
        add_order(u8, "W1")
    assert keys(u8) == []


def test_tunnel_down_until(u8: U8Caller) -> None:
    """The platform's own calls work while the customer's side is down for an hour of simulated time."""
    u8.arm("down_until", endpoint="api/*", args={"seconds": 3600})
    assert add_order(u8, "W1").status_code == 503
    u8.fetch_token()
    u8.turn_clock(3601)
    accepted(add_order(u8, "W1").json())


def test_platform_fault(u8: U8Caller) -> None:
    """u8-openapi 1.7: 10001, seen on system/tradeid."""
    u8.arm("rate_limit", endpoint="system/tradeid", times=1)
    names = ("from_account", "app_key", "token")
    query = {name: u8.common()[name] for name in names}
    refused(u8.get("/system/tradeid", **query), "平台错误", code="10001")
    accepted(u8.get("/system/tradeid", **query))


def test_token_loss(u8: U8Caller) -> None:
    """u8-openapi 6: early invalidation."""
    u8.arm("token_loss", endpoint=ADD, times=1)
    refused(add_order(u8, "W1").json(), code=TOKEN_ERROR)
    assert keys(u8) == []
    u8.fetch_token()
    accepted(add_order(u8, "W1").json())
    u8.admin("DELETE", "u8/tokens")
    refused(add_order(u8, "W2").json(), code=TOKEN_ERROR)


def test_duplicated_request_hits_the_replay_policy(u8: U8Caller) -> None:
    """A request delivered twice: the key protects, but the answer seen is that of the second."""
    u8.arm("duplicate", endpoint=ADD, times=1)
    refused(add_order(u8, "W1").json(), "W1", code="30026")
    assert keys(u8) == ["W1"]
    u8.set(replay_policy="duplicate")
    u8.arm("duplicate", endpoint=ADD, times=1)
    accepted(add_order(u8, "W2").json())
    assert keys(u8) == ["W1", "W2", "W2"]


@pytest.mark.parametrize("mode", ["invalid", "truncated", "html"])
def test_garbage(u8: U8Caller, mode: str) -> None:
    u8.arm("garbage", endpoint=ADD, times=1, args={"mode": mode})
    with pytest.raises(requests.JSONDecodeError):
        add_order(u8, "W1").json()
    assert keys(u8) == ["W1"]


def test_reordered_list(u8: U8Caller) -> None:
    for number in ("1", "2", "3"):
        accepted(u8.add("saleorder", changed(SALE_ORDER, code=number)))
    u8.arm("reorder", endpoint="api/saleorderlist/*", times=1)
    rows = u8.read("saleorderlist/batch_get")["saleorderlist"]
    assert [row["code"] for row in rows] == ["3", "2", "1"]


def test_fault_matches_one_key(u8: U8Caller) -> None:
    """A fault can be bound to one order by a parameter's text."""
    u8.arm("drop_before", endpoint=ADD, match="W2")
    accepted(add_order(u8, "W1").json())
    with pytest.raises(requests.ConnectionError):
        add_order(u8, "W2")
    assert u8.admin("GET", "faults")["faults"][0]["fired"] == 1


def test_answers_can_overtake_each_other(u8: U8Caller) -> None:
    """reorder/hold: the first answer leaves after the second."""
    u8.arm("reorder", endpoint=ADD, times=1, match="W1", args={"mode": "hold", "seconds": 5})
    other = U8Caller(u8.url, token=u8.token)
    thread = threading.Thread(target=other.add, args=("saleorder", SALE_ORDER), kwargs={"biz_id": "W1"})
    thread.start()
    wait_for(lambda: keys(u8) == ["W1"])
    accepted(add_order(u8, "W2").json())
    thread.join(timeout=5)
    answered = u8.admin("GET", "requests", endpoint=ADD)["requests"]
    assert [entry["parameters"]["biz_id"] for entry in answered] == ["W2", "W1"]
    assert keys(u8) == ["W1", "W2"]


def test_secrets_are_masked_in_the_journal(u8: U8Caller) -> None:
    """u8-openapi 6: never log the query string, it holds token and app_secret."""
    add_order(u8, "W1")
    text = u8.session.get(f"{u8.url}/_admin/requests", timeout=10).text
    entries = u8.admin("GET", "requests")["requests"]
    assert DEMO.app_secret not in text
    queries = [entry["parameters"] for entry in entries]
    assert {query.get("token", "***") for query in queries} == {"***"}
    assert entries[-1]["endpoint"] == ADD


def test_work_is_listed_with_keys(u8: U8Caller) -> None:
    u8.post("saleorder/add", {"saleorder": SALE_ORDER}, biz_id="W1")
    refused(u8.add("saleorder", changed(SALE_ORDER, deptcode="99"), biz_id="W2"), "deptcode")
    work = u8.admin("GET", "u8/work")["work"]
    assert [(entry["key"], entry["succeeded"]) for entry in work] == [("W1", True), ("W2", False)]
    assert work[0]["answer"]["id"] == "0000000001"


def test_reset_empties_and_preloads(u8: U8Caller) -> None:
    accepted(u8.add("saleorder", SALE_ORDER))
    u8.set(ping_after_seconds=9)
    u8.admin("POST", "u8/periods", {"year": 2026, "closed": [1]})
    u8.admin("POST", "reset")
    assert u8.documents() == []
    assert u8.admin("GET", "settings")["ping_after_seconds"] == 3
    assert u8.admin("GET", "u8/periods")["closed"] == []
    refused(u8.read("department/batch_get"), code=TOKEN_ERROR)
    u8.fetch_token()
    accepted(u8.read("department/batch_get"))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "u8/archives", {"resource": "planet", "records": []}),
        ("POST", "u8/archives", {"resource": "department", "records": [{"name": "no code"}]}),
        ("POST", "u8/archives", []),
        ("POST", "u8/periods", {"year": 2026}),
        ("POST", "u8/periods", {"year": 2026, "closed": [13]}),
        ("POST", "u8/periods", {"year": 2026, "closed": [1], "module": "XX"}),
        ("POST", "u8/periods", {"year": 2026, "closed": [1], "to_account": "ent-other"}),
        ("GET", "u8/documents?resource=planet", None),
        ("GET", "u8/unknown", None),
        ("POST", "settings", {"ping_after_seconds": "3"}),
        ("POST", "settings", {"unknown": 1}),
    ],
)
def test_admin_mistakes_are_told(u8: U8Caller, method: str, path: str, body: object) -> None:
    response = u8.session.request(method, f"{u8.url}/_admin/{path}", json=body, timeout=10)
    assert response.status_code in (400, 404)
    assert response.json()["error"]


def test_page_shows_documents_work_and_keys(u8: U8Caller) -> None:
    accepted(u8.add("saleorder", changed(SALE_ORDER, code="SO-77"), biz_id="W77"))
    u8.set(work_seconds=60)
    u8.post("saleorder/add", {"saleorder": SALE_ORDER}, biz_id="W78")
    page = u8.session.get(f"{u8.url}/", timeout=10).text
    for text in ("SO-77", "W77", "W78", "running", "666.60", "ent-demo/1"):
        assert text in page
    assert DEMO.app_secret not in page


def test_state_survives_a_restart(tmp_path: Path) -> None:
    """A file keeps documents, used keys, tokens and knobs."""
    path = tmp_path / "u8.db"
    store = Store(path)
    with RunningServer(U8Simulator(store)) as server:
        caller = U8Caller(server.url)
        caller.fetch_token()
        caller.set(strict_customers=False, strict_inventory=False)
        accepted(caller.add("saleorder", SALE_ORDER, biz_id="W1"))
    store.close()
    store = Store(path)
    with RunningServer(U8Simulator(store)) as server:
        again = U8Caller(server.url, token=caller.token)
        refused(again.add("saleorder", SALE_ORDER, biz_id="W1"), code="30026")
        assert keys(again) == ["W1"]
    store.close()


def test_command_line(tmp_path: Path) -> None:
    """``python -m simulators.u8`` prints its address, works by itself and ends on SIGTERM."""
    command = [sys.executable, "-m", "simulators.u8", "--port", "0", "--db", str(tmp_path / "u8.db")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        caller = U8Caller(url)
        caller.fetch_token()
        accepted(caller.read("department/batch_get"))
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        if process.stdout is not None:
            process.stdout.close()
