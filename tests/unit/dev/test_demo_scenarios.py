"""The table of sample orders says what issue 2, section 5 asks for, and every deed in it can be done."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dev.demo.case import basket_lines
from dev.demo.deeds import DOINGS
from dev.demo.scenarios import SCENARIOS, Basket, Deed, Scenario
from dev.demo.setting import ARTICLES, LEDGER_OF, POLICY, PROFILE, WITHOUT_WDT, Channel
from order_flow.domain.amounts import line_amounts
from order_flow.domain.states import FINAL_STATES, OrderState, PaymentFamily, PaymentTerm, family_of

REQUIRED_DEEDS = (
    Deed.PLACE_AGAIN,
    Deed.HOLD,
    Deed.WDT_CANCELS,
    Deed.WDT_SHIPS_PART,
    Deed.WDT_STOPS_PARCEL,
    Deed.WDT_LETS_PARCEL_GO,
    Deed.WDT_PUSH_UNANSWERED,
    Deed.U8_ADD_UNANSWERED,
    Deed.U8_GOES_DOWN,
    Deed.U8_REFUSES_ONCE,
    Deed.WDT_REFUSES_RATE,
)


def deeds_of(scenario: Scenario) -> list[Deed]:
    return [act.deed for act in scenario.story]


def test_enough_orders() -> None:
    """At least 60, of both families, with both U8 profiles (issue 2, section 5)."""
    assert len(SCENARIOS) >= 60
    families = {family_of(PaymentTerm(scenario.term)) for scenario in SCENARIOS}
    assert families == set(PaymentFamily)
    assert {PROFILE[LEDGER_OF[scenario.channel]] for scenario in SCENARIOS} == set(PROFILE.values())


def test_what_must_be_shown_is_in_the_table() -> None:
    """Duplicates, holds, partial shipments, every way of cancelling and each fault occur (R-046, R-147)."""
    told = {deed for scenario in SCENARIOS for deed in deeds_of(scenario)}
    assert [deed for deed in REQUIRED_DEEDS if deed not in told] == []
    assert {scenario.end for scenario in SCENARIOS} == {state.value for state in FINAL_STATES}
    assert max(scenario.basket.lines for scenario in SCENARIOS) == 30


def test_every_deed_can_be_done() -> None:
    assert [deed for deed in Deed if deed not in DOINGS] == []


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_story_is_whole(scenario: Scenario) -> None:
    """An order is placed once, before anything else happens to it; states it waits for exist."""
    armed_before = (Deed.WDT_PUSH_UNANSWERED, Deed.WDT_REFUSES_RATE)
    deeds = [deed for deed in deeds_of(scenario) if deed not in armed_before]
    assert deeds[0] in (Deed.PLACE, Deed.PLACE_AGAIN)
    assert len([deed for deed in deeds if deed in (Deed.PLACE, Deed.PLACE_AGAIN)]) == 1
    for act in scenario.story:
        assert act.deed is not Deed.AWAIT or OrderState(act.state)
        assert act.share > 0
    if scenario.channel in WITHOUT_WDT:
        assert not [deed for deed in deeds if deed.name.startswith("WDT_")]


def test_channels_differ() -> None:
    """Both release policies and all three ways of leading are played (K-02)."""
    values = {value for policy in POLICY.values() for value in policy.values()}
    assert {"Paid", "Site", "WDT"} <= values
    assert {scenario.channel for scenario in SCENARIOS} == set(Channel)


def test_basket_lines_have_prices_and_gifts_have_none() -> None:
    """A gift is marked; everything else is worth something (R-042)."""
    lines = basket_lines(Basket(first=28, lines=3, gifts=2, line_discount=Decimal("0.10")))
    assert [bool(line.get("is_gift")) for line in lines] == [False] * 3 + [True] * 2
    for line in lines[:3]:
        amounts = line_amounts(
            Decimal(line["quantity"]),
            Decimal(line["unit_price"]),
            Decimal(line["discount"]),
            Decimal(13),
            tax_included=True,
        )
        assert amounts.gross > 0
    assert [line["unit_price"] for line in lines[3:]] == ["0", "0"]


def test_article_codes_are_unique() -> None:
    assert len({article.code for article in ARTICLES}) == len(ARTICLES) == 30
