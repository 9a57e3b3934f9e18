"""What jobs store for people is in the site's language, with our own words inside it (C6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import frappe

from order_flow.domain.message import Message
from order_flow.outbox.accounts.care import state_of
from order_flow.outbox.accounts.discrepancies import Finding, close_resolved, raise_discrepancy
from order_flow.outbox.reading.places import Stream
from order_flow.outbox.reading.positions import note_failure, set_aside
from order_flow.outbox.reading.readers import note_stop
from order_flow.outbox.registry import AccountType
from order_flow.sync.compare.reconcile import summary_of
from order_flow.sync.compare.wdt import compare_with_wdt
from order_flow.sync.comparison import Comparison
from order_flow.sync.wdt.stock import STOCK_STREAM
from tests.site.support.builders import WDT_ACCOUNT
from tests.unit.sync.comparison_samples import in_wdt, on_site, paid_order

STREAM = Stream(AccountType.WDT, WDT_ACCOUNT, STOCK_STREAM)


def stored_failure() -> str:
    key = {"account": WDT_ACCOUNT, "stream": STOCK_STREAM}
    return str(frappe.db.get_value("Sync Position", key, "last_error"))


def test_a_difference_and_its_end(chinese: None) -> None:
    site_order = on_site(paid_order())
    (difference,) = compare_with_wdt(site_order, in_wdt())
    found = Finding(
        kind=difference.kind,
        account_type=AccountType.WDT,
        account=WDT_ACCOUNT,
        document_type="Order",
        document="SO-WORDS",
        aspect=difference.aspect,
        summary=difference.summary,
    )
    name = raise_discrepancy(found)
    summary = frappe.db.get_value("Sync Discrepancy", name, "summary")
    assert "旺店通没有订单" in summary and "已支付" in summary
    close_resolved(found.kind, AccountType.WDT, WDT_ACCOUNT, "Order", "SO-WORDS", found.aspect)
    assert frappe.db.get_value("Sync Discrepancy", name, "resolution") == "各方已重新一致。"


def test_whoever_compares_reads_it_in_his_own_language(site: Any) -> None:
    differences = compare_with_wdt(on_site(paid_order()), in_wdt())
    frappe.local.lang = "zh-TW"
    (shown,) = summary_of(Comparison("SO-1", differences))["differences"]
    assert "旺店通沒有訂單" in shown["summary"]


def test_a_stream_that_stopped_and_a_record_that_was_set_aside(chinese: None) -> None:
    note_failure(STREAM, Message("The order changed here while it was compared."))
    assert stored_failure() == "对账期间订单在本系统有变动。"
    note_stop(STREAM, KeyError("spec_no"))
    assert stored_failure().startswith("本应用出错(KeyError)")
    reason = Message("Field {0} should be {1}, not {2}.", "num", Message("a number"), "'x'")
    name = set_aside(STREAM, "1", {}, reason)
    summary = frappe.db.get_value("Sync Discrepancy", name, "summary")
    assert "库存" in summary and "字段 num 应为数字" in summary


def test_why_an_account_is_not_called(chinese: None) -> None:
    state = replace(state_of(AccountType.WDT, WDT_ACCOUNT), enabled=False)
    hindrance = state.obstacle(datetime.now(UTC))
    assert hindrance is not None
    assert "账户已停用" in hindrance.in_words(lambda text: str(frappe._(text, lang="zh")))
