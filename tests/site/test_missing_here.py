"""WDT or U8 has documents under our numbers that are not here, as after a restore from backup (R-034)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import frappe
import pytest

from order_flow.domain.orders.numbering import running_number, technical_order_name
from order_flow.domain.tasks.reasons import TaskReason
from order_flow.flow.tasks.giving import reason_of
from order_flow.outbox.accounts import discrepancies
from order_flow.outbox.registry import AccountType
from order_flow.outbox.states import DiscrepancyKind
from order_flow.sync import missing_here
from order_flow.sync.compare import runs as reconcile_runs
from tests.contract.wdt.wdt_fixtures import order as raw_order
from tests.site.support.builders import U8_ACCOUNT, WDT_ACCOUNT, new_order
from tests.site.support.committed_orders import remove_orders
from tests.site.support.sync_lab import Lab


@pytest.fixture(autouse=True)
def no_questions(lab: Lab) -> Iterator[None]:
    yield
    frappe.db.rollback()
    frappe.db.delete("Sync Discrepancy", {"kind": DiscrepancyKind.MISSING_ON_SITE.value})
    frappe.db.delete("ToDo", {"reference_type": "Sync Discrepancy"})
    frappe.db.commit()


def questions(account: str = WDT_ACCOUNT) -> list[Any]:
    frappe.db.rollback()
    about = {"kind": DiscrepancyKind.MISSING_ON_SITE.value, "account": account, "state": "Open"}
    return frappe.get_all("Sync Discrepancy", about, ["name", "summary", "payload"])


def numbers(account: str = WDT_ACCOUNT) -> list[str]:
    return [number for row in questions(account) for number in json.loads(row.payload)]


def tasks() -> list[str]:
    ours = frappe.get_all("Sync Discrepancy", {"kind": DiscrepancyKind.MISSING_ON_SITE.value}, pluck="name")
    named = ("in", [str(name) for name in ours])
    about = {"reference_type": "Sync Discrepancy", "reference_name": named, "status": "Open"}
    return [reason_of(name) for name in frappe.get_all("ToDo", about, pluck="name")]


def lost_orders(lab: Lab, count: int = 2) -> list[str]:
    """Orders that WDT was told of before the site went back to an older backup."""
    names = sorted(lab.order().name for _number in range(count))
    lab.tell_wdt()
    lab.wdt.settle()
    remove_orders(names)
    return names


def test_orders_that_only_wdt_has_are_one_question_with_a_task(lab: Lab) -> None:
    kept = lab.order().name
    lost = lost_orders(lab)
    lab.read_wdt()
    assert numbers() == lost
    assert kept not in questions()[0].summary and lost[0] in questions()[0].summary
    assert tasks() == [TaskReason.DISCREPANCY]
    lab.read_wdt()
    assert numbers() == lost, "seen again, asked once"


def test_another_one_joins_the_question(lab: Lab) -> None:
    first = lost_orders(lab, 1)
    lab.read_wdt()
    second = lost_orders(lab, 1)
    lab.read_wdt()
    assert numbers() == [*first, *second]


def test_orders_of_others_are_not_ours_to_miss(lab: Lab) -> None:
    """Another shop's numbers, also one that only looks a little like ours."""
    lab.wdt.submitted(raw_order("W20251130-1"), raw_order("SO12"), raw_order("XSO00000001"))
    lab.read_wdt()
    assert questions() == []


def test_who_says_that_they_are_of_another_site_is_not_asked_again(lab: Lab) -> None:
    lost_orders(lab)
    lab.read_wdt()
    discrepancies.dismiss(questions()[0].name, "orders of the test site, which shares this account")
    frappe.db.commit()
    assert tasks() == []
    lab.read_wdt()
    assert questions() == []


def test_orders_that_are_here_again_close_the_question(lab: Lab) -> None:
    (lost,) = lost_orders(lab, 1)
    lab.read_wdt()
    back = new_order()
    frappe.rename_doc("Order", back.name, lost, force=True, show_alert=False)
    lab.orders.append(lost)
    frappe.db.commit()
    reconcile_runs.run(AccountType.WDT, WDT_ACCOUNT)
    frappe.set_user("Administrator")
    assert (questions(), tasks()) == ([], [])


def test_new_numbers_begin_behind_those_that_are_missing(lab: Lab) -> None:
    _doctype, last = running_number(new_order().name) or ("", 0)
    frappe.db.rollback()
    missing_here.note_missing(AccountType.WDT, WDT_ACCOUNT, [technical_order_name(last + 500)])
    done = discrepancies.repair(questions()[0].name, "keep_numbers_free")
    assert done
    assert (running_number(new_order().name) or ("", 0))[1] == last + 501
    discrepancies.repair(questions()[0].name, "keep_numbers_free")
    assert (running_number(new_order().name) or ("", 0))[1] > last + 501, "never back"
    frappe.db.rollback()


def test_what_only_the_ledger_has(lab: Lab) -> None:
    """Of the ledger's documents those with keys of ours count; a receipt is named by its payment."""
    missing_here.note_missing(AccountType.U8, U8_ACCOUNT, ["PAY99999999", "", "2025-001"])
    assert numbers(U8_ACCOUNT) == ["PAY99999999"]
