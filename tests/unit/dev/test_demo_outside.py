"""WDT's people in a story: they wait until there is something to do, and say so where there never is."""

from __future__ import annotations

from typing import Any

import pytest

from dev.demo.cases import outside as module
from dev.demo.cases.outside import Outside
from dev.demo.rest import Caller
from dev.demo.simulators import CANCELLED, IN_WAREHOUSE, REVIEW, WdtPeople


class Wdt(WdtPeople):
    """A WDT in memory, whose trades come with time."""

    def __init__(self, *later: list[dict[str, Any]]) -> None:
        super().__init__("http://127.0.0.1:1")
        self.later, self.done = list(later), []  # type: ignore[var-annotated]

    def trades_of(self, tid: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        now = self.later[0]
        if len(self.later) > 1:
            self.later.pop(0)
        return now, []

    def do(self, verb: str, trade_no: str, **options: Any) -> dict[str, Any]:
        self.done.append((verb, trade_no, options))
        return {}

    def turn_clock(self, seconds: float) -> None:
        self.done.append(("clock", "", {}))


class Site(Caller):
    """A site that reads when it is told to."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1", "site")
        self.reads = 0

    def call(self, method: str, /, **arguments: Any) -> Any:
        self.reads += method == "order_flow.api.sync.read_now"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience of a test."""
    monkeypatch.setattr(module, "LOOK_AGAIN_SECONDS", 0)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)


def trade(number: str, status: int) -> dict[str, Any]:
    return {"trade_no": number, "status": status}


def verbs(wdt: Wdt) -> list[tuple[str, str]]:
    return [(verb, number) for verb, number, _options in wdt.done if verb != "clock"]


def test_a_trade_that_comes_later_is_waited_for() -> None:
    """WDT submits what was pushed some seconds later; the site reads meanwhile."""
    wdt, site = Wdt([], [], [trade("JY1", REVIEW)]), Site()
    Outside(wdt, site).act("audit", "SO1", 0, {"weight": 1})
    assert verbs(wdt) == [("audit", "JY1")]
    assert site.reads == 1


def test_what_only_a_trade_at_review_takes_waits_for_it() -> None:
    """A payment that is not pushed yet keeps the trade from review."""
    wdt = Wdt([trade("JY1", 10)], [trade("JY1", REVIEW)])
    Outside(wdt, Site()).act("split", "SO1", 0, {})
    assert verbs(wdt) == [("split", "JY1")]


def test_cancelled_trades_do_not_count() -> None:
    """The second living trade is meant, whatever was merged away before."""
    wdt = Wdt([trade("JY1", CANCELLED), trade("JY2", IN_WAREHOUSE), trade("JY3", IN_WAREHOUSE)])
    Outside(wdt, Site()).act("print", "SO1", 1, {})
    assert verbs(wdt) == [("print", "JY3")]


def test_patience_ends() -> None:
    """Where nothing ever comes, WDT is asked for the order's number and answers with its refusal."""
    wdt = Wdt([])
    Outside(wdt, Site()).act("audit", "SO1", 0, {})
    assert verbs(wdt) == [("audit", "SO1")]
    assert Outside(wdt, Site()).settled(lambda: "") == ""
