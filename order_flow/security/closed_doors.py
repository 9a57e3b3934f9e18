"""Methods and pages of the framework that answer without asking for rights, asked for them (R-388).

Each function stands in for one of the framework's with the same arguments (``override_whitelisted_methods``);
newer versions of the framework have closed most of these themselves, and asking twice does no harm there.
"""

from __future__ import annotations

from collections.abc import Callable
from shutil import which
from typing import Any, TypeVar
from urllib.parse import unquote

import frappe
import frappe.client
from frappe import _
from frappe.contacts.doctype.address import address as addresses
from frappe.contacts.doctype.contact import contact as contacts
from frappe.core.doctype.data_import import data_import as imports
from frappe.desk import query_report
from frappe.desk import search as desk_search
from frappe.desk.doctype.dashboard_chart import dashboard_chart
from frappe.desk.form import document_follow, linked_with, load
from frappe.utils import cint, global_search
from frappe.website.page_renderers.not_found_page import NotFoundPage
from frappe.website.page_renderers.template_page import TemplatePage
from frappe.www import list as website_list

from order_flow.domain.access.row_rules import RULES
from order_flow.flow.access.sight import sees_money
from order_flow.flow.refusals import StepRefused
from order_flow.frappe_versions import count_rows
from order_flow.security import query_guard

_CHANGES = ("POST",)
"""Verbs of what changes something. Older versions take any there, and a link could start it."""
Method = TypeVar("Method", bound=Callable[..., Any])
_NAMES_A_DOCTYPE = ("doctype", "dt", "reference_doctype", "ref_doctype", "document_type", "parent")
_PDF_MAKER = "wkhtmltopdf"
"""The framework's maker of PDF files; without it its methods fail."""
_MAKE_PDF = frozenset(
    f"frappe.utils.print_format.{name}" for name in ("download_pdf", "download_multi_pdf", "report_to_pdf")
)
_OURS = frozenset(doctype.lower() for doctype in RULES)
"""The database takes names of DocTypes in any case."""


def at_every_request() -> None:
    """Before anything of a request is looked up; the caller is known by now."""
    query_guard.install()
    # Documents come with whatever the client wrote into them, but through the app's own methods.
    frappe.flags.saved_by_client = not _called_method().startswith("order_flow.")
    frappe.flags.saved_by_form = _called_method() == "frappe.desk.form.save.savedocs"
    _refuse_entries_of_others()
    _refuse_other_names()
    if frappe.session.user == "Guest":
        _refuse_guest()
    elif _called_method() in _MAKE_PDF and which(_PDF_MAKER) is None:
        frappe.throw(
            _(
                "This server makes no PDF, because {0} is not installed. Print from the browser and save as "
                "PDF there, or ask a System Manager to install it."
            ).format(_PDF_MAKER),
            StepRefused,
        )


def _refuse_entries_of_others() -> None:
    """A phone's kept entries go in under the name of who made them, or wait."""
    author = frappe.get_request_header("X-Entries-Of")
    if author and unquote(author) != frappe.session.user:
        frappe.throw(
            _("These entries belong to {0}. Log in as that person to send them.").format(unquote(author)),
            frappe.AuthenticationError,
        )


def _refuse_other_names() -> None:
    """Refuse a stood-in method under the name of another module that imports it."""
    called = _called_method()
    if not called or called in _stood_in():
        return
    try:
        method = frappe.get_attr(called)
    except Exception:
        return  # the framework answers for a method that does not exist
    if f"{getattr(method, '__module__', '')}.{getattr(method, '__qualname__', '')}" in _stood_in():
        raise frappe.PermissionError


def _stood_in() -> Any:
    return frappe.get_hooks("override_whitelisted_methods", {})


def _called_method() -> str:
    parts = frappe.request.path.strip("/").split("/")
    if "method" in parts[:3] and parts[0] == "api":
        return unquote(parts[-1])
    return str(frappe.form_dict.get("cmd") or "")


def _refuse_guest() -> None:
    """Whoever has not logged in learns nothing of the app's documents, not even which exist."""
    parts = [unquote(part) for part in frappe.request.path.strip("/").split("/")]
    named = [frappe.form_dict.get(name) for name in _NAMES_A_DOCTYPE]
    if parts[0] == "api":
        named += parts[2:4]
    if any(isinstance(name, str) and name.lower() in _OURS for name in named):
        frappe.throw(_("Log in to see this."), frappe.PermissionError)


def _in_place_of(original: Any) -> Callable[[Method], Method]:
    """Open a function to the verbs and callers of the one it stands in for, whatever this version takes.

    Those that only read are sent by POST too: the desk's own calls know no other verb.
    """
    verbs = frappe.allowed_http_methods_for_whitelisted_func.get(original)
    opened: Callable[[Method], Method] = frappe.whitelist(
        methods=verbs, allow_guest=original in frappe.guest_methods
    )
    return opened


def _asked(doctype: str, name: str | None = None, right: str = "read") -> None:
    if not frappe.has_permission(doctype, right, name or None):
        raise frappe.PermissionError


