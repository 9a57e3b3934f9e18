"""Keys, asynchronous results and replays of the U8 stand-in (u8-openapi 1.4, 1.5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.contract.u8.u8_fixtures import RECEIPT, SALE_ORDER, U8Caller, accepted, changed, refused

PARAMETER_ERROR = "10003"
DUPLICATE_ERROR = "30026"
RUNNING = "30025"


def post_order(u8: U8Caller, **query: str) -> dict[str, Any]:
    return u8.post("saleorder/add", {"saleorder": SALE_ORDER}, **query)


def follow(u8: U8Caller, acknowledgement: dict[str, Any]) -> dict[str, Any]:
    return dict(u8.session.get(acknowledgement["url"], timeout=10).json())


def test_add_is_asynchronous_by_default(u8: U8Caller) -> None:
    """u8-openapi 1.5: acknowledgement without errcode, pending answers keep the url, the last has none."""
    u8.set(pending_polls=2, ping_after_seconds=7)
    ack = post_order(u8, biz_id="W1")
    assert "errcode" not in ack
    assert ack["ping_after"] == "7"
    assert "/result?requestid=" in ack["url"]
    for _ in range(2):
        pending = follow(u8, ack)
        assert pending == ack
    final = accepted(follow(u8, ack))
    assert set(final) == {"errcode", "errmsg", "id", "tradeid"}
    assert final["id"] == u8.documents()[0]["code"]
    assert final["tradeid"] == ack["tradeid"]
    assert accepted(follow(u8, ack)) == final, "a result can be read again"


def test_sync_0_is_the_default_and_sync_1_answers_at_once(u8: U8Caller) -> None:
    """u8-openapi 1.3."""
    assert "url" in post_order(u8, biz_id="W1", sync="0")
    final = accepted(post_order(u8, biz_id="W2", sync="1"))
    assert "url" not in final
    refused(post_order(u8, biz_id="W3", sync="2"), "sync", code=PARAMETER_ERROR)
    assert len(u8.documents()) == 2


def test_slow_work_stays_pending_until_the_clock_has_passed(u8: U8Caller) -> None:
    """Knob of u8-openapi 6: pending by clock."""
    u8.set(pending_polls=0, work_seconds=60)
    ack = post_order(u8, biz_id="W1")
    u8.turn_clock(59)
    assert "url" in follow(u8, ack)
    assert u8.documents() == []
    assert u8.admin("GET", "state")["running"] == 1
    u8.turn_clock(2)
    accepted(follow(u8, ack))
    assert len(u8.documents()) == 1


def test_rejection_arrives_with_the_result(u8: U8Caller) -> None:
    """u8-openapi 1.7: EAI's refusal is the final answer of an asynchronous add."""
    u8.set(pending_polls=0)
    ack = u8.post("saleorder/add", {"saleorder": changed(SALE_ORDER, deptcode="99")}, biz_id="W1")
    assert "url" in ack
    refused(follow(u8, ack), "deptcode")
    assert u8.documents() == []


def test_month_closed_while_waiting_refuses_the_add(u8: U8Caller) -> None:
    """The period counts when U8 does the work, not when the platform took it in."""
    u8.set(pending_polls=0, work_seconds=60)
    ack = u8.post("saleorder/add", {"saleorder": changed(SALE_ORDER, date="2026-10-31")}, biz_id="W1")
    u8.admin("POST", "u8/periods", {"year": 2026, "closed": [10]})
    u8.turn_clock(61)
    refused(follow(u8, ack), "已结账")


@pytest.mark.parametrize("request_id", ["", "0" * 32])
def test_unknown_result_address(u8: U8Caller, request_id: str) -> None:
    """u8-openapi 7.4: what it really says is unknown; the stand-in says 20002."""
    refused(u8.get("/result", requestid=request_id), code="20002")


def test_result_expires_by_the_clock(u8: U8Caller) -> None:
    """u8-openapi 7.4."""
    u8.set(pending_polls=0, result_life_seconds=600)
    ack = post_order(u8, biz_id="W1")
    u8.turn_clock(599)
    accepted(follow(u8, ack))
    u8.turn_clock(2)
    refused(follow(u8, ack), code="20002")
    assert len(u8.documents()) == 1


