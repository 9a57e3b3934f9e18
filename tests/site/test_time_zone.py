"""A site whose time zone nobody set, and one that keeps the framework's own: every column agrees (B6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import get_datetime, get_system_timezone, now_datetime

from order_flow import install
from order_flow.api import orders as api
from order_flow.flow.outside.facts import order_facts
from order_flow.integrations.wdt.fields import time_text
from order_flow.outbox.clock import database_now, from_column
from order_flow.site_time import USUAL_ZONE, ZoneUnknown, aware, forget_zone
from tests.site.support.builders import OFFLINE_CHANNEL, WDT_ACCOUNT, WDT_CHANNEL, new_order, order_values

DEFAULT_OF_FRAMEWORK = "Asia/Kolkata"
SETTINGS = "System Settings"
SOON = timedelta(minutes=2)
MOMENT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)


@pytest.fixture
def zone(site: Any) -> Iterator[Any]:
    """Sets the site's time zone for one test; "" is what a new site has."""

    def keep(name: str) -> None:
        frappe.db.set_single_value(SETTINGS, "time_zone", name)
        forget_zone()

    yield keep
    frappe.db.rollback()
    forget_zone()


def wall_clock(zone: str) -> datetime:
    """What a clock shows there now."""
    return datetime.now(ZoneInfo(zone)).replace(tzinfo=None)


def test_a_site_without_a_zone_gets_chinas(zone: Any) -> None:
    """Installing and migrating go the same way; without it the framework takes India's time."""
    zone("")
    assert get_system_timezone() == DEFAULT_OF_FRAMEWORK
    install.after_migrate()
    assert (get_system_timezone(), frappe.db.get_single_value(SETTINGS, "time_zone")) == (
        USUAL_ZONE,
        USUAL_ZONE,
    )
    order = new_order()
    assert abs(get_datetime(order.ordered_at) - wall_clock(USUAL_ZONE)) < SOON


@pytest.mark.parametrize("name", ["Mars/Olympus", "CST+8", "北京"])
def test_a_zone_that_does_not_exist_stops_the_migration(zone: Any, name: str) -> None:
    zone(name)
    with pytest.raises(ZoneUnknown, match=name.replace("+", r"\+")):
        install.after_migrate()


@pytest.mark.parametrize("name", [DEFAULT_OF_FRAMEWORK, "UTC", "America/New_York"])
def test_a_zone_that_somebody_chose_stays(zone: Any, name: str) -> None:
    zone(name)
    install.ensure_zone()
    assert get_system_timezone() == name


@pytest.mark.parametrize("name", [DEFAULT_OF_FRAMEWORK, USUAL_ZONE, "America/New_York"])
def test_every_clock_of_the_site_agrees(zone: Any, name: str) -> None:
    """The framework's columns, the outbox's and the order's facts are one moment, whatever the zone."""
    zone(name)
    order = new_order(channel=WDT_CHANNEL, wdt_account=WDT_ACCOUNT)
    row = frappe.get_last_doc("Sync Outbox", {"document": order.name})
    now = datetime.now(UTC)
    moments = {
        "framework": aware(order.creation),
        "now": aware(now_datetime()),
        "order": aware(order.ordered_at),
        "facts": order_facts(order).ordered_at,
        "outbox": from_column(row.creation),
        "database": database_now(),
    }
    assert {who: moment for who, moment in moments.items() if abs(moment - now) > SOON} == {}
    assert abs(get_datetime(order.ordered_at) - wall_clock(name)) < SOON


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        (USUAL_ZONE, "2026-11-23 00:30:00"),
        (DEFAULT_OF_FRAMEWORK, "2026-11-22 22:00:00"),
        ("America/New_York", "2026-11-22 11:30:00"),
    ],
)
def test_a_time_with_an_offset_is_the_same_moment_everywhere(zone: Any, name: str, stored: str) -> None:
    """Stored by the site's clock, told WDT by China's."""
    zone(name)
    values = order_values()
    items = values.pop("items")
    body = {key: values[key] for key in values if key not in ("doctype", "channel")}
    placed = api.place_order(
        channel=OFFLINE_CHANNEL,
        external_number=f"ZONE-{name}",
        order={**body, "ordered_at": "2026-11-22T16:30:00Z"},
        items=items,
    )
    order = frappe.get_doc("Order", placed["order"])
    assert get_datetime(order.ordered_at) == get_datetime(stored)
    assert order_facts(order).ordered_at == MOMENT
    assert time_text(order_facts(order).ordered_at) == "2026-11-23 00:30:00"