@_in_place_of(frappe.client.get_count)
def get_count(doctype: str, filters: Any = None, debug: Any = False, cache: Any = False) -> int:
    """Count what the caller may read."""
    wanted = frappe.utils.get_safe_filters(filters)
    if isinstance(wanted, str):
        wanted = {"name": wanted}
    return count_rows(doctype, wanted)


@_in_place_of(desk_search.get_link_title)
def get_link_title(doctype: str, docname: str) -> Any:
    """Give the title of a document that the caller may read; of any other its name."""
    if not docname or not frappe.has_permission(doctype, "read", docname):
        return docname
    return desk_search.get_link_title(doctype, docname)


@_in_place_of(linked_with.get)
def linked_documents(doctype: str, docname: str) -> dict[str, Any]:
    """List the documents linked to one, of those that the caller may read."""
    _asked(doctype, docname)
    return _readable(linked_with.get(doctype, docname))


@_in_place_of(linked_with.get)
def get_linked_docs(doctype: str, name: str, linkinfo: Any = None) -> dict[str, Any]:
    """The same with links that the caller chose; the framework's own are taken instead."""
    return linked_documents(doctype, name)


def _readable(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Rows with their name alone: the framework's hold fields of any level."""
    rows: dict[str, list[Any]] = {}
    for doctype, linked in found.items():
        names = [row["name"] for row in linked]
        if not names or frappe.is_table(doctype) or not frappe.has_permission(doctype):
            continue
        fields = ["name", "modified", "docstatus"]
        if seen := frappe.get_list(doctype, filters={"name": ("in", names)}, fields=fields, limit=0):
            rows[doctype] = seen
    return rows


@_in_place_of(linked_with.get_submitted_linked_docs)
def get_submitted_linked_docs(doctype: str, name: str, *args: Any, **options: Any) -> dict[str, Any]:
    """List the submitted documents that hang on one which the caller may read."""
    _asked(doctype, name)
    found = linked_with.get_submitted_linked_docs(doctype, name, *args, **options)
    docs = [row for row in found["docs"] if frappe.has_permission(row["doctype"], "read", row["name"])]
    return {**found, "docs": docs, "count": len(docs)}


@_in_place_of(query_report.get_data_for_custom_field)
def get_data_for_custom_field(doctype: str, field: str, names: Any = None) -> Any:
    """Give a field's value for every document that the caller may read."""
    _asked(doctype)
    filters = {"name": ("in", frappe.parse_json(names))} if names else None
    rows = frappe.get_list(doctype, filters=filters, fields=["name", field], limit=0)
    return {row.name: row.get(field) for row in rows}


@_in_place_of(global_search.search)
def search(text: str, start: Any = 0, limit: Any = 20, doctype: str = "") -> list[Any]:
    """Search everywhere, in what the caller may read."""
    found = global_search.search(text, start, limit, doctype)
    return [
        row
        for row in found
        if frappe.has_permission(row.doctype) and frappe.has_permission(row.doctype, "read", row.name)
    ]


@_in_place_of(contacts.get_contact_details)
def get_contact_details(contact: str) -> Any:
    """Give the numbers of a contact that the caller may read."""
    _asked("Contact", contact)
    return contacts.get_contact_details(contact)


@_in_place_of(addresses.get_address_display)
def get_address_display(address_dict: Any) -> Any:
    """Write an address that the caller may read."""
    if address_dict and not isinstance(address_dict, dict):
        _asked("Address", str(address_dict))
    return addresses.get_address_display(address_dict)


@_in_place_of(addresses.get_default_address)
def get_default_address(doctype: str, name: str, sort_key: str = "is_primary_address") -> Any:
    """Name the main address of a document that the caller may read."""
    _asked(doctype, name)
    return addresses.get_default_address(doctype, name, sort_key)


@frappe.whitelist(methods=_CHANGES)
def relink(name: str, reference_doctype: str | None = None, reference_name: str | None = None) -> Any:
    """Hang a mail that the caller may change on a document that the caller may change."""
    from frappe import email

    _asked("Communication", name, "write")
    if reference_doctype:
        _asked(reference_doctype, reference_name, "write")
    return email.relink(name, reference_doctype, reference_name)


@_in_place_of(imports.get_preview_from_template)
def get_preview_from_template(
    data_import: str, import_file: str | None = None, google_sheets_url: str | None = None
) -> Any:
    """Show the rows of an import that the caller may read; a file of the caller's."""
    _asked("Data Import", data_import)
    if import_file:
        names = frappe.get_all("File", {"file_url": import_file}, pluck="name")
        if not any(frappe.get_doc("File", name).has_permission("read") for name in names):
            raise frappe.PermissionError
    return imports.get_preview_from_template(data_import, import_file, google_sheets_url)


@frappe.whitelist(methods=_CHANGES)
def form_start_import(data_import: str) -> Any:
    """Start an import that the caller may change."""
    _asked("Data Import", data_import, "write")
    return imports.form_start_import(data_import)


@_in_place_of(imports.download_errored_template)
def download_errored_template(data_import_name: str) -> Any:
    """Give out the failed rows of an import that the caller may read."""
    _asked("Data Import", data_import_name)
    return imports.download_errored_template(data_import_name)


@_in_place_of(imports.download_import_log)
def download_import_log(data_import_name: str) -> Any:
    """Give out the log of an import that the caller may read."""
    _asked("Data Import", data_import_name)
    return imports.download_import_log(data_import_name)


@_in_place_of(dashboard_chart.get)
def chart(chart_name: str | None = None, chart: Any = None, **options: Any) -> Any:
    """Draw a chart from what the caller may read, not from what the one before was allowed to."""
    if chart_name:
        _asked("Dashboard Chart", chart_name)
    kind = frappe.db.get_value("Dashboard Chart", chart_name, "chart_type") if chart_name else None
    if kind in _DRAWN_ELSEWHERE:
        frappe.throw(
            _("Chart {0} is drawn by its own source, not by this method. Open it on its dashboard.").format(
                chart_name
            )
        )
    known = {name: value for name, value in options.items() if name in _CHART_OPTIONS}
    return dashboard_chart.get(chart_name=chart_name, chart=chart, **known, refresh=1)


_DRAWN_ELSEWHERE = frozenset({"Custom", "Report"})
"""Kinds of charts for which the desk asks another method; the framework's would fail on them."""
_CHART_OPTIONS = (
    "no_cache",
    "filters",
    "from_date",
    "to_date",
    "timespan",
    "time_interval",
    "heatmap_year",
)


@frappe.whitelist(methods=_CHANGES)
def follow_document(doctype: str, doc_name: str, user: str, *args: Any, **options: Any) -> Any:
    """Let somebody follow a document that he reads; the mails about it hold fields of every level."""
    _refuse_following(doctype, doc_name)
    return document_follow.follow_document(doctype, doc_name, frappe.session.user)


def follow_saved(doc: Any, event: str | None = None) -> None:
    """The same for a row that somebody writes by hand."""
    _refuse_following(doc.ref_doctype, doc.ref_docname)


def _refuse_following(doctype: str, name: str) -> None:
    _asked(doctype, name)
    if doctype in RULES and not sees_money():
        frappe.throw(
            _("Mails about changes of {0} hold prices, which your roles do not see.").format(_(doctype)),
            frappe.PermissionError,
        )


@_in_place_of(load.get_communications)
def get_communications(doctype: str, name: str, start: Any = 0, limit: Any = 20) -> Any:
    """List the mails of a document, for readers of prices."""
    if doctype in RULES and not sees_money():
        _asked(doctype, name)
        return []
    return load.get_communications(doctype, name, cint(start), cint(limit))


def _refuse_list(doctype: Any, web_form: Any = None) -> None:
    """The website's lists show columns of the desk without asking for their levels."""
    if web_form and frappe.db.get_value("Web Form", web_form, "doc_type") == doctype:
        return
    if not isinstance(doctype, str) or not frappe.db.exists("DocType", doctype):
        raise frappe.DoesNotExistError
    meta = frappe.get_meta(doctype)
    if not (meta.has_web_view or meta.allow_guest_to_view):
        raise frappe.PermissionError


@_in_place_of(website_list.get)
def website_rows(doctype: str, *args: Any, web_form_name: str | None = None, **options: Any) -> Any:
    """Draw a list of the website, of what is made for it."""
    _refuse_list(doctype, web_form_name)
    named = {"web_form_name": web_form_name} if web_form_name else {}
    return website_list.get(doctype, *args, **named, **options)


@_in_place_of(website_list.get_list_data)
def website_data(doctype: str, *args: Any, web_form_name: str | None = None, **options: Any) -> Any:
    """The same without the drawing."""
    _refuse_list(doctype, web_form_name)
    return website_list.get_list_data(doctype, *args, web_form_name=web_form_name, **options)


class _NotThere(NotFoundPage):
    """A page of the framework that answers like any wrong address."""

    def __init__(self, path: str, http_status_code: int | None = None) -> None:
        self.asked = path.removesuffix(".html")
        super().__init__(path, 404)

    def can_cache_404(self) -> bool:
        """Another reader may see more at the same address."""
        return False


class ClosedList(_NotThere):
    """Stands before the framework's page that lists any DocType: ``/list`` and ``/<DocType>``."""

    def can_render(self) -> bool:
        """Tell whether the address would list a DocType that is not made for the website."""
        doctype = frappe.form_dict.get("doctype") if self.asked == "list" else self.asked
        if self.asked != "list" and (
            self.asked.lower() not in _OURS or TemplatePage(self.asked).can_render()
        ):
            return False
        try:
            _refuse_list(doctype)
        except (frappe.PermissionError, frappe.DoesNotExistError):
            return True
        return False


class ClosedPrint(_NotThere):
    """Stands before ``/<DocType>/<name>``, which tells a guest whether there is such a document."""

    def can_render(self) -> bool:
        """Tell whether a guest asks for a document of the app."""
        doctype, slash, _name = self.asked.partition("/")
        return bool(slash) and frappe.session.user == "Guest" and doctype.lower() in _OURS
