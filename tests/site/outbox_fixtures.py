"""Fixtures of the outbox tests: an account of the lab and its far side."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.outbox import registry
from tests.site.outbox_lab import ACCOUNT_TYPE, FarSide, far_side, register_lab

TABLES = ("Sync Outbox", "Sync Attempt", "Sync Position", "Sync Discrepancy")


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[FarSide]:
    """A far side, with the lab's handler and port registered for the time of the test."""
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))
    monkeypatch.setattr(registry, "_factories", dict(registry._factories))
    with far_side() as state:
        register_lab(state.url)
        yield state


@pytest.fixture
def lab_account(site: Any, outside: FarSide) -> Iterator[str]:
    """An account of its own for each test, committed; removed with everything that names it."""
    name = f"Lab {uuid.uuid4().hex[:10]}"
    account = frappe.new_doc(ACCOUNT_TYPE)
    account.update({"account_name": name, "enabled": 1})
    account.flags.ignore_mandatory = True
    account.insert(ignore_permissions=True)
    frappe.db.commit()
    yield name
    frappe.set_user("Administrator")
    frappe.db.rollback()
    rows = frappe.get_all("Sync Outbox", {"account": name}, pluck="name")
    if rows:
        about = {"reference_doctype": "Sync Outbox", "reference_name": ("in", [str(row) for row in rows])}
        for log in ("Error Log", "Comment"):
            frappe.db.delete(log, about)
    for table in TABLES:
        frappe.db.delete(table, {"account": name})
    frappe.db.delete(ACCOUNT_TYPE, {"name": name})
    frappe.db.commit()
