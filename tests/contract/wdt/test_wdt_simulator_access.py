"""Who may call, and the form of answers (wdt-openapi 1)."""

from __future__ import annotations

import time

import pytest

from simulators.wdt.signature import packed, signature
from tests.contract.wdt.wdt_fixtures import WdtCaller, order

COMMON = {"sid": "demo-sid", "appkey": "demo-appkey", "timestamp": "1735689600", "shop_no": "web01"}
NAMED = '[{"tid":"W20250101-0001","trade_status":30,"buyer_nick":"测试买家"}]'
EXAMPLES = {
    "E1": ({"limit": "100", "is_part_sync_able": "1"}, "7c9d4d281052b91a7116737b913dbd5a"),
    "E2": ({"switch": "0", "trade_list": NAMED}, "1f26b5602f918a2b2a85c5ad5e391dd0"),
    "E3": (
        {"switch": "0", "trade_list": NAMED.replace("测试买家", r"\u6d4b\u8bd5\u4e70\u5bb6")},
        "b1ddc5a757075ece852891b66af37522",
    ),
    "E4": ({"trade_list": "a" * 10_000}, "7d2ac883d6f62857b8e11aca4671010c"),
    "E5": ({"note": ""}, "e3f5d6ddd704f1c5e1ef3bae1ec64e76"),
}


def test_published_signature_vector() -> None:
    """wdt-openapi 1.2, vendor sign guide."""
    parameters = {
        "appkey": "test2-xx",
        "page_no": "0",
        "end_time": "2016-08-01 13:00:00",
        "start_time": "2016-08-01 12:00:00",
        "page_size": "40",
        "sid": "test2",
        "timestamp": "1470042310",
    }
    assert signature(parameters, "12345") == "ad4e6fe037ea6e3ba4768317be9d1309"


@pytest.mark.parametrize("name", EXAMPLES)
def test_signature_examples(name: str) -> None:
    """wdt-openapi 1.2, E1 to E5; E2 proves that characters are counted, not bytes."""
    business, expected = EXAMPLES[name]
    assert signature({**COMMON, **business}, "demo-secret-001") == expected


def test_packed_string_of_e1() -> None:
    """wdt-openapi 1.2, E1 packed; ``sign`` itself is never signed."""
    assert packed({**COMMON, **EXAMPLES["E1"][0], "sign": "x"}) == (
        "06-appkey:0011-demo-appkey;17-is_part_sync_able:0001-1;05-limit:0003-100;07-shop_no:0005-web01;"
        "03-sid:0008-demo-sid;09-timestamp:0010-1735689600"
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"sign": "0" * 32}, "签名"),
        ({"shop_no": "web02"}, "签名"),  # a value changed after signing
        ({"extra": "1"}, "签名"),  # an unsigned extra parameter
        ({"appkey": "nobody"}, "appkey"),
        ({"sid": "other-sid"}, "sid"),
        ({"timestamp": ""}, "timestamp"),
    ],
)
def test_wrong_caller_is_refused_with_http_200(wdt: WdtCaller, change: dict[str, str], word: str) -> None:
    """wdt-openapi 1.2, 1.3, 1.4."""
    response = wdt.post("shop", {**wdt.signed(shop_no="web01"), **change})
    assert response.status_code == 200
    answer = response.json()
    assert answer["code"] != 0
    assert word in answer["message"]


@pytest.mark.parametrize(
    ("seconds", "fine"), [(0, True), (-290, True), (290, True), (-310, False), (310, False)]
)
def test_skew_of_five_minutes(wdt: WdtCaller, seconds: int, fine: bool) -> None:
    """wdt-openapi 1.1: allowed skew 300 s."""
    answer = wdt.call("shop", timestamp=int(time.time()) + seconds)
    assert (answer["code"] == 0) is fine, answer


def test_milliseconds_are_refused(wdt: WdtCaller) -> None:
    """wdt-openapi 1.1: ten digits."""
    assert "timestamp" in wdt.call("shop", timestamp=int(time.time() * 1000))["message"]


def test_server_clock_error_knob(wdt: WdtCaller) -> None:
    """Skew is checked against wall time, not the simulated clock; a knob moves the server's clock."""
    wdt.turn_clock(7200)
    assert wdt.call("shop")["code"] == 0
    wdt.set(server_clock_error=400)
    assert wdt.call("shop")["code"] != 0


