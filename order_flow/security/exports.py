"""The framework's exports of lists, reports and data, with every text kept a text.

What a customer typed stands in the office's spreadsheets; a cell that begins like a formula would run there.
The framework's own functions make the table, under its own rights; here only the finished file is changed.
"""

# Without postponed annotations: the framework checks the arguments of a request by the real types.

from enum import StrEnum
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.data_export import exporter
from frappe.core.doctype.data_import import data_import
from frappe.desk import query_report, reportview
from frappe.desk.utils import pop_csv_params
from frappe.email.doctype.auto_email_report.auto_email_report import AutoEmailReport

from order_flow.api.endpoint import Verb, endpoint
from order_flow.domain.access.harmless_tables import harmless_csv, harmless_workbook
from order_flow.flow.records.choices import choice
from order_flow.flow.refusals import ArgumentsRefused


def _harmless_response(csv_params: dict[str, Any]) -> None:
    """Change the file that the framework has put into the answer."""
    response = frappe.local.response
    if response.get("type") == "csv" and response.get("result"):
        response["result"] = harmless_csv(str(response["result"]))
    elif response.get("type") == "binary" and response.get("filecontent"):
        name, content = str(response.get("filename")), response["filecontent"]
        if name.endswith(".xlsx"):
            response["filecontent"] = harmless_workbook(content)
        elif name.endswith(".csv"):
            text = content.decode() if isinstance(content, bytes) else str(content)
            response["filecontent"] = harmless_csv(text, **csv_params).encode()


class TableFormat(StrEnum):
    """Files that the framework makes of a list or a report."""

    CSV = "CSV"
    EXCEL = "Excel"


def _exported(export: Any) -> None:
    csv_params = pop_csv_params(frappe._dict(frappe.local.form_dict))
    try:
        frappe.call(export, **frappe.local.form_dict)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # The framework rests on what its own dialog sends, and hands on also what it does not know.
        frappe.throw(
            _("The export cannot use what was sent: {0}. Leave it out or correct it.").format(error),
            ArgumentsRefused,
        )
    _harmless_response(csv_params)


@endpoint(Verb.GET, Verb.POST)
def export_report(report_name: str, file_format_type: str, **_framework: Any) -> None:
    """Export a report; the other arguments and the rights are the framework's."""
    choice(TableFormat, file_format_type, _("File Type"))
    _exported(query_report.export_query)


@endpoint(Verb.GET, Verb.POST)
def export_list(doctype: str, file_format_type: str, **_framework: Any) -> None:
    """Export a list; the other arguments and the rights are the framework's."""
    choice(TableFormat, file_format_type, _("File Type"))
    _exported(reportview.export_query)


@endpoint(Verb.GET, Verb.POST)
def export_data(doctype: str, **_framework: Any) -> None:
    """Export documents with their tables; the other arguments and the rights are the framework's."""
    _exported(exporter.export_data)


@endpoint(Verb.GET, Verb.POST)
def download_template(doctype: str, export_fields: Any, **_framework: Any) -> None:
    """Export documents as a template of an import; the other arguments and the rights are the framework's."""
    _exported(data_import.download_template)


class TextsOnlyReport(AutoEmailReport):
    """A report by mail whose attached table runs nothing."""

    def get_report_content(self) -> Any:
        """The framework's content; a table without formulas."""
        content = super().get_report_content()
        if content and self.format == "XLSX":
            return harmless_workbook(content)
        if content and self.format == "CSV":
            return harmless_csv(content.decode() if isinstance(content, bytes) else content)
        return content
