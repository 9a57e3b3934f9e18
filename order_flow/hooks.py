"""Wiring only: where the framework meets the app."""

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

permission_query_conditions = {
    "Order": "order_flow.permissions.order_query",
    "Order Payment": "order_flow.permissions.payment_query",
    "Credit Note": "order_flow.permissions.credit_note_query",
    "Order Event": "order_flow.permissions.event_query",
    "Order Clock": "order_flow.permissions.clock_query",
    "Shipment": "order_flow.permissions.shipment_query",
    "Change Notice": "order_flow.permissions.change_notice_query",
    "Customer Link": "order_flow.permissions.customer_link_query",
    "Stock Reservation": "order_flow.permissions.stock_reservation_query",
    "Shortage": "order_flow.permissions.shortage_query",
    "Delivery Case": "order_flow.permissions.delivery_case_query",
    "Order Version": "order_flow.permissions.order_version_query",
    "Form Issue": "order_flow.permissions.form_issue_query",
    "Review Checklist": "order_flow.permissions.checklist_query",
    "Open Point": "order_flow.permissions.point_query",
    "Customer": "order_flow.permissions.customer_query",
    # Rows of tables are offered as lists of their own, where the parent's condition does not hold.
    "Order Item": "order_flow.permissions.order_item_query",
    "Shipment Item": "order_flow.permissions.shipment_item_query",
    "Shipment Event": "order_flow.permissions.shipment_event_query",
    "Address": "order_flow.permissions.address_query",
    "Contact": "order_flow.permissions.contact_query",
    "Contact Phone": "order_flow.permissions.contact_phone_query",
    "Contact Email": "order_flow.permissions.contact_email_query",
    "ToDo": "order_flow.task_permissions.task_query",
}

has_permission = {
    "Order": "order_flow.permissions.order_permission",
    "Order Payment": "order_flow.permissions.of_order_permission",
    "Credit Note": "order_flow.permissions.of_order_permission",
    "Order Event": "order_flow.permissions.of_order_permission",
    "Order Clock": "order_flow.permissions.of_order_permission",
    "Shipment": "order_flow.permissions.of_order_permission",
    "Change Notice": "order_flow.permissions.of_order_permission",
    "Customer Link": "order_flow.permissions.of_order_permission",
    "Stock Reservation": "order_flow.permissions.of_order_permission",
    "Shortage": "order_flow.permissions.of_order_permission",
    "Delivery Case": "order_flow.permissions.of_order_permission",
    "Order Version": "order_flow.permissions.of_order_permission",
    "Form Issue": "order_flow.permissions.of_order_permission",
    "Review Checklist": "order_flow.permissions.of_order_permission",
    "Open Point": "order_flow.permissions.of_order_permission",
    "Customer": "order_flow.permissions.customer_permission",
    "Address": "order_flow.permissions.of_customer_permission",
    "Contact": "order_flow.permissions.of_customer_permission",
    "ToDo": "order_flow.task_permissions.task_permission",
}

override_whitelisted_methods = {
    "frappe.desk.query_report.export_query": "order_flow.exports.export_report",
    "frappe.desk.reportview.export_query": "order_flow.exports.export_list",
    "frappe.core.doctype.data_export.exporter.export_data": "order_flow.exports.export_data",
    "frappe.core.doctype.data_import.data_import.download_template": "order_flow.exports.download_template",
}

override_doctype_class = {"Auto Email Report": "order_flow.exports.TextsOnlyReport"}

jinja = {
    "methods": [
        "order_flow.flow.forms.form_code",
        "order_flow.papers.order_version",
        "order_flow.papers.plain_quantity",
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

after_request = ["order_flow.web.keep_private", "order_flow.field_levels.keep_levels"]

doc_events = {
    "ToDo": {
        "validate": "order_flow.task_permissions.check_task",
        "on_update": "order_flow.flow.customer_notices.task_saved",
    },
    "User": {"on_update": "order_flow.task_permissions.user_saved"},
    "Data Import": {"on_update": "order_flow.imports.read_headings_anew"},
}

before_job = ["order_flow.flow.languages.job_begins"]

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

app_include_css = "/assets/order_flow/css/order_flow.css"

doctype_js = {
    "Order": [
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
