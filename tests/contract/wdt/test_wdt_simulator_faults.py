"""Faults, clock, journal, persistence and page of a simulator (wdt-openapi 4.4, 6), shown on WDT.

The fault engine, clock and journal are shared by all simulators.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from simulators.core import RunningServer, Store
from simulators.wdt.simulator import WdtSimulator
from tests.contract.wdt.wdt_fixtures import WdtCaller, order

CHECKOUT = Path(__file__).resolve().parents[3]
START_SECONDS = 20


def fired(wdt: WdtCaller) -> list[int]:
    """How often each armed rule fired."""
    return [rule["fired"] for rule in wdt.admin("GET", "faults")["faults"]]


def raw_count(wdt: WdtCaller) -> int:
    """Stored raw orders."""
    return sum(wdt.admin("GET", "state")["raw_orders"].values())


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; fail when it does not come true in time."""
    deadline, pause = time.monotonic() + 10, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true within 10 s"
        pause.wait(0.01)


def test_reset_drops_what_is_under_way(wdt: WdtCaller) -> None:
    """A request that was delayed across a reset has no effect on what comes after."""
    wdt.arm("delay", times=1, args={"seconds": 0.5})
    late: list[type[Exception]] = []

    def push() -> None:
        try:
            WdtCaller(wdt.url).push(order())
        except requests.ConnectionError as error:
            late.append(type(error))

    thread = threading.Thread(target=push)
    thread.start()
    wait_until(lambda: fired(wdt) == [1])
    wdt.admin("POST", "reset", {})
    thread.join(timeout=10)
    assert late == [requests.ConnectionError]
    assert raw_count(wdt) == 0
    assert wdt.admin("GET", "requests")["requests"] == []


def test_drop_before_has_no_effect(wdt: WdtCaller) -> None:
    wdt.arm("drop_before", endpoint="trade_push", times=1)
    with pytest.raises(requests.ConnectionError):
        wdt.push(order())
    assert raw_count(wdt) == 0
    wdt.push_ok(order())
    assert fired(wdt) == [1]


def test_drop_after_commit_has_its_effect(wdt: WdtCaller) -> None:
    wdt.arm("drop_after_commit", endpoint="trade_push", times=1)
    with pytest.raises(requests.ConnectionError):
        wdt.push(order())
    assert raw_count(wdt) == 1
    assert wdt.push_ok(order())["chg_count"] == "1"


@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("after", 1)])
def test_http_5xx(wdt: WdtCaller, when: str, stored: int) -> None:
    wdt.arm("http_5xx", times=1, args={"status": 504, "when": when})
    assert (
        wdt.post("trade_push", wdt.signed(shop_no="web01", trade_list=json.dumps([order()]))).status_code
        == 504
    )
    assert raw_count(wdt) == stored


@pytest.mark.parametrize("mode", ["invalid", "truncated", "html"])
@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("after", 1)])
def test_garbage(wdt: WdtCaller, mode: str, when: str, stored: int) -> None:
    wdt.arm("garbage", times=1, args={"mode": mode, "when": when})
    response = wdt.post("trade_push", wdt.signed(shop_no="web01", trade_list=json.dumps([order()])))
    assert response.status_code == 200
    with pytest.raises(ValueError):
        response.json()
    assert raw_count(wdt) == stored


@pytest.mark.parametrize("when", ["before", "after"])
def test_delay(wdt: WdtCaller, when: str) -> None:
    wdt.arm("delay", times=1, args={"seconds": 0.3, "when": when})
    started = time.monotonic()
    wdt.push_ok(order())
    assert time.monotonic() - started >= 0.3


def test_a_late_answer_after_the_caller_gave_up(wdt: WdtCaller) -> None:
    """The effect is there although the caller timed out."""
    wdt.arm("delay", times=1, args={"seconds": 0.5, "when": "after"})
    form = wdt.signed(shop_no="web01", trade_list=json.dumps([order()]))
    with pytest.raises(requests.Timeout):
        requests.post(f"{wdt.url}/openapi2/trade_push.php", data=form, timeout=0.1)
    wait_until(lambda: raw_count(wdt) == 1)
    wait_until(lambda: len(wdt.admin("GET", "requests")["requests"]) == 1)


@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("after", 1)])
def test_hang(wdt: WdtCaller, when: str, stored: int) -> None:
    wdt.arm("hang", times=1, args={"seconds": 0.1, "when": when})
    with pytest.raises(requests.ConnectionError):
        wdt.push(order())
    assert raw_count(wdt) == stored