def test_result_can_be_lost(u8: U8Caller) -> None:
    """The document exists although its result cannot be read any more."""
    ack = post_order(u8, biz_id="W1")
    u8.admin("DELETE", "u8/results")
    refused(follow(u8, ack), code="20002")
    assert [document["key"] for document in u8.documents()] == ["W1"]


def test_exactly_one_key_is_needed(u8: U8Caller) -> None:
    """u8-openapi 1.4: passing both is forbidden, none too."""
    refused(post_order(u8), "tradeid", code=PARAMETER_ERROR)
    refused(post_order(u8, tradeid=u8.fetch_trade(), biz_id="W1"), "biz_id", code=PARAMETER_ERROR)
    accepted(post_order(u8, tradeid=u8.fetch_trade(), sync="1"))
    accepted(post_order(u8, biz_id="W1", sync="1"))


def test_tradeid_must_come_from_the_platform(u8: U8Caller) -> None:
    """u8-openapi 1.4."""
    refused(post_order(u8, tradeid="0123456789abcdef0123456789abcdef"), "tradeid", code=PARAMETER_ERROR)


@pytest.mark.parametrize("sync", ["0", "1"])
def test_key_in_progress_is_30025(u8: U8Caller, sync: str) -> None:
    """u8-openapi 1.4: 操作正在执行, whatever the replay policy."""
    u8.set(work_seconds=60, replay_policy="duplicate")
    post_order(u8, biz_id="W1")
    refused(post_order(u8, biz_id="W1", sync=sync), "操作正在执行", code=RUNNING)
    u8.turn_clock(61)
    accepted(post_order(u8, biz_id="W1", sync="1"))


@pytest.mark.parametrize("key", ["biz_id", "tradeid"])
def test_replay_policy_error_is_the_default(u8: U8Caller, key: str) -> None:
    """u8-openapi 7.1: unknown in reality; the default shows up clients that resend blindly."""
    value = u8.fetch_trade()
    accepted(post_order(u8, sync="1", **{key: value}))
    refused(post_order(u8, sync="1", **{key: value}), value, code=DUPLICATE_ERROR)
    refused(post_order(u8, **{key: value}), value, code=DUPLICATE_ERROR)
    assert len(u8.documents()) == 1


def test_code_of_a_used_key_is_configurable(u8: U8Caller) -> None:
    """u8-openapi 7.2: the real code is unknown."""
    u8.set(code_duplicate_key="20005")
    accepted(post_order(u8, sync="1", biz_id="W1"))
    refused(post_order(u8, sync="1", biz_id="W1"), "W1", code="20005")


@pytest.mark.parametrize("key", ["biz_id", "tradeid"])
def test_replay_policy_same_id(u8: U8Caller, key: str) -> None:
    """u8-openapi 7.1: a replay answers as the first call did."""
    u8.set(replay_policy="same_id", pending_polls=0)
    value = u8.fetch_trade()
    first = accepted(post_order(u8, sync="1", **{key: value}))
    assert post_order(u8, sync="1", **{key: value}) == first
    ack = post_order(u8, **{key: value})
    assert accepted(follow(u8, ack)) == first
    assert len(u8.documents()) == 1


def test_same_id_revives_an_expired_result(u8: U8Caller) -> None:
    """A replay after the result expired must be able to deliver it."""
    u8.set(replay_policy="same_id", pending_polls=0, result_life_seconds=60)
    first = accepted(post_order(u8, sync="1", biz_id="W1"))
    u8.turn_clock(100)
    assert accepted(follow(u8, post_order(u8, biz_id="W1"))) == first


@pytest.mark.parametrize("key", ["biz_id", "tradeid"])
def test_replay_policy_duplicate(u8: U8Caller, key: str) -> None:
    """u8-openapi 7.1: the worst case, a second document under the same key."""
    u8.set(replay_policy="duplicate", pending_polls=0)
    value = u8.fetch_trade()
    first = accepted(post_order(u8, sync="1", **{key: value}))
    second = accepted(post_order(u8, sync="1", **{key: value}))
    third = accepted(follow(u8, post_order(u8, **{key: value})))
    assert len({first["id"], second["id"], third["id"]}) == 3
    assert [document["key"] for document in u8.documents()] == [value] * 3


