"""Signature of openapi2: published vector, own examples, unit of length (wdt-openapi 1.2)."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.integrations.wdt.signing import ascii_json, plain_text, sign

COMMON = {"sid": "demo-sid", "appkey": "demo-appkey", "timestamp": "1735689600"}
SECRET = "demo-secret-001"
RAW_LIST = '[{"tid":"W20250101-0001","trade_status":30,"buyer_nick":"测试买家"}]'
BYTE_COUNTED = "1e484fe71cf8952fd16bbace3035f913"


def test_published_vector() -> None:
    params = {
        "appkey": "test2-xx",
        "page_no": "0",
        "end_time": "2016-08-01 13:00:00",
        "start_time": "2016-08-01 12:00:00",
        "page_size": "40",
        "sid": "test2",
        "timestamp": "1470042310",
    }
    assert sign(params, "12345") == "ad4e6fe037ea6e3ba4768317be9d1309"


@pytest.mark.parametrize(
    ("business", "expected"),
    [
        pytest.param(
            {"shop_no": "web01", "limit": "100", "is_part_sync_able": "1"},
            "7c9d4d281052b91a7116737b913dbd5a",
            id="E1",
        ),
        pytest.param(
            {"shop_no": "web01", "switch": "0", "trade_list": RAW_LIST},
            "1f26b5602f918a2b2a85c5ad5e391dd0",
            id="E2-characters",
        ),
        pytest.param(
            {
                "shop_no": "web01",
                "switch": "0",
                "trade_list": RAW_LIST.replace("测试买家", r"\u6d4b\u8bd5\u4e70\u5bb6"),
            },
            "b1ddc5a757075ece852891b66af37522",
            id="E3-escaped",
        ),
        pytest.param(
            {"shop_no": "web01", "trade_list": "a" * 10_000}, "7d2ac883d6f62857b8e11aca4671010c", id="E4-long"
        ),
        pytest.param({"shop_no": "web01", "note": ""}, "e3f5d6ddd704f1c5e1ef3bae1ec64e76", id="E5-empty"),
    ],
)
def test_own_examples(business: dict[str, str], expected: str) -> None:
    assert sign(COMMON | business, SECRET) == expected


def test_length_is_counted_in_characters_not_bytes() -> None:
    """E2's negative half: counting bytes gives another signature."""
    params = COMMON | {"shop_no": "web01", "switch": "0", "trade_list": RAW_LIST}
    packed = ";".join(
        f"{len(key.encode()):02d}-{key}:{len(value.encode()):04d}-{value}"
        for key, value in sorted(params.items())
    )
    by_bytes = hashlib.md5((packed + SECRET).encode()).hexdigest()
    assert by_bytes == BYTE_COUNTED
    assert sign(params, SECRET) != by_bytes


def test_sign_itself_and_order_of_parameters_do_not_matter() -> None:
    params = {**COMMON, "limit": "100"}
    turned = {name: params[name] for name in reversed(params)}
    assert sign({**turned, "sign": "old"}, SECRET) == sign(params, SECRET)


@given(st.dictionaries(st.text("abcxyz_", min_size=1, max_size=12), st.text(max_size=40), max_size=6))
def test_any_changed_value_changes_the_signature(params: dict[str, str]) -> None:
    signature = sign(params, SECRET)
    assert len(signature) == 32
    assert signature == signature.lower()
    for name, value in params.items():
        assert sign({**params, name: value + "x"}, SECRET) != signature


@given(
    st.recursive(st.text() | st.integers(), lambda part: st.lists(part) | st.dictionaries(st.text(), part))
)
def test_json_is_ascii_and_says_the_same(value: object) -> None:
    written = ascii_json(value)
    assert written.isascii()
    assert json.loads(written) == value


def test_four_byte_characters_go_and_control_characters_become_blanks() -> None:
    assert plain_text("  买家😀小王\ud83d\n请快\t发货\x00 ") == "买家小王 请快 发货"


@given(st.text(st.characters(exclude_categories=())))
def test_plain_text_never_leaves_what_the_far_side_refuses(text: str) -> None:
    cleaned = plain_text(text)
    assert all(" " <= character <= "\uffff" for character in cleaned)
    assert not any("\ud800" <= character <= "\udfff" for character in cleaned)
    assert plain_text(cleaned) == cleaned