@pytest.mark.parametrize(("answer", "count"), [("first", "1"), ("last", "0")])
def test_duplicate(wdt: WdtCaller, answer: str, count: str) -> None:
    wdt.arm("duplicate", times=1, args={"answer": answer})
    assert wdt.push_ok(order())["new_count"] == count
    assert raw_count(wdt) == 1


@pytest.mark.parametrize(("mode", "seed"), [("reverse", 0), ("shuffle", 1)])
def test_reordered_lists(wdt: WdtCaller, mode: str, seed: int) -> None:
    tids = [f"W{n}" for n in range(6)]
    wdt.push_ok(*[order(tid) for tid in tids])
    wdt.settle()
    wdt.arm("reorder", endpoint="sales_trade_query", seed=seed, args={"mode": mode})
    seen = [
        [t["src_tids"] for t in wdt.call("sales_trade_query", **wdt.window())["trades"]] for _ in range(2)
    ]
    assert seen[0] != tids
    assert sorted(seen[0]) == tids
    assert seen[0] == seen[1], "the seed makes a run repeatable"


def test_held_answer_is_overtaken(wdt: WdtCaller) -> None:
    """The first request is processed first but answered last."""
    wdt.arm("reorder", times=1, match="W1", args={"mode": "hold", "seconds": 10})
    finished: list[str] = []

    def push(tid: str) -> None:
        WdtCaller(wdt.url).push_ok(order(tid))
        finished.append(tid)

    first = threading.Thread(target=push, args=("W1",))
    first.start()
    wait_until(lambda: raw_count(wdt) == 1)
    push("W2")
    first.join(timeout=10)
    assert finished == ["W2", "W1"]


def test_rate_limit_text(wdt: WdtCaller) -> None:
    """wdt-openapi 1.4."""
    wdt.arm("rate_limit", times=2)
    answers = [wdt.push(order()) for _ in range(3)]
    assert [answer["code"] for answer in answers] == [100, 100, 0]
    assert answers[0]["message"] == "超过每分钟最大调用频率限制"


@pytest.mark.parametrize("mode", ["status", "drop"])
def test_down_until_the_clock_passes(wdt: WdtCaller, mode: str) -> None:
    wdt.arm("down_until", args={"seconds": 3600, "mode": mode})
    for _ in range(2):
        if mode == "drop":
            with pytest.raises(requests.ConnectionError):
                wdt.push(order())
        else:
            assert wdt.post("shop", wdt.signed()).status_code == 503
        wdt.turn_clock(1700)
    wdt.turn_clock(300)
    wdt.push_ok(order())


@pytest.mark.parametrize("kind", ["token_loss", "replay_policy"])
def test_kinds_without_meaning_here(wdt: WdtCaller, kind: str) -> None:
    """openapi2 has no tokens and no idempotency keys."""
    wdt.arm(kind, times=1)
    wdt.push_ok(order())
    assert fired(wdt) == [1]


def test_match_and_endpoint_choose_the_victim(wdt: WdtCaller) -> None:
    wdt.arm("http_5xx", endpoint="trade_*", match="W7")
    wdt.push_ok(order("W1"))
    assert wdt.call("sales_trade_query", src_tid="W7")["code"] == 0
    form = wdt.signed(shop_no="web01", trade_list=json.dumps([order("W7")]))
    assert wdt.post("trade_push", form).status_code == 502
    wdt.admin("DELETE", "faults")
    wdt.push_ok(order("W7"))


def test_probability_is_repeatable(wdt: WdtCaller) -> None:
    def pattern() -> list[int]:
        wdt.admin("DELETE", "faults")
        wdt.arm("http_5xx", probability=0.5, seed=7)
        return [wdt.post("shop", wdt.signed()).status_code for _ in range(20)]

    first = pattern()
    assert set(first) == {200, 502}
    assert first == pattern()


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "explode"},
        {},
        {"kind": "delay", "often": 3},
        {"kind": "delay", "args": {"seconds": "long"}},
        {"kind": "delay", "args": {"minutes": 1}},
        {"kind": "garbage", "args": {"mode": "pretty"}},
        "delay",
    ],
)
def test_malformed_rules_are_refused(wdt: WdtCaller, rule: object) -> None:
    response = wdt.admin_raw("POST", "faults", [{"kind": "delay"}, rule])
    assert response.status_code == 400
    assert response.json()["error"]
    assert fired(wdt) == [], "none of the list is armed"


