"""Counts by a field, as the framework's Group By chart, with the groups in the reader's language."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.dashboard_chart.dashboard_chart import get_group_by_chart_config

from order_flow.api.endpoint import Verb, endpoint
from order_flow.flow.refusals import StepRefused


@endpoint(Verb.GET, Verb.POST, of="Order")
def get(
    chart_name: str, filters: str | list[Any] | None = None, **_period: str | int | None
) -> dict[str, Any] | None:
    """The chart's labels and values.

    The framework's own Group By chart shows codes as they are stored, and keeps one answer for all people;
    this one counts what the reader may see.

    Args:
        chart_name: A Dashboard Chart whose source is this.
        filters: The filters the reader set; the chart's own where there are none.

    Returns:
        Labels and one dataset, or nothing where there is nothing to count.

    Raises:
        frappe.PermissionError: The reader may not read the chart or what it counts.
        StepRefused: The chart counts no groups.
    """
    chart = frappe.get_doc("Dashboard Chart", chart_name)
    chart.check_permission("read")
    if not chart.group_by_based_on:
        frappe.throw(_("{0} counts no groups. Name a chart that does.").format(_(chart.name)), StepRefused)
    wanted = frappe.parse_json(filters) or frappe.parse_json(chart.filters_json)
    counted: dict[str, Any] | None = get_group_by_chart_config(chart, wanted)
    if counted:
        counted["labels"] = [_(label) for label in counted["labels"]]
    return counted
