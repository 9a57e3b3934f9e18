"""What happens when the app comes to a site, is updated, and leaves it. All of it may run twice."""

from __future__ import annotations

import frappe
from frappe import _

from order_flow.defaults.flow_profiles import WEB_SHOP, ensure_flow_profiles
from order_flow.domain.states import Role
from order_flow.flow.change_kinds import install_change_kinds
from order_flow.workflow.installer import install_workflows, remove_workflows

MODULE = "Order Flow"
OWN_DOCTYPES = (
    "Order",
    "Order Item",
    "Order Payment",
    "Order Event",
    "Shipment",
    "Customer",
    "Product",
    "Sales Channel",
)
"""Names general enough that another app may own them, e.g. ERPNext's Shipment and Customer."""

SITE_CHANNEL = "Website"


class NameClash(frappe.ValidationError):
    """Another app owns a DocType of one of our names."""


def before_install() -> None:
    """Refuse a site on which another app owns one of our DocTypes (design 6).

    Raises:
        NameClash: naming the DocTypes and their owners; nothing was installed.
    """
    taken = frappe.get_all(
        "DocType",
        filters={"name": ("in", OWN_DOCTYPES), "module": ("!=", MODULE)},
        fields=["name", "module"],
    )
    if taken:
        owners = ", ".join(f"{row.name} ({row.module})" for row in taken)
        frappe.throw(
            _(
                "Order Flow cannot be installed here: these DocTypes belong to another "
                "app already: {0}. Install it on a site of its own, e.g. one without "
                "ERPNext. Nothing was changed."
            ).format(owners),
            NameClash,
        )


def after_install() -> None:
    """Roles, workflow and defaults."""
    after_migrate()
    _ensure_site_channel()


def after_migrate() -> None:
    """What every version needs; changes nothing where it is there already."""
    _ensure_roles()
    install_workflows()
    _fill_settings()
    ensure_flow_profiles()
    install_change_kinds()
    _give_channels_a_profile()


def before_uninstall() -> None:
    """Remove what the framework does not know to be ours."""
    remove_workflows()


def _ensure_roles() -> None:
    for role in Role:
        if not frappe.db.exists("Role", role.value):
            frappe.get_doc({"doctype": "Role", "role_name": role.value, "desk_access": 1}).insert(
                ignore_permissions=True  # runs on install and migrate only, never for a request
            )


def _fill_settings() -> None:
    settings = frappe.get_doc("Order Flow Settings")
    empty = [df for df in settings.meta.fields if df.default and settings.get(df.fieldname) in (None, "", 0)]
    if not frappe.db.exists("Singles", {"doctype": settings.doctype}) and empty:
        for df in empty:
            settings.set(df.fieldname, df.default)
        settings.save(ignore_permissions=True)  # runs on install and migrate only, never for a request


def _give_channels_a_profile() -> None:
    """Channels from before there were profiles go on as they did."""
    frappe.db.set_value(
        "Sales Channel", {"flow_profile": ("is", "not set")}, "flow_profile", WEB_SHOP, update_modified=False
    )


def _ensure_site_channel() -> None:
    if not frappe.db.exists("Sales Channel", SITE_CHANNEL):
        frappe.get_doc({"doctype": "Sales Channel", "channel_name": SITE_CHANNEL}).insert(
            ignore_permissions=True  # runs on install only, never for a request
        )
