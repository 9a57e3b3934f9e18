"""The client reads stock from the WDT stand-in over HTTP (wdt-openapi 1.5, 3; R-254)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from order_flow.integrations.errors import Rejected, Transient
from order_flow.integrations.wdt.client import WdtClient
from order_flow.integrations.wdt.port import StockFigure, UnreadableRecord
from order_flow.integrations.window import SHANGHAI, Window
from tests.contract.wdt.wdt_client_fixtures import ClientMaker
from tests.contract.wdt.wdt_fixtures import WdtCaller


def keep(wdt: WdtCaller, *specs: dict[str, Any]) -> None:
    wdt.admin("POST", "wdt/specs", {"specs": list(specs)})


def recent(days: int = 1) -> Window:
    now = datetime.now(SHANGHAI)
    return Window(now - timedelta(days=days), now + timedelta(minutes=5))


def test_each_warehouse_has_its_own_figure(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    keep(wdt, {"spec_no": "CUP", "stock_num": "7.0000",
               "stocks": {"WH01": {"stock_num": "12.5000", "avaliable_num": "-2.0000"}}})  # fmt: skip
    first, second = sorted(wdt_client.stock_of("CUP"), key=lambda figure: figure.warehouse_no)
    assert (first.warehouse_no, first.physical, first.available) == ("WH01", Decimal("12.5"), Decimal(-2))
    assert (second.warehouse_no, second.physical, second.available) == ("WH02", Decimal(7), Decimal(7))
    assert first.modified is not None and first.modified.tzinfo is not None
    assert wdt_client.stock_of("UNKNOWN") == ()


def test_a_window_of_any_length_is_cut_and_every_figure_comes_once(
    wdt: WdtCaller, make_client: ClientMaker
) -> None:
    keep(wdt, *({"spec_no": f"P{number:03d}"} for number in range(25)))
    client = make_client(page_size=7)
    figures = list(client.stock_changed(recent(days=70)))
    keys = [(f.spec_no, f.warehouse_no) for f in figures if isinstance(f, StockFigure)]
    assert len(keys) == len(set(keys)) == len(figures) == 50


def test_the_stand_in_refuses_a_window_that_is_too_long(wdt: WdtCaller, make_client: ClientMaker) -> None:
    """wdt-openapi 1.5: at most 30 days; the client's own setting keeps to it."""
    with pytest.raises(Rejected):
        list(make_client(stock_window=timedelta(days=40)).stock_changed(recent(days=40)))


def test_one_bad_record_is_set_aside_and_the_others_come(wdt: WdtCaller, wdt_client: WdtClient) -> None:
    keep(wdt, {"spec_no": "BAD", "stock_num": "a lot"}, {"spec_no": "CUP", "stock_num": "3"})
    found = list(wdt_client.stock_changed(recent()))
    bad = [record for record in found if isinstance(record, UnreadableRecord)]
    good = {record.spec_no for record in found if isinstance(record, StockFigure)}
    assert {record.key for record in bad} == {"BAD"}
    assert good == {"CUP"}
    with pytest.raises(Transient):
        wdt_client.stock_of("BAD")
