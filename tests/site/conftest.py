"""A connection to the test site on real MariaDB and Redis, and the people and master data of the tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frappe
import pytest
from pymysql.connections import Connection

from dev.host import services
from dev.state import HostState
from order_flow.domain.message import Message
from order_flow.outbox import language
from tests.contract.services.messaging_fixtures import messaging, messaging_server
from tests.contract.services.tracking_fixtures import tracking, tracking_server
from tests.contract.u8.u8_fixtures import u8, u8_server, u8_simulator
from tests.contract.wdt.wdt_fixtures import wdt, wdt_server, wdt_simulator
from tests.site.support.builders import ensure_master_data, ensure_people, reuse_customer_codes
from tests.site.support.committed_orders import forget_later_stock
from tests.site.support.gate_orders import ensure_procedures
from tests.site.support.rest_client import Callers
from tests.site.support.sync_lab import lab

__all__ = [
    "lab",
    "messaging",
    "messaging_server",
    "tracking",
    "tracking_server",
    "u8",
    "u8_server",
    "u8_simulator",
    "wdt",
    "wdt_server",
    "wdt_simulator",
]


_language_of_site = language.site_language


@pytest.fixture(scope="session")
def test_site(host: HostState) -> Iterator[str]:
    """The test site, connected, with committed people and master data."""
    services.start(["mariadb", "redis-cache", "redis-test-queue"])
    before = Path.cwd()
    # Frappe finds its logs and its files beside the folder it is started in.
    os.chdir(host.sites_path)
    frappe.init(site=host.test_site, sites_path=str(host.sites_path))
    frappe.connect()
    frappe.flags.in_test = False
    # The test site is Chinese; what is stored for others is read here in English, as all texts of the tests.
    # The fixture ``chinese`` gives the site's own language back.
    language.site_language = lambda: "en"
    forget_later_stock()
    ensure_people()
    ensure_master_data()
    ensure_procedures()
    frappe.db.commit()
    reuse_customer_codes()
    yield host.test_site
    frappe.destroy()
    os.chdir(before)


@pytest.fixture(scope="session")
def stored_as_written(test_site: str) -> Iterator[list[str]]:
    """Messages that reached the database without being translated for their readers."""
    found: list[str] = []
    escape = Connection.escape

    def watching(self: Connection, value: Any, mapping: Any = None) -> Any:
        if isinstance(value, Message):
            found.append(value)
        return escape(self, value, mapping)

    Connection.escape = watching
    yield found
    Connection.escape = escape


@pytest.fixture
def site(test_site: str, stored_as_written: list[str]) -> Iterator[Any]:
    """One test: as Administrator, and everything it did is taken back unless it was committed."""
    stored_as_written.clear()
    frappe.db.rollback()
    frappe.set_user("Administrator")
    frappe.local.message_log = []
    frappe.local.lang = "en"
    yield frappe
    frappe.db.rollback()
    frappe.set_user("Administrator")
    assert stored_as_written == [], "stored in English for readers of every language: in_site_language()"


@pytest.fixture
def chinese(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site's own language again, which the tests otherwise read in English."""
    frappe.db.set_default("lang", "zh")
    monkeypatch.setattr(language, "site_language", _language_of_site)


@pytest.fixture(scope="session")
def callers(test_site: str, host: HostState) -> Callers:
    """Callers of the test site's web server, by role or user."""
    services.start(["web-test"])
    return Callers(host.test_web_url)
