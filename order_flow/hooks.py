"""Wiring only: where the framework meets the app."""

from order_flow.domain.access.row_rules import hook_name, ruled

app_name = "order_flow"
app_title = "Order Flow"
app_publisher = "order_flow contributors"
app_description = "Order flow for manufacturers, traders and online sellers, in step with WDT and U8"
app_email = "order-flow@example.com"
app_license = "MIT"
app_logo_url = "/assets/order_flow/images/order_flow.svg"

before_install = "order_flow.install.before_install"
after_install = "order_flow.install.after_install"
after_migrate = "order_flow.install.after_migrate"
before_uninstall = "order_flow.install.before_uninstall"

# One rule a DocType, tables of rows included: lists offer them beside their documents.
permission_query_conditions = {
    **{doctype: f"order_flow.security.permissions.rows_of_{hook_name(doctype)}" for doctype in ruled()},
    "File": "order_flow.security.private_files.file_rows",
    "ToDo": "order_flow.security.task_permissions.task_query",
}

has_permission = {
    **dict.fromkeys(ruled(), "order_flow.security.permissions.document_permission"),
    "File": "order_flow.security.private_files.file_permission",
    "ToDo": "order_flow.security.task_permissions.task_permission",
}

override_doctype_class = {
    "Auto Email Report": "order_flow.security.exports.TextsOnlyReport",
    "File": "order_flow.security.private_files.GuardedFile",
    "Contact Phone": "order_flow.flow.access.own_rows.ContactPhoneRow",
    "Contact Email": "order_flow.flow.access.own_rows.ContactEmailRow",
    "Dynamic Link": "order_flow.flow.access.own_rows.LinkRow",
}

jinja = {
    "methods": [
        "order_flow.flow.records.forms.form_code",
        "order_flow.flow.changes.versions.order_version",
        "order_flow.papers.plain_quantity",
        "order_flow.papers.seller",
        "order_flow.papers.amount_in_capitals",
        "order_flow.papers.tracking_of_order",
        "order_flow.papers.stages_of_order",
        "order_flow.papers.to_pick",
        "order_flow.papers.places_of_order",
        "order_flow.papers.order_of",
        "order_flow.papers.parcels_of_shipment",
        "order_flow.papers.details_of_lines",
        "order_flow.papers.shortages_of_order",
    ],
}

auth_hooks = ["order_flow.security.closed_doors.at_every_request"]
page_renderer = [
    "order_flow.security.closed_doors.ClosedList",
    "order_flow.security.closed_doors.ClosedPrint",
]

override_whitelisted_methods = {
    "frappe.core.doctype.data_export.exporter.export_data": "order_flow.security.exports.export_data",
    "frappe.core.doctype.data_import.data_import.download_template": (
        "order_flow.security.exports.download_template"
    ),
    "frappe.desk.query_report.export_query": "order_flow.security.exports.export_report",
    "frappe.desk.reportview.export_query": "order_flow.security.exports.export_list",
    "frappe.client.get_count": "order_flow.security.closed_doors.get_count",
    "frappe.contacts.doctype.address.address.get_address_display": (
        "order_flow.security.closed_doors.get_address_display"
    ),
    "frappe.contacts.doctype.address.address.get_default_address": (
        "order_flow.security.closed_doors.get_default_address"
    ),
    "frappe.contacts.doctype.contact.contact.get_contact_details": (
        "order_flow.security.closed_doors.get_contact_details"
    ),
    "frappe.core.doctype.data_import.data_import.download_errored_template": (
        "order_flow.security.closed_doors.download_errored_template"
    ),
    "frappe.core.doctype.data_import.data_import.download_import_log": (
        "order_flow.security.closed_doors.download_import_log"
    ),
    "frappe.core.doctype.data_import.data_import.form_start_import": (
        "order_flow.security.closed_doors.form_start_import"
    ),
    "frappe.core.doctype.data_import.data_import.get_preview_from_template": (
        "order_flow.security.closed_doors.get_preview_from_template"
    ),
    "frappe.desk.doctype.dashboard_chart.dashboard_chart.get": "order_flow.security.closed_doors.chart",
    "frappe.desk.form.document_follow.follow_document": "order_flow.security.closed_doors.follow_document",
    "frappe.desk.form.linked_with.get": "order_flow.security.closed_doors.linked_documents",
    "frappe.desk.form.linked_with.get_linked_docs": "order_flow.security.closed_doors.get_linked_docs",
    "frappe.desk.form.linked_with.get_submitted_linked_docs": (
        "order_flow.security.closed_doors.get_submitted_linked_docs"
    ),
    "frappe.desk.form.load.get_communications": "order_flow.security.closed_doors.get_communications",
    "frappe.desk.query_report.get_data_for_custom_field": (
        "order_flow.security.closed_doors.get_data_for_custom_field"
    ),
    "frappe.desk.search.get_link_title": "order_flow.security.closed_doors.get_link_title",
    "frappe.email.relink": "order_flow.security.closed_doors.relink",
    "frappe.model.workflow.bulk_workflow_approval": "order_flow.security.bulk_steps.bulk_workflow_approval",
    "frappe.utils.global_search.search": "order_flow.security.closed_doors.search",
    "frappe.www.list.get": "order_flow.security.closed_doors.website_rows",
    "frappe.www.list.get_list_data": "order_flow.security.closed_doors.website_data",
}