def test_journal_masks_and_names_faults(wdt: WdtCaller) -> None:
    wdt.arm("drop_after_commit", times=1)
    with pytest.raises(requests.ConnectionError):
        wdt.push(order())
    wdt.call("shop")
    entries = wdt.admin("GET", "requests")["requests"]
    assert [(e["endpoint"], e["status"], e["faults"]) for e in entries] == [
        ("trade_push", 0, ["drop_after_commit"]),
        ("shop", 200, []),
    ]
    assert entries[0]["parameters"]["sign"] == "***"
    assert entries[0]["answer"]["new_count"] == "1"
    assert len(wdt.admin("GET", "requests", endpoint="sh*", limit="1")["requests"]) == 1
    assert wdt.admin("DELETE", "requests")["requests"] == []


def test_admin_refuses_nonsense(wdt: WdtCaller) -> None:
    for method, path, body, status in [
        ("POST", "settings", {"nothing": 1}, 400),
        ("POST", "settings", {"auto": 1}, 400),
        ("POST", "clock", {"advance_seconds": -1}, 400),
        ("POST", "clock", {}, 400),
        ("POST", "wdt/fly", {"tid": "W1"}, 404),
        ("POST", "wdt/audit", {"tid": "W1"}, 404),
        ("POST", "accounts", {"sid": "x"}, 400),
        ("GET", "nowhere", None, 404),
    ]:
        response = wdt.admin_raw(method, path, body)
        assert response.status_code == status, (path, response.text)
        assert response.json()["error"]


def test_reset(wdt: WdtCaller) -> None:
    wdt.push_ok(order())
    wdt.set(auto=True)
    wdt.turn_clock(60)
    wdt.arm("delay")
    wdt.admin("POST", "accounts", {"sid": "s", "appkey": "k", "secret": "x"})
    wdt.admin("POST", "reset", {})
    state = wdt.admin("GET", "state")
    assert (state["raw_orders"], state["accounts"], state["waiting_jobs"]) == ({}, ["demo-sid"], 0)
    assert wdt.admin("GET", "clock")["offset_seconds"] == 0
    assert wdt.admin("GET", "settings")["auto"] is False
    assert fired(wdt) == []


def test_page(wdt: WdtCaller) -> None:
    wdt.shipped(order("W<1>"))
    wdt.arm("delay", times=0)
    page = requests.get(wdt.url, timeout=5)
    assert page.headers["Content-Type"].startswith("text/html")
    text = page.content.decode("utf-8")
    for word in ("Raw orders", "W&lt;1&gt;", "95 shipped", "JY", "物流同步", "delay", "trade_push"):
        assert word in text
    assert "W<1>" not in text


def test_parallel_callers(wdt: WdtCaller) -> None:
    """Every push is whole, whatever the order."""

    def push(prefix: str) -> None:
        caller = WdtCaller(wdt.url)
        for number in range(20):
            caller.push_ok(order(f"{prefix}{number}"))

    threads = [threading.Thread(target=push, args=(prefix,)) for prefix in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    wdt.settle()
    assert wdt.admin("GET", "state")["trades"] == {"30": 80}


def test_state_survives_a_restart(tmp_path: Path) -> None:
    """Orders, waiting work, settings and clock are in the file."""
    path = tmp_path / "wdt.db"
    for run in range(2):
        store = Store(path)
        with RunningServer(WdtSimulator(store)) as server:
            caller = WdtCaller(server.url)
            if run == 0:
                caller.set(submit_seconds=100)
                caller.turn_clock(5)
                caller.push_ok(order())
            else:
                assert caller.admin("GET", "clock")["offset_seconds"] == 5
                assert caller.trades("W1") == []
                caller.turn_clock(101)
                assert caller.trade("W1")["trade_status"] == "30"
        store.close()


@pytest.fixture
def command(tmp_path: Path) -> Iterator[WdtCaller]:
    """The simulator as the host starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--db", str(tmp_path / "wdt.db"), "--auto"]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulators.wdt", *arguments], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        # The line is printed when the port answers; a dead process ends the read instead.
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        yield WdtCaller(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        assert process.wait(timeout=START_SECONDS) == 0
        process.stdout.close()


def test_command_line(command: WdtCaller) -> None:
    """``python -m simulators.wdt --auto`` ships by itself and ends on SIGTERM."""
    assert command.submitted(order())["trade_status"] == "95"
