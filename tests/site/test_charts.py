"""Charts that count by a field: in the reader's language, and only what the reader may see (R-357)."""

from __future__ import annotations

import frappe
import pytest

from order_flow.domain.states import Role
from order_flow.order_flow.dashboard_chart_source.translated_groups.translated_groups import get
from tests.site.builders import acting_as, new_order, user_of

CHART = "Open Orders by Station"


@pytest.mark.usefixtures("site")
def test_stations_are_in_the_readers_language() -> None:
    new_order()
    before = frappe.local.lang
    frappe.local.lang = "zh"
    try:
        shown = get(CHART)
    finally:
        frappe.local.lang = before
    assert shown is not None
    assert "未确认" in shown["labels"]
    assert "Unconfirmed" not in shown["labels"]


@pytest.mark.usefixtures("site")
def test_a_field_rep_counts_only_his_orders() -> None:
    new_order()
    with acting_as(user_of(Role.FIELD_REP)):
        counted = get(CHART)
    assert counted is None or sum(counted["datasets"][0]["values"]) == 0


@pytest.mark.usefixtures("site")
def test_who_may_not_read_orders_gets_no_chart() -> None:
    with acting_as("Guest"), pytest.raises(frappe.PermissionError):
        get(CHART)
