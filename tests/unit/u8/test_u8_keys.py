"""Keys, texts and codes that U8 can take and find again (u8-openapi 1.4, 1.7, 2, 6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_flow.integrations.errors import Rejected
from order_flow.integrations.u8.keys import carries_key, document_key
from order_flow.integrations.u8.port import KEY_LENGTH, U8DocumentKind
from order_flow.integrations.u8.reading import FIELDS, remote_document
from order_flow.integrations.u8.text import checked_code, clean_text


def test_short_ids_stay_readable() -> None:
    assert document_key(U8DocumentKind.SALE_ORDER, "SO-2026-00001") == "S-SO-2026-00001"
    assert document_key(U8DocumentKind.RECEIVABLE, "SO-2026-00001") == "R-SO-2026-00001"
    assert document_key(U8DocumentKind.RECEIPT, "a1b2c3d4e5") == "P-a1b2c3d4e5"


def test_long_or_odd_ids_get_a_digest() -> None:
    """The key must never change between releases: it is stored in U8."""
    assert document_key(U8DocumentKind.SALE_ORDER, "ORDER-2026-03-000000017") == "S-00017-NFEK3FSAN32A"
    assert document_key(U8DocumentKind.SALE_ORDER, "订单 17") != document_key(
        U8DocumentKind.SALE_ORDER, "订单 18"
    )


@given(st.text(min_size=1, max_size=60), st.sampled_from(U8DocumentKind))
def test_every_key_fits_and_is_found_again(identity: str, kind: U8DocumentKind) -> None:
    key = document_key(kind, identity)
    assert len(key) <= KEY_LENGTH
    assert carries_key(f"{key} order", key)
    fields = FIELDS[kind]
    record = {fields.number: "1", fields.amount: "1", fields.free_text: f"{key} paid"}
    assert remote_document(kind, record, "define1").key == key


def test_a_key_is_not_found_inside_a_longer_one() -> None:
    assert carries_key("S-SO-1 memo", "S-SO-1")
    assert not carries_key("S-SO-10 memo", "S-SO-1")
    assert not carries_key("XS-SO-1", "S-SO-1")
    assert not carries_key("S-SO-1-2", "S-SO-1")


def test_free_text_is_cut_and_made_harmless() -> None:
    assert clean_text("a&b\t<c>\x00'd'", 20) == "a＆b ＜c＞ ＇d＇"
    assert clean_text("x" * 30, 20) == "x" * 20


@pytest.mark.parametrize("code", ["a b", "a;b", "a<b", "a'b", 'a"b', "a%b", "a\nb", "ａ"])
def test_codes_are_refused_not_changed(code: str) -> None:
    with pytest.raises(Rejected, match="cannot read"):
        checked_code(code, "product code", 60)


def test_usual_codes_pass() -> None:
    assert checked_code("A-01.2/红", "product code", 60) == "A-01.2/红"