after_request = [
    "order_flow.security.answers.keep_private",
    "order_flow.security.answers.say_why",
    "order_flow.security.field_levels.keep_levels",
    "order_flow.api.unreadable_bodies.refuse_unreadable_body",
    "order_flow.api.errors.answers.name_error",
]

doc_events = {
    "*": {
        "before_insert": "order_flow.flow.records.guards.guard_read_only",
        "before_validate": "order_flow.flow.records.guards.guard_read_only",
        "validate": "order_flow.security.private_files.refuse_foreign_papers",
        "before_update_after_submit": "order_flow.security.private_files.refuse_foreign_papers",
    },
    "Document Follow": {"validate": "order_flow.security.closed_doors.follow_saved"},
    "ToDo": {
        "validate": "order_flow.security.task_permissions.check_task",
        "after_insert": "order_flow.flow.tasks.giving.refuse_second",
        "on_update": "order_flow.flow.notices.calls.task_saved",
    },
    "User": {"on_update": "order_flow.security.task_permissions.user_saved"},
    "Data Import": {"on_update": "order_flow.security.imports.read_headings_anew"},
}

extend_bootinfo = "order_flow.rehearsal.tell_desk"

before_request = "order_flow.rehearsal.keep_mail_in"

before_job = [
    "order_flow.rehearsal.keep_mail_in",
    "order_flow.security.query_guard.install_for_job",
    "order_flow.flow.tasks.languages.job_begins",
]

scheduler_events = {
    "cron": {
        "* * * * *": [
            "order_flow.tasks.sweep_outbox",
            "order_flow.tasks.read_warehouses",
            "order_flow.tasks.read_stock",
            "order_flow.tasks.read_goods",
            "order_flow.tasks.read_tracking",
            "order_flow.tasks.continue_reconciliations",
            "order_flow.tasks.sweep_clocks",
            "order_flow.tasks.watch_site",
        ],
    },
    "hourly": [
        "order_flow.tasks.open_delay_cases",
        "order_flow.tasks.reconcile_accounts",
        "order_flow.tasks.remind_departments",
        "order_flow.tasks.end_reservations",
        "order_flow.tasks.follow_late_facts",
        "order_flow.tasks.call_for_failed_mails",
    ],
    "daily": [
        "order_flow.tasks.clear_attempts",
        "order_flow.tasks.alert_open_points",
        "order_flow.tasks.remind_approvers",
        "order_flow.tasks.start_month_clocks",
        "order_flow.tasks.hold_unanswered_shortages",
        "order_flow.tasks.tell_sales_of_overdue",
    ],
}

# The framework writes the fields of a DocType into its class; dev/document_types.py does it without a site.
export_python_type_annotations = True

app_include_js = [
    "/assets/order_flow/js/form_words.js",
    "/assets/order_flow/js/list_views.js",
    "/assets/order_flow/js/plain_text.js",
    "/assets/order_flow/js/rehearsal.js",
    "/assets/order_flow/js/search_box.js",
    "/assets/order_flow/js/state_lists.js",
    "/assets/order_flow/js/step_dialog.js",
]
app_include_css = "/assets/order_flow/css/order_flow.css"

doctype_js = {
    "Order": [
        "public/js/order_entry.js",
        "public/js/order_paste.js",
        "public/js/order_receiver.js",
        "public/js/order_totals.js",
        "public/js/order_dialogs.js",
        "public/js/order_standing.js",
        "public/js/order_tour.js",
        "public/js/order_clocks.js",
        "public/js/order_gates.js",
        "public/js/order_money.js",
    ],
    "WDT Account": "public/js/outside_account.js",
    "U8 Account": "public/js/outside_account.js",
    "Tracking Account": "public/js/outside_account.js",
    "Messaging Account": "public/js/outside_account.js",
    "Sync Outbox": "public/js/outbox_words.js",
    "ToDo": "public/js/task.js",
}

doctype_list_js = {"Sync Outbox": "public/js/outbox_words.js", "ToDo": "public/js/task_list.js"}