def test_get_and_json_bodies_are_refused(wdt: WdtCaller) -> None:
    """wdt-openapi 1.1: POST of a form."""
    url = f"{wdt.url}/openapi2/shop.php"
    form = wdt.signed()
    assert wdt.session.get(url, params=form, timeout=5).json()["code"] != 0
    assert wdt.session.post(url, json=form, timeout=5).json()["code"] != 0
    assert wdt.session.post(f"{wdt.url}/openapi2/unknown.php", data=form, timeout=5).status_code == 404


def test_numbers_are_strings_and_total_only_on_page_0(wdt: WdtCaller) -> None:
    """wdt-openapi 1.3."""
    first = wdt.call("shop", page_no=0)
    assert first["total_count"] == "1"
    assert first["shoplist"][0]["platform_id"] == "127"
    second = wdt.call("shop", page_no=1)
    assert "total_count" not in second
    assert "shoplist" not in second, "an empty list key is left out"
    wdt.set(omit_empty_lists=False, numbers_as_strings=False, code_as_string=True)
    second = wdt.call("shop", page_no=1)
    assert (second["shoplist"], second["code"]) == ([], "0")
    assert wdt.call("shop")["total_count"] == 1


def test_non_ascii_is_escaped(wdt: WdtCaller) -> None:
    """wdt-openapi 1.3."""
    response = wdt.post("warehouse_query", wdt.signed())
    assert response.content.isascii()
    assert response.json()["warehouses"][0]["name"] == "主仓"


def test_master_data(wdt: WdtCaller) -> None:
    """wdt-openapi 3: shops, warehouses, carriers of the demo account."""
    assert [s["shop_no"] for s in wdt.call("shop")["shoplist"]] == ["web01"]
    assert [w["warehouse_no"] for w in wdt.call("warehouse_query")["warehouses"]] == ["WH01", "WH02"]
    assert [w["name"] for w in wdt.call("warehouse_query", warehouse_no="WH02")["warehouses"]] == ["备用仓"]
    carriers = {c["logistics_no"]: c["logistics_type"] for c in wdt.call("logistics")["logistics_list"]}
    assert carriers == {"SF": "8", "YTO": "4", "ZTO": "5"}


def test_several_accounts_are_apart(wdt: WdtCaller, wdt_simulator: object) -> None:
    """Keyed by account: the same tid in two sellers is two orders."""
    second = {"sid": "sid2", "appkey": "key2", "secret": "s2", "shops": [{"shop_no": "shop2"}]}
    shown = wdt.admin("POST", "accounts", second)
    assert "secret" not in shown
    other = WdtCaller(wdt.url, "sid2", "key2", "s2", "shop2", wdt.session)
    wdt.push_ok(order("W1"))
    assert other.push_ok(order("W1"))["new_count"] == "1"
    wdt.settle()
    assert wdt.trade("W1")["shop_no"] == "web01"
    assert other.trade("W1")["shop_no"] == "shop2"
    assert other.push(order("W2"), shop_no="web01")["code"] == 2310
    accounts = wdt.admin("GET", "accounts")["accounts"]
    assert {account["sid"] for account in accounts} == {"demo-sid", "sid2"}


def test_rights_and_disabled_accounts(wdt: WdtCaller) -> None:
    """wdt-openapi 1.4, 7: interfaces are granted per appkey."""
    wdt.admin("POST", "accounts", {"sid": "s3", "appkey": "k3", "secret": "x", "rights": ["shop"]})
    third = WdtCaller(wdt.url, "s3", "k3", "x", "web01", wdt.session)
    assert third.call("shop")["code"] == 0
    assert "权限不足" in third.call("logistics")["message"]
    wdt.admin("POST", "accounts", {"sid": "s3", "appkey": "k3", "secret": "x", "disabled": True})
    assert third.call("shop")["code"] == 1007


def test_call_rate_knob(wdt: WdtCaller) -> None:
    """wdt-openapi 1.4: the vendor's text; the limit itself is unpublished and off by default."""
    wdt.set(calls_per_minute=2)
    codes = [wdt.call("shop") for _ in range(3)]
    assert [answer["code"] for answer in codes[:2]] == [0, 0]
    assert codes[2]["message"] == "超过每分钟最大调用频率限制"
