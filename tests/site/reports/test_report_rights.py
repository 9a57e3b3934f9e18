"""Every report opens for its roles: the framework asks for the right to each linked document."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.desk.reportview import build_match_conditions

from order_flow.domain.states import Role
from tests.site.support.builders import acting_as, user_of

FILTERS = frappe._dict(from_date="2026-11-01", to_date="2026-11-30", month="2026-11-01")
OWN = {role.value: role for role in Role}


def reports() -> list[str]:
    return list(frappe.get_all("Report", {"module": "Order Flow"}, pluck="name", order_by="name"))


def linked_doctypes(report: str) -> list[str]:
    """What the columns link to, whether there are rows today or not."""
    columns = frappe.get_doc("Report", report).execute_script_report(FILTERS)[0]
    return [column["options"] for column in columns if column["fieldtype"] == "Link"]


def test_there_are_reports(site: Any) -> None:
    assert len(reports()) >= 9


def test_whoever_may_open_a_report_may_read_what_it_links_to(site: Any) -> None:
    """R-388: otherwise the framework refuses the whole report once it has rows."""
    refused = []
    for report in reports():
        doctypes = linked_doctypes(report)
        named = {row.role for row in frappe.get_doc("Report", report).roles} & set(OWN)
        assert named, report
        for role in sorted(named):
            with acting_as(user_of(OWN[role])):
                for doctype in doctypes:
                    try:
                        build_match_conditions(doctype, as_condition=False)
                    except frappe.PermissionError:
                        refused.append(f"{report}: {role} may not read {doctype}")
    assert refused == []
