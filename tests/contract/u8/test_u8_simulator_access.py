"""Tokens, common parameters and ledgers of the U8 stand-in (u8-openapi 1.1 - 1.3)."""

from __future__ import annotations

import pytest

from simulators.core import RunningServer
from simulators.u8 import DEMO, LedgerKey
from tests.contract.u8.u8_fixtures import SALE_ORDER, U8Caller, accepted, refused

TOKEN_ERROR = "10002"
PARAMETER_ERROR = "10003"
PERMISSION_ERROR = "10004"


def token_query(**changes: str) -> dict[str, str]:
    query = {"from_account": DEMO.from_account, "app_key": DEMO.app_key, "app_secret": DEMO.app_secret}
    return {name: text for name, text in {**query, **changes}.items() if text}


def test_token_is_nested_and_lives_two_hours(u8: U8Caller) -> None:
    """u8-openapi 1.2: expiresIn is in seconds, inside ``token``."""
    answer = accepted(u8.get("/system/token", **token_query()))
    assert answer["token"]["expiresIn"] == 7200
    assert answer["token"]["appKey"] == DEMO.app_key
    assert len(answer["token"]["id"]) == 32
    assert "expiresIn" not in answer


@pytest.mark.parametrize("name", ["app_secret", "app_key", "from_account"])
def test_token_needs_right_app(u8: U8Caller, name: str) -> None:
    """Brief of 1.2: a wrong secret, app or developer account gets no token."""
    refused(u8.get("/system/token", **token_query(**{name: "wrong"})), code=PERMISSION_ERROR)
    refused(u8.get("/system/token", **token_query(**{name: ""})), name, code=PARAMETER_ERROR)


def test_token_expires_by_the_clock(u8: U8Caller) -> None:
    """u8-openapi 1.2: two hours."""
    u8.turn_clock(7100)
    accepted(u8.read("department/batch_get"))
    u8.turn_clock(101)
    refused(u8.read("department/batch_get"), "token", code=TOKEN_ERROR)
    u8.fetch_token()
    accepted(u8.read("department/batch_get"))


def test_code_of_a_dead_token_is_configurable(u8: U8Caller) -> None:
    """u8-openapi 7.2: the real code is unknown."""
    u8.set(code_token="40001")
    u8.token = "0" * 32
    refused(u8.read("department/batch_get"), code="40001")


def test_new_token_may_kill_the_old_one(u8: U8Caller) -> None:
    """u8-openapi 7.5: unknown, so a knob; both readings are offered."""
    first = u8.token
    u8.fetch_token()
    second, u8.token = u8.token, first
    accepted(u8.read("department/batch_get"))
    u8.set(new_token_kills_old=True)
    u8.fetch_token()
    u8.token = second
    refused(u8.read("department/batch_get"), code=TOKEN_ERROR)


def test_trade_ids_are_unique_and_need_a_token(u8: U8Caller) -> None:
    """u8-openapi 1.2: /system/tradeid takes no to_account."""
    first, second = u8.fetch_trade(), u8.fetch_trade()
    assert first != second
    assert len(first) == 32
    u8.token = "0" * 32
    answer = u8.get("/system/tradeid", from_account=DEMO.from_account, app_key=DEMO.app_key, token=u8.token)
    refused(answer, code=TOKEN_ERROR)


@pytest.mark.parametrize("name", ["from_account", "to_account", "app_key", "token"])
def test_common_parameters_are_required(u8: U8Caller, name: str) -> None:
    """u8-openapi 1.3."""
    refused(u8.read("department/batch_get", **{name: ""}), name, code=PARAMETER_ERROR)


def test_data_source_is_a_number_and_optional(u8: U8Caller) -> None:
    """u8-openapi 1.3: default is the first data source of the app."""
    accepted(u8.read("department/batch_get", ds_sequence=""))
    refused(u8.read("department/batch_get", ds_sequence="eins"), "ds_sequence", code=PARAMETER_ERROR)
    refused(u8.read("department/batch_get", ds_sequence="9"), code=PERMISSION_ERROR)


def test_unknown_enterprise_is_refused(u8: U8Caller) -> None:
    """u8-openapi 1.1: the enterprise grants the app access."""
    refused(u8.read("department/batch_get", to_account="ent-other"), code=PERMISSION_ERROR)


def test_ledgers_are_separate(u8: U8Caller) -> None:
    """A second ledger behind the same app has its own documents and master data."""
    second = LedgerKey(DEMO.from_account, DEMO.to_account, DEMO.app_key, DEMO.app_secret, ds_sequence=2)
    u8.admin("POST", "u8/ledgers", {**second.__dict__})
    accepted(u8.add("saleorder", SALE_ORDER))
    other = U8Caller(u8.url, second)
    other.fetch_token()
    refused(other.read("saleorderlist/batch_get"), "销售订单", code="20002")
    refused(other.add("saleorder", SALE_ORDER), "custcode")
    assert len(u8.documents()) == 1
    labels = [row["ledger"] for row in u8.admin("GET", "u8/ledgers")["ledgers"]]
    assert labels == ["ent-demo/1", "ent-demo/2"]


def test_token_of_another_app_is_refused(u8: U8Caller) -> None:
    """A token belongs to the app that fetched it."""
    other_key = LedgerKey("dev-other", DEMO.to_account, "opafedcba9876543210", "another-secret")
    u8.admin("POST", "u8/ledgers", {**other_key.__dict__})
    other = U8Caller(u8.url, other_key, token=u8.token)
    refused(other.read("department/batch_get"), code=TOKEN_ERROR)


@pytest.mark.parametrize(
    "path",
    ["saleorder/batch_get", "saleorderlist/get", "saleorder/delete", "period/get", "person/add", "x/get"],
)
def test_unpublished_calls_do_not_exist(u8: U8Caller, path: str) -> None:
    """u8-openapi 1.3, 3.9: lists of documents are at ``<resource>list``; nothing can be deleted."""
    refused(u8.read(path), "接口不存在", code=PARAMETER_ERROR)


def test_method_is_part_of_the_contract(u8: U8Caller) -> None:
    """u8-openapi 1.3: GET reads, POST writes."""
    refused(u8.post("department/batch_get", {}), "GET", code=PARAMETER_ERROR)
    refused(u8.read("saleorder/add"), "POST", code=PARAMETER_ERROR)


def test_unknown_path_is_not_found(u8_simulator: RunningServer) -> None:
    """Outside /system, /result and /api there is nothing."""
    caller = U8Caller(u8_simulator.url)
    assert caller.session.get(f"{caller.url}/u8cloud/api", timeout=10).status_code == 404


@pytest.mark.parametrize(
    "ledger",
    [
        {"from_account": "only"},
        {**DEMO.__dict__, "ds_sequence": "2"},
        {**DEMO.__dict__, "colour": "red"},
    ],
)
def test_malformed_ledger_is_refused_by_admin(u8: U8Caller, ledger: dict[str, object]) -> None:
    response = u8.session.post(f"{u8.url}/_admin/u8/ledgers", json=ledger, timeout=10)
    assert response.status_code == 400
    assert "ledger" in response.json()["error"]