def test_replay_policy_by_fault_strikes_single_calls(u8: U8Caller) -> None:
    """Fault kind replay_policy: one call may differ from the knob."""
    accepted(post_order(u8, sync="1", biz_id="W1"))
    u8.arm("replay_policy", endpoint="api/saleorder/add", times=1, args={"policy": "duplicate"})
    accepted(post_order(u8, sync="1", biz_id="W1"))
    refused(post_order(u8, sync="1", biz_id="W1"), code=DUPLICATE_ERROR)


def test_unknown_replay_policy_is_refused_by_admin(u8: U8Caller) -> None:
    response = u8.session.post(f"{u8.url}/_admin/settings", json={"replay_policy": "maybe"}, timeout=10)
    assert response.status_code == 400
    assert "same_id" in response.json()["error"]


def test_refused_add_gives_its_key_free(u8: U8Caller) -> None:
    """Assumption of the stand-in (u8-openapi 7.1): a corrected document may use the same key."""
    refused(u8.add("saleorder", changed(SALE_ORDER, deptcode="99"), biz_id="W1"), "deptcode")
    accepted(post_order(u8, sync="1", biz_id="W1"))


def test_key_scope(u8: U8Caller) -> None:
    """u8-openapi 7.1: scope unknown; by default one key serves one document of the whole ledger."""
    accepted(post_order(u8, sync="1", biz_id="W1"))
    refused(u8.add("accept", RECEIPT, biz_id="W1"), code=DUPLICATE_ERROR)
    u8.set(key_scope="resource")
    accepted(u8.add("accept", RECEIPT, biz_id="W1"))
    refused(post_order(u8, sync="1", biz_id="W1"), code=DUPLICATE_ERROR)


def test_racing_calls_with_one_key_make_one_document(u8: U8Caller) -> None:
    """u8-openapi 1.4: the key is the only idempotency handle."""
    callers = [U8Caller(u8.url, token=u8.token) for _ in range(8)]
    with ThreadPoolExecutor(len(callers)) as pool:
        answers = list(pool.map(lambda caller: post_order(caller, sync="1", biz_id="W1"), callers))
    assert sorted(answer["errcode"] for answer in answers) == ["0"] + [DUPLICATE_ERROR] * 7
    assert len(u8.documents()) == 1


def test_body_needs_exactly_the_wrapper_key(u8: U8Caller) -> None:
    """u8-openapi 1.3: one wrapper key named after the resource."""
    for body in (SALE_ORDER, {"accept": SALE_ORDER}, {"saleorder": SALE_ORDER, "x": 1}, [SALE_ORDER], {}):
        refused(u8.post("saleorder/add", body, biz_id="W1"), "saleorder", code=PARAMETER_ERROR)
    refused(u8.post("saleorder/add", {"saleorder": [SALE_ORDER]}, biz_id="W1"), code=PARAMETER_ERROR)


@pytest.mark.parametrize(
    "body", [b"{", b"", '{"saleorder": {"memo": "\u00e4"}}'.encode("latin-1"), b'{"a": NaN}']
)
def test_body_must_be_utf8_json(u8: U8Caller, body: bytes) -> None:
    """u8-openapi 1.3."""
    query = {**u8.common(), "biz_id": "W1"}
    answer = u8.session.post(f"{u8.url}/api/saleorder/add", params=query, data=body, timeout=10).json()
    refused(answer, code=PARAMETER_ERROR)


def test_unknown_query_parameter_of_an_add_is_refused(u8: U8Caller) -> None:
    refused(post_order(u8, biz_id="W1", bizid="W1"), "bizid", code=PARAMETER_ERROR)


def test_internal_id_instead_of_the_number(u8: U8Caller) -> None:
    """u8-openapi 7.6: meaning of ``id`` is unknown; a client must cope with both."""
    u8.set(id_style="internal")
    final = accepted(u8.add("saleorder", changed(SALE_ORDER, code="SO-1")))
    assert final["id"] == str(u8.documents()[0]["id"])
    assert final["id"] != "SO-1"
