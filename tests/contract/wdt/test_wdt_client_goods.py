"""The client reads goods from the WDT stand-in over HTTP (wdt-openapi 1.5, 3; R-348)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from order_flow.integrations.errors import Rejected, Transient
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.port import Article, UnreadableRecord
from order_flow.integrations.window import SHANGHAI, Window
from tests.contract.wdt.wdt_client_fixtures import ClientMaker
from tests.contract.wdt.wdt_fixtures import WdtCaller


def keep(wdt: WdtCaller, *specs: dict[str, Any]) -> None:
    wdt.admin("POST", "wdt/specs", {"specs": list(specs)})


def recent(days: int = 1) -> Window:
    now = datetime.now(SHANGHAI)
    return Window(now - timedelta(days=days), now + timedelta(minutes=5))


def test_every_article_carries_what_its_goods_has(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    goods = {
        "goods_no": "G1",
        "goods_name": "Cup",
        "brand_name": "Acme",
        "class_name": "Cups",
        "unit_name": "pc",
    }
    keep(wdt, {"spec_no": "RED", "spec_name": "red", **goods}, {"spec_no": "BLUE", "barcode": "69", **goods})
    found = {
        article.spec_no: article
        for article in wdt_client.goods_changed(recent())
        if isinstance(article, Article)
    }
    assert found["RED"] == Article("RED", "Cup", "red", "Acme", "Cups", "pc", "", False)
    assert (found["BLUE"].brand, found["BLUE"].barcode) == ("Acme", "69")
    (asked,) = wdt_client.goods_of("RED")
    assert asked == found["RED"], "of the goods only the article that was asked for"
    assert wdt_client.goods_of("UNKNOWN") == ()


def test_an_interface_without_brand_and_category_gives_empty_ones(
    wdt: WdtCaller, wdt_client: WdtClient
) -> None:
    """R-348: the goods interface of the source carries neither."""
    keep(wdt, {"spec_no": "CUP"})
    (article,) = wdt_client.goods_of("CUP")
    assert (article.brand, article.category, article.is_deleted) == ("", "", False)


@pytest.mark.parametrize("deleted", [{"deleted": 3}, {"goods_deleted": 1}])
def test_a_deleted_goods_or_article_says_so(
    wdt: WdtCaller, wdt_client: WdtClient, deleted: dict[str, int]
) -> None:
    keep(wdt, {"spec_no": "CUP", **deleted})
    (article,) = wdt_client.goods_of("CUP")
    assert article.is_deleted


def test_a_window_of_any_length_is_cut_and_paged(wdt: WdtCaller, make_client: ClientMaker) -> None:
    keep(wdt, *({"spec_no": f"P{number:03d}", "goods_no": f"G{number:03d}"} for number in range(25)))
    found = list(make_client(page_size=7).goods_changed(recent(days=70)))
    assert len({article.spec_no for article in found if isinstance(article, Article)}) == len(found) == 25


def test_the_stand_in_refuses_a_window_that_is_too_long(make_client: ClientMaker) -> None:
    with pytest.raises(Rejected):
        list(make_client(stock_window=timedelta(days=40)).goods_changed(recent(days=40)))


def test_one_bad_record_is_set_aside_and_the_others_come(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    keep(wdt, {"spec_no": "BAD", "barcode": ["69"]}, {"spec_no": "CUP"})
    found = list(wdt_client.goods_changed(recent()))
    assert [record.key for record in found if isinstance(record, UnreadableRecord)] == ["BAD"]
    assert [article.spec_no for article in found if isinstance(article, Article)] == ["CUP"]
    with pytest.raises(Transient):
        wdt_client.goods_of("BAD")


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        ("http_5xx", {"status": 502, "when": "before"}),
        ("garbage", {"mode": "truncated"}),
        ("drop_before", {}),
        ("hang", {"seconds": 2, "when": "before"}),
    ],
)
def test_faults_of_reading_are_told_and_nothing_is_guessed(
    wdt: WdtCaller, make_client: ClientMaker, kind: str, args: dict[str, Any]
) -> None:
    """Reading may be repeated freely, so every fault is transient."""
    keep(wdt, {"spec_no": "CUP"})
    client = make_client(read_timeout=0.3)
    wdt.arm(kind, endpoint="goods_query", times=1, args=args)
    with pytest.raises(Transient):
        client.goods_of("CUP")
    assert client.goods_of("CUP") != ()
