"""Columns of a report as a chart, with the report's own headings (R-357, R-365)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.desk.query_report import run

from order_flow.api.endpoint import Verb, endpoint


@endpoint(Verb.GET, Verb.POST, of="Order")
def get(
    chart_name: str, filters: str | dict[str, Any] | None = None, **_framework: str | int | None
) -> dict[str, Any] | None:
    """The chart's labels and values.

    The framework's own Report chart names its columns by their fields, in English, and draws a zero where a
    row has no figure; this one leaves such a row out.

    Args:
        chart_name: A Dashboard Chart whose source is this, with a report, an X field and Y fields.
        filters: Filters of the report; its own where there are none.

    Returns:
        Labels, and one dataset a Y field; nothing where no row has a figure.

    Raises:
        frappe.PermissionError: The reader may not read the chart or the report.
    """
    chart = frappe.get_doc("Dashboard Chart", chart_name)
    chart.check_permission("read")
    report = run(chart.report_name, frappe.parse_json(filters) or {}, ignore_prepared_report=True)
    headings = {column["fieldname"]: column["label"] for column in report["columns"]}
    fields = [axis.y_field for axis in chart.y_axis]
    rows = [row for row in report["result"] if any(row.get(field) is not None for field in fields)]
    if not rows:
        return None
    return {
        "labels": [row[chart.x_field] for row in rows],
        "datasets": [
            {"name": headings[field], "values": [float(row.get(field) or 0) for row in rows]}
            for field in fields
        ],
    }
