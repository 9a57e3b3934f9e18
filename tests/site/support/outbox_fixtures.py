"""Fixtures of the outbox tests: an account of the lab and its far side."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any

import frappe
import pytest

from order_flow.outbox import registry
from order_flow.outbox.transaction import in_transaction
from tests.site.support.outbox_lab import ACCOUNT_TYPE, FarSide, far_side, register_lab

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
    in_transaction(partial(_make_account, name))
    yield name
    frappe.set_user("Administrator")
    in_transaction(partial(_remove, name))


def _make_account(name: str) -> None:
    account = frappe.new_doc(ACCOUNT_TYPE)
    account.update({"account_name": name, "enabled": 1})
    account.flags.ignore_mandatory = True
    account.insert(ignore_permissions=True)


def _remove(account: str) -> None:
    rows = [str(row) for row in frappe.get_all("Sync Outbox", {"account": account}, pluck="name")]
    about = {"reference_doctype": "Sync Outbox", "reference_name": ("in", rows)}
    for table in TABLES:
        _delete(table, {"account": account})
    if rows:
        _delete("Error Log", about)
        _delete("Comment", about)
    frappe.db.delete(ACCOUNT_TYPE, {"name": account})


def _delete(doctype: str, filters: dict[str, Any]) -> None:
    # By name: a delete that has to look for its rows would lock those of other tests.
    names = frappe.get_all(doctype, filters, pluck="name")
    if names:
        frappe.db.delete(doctype, {"name": ("in", names)})
