"""The end of an order depends on its facts, not on the sequence in which they were told (R-016..R-026)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.api.orders import confirm
from order_flow.domain.states import PaymentFamily, ReleasePolicy
from order_flow.flow.lifecycle import late_facts
from order_flow.integrations.wdt.codes import RawTradeStatus, TradeStatus
from tests.site.support.builders import OFFLINE_CHANNEL, TERM_OF_FAMILY, WDT_CHANNEL, new_order
from tests.site.support.fact_walks import (
    CONFIRMS,
    End,
    Fact,
    desk_ships,
    pays,
    receipt,
    trades_are_read,
    walk,
    wdt_ships,
)

FAMILIES = list(PaymentFamily)
POLICIES = list(ReleasePolicy)
MONEY: dict[str, Fact] = {"pay 1": pays(50, "P1"), "pay 2": pays(50, "P2")}


@pytest.fixture
def fresh_channels() -> Iterator[None]:
    """Channels stand in the framework's cache, which no rollback empties."""
    yield
    frappe.db.rollback()
    frappe.clear_cache()


def order_of(family: PaymentFamily, channel: str, **policy: str) -> str:
    """Two pieces for 100 under a channel's policies."""
    frappe.db.set_value("Sales Channel", channel, policy)
    frappe.clear_document_cache("Sales Channel", channel)
    items = [{"product": "TEST-A", "quantity": 2, "unit_price": 50, "tax_percent": 13}]
    return str(new_order(channel=channel, payment_term=TERM_OF_FAMILY[family].value, items=items).name)


def ends_of(order: str, facts: dict[str, Fact]) -> tuple[int, dict[End, tuple[str, ...]]]:
    """How many sequences there were, and one for each end."""
    found: dict[End, tuple[str, ...]] = {}
    count = 0
    for told, end in walk(order, facts):
        count += 1
        found.setdefault(end, told)
    return count, found


@pytest.mark.usefixtures("fresh_channels")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "channel, policy",
    [(OFFLINE_CHANNEL, ReleasePolicy.CONFIRMED), *((WDT_CHANNEL, policy) for policy in POLICIES)],
)
def test_the_desk_leads(site: Any, family: PaymentFamily, channel: str, policy: ReleasePolicy) -> None:
    """Confirmed, paid in parts, shipped in parts, received: one end, with or without WDT."""
    order = order_of(family, channel, release_policy=policy.value)
    facts = {
        "confirm": CONFIRMS,
        **MONEY,
        "ship 1": desk_ships(1, "W1"),
        "ship 2": desk_ships(1, "W2"),
        "receipt": receipt,
    }
    count, found = ends_of(order, facts)
    assert count >= (3 if family is PaymentFamily.PAY_FIRST else 15)
    assert len(found) == 1, found
    (end,) = found
    assert (end.state, end.payment, end.settlement, end.owed) == ("Completed", "Paid", "Settled", 0)
    if channel == WDT_CHANNEL:
        assert end.told >= RawTradeStatus.READY


@pytest.mark.usefixtures("fresh_channels")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("policy", POLICIES)
def test_wdt_goes_first(site: Any, family: PaymentFamily, policy: ReleasePolicy) -> None:
    """WDT has reviewed and shipped; what is read, confirmed and paid when makes no difference."""
    order = order_of(
        family,
        WDT_CHANNEL,
        release_policy=policy.value,
    )
    facts = {
        "confirm": CONFIRMS,
        "pay": pays(100, "P"),
        "trades": trades_are_read(TradeStatus.SHIPPED),
        "out 1": wdt_ships(1, "T1"),
        "out 2": wdt_ships(1, "T2"),
    }
    count, found = ends_of(order, facts)
    assert count == 60
    assert {(end.state, end.payment, end.delivery, end.owed) for end in found} == {
        ("Shipped" if family is PaymentFamily.PAY_FIRST else "Completed", "Paid", "Shipped", 0)
    }, found
    assert len({end.steps for end in found}) == 1, found
    assert not any(end.tasks for end in found)


@pytest.mark.usefixtures("fresh_channels")
def test_a_fact_of_somebody_else_lets_the_order_go_on(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """WDT ships where the site leads: the order waits; once the policy lets it, the hourly look moves it."""
    order = order_of(PaymentFamily.PAY_LATER, WDT_CHANNEL, leads_ship="Site")
    confirm(order)
    wdt_ships(2, "T1")(order)
    assert frappe.db.get_value("Order", order, "workflow_state") == "Confirmed"
    frappe.db.set_value("Sales Channel", WDT_CHANNEL, "leads_ship", "Either")
    frappe.clear_document_cache("Sales Channel", WDT_CHANNEL)
    monkeypatch.setattr(late_facts, "in_transaction", lambda work: work())
    assert late_facts.follow_waiting_orders() >= 1
    assert frappe.db.get_value("Order", order, "workflow_state") == "Shipped"


@pytest.mark.usefixtures("fresh_channels")
@pytest.mark.parametrize("policy", POLICIES)
def test_paid_at_checkout_then_confirmed(site: Any, policy: ReleasePolicy) -> None:
    """A web shop's sequence: the order is paid at once when it is confirmed, and WDT is released."""
    order = order_of(PaymentFamily.PAY_FIRST, WDT_CHANNEL, release_policy=policy.value)
    (found,) = [end for told, end in walk(order, {**MONEY, "confirm": CONFIRMS}) if told[-1] == "confirm"]
    assert (found.state, found.told) == ("Paid", RawTradeStatus.READY)
